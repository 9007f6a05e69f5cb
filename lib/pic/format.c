/* SPDX-License-Identifier: MIT */
/* The formats that are taken: how they begin, what they are called; and what is said of others. */
#include <stdio.h>

#include <gif_lib.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/decode.h>

#include "pic/pic.h"

static const struct {
	const char *type, *extension;
} formats[PIC_FORMATS] = {
	[PIC_NONE] = {"", ""},
	[PIC_JPEG] = {"image/jpeg", "jpg"},
	[PIC_PNG] = {"image/png", "png"},
	[PIC_WEBP] = {"image/webp", "webp"},
	[PIC_GIF] = {"image/gif", "gif"},
	[PIC_MP4] = {"video/mp4", "mp4"},
	[PIC_MOV] = {"video/quicktime", "mov"},
	[PIC_WEBM] = {"video/webm", "webm"},
	[PIC_MP3] = {"audio/mpeg", "mp3"},
	[PIC_OGG] = {"audio/ogg", "ogg"},
	[PIC_WAV] = {"audio/wav", "wav"},
	[PIC_FLAC] = {"audio/flac", "flac"},
	[PIC_M4A] = {"audio/mp4", "m4a"},
	[PIC_WEBA] = {"audio/webm", "weba"},
};

const char *pic_type(int format)
{
	return formats[format > 0 && format < PIC_FORMATS ? format : PIC_NONE].type;
}

const char *pic_extension(int format)
{
	return formats[format > 0 && format < PIC_FORMATS ? format : PIC_NONE].extension;
}

/* ISO/IEC 14496-12 section 4.3; brands of still pictures begin with others. */
static enum pic_format sniff_film(struct str brand)
{
	static const struct {
		struct str brand;
		enum pic_format format;
	} known[] = {
		{S_INIT("qt"), PIC_MOV},   {S_INIT("M4A"), PIC_M4A},  {S_INIT("M4B"), PIC_M4A},
		{S_INIT("iso"), PIC_MP4},  {S_INIT("mp4"), PIC_MP4},  {S_INIT("mp7"), PIC_MP4},
		{S_INIT("avc"), PIC_MP4},  {S_INIT("M4V"), PIC_MP4},  {S_INIT("3g"), PIC_MP4},
		{S_INIT("MSN"), PIC_MP4},  {S_INIT("dash"), PIC_MP4}, {S_INIT("f4v"), PIC_MP4},
		{S_INIT("XAVC"), PIC_MP4},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_starts(brand, known[i].brand))
			return known[i].format;
	return PIC_NONE;
}

enum pic_format pic_sniff(struct str in)
{
	static const struct {
		struct str begin, inside; /* inside: at 8, behind a length */
		enum pic_format format;
	} known[] = {
		{S_INIT("\xff\xd8\xff"), S_INIT(""), PIC_JPEG},
		{S_INIT("\x89PNG\r\n\x1a\n"), S_INIT(""), PIC_PNG},
		{S_INIT("GIF87a"), S_INIT(""), PIC_GIF},
		{S_INIT("GIF89a"), S_INIT(""), PIC_GIF},
		{S_INIT("RIFF"), S_INIT("WEBP"), PIC_WEBP},
		{S_INIT("RIFF"), S_INIT("WAVE"), PIC_WAV},
		{S_INIT("\x1a\x45\xdf\xa3"), S_INIT(""), PIC_WEBM},
		{S_INIT("ID3"), S_INIT(""), PIC_MP3},
		{S_INIT("OggS"), S_INIT(""), PIC_OGG},
		{S_INIT("fLaC"), S_INIT(""), PIC_FLAC},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_starts(in, known[i].begin) &&
		    str_starts(str_slice(in, 8, in.len), known[i].inside))
			return known[i].format;
	if (str_eq(str_slice(in, 4, 8), S("ftyp")))
		return sniff_film(str_slice(in, 8, 12));
	/* A frame of MPEG audio layer III without a tag before it. */
	if (in.len > 4 && (uint8_t)in.at[0] == 0xff && ((uint8_t)in.at[1] & 0xe6) == 0xe2)
		return PIC_MP3;
	return PIC_NONE;
}

struct str pic_sentence(struct arena *a, enum pic_err e, const struct pic_limits *limits)
{
	switch (e) {
	case PIC_ALIEN:
		return S(
			"This is not a kind of file that is taken: JPEG, PNG, WebP and GIF pictures, MP4, MOV and"
			" WebM films, MP3, Ogg, WAV, FLAC and M4A sounds");
	case PIC_PIXELS:
		return arena_printf(a, "The picture is too large: %lld megapixels at most",
				    (long long)(limits->pixels_max / 1000000));
	case PIC_FRAMES:
		return arena_printf(
			a,
			"The animation is too long: %lld pictures at most, fewer when they are large",
			(long long)limits->frames_max);
	case PIC_LONG:
		return arena_printf(a, "The file plays too long: %lld seconds at most",
				    (long long)limits->seconds_max);
	case PIC_NO_MEMORY:
		return S("The file takes too much memory");
	case PIC_UNFIT:
		return S("A picture is wanted here: JPEG, PNG, WebP or GIF");
	case PIC_NOT_WRITTEN:
		return S("What was made of the file is too large");
	default:
		return S("The file is broken");
	}
}

const char *pic_version(int i)
{
	static char text[4][32];
	int webp = WebPGetDecoderVersion();
	int turbo = LIBJPEG_TURBO_VERSION_NUMBER;
	snprintf(text[0], sizeof text[0], "libjpeg-turbo %d.%d.%d", turbo / 1000000,
		 turbo / 1000 % 1000, turbo % 1000);
	snprintf(text[1], sizeof text[1], "libpng %s", png_get_libpng_ver(NULL));
	snprintf(text[2], sizeof text[2], "libwebp %d.%d.%d", webp >> 16, webp >> 8 & 255,
		 webp & 255);
	snprintf(text[3], sizeof text[3], "giflib %d.%d.%d", GIFLIB_MAJOR, GIFLIB_MINOR,
		 GIFLIB_RELEASE);
	return i >= 0 && i < 4 ? text[i] : NULL;
}
