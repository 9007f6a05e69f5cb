/* SPDX-License-Identifier: MIT */
/*
 * WebP by libwebp: one picture, or an animation that is kept as it is but for what it says about
 * itself. The container is RFC 9649 section 2.
 */
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>

#include "pic/frame.h"

enum { CHUNK_HEAD = 8, FRAME_HEAD = 16, RIFF_HEAD = 12, LOSSLESS_LEVEL = 3 };
enum { FLAG_XMP = 0x04, FLAG_EXIF = 0x08, FLAG_ICC = 0x20 };

static WebPData data_of(struct str s)
{
	return (WebPData){(const uint8_t *)s.at, s.len};
}

static enum pic_err err_of(VP8StatusCode status)
{
	return status == VP8_STATUS_OK              ? PIC_OK
	       : status == VP8_STATUS_OUT_OF_MEMORY ? PIC_NO_MEMORY
						    : PIC_BROKEN;
}

static int orientation_of(struct str in)
{
	WebPData data = data_of(in);
	WebPDemuxer *d = WebPDemux(&data);
	WebPChunkIterator chunk;
	int orientation = 1;
	if (d && WebPDemuxGetChunk(d, "EXIF", 1, &chunk)) {
		orientation = exif_orientation(
			(struct str){(const char *)chunk.chunk.bytes, chunk.chunk.size});
		WebPDemuxReleaseChunkIterator(&chunk);
	}
	WebPDemuxDelete(d);
	return orientation;
}

static enum pic_err read_still(struct str in, struct frame *out)
{
	WebPDecoderConfig c;
	if (!WebPInitDecoderConfig(&c))
		return PIC_BROKEN;
	c.output.colorspace = MODE_RGBA;
	c.output.is_external_memory = 1;
	c.output.u.RGBA.rgba = out->rgba;
	c.output.u.RGBA.stride = out->width * 4;
	c.output.u.RGBA.size = (size_t)out->width * (size_t)out->height * 4;
	enum pic_err e = err_of(WebPDecode((const uint8_t *)in.at, in.len, &c));
	WebPFreeDecBuffer(&c.output);
	out->orientation = orientation_of(in);
	return e;
}

/* The first picture into out; the others are decoded for their worth only. */
static enum pic_err read_frames(WebPAnimDecoder *d, struct frame *out, struct animation *anim)
{
	uint8_t *canvas;
	int at_ms = 0;
	while (WebPAnimDecoderHasMoreFrames(d)) {
		if (!WebPAnimDecoderGetNext(d, &canvas, &at_ms))
			return PIC_BROKEN;
		if (anim->frames++ == 0)
			memcpy(out->rgba, canvas, (size_t)out->width * (size_t)out->height * 4);
	}
	anim->duration_ms = at_ms;
	return anim->frames > 0 ? PIC_OK : PIC_BROKEN;
}

static enum pic_err read_animation(const struct pic_job *job, struct frame *out,
				   struct animation *anim)
{
	WebPData data = data_of(job->in);
	WebPAnimInfo info;
	WebPAnimDecoder *d = WebPAnimDecoderNew(&data, NULL);
	if (!d)
		return PIC_BROKEN;
	int64_t canvas = (int64_t)out->width * out->height;
	enum pic_err e = WebPAnimDecoderGetInfo(d, &info) ? PIC_OK : PIC_BROKEN;
	if (e == PIC_OK && (info.canvas_width != (uint32_t)out->width ||
			    info.canvas_height != (uint32_t)out->height))
		e = PIC_BROKEN;
	if (e == PIC_OK && (info.frame_count > job->limits.frames_max ||
			    canvas * info.frame_count > 20 * job->limits.pixels_max))
		e = PIC_FRAMES;
	if (e == PIC_OK)
		e = read_frames(d, out, anim);
	WebPAnimDecoderDelete(d);
	return e;
}

enum pic_err webp_read(const struct pic_job *job, struct frame *out, struct animation *anim,
		       bool *lossless)
{
	WebPBitstreamFeatures f;
	*out = (struct frame){0};
	*anim = (struct animation){0};
	enum pic_err e = err_of(WebPGetFeatures((const uint8_t *)job->in.at, job->in.len, &f));
	if (e != PIC_OK)
		return e;
	*lossless = f.format == 2;
	e = frame_make(out, f.width, f.height, job->limits.pixels_max);
	if (e != PIC_OK)
		return e;
	e = f.has_animation ? read_animation(job, out, anim) : read_still(job->in, out);
	if (e == PIC_OK)
		frame_alpha(out);
	return e;
}

