/* SPDX-License-Identifier: MIT */
/* kwipd --version: what this one file is made of, asked from the libraries themselves. */
#include <brotli/encode.h>
#include <stdio.h>
#include <zlib.h>

#include "base/crypt.h"
#include "base/version.h"
#include "cmd/cmd.h"
#include "http/civet.h"
#include "net/fetch.h"
#include "pic/pic.h"
#include "store/cache.h"

/* Some libraries put their name before the number. */
static const char *number(const char *version)
{
	const char *at = strpbrk(version, "0123456789");
	return at ? at : version;
}

/* Of jansson, whose header belongs to base/json.c. */
extern const char *jansson_version_str(void);

int cmd_version(const struct command *self, int argc, char **argv)
{
	(void)argc;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0))
		return EXIT_USAGE;
	char brotli[32];
	uint32_t v = BrotliEncoderVersion();
	snprintf(brotli, sizeof brotli, "%u.%u.%u", v >> 24, v >> 12 & 0xfff, v & 0xfff);
	const char *const parts[][2] = {
		{"kwipd", KWIPD_VERSION},       {"civetweb", civet_version()},
		{"sqlite", db_version()},       {"lmdb", cache_version()},
		{"libsodium", crypt_version()}, {"jansson", jansson_version_str()},
		{"zlib", zlibVersion()},        {"brotli", brotli},
		{"curl", fetch_version()},      {"openssl", fetch_tls_version()}};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		printf("%s %s\n", parts[i][0], number(parts[i][1]));
	for (int i = 0; pic_version(i); i++)
		printf("%s\n", pic_version(i));
	return EXIT_DONE;
}
