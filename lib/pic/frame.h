/* SPDX-License-Identifier: MIT */
/*
 * A decoded picture, and the readers and writers of each format. Used inside pic/ alone. A reader
 * looks at the size before it takes memory; none of them trusts a number in the input.
 */
#ifndef PIC_FRAME_H
#define PIC_FRAME_H

#include <stdlib.h>

#include "base/buf.h"
#include "pic/pic.h"

/* WebP cannot be larger than PIC_WRITTEN_SIDE_MAX (RFC 9649 section 2.5), so nothing we write is.
 */
enum { PIC_SIDE_MAX = 32767, PIC_WRITTEN_SIDE_MAX = 16383, PIC_ICC_MAX = 16384 };

/* Red, green, blue, alpha; one byte each, alpha not multiplied in; rows without gaps. */
struct frame {
	int width, height;
	bool alpha; /* false: every pixel is opaque */
	bool gray;  /* every pixel has three equal colours: known by the JPEG reader only */
	uint8_t *rgba;
	int orientation; /* 1..8 as in EXIF; what is still to be done */
	uint8_t *icc;    /* a small profile of colours that are not sRGB; NULL: none */
	size_t icc_len;
};

#define SCOPED_FRAME __attribute__((cleanup(frame_free))) struct frame

/* PIC_PIXELS, PIC_BROKEN (no pixel at all), PIC_NO_MEMORY. The pixels are not set. */
enum pic_err frame_make(struct frame *f, int64_t width, int64_t height, int64_t pixels_max);
void frame_free(struct frame *f);
/* Keeps a profile when it is small, sound and of RGB colours. */
void frame_icc(struct frame *f, const void *icc, size_t len);
/* Sets f->alpha by looking at each pixel. */
void frame_alpha(struct frame *f);
/* Turns and mirrors as f->orientation says, which becomes 1. */
enum pic_err frame_orient(struct frame *f);
/* Of EXIF data ("II*\0..." or "MM\0*..."); 1 when it says nothing sensible. */
int exif_orientation(struct str exif);

/* The middle of f with the shape of width to height; f itself is left as it is. */
struct crop {
	int x, y, width, height;
};
struct crop crop_middle(const struct frame *f, int width, int height);
/* Scales a part of f to width x height by a Lanczos filter; memory beside out is some rows. */
enum pic_err frame_scale(struct frame *out, const struct frame *f, struct crop part, int width,
			 int height);
/* The size with the same shape and at most max_area pixels, sides that can be written; the size
 * itself when it has no more. */
void fit_area(int width, int height, int64_t max_area, int *out_width, int *out_height);

struct jpeg_read {
	const struct pic_job *job;
	int side;      /* it may be decoded smaller, while its shorter side has this many pixels */
	bool can_copy; /* filled in: gray or YCbCr and not smaller, so jpeg_copy may be used */
};
enum pic_err jpeg_read(struct jpeg_read *r, struct frame *out);
enum pic_err jpeg_write(const struct frame *f, int quality, struct buf *out);
/* The same compressed data with nothing around it but f's profile. */
enum pic_err jpeg_copy(const struct pic_job *job, const struct frame *f, struct buf *out);

/* can_copy: nothing about it was odd, so png_copy may be used. */
enum pic_err png_read(const struct pic_job *job, struct frame *out, bool *can_copy);
/* The same compressed data, of a file that was read, with nothing around it but what its colours
 * mean. */
enum pic_err png_copy(struct str in, struct buf *out);
enum pic_err png_write(const struct frame *f, struct buf *out);

struct animation {
	int frames;
	int64_t duration_ms;
};
/* Lossless files are written lossless again. */
enum pic_err webp_read(const struct pic_job *job, struct frame *out, struct animation *anim,
		       bool *lossless);
enum pic_err webp_write(const struct frame *f, int quality, bool lossless, struct buf *out);
/* The file without what it says about itself (EXIF, XMP, unknown parts). */
enum pic_err webp_strip(struct str in, struct buf *out);

/* The first picture on its canvas; all others are decoded too, to know that they can be. */
enum pic_err gif_read(const struct pic_job *job, struct frame *out, struct animation *anim);
/* The file without comments, texts and foreign extensions, and without what follows its end. */
enum pic_err gif_strip(struct str in, struct buf *out);

/* nx by ny components of 1..9; text has PIC_BLURHASH_MAX bytes. https://blurha.sh */
void blurhash_put(const struct frame *f, int nx, int ny, char text[PIC_BLURHASH_MAX]);

/* Films and sounds: their structure is walked, their size and duration are noted in out. */
enum pic_err mp4_look(const struct pic_job *job, struct pic_result *out);
enum pic_err webm_look(const struct pic_job *job, struct pic_result *out);
enum pic_err mp3_look(const struct pic_job *job, struct pic_result *out);
enum pic_err ogg_look(const struct pic_job *job, struct pic_result *out);
enum pic_err wav_look(const struct pic_job *job, struct pic_result *out);
enum pic_err flac_look(const struct pic_job *job, struct pic_result *out);
/* units of 1/rate second as out->duration_ms; PIC_LONG. */
enum pic_err duration_put(const struct pic_job *job, struct pic_result *out, uint64_t units,
			  uint64_t rate);

/* Numbers of the input by position; 0 beyond its end. */
static inline uint32_t byte_at(struct str s, size_t at)
{
	return at < s.len ? (uint8_t)s.at[at] : 0;
}
static inline uint32_t be16(struct str s, size_t at)
{
	return byte_at(s, at) << 8 | byte_at(s, at + 1);
}
static inline uint32_t be32(struct str s, size_t at)
{
	return be16(s, at) << 16 | be16(s, at + 2);
}
static inline uint64_t be64(struct str s, size_t at)
{
	return (uint64_t)be32(s, at) << 32 | be32(s, at + 4);
}
static inline uint32_t le16(struct str s, size_t at)
{
	return byte_at(s, at) | byte_at(s, at + 1) << 8;
}
static inline uint32_t le32(struct str s, size_t at)
{
	return le16(s, at) | le16(s, at + 2) << 16;
}
static inline uint64_t le64(struct str s, size_t at)
{
	return le32(s, at) | (uint64_t)le32(s, at + 4) << 32;
}

#endif
