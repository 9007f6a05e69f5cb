/* SPDX-License-Identifier: MIT */
/* Of the named references only those that titles and descriptions use; others stay as written. */
#include "net/html_entity.h"

#include "base/utf8.h"

struct named {
	struct str name;
	uint32_t c;
};

static const struct named named[] = {
	{S_INIT("amp"), '&'},      {S_INIT("lt"), '<'},       {S_INIT("gt"), '>'},
	{S_INIT("quot"), '"'},     {S_INIT("apos"), '\''},    {S_INIT("nbsp"), ' '},
	{S_INIT("ndash"), 0x2013}, {S_INIT("mdash"), 0x2014}, {S_INIT("hellip"), 0x2026},
	{S_INIT("lsquo"), 0x2018}, {S_INIT("rsquo"), 0x2019}, {S_INIT("ldquo"), 0x201c},
	{S_INIT("rdquo"), 0x201d}, {S_INIT("laquo"), 0xab},   {S_INIT("raquo"), 0xbb},
	{S_INIT("bull"), 0x2022},  {S_INIT("middot"), 0xb7},  {S_INIT("copy"), 0xa9},
	{S_INIT("reg"), 0xae},     {S_INIT("trade"), 0x2122}, {S_INIT("euro"), 0x20ac},
	{S_INIT("pound"), 0xa3},   {S_INIT("deg"), 0xb0},     {S_INIT("auml"), 0xe4},
	{S_INIT("ouml"), 0xf6},    {S_INIT("uuml"), 0xfc},    {S_INIT("Auml"), 0xc4},
	{S_INIT("Ouml"), 0xd6},    {S_INIT("Uuml"), 0xdc},    {S_INIT("szlig"), 0xdf},
	{S_INIT("agrave"), 0xe0},  {S_INIT("aacute"), 0xe1},  {S_INIT("acirc"), 0xe2},
	{S_INIT("atilde"), 0xe3},  {S_INIT("aring"), 0xe5},   {S_INIT("aelig"), 0xe6},
	{S_INIT("ccedil"), 0xe7},  {S_INIT("egrave"), 0xe8},  {S_INIT("eacute"), 0xe9},
	{S_INIT("ecirc"), 0xea},   {S_INIT("euml"), 0xeb},    {S_INIT("iacute"), 0xed},
	{S_INIT("icirc"), 0xee},   {S_INIT("iuml"), 0xef},    {S_INIT("ntilde"), 0xf1},
	{S_INIT("oacute"), 0xf3},  {S_INIT("ocirc"), 0xf4},   {S_INIT("otilde"), 0xf5},
	{S_INIT("oslash"), 0xf8},  {S_INIT("uacute"), 0xfa},  {S_INIT("ugrave"), 0xf9},
	{S_INIT("Eacute"), 0xc9},  {S_INIT("zwj"), 0x200d},   {S_INIT("shy"), 0xad},
};

/* windows-1252 from 0x80 to 0x9f; the five holes are what browsers make of them. */
static const uint16_t high_1252[32] = {
	0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

enum charset charset_of(struct str label)
{
	static const struct {
		struct str label;
		enum charset is;
	} known[] = {
		{S_INIT("utf-8"), CHARSET_UTF8},      {S_INIT("utf8"), CHARSET_UTF8},
		{S_INIT("us-ascii"), CHARSET_1252},   {S_INIT("ascii"), CHARSET_1252},
		{S_INIT("iso-8859-1"), CHARSET_1252}, {S_INIT("latin1"), CHARSET_1252},
		{S_INIT("iso8859-1"), CHARSET_1252},  {S_INIT("windows-1252"), CHARSET_1252},
		{S_INIT("cp1252"), CHARSET_1252},     {S_INIT("iso-8859-15"), CHARSET_8859_15},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_eq_nocase(label, known[i].label))
			return known[i].is;
	}
	return CHARSET_UNKNOWN;
}

static uint32_t of_8859_15(unsigned char c)
{
	switch (c) {
	case 0xa4:
		return 0x20ac;
	case 0xa6:
		return 0x160;
	case 0xa8:
		return 0x161;
	case 0xb4:
		return 0x17d;
	case 0xb8:
		return 0x17e;
	case 0xbc:
		return 0x152;
	case 0xbd:
		return 0x153;
	case 0xbe:
		return 0x178;
	default:
		return c;
	}
}

static uint32_t next(enum charset charset, struct str raw, size_t *i)
{
	if (charset == CHARSET_UTF8)
		return utf8_next(raw, i);
	unsigned char c = (unsigned char)raw.at[(*i)++];
	if (charset == CHARSET_8859_15)
		return of_8859_15(c);
	return c >= 0x80 && c <= 0x9f ? high_1252[c - 0x80] : c;
}

static uint32_t number_of(struct str digits, unsigned base)
{
	uint32_t n = 0;
	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.at[i];
		unsigned d = base; /* none */
		if (c >= '0' && c <= '9')
			d = (unsigned)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			d = (unsigned)((c | 32) - 'a') + 10;
		if (d >= base || n > 0x110000)
			return 0;
		n = n * base + d;
	}
	/* Numbers of windows-1252 are meant as that; HTML says so. */
	if (n >= 0x80 && n <= 0x9f)
		return high_1252[n - 0x80];
	bool good = n > 0 && n < 0x110000 && (n < 0xd800 || n > 0xdfff);
	return good ? n : 0;
}

/* The character of a reference at raw[i] ('&'), and how long it is; 0 when it is none. */
static uint32_t reference(struct str raw, size_t i, size_t *len)
{
	enum { LONGEST = 12 };
	struct str rest = str_slice(raw, i + 1, i + 1 + LONGEST);
	ptrdiff_t end = str_find_char(rest, ';');
	if (end < 1)
		return 0;
	struct str name = str_slice(rest, 0, (size_t)end);
	*len = (size_t)end + 2;
	if (name.at[0] == '#') {
		bool hex = name.len > 2 && (name.at[1] | 32) == 'x';
		return name.len < 2
			       ? 0
			       : number_of(str_slice(name, hex ? 2 : 1, name.len), hex ? 16 : 10);
	}
	for (size_t k = 0; k < sizeof named / sizeof *named; k++) {
		if (str_eq(name, named[k].name))
			return named[k].c;
	}
	return 0;
}

static void put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
	} else if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
		buf_char(out, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 63)));
		buf_char(out, (char)(0x80 | (c & 63)));
	} else {
		buf_char(out, (char)(0xf0 | c >> 18));
		buf_char(out, (char)(0x80 | (c >> 12 & 63)));
		buf_char(out, (char)(0x80 | (c >> 6 & 63)));
		buf_char(out, (char)(0x80 | (c & 63)));
	}
}

/* Controls, and marks that would turn the direction of what stands around the text. */
static bool is_blank(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c <= 0x9f) || utf8_is_space(c) || c == 0xfeff ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void html_text_put(struct buf *out, enum charset charset, struct str raw, size_t chars)
{
	bool gap = false;
	size_t n = 0, i = 0;
	while (i < raw.len && n < chars) {
		size_t len = 0;
		uint32_t c = raw.at[i] == '&' ? reference(raw, i, &len) : 0;
		if (c != 0)
			i += len;
		else
			c = next(charset, raw, &i);
		if (is_blank(c)) {
			gap = n > 0;
			continue;
		}
		if (gap)
			buf_char(out, ' ');
		n += gap ? 2 : 1;
		gap = false;
		put_char(out, c);
	}
}
