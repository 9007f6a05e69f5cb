/* SPDX-License-Identifier: MIT */
/*
 * GIF by giflib. Animations are kept as they are but for what is no picture in them; that all of
 * their pictures decode is seen first. https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
#include <gif_lib.h>

#include "pic/frame.h"

enum { DESCRIPTOR = 9, SCREEN = 13, HUNDREDTH_MS = 10 };

struct reading {
	GifFileType *gif;
	const struct pic_job *job;
	struct str rest;
	struct frame *out;
	struct animation *anim;
	GraphicsControlBlock control; /* of the picture that comes next */
	int64_t pixels;               /* of all pictures so far */
	GifPixelType *line;
};

static int on_read(GifFileType *gif, GifByteType *to, int n)
{
	struct reading *g = gif->UserData;
	size_t some = n < 0 ? 0 : (size_t)n < g->rest.len ? (size_t)n : g->rest.len;
	memcpy(to, g->rest.at, some);
	g->rest = str_slice(g->rest, some, g->rest.len);
	return (int)some;
}

static enum pic_err read_extension(struct reading *g)
{
	int code;
	GifByteType *bytes;
	if (DGifGetExtension(g->gif, &code, &bytes) != GIF_OK)
		return PIC_BROKEN;
	while (bytes) {
		if (code == GRAPHICS_EXT_FUNC_CODE)
			DGifExtensionToGCB(bytes[0], bytes + 1, &g->control);
		if (DGifGetExtensionNext(g->gif, &bytes) != GIF_OK)
			return PIC_BROKEN;
	}
	return PIC_OK;
}

/* A line of the first picture onto its canvas. */
static void put_line(struct reading *g, int y)
{
	const GifImageDesc *d = &g->gif->Image;
	const ColorMapObject *map = d->ColorMap ? d->ColorMap : g->gif->SColorMap;
	int64_t row = (int64_t)d->Top + y;
	if (row >= g->out->height || !map)
		return;
	for (int x = 0; x < d->Width && d->Left + x < g->out->width; x++) {
		uint8_t *to = g->out->rgba + (size_t)(row * g->out->width + d->Left + x) * 4;
		int at = g->line[x];
		if (at >= map->ColorCount || at == g->control.TransparentColor)
			continue;
		const GifColorType *c = &map->Colors[at];
		to[0] = c->Red;
		to[1] = c->Green;
		to[2] = c->Blue;
		to[3] = 255;
	}
}

/* Interlaced ones come in four passes (appendix E), all others in one. */
static enum pic_err read_lines(struct reading *g, bool show)
{
	static const struct {
		int first, step;
	} passes[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}, {0, 1}};
	const GifImageDesc *d = &g->gif->Image;
	int last = d->Interlace ? 3 : 4;
	for (int pass = d->Interlace ? 0 : 4; pass <= last; pass++) {
		for (int y = passes[pass].first; y < d->Height; y += passes[pass].step) {
			if (DGifGetLine(g->gif, g->line, d->Width) != GIF_OK)
				return PIC_BROKEN;
			if (show)
				put_line(g, y);
		}
	}
	return PIC_OK;
}

static enum pic_err read_image(struct reading *g)
{
	if (DGifGetImageDesc(g->gif) != GIF_OK)
		return PIC_BROKEN;
	const GifImageDesc *d = &g->gif->Image;
	int64_t area = (int64_t)d->Width * d->Height;
	if (d->Width < 1 || d->Height < 1 || d->Left < 0 || d->Top < 0)
		return PIC_BROKEN;
	if (area > g->job->limits.pixels_max)
		return PIC_PIXELS;
	g->pixels += area;
	if (g->anim->frames >= g->job->limits.frames_max ||
	    g->pixels > 20 * g->job->limits.pixels_max)
		return PIC_FRAMES;
	free(g->line);
	g->line = malloc((size_t)d->Width);
	if (!g->line)
		return PIC_NO_MEMORY;
	enum pic_err e = read_lines(g, g->anim->frames == 0);
	g->anim->frames++;
	g->anim->duration_ms += (int64_t)g->control.DelayTime * HUNDREDTH_MS;
	g->control = (GraphicsControlBlock){.TransparentColor = NO_TRANSPARENT_COLOR};
	return e;
}

