/* SPDX-License-Identifier: MIT */
/*
 * Feeds of everyone and of one person: Atom (RFC 4287), with the number and time of comments (RFC
 * 4685) and links to the next page (RFC 5005). What a visitor may read, newest first.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "page/handlers.h"

static void put_element(struct buf *b, struct str name, struct str value)
{
	buf_char(b, '<');
	buf_put(b, name);
	buf_char(b, '>');
	esc_xml(b, value);
	buf_put(b, S("</"));
	buf_put(b, name);
	buf_put(b, S(">\n"));
}

static void put_time(struct buf *b, struct str name, int64_t at_ms)
{
	SCOPED_BUF t = BUF_EMPTY;
	put_time_iso(&t, at_ms);
	put_element(b, name, buf_str(&t));
}

static void put_link(struct buf *b, struct str rel, struct str type, struct str url)
{
	buf_put(b, S("<link rel=\""));
	buf_put(b, rel);
	buf_put(b, S("\" type=\""));
	buf_put(b, type);
	buf_put(b, S("\" href=\""));
	esc_xml(b, url);
	buf_put(b, S("\"/>\n"));
}

static void put_author(struct buf *b, struct req *r, const struct account *who)
{
	struct str shown = who->display_name.len ? who->display_name : who->name;
	buf_put(b, S("<author>"));
	put_element(b, S("name"), shown);
	put_element(b, S("uri"),
		    text_join(r->a, r->base_url, url_account(r->a, who->name, who->domain)));
	buf_put(b, S("</author>\n"));
}

static void put_replies(struct buf *b, const struct kwip *k, struct str url)
{
	if (k->comments_count == 0)
		return;
	buf_put(b, S("<link rel=\"replies\" type=\"text/html\" href=\""));
	esc_xml(b, url);
	buf_put(b, S("#comments\" thr:count=\""));
	buf_i64(b, k->comments_count);
	buf_put(b, S("\" thr:updated=\""));
	put_time_iso(b, id_ms(k->activity));
	buf_put(b, S("\"/>\n"));
}

static void put_content(struct buf *b, struct req *r, const struct kwip *k)
{
	buf_put(b, S("<content type=\"html\""));
	if (k->language.len) {
		buf_put(b, S(" xml:lang=\""));
		esc_xml(b, k->language);
		buf_char(b, '"');
	}
	buf_char(b, '>');
	esc_xml(b, markup_html(r->a, k->body, k->mentions, r->base_url).s);
	buf_put(b, S("</content>\n"));
}

/* A kwip behind a warning shows the warning: readers of feeds have nothing to click. */
static void put_entry(struct buf *b, struct req *r, const struct kwip *k)
{
	struct str url = text_join(r->a, r->base_url, url_kwip(r->a, k));
	struct str title = markup_excerpt(r->a, k->warning.len ? k->warning : k->body, 80);
	buf_put(b, S("<entry>\n"));
	put_element(b, S("id"), k->uri.len ? k->uri : url);
	put_element(b, S("title"), title.len ? title : S("…"));
	put_time(b, S("published"), id_ms(k->id));
	put_time(b, S("updated"), k->edited_at ? k->edited_at : id_ms(k->id));
	put_author(b, r, k->who);
	put_link(b, S("alternate"), S("text/html"), url);
	put_replies(b, k, url);
	for (size_t i = 0; i < k->n_tags; i++) {
		buf_put(b, S("<category term=\""));
		esc_xml(b, k->tags[i]);
		buf_put(b, S("\"/>\n"));
	}
	if (k->warning.len)
		put_element(b, S("summary"), k->warning);
	else
		put_content(b, r, k);
	buf_put(b, S("</entry>\n"));
}

static int64_t updated_at(const struct kwips *list, int64_t otherwise)
{
	int64_t newest = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct kwip *k = &list->at[i];
		int64_t at = k->edited_at ? k->edited_at : id_ms(k->id);
		newest = at > newest ? at : newest;
	}
	return newest ? newest : otherwise;
}

struct feed_head {
	struct str title, path; /* of the page it follows; the feed lies below it */
	const struct account *who;
	int64_t empty_at; /* "updated" of a feed without entries */
};

static enum err put_feed(struct req *r, struct answer *out, const struct feed_head *h,
			 struct ids ids)
{
	struct buf *b = out->body;
	struct kwips list = kwips_load(r->db, r->a, ids.at, ids.n);
	struct str page = text_join(r->a, r->base_url, h->path),
		   self = text_join(r->a, page, S("/feed.atom"));
	struct str atom = S("application/atom+xml");
	out->type = S("application/atom+xml; charset=utf-8");
	buf_put(b,
		S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\""
		  " xmlns:thr=\"http://purl.org/syndication/thread/1.0\">\n"));
	put_element(b, S("id"), self);
	put_element(b, S("title"), h->title);
	put_time(b, S("updated"), updated_at(&list, h->empty_at));
	put_link(b, S("alternate"), S("text/html"), page);
	put_link(b, S("self"), atom,
		 r->query.len ? text_join(r->a, r->base_url, path_again(r)) : self);
	if (ids.n == PAGE_KWIPS)
		put_link(b, S("next"), atom, url_with(r->a, self, "max_id", ids.cursor[ids.n - 1]));
	if (h->who)
		put_author(b, r, h->who);
	for (size_t i = 0; i < list.n; i++)
		put_entry(b, r, &list.at[i]);
	buf_put(b, S("</feed>\n"));
	return OK;
}

enum err on_feed_everyone(struct req *r, struct answer *out)
{
	struct feed_head h = {.title = conf.name, .path = S("/everyone")};
	return put_feed(r, out, &h,
			timeline_everyone(r->db, r->a, span_of(r, ORDER_RECENT), 0, false));
}

enum err on_feed_account(struct req *r, struct answer *out)
{
	struct account who;
	enum err e = find_person(r->db, r->a, param_str(r, "name"), &who);
	if (e != OK)
		return e;
	struct feed_head h = {
		.title = who.display_name.len ? who.display_name : who.name,
		.path = url_account(r->a, who.name, who.domain),
		.who = &who,
		.empty_at = id_ms(who.id),
	};
	return put_feed(r, out, &h,
			timeline_account(r->db, r->a, span_of(r, ORDER_RECENT), 0, who.id,
					 PART_KWIPS, false));
}