static int on_write(const uint8_t *bytes, size_t n, const WebPPicture *p)
{
	buf_put(p->custom_ptr, (struct str){(const char *)bytes, n});
	return 1;
}

enum pic_err webp_write(const struct frame *f, int quality, bool lossless, struct buf *out)
{
	WebPConfig c;
	WebPPicture p;
	if (!WebPConfigPreset(&c, WEBP_PRESET_DEFAULT, (float)quality) || !WebPPictureInit(&p) ||
	    (lossless && !WebPConfigLosslessPreset(&c, LOSSLESS_LEVEL)))
		return PIC_BROKEN;
	p.use_argb = lossless;
	p.width = f->width;
	p.height = f->height;
	p.writer = on_write;
	p.custom_ptr = out;
	int ok = f->alpha ? WebPPictureImportRGBA(&p, f->rgba, f->width * 4)
			  : WebPPictureImportRGBX(&p, f->rgba, f->width * 4);
	ok = ok && WebPEncode(&c, &p);
	enum pic_err e = ok ? PIC_OK
			 : p.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
					 p.error_code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY
				 ? PIC_NO_MEMORY
				 : PIC_BROKEN;
	WebPPictureFree(&p);
	return e;
}

static void put_le32(char *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(v >> (8 * i));
}

struct strip {
	struct str in;
	struct buf *out;
	bool inside; /* a frame of the animation */
};

static bool is_kept(const struct strip *s, struct str name, size_t len)
{
	static const struct {
		struct str name;
		bool inside, outside;
	} known[] = {
		{S_INIT("VP8X"), false, true}, {S_INIT("ANIM"), false, true},
		{S_INIT("ANMF"), false, true}, {S_INIT("ALPH"), true, true},
		{S_INIT("VP8 "), true, true},  {S_INIT("VP8L"), true, true},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(name, known[i].name))
			return s->inside ? known[i].inside : known[i].outside;
	return !s->inside && str_eq(name, S("ICCP")) && len <= PIC_ICC_MAX;
}

/* Copies the parts that are kept; false when one goes beyond the end. */
static bool strip_parts(const struct strip *s)
{
	for (size_t at = 0; at + CHUNK_HEAD <= s->in.len;) {
		struct str name = str_slice(s->in, at, at + 4);
		size_t len = le32(s->in, at + 4), begin = at + CHUNK_HEAD;
		if (len > s->in.len - begin)
			return false;
		struct str body = str_slice(s->in, begin, begin + len);
		at = begin + len + (len & 1);
		if (!is_kept(s, name, len))
			continue;
		size_t head = s->out->len;
		buf_put(s->out, str_slice(s->in, begin - CHUNK_HEAD, begin));
		if (!str_eq(name, S("ANMF"))) {
			buf_put(s->out, body);
		} else {
			buf_put(s->out, str_slice(body, 0, FRAME_HEAD));
			if (len < FRAME_HEAD ||
			    !strip_parts(&(struct strip){str_slice(body, FRAME_HEAD, len), s->out,
							 true}))
				return false;
		}
		put_le32(s->out->at + head + 4, (uint32_t)(s->out->len - head - CHUNK_HEAD));
		if (s->out->len & 1)
			buf_char(s->out, '\0');
	}
	return true;
}

/* The flags of VP8X say what is still there. */
static void set_flags(struct buf *out)
{
	struct str s = buf_str(out);
	if (!str_eq(str_slice(s, RIFF_HEAD, RIFF_HEAD + 4), S("VP8X")))
		return;
	bool icc = str_find(str_slice(s, RIFF_HEAD + 18, RIFF_HEAD + 22), S("ICCP")) == 0;
	char *flags = out->at + RIFF_HEAD + CHUNK_HEAD;
	*flags = (char)(*flags & ~(FLAG_XMP | FLAG_EXIF | (icc ? 0 : FLAG_ICC)));
}

enum pic_err webp_strip(struct str in, struct buf *out)
{
	if (in.len < RIFF_HEAD || le32(in, 4) < 4)
		return PIC_BROKEN;
	size_t end = (size_t)le32(in, 4) + CHUNK_HEAD;
	buf_put(out, str_slice(in, 0, RIFF_HEAD));
	if (!strip_parts(&(struct strip){str_slice(in, RIFF_HEAD, end), out, false}) ||
	    out->len > UINT32_MAX)
		return PIC_BROKEN;
	put_le32(out->at + 4, (uint32_t)(out->len - CHUNK_HEAD));
	set_flags(out);
	return PIC_OK;
}
