/* SPDX-License-Identifier: MIT */
/*
 * What a kwip's form holds beside the text: files with their descriptions, and a poll. Files go the
 * way of the API's uploads; what was taken in stays with the form by its id until the kwip is said.
 */
#include "page/compose.h"

#include "http/route.h"

enum { PATIENCE_MS = 10000, ANSWERS_SHOWN = 4 };

static struct str field(struct req *r, const char *name, size_t i)
{
	return param_str(r, arena_zstr(r->a, arena_printf(r->a, "%s%zu", name, i + 1)));
}

/* One that this form may hold: the viewer's own, on no kwip but the edited one. */
static bool may_hold(struct req *r, struct db *db, int64_t id, int64_t kwip, struct media *m)
{
	return media_get(db, r->a, id, m) && m->account == r->viewer.account &&
	       m->role == MEDIA_ATTACHMENT && (m->kwip == 0 || m->kwip == kwip) && !m->scheduled;
}

static bool is_listed(const struct str *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], word))
			return true;
	return false;
}

/* What the form had before, but for what is to be taken out. */
static void take_over(struct req *r, int64_t kwip, struct attached *at)
{
	size_t n, n_about, n_out;
	const struct str *ids = param_list(r, "media", &n);
	const struct str *about = param_list(r, "media_about", &n_about);
	const struct str *out = param_list(r, "take_out", &n_out);
	struct media m;
	for (size_t i = 0; i < n && at->n < FILES_MAX; i++) {
		int64_t id;
		if (!str_i64(ids[i], &id) || is_listed(out, n_out, ids[i]) ||
		    !may_hold(r, r->db, id, kwip, &m))
			continue;
		at->id[at->n] = id;
		at->about[at->n++] = i < n_about ? about[i] : S("");
	}
}

/* Browsers send a part without name and bytes for a place that was left empty. */
static bool find_file(struct req *r, size_t i, struct upload *file)
{
	const char *name = arena_zstr(r->a, arena_printf(r->a, "file%zu", i + 1));
	return param_file(r, name, file) && (file->name.len || file->bytes.len);
}

static enum err collect(struct req *r, struct attached *at, struct uploads *u)
{
	struct upload file;
	for (size_t i = 0; i < FILES_MAX; i++) {
		struct str about = field(r, "about", i);
		if (!find_file(r, i, &file)) {
			if (str_trim(about).len)
				at->lost[at->n_lost++] = about;
			continue;
		}
		struct upload_job *job = at->n + u->n < FILES_MAX
						 ? uploads_add(u, file.bytes, r->viewer.account,
							       MEDIA_ATTACHMENT)
						 : NULL;
		if (!job)
			return refuse("At most %d files fit on one kwip.", FILES_MAX);
		job->row.description = about;
	}
	return OK;
}

struct patience {
	const struct uploads *u;
	struct str why; /* of one that failed */
};

static bool are_done(struct req *r, void *arg)
{
	struct patience *p = arg;
	return uploads_are_done(r->db, r->a, p->u, &p->why);
}

enum err files_take_in(struct req *r, struct uploads *u, bool waits)
{
	struct patience p = {.u = u};
	enum err e = req_count(r, RATE_MEDIA);
	if (e == OK)
		e = uploads_spool(u, r->a);
	if (e == OK)
		e = req_commit(r, uploads_commit, u);
	if (e != OK && u->a)
		uploads_drop(u);
	if (e != OK || !waits)
		return e;
	if (!req_wait(r, PATIENCE_MS, are_done, &p) && !are_done(r, &p))
		return OK; /* it will be there when it is ready */
	return p.why.len ? refuse("%.*s", (int)p.why.len, p.why.at) : OK;
}

/* All or none: when it fails, the words typed for the files stay with the form. */
static enum err take_in(struct req *r, struct attached *at)
{
	struct uploads u = {0};
	enum err e = collect(r, at, &u);
	if (e == OK && u.n)
		e = files_take_in(r, &u, false);
	for (size_t i = 0; i < u.n; i++) {
		if (e == OK) {
			at->id[at->n] = u.at[i].id;
			at->about[at->n++] = u.at[i].row.description;
		} else if (at->n_lost < FILES_MAX && u.at[i].row.description.len) {
			at->lost[at->n_lost++] = u.at[i].row.description;
		}
	}
	return e;
}

static bool is_settled(struct req *r, void *arg)
{
	const struct attached *at = arg;
	struct media m;
	for (size_t i = 0; i < at->n; i++)
		if (media_get(r->db, r->a, at->id[i], &m) && m.state == MEDIA_WAITING)
			return false;
	return true;
}

/* What came to nothing leaves the form; its description stays there for another try. */
static enum err part_with_failed(struct req *r, struct attached *at)
{
	struct str why = S("");
	size_t n = 0;
	for (size_t i = 0; i < at->n; i++) {
		struct media m;
		if (media_get(r->db, r->a, at->id[i], &m) && m.state != MEDIA_FAILED) {
			at->id[n] = at->id[i];
			at->about[n++] = at->about[i];
			continue;
		}
		why = m.why.len ? m.why : S("the file is gone");
		if (at->n_lost < FILES_MAX && str_trim(at->about[i]).len)
			at->lost[at->n_lost++] = at->about[i];
	}
	at->n = n;
	return why.len ? refuse("A file could not be used: %.*s. Choose another one, or send "
				"the kwip without it.",
				(int)why.len, why.at)
		       : OK;
}

