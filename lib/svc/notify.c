/* SPDX-License-Identifier: MIT */
/* systemd's notify protocol: datagrams to a unix socket whose name is in the environment. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "svc/notify.h"

static struct {
	int fd;
	struct sockaddr_un to;
	socklen_t to_len;
	int64_t every_us, sent_us;
} notify = {.fd = -1};

static int64_t watchdog_us(void)
{
	int64_t us = 0, pid = 0;
	const char *for_pid = getenv("WATCHDOG_PID");
	if (!str_i64(str_of(getenv("WATCHDOG_USEC")), &us) || us <= 0)
		return 0;
	if (for_pid && (!str_i64(str_of(for_pid), &pid) || pid != getpid()))
		return 0;
	return us / 2;
}

void notify_open(void)
{
	struct str name = str_of(getenv("NOTIFY_SOCKET"));
	if (name.len >= 2 && name.len < sizeof notify.to.sun_path &&
	    (name.at[0] == '/' || name.at[0] == '@')) {
		notify.to.sun_family = AF_UNIX;
		memcpy(notify.to.sun_path, name.at, name.len);
		/* An abstract name is written with '@' and sent with NUL. */
		if (name.at[0] == '@')
			notify.to.sun_path[0] = '\0';
		notify.to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name.len);
		notify.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		notify.every_us = watchdog_us();
	}
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_send(const char *state)
{
	if (notify.fd >= 0 && sendto(notify.fd, state, strlen(state), MSG_NOSIGNAL,
				     (const struct sockaddr *)&notify.to, notify.to_len) < 0)
		log_debug("notify socket does not take %s", state);
}

int notify_watchdog(int64_t now_us)
{
	if (notify.fd < 0 || notify.every_us == 0)
		return -1;
	if (notify.sent_us == 0 || now_us - notify.sent_us >= notify.every_us) {
		notify.sent_us = now_us;
		notify_send("WATCHDOG=1");
	}
	return (int)((notify.sent_us + notify.every_us - now_us + 999) / 1000);
}
