/* SPDX-License-Identifier: MIT */
/*
 * JPEG by libjpeg-turbo. The library ends a failed call by a jump; nothing here holds memory across
 * one but through struct fields that are freed afterwards.
 */
#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

#include "pic/frame.h"

/* A progressive file may repeat its scans for as long as it likes; real ones have about ten. */
enum { SCANS_MAX = 100, MARKER_BYTES_MAX = 65533 };

struct trap {
	struct jpeg_error_mgr mgr; /* first: the library hands out its address */
	jmp_buf back;
	bool no_memory;
};

static void on_error(j_common_ptr c)
{
	struct trap *t = (struct trap *)(void *)c->err;
	t->no_memory = c->err->msg_code == JERR_OUT_OF_MEMORY;
	longjmp(t->back, 1);
}

/* Warnings say what was mended by guessing: a file that ends early is broken to us. */
static void on_message(j_common_ptr c, int level)
{
	if (level >= 0)
		return;
	if (c->err->msg_code == JWRN_JPEG_EOF || c->err->msg_code == JWRN_HIT_MARKER)
		on_error(c);
}

static void on_output(j_common_ptr c)
{
	(void)c;
}

static void on_progress(j_common_ptr c)
{
	if (c->is_decompressor && ((j_decompress_ptr)(void *)c)->input_scan_number > SCANS_MAX)
		on_error(c);
}

static void trap_set(struct trap *t)
{
	jpeg_std_error(&t->mgr);
	t->mgr.error_exit = on_error;
	t->mgr.emit_message = on_message;
	t->mgr.output_message = on_output;
	t->no_memory = false;
}

struct reading {
	struct jpeg_decompress_struct d;
	struct trap trap;
	struct jpeg_progress_mgr progress;
	struct jpeg_read *r;
	struct frame *out;
	uint8_t *row; /* CMYK */
	JOCTET *icc;
	unsigned icc_len;
	enum pic_err err;
};

/* Everything up to the first scan; the markers that we look at are kept. */
static void read_head(struct jpeg_decompress_struct *d, struct str in,
		      struct jpeg_progress_mgr *progress)
{
	progress->progress_monitor = on_progress;
	d->progress = progress;
	jpeg_mem_src(d, (const unsigned char *)in.at, in.len);
	jpeg_save_markers(d, JPEG_APP0 + 1, MARKER_BYTES_MAX);
	jpeg_save_markers(d, JPEG_APP0 + 2, MARKER_BYTES_MAX);
	jpeg_read_header(d, TRUE);
}

static int orientation_of(const struct jpeg_decompress_struct *d)
{
	for (jpeg_saved_marker_ptr m = d->marker_list; m; m = m->next) {
		struct str data = {(const char *)m->data, m->data_length};
		if (m->marker == JPEG_APP0 + 1 && str_starts(data, (struct str){"Exif\0\0", 6}))
			return exif_orientation(data);
	}
	return 1;
}

/* Adobe's four colours are stored inverted, and everybody writes them so. */
static void row_of_cmyk(const uint8_t *from, uint8_t *to, int n)
{
	for (int i = 0; i < n; i++, from += 4, to += 4) {
		for (int c = 0; c < 3; c++)
			to[c] = (uint8_t)((from[c] * from[3] + 127) / 255);
		to[3] = 255;
	}
}

static void read_rows(struct reading *g)
{
	struct jpeg_decompress_struct *d = &g->d;
	bool cmyk = d->out_color_space == JCS_CMYK;
	while (d->output_scanline < d->output_height) {
		uint8_t *to = g->out->rgba + (size_t)d->output_scanline * (size_t)g->out->width * 4;
		uint8_t *row = cmyk ? g->row : to;
		jpeg_read_scanlines(d, &row, 1);
		if (cmyk)
			row_of_cmyk(g->row, to, g->out->width);
	}
	jpeg_finish_decompress(d);
}

static void choose(struct reading *g)
{
	struct jpeg_decompress_struct *d = &g->d;
	bool four = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
	d->out_color_space = four ? JCS_CMYK : JCS_EXT_RGBA;
	d->scale_num = 1;
	d->scale_denom = 8;
	unsigned side = d->image_width < d->image_height ? d->image_width : d->image_height;
	while (d->scale_denom > 1 && side / d->scale_denom < (unsigned)g->r->side)
		d->scale_denom /= 2;
	g->r->can_copy = d->scale_denom == 1 &&
			 (d->jpeg_color_space == JCS_GRAYSCALE || d->jpeg_color_space == JCS_YCbCr);
}

static void read_all(struct reading *g)
{
	struct jpeg_decompress_struct *d = &g->d;
	read_head(d, g->r->job->in, &g->progress);
	int64_t pixels = (int64_t)d->image_width * d->image_height;
	if (pixels > g->r->job->limits.pixels_max || d->image_width > PIC_SIDE_MAX ||
	    d->image_height > PIC_SIDE_MAX) {
		g->err = PIC_PIXELS;
		return;
	}
	int orientation = orientation_of(d);
	bool has_icc = jpeg_read_icc_profile(d, &g->icc, &g->icc_len);
	choose(g);
	jpeg_start_decompress(d);
	g->err = frame_make(g->out, d->output_width, d->output_height, INT64_MAX);
	if (g->err == PIC_OK && d->out_color_space == JCS_CMYK &&
	    !(g->row = malloc((size_t)d->output_width * 4)))
		g->err = PIC_NO_MEMORY;
	if (g->err != PIC_OK)
		return;
	g->out->orientation = orientation;
	g->out->gray = d->jpeg_color_space == JCS_GRAYSCALE;
	if (has_icc)
		frame_icc(g->out, g->icc, g->icc_len);
	read_rows(g);
}

