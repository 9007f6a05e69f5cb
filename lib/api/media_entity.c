/* SPDX-License-Identifier: MIT */
/* MediaAttachment and PreviewCard. */
#include "api/entity.h"
#include "base/conf.h"

static void put_url(struct jw *w, struct str key, struct str path)
{
	jw_key(w, key);
	if (path.len == 0) {
		jw_null(w);
		return;
	}
	SCOPED_BUF url = BUF_EMPTY;
	buf_put(&url, conf_base_url());
	buf_put(&url, S("/media/"));
	buf_put(&url, path);
	jw_str(w, buf_str(&url));
}

static void put_text(struct jw *w, struct str key, struct str text)
{
	jw_key(w, key);
	if (text.len > 0)
		jw_str(w, text);
	else
		jw_null(w);
}

/* n thousandths as a decimal. */
static void put_thousandths(struct buf *out, int64_t n)
{
	if (n < 0)
		buf_char(out, '-');
	n = n < 0 ? -n : n;
	buf_i64(out, n / 1000);
	if (n % 1000 == 0)
		return;
	buf_char(out, '.');
	buf_char(out, (char)('0' + n % 1000 / 100));
	buf_char(out, (char)('0' + n % 100 / 10));
	buf_char(out, (char)('0' + n % 10));
}

static void put_ratio(struct jw *w, struct str key, int64_t thousandths)
{
	SCOPED_BUF number = BUF_EMPTY;
	put_thousandths(&number, thousandths);
	jw_key(w, key);
	jw_raw(w, buf_str(&number));
}

static void put_size(struct jw *w, struct arena *a, struct str key, int width, int height)
{
	if (width <= 0 || height <= 0)
		return;
	jw_key(w, key);
	jw_open(w, '{');
	jw_ki64(w, S("width"), width);
	jw_ki64(w, S("height"), height);
	jw_kstr(w, S("size"), arena_printf(a, "%dx%d", width, height));
	jw_key(w, S("aspect"));
	jw_raw(w, arena_printf(a, "%.8g", (double)width / height));
	jw_close(w, '}');
}

static void put_meta(struct jw *w, struct arena *a, const struct media *m)
{
	jw_key(w, S("meta"));
	if (m->state != MEDIA_READY) {
		jw_null(w);
		return;
	}
	jw_open(w, '{');
	if (m->kind == MEDIA_IMAGE || m->kind == MEDIA_GIFV) {
		jw_key(w, S("focus"));
		jw_open(w, '{');
		put_ratio(w, S("x"), m->focus_x);
		put_ratio(w, S("y"), m->focus_y);
		jw_close(w, '}');
	}
	put_size(w, a, S("original"), m->width, m->height);
	put_size(w, a, S("small"), m->preview_width, m->preview_height);
	if (m->duration_ms > 0)
		put_ratio(w, S("duration"), m->duration_ms);
	jw_close(w, '}');
}

/* "gifv" is a silent film to every client, which gives it to its player; ours is a picture still.
 */
void entity_media(struct jw *w, struct arena *a, const struct media *m)
{
	static const struct str kinds[] = {
		[MEDIA_UNKNOWN] = S_INIT("unknown"), [MEDIA_IMAGE] = S_INIT("image"),
		[MEDIA_GIFV] = S_INIT("image"),      [MEDIA_VIDEO] = S_INIT("video"),
		[MEDIA_AUDIO] = S_INIT("audio"),
	};
	bool ready = m->state == MEDIA_READY;
	jw_open(w, '{');
	jw_kid(w, S("id"), m->id);
	jw_kstr(w, S("type"), kinds[m->kind]);
	put_url(w, S("url"), ready ? m->file : S(""));
	put_url(w, S("preview_url"), ready ? m->preview : S(""));
	put_text(w, S("remote_url"), m->remote_url);
	jw_knull(w, S("preview_remote_url"));
	jw_knull(w, S("text_url"));
	put_meta(w, a, m);
	put_text(w, S("description"), m->description);
	put_text(w, S("blurhash"), m->blurhash);
	jw_close(w, '}');
}

static void open_author(struct jw *w, const struct preview *p)
{
	jw_key(w, S("authors"));
	jw_open(w, '[');
	jw_open(w, '{');
	jw_kstr(w, S("name"), p->author_name);
	jw_kstr(w, S("url"), p->author_url);
	jw_key(w, S("account"));
}

/* What a photo shows is our small copy of it; nothing foreign is ever embedded. */
static void put_picture(struct jw *w, const struct preview *p)
{
	jw_kstr(w, S("html"), S(""));
	jw_ki64(w, S("width"), p->width);
	jw_ki64(w, S("height"), p->height);
	put_url(w, S("image"), p->image);
	jw_kstr(w, S("image_description"), p->image_description);
	if (p->kind == PREVIEW_PHOTO && p->image.len > 0)
		put_url(w, S("embed_url"), p->image);
	else
		jw_kstr(w, S("embed_url"), S(""));
	put_text(w, S("blurhash"), p->blurhash);
}

static void put_words(struct jw *w, const struct preview *p)
{
	static const struct str kinds[] = {
		[PREVIEW_LINK] = S_INIT("link"),
		[PREVIEW_PHOTO] = S_INIT("photo"),
		[PREVIEW_VIDEO] = S_INIT("video"),
		[PREVIEW_RICH] = S_INIT("rich"),
	};
	jw_kstr(w, S("url"), p->url);
	jw_kstr(w, S("title"), p->title);
	jw_kstr(w, S("description"), p->description);
	put_text(w, S("language"), p->language);
	jw_kstr(w, S("type"), kinds[p->kind]);
	jw_kstr(w, S("author_name"), p->author_name);
	jw_kstr(w, S("author_url"), p->author_url);
	jw_kstr(w, S("provider_name"), p->provider_name);
	jw_kstr(w, S("provider_url"), p->provider_url);
	put_picture(w, p);
	jw_key(w, S("published_at"));
	jw_time(w, p->published_at);
}

void entity_preview_members(struct jw *w, const struct preview *p)
{
	put_words(w, p);
	if (p->author_name.len == 0 && p->author_url.len == 0) {
		jw_key(w, S("authors"));
		jw_raw(w, S("[]"));
		return;
	}
	open_author(w, p);
	jw_null(w);
	jw_close(w, '}');
	jw_close(w, ']');
}

void entity_preview_open(struct jw *w, const struct preview *p)
{
	jw_open(w, '{');
	put_words(w, p);
	open_author(w, p);
}

void entity_preview(struct jw *w, const struct preview *p)
{
	jw_open(w, '{');
	entity_preview_members(w, p);
	jw_close(w, '}');
}
