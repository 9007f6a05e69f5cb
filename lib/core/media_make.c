/* SPDX-License-Identifier: MIT */
/*
 * How a medium comes to be and goes: uploaded, finished or failed, described, deleted, forgotten.
 * Rows only: the bytes are the spool's and the media service's.
 */
#include "core/media.h"

#include "base/utf8.h"
#include "core/preview.h"
#include "store/event.h"

enum { LOOSE_MS = 24 * 3600 * 1000 };

enum err media_description_check(struct str description)
{
	if (!utf8_ok(description))
		return refuse("Validation failed: the description is not well-formed");
	if (utf8_chars(description) > MEDIA_DESCRIPTION_MAX)
		return refuse(
			"Validation failed: the description is too long (maximum is %d characters)",
			MEDIA_DESCRIPTION_MAX);
	return OK;
}

static int within(int focus)
{
	return focus < -1000 ? -1000 : focus > 1000 ? 1000 : focus;
}

enum err media_add(struct tx *tx, const struct media_new *m, int64_t *id)
{
	enum err e = media_description_check(m->description);
	if (e != OK)
		return e;
	*id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO media (id, account, role, description, focus_x, focus_y, parent)"
	      " VALUES (?, ?, ?, ?, ?, ?, ?)",
	      A(*id), A(m->account), A((int)m->role), A(m->description), A(within(m->focus_x)),
	      A(within(m->focus_y)), A_ID(m->parent));
	event_add(tx, (struct event){.kind = EVENT_MEDIA_NEW, .actor = m->account, .extra = *id});
	return OK;
}

/* A kwip that shows it looks different now. */
static void tell_kwip(struct tx *tx, int64_t id)
{
	int64_t kwip = 0, author = 0, root = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT k.id, k.author, k.conversation FROM media m JOIN kwip k ON k.id = m.kwip"
		" WHERE m.id = ?",
		A(id)) {
		kwip = db_i64(&row, 0);
		author = db_i64(&row, 1);
		root = db_i64(&row, 2);
	}
	if (kwip)
		event_add(tx, (struct event){.kind = EVENT_KWIP_EDIT,
					     .actor = author,
					     .kwip = kwip,
					     .extra = root});
}

/* The parent may still be waiting: its own result then leaves the preview as it is. */
static void become_preview(struct tx *tx, const struct media *m, const struct media_result *r)
{
	struct str file = r->preview.len ? r->preview : r->file;
	int width = r->preview.len ? r->preview_width : r->width;
	int height = r->preview.len ? r->preview_height : r->height;
	TX_DO(tx,
	      "UPDATE media SET preview = ?, preview_width = ?, preview_height = ?, blurhash = ?"
	      " WHERE id = ? AND account = ?",
	      A(file), A(width), A(height), A(r->blurhash), A(m->parent), A(m->account));
	TX_DO(tx, "DELETE FROM media WHERE id = ?", A(m->id));
	tell_kwip(tx, m->parent);
}

/* Of two uploads the later one counts, whichever is finished first; what it replaces goes. */
static void become_portrait(struct tx *tx, const struct media *m, const struct media_result *r)
{
	int64_t later = DB_I64(tx_db(tx), 0,
			       "SELECT id FROM media WHERE account = ? AND role = ? AND role > 0"
			       " AND id > ? AND state = 1 LIMIT 1",
			       A(m->account), A((int)m->role), A(m->id));
	if (later)
		return;
	if (m->role == MEDIA_AVATAR)
		TX_DO(tx, "UPDATE account SET avatar = ? WHERE id = ?", A(r->file), A(m->account));
	else
		TX_DO(tx, "UPDATE account SET header = ? WHERE id = ?", A(r->file), A(m->account));
	TX_DO(tx, "DELETE FROM media WHERE account = ? AND role = ? AND role > 0 AND id < ?",
	      A(m->account), A((int)m->role), A(m->id));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = m->account});
}

/* Nobody waits for one of these, and nobody is told why there is none. */
static void become_picture(struct tx *tx, const struct media *m, const struct preview_picture *p)
{
	preview_picture_set(tx, m->parent, p);
	TX_DO(tx, "DELETE FROM media WHERE id = ?", A(m->id));
}

