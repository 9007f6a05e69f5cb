/* SPDX-License-Identifier: MIT */
/* kwipd status: what runs, how far each reader is, how big everything is. Reads; also without a
 * server. */
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "core/account.h"
#include "core/find.h"
#include "core/index.h"
#include "core/kwip.h"
#include "core/site.h"
#include "store/cache.h"
#include "store/event.h"
#include "svc/board.h"
#include "svc/process.h"

/* One moment of everything, gathered before anything is printed. */
struct status {
	struct arena *a;
	struct board *board; /* NULL: none */
	int supervisor;      /* 0: not running */
	struct store_sizes sizes;
	bool has_cache;
	struct cache_sizes cache;
	struct cache_meta meta;
	int64_t now, newest, oldest, people, kwips;
	struct site_readers readers;
	struct site_parked_list parked;
	bool has_index;
	struct index_place index;
	int64_t index_bytes, index_behind; /* behind: in kwips */
};

/* The lock tells whether one runs: a pid on the board of a killed one may be somebody else's by
 * now. */
static int supervisor_pid(const struct status *st)
{
	int pid = folder_locked_by(conf.dir);
	/* From another pid namespace the lock's owner has no number. */
	return st->board && pid < 0 ? atomic_load(&st->board->supervisor_pid) : pid;
}

static void gather_cache(struct status *st)
{
	struct cache *c = NULL;
	struct cache_read *r = NULL;
	if (cache_open(&c, conf.dir, false, conf.cache_bytes) == OK &&
	    cache_read_begin(c, &r) == OK) {
		st->has_cache = cache_meta(r, &st->meta);
		cache_read_end(r);
		st->cache = cache_sizes(c);
	}
	cache_close(c);
}

static void gather_index(struct status *st, struct db *db)
{
	index_use(conf.dir);
	struct db *index = index_take();
	st->has_index = index && index_place(index, &st->index);
	index_give(index);
	st->index_bytes = store_file_bytes(conf.dir, &index_schema);
	st->index_behind = find_behind(db);
	index_forget();
}

static void gather_store(struct status *st, struct store *s)
{
	struct db *db = db_open(s, 256);
	db_begin(db);
	st->sizes = store_sizes(s);
	st->newest = event_newest(db);
	st->oldest = event_oldest(db);
	st->people = account_count(db);
	st->kwips = kwip_count(db);
	st->readers = site_readers(db, st->a);
	st->parked = site_parked(db, st->a);
	gather_index(st, db);
	db_end(db);
	db_close(db);
}

static enum err gather(struct status *st, struct store *s)
{
	st->now = clock_ms();
	if (board_open(&st->board, conf.dir, false) != OK)
		st->board = NULL;
	st->supervisor = supervisor_pid(st);
	gather_cache(st);
	gather_store(st, s);
	return OK;
}

static struct str ago(struct status *st, int64_t at)
{
	int64_t s = at ? (st->now - at) / 1000 : 0;
	if (!at)
		return S("never");
	if (s < 120)
		return arena_printf(st->a, "%llds", (long long)s);
	if (s < 7200)
		return arena_printf(st->a, "%lldm", (long long)s / 60);
	return s < 48 * 3600 ? arena_printf(st->a, "%lldh", (long long)s / 3600)
			     : arena_printf(st->a, "%lldd", (long long)s / 86400);
}

static struct str bytes(struct status *st, int64_t n)
{
	if (n < 10 * 1024)
		return arena_printf(st->a, "%lld B", (long long)n);
	return n < 10 << 20 ? arena_printf(st->a, "%lld KiB", (long long)n >> 10)
			    : arena_printf(st->a, "%lld MiB", (long long)n >> 20);
}

static void print_services(struct status *st)
{
	for (int i = 0; st->supervisor && st->board && i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &st->board->slot[i];
		struct str up = ago(st, atomic_load(&slot->started_at)),
			   beat = ago(st, atomic_load(&slot->beat_at));
		if (slot->name[0])
			printf("%s pid=%d up=%.*s restarts=%d beat=%.*s doing=\"%.47s\"\n",
			       slot->name, atomic_load(&slot->pid), (int)up.len, up.at,
			       atomic_load(&slot->restarts), (int)beat.len, beat.at, slot->doing);
	}
}

static void print_log(struct status *st)
{
	printf("log newest=%lld held=%lld\n", (long long)st->newest,
	       (long long)(st->newest - st->oldest + 1));
	for (size_t i = 0; i < st->readers.n; i++) {
		const struct site_reader *r = &st->readers.at[i];
		printf("reader %.*s seq=%lld behind=%lld\n", (int)r->name.len, r->name.at,
		       (long long)r->seq, (long long)(st->newest - r->seq));
	}
	for (size_t i = 0; i < st->parked.n; i++) {
		const struct site_parked *p = &st->parked.at[i];
		printf("parked %.*s seq=%lld reason=\"%.*s\"\n", (int)p->reader.len, p->reader.at,
		       (long long)p->seq, (int)p->reason.len, p->reason.at);
	}
}

static bool is_being_made(const struct index_place *p)
{
	return p->below != 0 || p->people >= 0;
}

static void print_index(struct status *st)
{
	struct str size = bytes(st, st->index_bytes);
	if (!st->has_index)
		printf("search none\n");
	else
		printf("search %.*s, reflects event %lld, kwips behind %lld%s\n", (int)size.len,
		       size.at, (long long)st->index.seq, (long long)st->index_behind,
		       is_being_made(&st->index) ? ", being made" : "");
}

