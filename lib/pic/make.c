/* SPDX-License-Identifier: MIT */
/*
 * From what was sent to what is kept: the right reader, the size for its use, the file without a
 * word about its maker, the preview, the blur.
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "pic/frame.h"

/* What the largest screens show; previews and blurs as Mastodon makes them. */
enum {
	AREA_MAX = 3840 * 2160,
	PREVIEW_AREA = 640 * 360,
	BLUR_AREA = 48 * 48,
	QUALITY = 90,
	LOSSLESS = 100,
	PREVIEW_QUALITY = 82
};

static const struct {
	int width, height; /* the largest; 0: by area, which is the next */
	int area;
	bool crop; /* to that shape */
	int side;  /* a JPEG may be decoded smaller while its shorter side has this */
} uses[] = {
	[PIC_ATTACHMENT] = {0, 0, AREA_MAX, false, INT_MAX},
	[PIC_AVATAR] = {400, 400, 0, true, 400},
	[PIC_HEADER] = {1500, 500, 0, true, 1500},
	[PIC_EMOJI] = {128, 128, 0, false, 128},
	[PIC_SMALL] = {0, 0, PREVIEW_AREA, false, 480},
};

static enum pic_err write_all(int fd, const struct buf *b)
{
	struct str rest = buf_str(b);
	while (rest.len > 0) {
		ssize_t n = write(fd, rest.at, rest.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return PIC_NOT_WRITTEN;
		rest = str_slice(rest, (size_t)n, rest.len);
	}
	return PIC_OK;
}

/* quality LOSSLESS: what has a choice loses nothing. */
static enum pic_err encode(const struct frame *f, enum pic_format format, int quality, int fd)
{
	SCOPED_BUF out = BUF_EMPTY;
	enum pic_err e = format == PIC_JPEG   ? jpeg_write(f, quality, &out)
			 : format == PIC_WEBP ? webp_write(f, quality, quality == LOSSLESS, &out)
					      : png_write(f, &out);
	return e == PIC_OK ? write_all(fd, &out) : e;
}

/* The part of f that its use shows, and how large it is shown. */
static struct crop fit(const struct frame *f, enum pic_use use, int *width, int *height)
{
	struct crop all = {0, 0, f->width, f->height};
	int max_width = uses[use].width, max_height = uses[use].height;
	if (max_width == 0) {
		fit_area(f->width, f->height, uses[use].area, width, height);
		return all;
	}
	if (uses[use].crop)
		all = crop_middle(f, max_width, max_height);
	double ratio = (double)max_width / all.width, other = (double)max_height / all.height;
	ratio = ratio < other ? ratio : other;
	ratio = ratio < 1 ? ratio : 1;
	*width = (int)(all.width * ratio + 0.5);
	*height = (int)(all.height * ratio + 0.5);
	*width = *width < 1 ? 1 : *width;
	*height = *height < 1 ? 1 : *height;
	return all;
}

static bool is_same(const struct frame *f, struct crop part, int width, int height)
{
	return part.width == f->width && part.height == f->height && width == f->width &&
	       height == f->height;
}

/* Replaces f by what its use shows. */
static enum pic_err shape(struct frame *f, enum pic_use use)
{
	int width, height;
	enum pic_err e = frame_orient(f);
	struct crop part = fit(f, use, &width, &height);
	if (e != PIC_OK || is_same(f, part, width, height))
		return e;
	SCOPED_FRAME small = {0};
	e = frame_scale(&small, f, part, width, height);
	if (e != PIC_OK)
		return e;
	struct frame swap = *f;
	*f = small;
	small = swap;
	return PIC_OK;
}

static enum pic_err blur(const struct frame *f, struct pic_result *out)
{
	int width, height;
	SCOPED_FRAME tiny = {0};
	fit_area(f->width, f->height, BLUR_AREA, &width, &height);
	enum pic_err e = frame_scale(&tiny, f, (struct crop){0, 0, f->width, f->height}, width,
				     height);
	if (e == PIC_OK)
		blurhash_put(&tiny, 4, 3, out->blurhash);
	return e;
}

/* Emoji: the picture that stands still. Others: small enough for a timeline. */
static enum pic_err preview(const struct pic_job *job, const struct frame *f,
			    struct pic_result *out)
{
	SCOPED_FRAME small = {0};
	if (job->use == PIC_AVATAR || job->use == PIC_HEADER || job->use == PIC_SMALL)
		return blur(f, out);
	fit_area(f->width, f->height, PREVIEW_AREA, &out->preview_width, &out->preview_height);
	enum pic_err e = frame_scale(&small, f, (struct crop){0, 0, f->width, f->height},
				     out->preview_width, out->preview_height);
	out->preview_format = job->use == PIC_EMOJI ? PIC_PNG : f->alpha ? PIC_WEBP : PIC_JPEG;
	if (e == PIC_OK)
		e = encode(&small, out->preview_format, PREVIEW_QUALITY, job->preview_fd);
	return e == PIC_OK ? blur(&small, out) : e;
}

/* A still picture in the format it came in. */
static enum pic_err still(const struct pic_job *job, struct frame *f, int quality,
			  struct pic_result *out)
{
	enum pic_err e = shape(f, job->use);
	out->kind = PIC_IMAGE;
	out->width = f->width;
	out->height = f->height;
	if (e == PIC_OK)
		e = encode(f, (enum pic_format)out->format, quality, job->file_fd);
	return e == PIC_OK ? preview(job, f, out) : e;
}

/* Already as its use wants it. */
static bool is_ready(const struct frame *f, enum pic_use use)
{
	int width, height;
	struct crop part = fit(f, use, &width, &height);
	return f->orientation <= 1 && is_same(f, part, width, height);
}

/* One that needs no change but what stands around its data keeps the data to the last bit. */
static enum pic_err copied(const struct pic_job *job, const struct frame *f, const struct buf *file,
			   struct pic_result *out)
{
	out->kind = PIC_IMAGE;
	out->width = f->width;
	out->height = f->height;
	enum pic_err e = write_all(job->file_fd, file);
	return e == PIC_OK ? preview(job, f, out) : e;
}

static enum pic_err make_jpeg(const struct pic_job *job, struct pic_result *out)
{
	SCOPED_FRAME f = {0};
	SCOPED_BUF same = BUF_EMPTY;
	struct jpeg_read r = {.job = job, .side = uses[job->use].side};
	enum pic_err e = jpeg_read(&r, &f);
	if (e != PIC_OK)
		return e;
	if (!r.can_copy || !is_ready(&f, job->use))
		return still(job, &f, QUALITY, out);
	e = jpeg_copy(job, &f, &same);
	return e == PIC_OK ? copied(job, &f, &same, out) : e;
}

static enum pic_err make_png(const struct pic_job *job, struct pic_result *out)
{
	SCOPED_FRAME f = {0};
	SCOPED_BUF same = BUF_EMPTY;
	bool can_copy;
	enum pic_err e = png_read(job, &f, &can_copy);
	if (e != PIC_OK)
		return e;
	if (!can_copy || !is_ready(&f, job->use))
		return still(job, &f, QUALITY, out);
	e = png_copy(job->in, &same);
	return e == PIC_OK ? copied(job, &f, &same, out) : e;
}

typedef enum pic_err strip_fn(struct str in, struct buf *out);

/* Kept moving where that has a place: attachments, and emoji that are small enough. */
static bool stays_moving(const struct pic_job *job, const struct frame *f, int frames)
{
	bool small = f->width <= uses[PIC_EMOJI].width && f->height <= uses[PIC_EMOJI].height;
	return frames > 1 && (job->use == PIC_ATTACHMENT || (job->use == PIC_EMOJI && small));
}

static enum pic_err moving(const struct pic_job *job, const struct frame *f, int64_t duration_ms,
			   strip_fn *strip, struct pic_result *out)
{
	SCOPED_BUF file = BUF_EMPTY;
	out->kind = PIC_GIFV;
	out->width = f->width;
	out->height = f->height;
	out->duration_ms = duration_ms < INT_MAX ? (int)duration_ms : INT_MAX;
	enum pic_err e = strip(job->in, &file);
	if (e == PIC_OK)
		e = write_all(job->file_fd, &file);
	return e == PIC_OK ? preview(job, f, out) : e;
}

static enum pic_err make_webp(const struct pic_job *job, struct pic_result *out)
{
	SCOPED_FRAME f = {0};
	struct animation anim;
	bool lossless = false;
	enum pic_err e = webp_read(job, &f, &anim, &lossless);
	if (e == PIC_OK && stays_moving(job, &f, anim.frames))
		return moving(job, &f, anim.duration_ms, webp_strip, out);
	return e == PIC_OK ? still(job, &f, lossless ? LOSSLESS : QUALITY, out) : e;
}

/* One that does not move is kept as PNG, which loses nothing of it. */
static enum pic_err make_gif(const struct pic_job *job, struct pic_result *out)
{
	SCOPED_FRAME f = {0};
	struct animation anim;
	enum pic_err e = gif_read(job, &f, &anim);
	if (e == PIC_OK && stays_moving(job, &f, anim.frames))
		return moving(job, &f, anim.duration_ms, gif_strip, out);
	out->format = PIC_PNG;
	return e == PIC_OK ? still(job, &f, QUALITY, out) : e;
}

enum pic_err pic_make(const struct pic_job *job, struct pic_result *out)
{
	static const struct {
		enum pic_err (*make)(const struct pic_job *job, struct pic_result *out);
		bool as_it_is;
	} makers[PIC_FORMATS] = {
		[PIC_JPEG] = {make_jpeg, false}, [PIC_PNG] = {make_png, false},
		[PIC_WEBP] = {make_webp, false}, [PIC_GIF] = {make_gif, false},
		[PIC_MP4] = {mp4_look, true},    [PIC_MOV] = {mp4_look, true},
		[PIC_M4A] = {mp4_look, true},    [PIC_WEBM] = {webm_look, true},
		[PIC_MP3] = {mp3_look, true},    [PIC_OGG] = {ogg_look, true},
		[PIC_WAV] = {wav_look, true},    [PIC_FLAC] = {flac_look, true},
	};
	*out = (struct pic_result){.format = pic_sniff(job->in)};
	if (out->format == PIC_NONE)
		return PIC_ALIEN;
	out->as_it_is = makers[out->format].as_it_is;
	if (out->as_it_is && job->use != PIC_ATTACHMENT)
		return PIC_UNFIT;
	return makers[out->format].make(job, out);
}
