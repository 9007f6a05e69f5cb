/* SPDX-License-Identifier: MIT */
/*
 * MP4 and QuickTime (ISO/IEC 14496-12): the boxes are walked and must add up; nothing is decoded.
 * Boxes that tell where and with what a film was made are noted as blanks.
 */
#include "pic/frame.h"

enum { BOXES_MAX = 4000, TRACKS_MAX = 64 };

struct box {
	struct str type, body;
	size_t at, end; /* in the whole input */
	bool wide;      /* its size has eight bytes */
};

struct film {
	const struct pic_job *job;
	struct pic_result *out;
	int boxes, tracks;
	bool broken, has_head, has_video;
	int width, height; /* of the track that is being read */
	bool is_video;
	uint64_t duration, scale, fragments;
};

typedef void box_fn(struct film *f, const struct box *b);

/* The box that begins at `at`; false at the end, or with f->broken when it does not fit. */
static bool box_next(struct film *f, size_t at, size_t end, struct box *b)
{
	struct str in = f->job->in;
	if (f->broken || at >= end)
		return false;
	f->broken = end - at < 8 || ++f->boxes > BOXES_MAX;
	if (f->broken)
		return false;
	uint64_t size = be32(in, at), head = 8;
	b->wide = size == 1;
	if (b->wide) {
		size = be64(in, at + 8);
		head = 16;
	} else if (size == 0) {
		size = end - at;
	}
	f->broken = size < head || size > end - at;
	b->type = str_slice(in, at + 4, at + 8);
	b->at = at;
	b->end = f->broken ? at : at + (size_t)size;
	b->body = str_slice(in, at + (size_t)head, b->end);
	return !f->broken;
}

static void blank(struct film *f, const struct box *b)
{
	f->broken |= b->wide || f->out->n_blanks == PIC_BLANKS_MAX;
	if (!f->broken)
		f->out->blank[f->out->n_blanks++] = (struct pic_blank){(int64_t)b->at,
								       (int64_t)(b->end - b->at)};
}

struct box_kind {
	struct str type;
	box_fn *fn;
};

static void boxes(struct film *f, size_t at, size_t end, const struct box_kind *kinds)
{
	struct box b;
	for (; box_next(f, at, end, &b); at = b.end)
		for (const struct box_kind *k = kinds; k->fn; k++)
			if (str_eq(b.type, k->type))
				k->fn(f, &b);
}

static void inside(struct film *f, const struct box *b, const struct box_kind *kinds)
{
	boxes(f, b->end - b->body.len, b->end, kinds);
}

/* Section 8.4.3: what kind of track. */
static void on_hdlr(struct film *f, const struct box *b)
{
	f->is_video |= str_eq(str_slice(b->body, 8, 12), S("vide"));
}

static void on_mdia(struct film *f, const struct box *b)
{
	static const struct box_kind kinds[] = {{S_INIT("hdlr"), on_hdlr}, {{0}, NULL}};
	inside(f, b, kinds);
}

/* Section 8.3.2. The matrix of a quarter turn has 0 where the others have 1. */
static void on_tkhd(struct film *f, const struct box *b)
{
	size_t matrix = byte_at(b->body, 0) == 1 ? 52 : 40;
	int width = (int)(be32(b->body, matrix + 36) >> 16);
	int height = (int)(be32(b->body, matrix + 40) >> 16);
	bool turned = be32(b->body, matrix) == 0 && be32(b->body, matrix + 4) != 0;
	f->width = turned ? height : width;
	f->height = turned ? width : height;
}

static void on_trak(struct film *f, const struct box *b)
{
	static const struct box_kind kinds[] = {
		{S_INIT("tkhd"), on_tkhd}, {S_INIT("mdia"), on_mdia}, {S_INIT("udta"), blank},
		{S_INIT("meta"), blank},   {S_INIT("uuid"), blank},   {{0}, NULL}};
	f->is_video = false;
	f->width = f->height = 0;
	f->broken |= ++f->tracks > TRACKS_MAX;
	inside(f, b, kinds);
	if (!f->is_video || f->has_video)
		return;
	f->has_video = true;
	f->out->width = f->width;
	f->out->height = f->height;
}

/* Section 8.2.2. */
static void on_mvhd(struct film *f, const struct box *b)
{
	bool wide = byte_at(b->body, 0) == 1;
	f->has_head = b->body.len >= 20;
	f->scale = be32(b->body, wide ? 20 : 12);
	f->duration = wide ? be64(b->body, 24) : be32(b->body, 16);
	if (f->duration == (wide ? UINT64_MAX : UINT32_MAX))
		f->duration = 0;
}

/* Section 8.8.2: of a film in fragments. */
static void on_mehd(struct film *f, const struct box *b)
{
	f->fragments = byte_at(b->body, 0) == 1 ? be64(b->body, 4) : be32(b->body, 4);
}

static void on_mvex(struct film *f, const struct box *b)
{
	static const struct box_kind kinds[] = {{S_INIT("mehd"), on_mehd}, {{0}, NULL}};
	inside(f, b, kinds);
}

static void on_moov(struct film *f, const struct box *b)
{
	static const struct box_kind kinds[] = {{S_INIT("mvhd"), on_mvhd},
						{S_INIT("trak"), on_trak},
						{S_INIT("mvex"), on_mvex},
						{S_INIT("udta"), blank},
						{S_INIT("meta"), blank},
						{S_INIT("uuid"), blank},
						{{0}, NULL}};
	inside(f, b, kinds);
}

enum pic_err mp4_look(const struct pic_job *job, struct pic_result *out)
{
	static const struct box_kind kinds[] = {{S_INIT("moov"), on_moov},
						{S_INIT("udta"), blank},
						{S_INIT("meta"), blank},
						{S_INIT("uuid"), blank},
						{{0}, NULL}};
	struct film f = {.job = job, .out = out};
	boxes(&f, 0, job->in.len, kinds);
	if (f.broken || !f.has_head || f.tracks == 0)
		return PIC_BROKEN;
	out->kind = f.has_video ? PIC_VIDEO : PIC_AUDIO;
	if (!f.has_video)
		out->format = PIC_M4A;
	else if (out->format == PIC_M4A)
		out->format = PIC_MP4;
	return duration_put(job, out, f.duration ? f.duration : f.fragments, f.scale);
}
