/* SPDX-License-Identifier: MIT */
/* libsodium behind our names, and the one digest that it does not have. */
#include <openssl/sha.h>
#include <sodium.h>

#include "base/buf.h"
#include "base/crypt.h"

_Static_assert(PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES, "a password hash must fit");

static _Atomic unsigned cost_kib = 19456, cost_passes = 2; /* SIGHUP may change them */

void crypt_open(void)
{
	if (sodium_init() < 0)
		die("libsodium does not start");
}

const char *crypt_version(void)
{
	return sodium_version_string();
}

void password_cost(unsigned mem_kib, unsigned passes)
{
	cost_kib = mem_kib;
	cost_passes = passes;
}

/* libsodium takes no NULL, not even for nothing. */
static const char *bytes_of(struct str s)
{
	return s.len > 0 ? s.at : "";
}

enum err password_hash(struct str password, char out[PASSWORD_HASH_MAX])
{
	unsigned kib = cost_kib, passes = cost_passes;
	if (crypto_pwhash_str_alg(out, bytes_of(password), password.len, passes, (size_t)kib * 1024,
				  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return fail(ERR_INTERNAL, "no memory to hash a password (%u KiB)", kib);
	return OK;
}

bool password_ok(const char *hash, struct str password)
{
	return hash[0] != '\0' &&
	       crypto_pwhash_str_verify(hash, bytes_of(password), password.len) == 0;
}

struct str password_make(struct arena *a)
{
	static const char letters[] = "abcdefghijkmnopqrstuvwxyz2345678"; /* 32: five bits each */
	enum { GROUPS = 4, GROUP = 4 };
	char text[GROUPS * (GROUP + 1)];
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % (GROUP + 1) == GROUP
				  ? '-'
				  : letters[randombytes_uniform(sizeof(letters) - 1)];
	return arena_str(a, (struct str){text, sizeof(text) - 1});
}

struct str secret_make(struct arena *a)
{
	unsigned char bytes[32];
	SCOPED_BUF text = BUF_EMPTY;
	randombytes_buf(bytes, sizeof(bytes));
	buf_base64url(&text, bytes, sizeof(bytes));
	struct str secret = arena_str(a, buf_str(&text));
	sodium_memzero(text.at, text.len);
	return secret;
}

struct hash hash_of(struct str bytes)
{
	struct hash h;
	crypto_generichash(h.at, sizeof(h.at), (const unsigned char *)bytes.at, bytes.len, NULL, 0);
	return h;
}

struct hash hash_keyed(struct hash key, struct str bytes)
{
	struct hash h;
	crypto_generichash(h.at, sizeof(h.at), (const unsigned char *)bytes.at, bytes.len, key.at,
			   sizeof(key.at));
	return h;
}

void hash_short(struct str bytes, unsigned char out[16])
{
	crypto_generichash(out, 16, (const unsigned char *)bytes.at, bytes.len, NULL, 0);
}

void sha1_of(struct str bytes, unsigned char out[SHA1_BYTES])
{
	SHA1((const unsigned char *)bytes_of(bytes), bytes.len, out);
}

bool hash_eq(struct hash a, struct hash b)
{
	return sodium_memcmp(a.at, b.at, sizeof(a.at)) == 0;
}

bool secret_eq(struct str a, struct str b)
{
	return a.len == b.len && sodium_memcmp(a.at, b.at, a.len) == 0;
}

void rand_bytes(void *out, size_t n)
{
	randombytes_buf(out, n);
}

uint64_t rand_u64(void)
{
	uint64_t n;
	randombytes_buf(&n, sizeof(n));
	return n;
}

uint64_t rand_below(uint64_t limit)
{
	if (limit == 0)
		return 0;
	uint64_t floor = (0 - limit) % limit, n;
	do {
		n = rand_u64();
	} while (n < floor);
	return n % limit;
}

uint64_t rand_seq_next(struct rand_seq *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t rand_seq_below(struct rand_seq *r, uint64_t limit)
{
	return limit == 0 ? 0 : rand_seq_next(r) % limit;
}

void sha256_of(struct str bytes, unsigned char out[SHA256_BYTES])
{
	_Static_assert((int)SHA256_BYTES == (int)crypto_hash_sha256_BYTES, "SHA-256 has 32 bytes");
	crypto_hash_sha256(out, (const unsigned char *)bytes_of(bytes), bytes.len);
}
