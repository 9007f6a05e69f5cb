/* SPDX-License-Identifier: MIT */
/* What the site keeps out: addresses, mail domains, single mail addresses; and when a change
 * counts. */
#include "world.h"

#include "core/gate.h"
#include "core/moderation.h"

static enum err put_run(struct tx *tx, void *arg)
{
	SCOPED_ARENA a = arena_new();
	struct site_block *b = arg;
	return site_block_put(tx, a, b, &b->id);
}

static enum err block(struct world *w, struct site_block b)
{
	b.note = b.public_note = S("");
	enum err e = world_do(w, put_run, &b);
	gate_committed();
	return e;
}

static struct addr at(const char *text)
{
	struct addr a = {{0}};
	assert_true(addr_parse(str_of(text), &a));
	return a;
}

static void addresses(void **state)
{
	struct world *w = *state;
	const struct {
		const char *from;
		enum gate_severity signup;
		bool shut;
	} cases[] = {
		{"192.0.2.1", GATE_APPROVAL, false},   {"192.0.2.128", GATE_NO_SIGNUP, false},
		{"192.0.2.200", GATE_NO_ACCESS, true}, {"192.0.3.200", GATE_OPEN, false},
		{"2001:db8::1", GATE_NO_ACCESS, true}, {"2001:db9::1", GATE_OPEN, false},
		{"198.51.100.7", GATE_OPEN, false}, /* over by then */
	};
	int64_t now = clock_ms();
	gate_forget();
	assert_int_equal(
		block(w, (struct site_block){.kind = BLOCK_ADDRESS, .value = S("192.0.2.0/24")}),
		OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_ADDRESS,
						      .value = S("192.0.2.128/25"),
						      .severity = 1}),
			 OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_ADDRESS,
						      .value = S("192.0.2.200"),
						      .severity = 2}),
			 OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_ADDRESS,
						      .value = S("2001:DB8::/32"),
						      .severity = 2}),
			 OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_ADDRESS,
						      .value = S("198.51.100.0/24"),
						      .severity = 2,
						      .expires_at = now + 1000}),
			 OK);
	assert_true(gate_is_shut(w->db, at("198.51.100.7"), now));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(gate_at_signup(w->db, at(cases[i].from), now + 1000),
				 cases[i].signup);
		assert_int_equal(gate_is_shut(w->db, at(cases[i].from), now + 1000), cases[i].shut);
	}
	assert_int_equal(
		block(w, (struct site_block){.kind = BLOCK_ADDRESS, .value = S("192.0.2.300")}),
		ERR_INPUT);
	assert_int_equal(
		block(w, (struct site_block){.kind = BLOCK_ADDRESS, .value = S("192.0.2.0/33")}),
		ERR_INPUT);
	assert_int_equal(
		block(w, (struct site_block){.kind = BLOCK_ADDRESS, .value = S("192.0.2.200")}),
		ERR_INPUT);
	gate_forget();
}

/* Only what is committed counts, and from its commit on. */
static void a_change_counts_from_its_commit_on(void **state)
{
	struct world *w = *state;
	struct site_block b = {.kind = BLOCK_ADDRESS,
			       .value = S("192.0.2.9"),
			       .severity = 2,
			       .note = S(""),
			       .public_note = S("")};
	gate_forget();
	assert_false(gate_is_shut(w->db, at("192.0.2.9"), clock_ms()));
	assert_int_equal(world_do(w, put_run, &b), OK);
	assert_false(gate_is_shut(w->db, at("192.0.2.9"), clock_ms()));
	gate_committed();
	assert_true(gate_is_shut(w->db, at("192.0.2.9"), clock_ms()));
	b.severity = 1;
	assert_int_equal(block(w, b), OK);
	assert_false(gate_is_shut(w->db, at("192.0.2.9"), clock_ms()));
	gate_forget();
}

static void mail_addresses(void **state)
{
	struct world *w = *state;
	const struct {
		const char *mail;
		enum mail_verdict verdict;
	} cases[] = {
		{"", MAIL_FREE},
		{"nonsense", MAIL_FREE},
		{"x@good.example", MAIL_FREE},
		{"x@bad.example", MAIL_BLOCKED},
		{"x@BAD.Example", MAIL_BLOCKED},
		{"x@a.b.bad.example", MAIL_BLOCKED},
		{"x@notbad.example", MAIL_FREE},
		{"x@bad.example.com", MAIL_FREE},
		{"x@maybe.example", MAIL_WITH_APPROVAL},
		{"x@sub.maybe.example", MAIL_WITH_APPROVAL},
		{"x@worse.maybe.example", MAIL_BLOCKED},
		{"j.d+tag@mail.example", MAIL_BLOCKED},
		{"JD@mail.example", MAIL_BLOCKED},
		{"jdx@mail.example", MAIL_FREE},
	};
	struct str hash = site_block_mail_hash(w->a, S("jd@mail.example"));
	assert_int_equal(
		block(w, (struct site_block){.kind = BLOCK_MAIL_DOMAIN, .value = S("Bad.example")}),
		OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_MAIL_DOMAIN,
						      .value = S("maybe.example"),
						      .flags = BLOCK_WITH_APPROVAL}),
			 OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_MAIL_DOMAIN,
						      .value = S("worse.maybe.example")}),
			 OK);
	assert_int_equal(block(w, (struct site_block){.kind = BLOCK_MAIL, .value = hash}), OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(site_block_mail(w->db, w->a, str_of(cases[i].mail), clock_ms()),
				 cases[i].verdict);
}

int main(void)
{
	const struct CMUnitTest all[] = {
		WORLD_TEST(addresses),
		WORLD_TEST(a_change_counts_from_its_commit_on),
		WORLD_TEST(mail_addresses),
	};
	return cmocka_run_group_tests(all, NULL, NULL);
}
