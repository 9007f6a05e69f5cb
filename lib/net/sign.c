/* SPDX-License-Identifier: MIT */
/* OpenSSL 3 behind our names. Only broken machines make its calls fail where we die. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include "net/sign.h"

static void must(bool good, const char *what)
{
	if (!good)
		die("openssl: %s", what);
}

static void take_half(EVP_PKEY *key, const char *name, unsigned char *out, size_t n)
{
	BIGNUM *v = NULL;
	must(EVP_PKEY_get_bn_param(key, name, &v) == 1, name);
	must(BN_bn2binpad(v, out, (int)n) == (int)n, name);
	BN_clear_free(v);
}

void p256_make(struct p256 *out)
{
	size_t n = 0;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	must(key != NULL, "no key can be made");
	must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, out->public,
					     sizeof out->public, &n) == 1 &&
		     n == P256_POINT,
	     "a public key");
	take_half(key, OSSL_PKEY_PARAM_PRIV_KEY, out->private, sizeof out->private);
	EVP_PKEY_free(key);
}

enum err p256_of(struct str private, struct p256 *out)
{
	if (private.len != P256_SCALAR)
		return ERR_INPUT;
	memcpy(out->private, private.at, P256_SCALAR);
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *d = BN_bin2bn(out->private, P256_SCALAR, NULL);
	must(group && point && d, "out of memory");
	bool good = !BN_is_zero(d) && BN_cmp(d, EC_GROUP_get0_order(group)) < 0 &&
		    EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1 &&
		    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out->public,
				       sizeof out->public, NULL) == P256_POINT;
	BN_clear_free(d);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return good ? OK : ERR_INPUT;
}

/* NULL when the point is none of the curve. private may be NULL. */
static EVP_PKEY *key_of(const unsigned char *public, const unsigned char *private)
{
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *d = private ? BN_bin2bn(private, P256_SCALAR, NULL) : NULL;
	must(c && b && (d || !private), "out of memory");
	must(OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
		     OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, public,
						      P256_POINT) == 1 &&
		     (!d || OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1),
	     "parameters");
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	must(params && EVP_PKEY_fromdata_init(c) == 1, "parameters");
	if (EVP_PKEY_fromdata(c, &key, d ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(c);
	BN_clear_free(d);
	return key;
}

enum err p256_shared(const struct p256 *own, struct str point, unsigned char out[P256_SCALAR])
{
	size_t n = P256_SCALAR;
	if (point.len != P256_POINT || point.at[0] != 4)
		return ERR_INPUT;
	EVP_PKEY *theirs = key_of((const unsigned char *)point.at, NULL);
	if (!theirs)
		return ERR_INPUT;
	EVP_PKEY *ours = key_of(own->public, own->private);
	EVP_PKEY_CTX *c = ours ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
	must(c != NULL, "our own key");
	bool good = EVP_PKEY_derive_init(c) == 1 && EVP_PKEY_derive_set_peer(c, theirs) == 1 &&
		    EVP_PKEY_derive(c, out, &n) == 1 && n == P256_SCALAR;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(theirs);
	return good ? OK : ERR_INPUT;
}

/* OpenSSL speaks DER, the web wants the two numbers side by side. */
static void raw_of_der(const unsigned char *der, size_t n, unsigned char out[P256_SIGNATURE])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	must(sig != NULL, "a signature");
	must(BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, P256_SCALAR) == P256_SCALAR &&
		     BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + P256_SCALAR, P256_SCALAR) ==
			     P256_SCALAR,
	     "a signature");
	ECDSA_SIG_free(sig);
}

void p256_sign(const struct p256 *own, struct str text, unsigned char out[P256_SIGNATURE])
{
	unsigned char der[128];
	size_t n = sizeof der;
	EVP_PKEY *key = key_of(own->public, own->private);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	must(key && c, "our own key");
	must(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
		     EVP_DigestSign(c, der, &n, (const unsigned char *)text.at, text.len) == 1,
	     "signing");
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	raw_of_der(der, n, out);
}

static void hmac(struct str key, struct str text, unsigned char out[32])
{
	unsigned n = 32;
	must(HMAC(EVP_sha256(), key.at, (int)key.len, (const unsigned char *)text.at, text.len, out,
		  &n) != NULL,
	     "HMAC");
}

void hkdf(struct str salt, struct str secret, struct str info, unsigned char *out, size_t n)
{
	unsigned char prk[32], block[32];
	SCOPED_BUF last = BUF_EMPTY;
	hmac(salt, secret, prk);
	buf_put(&last, info);
	buf_char(&last, 1);
	hmac((struct str){(char *)prk, sizeof prk}, buf_str(&last), block);
	memcpy(out, block, n < sizeof block ? n : sizeof block);
	OPENSSL_cleanse(prk, sizeof prk);
	OPENSSL_cleanse(block, sizeof block);
}

void aes128gcm_put(struct buf *out, const unsigned char key[16], const unsigned char nonce[12],
		   struct str plain)
{
	int n = 0;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	must(c != NULL, "out of memory");
	buf_reserve(out, plain.len + GCM_TAG);
	unsigned char *to = (unsigned char *)out->at + out->len;
	must(EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
		     EVP_EncryptUpdate(c, to, &n, (const unsigned char *)plain.at,
				       (int)plain.len) == 1 &&
		     (size_t)n == plain.len && EVP_EncryptFinal_ex(c, to + n, &n) == 1 &&
		     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, GCM_TAG, to + plain.len) == 1,
	     "AES-GCM");
	EVP_CIPHER_CTX_free(c);
	out->len += plain.len + GCM_TAG;
}
