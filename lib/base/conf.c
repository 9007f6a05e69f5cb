/* SPDX-License-Identifier: MIT */
/*
 * The settings table and everything made from it: parser, environment, example file, manual. A
 * load goes into a scratch copy of views first, so that a mistake leaves the live settings as they
 * were. Strings that went live are never freed, because others may still read them; equal ones are
 * kept once, so a reload that changes nothing costs nothing. Loads happen in one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/utf8.h"

struct conf conf;

struct setting {
	const char *name;
	enum conf_type type;
	size_t place;
	const char *standard;
	int64_t min, max; /* of the number, or of a text's length in bytes */
	const char *choices;
	const char *help;
};

#define AT(field) offsetof(struct conf, field)
enum { FILE_MAX_BYTES = 1 << 20 };
#define KIB INT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define DAY_MS INT64_C(86400000)

static const struct setting settings[] = {
	{"dir", CONF_STR, AT(dir), "./data", 1, 1000, NULL,
	 "Data folder; made when it is not there."},
	{"listen", CONF_STR, AT(listen), "127.0.0.1:8080", 1, 1000, NULL,
	 "Where to answer: ADDR:PORT, [IPv6]:PORT, unix:/path; several separated by commas."},
	{"base_url", CONF_STR, AT(base_url), "", 0, 150, NULL,
	 "How the world reaches this site, e.g. https://kwip.example. Empty: http:// and the first listen address."},
	{"name", CONF_STR, AT(name), "kwipd", 1, 100, NULL, "Name of the site."},
	{"description", CONF_STR, AT(description), "A place to talk", 0, 1000, NULL,
	 "One sentence about the site."},
	{"contact", CONF_STR, AT(contact), "", 0, 200, NULL,
	 "Mail address of who runs the site; shown to everybody."},
	{"signups", CONF_CHOICE, AT(signups), "open", 0, 0, "open|approval|invite|closed",
	 "Who may make an account: everybody, everybody a moderator lets in, people with an invitation, nobody."},
	{"password_grant", CONF_BOOL, AT(password_grant), "off", 0, 0, NULL,
	 "Lets apps trade a name and password for a token (OAuth's password grant), for old command-line clients."},
	{"trusted_proxies", CONF_STR, AT(trusted_proxies), "127.0.0.1,::1", 0, 4000, NULL,
	 "Addresses or blocks (10.0.0.0/8) whose X-Forwarded-For and -Proto are believed."},
	{"language", CONF_STR, AT(language), "en", 2, 35, NULL,
	 "Language of kwips whose author says nothing else."},
	{"log_level", CONF_CHOICE, AT(log_level), "info", 0, 0, "debug|info|warn|error",
	 "The least that is logged."},
	{"rate_limit", CONF_BOOL, AT(rate_limit), "on", 0, 0, NULL,
	 "Limits on requests; off for benches only."},
	{"secure_cookies", CONF_CHOICE, AT(secure_cookies_choice), "auto", 0, 0, "auto|on|off",
	 "Cookies only over https; auto: when base_url is https."},
	{"kwip_max_chars", CONF_INT, AT(kwip_max_chars), "65536", 1, 1000000, NULL,
	 "Longest kwip, in characters."},
	{"workers", CONF_INT, AT(workers), "8", 1, 64, NULL, "Threads that answer requests."},
	{"cache_size", CONF_BYTES, AT(cache_bytes), "256M", 8 * MIB, 64 * GIB, NULL,
	 "Bound of the timeline cache's file."},
	{"feed_max", CONF_INT, AT(feed_max), "400", 40, 500, NULL, "Entries kept per home feed."},
	{"page_cache_size", CONF_BYTES, AT(page_cache_bytes), "8M", 0, GIB, NULL,
	 "Memory for visitors' finished pages."},
	{"event_keep", CONF_MS, AT(event_keep_ms), "7d", 60000, 3650 * DAY_MS, NULL,
	 "How long events stay in the log after every service has read them."},
	{"notice_keep", CONF_MS, AT(notice_keep_ms), "180d", DAY_MS, 36500 * DAY_MS, NULL,
	 "How long notices are kept after they were read."},
	{"body_max", CONF_BYTES, AT(body_max_bytes), "2M", 64 * KIB, GIB, NULL,
	 "Largest request body."},
	{"media_image_max", CONF_BYTES, AT(media_image_max_bytes), "16M", 64 * KIB, GIB, NULL,
	 "Largest picture that is taken in."},
	{"media_video_max", CONF_BYTES, AT(media_video_max_bytes), "99M", 64 * KIB, GIB, NULL,
	 "Largest film or sound that is taken in."},
	{"media_pixels_max", CONF_INT, AT(media_pixels_max), "33177600", 10000, 250000000, NULL,
	 "Most pixels of a picture that is taken in; each costs its decoder 16 bytes of memory."},
	{"media_frames_max", CONF_INT, AT(media_frames_max), "2000", 1, 100000, NULL,
	 "Most pictures in an animation."},
	{"media_seconds_max", CONF_INT, AT(media_seconds_max), "14400", 1, 1000000, NULL,
	 "Longest film or sound, in seconds."},
	{"media_timeout", CONF_MS, AT(media_timeout_ms), "60s", 1000, 3600000, NULL,
	 "Time to decode one upload."},
	{"head_timeout", CONF_MS, AT(head_timeout_ms), "10s", 100, 600000, NULL,
	 "Time for a request's head to arrive."},
	{"body_timeout", CONF_MS, AT(body_timeout_ms), "30s", 100, 3600000, NULL,
	 "Time for a request's body to arrive."},
	{"idle_timeout", CONF_MS, AT(idle_timeout_ms), "60s", 100, 3600000, NULL,
	 "Time a connection may stay idle."},
	{"conns_per_addr", CONF_INT, AT(conns_per_addr), "4096", 1, 1000000, NULL,
	 "Connections per address; trusted proxies have no such limit."},
	{"conns_max", CONF_INT, AT(conns_max), "20000", 16, 1000000, NULL, "Connections in all."},
	{"session_life", CONF_MS, AT(session_ms), "60d", 60000, 3650 * DAY_MS, NULL,
	 "How long \"remember me\" lasts."},
	{"argon_kib", CONF_INT, AT(argon_kib), "19456", 8, 4194304, NULL,
	 "Memory per password check, in KiB (Argon2id)."},
	{"argon_passes", CONF_INT, AT(argon_passes), "2", 1, 100, NULL,
	 "Passes per password check (Argon2id)."},
	{"fetch_private", CONF_STR, AT(fetch_private), "", 0, 1000, NULL,
	 "Private addresses or blocks that link previews and pushes may reach all the same, e.g. 192.168.1.0/24."},
	{"link_previews", CONF_BOOL, AT(link_previews), "on", 0, 0, NULL,
	 "Fetch the pages that kwips link to, for a preview."},
};
enum { SETTINGS = sizeof(settings) / sizeof(*settings) };

