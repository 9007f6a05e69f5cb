/* SPDX-License-Identifier: MIT */
/* Whom and what one keeps away: people muted and blocked, other servers, strangers' notices. The
 * buttons that mute and block are marks.c's. */
#include "core/follow.h"
#include "core/notice_policy.h"
#include "core/remark.h"
#include "page/handlers.h"
#include "pages.h"

static struct view_people some(struct req *r, enum follow_list which, const char *key,
			       struct str *more)
{
	int64_t next = 0;
	struct accounts list = follow_list(r->db, r->a, which, r->viewer.account,
					   param_i64(r, key, 0), PAGE_PEOPLE, &next);
	if (next)
		*more = url_with(r->a, S("/settings/unwanted"), key, next);
	return people_of(r->a, list);
}

enum err on_unwanted(struct req *r, struct answer *out)
{
	struct view_unwanted v = {.top = top_of(r, S("Muted and blocked"), AT_SETTINGS)};
	v.muted = some(r, LIST_MUTES, "muted", &v.more_muted);
	v.blocked = some(r, LIST_BLOCKS, "blocked", &v.more_blocked);
	page_unwanted(out->body, &v);
	return OK;
}

static struct view_kept_words servers_of(struct req *r, struct db *db)
{
	struct span s = {.max_id = param_i64(r, "max_id", 0), .limit = PAGE_PEOPLE};
	struct domains list = domain_blocks(db, r->a, r->viewer.account, s);
	struct view_kept_words v = {.top = top_of(r, S("Blocked servers"), AT_SETTINGS)};
	v.words.at = arena_array(r->a, list.n, sizeof *v.words.at);
	for (size_t i = 0; i < list.n; i++)
		v.words.at[v.words.n++] = (struct view_word){
			list.at[i],
			text_join(r->a, S("/settings/servers/"), url_part(r->a, list.at[i]))};
	if (list.n == PAGE_PEOPLE)
		v.pager.older = url_with(r->a, S("/settings/servers"), "max_id",
					 list.id[list.n - 1]);
	return v;
}

enum err on_servers(struct req *r, struct answer *out)
{
	struct view_kept_words v = servers_of(r, r->db);
	v.top.done = done_words(r);
	page_servers(out->body, &v);
	return OK;
}

enum err on_server_block(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = domain_block_add(tx, r->a, r->viewer.account,
				      str_trim(param_str(r, "domain")));
	if (e == OK)
		answer_redirect(out, S("/settings/servers?done=saved"));
	return e;
}

void on_server_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_kept_words v = servers_of(r, db);
	v.why = r->why.len ? why_words(r) : S("That is no name of a server.");
	v.typed = param_str(r, "domain");
	page_servers(out->body, &v);
}

enum err on_server_unblock(struct req *r, struct tx *tx, struct answer *out)
{
	domain_block_end(tx, r->a, r->viewer.account, param_str(r, "domain"));
	answer_redirect(out, S("/settings/servers?done=saved"));
	return OK;
}

/* Who is a stranger, as the form has it. */
static const struct {
	struct str key, label;
} strangers[STRANGER_KINDS] = {
	[STRANGER_NOT_FOLLOWING] = {S_INIT("not_followed"), S_INIT("whom I do not follow")},
	[STRANGER_NOT_FOLLOWER] = {S_INIT("not_following"), S_INIT("who do not follow me")},
	[STRANGER_NEW_ACCOUNT] = {S_INIT("new"), S_INIT("who came in the last 30 days")},
	[STRANGER_PRIVATE] = {S_INIT("private"), S_INIT("who name me in private, unasked")},
	[STRANGER_LIMITED] = {S_INIT("limited"), S_INIT("whom a moderator has limited")},
};
enum { VERDICTS = NOTICE_DROP + 1 };
static const struct view_choice verdicts[VERDICTS] = {
	[NOTICE_ACCEPT] = {S_INIT("show"), S_INIT("show"), false},
	[NOTICE_FILTER] = {S_INIT("wait"), S_INIT("keep back, I look myself"), false},
	[NOTICE_DROP] = {S_INIT("drop"), S_INIT("drop"), false},
};

enum err on_policy(struct req *r, struct answer *out)
{
	struct notice_policy p = notice_policy_get(r->db, r->viewer.account);
	struct view_policy v = {.top = top_of(r, S("Whose notices I want"), AT_SETTINGS)};
	v.top.done = done_words(r);
	v.strangers.at = arena_array(r->a, STRANGER_KINDS, sizeof *v.strangers.at);
	for (int i = 0; i < STRANGER_KINDS; i++) {
		struct view_stranger *s = &v.strangers.at[v.strangers.n++];
		*s = (struct view_stranger){.key = strangers[i].key, .label = strangers[i].label};
		s->verdict.at = arena_array(r->a, VERDICTS, sizeof *s->verdict.at);
		for (; s->verdict.n < VERDICTS; s->verdict.n++) {
			s->verdict.at[s->verdict.n] = verdicts[s->verdict.n];
			s->verdict.at[s->verdict.n].chosen = s->verdict.n == p.of[i];
		}
	}
	page_policy(out->body, &v);
	return OK;
}

enum err on_policy_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct notice_policy p = notice_policy_get(tx_db(tx), r->viewer.account);
	for (int i = 0; i < STRANGER_KINDS; i++)
		for (int j = 0; j < VERDICTS; j++)
			if (str_eq(param_str(r, strangers[i].key.at), verdicts[j].value))
				p.of[i] = (enum notice_verdict)j;
	notice_policy_set(tx, r->viewer.account, &p);
	answer_redirect(out, S("/settings/notices?done=saved"));
	return OK;
}
