/* SPDX-License-Identifier: MIT */
/*
 * How a link preview comes to be, gets its picture, and goes. Whatever changes in one is told to
 * all kwips that show it, since their cards hold it.
 */
#include "core/preview.h"

#include "core/media.h"
#include "store/event.h"

enum { UNSHOWN_MS = 24 * 3600 * 1000 };

static void tell(struct tx *tx, int64_t preview)
{
	DB_EACH(row, tx_db(tx),
		"SELECT k.id, k.author FROM kwip_preview s JOIN kwip k ON k.id = s.kwip"
		" WHERE s.preview = ?",
		A(preview)) {
		event_add(tx, (struct event){.kind = EVENT_PREVIEW,
					     .actor = db_i64(&row, 1),
					     .kwip = db_i64(&row, 0)});
	}
}

static bool is_known_so(struct db *db, const struct preview *p, bool pictured)
{
	return DB_I64(db, 0,
		      "SELECT 1 FROM preview WHERE url = ? AND state = ? AND kind = ? AND title = ?"
		      " AND description = ? AND author_name = ? AND author_url = ? AND provider_name = ?"
		      " AND provider_url = ? AND language = ? AND coalesce(published_at, 0) = ?"
		      " AND coalesce(author, 0) = ? AND author_host = ? AND image_description = ?"
		      " AND (? OR image = '')",
		      A(p->url), A((int)p->state), A((int)p->kind), A(p->title), A(p->description),
		      A(p->author_name), A(p->author_url), A(p->provider_name), A(p->provider_url),
		      A(p->language), A(p->published_at), A(p->author), A(p->author_host),
		      A(p->image_description), A((int)pictured)) != 0;
}

int64_t preview_store(struct tx *tx, const struct preview *p, bool pictured)
{
	bool same = is_known_so(tx_db(tx), p, pictured);
	int64_t id = TX_I64(
		tx,
		"INSERT INTO preview (url, state, kind, title, description, author_name, author_url, provider_name,"
		" provider_url, language, published_at, author, author_host, image_description, fetched_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (url) DO UPDATE SET state = excluded.state, kind = excluded.kind,"
		" title = excluded.title, description = excluded.description,"
		" author_name = excluded.author_name, author_url = excluded.author_url,"
		" provider_name = excluded.provider_name, provider_url = excluded.provider_url,"
		" language = excluded.language, published_at = excluded.published_at,"
		" author = excluded.author, author_host = excluded.author_host,"
		" image_description = excluded.image_description,"
		" fetched_at = excluded.fetched_at RETURNING id",
		A(p->url), A((int)p->state), A((int)p->kind), A(p->title), A(p->description),
		A(p->author_name), A(p->author_url), A(p->provider_name), A(p->provider_url),
		A(p->language), A_ID(p->published_at), A_ID(p->author), A(p->author_host),
		A(p->image_description), A(tx_now(tx)));
	if (!pictured)
		TX_DO(tx,
		      "UPDATE preview SET image = '', blurhash = '', width = 0, height = 0"
		      " WHERE id = ?",
		      A(id));
	if (!same)
		tell(tx, id);
	return id;
}

void preview_attach(struct tx *tx, int64_t kwip, int64_t preview)
{
	struct db *db = tx_db(tx);
	int64_t author = DB_I64(db, 0, "SELECT author FROM kwip WHERE id = ?", A(kwip));
	int64_t old = DB_I64(db, 0, "SELECT preview FROM kwip_preview WHERE kwip = ?", A(kwip));
	if (author == 0 || old == preview)
		return;
	if (preview == 0)
		TX_DO(tx, "DELETE FROM kwip_preview WHERE kwip = ?", A(kwip));
	else
		TX_DO(tx,
		      "INSERT INTO kwip_preview (kwip, preview) VALUES (?, ?)"
		      " ON CONFLICT (kwip) DO UPDATE SET preview = excluded.preview",
		      A(kwip), A(preview));
	event_add(tx, (struct event){.kind = EVENT_PREVIEW, .actor = author, .kwip = kwip});
}

enum err preview_picture_add(struct tx *tx, int64_t kwip, int64_t preview, int64_t *id)
{
	struct media_new m = {.role = MEDIA_PREVIEW, .parent = preview};
	*id = 0;
	m.account = DB_I64(tx_db(tx), 0, "SELECT author FROM kwip WHERE id = ?", A(kwip));
	return m.account ? media_add(tx, &m, id) : OK;
}

void preview_picture_set(struct tx *tx, int64_t preview, const struct preview_picture *p)
{
	int n = TX_DO(tx,
		      "UPDATE preview SET image = ?, blurhash = ?, width = ?, height = ?"
		      " WHERE id = ? AND image <> ?",
		      A(p->image), A(p->blurhash), A(p->width), A(p->height), A(preview),
		      A(p->image));
	if (n > 0)
		tell(tx, preview);
}

/* By id, since no index says which ones nobody shows. */
int preview_prune(struct tx *tx, int64_t *after)
{
	struct db *db = tx_db(tx);
	int64_t last = DB_I64(db, 0,
			      "SELECT max(id) FROM (SELECT id FROM preview WHERE id > ?"
			      " ORDER BY id LIMIT ?)",
			      A(*after), A((int)PREVIEWS_PRUNED_MAX));
	int n = TX_DO(tx,
		      "DELETE FROM preview WHERE id > ? AND id <= ? AND fetched_at < ?"
		      " AND NOT EXISTS (SELECT 1 FROM kwip_preview k WHERE k.preview = preview.id)",
		      A(*after), A(last), A(tx_now(tx) - UNSHOWN_MS));
	*after = last;
	return n;
}