enum err attach_sent(struct req *r, int64_t kwip, struct attached **out)
{
	struct attached *at = arena_take(r->a, sizeof *at);
	*at = (struct attached){0};
	*out = at;
	take_over(r, kwip, at);
	/* What was said already needs no second upload. */
	if (kwip == 0 && kwip_of_key(r->db, r->a, r->viewer.account, param_str(r, "key"), r->now))
		return OK;
	enum err e = take_in(r, at);
	bool settled = e == OK && (at->n == 0 || req_wait(r, PATIENCE_MS, is_settled, at) ||
				   is_settled(r, at));
	if (e == OK)
		e = part_with_failed(r, at);
	if (e == OK && !settled)
		e = refuse("A file is still being worked on. It stays with the kwip: send it "
			   "again in a moment.");
	return e;
}

enum err attach_describe(struct tx *tx, struct arena *a, int64_t account, const struct attached *at)
{
	for (size_t i = 0; i < at->n; i++) {
		struct media m;
		if (!media_get(tx_db(tx), a, at->id[i], &m) ||
		    str_eq(m.description, str_trim(at->about[i])))
			continue;
		enum err e = media_describe(tx, account, m.id, str_trim(at->about[i]), m.focus_x,
					    m.focus_y);
		if (e != OK)
			return e;
	}
	return OK;
}

static struct str kind_words(enum media_kind kind)
{
	static const struct str words[] = {
		[MEDIA_UNKNOWN] = S_INIT("File"), [MEDIA_IMAGE] = S_INIT("Picture"),
		[MEDIA_GIFV] = S_INIT("Film"),    [MEDIA_VIDEO] = S_INIT("Film"),
		[MEDIA_AUDIO] = S_INIT("Sound"),
	};
	return words[kind];
}

static struct view_part part_view(struct arena *a, const struct media *m, struct str about)
{
	struct view_part v = {.id = m->id, .about = about, .kind = kind_words(m->kind)};
	if (m->state == MEDIA_WAITING)
		v.kind = S("Being worked on");
	if (m->preview.len)
		v.preview = text_join(a, S("/media/"), m->preview);
	return v;
}

void attach_view(struct req *r, struct db *db, const struct attached *at, struct view_form *f)
{
	size_t n = at ? at->n : 0;
	struct media m;
	f->parts = (struct view_parts){arena_array(r->a, FILES_MAX, sizeof *f->parts.at), 0};
	f->places = (struct view_places){arena_array(r->a, FILES_MAX, sizeof *f->places.at), 0};
	for (size_t i = 0; i < n; i++)
		if (media_get(db, r->a, at->id[i], &m))
			f->parts.at[f->parts.n++] = part_view(r->a, &m, at->about[i]);
	for (size_t i = 0; f->parts.n + i < FILES_MAX; i++)
		f->places.at[f->places.n++] = (struct view_place){
			(int64_t)i + 1, at && i < at->n_lost ? at->lost[i] : S("")};
	f->open_parts = n > 0 || (at && at->n_lost > 0);
}

const struct attached *attach_of_kwip(struct arena *a, const struct kwip *k)
{
	struct attached *at = arena_take(a, sizeof *at);
	*at = (struct attached){0};
	for (; at->n < k->n_media && at->n < FILES_MAX; at->n++) {
		at->id[at->n] = k->media[at->n].id;
		at->about[at->n] = k->media[at->n].description;
	}
	return at;
}

const struct poll_draft *poll_sent(struct req *r)
{
	size_t sent;
	const struct str *list = param_list(r, "answer", &sent);
	struct str *options = arena_array(r->a, sent, sizeof *options);
	struct poll_draft *d = arena_take(r->a, sizeof *d);
	*d = (struct poll_draft){.options = options, .multiple = param_bool(r, "multiple", false)};
	if (!str_i64(param_str(r, "life"), &d->life_s))
		d->life_s = 86400;
	for (size_t i = 0; i < sent; i++)
		if (str_trim(list[i]).len)
			options[d->n++] = str_trim(list[i]);
	return d->n ? d : NULL;
}

static struct view_choices lives(struct arena *a, struct str chosen)
{
	static const struct view_choice all[] = {
		{S_INIT("300"), S_INIT("5 minutes"), false},
		{S_INIT("3600"), S_INIT("1 hour"), false},
		{S_INIT("21600"), S_INIT("6 hours"), false},
		{S_INIT("86400"), S_INIT("1 day"), false},
		{S_INIT("259200"), S_INIT("3 days"), false},
		{S_INIT("604800"), S_INIT("7 days"), false},
	};
	size_t n = sizeof all / sizeof *all;
	struct view_choices v = {.at = arena_array(a, n, sizeof *v.at), .n = n};
	for (size_t i = 0; i < n; i++) {
		v.at[i] = all[i];
		v.at[i].chosen = str_eq(all[i].value, chosen);
	}
	return v;
}

void poll_fields(struct req *r, struct view_form *f, bool typed)
{
	size_t sent = 0;
	const struct str *list = typed ? param_list(r, "answer", &sent) : NULL;
	f->answers = (struct view_answers){
		arena_array(r->a, POLL_OPTIONS_MAX, sizeof *f->answers.at), 0};
	for (size_t i = 0; i < sent && f->answers.n < POLL_OPTIONS_MAX; i++)
		if (str_trim(list[i]).len)
			f->answers.at[f->answers.n++].title = list[i];
	f->open_poll = f->answers.n > 0;
	while (f->answers.n < ANSWERS_SHOWN)
		f->answers.at[f->answers.n++].title = S("");
	f->life = lives(r->a, typed ? param_str(r, "life") : S("86400"));
	f->multiple = typed && param_bool(r, "multiple", false);
}
