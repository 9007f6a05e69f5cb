/* SPDX-License-Identifier: MIT */
/*
 * PNG by libpng. Read as eight bits of red, green, blue and alpha whatever the file holds; written
 * with the fewest colours that keep every pixel as it is, or copied without what stands around the
 * data. No text, time or EXIF is written.
 */
#include <setjmp.h>

#include <png.h>

#include "pic/frame.h"

/* A chunk is its length, its type, its data and a checksum. */
enum { SIGNATURE = 8, CHUNK_FRAME = 12 };
enum { CHUNK_BYTES_MAX = 8 << 20, CHUNKS_MAX = 1000, COLOURS = 256, TABLE = 1024 };

struct trap {
	jmp_buf back;
	bool warned;
};

static void on_error(png_structp png, png_const_charp why)
{
	(void)why;
	longjmp(((struct trap *)png_get_error_ptr(png))->back, 1);
}

static void on_warning(png_structp png, png_const_charp why)
{
	(void)why;
	((struct trap *)png_get_error_ptr(png))->warned = true;
}

struct reading {
	struct trap trap;
	png_structp png;
	png_infop info;
	const struct pic_job *job;
	struct str rest;
	struct frame *out;
	png_bytepp rows;
	enum pic_err err;
};

static void on_read(png_structp png, png_bytep to, size_t n)
{
	struct reading *g = png_get_io_ptr(png);
	if (n > g->rest.len)
		png_error(png, "cut off");
	memcpy(to, g->rest.at, n);
	g->rest = str_slice(g->rest, n, g->rest.len);
}

static void want_rgba(png_structp png, png_infop info)
{
	png_set_scale_16(png);
	png_set_expand(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
	png_set_interlace_handling(png);
	png_read_update_info(png, info);
}

static void take_extras(struct reading *g)
{
	png_bytep icc = NULL, exif = NULL;
	png_charp name;
	png_uint_32 n = 0;
	int how;
	if (png_get_iCCP(g->png, g->info, &name, &how, &icc, &n) == PNG_INFO_iCCP)
		frame_icc(g->out, icc, n);
	if (png_get_eXIf_1(g->png, g->info, &n, &exif) == PNG_INFO_eXIf)
		g->out->orientation = exif_orientation((struct str){(const char *)exif, n});
}

static void read_all(struct reading *g)
{
	png_set_read_fn(g->png, g, on_read);
	png_set_user_limits(g->png, 0x7fffffff, 0x7fffffff);
	png_set_chunk_malloc_max(g->png, CHUNK_BYTES_MAX);
	png_set_chunk_cache_max(g->png, CHUNKS_MAX);
	png_read_info(g->png, g->info);
	int64_t width = png_get_image_width(g->png, g->info);
	int64_t height = png_get_image_height(g->png, g->info);
	g->err = frame_make(g->out, width, height, g->job->limits.pixels_max);
	if (g->err != PIC_OK)
		return;
	want_rgba(g->png, g->info);
	g->rows = malloc((size_t)height * sizeof *g->rows);
	if (!g->rows || png_get_rowbytes(g->png, g->info) != (size_t)width * 4) {
		g->err = g->rows ? PIC_BROKEN : PIC_NO_MEMORY;
		return;
	}
	for (int64_t y = 0; y < height; y++)
		g->rows[y] = g->out->rgba + (size_t)(y * width) * 4;
	png_read_image(g->png, g->rows);
	png_read_end(g->png, g->info);
	take_extras(g);
	frame_alpha(g->out);
}

enum pic_err png_read(const struct pic_job *job, struct frame *out, bool *can_copy)
{
	struct reading g = {.job = job, .rest = job->in, .out = out, .err = PIC_BROKEN};
	*out = (struct frame){0};
	g.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &g.trap, on_error, on_warning);
	g.info = g.png ? png_create_info_struct(g.png) : NULL;
	if (!g.info)
		g.err = PIC_NO_MEMORY;
	else if (setjmp(g.trap.back) == 0)
		read_all(&g);
	else
		g.err = PIC_BROKEN;
	png_destroy_read_struct(&g.png, &g.info, NULL);
	free(g.rows);
	*can_copy = !g.trap.warned;
	return g.err;
}

/* What the picture's looks need: its data, its colours and what they mean. */
static bool is_kept(struct str type)
{
	static const struct str kept[] = {S_INIT("IHDR"), S_INIT("PLTE"), S_INIT("tRNS"),
					  S_INIT("IDAT"), S_INIT("IEND"), S_INIT("iCCP"),
					  S_INIT("sRGB"), S_INIT("gAMA"), S_INIT("cHRM")};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (str_eq(type, kept[i]))
			return true;
	return false;
}

