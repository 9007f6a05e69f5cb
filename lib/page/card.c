/* SPDX-License-Identifier: MIT */
/*
 * A kwip and its author as HTML that is the same for every viewer. The timeline service keeps what
 * is made here; items.c makes it anew for what is not kept.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "page/handlers.h"
#include "pages.h"

enum { LONG_CHARS = 800, LONG_LINES = 8, CUT_BYTES = 4000, CUT_CHARS = 1000, HUES = 8 };

/* The letter drawn where there is no picture. */
static struct str first_letter(struct str shown)
{
	for (size_t i = 0; i < shown.len;) {
		size_t from = i;
		uint32_t c = utf8_next(shown, &i);
		if (utf8_is_word(c) && c != '_')
			return str_slice(shown, from, i);
	}
	return S("?");
}

static struct str media_url(struct arena *a, struct str path)
{
	return path.len ? text_join(a, S("/media/"), path) : path;
}

struct view_author author_view(struct arena *a, const struct account *who)
{
	struct str url = url_account(a, who->name, who->domain);
	struct str shown = who->display_name.len ? who->display_name : who->name;
	return (struct view_author){
		.url = url,
		.display_name = shown,
		.shown_name = markup_line(a, shown, &who->emojis),
		.handle = who->domain.len
				  ? arena_printf(a, "@%.*s@%.*s", (int)who->name.len, who->name.at,
						 (int)who->domain.len, who->domain.at)
				  : arena_printf(a, "@%.*s", (int)who->name.len, who->name.at),
		.avatar = media_url(a, who->avatar),
		.letter = first_letter(shown),
		.hue = (int)(((uint64_t)who->id * 0x9e3779b97f4a7c15u) >> 61) % HUES,
	};
}

void page_author_html(struct buf *out, const struct account *who)
{
	SCOPED_ARENA a = arena_new();
	struct view_author v = author_view(a, who);
	page_author(out, &v);
}

struct html author_html(struct arena *a, const struct account *who)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct view_author v = author_view(a, who);
	page_author(&b, &v);
	return html_trusted_card(arena_str(a, buf_str(&b)));
}

static bool is_long(struct str body)
{
	int lines = 1;
	for (size_t i = 0; i < body.len; i++)
		lines += body.at[i] == '\n';
	return lines > LONG_LINES || (body.len > LONG_CHARS && utf8_chars(body) > LONG_CHARS);
}

/* The beginning of a text, cut between words, so that no link or name is torn. */
static struct str beginning(struct arena *a, struct str body)
{
	struct str head = utf8_prefix(body, CUT_CHARS);
	for (size_t i = head.len; i > head.len / 2; i--) {
		if (head.at[i - 1] == ' ' || head.at[i - 1] == '\n') {
			head = str_slice(head, 0, i - 1);
			break;
		}
	}
	return text_join(a, head, S(" \xe2\x80\xa6"));
}

static struct str visibility_words(enum visibility v)
{
	static const struct str words[] = {S_INIT(""), S_INIT("unlisted"), S_INIT("followers only"),
					   S_INIT("only the people named")};
	return words[v];
}

static struct str reply_url(struct arena *a, const struct kwip *k)
{
	long long id = (long long)k->reply_to;
	struct str who = url_account(a, k->reply_to_name, S(""));
	return text_join(a, who, arena_printf(a, "/%lld#k%lld", id, id));
}

static struct view_card view_of(struct arena *a, const struct kwip *k, bool whole)
{
	bool cut = !whole && k->body.len > CUT_BYTES;
	struct view_card v = {
		.id = k->id,
		.url = url_kwip(a, k),
		.language = k->language,
		.iso = time_iso(a, id_ms(k->id)),
		.human = time_human(a, id_ms(k->id)),
		.visibility = visibility_words(k->visibility),
		.app = k->app == APP_WEB || k->app == APP_API ? S("") : k->app_name,
		.warning = k->warning,
		.warning_shown = markup_line(a, k->warning, &k->emojis),
		.text = markup_shown(a, cut ? beginning(a, k->body) : k->body, k->mentions,
				     &k->emojis),
		.comments = k->comments_count,
		.boosts = k->boosts_count,
		.favourites = k->favourites_count,
		.said = k->repeats_count ? k->repeats_count + 1 : 0,
		.media = media_view(a, k),
		.preview = preview_view(a, k),
		.hidden = k->warning.len > 0 || (k->sensitive && k->n_media == 0),
		.hidden_media = (k->sensitive || k->who->sensitized) && k->warning.len == 0 &&
				k->n_media > 0,
		.is_long = !whole && is_long(k->body),
		.is_cut = cut,
		.is_reply = k->reply_to != 0 || k->conversation != k->id,
		.to_root = k->reply_to == k->conversation,
	};
	if (k->edited_at) {
		v.edited_iso = time_iso(a, k->edited_at);
		v.edited_human = time_human(a, k->edited_at);
	}
	if (k->reply_to && k->reply_to_name.len) {
		v.reply_name = k->reply_to_name;
		v.reply_url = reply_url(a, k);
	}
	return v;
}

static struct str part(struct arena *a, void (*page)(struct buf *out, const struct view_card *v),
		       const struct view_card *v)
{
	SCOPED_BUF b = BUF_EMPTY;
	page(&b, v);
	return arena_str(a, buf_str(&b));
}

struct card card_view(struct arena *a, const struct kwip *k, bool whole)
{
	struct card c = card_of_kwip(k);
	if (k->boost_of)
		return c;
	struct view_card v = view_of(a, k, whole);
	c.flags |= v.is_cut ? CARD_CUT : 0;
	c.part[0] = part(a, page_card_start, &v);
	c.part[1] = part(a, page_card_middle, &v);
	c.part[2] = part(a, page_card_foot, &v);
	return c;
}

void page_card_make(struct buf *out, struct arena *a, const struct kwip *k)
{
	struct card c = card_view(a, k, false);
	card_pack(out, &c);
}
