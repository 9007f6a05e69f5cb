/* SPDX-License-Identifier: MIT */
/* Pins. A kwip has at most one, its author's, so its card can say so. */
#include "core/pin.h"

#include "core/kwip_private.h"

static enum err may_pin(struct db *db, int64_t account, const struct kwip_row *k)
{
	if (k->author != account)
		return refuse("Validation failed: Someone else's post cannot be pinned");
	if (k->boost_of)
		return refuse("Validation failed: A boost cannot be pinned");
	if (k->visibility == VISIBLE_DIRECT)
		return refuse("Validation failed: Posts that are only visible to mentioned users "
			      "cannot be pinned");
	if (DB_I64(db, 0, "SELECT count(*) FROM pin WHERE account = ? AND kwip <> ?", A(account),
		   A(k->id)) >= PINS_MAX)
		return refuse("Validation failed: You have already pinned the maximum number of "
			      "posts");
	return OK;
}

enum err kwip_pin(struct tx *tx, int64_t account, int64_t kwip, bool on)
{
	struct kwip_row k;
	if (!kwip_row_get(tx_db(tx), kwip, &k) || !kwip_may_see(tx_db(tx), account, kwip))
		return ERR_NOT_FOUND;
	enum err e = on ? may_pin(tx_db(tx), account, &k) : OK;
	if (e != OK)
		return e;
	int changed =
		on ? TX_DO(tx,
			   "INSERT INTO pin (account, kwip, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			   A(account), A(kwip), A(tx_id(tx)))
		   : TX_DO(tx, "DELETE FROM pin WHERE account = ? AND kwip = ?", A(account),
			   A(kwip));
	if (changed)
		event_add(tx, (struct event){.kind = EVENT_PIN, .actor = account, .kwip = kwip});
	return OK;
}