static const struct setting *find(struct str name)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		if (str_eq(name, str_of(settings[i].name)))
			return &settings[i];
	}
	return NULL;
}

/* A string that lives for ever, followed by a NUL. */
static struct str keep(struct str s)
{
	static struct kept {
		struct kept *older;
		struct str text;
		char at[];
	} * newest;
	for (const struct kept *k = newest; k; k = k->older) {
		if (str_eq(k->text, s))
			return k->text;
	}
	struct kept *k = malloc(sizeof(*k) + s.len + 1);
	if (!k)
		die("out of memory");
	*k = (struct kept){newest, {k->at, s.len}};
	if (s.len > 0)
		memcpy(k->at, s.at, s.len);
	k->at[s.len] = '\0';
	newest = k;
	return k->text;
}

/* Is the setting's place in struct conf a str? */
static bool is_text(const struct setting *s)
{
	return s->type == CONF_STR ||
	       (s->type == CONF_CHOICE && s->place != AT(secure_cookies_choice));
}

/* The fresh settings become the live ones. */
static void go_live(const struct conf *fresh)
{
	struct conf c = *fresh;
	for (size_t i = 0; i < SETTINGS; i++) {
		if (!is_text(&settings[i]))
			continue;
		struct str *s = (struct str *)(void *)((char *)&c + settings[i].place);
		*s = keep(*s);
	}
	conf = c;
}

