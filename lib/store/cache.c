/* SPDX-License-Identifier: MIT */
/*
 * The timeline cache over LMDB: opening, snapshots, the writer's transactions. What the values
 * mean is core's business. Written without syncing; cache_mark.c knows when that may be trusted.
 */
#include "store/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/cache_mark.h"

enum { MIN_BYTES = 8 << 20, READERS_MAX = 256, LOCK_BYTES = 32768, TRIES_MAX = 8, POOL_MAX = 64 };
enum { WELL_AFTER_US = 2000000, DEAD_READERS_US = 1000000 };

static const char *const NAMES[CACHE_KINDS] = {"card",   "page",   "account",
					       "recent", "active", "mark"};

struct cache_read {
	struct cache *cache;
	MDB_txn *txn;
	struct cache_read *next; /* in the pool */
};

struct cache_write {
	struct cache *cache;
	MDB_txn *txn;
	bool failed; /* LMDB takes nothing more after an error: only abort is left */
};

struct cache {
	MDB_env *env;
	MDB_dbi kinds[CACHE_KINDS], facts;
	char *folder, *file;
	bool is_writer;
	_Atomic bool is_useless; /* broken or outgrown: close and open again */
	dev_t dev;
	ino_t ino, lock_ino;
	char *map;
	size_t map_bytes;
	pthread_mutex_t lock; /* the pool */
	struct cache_read *pool;
	int pooled;
	struct cache_write write;
	int64_t opened_us, checked_us;
	bool is_well;
	unsigned char marks_at[16]; /* where cache_drop_marks goes on */
};

struct key {
	unsigned char at[16];
	MDB_val val;
};

static void put_be(unsigned char *at, int64_t v)
{
	for (int i = 0; i < 8; i++)
		at[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get_be(const unsigned char *at)
{
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v = v << 8 | at[i];
	return (int64_t)v;
}

/* Big-endian, so that LMDB's byte order is the order of ids. */
static MDB_val *key_id(struct key *k, int64_t id)
{
	put_be(k->at, id);
	k->val = (MDB_val){8, k->at};
	return &k->val;
}

static MDB_val *key_mark(struct key *k, int64_t account, int64_t kwip)
{
	put_be(k->at, account);
	put_be(k->at + 8, kwip);
	k->val = (MDB_val){16, k->at};
	return &k->val;
}

const char *cache_version(void)
{
	return mdb_version(NULL, NULL, NULL);
}

static enum err trouble(struct cache *c, int rc, const char *doing)
{
	switch (rc) {
	case 0:
		return OK;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
		return ERR_FULL; /* expected: the writer trims */
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case EROFS:
	case EIO: /* LMDB's word for a short write, which is how most disks become full */
		return fail(ERR_FULL, "cache %s: %s", doing, mdb_strerror(rc));
	case MDB_MAP_RESIZED:
		c->is_useless = true;
		return ERR_NOT_FOUND;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_PANIC:
	case MDB_INVALID:
		c->is_useless = true;
		if (c->is_writer)
			cache_mark_distrust(c->folder);
		return fail(ERR_STORAGE, "cache %s: %s", doing, mdb_strerror(rc));
	default:
		return fail(ERR_STORAGE, "cache %s: %s", doing, mdb_strerror(rc));
	}
}

static int open_tables(struct cache *c)
{
	MDB_txn *txn;
	unsigned create = c->is_writer ? MDB_CREATE : 0;
	int rc = mdb_txn_begin(c->env, NULL, c->is_writer ? 0 : MDB_RDONLY, &txn);
	if (rc)
		return rc;
	for (int i = 0; i < CACHE_KINDS && !rc; i++)
		rc = mdb_dbi_open(txn, NAMES[i], create, &c->kinds[i]);
	rc = rc ? rc : mdb_dbi_open(txn, "facts", create, &c->facts);
	if (!rc)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return rc;
}

/*
 * Readers and the writer keep out of each other's way by the lock file: with two of them one would
 * overwrite pages that the other still reads. 0 when there is none.
 */
static ino_t lock_inode(const struct cache *c)
{
	char path[PATH_MAX];
	struct stat st;
	snprintf(path, sizeof path, "%s/lock.mdb", c->folder);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* LMDB maps a truncated file without a word and dies reading it. */
static int check_length(struct cache *c)
{
	MDB_envinfo info;
	MDB_stat tree;
	struct stat st;
	mdb_env_info(c->env, &info);
	mdb_env_stat(c->env, &tree);
	if (stat(c->file, &st))
		return errno;
	c->dev = st.st_dev;
	c->ino = st.st_ino;
	c->lock_ino = lock_inode(c);
	return (uint64_t)st.st_size >= ((uint64_t)info.me_last_pgno + 1) * tree.ms_psize
		       ? 0
		       : MDB_CORRUPTED;
}

/* Where the file is mapped: LMDB does not tell. For cache_relax. */
static void find_map(struct cache *c)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	while (maps && fgets(line, sizeof line, maps)) {
		uintptr_t from, to;
		uint64_t ino;
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %" SCNu64, &from, &to,
			   &ino) != 3 ||
		    ino != c->ino)
			continue;
		c->map = (char *)from;
		c->map_bytes = to - from;
	}
	if (maps)
		fclose(maps);
}

