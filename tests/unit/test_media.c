/* SPDX-License-Identifier: MIT */
/* Media rows from upload to their end, and the files that nothing names any more. */
#include "world.h"

#include "core/kwip.h"
#include "core/media.h"
#include "svc/media_care.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

enum verb { ADD, FINISH, FAIL, DESCRIBE, DELETE, ATTACH, PRUNE, SAY };
struct deed_media {
	enum verb verb;
	struct media_new row;
	struct media_result result;
	struct str text;
	int64_t account, id, kwip;
	int x, y, pruned;
};

static enum err run(struct tx *tx, void *arg)
{
	struct deed_media *d = arg;
	switch (d->verb) {
	case ADD:
		return media_add(tx, &d->row, &d->id);
	case FINISH:
		return media_finish(tx, d->id, &d->result);
	case FAIL:
		return media_fail(tx, d->id, d->text);
	case DESCRIBE:
		return media_describe(tx, d->account, d->id, d->text, d->x, d->y);
	case DELETE:
		return media_delete(tx, d->account, d->id);
	case ATTACH:
		return media_attach(tx, d->account, d->kwip, &d->id, 1);
	case PRUNE:
		d->pruned = media_prune(tx);
		return OK;
	case SAY: {
		SCOPED_ARENA a = arena_new();
		struct draft draft = {.author = d->account, .body = S("words"), .app = APP_WEB};
		return kwip_post(tx, a, &draft, &d->kwip);
	}
	}
	return ERR_INTERNAL;
}

static int64_t add(struct world *w, int64_t account, enum media_role role, int64_t parent)
{
	struct deed_media d = {.verb = ADD,
			       .row = {.account = account,
				       .role = role,
				       .parent = parent,
				       .description = S("words"),
				       .focus_x = 2000,
				       .focus_y = -500}};
	assert_int_equal(world_do(w, run, &d), OK);
	return d.id;
}

static enum err finish(struct world *w, int64_t id, struct str file)
{
	struct deed_media d = {.verb = FINISH,
			       .id = id,
			       .result = {.kind = MEDIA_IMAGE,
					  .type = S("image/png"),
					  .file = file,
					  .preview = S("pp/pp/preview.png"),
					  .bytes = 9,
					  .width = 4,
					  .height = 3,
					  .preview_width = 2,
					  .preview_height = 1,
					  .blurhash = S("hash")}};
	return world_do(w, run, &d);
}

static int64_t say(struct world *w, int64_t account)
{
	struct deed_media d = {.verb = SAY, .account = account};
	assert_int_equal(world_do(w, run, &d), OK);
	return d.kwip;
}

static struct media get(struct world *w, int64_t id)
{
	struct media m = {0};
	assert_true(media_get(w->db, w->a, id, &m));
	return m;
}

#define ASSERT_STR(s, is) assert_true(str_eq((s), S(is)))

static void from_upload_to_ready(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	world_events_seen(w);
	int64_t id = add(w, ann, MEDIA_ATTACHMENT, 0);
	struct media m = get(w, id);
	assert_int_equal(m.state, MEDIA_WAITING);
	assert_int_equal(m.focus_x, 1000);
	assert_int_equal(m.focus_y, -500);
	assert_int_equal(world_events(w, EVENT_MEDIA_NEW, ann, 0), 1);
	assert_int_equal(finish(w, id, S("aa/bb/one.png")), OK);
	m = get(w, id);
	assert_int_equal(m.state, MEDIA_READY);
	ASSERT_STR(m.file, "aa/bb/one.png");
	ASSERT_STR(m.preview, "pp/pp/preview.png");
	ASSERT_STR(m.description, "words");
	assert_int_equal(m.width, 4);
	assert_int_equal(m.preview_height, 1);
	assert_int_equal(world_events(w, EVENT_MEDIA, ann, 0), 1);
	/* Once done is done. */
	assert_int_equal(finish(w, id, S("aa/bb/two.png")), OK);
	ASSERT_STR(get(w, id).file, "aa/bb/one.png");
	assert_int_equal(world_events(w, EVENT_MEDIA, ann, 0), 1);
	assert_int_equal(finish(w, 12345, S("x")), ERR_NOT_FOUND);
}