static void print_text(struct status *st)
{
	struct str up = ago(st, st->board ? atomic_load(&st->board->started_at) : 0);
	if (st->supervisor)
		printf("kwipd pid=%d up=%.*s\n", st->supervisor, (int)up.len, up.at);
	else
		printf("kwipd is not running in %.*s\n", (int)conf.dir.len, conf.dir.at);
	print_services(st);
	print_log(st);
	struct str db = bytes(st, st->sizes.db_bytes), wal = bytes(st, st->sizes.wal_bytes),
		   spare = bytes(st, st->sizes.free_bytes);
	printf("people %lld, kwips %lld\n", (long long)st->people, (long long)st->kwips);
	printf("database %.*s, of it free %.*s; write-ahead log %.*s\n", (int)db.len, db.at,
	       (int)spare.len, spare.at, (int)wal.len, wal.at);
	struct str used = bytes(st, st->cache.bytes), cap = bytes(st, st->cache.cap_bytes);
	if (st->has_cache)
		printf("cache %.*s of %.*s, cards %lld, reflects event %lld%s\n", (int)used.len,
		       used.at, (int)cap.len, cap.at, (long long)st->cache.entries[CACHE_CARD],
		       (long long)st->meta.seq, st->meta.ready ? "" : ", being made");
	else
		printf("cache none\n");
	print_index(st);
}

static void json_services(struct jw *w, struct status *st)
{
	jw_key(w, S("services"));
	jw_open(w, '[');
	for (int i = 0; st->supervisor && st->board && i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &st->board->slot[i];
		if (!slot->name[0])
			continue;
		jw_open(w, '{');
		jw_kstr(w, S("name"), str_of(slot->name));
		jw_ki64(w, S("pid"), atomic_load(&slot->pid));
		jw_ki64(w, S("restarts"), atomic_load(&slot->restarts));
		jw_ki64(w, S("started_at"), atomic_load(&slot->started_at));
		jw_ki64(w, S("beat_at"), atomic_load(&slot->beat_at));
		jw_ki64(w, S("cursor"), atomic_load(&slot->cursor));
		jw_kstr(w, S("doing"),
			(struct str){slot->doing, strnlen(slot->doing, sizeof slot->doing)});
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void json_log(struct jw *w, struct status *st)
{
	jw_ki64(w, S("newest"), st->newest);
	jw_ki64(w, S("oldest"), st->oldest);
	jw_key(w, S("readers"));
	jw_open(w, '{');
	for (size_t i = 0; i < st->readers.n; i++)
		jw_ki64(w, st->readers.at[i].name, st->readers.at[i].seq);
	jw_close(w, '}');
	jw_key(w, S("parked"));
	jw_open(w, '[');
	for (size_t i = 0; i < st->parked.n; i++) {
		jw_open(w, '{');
		jw_kstr(w, S("reader"), st->parked.at[i].reader);
		jw_ki64(w, S("seq"), st->parked.at[i].seq);
		jw_kstr(w, S("reason"), st->parked.at[i].reason);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void json_sizes(struct jw *w, struct status *st)
{
	jw_ki64(w, S("people"), st->people);
	jw_ki64(w, S("kwips"), st->kwips);
	jw_ki64(w, S("db_bytes"), st->sizes.db_bytes);
	jw_ki64(w, S("wal_bytes"), st->sizes.wal_bytes);
	jw_ki64(w, S("free_bytes"), st->sizes.free_bytes);
	jw_key(w, S("cache"));
	if (!st->has_cache) {
		jw_null(w);
		return;
	}
	jw_open(w, '{');
	jw_ki64(w, S("bytes"), st->cache.bytes);
	jw_ki64(w, S("cap_bytes"), st->cache.cap_bytes);
	jw_ki64(w, S("cards"), st->cache.entries[CACHE_CARD]);
	jw_ki64(w, S("seq"), st->meta.seq);
	jw_kbool(w, S("ready"), st->meta.ready != 0);
	jw_close(w, '}');
}

static void json_index(struct jw *w, struct status *st)
{
	jw_key(w, S("search"));
	if (!st->has_index) {
		jw_null(w);
		return;
	}
	jw_open(w, '{');
	jw_ki64(w, S("bytes"), st->index_bytes);
	jw_ki64(w, S("seq"), st->index.seq);
	jw_ki64(w, S("behind"), st->index_behind);
	jw_kbool(w, S("ready"), !is_being_made(&st->index));
	jw_close(w, '}');
}

static void print_json(struct status *st)
{
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {.out = &out};
	jw_open(&w, '{');
	jw_kbool(&w, S("running"), st->supervisor != 0);
	jw_ki64(&w, S("pid"), st->supervisor);
	jw_ki64(&w, S("ready_at"),
		st->supervisor && st->board ? atomic_load(&st->board->ready_at) : 0);
	json_services(&w, st);
	json_log(&w, st);
	json_sizes(&w, st);
	json_index(&w, st);
	jw_close(&w, '}');
	printf("%.*s\n", (int)out.len, out.at);
}

int cmd_status(const struct command *self, int argc, char **argv)
{
	(void)argc;
	bool as_json = false;
	const struct cmd_option options[] = {{.name = "--json", .flag = &as_json}, {0}};
	if (!cmd_args(self, argv, options, NULL, 0))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	struct status st = {.a = a};
	if (cmd_store(&s, false) != OK || gather(&st, s) != OK)
		return EXIT_FAILED;
	if (as_json)
		print_json(&st);
	else
		print_text(&st);
	board_close(st.board);
	return EXIT_DONE;
}
