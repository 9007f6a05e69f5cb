/* SPDX-License-Identifier: MIT */
/*
 * MP3, Ogg, WAV and FLAC: enough of their structure to know that they are what they seem, and how
 * long they play. Nothing is decoded.
 */
#include "pic/frame.h"

enum pic_err duration_put(const struct pic_job *job, struct pic_result *out, uint64_t units,
			  uint64_t rate)
{
	uint64_t seconds = rate ? units / rate : 0;
	if (seconds >= (uint64_t)job->limits.seconds_max && units > 0 && rate > 0)
		return PIC_LONG;
	if (rate && units)
		out->duration_ms = (int)(seconds * 1000 + units % rate * 1000 / rate);
	return PIC_OK;
}

/* One frame's head of MPEG audio layer III, ISO/IEC 11172-3 section 2.4.2.3. */
struct mpeg {
	size_t len;
	int bitrate, rate, samples;
	bool mono, old; /* old: MPEG 1 */
};

static bool mpeg_head(struct str in, size_t at, struct mpeg *m)
{
	static const short kbit[2][16] = {
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}};
	static const int rates[4] = {11025, 0, 22050, 44100};
	static const int steps[3][2] = {{44100, 44100}, {48000, 44100}, {32000, 44100}};
	uint32_t h = be32(in, at), version = h >> 19 & 3, layer = h >> 17 & 3;
	uint32_t bits = h >> 12 & 15, step = h >> 10 & 3;
	if (h >> 21 != 0x7ff || version == 1 || layer != 1 || step == 3)
		return false;
	m->old = version == 3;
	m->mono = (h >> 6 & 3) == 3;
	m->bitrate = kbit[m->old][bits] * 1000;
	m->rate = (int)((int64_t)rates[version] * steps[step][0] / steps[step][1]);
	m->samples = m->old ? 1152 : 576;
	if (m->bitrate == 0)
		return false;
	m->len = (size_t)(m->samples / 8 * m->bitrate / m->rate) + (h >> 9 & 1);
	return true;
}

/* The number of frames, which encoders of varying rates write into the first one. */
static uint32_t mpeg_count(struct str in, size_t at, const struct mpeg *m)
{
	size_t tag = at + 4 + (m->old ? (m->mono ? 17 : 32) : (m->mono ? 9 : 17));
	struct str name = str_slice(in, tag, tag + 4);
	bool known = str_eq(name, S("Xing")) || str_eq(name, S("Info"));
	return known && be32(in, tag + 4) & 1 ? be32(in, tag + 8) : 0;
}

static size_t id3_len(struct str in)
{
	if (!str_starts(in, S("ID3")))
		return 0;
	size_t n = 10;
	for (size_t i = 0, v = 0; i < 4; i++) {
		v = v << 7 | (byte_at(in, 6 + i) & 0x7f);
		n = i == 3 ? n + v : n;
	}
	return n + (byte_at(in, 5) & 0x10 ? 10 : 0);
}

enum pic_err mp3_look(const struct pic_job *job, struct pic_result *out)
{
	enum { PADDING_MAX = 8192 };
	struct mpeg m, second;
	size_t at = id3_len(job->in), end = at + PADDING_MAX;
	/* Two heads in a row: one alone is too easily found in anything. */
	while (at < job->in.len && at < end &&
	       !(mpeg_head(job->in, at, &m) && mpeg_head(job->in, at + m.len, &second) &&
		 m.rate == second.rate))
		at++;
	if (at >= job->in.len || at >= end)
		return PIC_BROKEN;
	out->kind = PIC_AUDIO;
	uint32_t frames = mpeg_count(job->in, at, &m);
	if (frames)
		return duration_put(job, out, (uint64_t)frames * (uint64_t)m.samples,
				    (uint64_t)m.rate);
	return duration_put(job, out, (uint64_t)(job->in.len - at) * 8, (uint64_t)m.bitrate);
}

/* RFC 3533 section 6: where the last page begins; 0: none but the first. */
static size_t ogg_last(struct str in)
{
	enum { PAGE_MAX = 65307 };
	size_t stop = in.len > PAGE_MAX ? in.len - PAGE_MAX : 0;
	for (size_t at = in.len; at > stop; at--)
		if (str_eq(str_slice(in, at - 1, at + 3), S("OggS")))
			return at - 1;
	return 0;
}

enum pic_err ogg_look(const struct pic_job *job, struct pic_result *out)
{
	struct str in = job->in, packet = str_slice(in, 27 + byte_at(in, 26), in.len);
	uint64_t rate = 0, skip = 0;
	if (byte_at(in, 4) != 0 || !(byte_at(in, 5) & 2))
		return PIC_BROKEN;
	if (str_starts(packet, S("OpusHead"))) {
		rate = 48000;
		skip = le16(packet, 10);
	} else if (str_starts(packet, S("\001vorbis"))) {
		rate = le32(packet, 12);
	} else if (str_starts(packet, S("\177FLAC"))) {
		/* Streaminfo follows 9 bytes of its own, "fLaC" and a head: 20 bits at 27. */
		rate = be32(packet, 27) >> 12;
	} else if (str_starts(packet, S("Speex   "))) {
		rate = le32(packet, 36);
	} else {
		return PIC_ALIEN;
	}
	size_t last = ogg_last(in);
	if (last == 0 || rate == 0 || in.len - last < 27)
		return PIC_BROKEN;
	uint64_t samples = le64(in, last + 6);
	out->kind = PIC_AUDIO;
	if (samples == UINT64_MAX)
		return PIC_OK;
	return duration_put(job, out, samples > skip ? samples - skip : 0, rate);
}

enum pic_err wav_look(const struct pic_job *job, struct pic_result *out)
{
	struct str in = job->in;
	uint64_t rate = 0, bytes = 0;
	for (size_t at = 12; at + 8 <= in.len;) {
		size_t len = le32(in, at + 4);
		struct str name = str_slice(in, at, at + 4);
		if (len > in.len - at - 8)
			return PIC_BROKEN;
		if (str_eq(name, S("fmt ")) && len >= 16)
			rate = le32(in, at + 16);
		if (str_eq(name, S("data")))
			bytes = len;
		at += 8 + len + (len & 1);
	}
	out->kind = PIC_AUDIO;
	return rate && bytes ? duration_put(job, out, bytes, rate) : PIC_BROKEN;
}

/* RFC 9639 section 8.2. */
enum pic_err flac_look(const struct pic_job *job, struct pic_result *out)
{
	struct str in = job->in;
	uint64_t rate = be32(in, 18) >> 12;
	uint64_t samples = (uint64_t)(byte_at(in, 21) & 15) << 32 | be32(in, 22);
	if ((byte_at(in, 4) & 0x7f) != 0 || rate == 0)
		return PIC_BROKEN;
	size_t at = 4;
	bool last = false;
	while (!last && at + 4 <= in.len) {
		last = byte_at(in, at) & 0x80;
		at += 4 + (be32(in, at) & 0xffffff);
	}
	/* The first frame follows the last block of words about it. */
	if (!last || at >= in.len || (be16(in, at) & 0xfffe) != 0xfff8)
		return PIC_BROKEN;
	out->kind = PIC_AUDIO;
	return duration_put(job, out, samples, rate);
}
