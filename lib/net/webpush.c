/* SPDX-License-Identifier: MIT */
/* Sealing a message for a browser. The sender's key of a message is used once and forgotten. */
#include "net/webpush.h"

#include "base/base64.h"
#include "base/crypt.h"
#include "base/json.h"

enum { SALT = 16, AUTH = 16, RECORD = 4096, LIFE_S = 12 * 3600, TTL_S = 48 * 3600 };

/* A subscription's keys as bytes; views into one buf. */
struct keys {
	struct buf point, auth;
};

static void keys_free(struct keys *k)
{
	buf_free(&k->point);
	buf_free(&k->auth);
}

static bool keys_get(struct keys *k, struct str p256dh, struct str auth)
{
	return p256dh.len < 200 && auth.len < 100 && base64_get(&k->point, p256dh) &&
	       base64_get(&k->auth, auth) && k->point.len == P256_POINT && k->auth.len == AUTH;
}

static struct str bytes(const void *at, size_t n)
{
	return (struct str){at, n};
}

/* What both ways of encrypting are made from. */
struct seal {
	struct p256 once;
	unsigned char salt[SALT], shared[P256_SCALAR];
	struct str point, auth;
};

static struct str base64url(struct arena *a, const void *at, size_t n)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_base64url(&b, at, n);
	return arena_str(a, buf_str(&b));
}

/* scheme://host[:port] of the endpoint: whom the token is for. */
static struct str origin_of(struct str url)
{
	ptrdiff_t at = str_find(url, S("://"));
	size_t end = at < 0 ? 0 : (size_t)at + 3;
	while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#')
		end++;
	return str_slice(url, 0, end);
}

