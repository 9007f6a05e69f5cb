/* SPDX-License-Identifier: MIT */
/*
 * Link previews: the first of a kwip's links whose page says what it is. Each URL is fetched once,
 * however many kwips name it, and again only after two weeks. One errand goes to the page, to what
 * its site says of it by oEmbed, and to its picture, and only then writes anything down: a crash
 * on the way leaves nothing half done. The picture's bytes go to the spool, for the media service:
 * here nobody looks at them.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/preview.h"
#include "net/html_meta.h"
#include "net/oembed.h"
#include "store/spool.h"
#include "svc/courier.h"

enum {
	ATTEMPTS_MAX = 4,
	FIRST_MS = 20000,
	TIMEOUT_MS = 20000,
	MORE_TIMEOUT_MS = 10000, /* of what is nice to have: oEmbed, the picture */
	PAGE_MAX = 1 << 20,
	OEMBED_MAX = 64 << 10,
	PICTURE_MAX = 4 << 20,
	REDIRECTS_MAX = 3,
	AGAIN_HOURS = 14 * 24,
	NOTHING_HOURS = 24
};

static bool is_fresh(const struct preview_known *k)
{
	int64_t hours = k->state == PREVIEW_READY ? AGAIN_HOURS : NOTHING_HOURS;
	return k->id != 0 && k->fetched_at > clock_ms() - hours * 3600 * 1000;
}

/* What a page, and then its site, said. */
struct found {
	struct preview p;
	struct str image, oembed; /* URLs still to be fetched, "" for none */
	struct str picture;       /* its name in the spool */
};

/* What is to be written to the main database: what was found, or else which preview to attach. */
struct result {
	struct trip *t;
	struct found *found;
	int64_t attach;
};

static enum err write_run(struct tx *tx, void *arg)
{
	struct result *r = arg;
	struct found *f = r->found;
	int64_t kwip = r->t->e.subject, media = 0;
	if (!f) {
		preview_attach(tx, kwip, r->attach);
		return OK;
	}
	int64_t id = preview_store(tx, &f->p, f->picture.len > 0);
	if (f->p.state == PREVIEW_READY)
		preview_attach(tx, kwip, id);
	enum err e = OK;
	if (f->picture.len > 0)
		e = preview_picture_add(tx, kwip, id, &media);
	/* Names change last, when nothing else can go wrong but the disk. */
	return e == OK && media ? spool_keep(r->t->a, conf.dir, &f->picture, media) : e;
}

static bool write_down(struct trip *t, struct result *r)
{
	r->t = t;
	enum err e = tx_run(t->courier->main, write_run, r);
	if (e != OK)
		log_warn("a link preview cannot be kept: %s", err_name(e));
	return e == OK;
}

static struct str origin_of(struct str url)
{
	ptrdiff_t at = str_find(url, S("://"));
	size_t end = at < 0 ? 0 : (size_t)at + 3;
	while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#')
		end++;
	return str_slice(url, 0, end);
}

static bool is_html(struct str type)
{
	struct str name = str_trim(str_cut(&type, ';'));
	return str_eq_nocase(name, S("text/html")) ||
	       str_eq_nocase(name, S("application/xhtml+xml"));
}

/* PREVIEW_NONE when the page says nothing of use. */
static void read_page(struct trip *t, const struct fetch_answer *answer, struct found *f)
{
	struct html_meta m;
	f->p = (struct preview){.url = t->url, .state = PREVIEW_NONE};
	bool good = answer->err == OK && answer->status >= 200 && answer->status < 300 &&
		    is_html(answer->type) && html_meta_read(t->a, answer->type, answer->body, &m) &&
		    m.title.len > 0;
	if (!good)
		return;
	f->p = (struct preview){
		.url = t->url,
		.state = PREVIEW_READY,
		.title = m.title,
		.description = m.description,
		.author_name = m.author_name,
		.author_url = m.author_url,
		.provider_name = m.provider_name,
		.image_description = m.image_description,
		.language = m.language,
		.published_at = m.published_at,
		.author = preview_author(t->courier->db, m.creator, conf_base_url()),
		.author_host = arena_str(t->a, fetch_host(answer->url)),
	};
	if (m.provider_name.len > 0)
		f->p.provider_url = arena_str(t->a, origin_of(answer->url));
	f->image = fetch_resolve(t->a, answer->url, m.image);
	f->oembed = fetch_resolve(t->a, answer->url, m.oembed);
}

static void prefer(struct str *to, struct str said)
{
	if (said.len > 0)
		*to = said;
}

/*
 * The site knows its page better than the page's head does. Of its kinds only a photo makes a
 * difference: films and the rest would need their foreign player, and stay links.
 */
static void read_oembed(struct trip *t, const struct fetch_answer *answer)
{
	struct found *f = t->found;
	struct oembed o;
	if (answer->err != OK || answer->status != 200 || !oembed_read(t->a, answer->body, &o))
		return;
	prefer(&f->p.title, o.title);
	prefer(&f->p.provider_name, o.provider_name);
	prefer(&f->p.provider_url, o.provider_url);
	if (o.author_name.len > 0) {
		f->p.author_name = o.author_name;
		f->p.author_url = o.author_url;
	}
	struct str image = fetch_resolve(t->a, answer->url, o.image);
	if (o.kind == OEMBED_PHOTO && image.len > 0)
		f->p.kind = PREVIEW_PHOTO;
	if (o.kind == OEMBED_PHOTO || f->image.len == 0)
		prefer(&f->image, image);
}

