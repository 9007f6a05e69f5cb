/* SPDX-License-Identifier: MIT */
/* Custom emoji, and what this server has none of but clients ask for: answered empty, in the right
 * shape. */
#include "api/own.h"

#include "api/entity.h"
#include "base/conf.h"

static void put_media_url(struct jw *w, struct str key, struct str path)
{
	SCOPED_BUF url = BUF_EMPTY;
	buf_put(&url, conf_base_url());
	buf_put(&url, S("/media/"));
	buf_put(&url, path);
	jw_kstr(w, key, buf_str(&url));
}

void entity_emoji(struct jw *w, const struct emoji *e)
{
	jw_open(w, '{');
	jw_kstr(w, S("shortcode"), e->shortcode);
	put_media_url(w, S("url"), e->file);
	put_media_url(w, S("static_url"), e->still);
	jw_kbool(w, S("visible_in_picker"), e->listed);
	jw_key(w, S("category"));
	if (e->category.len > 0)
		jw_str(w, e->category);
	else
		jw_null(w);
	jw_close(w, '}');
}

void entity_emojis(struct jw *w, const struct emojis *list)
{
	jw_open(w, '[');
	for (size_t i = 0; i < list->n; i++)
		entity_emoji(w, &list->at[i]);
	jw_close(w, ']');
}

void entity_rule(struct jw *w, const struct rule *rule)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), rule->id);
	jw_kstr(w, S("text"), rule->text);
	jw_kstr(w, S("hint"), rule->hint);
	jw_key(w, S("translations"));
	jw_raw(w, S("{}"));
	jw_close(w, '}');
}

enum err on_custom_emojis(struct req *r, struct answer *out)
{
	struct emojis all = emoji_list(r->db, r->a);
	struct jw w = {.out = out->body};
	entity_emojis(&w, &all);
	return OK;
}

enum err on_annual_reports(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("{\"annual_reports\":[],\"accounts\":[],\"statuses\":[]}"));
	return OK;
}

enum err on_annual_report_state(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("{\"state\":\"ineligible\"}"));
	return OK;
}

enum err on_annual_report_nothing(struct req *r, struct tx *tx, struct answer *out)
{
	(void)r;
	(void)tx;
	buf_put(out->body, S("{}"));
	return OK;
}

enum err on_collections(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("{\"collections\":[]}"));
	return OK;
}

enum err on_not_here(struct req *r, struct answer *out)
{
	(void)r, (void)out;
	return ERR_NOT_FOUND;
}
