/* SPDX-License-Identifier: MIT */
/*
 * Settings: one table (name, type, range, default, help) is the parser, --print-config, the manual.
 * Sources, later ones win: defaults, the file (-c), the environment (KWIPD_<NAME>), the command
 * line. A wrong value is refused with file, line and reason; nothing half-read is used.
 * File format: "name = value" lines, # comments, blank lines; a value ends at the line's end.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/err.h"
#include "base/buf.h"

enum conf_type { CONF_STR, CONF_INT, CONF_BOOL, CONF_CHOICE, CONF_BYTES, CONF_MS };

/* The live settings. Filled by conf_*; read-only for everyone else. Strings live for ever. */
struct conf {
	struct str dir;    /* data folder */
	struct str listen; /* "ADDR:PORT", "[v6]:PORT", "unix:/path", several separated by commas */
	struct str base_url; /* https://kwip.example, no slash at the end; "" = http://<listen> */
	struct str name;     /* of the site */
	struct str description;
	struct str contact;         /* mail address */
	struct str signups;         /* open, approval, invite, closed */
	struct str trusted_proxies; /* addresses or CIDR blocks, commas */
	struct str language;
	struct str log_level;
	bool rate_limit;
	bool password_grant;       /* OAuth's grant_type=password */
	bool secure_cookies;       /* derived: see secure_cookies_choice */
	int secure_cookies_choice; /* 0 auto (when base_url is https), 1 on, 2 off */
	int64_t kwip_max_chars;
	int64_t workers;     /* threads of web */
	int64_t cache_bytes; /* LMDB bound */
	int64_t feed_max;    /* entries kept per feed */
	int64_t page_cache_bytes;
	int64_t event_keep_ms, notice_keep_ms;
	int64_t body_max_bytes;
	int64_t media_image_max_bytes, media_video_max_bytes; /* uploads */
	int64_t media_pixels_max, media_frames_max, media_seconds_max, media_timeout_ms;
	int64_t head_timeout_ms, body_timeout_ms, idle_timeout_ms;
	int64_t conns_per_addr, conns_max;
	int64_t session_ms; /* life of "remember me" */
	int64_t argon_kib, argon_passes;
	struct str fetch_private; /* addresses or blocks that errands may reach, commas */
	bool link_previews;
};
extern struct conf conf;

/* Defaults, then the file (NULL: none), then the environment. On ERR_INPUT every mistake has been
 * printed to stderr. */
enum err conf_load(const char *file) MUST_USE;
/* One setting by name, as the command line does. ERR_INPUT after refuse(). */
enum err conf_set(struct str name, struct str value) MUST_USE;
/*
 * Parses a whole file's text over a scratch copy of the defaults; for --check-config and the
 * fuzzer. Returns the number of mistakes; each is appended to *why as "line N: reason\n", those
 * that only several settings make together as "reason\n".
 */
size_t conf_check(struct str text, struct buf *why);
/* The annotated example file from the table: kwipd.conf.example. */
void conf_print(struct buf *out);
/* The site's base URL without a slash at the end: base_url, else http:// and the first listen
 * address. Valid until the thread's next call. */
struct str conf_base_url(void);
/* A table in Markdown for the README. */
void conf_print_markdown(struct buf *out);

#endif
