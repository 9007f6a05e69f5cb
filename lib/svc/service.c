/* SPDX-License-Identifier: MIT */
/*
 * The frame of a service process: inherited descriptors, signals, nudges, the board. Signals come
 * through a descriptor and are blocked in every thread, so none interrupts anything anywhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/crypt.h"
#include "base/log.h"
#include "svc/process.h"
#include "svc/service.h"
#include "svc/settings.h"

enum { DEADLY_AFTER = 5, FDS_TEXT_MAX = 256 };

static struct {
	int fd;
	bool stop, changed;
} signals = {.fd = -1};

void service_fds_put(const struct svc *s, int board_fd, char *text, size_t cap)
{
	int len = snprintf(text, cap, "%d:%d:%d:%d", s->slot, s->nudge_fd, s->lifeline_fd,
			   board_fd);
	for (int i = 0; i < s->n_listen_fds; i++)
		len += snprintf(text + len, cap - (size_t)len, ":%d", s->listen_fds[i]);
}

static bool fds_read(struct svc *s, const char *text, int *board_fd)
{
	struct str rest = str_of(text);
	int64_t part[4 + 8];
	int n = 0;
	while (rest.at && n < 12 && str_i64(str_cut(&rest, ':'), &part[n]))
		n++;
	if (rest.at || n < 4 || part[0] < 0 || part[0] >= BOARD_SLOTS)
		return false;
	s->slot = (int)part[0];
	s->nudge_fd = (int)part[1];
	s->lifeline_fd = (int)part[2];
	*board_fd = (int)part[3];
	for (int i = 4; i < n; i++)
		s->listen_fds[s->n_listen_fds++] = (int)part[i];
	return true;
}

static void close_on_exec(const struct svc *s, int board_fd)
{
	const int fds[] = {s->nudge_fd, s->lifeline_fd, board_fd};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
	for (int i = 0; i < s->n_listen_fds; i++)
		fcntl(s->listen_fds[i], F_SETFD, FD_CLOEXEC);
}

static void signals_open(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	/* Ctrl-C reaches the whole group; the supervisor decides what it means. */
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals.fd < 0)
		die("signalfd: %s", strerror(errno));
}

int service_main(const struct service *service, const char *fds)
{
	struct svc self = {.name = service->name, .nudge_fd = -1, .lifeline_fd = -1};
	int board_fd = -1;
	log_open(service->name, settings_log_level());
	log_crashes();
	process_harden();
	signals_open();
	crypt_open();
	password_cost((unsigned)conf.argon_kib, (unsigned)conf.argon_passes);
	if (!fds || !fds_read(&self, fds, &board_fd)) {
		log_error("a service is started by its supervisor only: kwipd run");
		return 2;
	}
	close_on_exec(&self, board_fd);
	if (board_of_fd(&self.board, board_fd) != OK)
		die("there is no board");
	return service->run(&self);
}

static void signals_read(void)
{
	struct signalfd_siginfo got;
	while (read(signals.fd, &got, sizeof got) == sizeof got) {
		signals.stop |= got.ssi_signo == SIGTERM;
		signals.changed |= got.ssi_signo == SIGHUP;
	}
}

/* Waits for a signal, the lifeline's end, or a nudge (not when nudge_fd is -1). */
static void look(struct svc *self, int nudge_fd, int timeout_ms)
{
	struct pollfd fds[] = {{.fd = signals.fd, .events = POLLIN},
			       {.fd = self->lifeline_fd, .events = POLLIN},
			       {.fd = nudge_fd, .events = POLLIN}};
	char bytes[512];
	if (poll(fds, 3, timeout_ms) <= 0)
		return;
	if (fds[0].revents)
		signals_read();
	if (fds[1].revents)
		signals.stop = true;
	if (fds[2].revents)
		while (read(nudge_fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
			;
}

bool svc_alive(const struct svc *self)
{
	struct svc copy = *self;
	if (!signals.stop)
		look(&copy, -1, 0);
	return !signals.stop;
}

bool svc_wait(struct svc *self, int timeout_ms)
{
	if (!signals.stop)
		look(self, self->nudge_fd, signals.changed ? 0 : timeout_ms);
	return !signals.stop;
}

bool svc_settings_changed(struct svc *self)
{
	if (!signals.changed)
		return false;
	signals.changed = false;
	if (settings_load() != OK)
		log_error("%s keeps the settings it had", self->name);
	log_level_set(settings_log_level());
	return true;
}

void svc_beat(struct svc *self, const char *doing, int64_t cursor)
{
	struct board_slot *slot = &self->board->slot[self->slot];
	atomic_store(&slot->beat_at, clock_ms());
	atomic_store(&slot->cursor, cursor);
	snprintf(slot->doing, sizeof slot->doing, "%s", doing);
}

/* For tests only: an event that ends its reader, or one that it never comes back from. */
static void test_hook_at(struct str service, int64_t seq)
{
	static struct str how;
	static int64_t at = -1;
	if (at < 0) {
		struct str who = str_of(getenv("KWIPD_TEST_AT_EVENT"));
		bool given = str_i64(str_cut(&who, ':'), &at);
		how = str_cut(&who, ':');
		if (!given || !str_eq(who, service))
			at = 0;
	}
	if (seq == 0 || seq != at)
		return;
	if (str_eq(how, S("abort")))
		abort();
	for (volatile bool forever = true; forever;)
		;
}

void svc_event_begin(struct svc *self, int64_t seq)
{
	atomic_store(&self->board->slot[self->slot].event, seq);
	test_hook_at(str_of(self->name), seq);
}

bool svc_event_is_deadly(struct svc *self, int64_t seq)
{
	struct board_slot *slot = &self->board->slot[self->slot];
	return atomic_load(&slot->deadly) == seq && atomic_load(&slot->deaths) >= DEADLY_AFTER;
}

void svc_nudge_all(struct svc *self)
{
	if (self->nudge_fd < 0)
		return;
	for (int i = 0; i < BOARD_SLOTS; i++) {
		int fd = atomic_load(&self->board->nudge_w[i]);
		/* A full pipe is nudge enough. */
		if (i != self->slot && fd > 0 && write(fd, "", 1) < 0 && errno != EAGAIN)
			log_debug("nudge %d: %s", i, strerror(errno));
	}
}

void svc_say_ready(struct svc *self)
{
	atomic_store(&self->board->ready_at, clock_ms());
	int pid = atomic_load(&self->board->supervisor_pid);
	if (pid > 1 && getppid() == pid)
		kill(pid, SIGUSR1);
}
