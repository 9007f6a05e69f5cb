/* SPDX-License-Identifier: MIT */
/* Opening the listening sockets of the setting: IPv4, IPv6 and unix. Called by svc before
 * privileges go. */
#include "http/server.h"
#include "base/log.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static enum err cannot(struct str where, const char *what)
{
	int why = errno;

	return fail(ERR_STORAGE, "cannot listen on %.*s: %s: %s", (int)where.len, where.at, what,
		    why == EADDRINUSE ? "address already in use" : strerrordesc_np(why));
}

static enum err open_one(const struct sockaddr *sa, socklen_t len, struct str where, int *fd)
{
	int on = 1;

	*fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return cannot(where, "socket");
	if (sa->sa_family != AF_UNIX)
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (sa->sa_family == AF_INET6)
		setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(*fd, sa, len) == 0 && listen(*fd, BACKLOG) == 0)
		return OK;
	enum err e = cannot(where, "bind");
	close(*fd);
	return e;
}

/* A socket file that nobody answers behind is a leftover of a crash; one that answers is in use. */
static void remove_leftover(const struct sockaddr_un *sa)
{
	struct stat st;
	int fd;

	if (lstat(sa->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)sa, sizeof *sa) != 0 && errno == ECONNREFUSED)
		unlink(sa->sun_path);
	close(fd);
}

static enum err open_unix(struct str path, struct str where, int *fd)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};

	if (path.len == 0 || path.len >= sizeof sa.sun_path)
		return fail(ERR_STORAGE, "cannot listen on %.*s: the path is too long",
			    (int)where.len, where.at);
	memcpy(sa.sun_path, path.at, path.len);
	remove_leftover(&sa);
	return open_one((const struct sockaddr *)&sa, sizeof sa, where, fd);
}

static enum err open_tcp(struct str where, int *fd)
{
	char host[128], port[8];
	struct str h = where;
	size_t colon = where.len;

	while (colon > 0 && where.at[colon - 1] != ':')
		colon--;
	struct str p = str_slice(where, colon, where.len);
	h = str_slice(where, 0, colon ? colon - 1 : 0);
	if (h.len > 1 && h.at[0] == '[' && h.at[h.len - 1] == ']')
		h = str_slice(h, 1, h.len - 1);
	int64_t number;
	if (!str_i64(p, &number) || number < 0 || number > 65535 || h.len >= sizeof host)
		return fail(ERR_STORAGE, "cannot listen on %.*s: not ADDR:PORT", (int)where.len,
			    where.at);
	snprintf(host, sizeof host, "%.*s", (int)h.len, h.at);
	snprintf(port, sizeof port, "%d", (int)number);
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM},
			*found = NULL;
	int rc = getaddrinfo(h.len && !str_eq(h, S("*")) ? host : NULL, port, &hints, &found);
	if (rc != 0)
		return fail(ERR_STORAGE, "cannot listen on %.*s: %s", (int)where.len, where.at,
			    gai_strerror(rc));
	enum err e = open_one(found->ai_addr, found->ai_addrlen, where, fd);
	freeaddrinfo(found);
	return e;
}

enum err server_listen(struct str listen, int *fds, size_t max, size_t *n)
{
	enum err e = OK;

	*n = 0;
	for (struct str rest = listen; rest.len && !e;) {
		struct str one = str_trim(str_cut(&rest, ','));
		if (one.len == 0)
			continue;
		if (*n == max)
			e = fail(ERR_STORAGE, "too many addresses to listen on (at most %zu)", max);
		else if (str_starts(one, S("unix:")))
			e = open_unix(str_slice(one, 5, one.len), one, &fds[*n]);
		else
			e = open_tcp(one, &fds[*n]);
		*n += e == OK;
	}
	while (e && *n)
		close(fds[--*n]);
	return e;
}
