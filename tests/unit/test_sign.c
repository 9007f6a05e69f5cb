/* SPDX-License-Identifier: MIT */
/* Elliptic curves, HKDF and AES-GCM against the numbers of RFC 8291, appendix A. */
#include "base/base64.h"
#include "net/webpush.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#define AS_PRIVATE "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
#define AS_PUBLIC \
	"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
#define UA_PUBLIC \
	"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"
#define SHARED "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"
#define SALT "DGv6ra1nlYgDCS1FRnbzlw"
#define IKM "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg"
#define KEY "oIhVW04MRdy2XN9CiKLxTg"
#define NONCE "4h_95klXJ5E_qnoN"

static void get(struct buf *out, const char *text)
{
	buf_clear(out, out->cap);
	assert_true(base64_get(out, str_of(text)));
}

static void assert_bytes(const void *got, size_t n, const char *want)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_base64url(&b, got, n);
	assert_true(str_eq(buf_str(&b), str_of(want)));
}

static struct p256 sender(void)
{
	SCOPED_BUF private = BUF_EMPTY;
	struct p256 key;
	get(&private, AS_PRIVATE);
	assert_int_equal(p256_of(buf_str(&private), &key), OK);
	return key;
}

static void keys_of_the_standard(void **state)
{
	(void)state;
	SCOPED_BUF point = BUF_EMPTY, auth = BUF_EMPTY, salt = BUF_EMPTY, info = BUF_EMPTY;
	unsigned char shared[P256_SCALAR], ikm[32], key[16], nonce[12];
	struct p256 own = sender();
	assert_bytes(own.public, sizeof own.public, AS_PUBLIC);
	get(&point, UA_PUBLIC);
	assert_int_equal(p256_shared(&own, buf_str(&point), shared), OK);
	assert_bytes(shared, sizeof shared, SHARED);
	get(&auth, AUTH);
	buf_put(&info, S("WebPush: info\0"));
	buf_put(&info, buf_str(&point));
	buf_put(&info, (struct str){(const char *)own.public, P256_POINT});
	hkdf(buf_str(&auth), (struct str){(const char *)shared, 32}, buf_str(&info), ikm, 32);
	assert_bytes(ikm, sizeof ikm, IKM);
	get(&salt, SALT);
	struct str secret = {(const char *)ikm, 32};
	hkdf(buf_str(&salt), secret, S("Content-Encoding: aes128gcm\0"), key, sizeof key);
	hkdf(buf_str(&salt), secret, S("Content-Encoding: nonce\0"), nonce, sizeof nonce);
	assert_bytes(key, sizeof key, KEY);
	assert_bytes(nonce, sizeof nonce, NONCE);
	SCOPED_BUF sealed = BUF_EMPTY;
	aes128gcm_put(&sealed, key, nonce, S("When I grow up, I want to be a watermelon\2"));
	assert_bytes(
		sealed.at, sealed.len,
		"8pfeW0KbunFT06SuDKoJH9Ql87S1QUrdirN6GcG7sFz1y1sqLgVi1VhjVkHsUoEsbI_0LpXMuGvnzQ");
}

static void strange_points(void **state)
{
	(void)state;
	SCOPED_BUF point = BUF_EMPTY;
	unsigned char shared[P256_SCALAR];
	struct p256 own;
	p256_make(&own);
	get(&point, UA_PUBLIC);
	assert_int_equal(p256_shared(&own, str_slice(buf_str(&point), 0, 64), shared), ERR_INPUT);
	point.at[64] ^= 1;
	assert_int_equal(p256_shared(&own, buf_str(&point), shared), ERR_INPUT);
	memset(point.at + 1, 0, 64);
	assert_int_equal(p256_shared(&own, buf_str(&point), shared), ERR_INPUT);
	assert_int_equal(p256_shared(&own, S(""), shared), ERR_INPUT);
	char zero[P256_SCALAR] = {0};
	assert_int_equal(p256_of((struct str){zero, sizeof zero}, &own), ERR_INPUT);
	memset(zero, 0xff, sizeof zero);
	assert_int_equal(p256_of((struct str){zero, sizeof zero}, &own), ERR_INPUT);
}

static void fresh_keys(void **state)
{
	(void)state;
	struct p256 one, two, again;
	unsigned char a[P256_SCALAR], b[P256_SCALAR];
	p256_make(&one);
	p256_make(&two);
	assert_memory_not_equal(one.private, two.private, P256_SCALAR);
	assert_int_equal(p256_of((struct str){(char *)one.private, P256_SCALAR}, &again), OK);
	assert_memory_equal(one.public, again.public, P256_POINT);
	assert_int_equal(p256_shared(&one, (struct str){(char *)two.public, P256_POINT}, a), OK);
	assert_int_equal(p256_shared(&two, (struct str){(char *)one.public, P256_POINT}, b), OK);
	assert_memory_equal(a, b, P256_SCALAR);
}

static void what_cannot_be_sealed(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	struct p256 own = sender();
	struct push_from from = {.key = &own, .contact = S("mailto:a@b.example"), .now_s = 1};
	struct push_to to = {S("https://push.example/x"), S(UA_PUBLIC), S(AUTH), true};
	struct push_message m;
	assert_int_equal(push_seal(a, &to, &from, S("x"), &m), OK);
	assert_true(m.body.len > 0 && m.n_headers > 0);
	char *large = arena_take(a, PUSH_PLAIN_MAX + 1);
	assert_int_equal(push_seal(a, &to, &from, (struct str){large, PUSH_PLAIN_MAX}, &m), OK);
	assert_true(m.body.len <= 4096); /* what push services must take (RFC 8030 7.2) */
	assert_int_equal(push_seal(a, &to, &from, (struct str){large, PUSH_PLAIN_MAX + 1}, &m),
			 ERR_INPUT);
	to.auth = S("BTBZ");
	assert_int_equal(push_seal(a, &to, &from, S("x"), &m), ERR_INPUT);
	to.auth = S(AUTH);
	to.p256dh = S("no base64");
	assert_int_equal(push_seal(a, &to, &from, S("x"), &m), ERR_INPUT);
}

static void base64(void **state)
{
	static const char *const good[][2] = {
		{"", ""},        {"Zg", "f"},         {"Zg==", "f"},       {"Zm8=", "fo"},
		{"Zm9v", "foo"}, {"-_8", "\xfb\xff"}, {"+/8=", "\xfb\xff"}};
	static const char *const bad[] = {"Z", "Zm9vY", "Zm 9", "Zm\n9", "Zg=g", "?"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		SCOPED_BUF b = BUF_EMPTY;
		get(&b, good[i][0]);
		assert_true(str_eq(buf_str(&b), str_of(good[i][1])));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		SCOPED_BUF b = BUF_EMPTY;
		assert_false(base64_get(&b, str_of(bad[i])));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_the_standard),
		cmocka_unit_test(strange_points),
		cmocka_unit_test(fresh_keys),
		cmocka_unit_test(what_cannot_be_sealed),
		cmocka_unit_test(base64),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
