/* SPDX-License-Identifier: MIT */
/* Instance, accounts and the relations between them. */
#include "api/entity.h"
#include "api/handlers.h"

enum err on_instance(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	entity_instance(&w, r->a, r->db);
	return OK;
}

enum err on_instance_v1(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	entity_instance_v1(&w, r->a, r->db);
	return OK;
}

enum err on_verify_credentials(struct req *r, struct answer *out)
{
	struct account who;
	struct jw w = {.out = out->body};
	if (!account_get(r->db, r->a, r->viewer.account, &who))
		return ERR_AUTH;
	entity_credential_account(&w, r->a, r->db, &who);
	return OK;
}

static enum err answer_account(struct req *r, struct answer *out, bool found,
			       const struct account *who)
{
	struct jw w = {.out = out->body};
	if (!found || who->state == ACCOUNT_DELETED || who->state == ACCOUNT_PENDING)
		return ERR_NOT_FOUND;
	entity_account(&w, r->a, who);
	return OK;
}

enum err on_account(struct req *r, struct answer *out)
{
	struct account who;
	bool found = account_get(r->db, r->a, param_i64(r, "id", 0), &who);
	return answer_account(r, out, found, &who);
}

enum err on_account_lookup(struct req *r, struct answer *out)
{
	struct account who;
	struct str domain = param_str(r, "acct");
	if (str_starts(domain, S("@")))
		domain = str_slice(domain, 1, SIZE_MAX);
	struct str name = str_cut(&domain, '@');
	if (str_eq_nocase(domain, r->host))
		domain = S("");
	bool found = account_find(r->db, r->a, name, domain.at ? domain : S(""), &who);
	return answer_account(r, out, found, &who);
}

enum err on_relationships(struct req *r, struct answer *out)
{
	enum { MOST = 80 };
	size_t n, known = 0;
	int64_t ids[MOST];
	const struct str *sent = param_list(r, "id", &n);
	for (size_t i = 0; i < n && known < MOST; i++)
		known += str_i64(sent[i], &ids[known]);
	struct relation *relations = relations_load(r->db, r->a, r->viewer.account, ids, known);
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < known; i++)
		entity_relationship(&w, &relations[i]);
	jw_close(&w, ']');
	return OK;
}

/* After a change of relations: the Relationship as it is now. */
static enum err answer_relation(struct req *r, struct tx *tx, struct answer *out, enum err e)
{
	if (e != OK)
		return e;
	struct jw w = {.out = out->body};
	int64_t target = param_i64(r, "id", 0);
	entity_relationship(&w, relations_load(tx_db(tx), r->a, r->viewer.account, &target, 1));
	return OK;
}

/* The languages that a list names, separated by spaces. */
static struct str languages_sent(struct req *r)
{
	SCOPED_BUF all = BUF_EMPTY;
	size_t n;
	const struct str *sent = param_list(r, "languages", &n);
	for (size_t i = 0; i < n; i++) {
		if (all.len > 0 && sent[i].len > 0)
			buf_char(&all, ' ');
		buf_put(&all, sent[i]);
	}
	return arena_str(r->a, buf_str(&all));
}

/* What is not sent stays as it is. */
enum err on_account_follow(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t target = param_i64(r, "id", 0);
	struct relation is = relation_get(tx_db(tx), r->viewer.account, target);
	bool is_new = !is.following && !is.requested;
	bool boosts = param_bool(r, "reblogs", is_new || is.boosts),
	     notify = param_bool(r, "notify", is.notify);
	enum err e = follow_add(tx, r->viewer.account, target, boosts, notify);
	if (e == OK && param_has(r, "languages"))
		e = follow_languages_set(tx, r->viewer.account, target, languages_sent(r));
	return answer_relation(r, tx, out, e);
}

enum err on_account_unfollow(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(r, tx, out,
			       follow_end(tx, r->viewer.account, param_i64(r, "id", 0)));
}

enum err on_account_block(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(r, tx, out, block_add(tx, r->viewer.account, param_i64(r, "id", 0)));
}

enum err on_account_unblock(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(r, tx, out, block_end(tx, r->viewer.account, param_i64(r, "id", 0)));
}

enum err on_account_mute(struct req *r, struct tx *tx, struct answer *out)
{
	bool notices = param_bool(r, "notifications", true);
	int64_t life_ms = 1000 * param_i64(r, "duration", 0);
	return answer_relation(
		r, tx, out,
		mute_add(tx, r->viewer.account, param_i64(r, "id", 0), notices, life_ms));
}

enum err on_account_unmute(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(r, tx, out, mute_end(tx, r->viewer.account, param_i64(r, "id", 0)));
}
