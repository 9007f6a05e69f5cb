/* SPDX-License-Identifier: MIT */
/*
 * What all pages share: the frame around them, addresses, times, finding the person a path names,
 * and the page that tells of an error.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "core/signup.h"
#include "page/handlers.h"
#include "pages.h"

struct str text_join(struct arena *a, struct str x, struct str y)
{
	char *to = arena_take(a, x.len + y.len + 1);
	if (x.len)
		memcpy(to, x.at, x.len);
	if (y.len)
		memcpy(to + x.len, y.at, y.len);
	return (struct str){to, x.len + y.len};
}

struct str url_part(struct arena *a, struct str s)
{
	SCOPED_BUF b = BUF_EMPTY;
	esc_url_part(&b, s);
	return arena_str(a, buf_str(&b));
}

struct str url_with(struct arena *a, struct str path, const char *key, int64_t id)
{
	struct str more = arena_printf(a, "?%s=%lld", key, (long long)id);
	return text_join(a, path, more);
}

/* A decoded path as it stands in a link: slashes, '@' and ':' stay readable. */
static struct str path_encoded(struct arena *a, struct str path)
{
	SCOPED_BUF b = BUF_EMPTY;
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];
		if (c == '/' || c == '@' || c == ':')
			buf_char(&b, c);
		else
			esc_url_part(&b, str_slice(path, i, i + 1));
	}
	return arena_str(a, buf_str(&b));
}

struct str path_here(struct req *r)
{
	return path_encoded(r->a, r->path);
}

/* What was just done is said once: it is no part of the page's address. */
struct str path_again(struct req *r)
{
	if (!r->route || r->route->method != METHOD_GET)
		return S("/");
	struct str path = path_here(r);
	return r->query.len && !str_starts(r->query, S("done="))
		       ? text_join(r->a, text_join(r->a, path, S("?")), r->query)
		       : path;
}

struct str time_iso(struct arena *a, int64_t at_ms)
{
	SCOPED_BUF b = BUF_EMPTY;
	put_time_iso(&b, at_ms);
	return arena_str(a, buf_str(&b));
}

struct str time_human(struct arena *a, int64_t at_ms)
{
	SCOPED_BUF b = BUF_EMPTY;
	put_time_human(&b, at_ms);
	return arena_str(a, buf_str(&b));
}

struct str url_account(struct arena *a, struct str name, struct str domain)
{
	struct str url = text_join(a, S("/@"), url_part(a, name));
	if (domain.len == 0)
		return url;
	return text_join(a, text_join(a, url, S("@")), url_part(a, domain));
}

struct str url_kwip(struct arena *a, const struct kwip *k)
{
	struct str who = url_account(a, k->who->name, k->who->domain);
	return text_join(a, who, arena_printf(a, "/%lld", (long long)k->id));
}

struct str url_done(struct arena *a, struct str url, const char *what)
{
	struct str before = url, after = S("");
	ptrdiff_t mark = str_find(url, S("#"));
	if (str_find(url, S("?")) >= 0)
		return url;
	if (mark >= 0) {
		before = str_slice(url, 0, (size_t)mark);
		after = str_slice(url, (size_t)mark, SIZE_MAX);
	}
	return text_join(a, text_join(a, before, arena_printf(a, "?done=%s", what)), after);
}

static bool declares(const struct route *route, const char *name)
{
	const struct param *p = route ? route->params : NULL;
	while (p && p->name && strcmp(p->name, name) != 0)
		p++;
	return p && p->name;
}