static void tell_assert(MDB_env *env, const char *what)
{
	(void)env;
	log_error("cache: %s", what); /* LMDB aborts after this */
}

/*
 * LMDB makes its lock file with holes and writes to it through a map: on a full disk that is a
 * SIGBUS.
 */
static int lock_reserve(struct cache *c)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/lock.mdb", c->folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	int rc = fallocate(fd, 0, 0, LOCK_BYTES) ? errno : 0;
	if (rc == EOPNOTSUPP)
		rc = 0;
	/* Who opens the file first locks its first byte meanwhile. LMDB would wait for that; he may
	 * have been stopped there, and a reader has SQL. */
	struct flock first = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
	if (!rc && !c->is_writer && !fcntl(fd, F_GETLK, &first) && first.l_type != F_UNLCK)
		rc = EBUSY;
	close(fd);
	return rc;
}

static int env_open(struct cache *c, int64_t cap_bytes)
{
	unsigned flags = MDB_NOTLS | MDB_NORDAHEAD | (c->is_writer ? MDB_NOSYNC : MDB_RDONLY);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t cap = cap_bytes > MIN_BYTES ? (size_t)cap_bytes / page * page : MIN_BYTES;
	int rc = mdb_env_create(&c->env);
	if (rc)
		die("cache: %s", mdb_strerror(rc));
	mdb_env_set_maxdbs(c->env, CACHE_KINDS + 1);
	mdb_env_set_maxreaders(c->env, READERS_MAX);
	mdb_env_set_assert(c->env, tell_assert);
	if (c->is_writer) /* a reader takes the writer's size from the file */
		mdb_env_set_mapsize(c->env, cap);
	rc = lock_reserve(c);
	rc = rc ? rc : mdb_env_open(c->env, c->folder, flags, 0600);
	rc = rc ? rc : check_length(c);
	if (!rc && c->is_writer)
		mdb_reader_check(c->env, NULL);
	rc = rc ? rc : open_tables(c);
	if (!rc)
		return 0;
	mdb_env_close(c->env);
	c->env = NULL;
	return rc;
}

static void cache_free(struct cache *c)
{
	pthread_mutex_destroy(&c->lock);
	free(c->folder);
	free(c->file);
	free(c);
}

static struct cache *cache_new(struct str dir, bool writer)
{
	struct cache *c = calloc(1, sizeof *c);
	if (!c || asprintf(&c->folder, "%.*s/cache", (int)dir.len, dir.at) < 0 ||
	    asprintf(&c->file, "%s/data.mdb", c->folder) < 0)
		die("out of memory");
	pthread_mutex_init(&c->lock, NULL);
	c->is_writer = writer;
	c->opened_us = clock_mono_us();
	return c;
}

static enum err open_reader(struct cache *c)
{
	if (access(c->file, F_OK) || !cache_mark_is_trusted(c->folder))
		return ERR_NOT_FOUND;
	int rc = env_open(c, 0);
	if (rc)
		log_debug("cache is not there yet: %s", mdb_strerror(rc));
	return rc ? ERR_NOT_FOUND : OK;
}

/* Whatever is wrong with the files, the answer is new files: nothing in them is worth saving. */
static enum err open_writer(struct cache *c, int64_t cap_bytes)
{
	if (mkdir(c->folder, 0700) && errno != EEXIST)
		return trouble(c, errno, "folder");
	bool is_fresh = access(c->file, F_OK) != 0;
	int tries = is_fresh ? 0 : cache_mark_tries(c->folder);
	bool is_bad = !is_fresh && (tries > TRIES_MAX || !cache_mark_is_trusted(c->folder));
	if (is_fresh || is_bad) {
		if (is_bad)
			log_warn("the cache is not to be trusted, it is made anew");
		cache_mark_wipe(c->folder);
	}
	if (!cache_mark_open(c->folder))
		log_warn("the cache's folder could not be synced: %m");
	int rc = env_open(c, cap_bytes);
	if (rc && !is_fresh && !is_bad) {
		log_warn("the cache is damaged (%s), it is made anew", mdb_strerror(rc));
		cache_mark_wipe(c->folder);
		cache_mark_open(c->folder);
		rc = env_open(c, cap_bytes);
	}
	return trouble(c, rc, "open");
}