/* RFC 8292: a JWT signed with the server's key. */
static struct str token_make(struct arena *a, const struct push_from *from, struct str endpoint)
{
	SCOPED_BUF claims = BUF_EMPTY, text = BUF_EMPTY;
	struct jw w = {.out = &claims};
	struct str head = S("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
	unsigned char signature[P256_SIGNATURE];
	jw_open(&w, '{');
	jw_kstr(&w, S("aud"), origin_of(endpoint));
	jw_ki64(&w, S("exp"), from->now_s + LIFE_S);
	jw_kstr(&w, S("sub"), from->contact);
	jw_close(&w, '}');
	buf_base64url(&text, head.at, head.len);
	buf_char(&text, '.');
	buf_base64url(&text, claims.at, claims.len);
	p256_sign(from->key, buf_str(&text), signature);
	buf_char(&text, '.');
	buf_base64url(&text, signature, sizeof signature);
	return arena_str(a, buf_str(&text));
}

/* RFC 8291 section 3.4 and RFC 8188: one record with its header in front. */
static struct str seal_standard(struct arena *a, const struct seal *s, struct str plain)
{
	SCOPED_BUF info = BUF_EMPTY, record = BUF_EMPTY, text = BUF_EMPTY;
	unsigned char ikm[32], key[16], nonce[12];
	const unsigned char size[4] = {0, 0, RECORD >> 8, RECORD & 0xff};
	buf_put(&info, bytes("WebPush: info", sizeof "WebPush: info"));
	buf_put(&info, s->point);
	buf_put(&info, bytes(s->once.public, P256_POINT));
	hkdf(s->auth, bytes(s->shared, sizeof s->shared), buf_str(&info), ikm, sizeof ikm);
	hkdf(bytes(s->salt, SALT), bytes(ikm, sizeof ikm),
	     bytes("Content-Encoding: aes128gcm", sizeof "Content-Encoding: aes128gcm"), key,
	     sizeof key);
	hkdf(bytes(s->salt, SALT), bytes(ikm, sizeof ikm),
	     bytes("Content-Encoding: nonce", sizeof "Content-Encoding: nonce"), nonce,
	     sizeof nonce);
	buf_put(&record, bytes(s->salt, SALT));
	buf_put(&record, bytes(size, sizeof size));
	buf_char(&record, (char)P256_POINT);
	buf_put(&record, bytes(s->once.public, P256_POINT));
	buf_put(&text, plain);
	buf_char(&text, 2); /* the last record; no padding */
	aes128gcm_put(&record, key, nonce, buf_str(&text));
	return arena_str(a, buf_str(&record));
}

/* "name\0P-256\0", both points with their lengths in front. */
static void put_context(struct buf *info, const struct seal *s, const char *name)
{
	buf_put(info, bytes(name, strlen(name) + 1));
	buf_put(info, bytes("P-256", sizeof "P-256"));
	buf_put(info, bytes("\0\x41", 2));
	buf_put(info, s->point);
	buf_put(info, bytes("\0\x41", 2));
	buf_put(info, bytes(s->once.public, P256_POINT));
}

/* draft-ietf-webpush-encryption-04 and draft-ietf-httpbis-encryption-encoding-03. */
static struct str seal_draft(struct arena *a, const struct seal *s, struct str plain)
{
	SCOPED_BUF info = BUF_EMPTY, body = BUF_EMPTY, text = BUF_EMPTY;
	unsigned char ikm[32], key[16], nonce[12];
	hkdf(s->auth, bytes(s->shared, sizeof s->shared),
	     bytes("Content-Encoding: auth", sizeof "Content-Encoding: auth"), ikm, sizeof ikm);
	put_context(&info, s, "Content-Encoding: aesgcm");
	hkdf(bytes(s->salt, SALT), bytes(ikm, sizeof ikm), buf_str(&info), key, sizeof key);
	buf_clear(&info, info.cap);
	put_context(&info, s, "Content-Encoding: nonce");
	hkdf(bytes(s->salt, SALT), bytes(ikm, sizeof ikm), buf_str(&info), nonce, sizeof nonce);
	buf_put(&text, bytes("\0\0", 2)); /* no padding */
	buf_put(&text, plain);
	aes128gcm_put(&body, key, nonce, buf_str(&text));
	return arena_str(a, buf_str(&body));
}

static void add_line(struct push_message *m, struct str header)
{
	m->headers[m->n_headers++] = header;
}

static void put_headers(struct arena *a, const struct push_to *to, const struct push_from *from,
			const struct seal *s, struct push_message *m)
{
	struct str key = base64url(a, from->key->public, P256_POINT);
	struct str token = token_make(a, from, to->endpoint);
	add_line(m, S("Content-Type: application/octet-stream"));
	add_line(m, arena_printf(a, "TTL: %d", TTL_S));
	add_line(m, S("Urgency: normal"));
	if (to->standard) {
		add_line(m, S("Content-Encoding: aes128gcm"));
		add_line(m, arena_printf(a, "Authorization: vapid t=%.*s,k=%.*s", (int)token.len,
					 token.at, (int)key.len, key.at));
		return;
	}
	struct str salt = base64url(a, s->salt, SALT);
	struct str dh = base64url(a, s->once.public, P256_POINT);
	add_line(m, S("Content-Encoding: aesgcm"));
	add_line(m, arena_printf(a, "Encryption: salt=%.*s", (int)salt.len, salt.at));
	add_line(m, arena_printf(a, "Crypto-Key: dh=%.*s;p256ecdsa=%.*s", (int)dh.len, dh.at,
				 (int)key.len, key.at));
	add_line(m, arena_printf(a, "Authorization: WebPush %.*s", (int)token.len, token.at));
}

enum err push_seal(struct arena *a, const struct push_to *to, const struct push_from *from,
		   struct str plain, struct push_message *out)
{
	__attribute__((cleanup(keys_free))) struct keys k = {0};
	struct seal s;
	*out = (struct push_message){0};
	if (plain.len > PUSH_PLAIN_MAX || !keys_get(&k, to->p256dh, to->auth))
		return ERR_INPUT;
	p256_make(&s.once);
	rand_bytes(s.salt, SALT);
	s.point = buf_str(&k.point);
	s.auth = buf_str(&k.auth);
	enum err e = p256_shared(&s.once, s.point, s.shared);
	if (e != OK)
		return e;
	out->body = to->standard ? seal_standard(a, &s, plain) : seal_draft(a, &s, plain);
	put_headers(a, to, from, &s, out);
	return OK;
}
