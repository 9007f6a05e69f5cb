/* SPDX-License-Identifier: MIT */
/*
 * Markers: how far home and notifications were read. What is asked for is always answered, since
 * clients look into it without asking whether it is there.
 */
#include "api/notifications.h"
#include "core/marker.h"

static const struct {
	struct str name;
	const char *last_read;
} timelines[MARKER_KINDS] = {
	[MARKER_HOME] = {S_INIT("home"), "home[last_read_id]"},
	[MARKER_NOTICES] = {S_INIT("notifications"), "notifications[last_read_id]"},
};

static void put_marker(struct jw *w, struct db *db, int64_t account, enum marker_of which)
{
	struct marker m = marker_get(db, account, which);
	jw_key(w, timelines[which].name);
	jw_open(w, '{');
	jw_kid(w, S("last_read_id"), m.last_read);
	jw_ki64(w, S("version"), m.version);
	jw_key(w, S("updated_at"));
	jw_time(w, m.updated_at);
	jw_close(w, '}');
}

enum err on_markers(struct req *r, struct answer *out)
{
	size_t n;
	struct jw w = {.out = out->body};
	const struct str *asked = param_list(r, "timeline", &n);
	jw_open(&w, '{');
	for (int which = 0; which < MARKER_KINDS; which++) {
		bool wanted = false;
		for (size_t i = 0; i < n; i++)
			wanted = wanted || str_eq(asked[i], timelines[which].name);
		if (wanted)
			put_marker(&w, r->db, r->viewer.account, (enum marker_of)which);
	}
	jw_close(&w, '}');
	return OK;
}

enum err on_markers_set(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t id[MARKER_KINDS];
	struct jw w = {.out = out->body};
	for (int i = 0; i < MARKER_KINDS; i++) {
		struct str sent = param_str(r, timelines[i].last_read);
		if (sent.len > 0 && (!str_i64(sent, &id[i]) || id[i] < 0))
			return refuse("%s must be an id", timelines[i].last_read);
	}
	jw_open(&w, '{');
	for (int i = 0; i < MARKER_KINDS; i++) {
		if (param_str(r, timelines[i].last_read).len == 0)
			continue;
		marker_set(tx, r->viewer.account, (enum marker_of)i, id[i]);
		put_marker(&w, tx_db(tx), r->viewer.account, (enum marker_of)i);
	}
	jw_close(&w, '}');
	return OK;
}