static bool parse_bool(struct str s, bool *out)
{
	static const struct {
		struct str word;
		bool value;
	} words[] = {
		{S_INIT("on"), true},  {S_INIT("true"), true}, {S_INIT("yes"), true},
		{S_INIT("1"), true},   {S_INIT("off"), false}, {S_INIT("false"), false},
		{S_INIT("no"), false}, {S_INIT("0"), false},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_eq_nocase(s, words[i].word)) {
			*out = words[i].value;
			return true;
		}
	}
	return false;
}

/* Which of the choices (separated by |) is s? -1 when none. */
static int choice_index(struct str s, const char *choices)
{
	struct str rest = str_of(choices);
	for (int i = 0; rest.at; i++) {
		if (str_eq(s, str_cut(&rest, '|')))
			return i;
	}
	return -1;
}

struct unit {
	struct str name;
	int64_t factor;
};
static const struct unit byte_units[] = {{S_INIT(""), 1},
					 {S_INIT("K"), KIB},
					 {S_INIT("M"), MIB},
					 {S_INIT("G"), GIB},
					 {{NULL, 0}, 0}};
static const struct unit ms_units[] = {
	{S_INIT(""), 1},        {S_INIT("ms"), 1},     {S_INIT("s"), 1000}, {S_INIT("m"), 60000},
	{S_INIT("h"), 3600000}, {S_INIT("d"), DAY_MS}, {{NULL, 0}, 0}};
static const struct unit no_units[] = {{S_INIT(""), 1}, {{NULL, 0}, 0}};

static bool parse_number(struct str s, const struct unit *units, int64_t *out)
{
	size_t digits = 0;
	while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9')
		digits++;
	if (!str_i64(str_slice(s, 0, digits), out))
		return false;
	struct str unit = str_trim(str_slice(s, digits, s.len));
	for (; units->factor != 0; units++) {
		if (str_eq_nocase(unit, units->name))
			return !__builtin_mul_overflow(*out, units->factor, out);
	}
	return false;
}

static enum err set_number(struct conf *c, const struct setting *s, struct str value,
			   const struct unit *units)
{
	int64_t n;
	if (!parse_number(value, units, &n))
		return refuse("%s is not a number it can take: %.*s", s->name, (int)value.len,
			      value.at);
	if (n < s->min || n > s->max)
		return refuse("%s must be from %lld to %lld", s->name, (long long)s->min,
			      (long long)s->max);
	memcpy((char *)c + s->place, &n, sizeof(n));
	return OK;
}

static enum err set_choice(struct conf *c, const struct setting *s, struct str value)
{
	int index = choice_index(value, s->choices);
	if (index < 0)
		return refuse("%s must be one of %s", s->name, s->choices);
	if (is_text(s))
		memcpy((char *)c + s->place, &value, sizeof(value));
	else
		memcpy((char *)c + s->place, &index, sizeof(index));
	return OK;
}

static enum err set_text_value(struct conf *c, const struct setting *s, struct str value)
{
	if ((int64_t)value.len < s->min || (int64_t)value.len > s->max)
		return refuse("%s must have from %lld to %lld bytes", s->name, (long long)s->min,
			      (long long)s->max);
	if (!utf8_ok(value))
		return refuse("%s is not UTF-8", s->name);
	memcpy((char *)c + s->place, &value, sizeof(value));
	return OK;
}