static enum pic_err read_records(struct reading *g)
{
	for (;;) {
		GifRecordType type;
		if (DGifGetRecordType(g->gif, &type) != GIF_OK)
			return PIC_BROKEN;
		if (type == TERMINATE_RECORD_TYPE)
			return g->anim->frames > 0 ? PIC_OK : PIC_BROKEN;
		enum pic_err e = type == IMAGE_DESC_RECORD_TYPE  ? read_image(g)
				 : type == EXTENSION_RECORD_TYPE ? read_extension(g)
								 : PIC_BROKEN;
		if (e != PIC_OK)
			return e;
	}
}

enum pic_err gif_read(const struct pic_job *job, struct frame *out, struct animation *anim)
{
	int why = 0;
	struct reading g = {.job = job, .rest = job->in, .out = out, .anim = anim};
	*out = (struct frame){0};
	*anim = (struct animation){0};
	g.control.TransparentColor = NO_TRANSPARENT_COLOR;
	g.gif = DGifOpen(&g, on_read, &why);
	if (!g.gif)
		return why == D_GIF_ERR_NOT_ENOUGH_MEM ? PIC_NO_MEMORY : PIC_BROKEN;
	enum pic_err e = frame_make(out, g.gif->SWidth, g.gif->SHeight, job->limits.pixels_max);
	if (e == PIC_OK) {
		memset(out->rgba, 0, (size_t)out->width * (size_t)out->height * 4);
		e = read_records(&g);
	}
	DGifCloseFile(g.gif, &why);
	free(g.line);
	if (e == PIC_OK)
		frame_alpha(out);
	return e;
}

struct strip {
	struct str in;
	size_t at;
	struct buf *out;
};

static void copy(struct strip *s, size_t n)
{
	buf_put(s->out, str_slice(s->in, s->at, s->at + n));
	s->at += n;
}

/* Data in pieces, each after its length; a length of 0 ends them. */
static void pieces(struct strip *s, bool keep)
{
	while (s->at < s->in.len) {
		size_t n = byte_at(s->in, s->at) + 1;
		if (keep)
			copy(s, n);
		else
			s->at += n;
		if (n == 1)
			return;
	}
}

static size_t colours(uint32_t flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static void extension(struct strip *s)
{
	uint32_t label = byte_at(s->in, s->at + 1);
	struct str name = str_slice(s->in, s->at + 3, s->at + 14);
	bool control = label == 0xf9 && byte_at(s->in, s->at + 2) == 4;
	/* How often it is played; two names for the same. */
	bool loops = label == 0xff && byte_at(s->in, s->at + 2) == 11 &&
		     (str_eq(name, S("NETSCAPE2.0")) || str_eq(name, S("ANIMEXTS1.0"))) &&
		     byte_at(s->in, s->at + 14) == 3 && byte_at(s->in, s->at + 15) == 1;
	if (control || loops) {
		copy(s, control ? 7 : 18);
		buf_char(s->out, '\0');
	} else {
		s->at += 2;
	}
	pieces(s, false);
}

enum pic_err gif_strip(struct str in, struct buf *out)
{
	struct strip s = {in, 0, out};
	copy(&s, SCREEN + colours(byte_at(in, 10)));
	while (s.at < in.len && in.at[s.at] != ';') {
		if (in.at[s.at] == '!') {
			extension(&s);
		} else if (in.at[s.at] == ',') {
			copy(&s, 1 + DESCRIPTOR + colours(byte_at(in, s.at + DESCRIPTOR)) + 1);
			pieces(&s, true);
		} else {
			return PIC_BROKEN;
		}
	}
	if (s.at >= in.len)
		return PIC_BROKEN;
	buf_char(out, ';');
	return PIC_OK;
}