static bool may_help_later(const struct fetch_answer *answer)
{
	if (answer->err != OK)
		return answer->err == ERR_REMOTE;
	return answer->status == 408 || answer->status == 429 || answer->status >= 500;
}

/* The end of a trip; with nothing there the errand goes on to the kwip's next link. */
static void finish(struct trip *t)
{
	struct result r = {.found = t->found};
	struct str spooled = t->found->picture;
	if (!write_down(t, &r)) {
		if (spooled.len > 0)
			spool_drop(t->a, conf.dir, t->found->picture);
		courier_retry(t, courier_backoff(t, FIRST_MS, 3));
	} else if (t->found->p.state == PREVIEW_READY) {
		courier_done(t);
	} else {
		courier_retry(t, 0);
	}
}

/* A preview without its picture is one too, so nothing is tried again for it. */
static void on_picture(void *arg, const struct fetch_answer *answer)
{
	struct trip *t = arg;
	log_debug("picture of a preview: %d %s", answer->status, answer->why);
	if (answer->err == OK && answer->status == 200 && answer->body.len > 0 &&
	    spool_write(t->a, conf.dir, answer->body, &t->found->picture) != OK)
		t->found->picture = S("");
	finish(t);
}

static void fetch_picture(struct trip *t)
{
	const struct str headers[] = {
		S_INIT("Accept: image/jpeg, image/png, image/webp, image/gif, image/*;q=0.1")};
	struct fetch_ask ask = {.url = t->found->image,
				.headers = headers,
				.n_headers = 1,
				.body_max = PICTURE_MAX,
				.timeout_ms = MORE_TIMEOUT_MS,
				.redirects_max = REDIRECTS_MAX};
	if (t->found->image.len > 0)
		courier_fly_on(t, &ask, on_picture);
	else
		finish(t);
}

static void on_oembed(void *arg, const struct fetch_answer *answer)
{
	struct trip *t = arg;
	log_debug("oEmbed of a preview: %d %s", answer->status, answer->why);
	read_oembed(t, answer);
	fetch_picture(t);
}

static void fetch_oembed(struct trip *t)
{
	const struct str headers[] = {S_INIT("Accept: application/json")};
	struct fetch_ask ask = {.url = t->found->oembed,
				.headers = headers,
				.n_headers = 1,
				.body_max = OEMBED_MAX,
				.timeout_ms = MORE_TIMEOUT_MS,
				.redirects_max = REDIRECTS_MAX};
	courier_fly_on(t, &ask, on_oembed);
}

static void on_page(void *arg, const struct fetch_answer *answer)
{
	struct trip *t = arg;
	log_debug("preview of kwip %lld: %d %s", (long long)t->e.subject, answer->status,
		  answer->why);
	if (may_help_later(answer) && t->e.attempts + 1 < ATTEMPTS_MAX) {
		int64_t asked_ms = answer->retry_after_s * 1000;
		int64_t wait_ms = courier_backoff(t, FIRST_MS, 3);
		courier_retry(t, asked_ms > wait_ms && asked_ms < 3600000 ? asked_ms : wait_ms);
		return;
	}
	t->found = arena_take(t->a, sizeof *t->found);
	*t->found = (struct found){.oembed = S("")};
	read_page(t, answer, t->found);
	if (t->found->oembed.len > 0)
		fetch_oembed(t);
	else
		fetch_picture(t);
}

static enum verdict fetch(struct trip *t, struct str url)
{
	const struct str headers[] = {S_INIT("Accept: text/html, application/xhtml+xml;q=0.9")};
	struct courier *c = t->courier;
	if (courier_is_flying(c, url) || !fetcher_has_room(c->fetcher, url))
		return VERDICT_LATER;
	t->url = arena_str(t->a, url);
	struct fetch_ask ask = {.url = t->url,
				.headers = headers,
				.n_headers = 1,
				.body_max = PAGE_MAX,
				.may_cut = true,
				.timeout_ms = TIMEOUT_MS,
				.redirects_max = REDIRECTS_MAX};
	return courier_fly(t, &ask, on_page) ? VERDICT_FLYING : VERDICT_LATER;
}

enum verdict preview_start(struct trip *t)
{
	enum { TRIES = ATTEMPTS_MAX * PREVIEW_LINKS_MAX };
	struct courier *c = t->courier;
	struct preview_links links = preview_links(c->db, t->a, t->e.subject, conf_base_url());
	struct result r = {.found = NULL};
	for (size_t i = 0; i < links.n && t->e.attempts < TRIES; i++) {
		struct preview_known k = preview_known(c->db, links.url[i]);
		if (!is_fresh(&k))
			return fetch(t, links.url[i]);
		if (k.state != PREVIEW_READY)
			continue;
		r.attach = k.id;
		break;
	}
	if (db_err(c->db) != OK)
		return VERDICT_LATER;
	return links.author == 0 || write_down(t, &r) ? VERDICT_OVER : VERDICT_LATER;
}