enum err cache_open(struct cache **out, struct str dir, bool writer, int64_t cap_bytes)
{
	struct cache *c = cache_new(dir, writer);
	enum err e = writer ? open_writer(c, cap_bytes) : open_reader(c);
	*out = e ? NULL : c;
	if (e)
		cache_free(c);
	else
		find_map(c);
	return e;
}

static void pool_drop(struct cache *c)
{
	while (c->pool) {
		struct cache_read *r = c->pool;
		c->pool = r->next;
		mdb_txn_abort(r->txn);
		free(r);
	}
}

enum err cache_slim(struct cache *c)
{
	MDB_envinfo info;
	mdb_env_info(c->env, &info);
	pool_drop(c);
	mdb_env_close(c->env);
	c->map = NULL;
	int rc = env_open(c, (int64_t)info.me_mapsize);
	c->is_useless = rc != 0;
	if (!rc)
		find_map(c);
	return trouble(c, rc, "open again");
}

bool cache_is_stale(struct cache *c)
{
	struct stat st;
	return c->is_useless || stat(c->file, &st) || st.st_ino != c->ino || st.st_dev != c->dev ||
	       lock_inode(c) != c->lock_ino;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	pool_drop(c);
	if (c->is_writer && !cache_is_stale(c) && mdb_env_sync(c->env, 1) == 0)
		cache_mark_synced(c->folder);
	mdb_env_close(c->env);
	cache_free(c);
}

void cache_relax(struct cache *c)
{
	if (c->map)
		madvise(c->map, c->map_bytes, MADV_DONTNEED);
}

static struct cache_read *pool_take(struct cache *c)
{
	pthread_mutex_lock(&c->lock);
	struct cache_read *r = c->pool;
	if (r) {
		c->pool = r->next;
		c->pooled--;
	}
	pthread_mutex_unlock(&c->lock);
	return r;
}

static struct cache_read *read_new(struct cache *c, int *rc)
{
	struct cache_read *r = calloc(1, sizeof *r);
	if (!r)
		die("out of memory");
	r->cache = c;
	*rc = mdb_txn_begin(c->env, NULL, MDB_RDONLY, &r->txn);
	if (*rc == MDB_READERS_FULL) {
		mdb_reader_check(c->env, NULL); /* of killed processes */
		*rc = mdb_txn_begin(c->env, NULL, MDB_RDONLY, &r->txn);
	}
	if (!*rc)
		return r;
	free(r);
	return NULL;
}

enum err cache_read_begin(struct cache *c, struct cache_read **out)
{
	*out = NULL;
	if (c->is_useless)
		return ERR_NOT_FOUND;
	int rc = 0;
	struct cache_read *r = pool_take(c);
	if (r && mdb_txn_renew(r->txn)) {
		mdb_txn_abort(r->txn);
		free(r);
		r = NULL;
	}
	*out = r ? r : read_new(c, &rc);
	return trouble(c, rc, "read");
}

void cache_read_end(struct cache_read *r)
{
	if (!r)
		return;
	struct cache *c = r->cache;
	mdb_txn_reset(r->txn);
	pthread_mutex_lock(&c->lock);
	bool keep = c->pooled < POOL_MAX;
	if (keep) {
		r->next = c->pool;
		c->pool = r;
		c->pooled++;
	}
	pthread_mutex_unlock(&c->lock);
	if (keep)
		return;
	mdb_txn_abort(r->txn);
	free(r);
}

/* NULL when absent or unreadable, which is the same to a reader of a cache. */
static bool get(struct cache *c, MDB_txn *txn, MDB_dbi dbi, MDB_val *key, struct str *value)
{
	MDB_val v;
	int rc = mdb_get(txn, dbi, key, &v);
	if (rc == 0)
		*value = (struct str){v.mv_data, v.mv_size};
	else if (rc != MDB_NOTFOUND)
		(void)trouble(c, rc, "get");
	return rc == 0;
}

