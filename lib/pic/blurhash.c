/* SPDX-License-Identifier: MIT */
/*
 * BlurHash: a few cosine components of a picture as a short text, which apps show as a blur until
 * the picture is there (https://github.com/woltapp/blurhash, Algorithm.md). Transparent pixels
 * count as white.
 */
#include <math.h>

#include "pic/frame.h"

enum { COMPONENTS_MAX = 9 };

struct rgb {
	double c[3];
};

static double to_linear(int v)
{
	double x = v / 255.0;
	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static int from_linear(double v)
{
	v = v < 0 ? 0 : v > 1 ? 1 : v;
	return v <= 0.0031308 ? (int)(v * 12.92 * 255 + 0.5)
			      : (int)((1.055 * pow(v, 1 / 2.4) - 0.055) * 255 + 0.5);
}

static struct rgb component(const struct frame *f, const float *linear, int i, int j)
{
	struct rgb sum = {{0, 0, 0}};
	for (int y = 0; y < f->height; y++) {
		double down = cos(M_PI * j * y / f->height);
		for (int x = 0; x < f->width; x++) {
			double basis = cos(M_PI * i * x / f->width) * down;
			const float *p = linear + ((ptrdiff_t)y * f->width + x) * 3;
			for (int c = 0; c < 3; c++)
				sum.c[c] += basis * (double)p[c];
		}
	}
	double scale = (i || j ? 2.0 : 1.0) / ((double)f->width * f->height);
	for (int c = 0; c < 3; c++)
		sum.c[c] *= scale;
	return sum;
}

static char *put83(char *to, int value, int digits)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
				       "xyz#$%*+,-.:;=?@[]^_{|}~";
	for (int d = digits - 1; d >= 0; d--) {
		to[d] = alphabet[value % 83];
		value /= 83;
	}
	return to + digits;
}

static int quantised(double v, double most)
{
	double q = floor(copysign(sqrt(fabs(v / most)), v) * 9 + 9.5);
	return q < 0 ? 0 : q > 18 ? 18 : (int)q;
}

static float *linear_of(const struct frame *f)
{
	size_t n = (size_t)f->width * (size_t)f->height;
	float *linear = malloc(n * 3 * sizeof *linear);
	for (size_t i = 0; linear && i < n; i++) {
		const uint8_t *p = f->rgba + 4 * i;
		for (int c = 0; c < 3; c++)
			linear[3 * i + (size_t)c] = (float)to_linear(
				(p[c] * p[3] + 255 * (255 - p[3]) + 127) / 255);
	}
	return linear;
}

void blurhash_put(const struct frame *f, int nx, int ny, char text[PIC_BLURHASH_MAX])
{
	struct rgb part[COMPONENTS_MAX * COMPONENTS_MAX];
	int n = nx * ny;
	double most = 0;
	text[0] = '\0';
	float *linear = linear_of(f);
	if (!linear || 4 + 2 * n >= PIC_BLURHASH_MAX) {
		free(linear);
		return;
	}
	for (int i = 0; i < n; i++) {
		part[i] = component(f, linear, i % nx, i / nx);
		for (int c = 0; i > 0 && c < 3; c++)
			most = fmax(most, fabs(part[i].c[c]));
	}
	free(linear);
	int level = n > 1 ? (int)fmax(0, fmin(82, floor(most * 166 - 0.5))) : 0;
	most = n > 1 ? (level + 1) / 166.0 : 1;
	char *to = put83(text, nx - 1 + (ny - 1) * 9, 1);
	to = put83(to, level, 1);
	to = put83(to,
		   from_linear(part[0].c[0]) << 16 | from_linear(part[0].c[1]) << 8 |
			   from_linear(part[0].c[2]),
		   4);
	for (int i = 1; i < n; i++)
		to = put83(to,
			   (quantised(part[i].c[0], most) * 19 + quantised(part[i].c[1], most)) *
					   19 +
				   quantised(part[i].c[2], most),
			   2);
	*to = '\0';
}