static void failures(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), id = add(w, ann, MEDIA_ATTACHMENT, 0);
	world_events_seen(w);
	struct deed_media d = {.verb = FAIL, .id = id, .text = S("No picture")};
	assert_int_equal(world_do(w, run, &d), OK);
	assert_int_equal(get(w, id).state, MEDIA_FAILED);
	ASSERT_STR(get(w, id).why, "No picture");
	assert_int_equal(world_events(w, EVENT_MEDIA, ann, 0), 1);
	assert_int_equal(finish(w, id, S("aa/bb/one.png")), OK);
	assert_int_equal(get(w, id).state, MEDIA_FAILED);
	d.id = 12345;
	assert_int_equal(world_do(w, run, &d), ERR_NOT_FOUND);
}

/* The later upload is the avatar, whichever is finished first. */
static void portraits(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	int64_t first = add(w, ann, MEDIA_AVATAR, 0), second = add(w, ann, MEDIA_AVATAR, 0);
	int64_t header = add(w, ann, MEDIA_HEADER, 0);
	world_events_seen(w);
	assert_int_equal(finish(w, second, S("aa/bb/second.png")), OK);
	ASSERT_STR(world_get(w, ann).avatar, "aa/bb/second.png");
	assert_int_equal(world_events(w, EVENT_ACCOUNT_EDIT, ann, 0), 1);
	/* The first is gone with its replacement. */
	assert_int_equal(finish(w, first, S("aa/bb/first.png")), ERR_NOT_FOUND);
	ASSERT_STR(world_get(w, ann).avatar, "aa/bb/second.png");
	assert_int_equal(finish(w, header, S("aa/bb/header.png")), OK);
	ASSERT_STR(world_get(w, ann).header, "aa/bb/header.png");
	ASSERT_STR(world_get(w, ann).avatar, "aa/bb/second.png");
}

static void thumbnails(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	for (int early = 0; early < 2; early++) {
		int64_t film = add(w, ann, MEDIA_ATTACHMENT, 0);
		int64_t thumb = add(w, ann, MEDIA_THUMBNAIL, film);
		struct media gone;
		if (!early)
			assert_int_equal(finish(w, film, S("aa/bb/film.mp4")), OK);
		struct deed_media d = {.verb = FINISH,
				       .id = thumb,
				       .result = {.file = S("tt/tt/thumb.png"), .width = 7}};
		assert_int_equal(world_do(w, run, &d), OK);
		if (early)
			assert_int_equal(finish(w, film, S("aa/bb/film.mp4")), OK);
		struct media m = get(w, film);
		ASSERT_STR(m.file, "aa/bb/film.mp4");
		ASSERT_STR(m.preview, "tt/tt/thumb.png");
		assert_int_equal(m.preview_width, 7);
		assert_int_equal(m.state, MEDIA_READY);
		assert_false(media_get(w->db, w->a, thumb, &gone));
	}
}

static void words_and_deletion(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob");
	int64_t id = add(w, ann, MEDIA_ATTACHMENT, 0);
	struct deed_media d = {
		.verb = DESCRIBE, .account = bob, .id = id, .text = S("new"), .x = 5};
	assert_int_equal(world_do(w, run, &d), ERR_NOT_FOUND);
	d.account = ann;
	assert_int_equal(world_do(w, run, &d), OK);
	ASSERT_STR(get(w, id).description, "new");
	assert_int_equal(get(w, id).focus_x, 5);
	char *most = arena_take(w->a, MEDIA_DESCRIPTION_MAX + 2);
	memset(most, 'x', MEDIA_DESCRIPTION_MAX + 1);
	d.text = (struct str){most, MEDIA_DESCRIPTION_MAX + 1};
	assert_int_equal(world_do(w, run, &d), ERR_INPUT);
	d.text.len--;
	assert_int_equal(world_do(w, run, &d), OK);
	struct deed_media gone = {.verb = DELETE, .account = bob, .id = id};
	assert_int_equal(world_do(w, run, &gone), ERR_NOT_FOUND);
	assert_int_equal(finish(w, id, S("aa/bb/one.png")), OK);
	int64_t kwip = say(w, ann);
	struct deed_media attach = {.verb = ATTACH, .account = ann, .id = id, .kwip = kwip};
	assert_int_equal(world_do(w, run, &attach), OK);
	gone.account = ann;
	assert_int_equal(world_do(w, run, &gone), ERR_INPUT);
}