bool cache_get(struct cache_read *r, enum cache_kind kind, int64_t key, struct str *value)
{
	struct key k;
	return get(r->cache, r->txn, r->cache->kinds[kind], key_id(&k, key), value);
}

int cache_mark(struct cache_read *r, int64_t account, int64_t kwip)
{
	struct key k;
	struct str v;
	int32_t bits = 0;
	if (get(r->cache, r->txn, r->cache->kinds[CACHE_MARK], key_mark(&k, account, kwip), &v) &&
	    v.len == sizeof bits)
		memcpy(&bits, v.at, sizeof bits);
	return bits;
}

/* One place to find and a few neighbours, instead of a search per kwip of a page. */
int cache_marks(struct cache_read *r, int64_t account, const int64_t range[2],
		struct cache_mark_row *rows, int most)
{
	struct key first, last;
	MDB_cursor *cur;
	MDB_val k = *key_mark(&first, account, range[0]), v;
	key_mark(&last, account, range[1]);
	if (mdb_cursor_open(r->txn, r->cache->kinds[CACHE_MARK], &cur))
		return -1;
	int n = 0, rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
	for (; rc == 0 && k.mv_size == sizeof last.at && memcmp(k.mv_data, last.at, k.mv_size) <= 0;
	     n++) {
		int32_t bits = 0;
		if (n == most || v.mv_size != sizeof bits)
			break;
		memcpy(&bits, v.mv_data, sizeof bits);
		rows[n] = (struct cache_mark_row){get_be((const unsigned char *)k.mv_data + 8),
						  bits};
		rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT);
	}
	bool is_more = rc == 0 && k.mv_size == sizeof last.at &&
		       memcmp(k.mv_data, last.at, k.mv_size) <= 0;
	mdb_cursor_close(cur);
	return is_more || (rc != 0 && rc != MDB_NOTFOUND) ? -1 : n;
}

bool cache_meta(struct cache_read *r, struct cache_meta *m)
{
	struct key k;
	struct str v;
	if (!get(r->cache, r->txn, r->cache->facts, key_id(&k, 0), &v) || v.len != sizeof *m)
		return false;
	memcpy(m, v.at, sizeof *m);
	return true;
}

static int64_t used_bytes(struct cache *c, MDB_txn *txn)
{
	int64_t pages = 2, page = 4096; /* two meta pages */
	for (int i = -1; i < CACHE_KINDS; i++) {
		MDB_stat st;
		if (mdb_stat(txn, i < 0 ? c->facts : c->kinds[i], &st))
			continue;
		pages += (int64_t)(st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages);
		page = st.ms_psize;
	}
	return pages * page;
}

struct cache_sizes cache_sizes(struct cache *c)
{
	struct cache_sizes sizes = {0};
	struct cache_read *r;
	MDB_envinfo info;
	mdb_env_info(c->env, &info);
	sizes.cap_bytes = (int64_t)info.me_mapsize;
	if (cache_read_begin(c, &r))
		return sizes;
	sizes.bytes = used_bytes(c, r->txn);
	for (int i = 0; i < CACHE_KINDS; i++) {
		MDB_stat st;
		if (mdb_stat(r->txn, c->kinds[i], &st) == 0)
			sizes.entries[i] = (int64_t)st.ms_entries;
	}
	cache_read_end(r);
	return sizes;
}

/*
 * What has to be seen to now and then: snapshots of killed readers keep old pages from being used
 * again.
 */
static void look_around(struct cache *c)
{
	int64_t now = clock_mono_us();
	if (now - c->checked_us > DEAD_READERS_US) {
		mdb_reader_check(c->env, NULL);
		c->checked_us = now;
	}
	if (!c->is_well && now - c->opened_us > WELL_AFTER_US) {
		cache_mark_well(c->folder);
		c->is_well = true;
	}
}

enum err cache_write_begin(struct cache *c, struct cache_write **w)
{
	*w = NULL;
	if (!c->is_writer)
		die("a write to the cache by a reader");
	look_around(c);
	c->write = (struct cache_write){.cache = c};
	int rc = mdb_txn_begin(c->env, NULL, 0, &c->write.txn);
	if (!rc)
		*w = &c->write;
	return trouble(c, rc, "begin");
}

static enum err put(struct cache_write *w, MDB_dbi dbi, MDB_val *key, MDB_val *value,
		    unsigned flags)
{
	if (w->failed)
		return ERR_FULL;
	int rc = mdb_put(w->txn, dbi, key, value, flags);
	w->failed = rc != 0;
	return trouble(w->cache, rc, "put");
}