static enum err set_one(struct conf *c, const struct setting *s, struct str value)
{
	bool on;
	switch (s->type) {
	case CONF_STR:
		return set_text_value(c, s, value);
	case CONF_BOOL:
		if (!parse_bool(value, &on))
			return refuse("%s must be on or off", s->name);
		memcpy((char *)c + s->place, &on, sizeof(on));
		return OK;
	case CONF_CHOICE:
		return set_choice(c, s, value);
	case CONF_INT:
		return set_number(c, s, value, no_units);
	case CONF_BYTES:
		return set_number(c, s, value, byte_units);
	case CONF_MS:
		return set_number(c, s, value, ms_units);
	}
	return OK;
}

static void set_standards(struct conf *c)
{
	*c = (struct conf){0};
	for (size_t i = 0; i < SETTINGS; i++) {
		if (set_one(c, &settings[i], str_of(settings[i].standard)) != OK)
			die("setting %s: wrong default: %s", settings[i].name, err_why());
	}
}

/* What follows from several settings at once. */
static enum err settle(struct conf *c)
{
	while (c->base_url.len > 0 && c->base_url.at[c->base_url.len - 1] == '/')
		c->base_url.len--;
	bool https = str_starts(c->base_url, S("https://"));
	if (c->base_url.len > 0 && !https && !str_starts(c->base_url, S("http://")))
		return refuse("base_url must begin with http:// or https://");
	c->secure_cookies = c->secure_cookies_choice == 1 ||
			    (c->secure_cookies_choice == 0 && https);
	/* Percent-encoded, a character of four bytes takes twelve. */
	if (c->body_max_bytes < 12 * c->kwip_max_chars)
		return refuse("body_max must be at least 12 times kwip_max_chars");
	return OK;
}

static enum err set_line(struct conf *c, struct str line, bool seen[SETTINGS])
{
	line = str_trim(line);
	if (line.len == 0 || line.at[0] == '#')
		return OK;
	struct str value = line;
	struct str name = str_trim(str_cut(&value, '='));
	if (!value.at)
		return refuse("\"name = value\" expected");
	const struct setting *s = find(name);
	if (!s)
		return refuse("no setting is called \"%.*s\"", (int)(name.len < 40 ? name.len : 40),
			      name.at);
	if (seen[s - settings])
		return refuse("%s is set twice", s->name);
	seen[s - settings] = true;
	return set_one(c, s, str_trim(value));
}

/* Sets all lines; mistakes go to *why with their line number. */
static size_t set_text(struct conf *c, struct str text, struct buf *why)
{
	bool seen[SETTINGS] = {0};
	size_t mistakes = 0;
	int64_t line = 0;
	while (text.at) {
		line++;
		if (set_line(c, str_cut(&text, '\n'), seen) == OK)
			continue;
		mistakes++;
		buf_put(why, S("line "));
		buf_i64(why, line);
		buf_put(why, S(": "));
		buf_put(why, str_of(err_why()));
		buf_char(why, '\n');
	}
	return mistakes;
}

size_t conf_check(struct str text, struct buf *why)
{
	struct conf scratch;
	set_standards(&scratch);
	size_t mistakes = set_text(&scratch, text, why);
	if (settle(&scratch) != OK) {
		mistakes++;
		buf_put(why, str_of(err_why()));
		buf_char(why, '\n');
	}
	return mistakes;
}

static enum err read_file(const char *file, struct buf *out)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse("%s: %s", file, strerror(errno));
	ssize_t n;
	do {
		buf_reserve(out, 4096);
		n = read(fd, out->at + out->len, 4096);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && out->len <= FILE_MAX_BYTES);
	int why = errno;
	close(fd);
	if (n < 0)
		return refuse("%s: %s", file, strerror(why));
	return n > 0 ? refuse("%s: too large for a settings file", file) : OK;
}

