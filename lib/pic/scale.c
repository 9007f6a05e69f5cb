/* SPDX-License-Identifier: MIT */
/*
 * Scaling by a Lanczos filter as wide as the scale (so that it averages when it makes smaller).
 * Colours are multiplied by their alpha first, so that what nobody sees bleeds nowhere. Each source
 * row is scaled sideways once and waits in a ring of as many rows as the filter is high.
 */
#include <math.h>

#include "pic/frame.h"

/* One pixel: four floats that the machine adds and multiplies at once. */
typedef float pixel __attribute__((vector_size(16)));

enum { LOBES = 3 };

/* For each place of the output: the first source pixel and the weights from there on. */
struct kernel {
	int taps, n;
	int *first;
	float *weight; /* n * taps */
};

static double lanczos(double x)
{
	x = fabs(x);
	if (x < 1e-8)
		return 1;
	if (x >= LOBES)
		return 0;
	double p = M_PI * x;
	return LOBES * sin(p) * sin(p / LOBES) / (p * p);
}

static void kernel_free(struct kernel *k)
{
	free(k->first);
	free(k->weight);
}

static void kernel_row(struct kernel *k, int i, int from, double scale, double wide)
{
	double middle = (i + 0.5) * scale, sum = 0;
	float *w = k->weight + (ptrdiff_t)i * k->taps;
	int first = (int)floor(middle - LOBES * wide);
	first = first < 0 ? 0 : first;
	first = first > from - k->taps ? from - k->taps : first;
	k->first[i] = first;
	for (int t = 0; t < k->taps; t++)
		sum += lanczos((first + t + 0.5 - middle) / wide);
	for (int t = 0; t < k->taps; t++)
		w[t] = (float)(lanczos((first + t + 0.5 - middle) / wide) / sum);
}

static bool kernel_make(struct kernel *k, int from, int to)
{
	double scale = (double)from / to, wide = scale > 1 ? scale : 1;
	int taps = (int)ceil(2 * LOBES * wide) + 1;
	k->n = to;
	k->taps = taps < from ? taps : from;
	k->first = malloc((size_t)to * sizeof *k->first);
	k->weight = malloc((size_t)to * (size_t)k->taps * sizeof *k->weight);
	if (!k->first || !k->weight)
		return false;
	for (int i = 0; i < to; i++)
		kernel_row(k, i, from, scale, wide);
	return true;
}

struct scaling {
	const struct frame *from;
	struct crop part;
	struct kernel across, down;
	pixel *source; /* one source row, alpha multiplied in */
	pixel *ring;   /* rows scaled sideways: row y stands at y modulo down.taps */
	int rows_done;
};

static void load_row(struct scaling *s, int y)
{
	const uint8_t *p = s->from->rgba +
			   ((size_t)(s->part.y + y) * (size_t)s->from->width + (size_t)s->part.x) *
				   4;
	for (int x = 0; x < s->part.width; x++, p += 4) {
		float a = (float)p[3] / 255.0F;
		s->source[x] = (pixel){(float)p[0] * a, (float)p[1] * a, (float)p[2] * a,
				       (float)p[3]};
	}
}

static void scale_across(struct scaling *s, int y)
{
	const struct kernel *k = &s->across;
	pixel *to = s->ring + (ptrdiff_t)(y % s->down.taps) * k->n;
	load_row(s, y);
	for (int x = 0; x < k->n; x++) {
		const pixel *from = s->source + k->first[x];
		const float *w = k->weight + (ptrdiff_t)x * k->taps;
		pixel sum = {0, 0, 0, 0};
		for (int t = 0; t < k->taps; t++)
			sum += from[t] * w[t];
		to[x] = sum;
	}
}

static uint8_t to_byte(float v)
{
	return v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)(v + 0.5F);
}

static void store_pixel(uint8_t *to, pixel p)
{
	float a = p[3] / 255.0F;
	to[3] = to_byte(p[3]);
	for (int c = 0; c < 3; c++)
		to[c] = to[3] ? to_byte(p[c] / a) : 0;
}

static void scale_down(struct scaling *s, int y, uint8_t *to)
{
	const struct kernel *k = &s->down;
	const float *w = k->weight + (ptrdiff_t)y * k->taps;
	for (; s->rows_done < k->first[y] + k->taps; s->rows_done++)
		scale_across(s, s->rows_done);
	for (int x = 0; x < s->across.n; x++, to += 4) {
		pixel sum = {0, 0, 0, 0};
		for (int t = 0; t < k->taps; t++)
			sum += s->ring[(ptrdiff_t)((k->first[y] + t) % k->taps) * s->across.n + x] *
			       w[t];
		store_pixel(to, sum);
	}
}

enum pic_err frame_scale(struct frame *out, const struct frame *f, struct crop part, int width,
			 int height)
{
	struct scaling s = {.from = f, .part = part};
	enum pic_err e = frame_make(out, width, height, INT64_MAX);
	if (e != PIC_OK)
		return e;
	bool ready = kernel_make(&s.across, part.width, width) &&
		     kernel_make(&s.down, part.height, height);
	if (ready) {
		s.source = malloc((size_t)part.width * sizeof(pixel));
		s.ring = malloc((size_t)width * (size_t)s.down.taps * sizeof(pixel));
		ready = s.source && s.ring;
	}
	for (int y = 0; ready && y < height; y++)
		scale_down(&s, y, out->rgba + (size_t)y * (size_t)width * 4);
	free(s.source);
	free(s.ring);
	kernel_free(&s.across);
	kernel_free(&s.down);
	out->alpha = f->alpha;
	out->gray = f->gray;
	frame_icc(out, f->icc, f->icc_len);
	return ready ? PIC_OK : PIC_NO_MEMORY;
}

struct crop crop_middle(const struct frame *f, int width, int height)
{
	struct crop c = {0, 0, f->width, f->height};
	if ((int64_t)f->width * height > (int64_t)f->height * width)
		c.width = (int)((int64_t)f->height * width / height);
	else
		c.height = (int)((int64_t)f->width * height / width);
	c.width = c.width < 1 ? 1 : c.width;
	c.height = c.height < 1 ? 1 : c.height;
	c.x = (f->width - c.width) / 2;
	c.y = (f->height - c.height) / 2;
	return c;
}

void fit_area(int width, int height, int64_t max_area, int *out_width, int *out_height)
{
	int longer = width > height ? width : height;
	double ratio = fmin(1, fmin(sqrt((double)max_area / ((double)width * height)),
				    (double)PIC_WRITTEN_SIDE_MAX / longer));
	/* A very narrow one keeps its narrow side's only pixel. */
	*out_width = (int)fmax(1, floor(width * ratio));
	*out_height = (int)fmax(1, floor(height * ratio));
}
