/* SPDX-License-Identifier: MIT */
/* Finding by name. Every look is one range of an index. */
#include "core/search.h"

#include "base/conf.h"
#include "core/follow.h"
#include "core/markup.h"

static struct str host_of_site(void)
{
	struct str url = conf_base_url();
	ptrdiff_t at = str_find(url, S("://"));
	return str_slice(url, at < 0 ? 0 : (size_t)at + 3, url.len);
}

static int64_t named(struct db *db, struct arena *a, struct str name)
{
	struct account who;
	bool found = account_find(db, a, name, S(""), &who);
	return found && who.state == ACCOUNT_ACTIVE ? who.id : 0;
}

/* "/@name" or "/@name/ID" behind the site's own address. */
static struct search_target resolve_path(struct db *db, struct arena *a, struct str path)
{
	struct search_target t = {0};
	if (!str_starts(path, S("/@")))
		return t;
	struct str rest = str_slice(path, 2, path.len), name = str_cut(&rest, '/');
	int64_t author = named(db, a, name);
	if (rest.len == 0)
		t.account = author;
	else if (author && str_i64(str_cut(&rest, '/'), &t.kwip) &&
		 !DB_I64(db, 0, "SELECT 1 FROM kwip WHERE id = ? AND author = ?", A(t.kwip),
			 A(author)))
		t.kwip = 0;
	return t;
}

struct search_target search_resolve(struct db *db, struct arena *a, struct str q)
{
	struct str base = conf_base_url();
	if (str_starts(q, base))
		return resolve_path(db, a, str_slice(q, base.len, q.len));
	if (str_starts(q, S("@")))
		q = str_slice(q, 1, q.len);
	struct str host = q, name = str_cut(&host, '@');
	if (host.len > 0 && str_eq_nocase(host, host_of_site()))
		return (struct search_target){.account = named(db, a, name)};
	return (struct search_target){0};
}

/* The very name first. */
static void best_first(struct accounts *list, struct str name)
{
	for (size_t i = 1; i < list->n; i++) {
		if (!str_eq_nocase(list->at[i].name, name))
			continue;
		struct account best = list->at[i];
		memmove(list->at + 1, list->at, i * sizeof *list->at);
		list->at[0] = best;
	}
}

/* Limited ones are found by who follows them; others have to know their address. */
static void keep_heard(struct db *db, struct arena *a, struct accounts *list, int64_t viewer)
{
	int64_t *ids = arena_array(a, list->n, sizeof *ids);
	size_t kept = 0, n = 0;
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].limited && list->at[i].id != viewer)
			ids[n++] = list->at[i].id;
	if (n == 0)
		return;
	struct relation *is = relations_load(db, a, viewer, ids, n);
	for (size_t i = 0, k = 0; i < list->n; i++) {
		bool is_asked = k < n && list->at[i].id == ids[k];
		if (!is_asked || is[k].following)
			list->at[kept++] = list->at[i];
		k += is_asked;
	}
	list->n = kept;
}

struct wanted {
	int64_t viewer;
	struct str name;
	bool followed; /* nobody else */
};

/* Whom one blocks is found by the whole name only: apps unblock by name. */
static bool is_wanted(const struct wanted *w, const struct account *who, const struct relation *is)
{
	return !is->blocked_by && (!is->blocking || str_eq_nocase(who->name, w->name)) &&
	       (!w->followed || is->following);
}

static void keep_wanted(struct db *db, struct arena *a, struct accounts *list,
			const struct wanted *w)
{
	size_t kept = 0;
	int64_t *ids = arena_array(a, list->n, sizeof *ids);
	for (size_t i = 0; i < list->n; i++)
		ids[i] = list->at[i].id;
	struct relation *is = relations_load(db, a, w->viewer, ids, list->n);
	for (size_t i = 0; i < list->n; i++)
		if (is_wanted(w, &list->at[i], &is[i]))
			list->at[kept++] = list->at[i];
	list->n = kept;
}

struct accounts search_people(struct db *db, struct arena *a, struct str q, int64_t viewer,
			      bool followed, int limit)
{
	struct search_target t = search_resolve(db, a, q);
	if (str_starts(q, S("@")))
		q = str_slice(q, 1, q.len);
	struct str host = q, name = str_cut(&host, '@');
	struct accounts list = {0};
	if (t.account)
		list = accounts_load(db, a, &t.account, 1);
	else if (name.len > 0 && host.len == 0)
		list = account_search(db, a, name, limit);
	if (!t.account)
		keep_heard(db, a, &list, viewer);
	best_first(&list, name);
	if (viewer)
		keep_wanted(db, a, &list, &(struct wanted){viewer, name, followed});
	return list;
}

struct search_tags search_tags(struct db *db, struct arena *a, struct str q, int limit, int offset)
{
	struct search_tags out = {.at = arena_array(a, (size_t)limit, sizeof *out.at)};
	if (str_starts(q, S("#")))
		q = str_slice(q, 1, q.len);
	struct str from = tag_fold(a, q);
	if (from.len == 0)
		return out;
	/* Behind everything that begins so: no tag holds U+10FFFF. */
	struct str to = arena_printf(a, "%.*s\xf4\x8f\xbf\xbf", (int)from.len, from.at);
	DB_EACH(row, db,
		"SELECT name FROM tag WHERE name >= ? AND name < ? ORDER BY name LIMIT ? OFFSET ?",
		A(from), A(to), A(limit), A(offset))
		out.at[out.n++] = db_str(&row, 0, a);
	return out;
}
