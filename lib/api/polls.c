/* SPDX-License-Identifier: MIT */
/* Polls by their own id: looking, voting. They are made and changed with their status. */
#include "api/entity.h"
#include "api/statuses.h"

static enum err answer_poll(struct req *r, struct db *db, struct answer *out)
{
	struct poll p;
	struct jw w = {.out = out->body};
	enum err e = poll_get(db, r->a, r->viewer.account, param_i64(r, "id", 0), &p);
	if (e == OK)
		entity_poll(&w, &p);
	return e;
}

enum err on_poll(struct req *r, struct answer *out)
{
	return answer_poll(r, r->db, out);
}

enum err on_poll_vote(struct req *r, struct tx *tx, struct answer *out)
{
	size_t n;
	int64_t choice[POLL_OPTIONS_MAX];
	const struct str *sent = param_list(r, "choices", &n);
	bool good = n <= POLL_OPTIONS_MAX;
	for (size_t i = 0; i < n && good; i++)
		good = str_i64(sent[i], &choice[i]);
	if (!good)
		return refuse("Validation failed: The chosen vote option does not exist");
	enum err e = poll_vote(tx, r->viewer.account, param_i64(r, "id", 0), choice, n);
	return e == OK ? answer_poll(r, tx_db(tx), out) : e;
}
