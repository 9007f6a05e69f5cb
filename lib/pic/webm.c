/* SPDX-License-Identifier: MIT */
/*
 * WebM: the EBML (RFC 8794) and Matroska (RFC 9559) elements up to the first cluster say what it
 * is; nothing is decoded.
 */
#include "pic/frame.h"

enum {
	ID_EBML = 0x1A45DFA3,
	ID_DOCTYPE = 0x4282,
	ID_SEGMENT = 0x18538067,
	ID_CLUSTER = 0x1F43B675,
	ID_INFO = 0x1549A966,
	ID_SCALE = 0x2AD7B1,
	ID_DURATION = 0x4489,
	ID_TRACKS = 0x1654AE6B,
	ID_TRACK = 0xAE,
	ID_TRACK_TYPE = 0x83,
	ID_VIDEO = 0xE0,
	ID_WIDTH = 0xB0,
	ID_HEIGHT = 0xBA,
	ELEMENTS_MAX = 2000
};

struct element {
	uint32_t id;
	size_t body, end;
};

struct film {
	struct str in;
	struct pic_result *out;
	int elements, tracks;
	bool broken, is_webm, has_cluster, has_video;
	uint64_t scale_ns;
	double duration;
};

/* A number of 1 to 8 bytes; its first byte says how many. */
static uint64_t vint(struct film *f, size_t *at, bool keep_mark, bool *unknown)
{
	uint32_t first = byte_at(f->in, *at);
	int len = first ? __builtin_clz(first) - 23 : 9;
	f->broken |= len > 8 || f->in.len - *at < (size_t)len;
	if (f->broken)
		return 0;
	uint64_t v = keep_mark ? first : first & (0xffU >> len), all = 0xffU >> len;
	for (int i = 1; i < len; i++) {
		v = v << 8 | byte_at(f->in, *at + (size_t)i);
		all = all << 8 | 0xff;
	}
	*at += (size_t)len;
	*unknown = v == all;
	return v;
}

/* The element at `at`; false at the end. One of unknown size goes on to the end of what holds it.
 */
static bool next(struct film *f, size_t at, size_t end, struct element *e)
{
	bool unknown = false;
	if (f->broken || at >= end)
		return false;
	e->id = (uint32_t)vint(f, &at, true, &unknown);
	uint64_t size = f->broken || at >= end ? 0 : vint(f, &at, false, &unknown);
	f->broken |= at > end || ++f->elements > ELEMENTS_MAX || (!unknown && size > end - at);
	e->body = at;
	e->end = unknown || f->broken ? end : at + (size_t)size;
	return !f->broken;
}

static uint64_t number(const struct film *f, const struct element *e)
{
	uint64_t v = 0;
	for (size_t i = e->body; i < e->end && i < e->body + 8; i++)
		v = v << 8 | byte_at(f->in, i);
	return v;
}

static double real(const struct film *f, const struct element *e)
{
	float single;
	double full = 0;
	uint32_t four = be32(f->in, e->body);
	uint64_t eight = be64(f->in, e->body);
	if (e->end - e->body == 4) {
		memcpy(&single, &four, 4);
		full = (double)single;
	} else if (e->end - e->body == 8) {
		memcpy(&full, &eight, 8);
	}
	return full >= 0 && full < 1e15 ? full : 0;
}

typedef void element_fn(struct film *f, const struct element *e);

static void each(struct film *f, const struct element *in, element_fn *fn)
{
	struct element e;
	for (size_t at = in->body; next(f, at, in->end, &e); at = e.end)
		fn(f, &e);
}

static void on_head(struct film *f, const struct element *e)
{
	if (e->id == ID_DOCTYPE)
		f->is_webm = str_eq(str_slice(f->in, e->body, e->end), S("webm"));
}

static void on_info(struct film *f, const struct element *e)
{
	if (e->id == ID_SCALE)
		f->scale_ns = number(f, e);
	if (e->id == ID_DURATION)
		f->duration = real(f, e);
}

static void on_video(struct film *f, const struct element *e)
{
	uint64_t n = number(f, e);
	int side = n < 65536 ? (int)n : 0;
	if (e->id == ID_WIDTH)
		f->out->width = side;
	if (e->id == ID_HEIGHT)
		f->out->height = side;
}

static void on_track(struct film *f, const struct element *e)
{
	if (e->id == ID_TRACK_TYPE)
		f->has_video |= number(f, e) == 1;
	if (e->id == ID_VIDEO)
		each(f, e, on_video);
}

static void on_tracks(struct film *f, const struct element *e)
{
	if (e->id != ID_TRACK)
		return;
	f->tracks++;
	each(f, e, on_track);
}

static void on_segment(struct film *f, const struct element *e)
{
	f->has_cluster = e->id == ID_CLUSTER;
	if (e->id == ID_INFO)
		each(f, e, on_info);
	if (e->id == ID_TRACKS)
		each(f, e, on_tracks);
}

static void on_file(struct film *f, const struct element *e)
{
	struct element in;
	if (e->id == ID_EBML)
		each(f, e, on_head);
	if (e->id != ID_SEGMENT)
		return;
	for (size_t at = e->body; !f->has_cluster && next(f, at, e->end, &in); at = in.end)
		on_segment(f, &in);
}

enum pic_err webm_look(const struct pic_job *job, struct pic_result *out)
{
	struct film f = {.in = job->in, .out = out, .scale_ns = 1000000};
	each(&f, &(struct element){0, 0, job->in.len}, on_file);
	if (f.broken)
		return PIC_BROKEN;
	if (!f.is_webm)
		return PIC_ALIEN;
	if (f.tracks == 0 || !f.has_cluster)
		return PIC_BROKEN;
	out->kind = f.has_video ? PIC_VIDEO : PIC_AUDIO;
	if (!f.has_video)
		out->format = PIC_WEBA;
	double ms = f.duration * (double)f.scale_ns / 1e6;
	return duration_put(job, out, ms < 1e15 ? (uint64_t)ms : 0, 1000);
}
