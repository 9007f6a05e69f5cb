/* SPDX-License-Identifier: MIT */
/* Link previews in rows: who is told of what, their pictures, and that they go when nobody shows
 * them. */
#include "world.h"

#include "core/kwip.h"
#include "core/media.h"
#include "core/preview.h"
#include "net/oembed.h"

enum verb { SAY, STORE, ATTACH, PICTURE, FINISH, FAIL, PRUNE, FORGET };
struct deed {
	enum verb verb;
	int64_t author, kwip, id, media, after;
	const char *url, *title, *image;
	bool pictured;
	int gone;
};

static enum err say(struct tx *tx, struct deed *d)
{
	SCOPED_ARENA a = arena_new();
	struct draft draft = {.author = d->author, .body = S("words"), .app = APP_WEB};
	return kwip_post(tx, a, &draft, &d->kwip);
}

static enum err run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	struct media_result r = {
		.kind = MEDIA_IMAGE, .width = 40, .height = 30, .blurhash = S("h")};
	struct preview p = {.state = PREVIEW_READY};
	switch (d->verb) {
	case SAY:
		return say(tx, d);
	case STORE:
		p.url = str_of(d->url);
		p.title = str_of(d->title);
		d->id = preview_store(tx, &p, d->pictured);
		return OK;
	case ATTACH:
		preview_attach(tx, d->kwip, d->id);
		return OK;
	case PICTURE:
		return preview_picture_add(tx, d->kwip, d->id, &d->media);
	case FINISH:
		r.file = str_of(d->image);
		return media_finish(tx, d->media, &r);
	case FAIL:
		return media_fail(tx, d->media, S("broken"));
	case PRUNE:
		d->gone = preview_prune(tx, &d->after);
		return OK;
	case FORGET:
		return kwip_delete(tx, d->kwip, d->author);
	}
	return ERR_INTERNAL;
}

static void act(struct world *w, struct deed *d, enum verb verb)
{
	d->verb = verb;
	assert_int_equal(world_do(w, run, d), OK);
}

/* How many EVENT_PREVIEW there are since it was last asked. */
static int told(struct world *w)
{
	struct event events[100];
	int n = 0;
	size_t got = event_read(w->db, w->seen, events, 100);
	for (size_t i = 0; i < got; i++) {
		n += events[i].kind == EVENT_PREVIEW;
		w->seen = events[i].seq;
	}
	return n;
}

static struct deed shown(struct world *w, int64_t author, const char *url)
{
	struct deed d = {.author = author, .url = url, .title = "one"};
	act(w, &d, SAY);
	act(w, &d, STORE);
	act(w, &d, ATTACH);
	return d;
}

static struct preview of(struct world *w, int64_t kwip)
{
	struct previews found = previews_of_kwips(w->db, w->a, &kwip, 1);
	assert_int_equal(found.n, 1);
	return found.at[0];
}

static void every_card_is_told(void **state)
{
	struct world *w = *state;
	struct deed d = shown(w, world_account(w, "ann"), "http://a.example/");
	struct deed other = d;
	assert_int_equal(told(w), 1);
	act(w, &other, SAY);
	act(w, &other, ATTACH);
	act(w, &other, ATTACH);
	assert_int_equal(told(w), 1);
	act(w, &d, STORE);
	assert_int_equal(told(w), 0);
	d.title = "two";
	act(w, &d, STORE);
	assert_int_equal(told(w), 2);
	act(w, &d, PICTURE);
	assert_int_equal(told(w), 0);
	d.image = "aa/bb/one12345.jpg";
	act(w, &d, FINISH);
	assert_int_equal(told(w), 2);
	assert_true(str_eq(of(w, other.kwip).image, S("aa/bb/one12345.jpg")));
	assert_int_equal(of(w, d.kwip).width, 40);
	assert_true(media_file_is_used(w->db, S("aa/bb/one12345.jpg")));
}

