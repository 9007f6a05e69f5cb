/* SPDX-License-Identifier: MIT */
/* Relationship: how the viewer stands to an account. */
#include "api/entity.h"

/* Null: all of them. */
static void put_languages(struct jw *w, struct str languages)
{
	jw_key(w, S("languages"));
	if (languages.len == 0) {
		jw_null(w);
		return;
	}
	jw_open(w, '[');
	while (languages.len > 0)
		jw_str(w, str_cut(&languages, ' '));
	jw_close(w, ']');
}

void entity_relationship(struct jw *w, const struct relation *r)
{
	const struct {
		struct str key;
		bool on;
	} flags[] = {
		{S("following"), r->following},
		{S("showing_reblogs"), r->following && r->boosts},
		{S("notifying"), r->notify},
		{S("followed_by"), r->followed_by},
		{S("blocking"), r->blocking},
		{S("blocked_by"), r->blocked_by},
		{S("muting"), r->muting},
		{S("muting_notifications"), r->muting && r->muting_notices},
		{S("requested"), r->requested},
		{S("requested_by"), r->requested_by},
		{S("domain_blocking"), r->domain_blocked},
		{S("endorsed"), r->endorsed},
	};
	jw_open(w, '{');
	jw_kid(w, S("id"), r->target);
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		jw_kbool(w, flags[i].key, flags[i].on);
	put_languages(w, r->languages);
	jw_key(w, S("muting_expires_at"));
	jw_time(w, r->mute_expires_at);
	jw_kstr(w, S("note"), r->note);
	jw_close(w, '}');
}
