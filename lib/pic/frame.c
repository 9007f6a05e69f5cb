/* SPDX-License-Identifier: MIT */
/* Decoded pictures: their memory, their alpha, and turning them as their camera was held. */
#include "pic/frame.h"

enum pic_err frame_make(struct frame *f, int64_t width, int64_t height, int64_t pixels_max)
{
	*f = (struct frame){.orientation = 1};
	if (width < 1 || height < 1)
		return PIC_BROKEN;
	if (width > PIC_SIDE_MAX || height > PIC_SIDE_MAX || width * height > pixels_max)
		return PIC_PIXELS;
	f->rgba = malloc((size_t)(width * height) * 4);
	if (!f->rgba)
		return PIC_NO_MEMORY;
	f->width = (int)width;
	f->height = (int)height;
	return PIC_OK;
}

void frame_free(struct frame *f)
{
	free(f->rgba);
	free(f->icc);
	*f = (struct frame){0};
}

void frame_icc(struct frame *f, const void *icc, size_t len)
{
	struct str s = {icc, len};
	/* ICC.1:2022 section 7.2: size, colour space at 16, signature at 36. */
	if (len < 128 || len > PIC_ICC_MAX || be32(s, 0) != len ||
	    memcmp(s.at + 16, "RGB ", 4) != 0 || memcmp(s.at + 36, "acsp", 4) != 0)
		return;
	uint8_t *copy = malloc(len);
	if (!copy)
		return;
	memcpy(copy, icc, len);
	free(f->icc);
	f->icc = copy;
	f->icc_len = len;
}

void frame_alpha(struct frame *f)
{
	size_t n = (size_t)f->width * (size_t)f->height;
	f->alpha = false;
	for (size_t i = 0; i < n && !f->alpha; i++)
		f->alpha = f->rgba[4 * i + 3] != 255;
}

/* EXIF 2.32 section 4.6.4: tag 0x0112 of the first directory. */
int exif_orientation(struct str exif)
{
	if (str_starts(exif, (struct str){"Exif\0\0", 6}))
		exif = str_slice(exif, 6, exif.len);
	bool little = str_starts(exif, (struct str){"II*\0", 4});
	if (!little && !str_starts(exif, (struct str){"MM\0*", 4}))
		return 1;
	size_t at = little ? le32(exif, 4) : be32(exif, 4);
	size_t n = little ? le16(exif, at) : be16(exif, at);
	for (size_t i = 0; i < n; i++) {
		size_t entry = at + 2 + 12 * i;
		if (entry + 12 > exif.len)
			return 1;
		if ((little ? le16(exif, entry) : be16(exif, entry)) != 0x0112)
			continue;
		uint32_t value = little ? le16(exif, entry + 8) : be16(exif, entry + 8);
		return value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

/*
 * Where pixel (0, 0) of the turned picture comes from, and the way from there as one goes right and
 * down: by orientation, as factors of the stored width and height.
 */
struct walk {
	bool from_right, from_bottom; /* the first pixel's corner */
	bool swapped;                 /* going right walks down the stored picture */
};
static const struct walk walks[9] = {
	[1] = {false, false, false}, [2] = {true, false, false}, [3] = {true, true, false},
	[4] = {false, true, false},  [5] = {false, false, true}, [6] = {false, true, true},
	[7] = {true, true, true},    [8] = {true, false, true},
};

enum pic_err frame_orient(struct frame *f)
{
	if (f->orientation <= 1 || f->orientation > 8)
		return PIC_OK;
	const struct walk *w = &walks[f->orientation];
	int width = w->swapped ? f->height : f->width, height = w->swapped ? f->width : f->height;
	ptrdiff_t row = f->width;
	uint32_t *to = malloc((size_t)width * (size_t)height * 4);
	if (!to)
		return PIC_NO_MEMORY;
	ptrdiff_t along_x = w->from_right ? -1 : 1, along_y = w->from_bottom ? -row : row;
	ptrdiff_t right = w->swapped ? along_y : along_x, down = w->swapped ? along_x : along_y;
	const uint32_t *first = (const uint32_t *)(void *)f->rgba + (w->from_right ? row - 1 : 0) +
				(w->from_bottom ? row * (f->height - 1) : 0);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			to[(ptrdiff_t)y * width + x] = first[y * down + x * right];
	free(f->rgba);
	f->rgba = (uint8_t *)to;
	f->width = width;
	f->height = height;
	f->orientation = 1;
	return PIC_OK;
}
