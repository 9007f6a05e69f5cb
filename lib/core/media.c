/* SPDX-License-Identifier: MIT */
/* Rows of media: reading them, and tying them to what shows them. */
#include "core/media.h"

#include "core/in40.h"

#define COLUMNS \
	"id, account, coalesce(kwip, 0), coalesce(scheduled, 0), place, role, state, kind, bytes, duration_ms," \
	" width, height, preview_width, preview_height, focus_x, focus_y, type, file, preview, blurhash," \
	" description, remote_url, why, coalesce(parent, 0)"

static struct media read_row(struct db_row *row, struct arena *a)
{
	return (struct media){
		.id = db_i64(row, 0),
		.account = db_i64(row, 1),
		.kwip = db_i64(row, 2),
		.scheduled = db_i64(row, 3),
		.place = (int)db_i64(row, 4),
		.role = (enum media_role)db_i64(row, 5),
		.state = (enum media_state)db_i64(row, 6),
		.kind = (enum media_kind)db_i64(row, 7),
		.bytes = db_i64(row, 8),
		.duration_ms = db_i64(row, 9),
		.width = (int)db_i64(row, 10),
		.height = (int)db_i64(row, 11),
		.preview_width = (int)db_i64(row, 12),
		.preview_height = (int)db_i64(row, 13),
		.focus_x = (int)db_i64(row, 14),
		.focus_y = (int)db_i64(row, 15),
		.type = db_str(row, 16, a),
		.file = db_str(row, 17, a),
		.preview = db_str(row, 18, a),
		.blurhash = db_str(row, 19, a),
		.description = db_str(row, 20, a),
		.remote_url = db_str(row, 21, a),
		.why = db_str(row, 22, a),
		.parent = db_i64(row, 23),
	};
}

bool media_get(struct db *db, struct arena *a, int64_t id, struct media *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM media WHERE id = ?", A(id)) {
		*out = read_row(&row, a);
		return true;
	}
	return false;
}

static void list_add(struct media_list *to, struct arena *a, struct media m)
{
	if ((to->n & (to->n - 1)) == 0) {
		struct media *more = arena_array(a, to->n ? 2 * to->n : 1, sizeof *more);
		if (to->n)
			memcpy(more, to->at, to->n * sizeof *more);
		to->at = more;
	}
	to->at[to->n++] = m;
}

struct media_list media_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n)
{
	enum { CHUNK = 40 };
	struct media_list out = {0};
	for (size_t at = 0; at < n; at += CHUNK) {
		struct db_arg args[CHUNK];
		ids_args(args, kwips + at, n - at < CHUNK ? n - at : CHUNK);
		DB_EACH_ARGS(row, db,
			     "SELECT " COLUMNS " FROM media WHERE kwip IN (" IN40
			     ") ORDER BY kwip, place",
			     args, CHUNK)
		{
			list_add(&out, a, read_row(&row, a));
		}
	}
	return out;
}

struct media_list media_of_scheduled(struct db *db, struct arena *a, const int64_t *scheduled,
				     size_t n)
{
	struct media_list out = {0};
	for (size_t at = 0; at < n; at += IN_WIDTH) {
		struct db_arg args[IN_WIDTH];
		ids_args(args, scheduled + at, n - at);
		DB_EACH_ARGS(row, db,
			     "SELECT " COLUMNS " FROM media WHERE scheduled IN (" IN40
			     ") ORDER BY scheduled, place",
			     args, IN_WIDTH)
		{
			list_add(&out, a, read_row(&row, a));
		}
	}
	return out;
}

enum err media_check(struct db *db, int64_t account, int64_t kwip, const int64_t *ids, size_t n)
{
	if (n > MEDIA_PER_KWIP)
		return refuse("Validation failed: at most %d media fit on one kwip",
			      MEDIA_PER_KWIP);
	for (size_t i = 0; i < n; i++) {
		int64_t state = DB_I64(
			db, -1,
			"SELECT state FROM media WHERE id = ? AND account = ? AND role = 0 AND (kwip IS NULL OR kwip = ?)"
			" AND scheduled IS NULL",
			A(ids[i]), A(account), A(kwip));
		if (state < 0)
			return refuse("Validation failed: there is no such media, or it is in use");
		if (state != MEDIA_READY)
			return refuse("Cannot attach files that have not finished processing. "
				      "Try again in a moment!");
		for (size_t j = 0; j < i; j++)
			if (ids[j] == ids[i])
				return refuse("Validation failed: the same media twice");
	}
	return OK;
}

enum err media_attach(struct tx *tx, int64_t account, int64_t kwip, const int64_t *ids, size_t n)
{
	enum err e = media_check(tx_db(tx), account, kwip, ids, n);
	if (e)
		return e;
	TX_DO(tx, "UPDATE media SET kwip = NULL WHERE kwip = ?", A(kwip));
	for (size_t i = 0; i < n; i++)
		TX_DO(tx, "UPDATE media SET kwip = ?, place = ? WHERE id = ?", A(kwip), A((int)i),
		      A(ids[i]));
	TX_DO(tx, "UPDATE kwip SET media_count = ? WHERE id = ?", A((int64_t)n), A(kwip));
	return OK;
}