/* What is set in *c are views of *text. */
static size_t load_file(struct conf *c, const char *file, struct buf *text)
{
	SCOPED_BUF why = BUF_EMPTY;
	if (read_file(file, text) != OK) {
		fprintf(stderr, "kwipd: %s\n", err_why());
		return 1;
	}
	size_t mistakes = set_text(c, buf_str(text), &why);
	struct str rest = buf_str(&why);
	while (rest.at && rest.len > 0) {
		struct str line = str_cut(&rest, '\n');
		fprintf(stderr, "kwipd: %s: %.*s\n", file, (int)line.len, line.at);
	}
	return mistakes;
}

static void environment_name(const char *name, char out[64])
{
	size_t n = 0;
	for (const char *p = "KWIPD_"; *p; p++)
		out[n++] = *p;
	for (; *name && n < 63; name++)
		out[n++] = *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name;
	out[n] = '\0';
}

static size_t load_environment(struct conf *c)
{
	size_t mistakes = 0;
	for (size_t i = 0; i < SETTINGS; i++) {
		char name[64];
		environment_name(settings[i].name, name);
		const char *value = getenv(name);
		if (!value || set_one(c, &settings[i], str_trim(str_of(value))) == OK)
			continue;
		fprintf(stderr, "kwipd: environment %s: %s\n", name, err_why());
		mistakes++;
	}
	return mistakes;
}

enum err conf_load(const char *file)
{
	struct conf fresh;
	SCOPED_BUF text = BUF_EMPTY;
	set_standards(&fresh);
	size_t mistakes = file ? load_file(&fresh, file, &text) : 0;
	mistakes += load_environment(&fresh);
	if (mistakes == 0 && settle(&fresh) != OK) {
		fprintf(stderr, "kwipd: %s\n", err_why());
		mistakes++;
	}
	if (mistakes > 0)
		return refuse("%zu mistakes in the settings", mistakes);
	go_live(&fresh);
	return OK;
}

enum err conf_set(struct str name, struct str value)
{
	const struct setting *s = find(name);
	if (!s)
		return refuse("no setting is called \"%.*s\"", (int)(name.len < 40 ? name.len : 40),
			      name.at);
	struct conf fresh = conf;
	enum err e = set_one(&fresh, s, value);
	if (e == OK)
		e = settle(&fresh);
	if (e == OK)
		go_live(&fresh);
	return e;
}

struct str conf_base_url(void)
{
	static _Thread_local char url[160];
	if (conf.base_url.len > 0)
		return conf.base_url;
	struct str rest = conf.listen;
	struct str first = str_trim(str_cut(&rest, ','));
	if (str_starts(first, S("unix:")))
		first = S("localhost");
	int n = snprintf(url, sizeof(url), "http://%.*s", (int)first.len, first.at);
	return (struct str){url, (size_t)n < sizeof(url) ? (size_t)n : sizeof(url) - 1};
}

void conf_print(struct buf *out)
{
	buf_put(out,
		S("# Settings of kwipd, with their defaults. Each can also be given in the environment as\n"
		  "# KWIPD_NAME; the command line wins over both. `kwipd --check-config -c FILE` checks a file.\n"));
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		buf_put(out, S("\n# "));
		buf_put(out, str_of(s->help));
		if (s->choices) {
			buf_put(out, S("\n# One of: "));
			buf_put(out, str_of(s->choices));
		}
		buf_put(out, S("\n#"));
		buf_put(out, str_of(s->name));
		buf_put(out, s->standard[0] ? S(" = ") : S(" ="));
		buf_put(out, str_of(s->standard));
		buf_char(out, '\n');
	}
}

void conf_print_markdown(struct buf *out)
{
	buf_put(out, S("| setting | default | what it does |\n|---|---|---|\n"));
	for (size_t i = 0; i < SETTINGS; i++) {
		buf_put(out, S("| `"));
		buf_put(out, str_of(settings[i].name));
		buf_put(out, S("` | "));
		buf_put(out, str_of(settings[i].standard));
		buf_put(out, S(" | "));
		buf_put(out, str_of(settings[i].help));
		buf_put(out, S(" |\n"));
	}
}
