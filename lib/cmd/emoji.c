/* SPDX-License-Identifier: MIT */
/*
 * kwipd emoji add | list | remove: this site's own emoji, from the outside. The picture is decoded
 * in the media service's sandbox: commands have one thread, so they may fork it.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/crypt.h"
#include "cmd/cmd.h"
#include "core/emoji.h"
#include "store/files.h"
#include "store/spool.h"
#include "svc/media_job.h"

/* What is wrong with the file is said by refuse(). */
static enum err picture_read(struct arena *a, struct str path, struct str *out)
{
	const char *name = arena_printf(a, "%.*s", (int)path.len, path.at).at;
	FILE *f = fopen(name, "re");
	struct stat st;
	if (!f)
		return refuse("%s cannot be opened", name);
	enum err e = OK;
	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode))
		e = refuse("%s is no file", name);
	else if (st.st_size > EMOJI_BYTES_MAX)
		e = refuse("%s is too large: %d kilobytes at most", name, EMOJI_BYTES_MAX / 1024);
	char *bytes = e == OK ? arena_take(a, (size_t)st.st_size + 1) : NULL;
	size_t n = e == OK ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	*out = (struct str){bytes, n};
	return e;
}

static enum err decode(struct media_job *job, struct emoji *e)
{
	enum err bad = media_job_run(job);
	if (bad)
		return bad;
	if (job->result.kind != MEDIA_IMAGE && job->result.kind != MEDIA_GIFV)
		return refuse("the file is no picture");
	e->file = job->result.file;
	e->still = job->result.preview.len ? job->result.preview : job->result.file;
	return OK;
}

/* Through the spool, as an upload goes; no row has its id, so no service looks for it. */
static enum err picture_make(struct arena *a, struct str bytes, struct emoji *e)
{
	struct media_job job = {.a = a, .role = MEDIA_EMOJI};
	struct str name;
	enum err bad = spool_write(a, conf.dir, bytes, &name);
	if (bad)
		return bad;
	job.id = id_at(clock_ms()) | (int64_t)(rand_u64() & 0xffff);
	bad = spool_keep(a, conf.dir, &name, job.id);
	if (bad == OK)
		bad = decode(&job, e);
	spool_drop(a, conf.dir, name);
	return bad;
}

static enum err put_run(struct tx *tx, void *arg)
{
	return emoji_put(tx, arg);
}

static int add(const struct command *self, char **argv)
{
	struct str words[2], bytes;
	bool unlisted = false;
	struct emoji e = {.category = S("")};
	const struct cmd_option options[] = {{.name = "--category", .text = &e.category},
					     {.name = "--unlisted", .flag = &unlisted},
					     {0}};
	if (!cmd_args(self, argv, options, words, 2))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	e.shortcode = words[0];
	e.listed = !unlisted;
	enum err bad = emoji_code_check(e.shortcode);
	if (bad == OK)
		bad = picture_read(a, words[1], &bytes);
	if (bad == OK && cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	if (bad == OK)
		bad = picture_make(a, bytes, &e);
	if (bad == OK)
		bad = tx_run(s, put_run, &e);
	return bad == OK ? EXIT_DONE
			 : cmd_failed(bad, "emoji %.*s", (int)e.shortcode.len, e.shortcode.at);
}

static int list(const struct command *self, char **argv)
{
	if (!cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	struct db *db = db_open(s, 256);
	struct emojis all = emoji_list(db, a);
	for (size_t i = 0; i < all.n; i++) {
		const struct emoji *e = &all.at[i];
		printf("%-20.*s %s %.*s\n", (int)e->shortcode.len, e->shortcode.at,
		       e->listed ? "listed  " : "unlisted", (int)e->category.len, e->category.at);
	}
	db_close(db);
	return EXIT_DONE;
}

static enum err end_run(struct tx *tx, void *arg)
{
	return emoji_end(tx, *(struct str *)arg);
}

static int end(const struct command *self, char **argv)
{
	struct str code;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &code, 1))
		return EXIT_USAGE;
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	enum err e = tx_run(s, end_run, &code);
	return e == OK ? EXIT_DONE : cmd_failed(e, "emoji %.*s", (int)code.len, code.at);
}

int cmd_emoji(const struct command *self, int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(const struct command *self, char **argv);
	} verbs[] = {{"add", add}, {"list", list}, {"remove", end}};
	if (argc == 0)
		return cmd_usage(self, "what is to be done with emoji?");
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[0], verbs[i].word) == 0)
			return verbs[i].run(self, argv + 1);
	return cmd_usage(self, "emoji %s is unknown", argv[0]);
}
