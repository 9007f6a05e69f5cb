/* SPDX-License-Identifier: MIT */
/* Settings of a process: file, environment, command line, in this order; later ones win. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/conf.h"
#include "base/log.h"
#include "svc/settings.h"

struct settings_source settings_source;

static enum err set_one(struct str name, const char *value)
{
	enum err e = value ? conf_set(name, str_of(value)) : OK;
	if (e != OK)
		fprintf(stderr, "kwipd: %.*s: %s\n", (int)name.len, name.at, err_why());
	return e;
}

enum err settings_load(void)
{
	enum err e = conf_load(settings_source.file);
	if (e == OK)
		e = set_one(S("dir"), settings_source.dir);
	if (e == OK)
		e = set_one(S("listen"), settings_source.listen);
	return e;
}

enum err settings_text(struct arena *a, struct str *text)
{
	*text = S("");
	if (!settings_source.file)
		return OK;
	FILE *f = fopen(settings_source.file, "re");
	if (!f)
		return fail(ERR_NOT_FOUND, "settings %s: %s", settings_source.file,
			    strerror(errno));
	enum { FILE_MAX = 1 << 20 };
	char *at = arena_take(a, FILE_MAX);
	*text = (struct str){at, fread(at, 1, FILE_MAX, f)};
	fclose(f);
	return OK;
}

bool settings_are_good(void)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF why = BUF_EMPTY;
	struct str text;
	if (settings_text(a, &text) != OK)
		return false;
	if (conf_check(text, &why) == 0)
		return true;
	log_error("settings %s are not used: %.*s", settings_source.file, (int)why.len, why.at);
	return false;
}

enum log_level settings_log_level(void)
{
	static const struct str names[] = {S_INIT("debug"), S_INIT("info"), S_INIT("warn"),
					   S_INIT("error")};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_starts(conf.log_level, names[i]))
			return (enum log_level)i;
	return LOG_INFO;
}

/* "127.0.0.1:8080" of a bound socket; an address that means "all" is named by the loopback one. */
static struct str socket_host(struct arena *a, int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage room;
	} at;
	socklen_t len = sizeof at;
	char text[INET6_ADDRSTRLEN] = "127.0.0.1";
	if (getsockname(fd, &at.any, &len) != 0)
		return S("");
	if (at.any.sa_family == AF_INET) {
		if (at.v4.sin_addr.s_addr != INADDR_ANY)
			inet_ntop(AF_INET, &at.v4.sin_addr, text, sizeof text);
		return arena_printf(a, "%s:%d", text, ntohs(at.v4.sin_port));
	}
	if (at.any.sa_family != AF_INET6)
		return S("");
	if (IN6_IS_ADDR_UNSPECIFIED(&at.v6.sin6_addr))
		at.v6.sin6_addr = in6addr_loopback;
	inet_ntop(AF_INET6, &at.v6.sin6_addr, text, sizeof text);
	return arena_printf(a, "[%s]:%d", text, ntohs(at.v6.sin6_port));
}

struct str settings_url(struct arena *a, const int *listen_fds, int n)
{
	if (conf.base_url.len)
		return conf.base_url;
	struct str rest = conf.listen, host = S("");
	for (int i = 0; i < n && !host.len; i++)
		host = socket_host(a, listen_fds[i]);
	if (!host.len)
		host = str_trim(str_cut(&rest, ','));
	if (str_starts(host, S("unix:")))
		return arena_str(a, host);
	return arena_printf(a, "http://%.*s", (int)host.len, host.at);
}