enum pic_err jpeg_read(struct jpeg_read *r, struct frame *out)
{
	struct reading g = {.r = r, .out = out};
	*out = (struct frame){0};
	g.d.err = &g.trap.mgr;
	trap_set(&g.trap);
	if (setjmp(g.trap.back) == 0) {
		jpeg_create_decompress(&g.d);
		read_all(&g);
	} else {
		g.err = g.trap.no_memory ? PIC_NO_MEMORY : PIC_BROKEN;
	}
	jpeg_destroy_decompress(&g.d);
	free(g.row);
	free(g.icc);
	return g.err;
}

struct writing {
	struct jpeg_compress_struct c;
	struct trap trap;
	unsigned char *bytes;
	unsigned long len;
	uint8_t *row;
};

/* What both ways of writing end with. */
static enum pic_err written(struct writing *w, bool whole, struct buf *out)
{
	jpeg_destroy_compress(&w->c);
	if (whole)
		buf_put(out, (struct str){(const char *)w->bytes, w->len});
	free(w->bytes);
	free(w->row);
	return whole ? PIC_OK : w->trap.no_memory ? PIC_NO_MEMORY : PIC_BROKEN;
}

static void write_icc(struct writing *w, const struct frame *f)
{
	if (f->icc)
		jpeg_write_icc_profile(&w->c, f->icc, (unsigned)f->icc_len);
}

/* The library takes RGBA as it is, but gray only as one byte a pixel. */
static void write_rows(struct writing *w, const struct frame *f)
{
	while (w->c.next_scanline < w->c.image_height) {
		uint8_t *from = f->rgba + (size_t)w->c.next_scanline * (size_t)f->width * 4;
		for (int x = 0; w->row && x < f->width; x++)
			w->row[x] = from[(size_t)x * 4];
		uint8_t *row = w->row ? w->row : from;
		jpeg_write_scanlines(&w->c, &row, 1);
	}
}

static void write_all(struct writing *w, const struct frame *f, int quality)
{
	jpeg_create_compress(&w->c);
	jpeg_mem_dest(&w->c, &w->bytes, &w->len);
	w->c.image_width = (unsigned)f->width;
	w->c.image_height = (unsigned)f->height;
	w->c.input_components = w->row ? 1 : 4;
	w->c.in_color_space = w->row ? JCS_GRAYSCALE : JCS_EXT_RGBA;
	jpeg_set_defaults(&w->c);
	jpeg_set_quality(&w->c, quality, TRUE);
	w->c.optimize_coding = TRUE;
	jpeg_simple_progression(&w->c);
	jpeg_start_compress(&w->c, TRUE);
	write_icc(w, f);
	write_rows(w, f);
	jpeg_finish_compress(&w->c);
}

enum pic_err jpeg_write(const struct frame *f, int quality, struct buf *out)
{
	struct writing w = {.row = f->gray ? malloc((size_t)f->width) : NULL};
	if (f->gray && !w.row)
		return PIC_NO_MEMORY;
	w.c.err = &w.trap.mgr;
	trap_set(&w.trap);
	volatile bool whole = false;
	if (setjmp(w.trap.back) == 0) {
		write_all(&w, f, quality);
		whole = true;
	}
	return written(&w, whole, out);
}

struct copying {
	struct jpeg_decompress_struct d;
	struct jpeg_progress_mgr progress;
	struct writing w; /* its trap serves both */
};

static void copy_all(struct copying *c, struct str in, const struct frame *f)
{
	jpeg_create_decompress(&c->d);
	jpeg_create_compress(&c->w.c);
	read_head(&c->d, in, &c->progress);
	jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&c->d);
	jpeg_copy_critical_parameters(&c->d, &c->w.c);
	c->w.c.optimize_coding = TRUE;
	if (c->d.progressive_mode)
		jpeg_simple_progression(&c->w.c);
	jpeg_mem_dest(&c->w.c, &c->w.bytes, &c->w.len);
	jpeg_write_coefficients(&c->w.c, coefficients);
	write_icc(&c->w, f);
	jpeg_finish_compress(&c->w.c);
	jpeg_finish_decompress(&c->d);
}

enum pic_err jpeg_copy(const struct pic_job *job, const struct frame *f, struct buf *out)
{
	struct copying c = {.w = {.bytes = NULL}};
	c.d.err = c.w.c.err = &c.w.trap.mgr;
	trap_set(&c.w.trap);
	volatile bool whole = false;
	if (setjmp(c.w.trap.back) == 0) {
		copy_all(&c, job->in, f);
		whole = true;
	}
	jpeg_destroy_decompress(&c.d);
	return written(&c.w, whole, out);
}