enum pic_err png_copy(struct str in, struct buf *out)
{
	struct str rest = str_slice(in, SIGNATURE, in.len), type = S("");
	buf_put(out, str_slice(in, 0, SIGNATURE));
	while (rest.len >= CHUNK_FRAME && !str_eq(type, S("IEND"))) {
		const uint8_t *b = (const uint8_t *)rest.at;
		size_t len = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
		if (len > rest.len - CHUNK_FRAME)
			return PIC_BROKEN;
		type = str_slice(rest, 4, 8);
		if (is_kept(type))
			buf_put(out, str_slice(rest, 0, len + CHUNK_FRAME));
		rest = str_slice(rest, len + CHUNK_FRAME, rest.len);
	}
	return str_eq(type, S("IEND")) ? PIC_OK : PIC_BROKEN;
}

struct palette {
	uint32_t colour[COLOURS];
	int n;
	uint32_t key[TABLE]; /* open addressing: a colour and its place + 1 */
	int place[TABLE];
};

/* The colour's place, a new one when there is room; -1: there are too many. */
static int place_of(struct palette *p, uint32_t colour)
{
	uint32_t at = colour * 2654435761U >> 22;
	for (; p->place[at]; at = (at + 1) % TABLE)
		if (p->key[at] == colour)
			return p->place[at] - 1;
	if (p->n == COLOURS)
		return -1;
	p->key[at] = colour;
	p->colour[p->n++] = colour;
	p->place[at] = p->n;
	return p->n - 1;
}

static bool palette_make(struct palette *p, const struct frame *f)
{
	const uint32_t *pixel = (const uint32_t *)(const void *)f->rgba;
	size_t n = (size_t)f->width * (size_t)f->height;
	*p = (struct palette){.n = 0};
	for (size_t i = 0; i < n; i++)
		if (place_of(p, pixel[i]) < 0)
			return false;
	return true;
}

struct writing {
	struct trap trap;
	png_structp png;
	png_infop info;
	const struct frame *f;
	struct buf *out;
	struct palette *palette; /* NULL: whole colours */
	uint8_t *row;
};

static void on_write(png_structp png, png_bytep from, size_t n)
{
	struct writing *w = png_get_io_ptr(png);
	buf_put(w->out, (struct str){(const char *)from, n});
}

static void on_flush(png_structp png)
{
	(void)png;
}

static void write_palette(struct writing *w)
{
	png_color colour[COLOURS];
	png_byte alpha[COLOURS];
	for (int i = 0; i < w->palette->n; i++) {
		uint8_t c[4];
		memcpy(c, &w->palette->colour[i], 4);
		colour[i] = (png_color){c[0], c[1], c[2]};
		alpha[i] = c[3];
	}
	png_set_PLTE(w->png, w->info, colour, w->palette->n);
	if (w->f->alpha)
		png_set_tRNS(w->png, w->info, alpha, w->palette->n, NULL);
}

static void fill_row(struct writing *w, int y)
{
	const uint8_t *from = w->f->rgba + (size_t)y * (size_t)w->f->width * 4;
	int step = w->palette ? 1 : w->f->alpha ? 4 : 3;
	for (int x = 0; x < w->f->width; x++, from += 4) {
		uint32_t colour;
		memcpy(&colour, from, 4);
		if (w->palette)
			w->row[x] = (uint8_t)place_of(w->palette, colour);
		else
			memcpy(w->row + (size_t)x * (size_t)step, from, (size_t)step);
	}
}

static void write_all(struct writing *w)
{
	int type = w->palette    ? PNG_COLOR_TYPE_PALETTE
		   : w->f->alpha ? PNG_COLOR_TYPE_RGB_ALPHA
				 : PNG_COLOR_TYPE_RGB;
	png_set_write_fn(w->png, w, on_write, on_flush);
	png_set_IHDR(w->png, w->info, (png_uint_32)w->f->width, (png_uint_32)w->f->height, 8, type,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (w->palette)
		write_palette(w);
	else if (w->f->icc)
		png_set_iCCP(w->png, w->info, "icc", PNG_COMPRESSION_TYPE_BASE, w->f->icc,
			     (png_uint_32)w->f->icc_len);
	png_write_info(w->png, w->info);
	for (int y = 0; y < w->f->height; y++) {
		fill_row(w, y);
		png_write_row(w->png, w->row);
	}
	png_write_end(w->png, NULL);
}

enum pic_err png_write(const struct frame *f, struct buf *out)
{
	struct palette palette;
	struct writing w = {.f = f, .out = out};
	enum pic_err e = PIC_BROKEN;
	w.palette = palette_make(&palette, f) ? &palette : NULL;
	w.row = malloc((size_t)f->width * 4);
	w.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &w.trap, on_error, on_warning);
	w.info = w.png ? png_create_info_struct(w.png) : NULL;
	if (!w.info || !w.row) {
		e = PIC_NO_MEMORY;
	} else if (setjmp(w.trap.back) == 0) {
		write_all(&w);
		e = PIC_OK;
	}
	png_destroy_write_struct(&w.png, &w.info);
	free(w.row);
	return e;
}
