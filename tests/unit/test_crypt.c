/* SPDX-License-Identifier: MIT */
/* Passwords, secrets and hashes: known answers, and that every changed bit counts. */
#include "scratch.h"

#include "base/buf.h"
#include "base/crypt.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static int set_up(void **state)
{
	(void)state;
	crypt_open();
	password_cost(8, 1);
	return 0;
}

static void passwords(void **state)
{
	static const struct str words[] = {
		S_INIT("secret"),  S_INIT("secret "), S_INIT("Secret"),      S_INIT("secre"),
		S_INIT("s\0cret"), S_INIT("s\0xret"), S_INIT("p\xc3\xa4ss"), S_INIT("")};
	char hash[ROWS(words)][PASSWORD_HASH_MAX];
	(void)state;
	for (size_t i = 0; i < ROWS(words); i++) {
		assert_int_equal(password_hash(words[i], hash[i]), OK);
		assert_memory_equal(hash[i], "$argon2id$v=19$m=8,t=1,p=1$", 27);
	}
	for (size_t i = 0; i < ROWS(words); i++) {
		for (size_t k = 0; k < ROWS(words); k++)
			assert_int_equal(password_ok(hash[i], words[k]), i == k);
	}
	assert_true(password_ok(hash[ROWS(words) - 1], (struct str){NULL, 0}));
}

static void hashes_are_salted_and_say_their_cost(void **state)
{
	char a[PASSWORD_HASH_MAX], b[PASSWORD_HASH_MAX];
	(void)state;
	assert_int_equal(password_hash(S("x"), a), OK);
	password_cost(16, 3);
	assert_int_equal(password_hash(S("x"), b), OK);
	password_cost(8, 1);
	assert_string_not_equal(a, b);
	assert_non_null(strstr(b, "m=16,t=3"));
	assert_true(password_ok(b, S("x")));
}

static void broken_hashes_match_nothing(void **state)
{
	static const char *const bad[] = {"",
					  "x",
					  "$argon2id$",
					  "$argon2id$v=19$m=8,t=1,p=1$",
					  "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA",
					  "$2y$10$abc"};
	char hash[PASSWORD_HASH_MAX];
	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		memset(hash, 0, sizeof(hash));
		memcpy(hash, bad[i], strlen(bad[i]));
		assert_false(password_ok(hash, S("")));
		assert_false(password_ok(hash, S("x")));
	}
	assert_int_equal(password_hash(S("x"), hash), OK);
	hash[strlen(hash) - 2] ^= 1;
	assert_false(password_ok(hash, S("x")));
}

static void impossible_cost_is_an_error(void **state)
{
	char hash[PASSWORD_HASH_MAX];
	(void)state;
	password_cost(0, 1);
	assert_int_equal(password_hash(S("x"), hash), ERR_INTERNAL);
	password_cost(8, 1);
}

static bool is_in(char c, const char *set)
{
	return c && strchr(set, c);
}

static void made_passwords_and_secrets(void **state)
{
	static const char letters[] = "abcdefghijkmnopqrstuvwxyz2345678";
	static const char secret_letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	SCOPED_ARENA a = arena_new();
	int seen[256] = {0};
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct str p = password_make(a), s = secret_make(a);
		assert_int_equal(p.len, 19);
		for (size_t i = 0; i < p.len; i++)
			assert_true(i % 5 == 4 ? p.at[i] == '-' : is_in(p.at[i], letters));
		assert_int_equal(s.len, SECRET_CHARS);
		for (size_t i = 0; i < s.len; i++)
			assert_true(is_in(s.at[i], secret_letters));
		for (size_t i = 0; i < p.len; i++)
			seen[(unsigned char)p.at[i]]++;
		assert_false(str_eq(s, secret_make(a)));
		assert_false(str_eq(p, password_make(a)));
	}
	for (size_t i = 0; letters[i]; i++)
		assert_true(seen[(unsigned char)letters[i]] > 20);
}

