/* SPDX-License-Identifier: MIT */
/*
 * kwipd restore FILE: brings a backup back. The copy is verified beside the live file and only then
 * takes its place by a rename; the old one is kept as kwipd.db.before-restore.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "core/site.h"
#include "svc/process.h"

struct places {
	struct str work; /* a data folder below DIR/run, for looking at the copy */
	const char *copy, *live, *kept;
};

static struct places places_make(struct arena *a)
{
	struct str d = conf.dir;
	return (struct places){
		.work = arena_printf(a, "%.*s/run/restore", (int)d.len, d.at),
		.copy = arena_printf(a, "%.*s/run/restore/kwipd.db", (int)d.len, d.at).at,
		.live = arena_printf(a, "%.*s/kwipd.db", (int)d.len, d.at).at,
		.kept = arena_printf(a, "%.*s/kwipd.db.before-restore", (int)d.len, d.at).at};
}

static enum err copy_bytes(int from, int to)
{
	char block[65536];
	ssize_t n;
	while ((n = read(from, block, sizeof block)) > 0)
		if (write(to, block, (size_t)n) != n)
			return ERR_FULL;
	return n == 0 && fsync(to) == 0 ? OK : ERR_STORAGE;
}

static enum err copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	enum err e = ERR_NOT_FOUND;
	if (in >= 0) {
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		e = out >= 0 ? copy_bytes(in, out) : ERR_STORAGE;
	}
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0)
		e = ERR_STORAGE;
	return e;
}

static enum err renew(struct tx *tx, void *arg)
{
	(void)arg;
	return site_new_epoch(tx);
}

/* Opening migrates an older copy and refuses foreign files and those of a newer kwipd. */
static enum err verify(struct str folder)
{
	struct store *s = NULL;
	SCOPED_BUF report = BUF_EMPTY;
	enum err e = store_open(&s, folder, false);
	if (e == OK)
		e = store_check(s, &report);
	if (e == OK && report.len)
		e = fail(ERR_STORAGE, "the backup is damaged: %.*s", (int)report.len, report.at);
	if (e == OK)
		e = tx_run(s, renew, NULL);
	store_close(s);
	return e;
}

static void remove_beside(struct arena *a, const char *db)
{
	static const char *const suffixes[] = {"-wal", "-shm"};
	for (size_t i = 0; i < 2; i++)
		unlink(arena_printf(a, "%s%s", db, suffixes[i]).at);
}

/* Folds the live file's log into it, so that what is kept is whole without its companions. */
static void settle_live(void)
{
	struct store *s = NULL;
	if (store_open(&s, conf.dir, false) == OK)
		store_tend(s, 0);
	store_close(s);
}

static enum err swap(struct arena *a, const struct places *p)
{
	settle_live();
	remove_beside(a, p->kept);
	if (access(p->live, F_OK) == 0 && rename(p->live, p->kept) != 0)
		return fail(ERR_STORAGE, "%s cannot be kept: %s", p->live, strerror(errno));
	/* With a log that settling could not fold in, the kept file still needs it. */
	rename(arena_printf(a, "%s-wal", p->live).at, arena_printf(a, "%s-wal", p->kept).at);
	remove_beside(a, p->live);
	if (rename(p->copy, p->live) != 0)
		return fail(ERR_STORAGE, "%s cannot be put in place: %s", p->live, strerror(errno));
	folder_remove(arena_printf(a, "%.*s/cache", (int)conf.dir.len, conf.dir.at));
	return OK;
}

static int restore(struct arena *a, const char *file)
{
	struct places p = places_make(a);
	folder_remove(p.work);
	enum err e = folder_make(p.work);
	if (e == OK)
		e = copy_file(file, p.copy);
	if (e == OK)
		e = verify(p.work);
	if (e == OK)
		e = swap(a, &p);
	folder_remove(p.work);
	if (e != OK)
		return cmd_failed(e, "%s is not restored", file);
	printf("restored; what was there is kept as %s\n", p.kept);
	return EXIT_DONE;
}

int cmd_restore(const struct command *self, int argc, char **argv)
{
	(void)argc;
	struct str file;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &file, 1))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	int lock = -1;
	log_open("command", LOG_WARN);
	process_harden();
	crypt_open();
	id_node(3);
	if (access(arena_zstr(a, file), R_OK) != 0)
		return cmd_failed(ERR_NOT_FOUND, "%.*s cannot be read", (int)file.len, file.at);
	enum err e = folder_make(conf.dir);
	if (e == OK)
		e = folder_lock(conf.dir, &lock);
	if (e == ERR_CONFLICT)
		fprintf(stderr, "kwipd: a kwipd serves %.*s: stop it first\n", (int)conf.dir.len,
			conf.dir.at);
	return e == OK ? restore(a, arena_zstr(a, file)) : EXIT_FAILED;
}