enum err cache_put(struct cache_write *w, enum cache_kind kind, int64_t key, struct str value)
{
	struct key k;
	MDB_val v = {value.len, (void *)value.at};
	return put(w, w->cache->kinds[kind], key_id(&k, key), &v, 0);
}

bool cache_peek(struct cache_write *w, enum cache_kind kind, int64_t key, struct str *value)
{
	struct key k;
	return !w->failed && get(w->cache, w->txn, w->cache->kinds[kind], key_id(&k, key), value);
}

static enum err delete (struct cache_write *w, MDB_dbi dbi, MDB_val *key) {
	int rc = w->failed ? 0 : mdb_del(w->txn, dbi, key, NULL);
	if (rc == 0 || rc == MDB_NOTFOUND) return OK;
	w->failed = true; /* even a deletion needs pages */
	return trouble(w->cache, rc, "delete");
}

void cache_delete(struct cache_write *w, enum cache_kind kind, int64_t key)
{
	struct key k;
	(void)delete (w, w->cache->kinds[kind], key_id(&k, key));
}

enum err cache_mark_put(struct cache_write *w, int64_t account, int64_t kwip, int bits)
{
	struct key k;
	int32_t b = bits;
	MDB_val v = {sizeof b, &b};
	key_mark(&k, account, kwip);
	if (w->failed)
		return ERR_FULL;
	if (bits == 0)
		return delete (w, w->cache->kinds[CACHE_MARK], &k.val);
	return put(w, w->cache->kinds[CACHE_MARK], &k.val, &v, 0);
}

/* The smallest key of a table; false when it is empty. */
static bool first_key(struct cache_write *w, enum cache_kind kind, int64_t *key)
{
	MDB_cursor *cur;
	MDB_val k, v;
	if (w->failed || mdb_cursor_open(w->txn, w->cache->kinds[kind], &cur))
		return false;
	bool found = mdb_cursor_get(cur, &k, &v, MDB_FIRST) == 0 && k.mv_size == 8;
	if (found)
		*key = get_be(k.mv_data);
	mdb_cursor_close(cur);
	return found;
}

int64_t cache_drop_oldest(struct cache_write *w, int n)
{
	int64_t key = 0;
	for (; n > 0 && first_key(w, CACHE_CARD, &key); n--) {
		cache_delete(w, CACHE_CARD, key);
		cache_delete(w, CACHE_PAGE, key);
	}
	return first_key(w, CACHE_CARD, &key) ? key : 0;
}

void cache_drop_marks(struct cache_write *w, int64_t floor, int n)
{
	struct cache *c = w->cache;
	MDB_cursor *cur;
	MDB_val k = {sizeof c->marks_at, c->marks_at}, v;
	if (w->failed || mdb_cursor_open(w->txn, c->kinds[CACHE_MARK], &cur))
		return;
	int rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
	for (; rc == 0 && n > 0 && k.mv_size == sizeof c->marks_at; n--) {
		memcpy(c->marks_at, k.mv_data, sizeof c->marks_at);
		if (get_be(c->marks_at + 8) < floor && mdb_cursor_del(cur, 0)) {
			w->failed = true;
			break;
		}
		rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT);
	}
	/* The next call goes on behind the last one seen, or from the front again. */
	put_be(c->marks_at + 8, get_be(c->marks_at + 8) + 1);
	if (rc == MDB_NOTFOUND)
		memset(c->marks_at, 0, sizeof c->marks_at);
	mdb_cursor_close(cur);
}

void cache_clear(struct cache_write *w)
{
	for (int i = 0; i < CACHE_KINDS && !w->failed; i++)
		w->failed = mdb_drop(w->txn, w->cache->kinds[i], 0) != 0;
}

enum err cache_commit(struct cache_write *w, struct cache_meta m)
{
	struct key k;
	MDB_val v = {sizeof m, &m};
	enum err e = put(w, w->cache->facts, key_id(&k, 0), &v, 0);
	if (!e)
		return trouble(w->cache, mdb_txn_commit(w->txn), "commit");
	mdb_txn_abort(w->txn);
	return e;
}

void cache_abort(struct cache_write *w)
{
	mdb_txn_abort(w->txn);
}

void cache_discard(struct str dir)
{
	static const char *const files[] = {"data.mdb", "lock.mdb"};
	SCOPED_ARENA a = arena_new();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(arena_printf(a, "%.*s/cache/%s", (int)dir.len, dir.at, files[i]).at);
}