/* Only our own sentences, and only to the person who did it: a link cannot put words on a page. */
struct str done_words(struct req *r)
{
	static const struct {
		struct str key, words;
	} table[] = {
		{S_INIT("welcome"), S_INIT("Welcome! Your account is ready.")},
		{S_INIT("edited"), S_INIT("Your change is saved.")},
		{S_INIT("deleted"), S_INIT("The kwip is deleted.")},
		{S_INIT("scheduled"), S_INIT("It will be said when its time has come.")},
		{S_INIT("kept"), S_INIT("Your draft is kept.")},
		{S_INIT("thrown"), S_INIT("It is thrown away.")},
		{S_INIT("moved"), S_INIT("It will be said at the new time.")},
		{S_INIT("saved"), S_INIT("Saved.")},
		{S_INIT("gone"), S_INIT("It is deleted.")},
		{S_INIT("profile"), S_INIT("Your profile is saved.")},
		{S_INIT("preferences"), S_INIT("Your preferences are saved.")},
		{S_INIT("password"),
		 S_INIT("Your password is changed; everywhere else you are logged out.")},
		{S_INIT("app"), S_INIT("The app has no access any more.")},
		{S_INIT("browser"), S_INIT("That browser is logged out.")},
		{S_INIT("sessions"), S_INIT("Everywhere else you are logged out.")},
	};
	if (r->viewer.account == 0 || !declares(r->route, "done"))
		return S("");
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_eq(param_str(r, "done"), table[i].key))
			return table[i].words;
	return S("");
}

/* On shared pages nothing may tell one visitor from another: csrf is empty there. */
struct view_top top_of(struct req *r, struct str title, enum section here)
{
	return (struct view_top){
		.title = title,
		.site = conf.name,
		.me = r->csrf.len ? r->viewer.name : S(""),
		.csrf = r->csrf,
		.back = path_again(r),
		.here = here,
		.unread = r->viewer.unread,
		.may_sign_up = signup_is_public(),
		.no_index = r->viewer.account != 0,
	};
}

enum err go_back(struct req *r, struct answer *out, struct str otherwise)
{
	struct str back = param_str(r, "back");
	answer_redirect(out, back.len ? back : otherwise);
	return OK;
}

enum err find_person(struct db *db, struct arena *a, struct str handle, struct account *out)
{
	struct str domain = handle, name = str_cut(&domain, '@');
	if (!account_find(db, a, name, domain.at ? domain : S(""), out) ||
	    out->state == ACCOUNT_PENDING)
		return ERR_NOT_FOUND;
	if (out->state == ACCOUNT_DELETED)
		return ERR_GONE;
	return out->state == ACCOUNT_ACTIVE ? OK : ERR_NOT_FOUND;
}

/* What the API says before its sentence is no word for people. */
struct str why_words(const struct req *r)
{
	struct str why = r->why, mark = S("Validation failed: ");
	if (str_starts(why, mark))
		why = str_slice(why, mark.len, why.len);
	return why.len ? why : S("That did not work.");
}

static struct str heading_of(int status)
{
	switch (status) {
	case 401:
		return S("Please log in");
	case 403:
		return S("That is not allowed");
	case 404:
		return S("Not here");
	case 405:
		return S("Not like that");
	case 410:
		return S("Gone");
	case 422:
		return S("That did not work");
	case 429:
		return S("Slow down, please");
	case 503:
		return S("Back in a moment");
	case 507:
		return S("No room left");
	default:
		return status < 500 ? S("That did not work") : S("Something went wrong here");
	}
}

static struct str words_of(int status, struct str why)
{
	if (status == 404)
		return S("There is nothing at this address, or it is not meant for you.");
	if (status == 410)
		return S("What was here has been removed.");
	return why;
}

enum err show_error(struct req *r, struct answer *out, int status, struct str heading,
		    struct str why)
{
	struct view_error v = {
		.top = top_of(r, heading, AT_NOWHERE),
		.status = status,
		.heading = heading,
		.why = why,
	};
	v.top.back = S("/");
	v.top.no_index = true;
	v.login = status == 401 && v.top.me.len == 0;
	out->status = status;
	page_error(out->body, &v);
	return OK;
}

void page_error_answer(struct req *r, int status, struct str why, struct answer *out)
{
	(void)show_error(r, out, status, heading_of(status), words_of(status, why));
}