static void old_and_loose(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	int64_t loose = add(w, ann, MEDIA_ATTACHMENT, 0), shown = add(w, ann, MEDIA_ATTACHMENT, 0);
	int64_t avatar = add(w, ann, MEDIA_AVATAR, 0);
	struct deed_media prune = {.verb = PRUNE};
	assert_int_equal(finish(w, shown, S("aa/bb/shown.png")), OK);
	assert_int_equal(finish(w, avatar, S("aa/bb/avatar.png")), OK);
	int64_t kwip = say(w, ann);
	struct deed_media attach = {.verb = ATTACH, .account = ann, .id = shown, .kwip = kwip};
	assert_int_equal(world_do(w, run, &attach), OK);
	assert_int_equal(world_do(w, run, &prune), OK);
	assert_int_equal(prune.pruned, 0);
	clock_pin(clock_ms() + INT64_C(25) * 3600 * 1000);
	assert_int_equal(world_do(w, run, &prune), OK);
	assert_int_equal(prune.pruned, 1);
	struct media m;
	assert_false(media_get(w->db, w->a, loose, &m));
	assert_true(media_get(w->db, w->a, shown, &m) && media_get(w->db, w->a, avatar, &m));
	assert_true(media_file_is_used(w->db, S("aa/bb/shown.png")));
	assert_true(media_file_is_used(w->db, S("pp/pp/preview.png")));
	assert_true(media_file_is_used(w->db, S("aa/bb/avatar.png")));
	assert_false(media_file_is_used(w->db, S("aa/bb/other.png")));
}

static struct str put(struct world *w, const char *path, int age_s)
{
	struct str full = arena_printf(w->a, "%s/%s", w->dir.at, path);
	int fd = open(full.at, O_CREAT | O_WRONLY, 0600);
	struct timespec at[2] = {{.tv_sec = time(NULL) - age_s}, {.tv_sec = time(NULL) - age_s}};
	assert_true(fd >= 0);
	assert_int_equal(futimens(fd, at), 0);
	close(fd);
	return full;
}

static bool is_there(struct str path)
{
	return access(path.at, F_OK) == 0;
}

/* Two outer folders take two rounds. */
static void files_nobody_names(void **state)
{
	enum { OLD = 25 * 3600 };
	static const char *const folders[] = {"media",    "media/aa",    "media/aa/bb",
					      "media/cc", "media/cc/dd", "spool"};
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), id = add(w, ann, MEDIA_ATTACHMENT, 0);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		assert_int_equal(mkdir(arena_printf(w->a, "%s/%s", w->dir.at, folders[i]).at, 0700),
				 0);
	conf.dir = str_of(w->dir.at);
	assert_int_equal(finish(w, id, S("aa/bb/used1234.png")), OK);
	struct str used = put(w, "media/aa/bb/used1234.png", OLD);
	struct str orphan = put(w, "media/aa/bb/orphan12.png", OLD);
	struct str young = put(w, "media/aa/bb/young123.png", 60);
	struct str other = put(w, "media/cc/dd/orphan12.png", OLD);
	struct str late = put(w, "spool/1.in", OLD), fresh = put(w, "spool/2.in", 60);
	media_care(w->store, 0);
	assert_true(is_there(orphan) != is_there(other));
	media_care(w->store, 1);
	assert_false(is_there(orphan) || is_there(other) || is_there(late));
	assert_true(is_there(used) && is_there(young) && is_there(fresh));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(from_upload_to_ready),
		WORLD_TEST(failures),
		WORLD_TEST(portraits),
		WORLD_TEST(thumbnails),
		WORLD_TEST(words_and_deletion),
		WORLD_TEST(old_and_loose),
		WORLD_TEST(files_nobody_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
