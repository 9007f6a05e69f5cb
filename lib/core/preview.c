/* SPDX-License-Identifier: MIT */
/* Link previews: reading them. What the courier writes is in preview_make.c. */
#include "core/preview.h"

#include "core/account.h"
#include "core/in40.h"

#define COLUMNS \
	"p.id, p.state, p.kind, p.width, p.height, coalesce(p.published_at, 0), p.url, p.title, p.description," \
	" p.author_name, p.author_url, p.provider_name, p.provider_url, p.image, p.image_description," \
	" p.blurhash, p.language, coalesce(p.author, 0), p.author_host"

static struct preview read_row(struct db_row *row, struct arena *a)
{
	return (struct preview){
		.id = db_i64(row, 0),
		.state = (enum preview_state)db_i64(row, 1),
		.kind = (enum preview_kind)db_i64(row, 2),
		.width = (int)db_i64(row, 3),
		.height = (int)db_i64(row, 4),
		.published_at = db_i64(row, 5),
		.url = db_str(row, 6, a),
		.title = db_str(row, 7, a),
		.description = db_str(row, 8, a),
		.author_name = db_str(row, 9, a),
		.author_url = db_str(row, 10, a),
		.provider_name = db_str(row, 11, a),
		.provider_url = db_str(row, 12, a),
		.image = db_str(row, 13, a),
		.image_description = db_str(row, 14, a),
		.blurhash = db_str(row, 15, a),
		.language = db_str(row, 16, a),
		.author = db_i64(row, 17),
		.author_host = db_str(row, 18, a),
	};
}

struct previews previews_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n)
{
	enum { CHUNK = 40 };
	struct previews out = {.at = arena_array(a, n, sizeof *out.at)};
	for (size_t at = 0; at < n; at += CHUNK) {
		struct db_arg args[CHUNK];
		ids_args(args, kwips + at, n - at < CHUNK ? n - at : CHUNK);
		DB_EACH_ARGS(row, db,
			     "SELECT " COLUMNS
			     ", k.kwip FROM kwip_preview k JOIN preview p ON p.id = k.preview"
			     " WHERE k.kwip IN (" IN40 ") AND p.state = 1",
			     args, CHUNK)
		{
			out.at[out.n] = read_row(&row, a);
			out.at[out.n++].kwip = db_i64(&row, 19);
		}
	}
	return out;
}

struct previews previews_load(struct db *db, struct arena *a, const int64_t *ids, size_t n)
{
	struct db_arg args[IN_WIDTH];
	struct previews out = {.at = arena_array(a, n, sizeof *out.at)};
	struct preview *found = arena_array(a, IN_WIDTH, sizeof *found);
	size_t known = 0;
	ids_args(args, ids, n);
	DB_EACH_ARGS(row, db,
		     "SELECT " COLUMNS " FROM preview p WHERE p.id IN (" IN40 ") AND p.state = 1",
		     args, IN_WIDTH)
	found[known++] = read_row(&row, a);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < known; j++)
			if (found[j].id == ids[i])
				out.at[out.n++] = found[j];
	return out;
}

static bool is_own(struct str url, struct str base)
{
	return str_starts(url, base) && (url.len == base.len || url.at[base.len] == '/' ||
					 url.at[base.len] == '?' || url.at[base.len] == '#');
}

struct preview_links preview_links(struct db *db, struct arena *a, int64_t kwip, struct str base)
{
	struct preview_links out = {0};
	out.author = DB_I64(db, 0, "SELECT author FROM kwip WHERE id = ?", A(kwip));
	out.attached = DB_I64(db, 0, "SELECT 1 FROM kwip_preview WHERE kwip = ?", A(kwip)) != 0;
	DB_EACH(row, db, "SELECT url FROM link WHERE kwip = ? ORDER BY place LIMIT 10", A(kwip)) {
		struct str url = db_peek(&row, 0);
		if (out.n < PREVIEW_LINKS_MAX && !is_own(url, base))
			out.url[out.n++] = arena_str(a, url);
	}
	return out;
}

struct preview_known preview_known(struct db *db, struct str url)
{
	struct preview_known out = {0};
	DB_EACH(row, db, "SELECT id, state, fetched_at FROM preview WHERE url = ?", A(url)) {
		out = (struct preview_known){.id = db_i64(&row, 0),
					     .state = (enum preview_state)db_i64(&row, 1),
					     .fetched_at = db_i64(&row, 2)};
	}
	return out;
}

int64_t preview_author(struct db *db, struct str creator, struct str base)
{
	SCOPED_ARENA a = arena_new();
	struct account who;
	struct str host = creator.len && creator.at[0] == '@' ? str_slice(creator, 1, creator.len)
							      : creator;
	struct str name = str_cut(&host, '@'), here = base;
	ptrdiff_t at = str_find(here, S("://"));
	if (at >= 0)
		here = str_slice(here, (size_t)at + 3, here.len);
	if (name.len == 0 || !str_eq_nocase(host, here) || !account_find(db, a, name, S(""), &who))
		return 0;
	return who.state == ACCOUNT_ACTIVE ? who.id : 0;
}

/* Is host one of these domains, or below one? */
static bool is_within(struct str host, struct str domains)
{
	for (struct str rest = domains; rest.len > 0;) {
		struct str one = str_cut(&rest, ' ');
		if (one.len == 0 || one.len > host.len)
			continue;
		size_t before = host.len - one.len;
		if (str_eq_nocase(str_slice(host, before, host.len), one) &&
		    (before == 0 || host.at[before - 1] == '.'))
			return true;
	}
	return false;
}

struct credits credits_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n)
{
	struct credits out = {.at = arena_array(a, n, sizeof *out.at)};
	for (size_t at = 0; at < n; at += IN_WIDTH) {
		struct db_arg args[IN_WIDTH];
		ids_args(args, kwips + at, n - at);
		DB_EACH_ARGS(row, db,
			     "SELECT k.kwip, a.id, p.author_host, a.attribution FROM kwip_preview k"
			     " JOIN preview p ON p.id = k.preview JOIN account a ON a.id = p.author"
			     " WHERE k.kwip IN (" IN40 ") AND p.state = 1 AND a.state = 0",
			     args, IN_WIDTH)
		{
			out.at[out.n++] = (struct credit){
				.kwip = db_i64(&row, 0),
				.account = db_i64(&row, 1),
				.allowed = is_within(db_peek(&row, 2), db_peek(&row, 3)),
			};
		}
	}
	return out;
}