static void pictures_come_and_go(void **state)
{
	struct world *w = *state;
	struct media m;
	struct deed d = shown(w, world_account(w, "ann"), "http://a.example/");
	d.image = "aa/bb/one12345.jpg";
	d.pictured = true;
	act(w, &d, PICTURE);
	act(w, &d, FINISH);
	assert_false(media_get(w->db, w->a, d.media, &m));
	act(w, &d, STORE);
	assert_int_equal(of(w, d.kwip).width, 40);
	act(w, &d, PICTURE);
	act(w, &d, FAIL);
	assert_false(media_get(w->db, w->a, d.media, &m));
	assert_int_equal(of(w, d.kwip).image.len, 0);
	act(w, &d, PICTURE);
	act(w, &d, FINISH);
	d.pictured = false;
	act(w, &d, STORE);
	assert_int_equal(of(w, d.kwip).image.len, 0);
	assert_false(media_file_is_used(w->db, S("aa/bb/one12345.jpg")));
	act(w, &d, FORGET);
	act(w, &d, PICTURE);
	assert_int_equal(d.media, 0);
}

static int previews_pruned(struct world *w)
{
	struct deed d = {.after = 0};
	int n = 0;
	do {
		act(w, &d, PRUNE);
		n += d.gone;
	} while (d.after > 0);
	return n;
}

static void unshown_ones_go(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	struct deed kept = shown(w, ann, "http://kept.example/");
	for (int i = 0; i < PREVIEWS_PRUNED_MAX + 10; i++) {
		struct deed d = {.url = arena_printf(w->a, "http://%d.example/", i).at,
				 .title = ""};
		act(w, &d, STORE);
	}
	struct deed gone = shown(w, ann, "http://gone.example/");
	act(w, &gone, FORGET);
	assert_int_equal(previews_pruned(w), 0);
	clock_pin(clock_ms() + INT64_C(25) * 3600 * 1000);
	struct deed young = {.url = "http://young.example/", .title = ""};
	act(w, &young, STORE);
	assert_int_equal(previews_pruned(w), PREVIEWS_PRUNED_MAX + 11);
	assert_int_equal(of(w, kept.kwip).id, kept.id);
	assert_int_equal(preview_known(w->db, S("http://gone.example/")).id, 0);
	assert_int_equal(preview_known(w->db, S("http://young.example/")).id, young.id);
}

static void who_is_named(void **state)
{
	static const struct {
		const char *creator;
		bool is_ann;
	} cases[] = {
		{"@ann@here.example", true},
		{"ann@here.example", true},
		{"@Ann@HERE.example", true},
		{"@bob@here.example", false},
		{"@ann@there.example", false},
		{"@ann", false},
		{"ann", false},
		{"", false},
		{"@@here.example", false},
		{"@ann@here.example@", false},
	};
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t who = preview_author(w->db, str_of(cases[i].creator),
					     S("https://here.example"));
		print_message("%s\n", cases[i].creator);
		assert_int_equal(who, cases[i].is_ann ? ann : 0);
	}
}

static void oembed(void **state)
{
	struct world *w = *state;
	struct oembed o;
	assert_true(oembed_read(
		w->a,
		S("{\"version\": 1.0, \"type\": \"video\", \"title\": \" a\\n&lt;b&gt; \","
		  " \"author_url\": \"javascript:1\", \"provider_url\": \"http://x/\","
		  " \"url\": \"/u\", \"thumbnail_url\": \"t.png\"}"),
		&o));
	assert_true(o.kind == OEMBED_VIDEO && str_eq(o.title, S("a <b>")));
	assert_true(o.author_url.len == 0 && str_eq(o.provider_url, S("http://x/")));
	assert_true(str_eq(o.image, S("t.png")));
	assert_false(oembed_read(w->a, S("{\"version\": \"2.0\", \"type\": \"link\"}"), &o));
	assert_false(oembed_read(w->a, S("{\"version\": \"1.0\", \"type\": \"page\"}"), &o));
	assert_false(oembed_read(w->a, S("{\"type\": \"link\"}"), &o));
	assert_false(oembed_read(w->a, S("<oembed/>"), &o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(every_card_is_told),
		WORLD_TEST(pictures_come_and_go),
		WORLD_TEST(unshown_ones_go),
		WORLD_TEST(who_is_named),
		WORLD_TEST(oembed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
