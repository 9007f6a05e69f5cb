/* SPDX-License-Identifier: MIT */
/*
 * Pictures, films and sounds: what foreign bytes are, and clean files made of them. This layer
 * decodes what strangers sent, so it runs in a sandboxed child (base/sandbox); it opens nothing
 * and knows neither rows nor paths. The media service calls it.
 */
#ifndef PIC_PIC_H
#define PIC_PIC_H

#include "base/arena.h"
#include "base/str.h"

enum pic_format {
	PIC_NONE,
	PIC_JPEG,
	PIC_PNG,
	PIC_WEBP,
	PIC_GIF,
	PIC_MP4,
	PIC_MOV,
	PIC_WEBM,
	PIC_MP3,
	PIC_OGG,
	PIC_WAV,
	PIC_FLAC,
	PIC_M4A,
	PIC_WEBA,
	PIC_FORMATS
};
/* In the order of enum media_kind (core/media.h), which this layer does not see. */
enum pic_kind { PIC_UNKNOWN, PIC_IMAGE, PIC_GIFV, PIC_VIDEO, PIC_AUDIO };
/* PIC_SMALL: a still picture as large as a preview, and no preview of it. */
enum pic_use { PIC_ATTACHMENT, PIC_AVATAR, PIC_HEADER, PIC_EMOJI, PIC_SMALL };

enum pic_err {
	PIC_OK,
	PIC_ALIEN,      /* none of the formats that are taken */
	PIC_BROKEN,     /* cut off, damaged, or not what it says it is */
	PIC_PIXELS,     /* more pixels than pixels_max */
	PIC_FRAMES,     /* an animation of too many pictures */
	PIC_LONG,       /* longer than seconds_max */
	PIC_NO_MEMORY,  /* more memory than the child has */
	PIC_UNFIT,      /* no picture, and a picture is wanted */
	PIC_NOT_WRITTEN /* the output took no more */
};

struct pic_limits {
	int64_t pixels_max; /* of one picture */
	int64_t frames_max; /* of an animation; all its pictures have at most 20 times pixels_max */
	int64_t seconds_max; /* of a film or sound */
};

enum { PIC_BLURHASH_MAX = 64, PIC_BLANKS_MAX = 32 };

/* A stretch of the input that tells of its maker (place, device), to be overwritten in a copy. */
struct pic_blank {
	int64_t at, len;
};

/* Plain numbers only: it comes back from the child through shared memory and is not trusted. */
struct pic_result {
	int format, kind;               /* enum pic_format of the file, enum pic_kind */
	int width, height, duration_ms; /* 0: not known */
	int preview_format;             /* PIC_NONE: there is no preview */
	int preview_width, preview_height;
	int as_it_is; /* the file is the input with its blanks overwritten; nothing was written */
	int n_blanks;
	struct pic_blank blank[PIC_BLANKS_MAX];
	char blurhash[PIC_BLURHASH_MAX]; /* "" or a text with its NUL */
};

struct pic_job {
	struct str in;
	enum pic_use use;
	struct pic_limits limits;
	int file_fd, preview_fd; /* written to from where they stand */
};

/* Looks at the bytes, makes the file and its preview. */
enum pic_err pic_make(const struct pic_job *job, struct pic_result *out);

/* By the first bytes. */
enum pic_format pic_sniff(struct str in);
/* "image/jpeg", "jpg"; "" for PIC_NONE and what is no format. */
const char *pic_type(int format);
const char *pic_extension(int format);
/* A sentence for who sent the bytes. */
struct str pic_sentence(struct arena *a, enum pic_err e, const struct pic_limits *limits);

/* "libjpeg-turbo 2.1.5", "libpng 1.6.39", "libwebp 1.2.4", "giflib 5.2.1". NULL after the last. */
const char *pic_version(int i);

#endif