static struct str hex(struct buf *b, const void *at, size_t n)
{
	buf_clear(b, SIZE_MAX);
	buf_hex(b, at, n);
	return buf_str(b);
}

static void known_hashes(void **state)
{
	static const struct str abc = S_INIT("abc");
	SCOPED_BUF b = BUF_EMPTY;
	struct hash h = hash_of(abc), empty = hash_of((struct str){NULL, 0});
	unsigned char small[16];
	(void)state;
	/* BLAKE2b with 32 bytes out, as b2sum -l 256 gives it */
	assert_true(str_eq(hex(&b, h.at, sizeof(h.at)),
			   S("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")));
	assert_true(str_eq(hex(&b, empty.at, sizeof(empty.at)),
			   S("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")));
	hash_short(abc, small);
	assert_true(str_eq(hex(&b, small, sizeof(small)), S("cf4ab791c62b8d2b2109c90275287816")));
	struct hash keyed = hash_keyed(h, abc), other = hash_keyed(empty, abc);
	assert_false(hash_eq(keyed, h));
	assert_false(hash_eq(keyed, other));
	assert_true(hash_eq(keyed, hash_keyed(h, abc)));
}

static void every_bit_counts(void **state)
{
	struct hash h = hash_of(S("x"));
	char text[] = "0123456789abcdef";
	(void)state;
	for (size_t bit = 0; bit < 8 * HASH_BYTES; bit++) {
		struct hash g = h;
		g.at[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_false(hash_eq(g, h));
	}
	for (size_t bit = 0; bit < 8 * 16; bit++) {
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		assert_false(secret_eq(str_of("0123456789abcdef"), (struct str){text, 16}));
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
	}
	assert_true(secret_eq(str_of(text), S("0123456789abcdef")));
	assert_false(secret_eq(S("a"), S("ab")));
	assert_false(secret_eq(S(""), S("a")));
	assert_true(secret_eq((struct str){NULL, 0}, S("")));
}

static void randomness(void **state)
{
	static const uint64_t limits[] = {1, 2, 3, 10, 1000, UINT64_C(1) << 63, UINT64_MAX};
	unsigned char zero[64] = {0}, bytes[64] = {0};
	int count[10] = {0};
	(void)state;
	rand_bytes(bytes, sizeof(bytes));
	assert_memory_not_equal(bytes, zero, sizeof(bytes));
	assert_true(rand_u64() != rand_u64());
	assert_int_equal(rand_below(0), 0);
	for (size_t i = 0; i < ROWS(limits); i++) {
		for (int k = 0; k < 200; k++)
			assert_true(rand_below(limits[i]) < limits[i]);
	}
	for (int i = 0; i < 20000; i++)
		count[rand_below(10)]++;
	for (int i = 0; i < 10; i++)
		assert_in_range(count[i], 1700, 2300);
}

static void the_sequence_is_splitmix64(void **state)
{
	struct rand_seq r = {1234567}, s = {9};
	(void)state;
	assert_true(rand_seq_next(&r) == UINT64_C(6457827717110365317));
	assert_true(rand_seq_next(&r) == UINT64_C(3203168211198807973));
	assert_true(rand_seq_next(&r) == UINT64_C(9817491932198370423));
	assert_int_equal(rand_seq_below(&s, 0), 0);
	assert_int_equal(rand_seq_below(&s, 1), 0);
	for (int i = 0; i < 1000; i++)
		assert_true(rand_seq_below(&s, 7) < 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords),
		cmocka_unit_test(hashes_are_salted_and_say_their_cost),
		cmocka_unit_test(broken_hashes_match_nothing),
		cmocka_unit_test(impossible_cost_is_an_error),
		cmocka_unit_test(made_passwords_and_secrets),
		cmocka_unit_test(known_hashes),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(randomness),
		cmocka_unit_test(the_sequence_is_splitmix64),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
