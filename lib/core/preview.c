/* SPDX-License-Identifier: MIT */
/* Reading link previews. */
#include "core/preview.h"

#include "core/in40.h"

#define COLUMNS \
	"p.id, p.state, p.kind, p.width, p.height, coalesce(p.published_at, 0), p.url, p.title, p.description," \
	" p.author_name, p.author_url, p.provider_name, p.provider_url, p.image, p.image_description," \
	" p.blurhash, p.language"

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
			out.at[out.n++].kwip = db_i64(&row, 17);
		}
	}
	return out;
}