static void store_result(struct tx *tx, int64_t id, const struct media_result *r)
{
	TX_DO(tx,
	      "UPDATE media SET state = 1, kind = ?, type = ?, file = ?, bytes = ?, width = ?, height = ?,"
	      " duration_ms = ? WHERE id = ?",
	      A((int)r->kind), A(r->type), A(r->file), A(r->bytes), A(r->width), A(r->height),
	      A(r->duration_ms), A(id));
	TX_DO(tx,
	      "UPDATE media SET preview = ?, preview_width = ?, preview_height = ?, blurhash = ?"
	      " WHERE id = ? AND preview = ''",
	      A(r->preview), A(r->preview_width), A(r->preview_height), A(r->blurhash), A(id));
}

enum err media_finish(struct tx *tx, int64_t id, const struct media_result *r)
{
	SCOPED_ARENA a = arena_new();
	struct media m;
	if (!media_get(tx_db(tx), a, id, &m))
		return ERR_NOT_FOUND;
	if (m.state != MEDIA_WAITING)
		return OK;
	if (m.role == MEDIA_PREVIEW) {
		become_picture(
			tx, &m,
			&(struct preview_picture){r->file, r->blurhash, r->width, r->height});
		return OK;
	}
	store_result(tx, id, r);
	if (m.role == MEDIA_AVATAR || m.role == MEDIA_HEADER)
		become_portrait(tx, &m, r);
	else if (m.role == MEDIA_THUMBNAIL)
		become_preview(tx, &m, r);
	event_add(tx, (struct event){.kind = EVENT_MEDIA,
				     .actor = m.account,
				     .extra = m.role == MEDIA_THUMBNAIL ? m.parent : id});
	return OK;
}

enum err media_fail(struct tx *tx, int64_t id, struct str why)
{
	SCOPED_ARENA a = arena_new();
	struct media m;
	if (!media_get(tx_db(tx), a, id, &m))
		return ERR_NOT_FOUND;
	if (m.role == MEDIA_PREVIEW)
		become_picture(tx, &m, &(struct preview_picture){.image = S("")});
	else if (TX_DO(tx, "UPDATE media SET state = 2, why = ? WHERE id = ? AND state = 0", A(why),
		       A(id)) > 0)
		event_add(tx, (struct event){.kind = EVENT_MEDIA, .actor = m.account, .extra = id});
	return OK;
}

enum err media_describe(struct tx *tx, int64_t account, int64_t id, struct str description,
			int focus_x, int focus_y)
{
	enum err e = media_description_check(description);
	if (e != OK)
		return e;
	int n = TX_DO(tx,
		      "UPDATE media SET description = ?, focus_x = ?, focus_y = ?"
		      " WHERE id = ? AND account = ? AND role = 0",
		      A(description), A(within(focus_x)), A(within(focus_y)), A(id), A(account));
	return n ? OK : ERR_NOT_FOUND;
}

enum err media_delete(struct tx *tx, int64_t account, int64_t id)
{
	int64_t used = DB_I64(tx_db(tx), -1,
			      "SELECT kwip IS NOT NULL OR scheduled IS NOT NULL FROM media"
			      " WHERE id = ? AND account = ? AND role = 0",
			      A(id), A(account));
	if (used < 0)
		return ERR_NOT_FOUND;
	if (used)
		return refuse("Media attachment is currently used by a status");
	TX_DO(tx, "DELETE FROM media WHERE id = ?", A(id));
	return OK;
}

bool media_file_is_used(struct db *db, struct str path)
{
	return DB_I64(db, 0,
		      "SELECT EXISTS (SELECT 1 FROM media WHERE file = ?) OR"
		      " EXISTS (SELECT 1 FROM media WHERE preview = ?) OR"
		      " EXISTS (SELECT 1 FROM preview WHERE image = ? AND image <> '') OR"
		      " EXISTS (SELECT 1 FROM emoji WHERE file = ? OR still = ?)"
		      " /* scan: emoji has a handful of rows */",
		      A(path), A(path), A(path), A(path), A(path)) != 0;
}

/* Portraits and emoji are kept by role: what replaces one deletes it. */
int media_prune(struct tx *tx)
{
	return TX_DO(
		tx,
		"DELETE FROM media WHERE id IN (SELECT id FROM media WHERE kwip IS NULL AND id < ?"
		" AND scheduled IS NULL AND (role IN (0, 4, 5) OR state = 2) LIMIT ?)",
		A(id_at(tx_now(tx) - LOOSE_MS)), A((int)MEDIA_PRUNED_MAX));
}
