/* SPDX-License-Identifier: MIT */
/*
 * Link previews: the first of a kwip's links whose page says what it is. Each URL is fetched once,
 * however many kwips name it, and again only after two weeks.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/preview.h"
#include "net/html_meta.h"
#include "svc/courier.h"

enum {
	ATTEMPTS_MAX = 4,
	FIRST_MS = 20000,
	TIMEOUT_MS = 20000,
	PAGE_MAX = 1 << 20,
	REDIRECTS_MAX = 3,
	AGAIN_HOURS = 14 * 24,
	NOTHING_HOURS = 24
};

static bool is_fresh(const struct preview_known *k)
{
	int64_t hours = k->state == PREVIEW_READY ? AGAIN_HOURS : NOTHING_HOURS;
	return k->id != 0 && k->fetched_at > clock_ms() - hours * 3600 * 1000;
}

/* What is to be written to the main database. */
struct result {
	struct preview p;
	int64_t kwip, attach;
	bool store; /* p, and attach that when it is ready */
};

static enum err write_run(struct tx *tx, void *arg)
{
	struct result *r = arg;
	if (!r->store) {
		preview_attach(tx, r->kwip, r->attach, false);
		return OK;
	}
	int64_t id = preview_store(tx, &r->p);
	if (r->p.state == PREVIEW_READY)
		preview_attach(tx, r->kwip, id, true);
	return OK;
}

static bool write_down(struct trip *t, struct result *r)
{
	r->kwip = t->e.subject;
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
static struct preview read_page(struct trip *t, const struct fetch_answer *answer)
{
	struct html_meta m;
	struct preview p = {.url = t->url, .state = PREVIEW_NONE};
	bool good = answer->err == OK && answer->status >= 200 && answer->status < 300 &&
		    is_html(answer->type) && html_meta_read(t->a, answer->type, answer->body, &m) &&
		    m.title.len > 0;
	if (!good)
		return p;
	p.state = PREVIEW_READY;
	p.title = m.title;
	p.description = m.description;
	p.author_name = m.author_name;
	p.author_url = m.author_url;
	p.provider_name = m.provider_name;
	if (m.provider_name.len > 0)
		p.provider_url = arena_str(t->a, origin_of(answer->url));
	p.language = m.language;
	p.published_at = m.published_at;
	return p;
}

static bool may_help_later(const struct fetch_answer *answer)
{
	if (answer->err != OK)
		return answer->err == ERR_REMOTE;
	return answer->status == 408 || answer->status == 429 || answer->status >= 500;
}

/* With nothing there the errand goes on to the kwip's next link. */
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
	struct result r = {.p = read_page(t, answer), .store = true};
	if (!write_down(t, &r))
		courier_retry(t, courier_backoff(t, FIRST_MS, 3));
	else if (r.p.state == PREVIEW_READY)
		courier_done(t);
	else
		courier_retry(t, 0);
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
	struct result r = {.attach = 0};
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
