/* SPDX-License-Identifier: MIT */
/*
 * The supervisor: one thread that sleeps in sigtimedwait. Children get exactly the descriptors they
 * need: everything here is close-on-exec, and a child clears that for its own between fork and
 * exec.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "http/server.h"
#include "svc/notify.h"
#include "svc/process.h"
#include "svc/settings.h"
#include "store/cache.h"
#include "svc/supervisor.h"

enum {
	LISTEN_MAX = 8,
	SHORT_LIFE_US = 10 * 1000 * 1000,
	BACKOFF_FIRST_MS = 100,
	BACKOFF_MAX_MS = 60 * 1000,
	/* kill -9 comes from outside: going on soon matters more than sparing the processor. */
	BACKOFF_KILLED_MS = 400,
	STUCK_S = 30, /* without a heartbeat */
	STOP_MS = 900,
};

struct child {
	const struct service *service;
	int pid; /* 0: not running */
	int nudge_r, nudge_w;
	int64_t started_us, start_at_us; /* start_at_us: when to start again */
	int short_lives;                 /* in a row */
	bool is_renewed;                 /* got SIGHUP: its leaving is wanted */
	int64_t beat_seen;
	int ticks_without_beat;
};

static struct {
	struct child child[SERVICES_MAX];
	int n;
	int lifeline_r, lifeline_w, board_fd, lock_fd;
	int listen_fds[LISTEN_MAX];
	size_t n_listen_fds;
	struct board *board;
	sigset_t signals;
	int64_t ticked_us, stuck_ticks;
	bool is_stopping, was_ready;
} sup = {.lifeline_r = -1, .lifeline_w = -1, .board_fd = -1, .lock_fd = -1};

static void keep_across_exec(const struct svc *s)
{
	const int fds[] = {s->nudge_fd, s->lifeline_fd, sup.board_fd};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			fcntl(fds[i], F_SETFD, 0);
	for (int i = 0; i < s->n_listen_fds; i++)
		fcntl(s->listen_fds[i], F_SETFD, 0);
	for (int i = 0; i < sup.n; i++)
		fcntl(sup.child[i].nudge_w, F_SETFD, 0);
}

_Noreturn static void child_exec(const char *name, const struct svc *s, int parent)
{
	char fds[256];
	char *argv[12] = {"kwipd", "--service", (char *)name, "--fds", fds};
	const char *const pairs[][2] = {{"-c", settings_source.file},
					{"-d", settings_source.dir},
					{"-l", settings_source.listen}};
	int n = 5;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (!pairs[i][1])
			continue;
		argv[n++] = (char *)pairs[i][0];
		argv[n++] = (char *)pairs[i][1];
	}
	sigset_t none;
	sigemptyset(&none);
	/* The second belt beside the lifeline: not even a stopped service outlives its supervisor.
	 */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	keep_across_exec(s);
	service_fds_put(s, sup.board_fd, fds, sizeof fds);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", argv);
	_exit(127);
}

static int child_fork(const char *name, const struct svc *s)
{
	int parent = getpid();
	int pid = fork();
	if (pid == 0)
		child_exec(name, s, parent);
	if (pid < 0)
		log_error("fork for %s: %s", name, strerror(errno));
	return pid;
}

static struct svc child_svc(int i, bool listens)
{
	struct svc s = {.slot = i, .nudge_fd = sup.child[i].nudge_r, .lifeline_fd = sup.lifeline_r};
	for (size_t l = 0; listens && l < sup.n_listen_fds; l++)
		s.listen_fds[s.n_listen_fds++] = sup.listen_fds[l];
	return s;
}

static int64_t backoff_us(const struct child *c, bool was_killed)
{
	if (c->short_lives <= 1)
		return 0;
	int64_t ms = BACKOFF_FIRST_MS;
	for (int i = 2; i < c->short_lives && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	int64_t most = was_killed ? BACKOFF_KILLED_MS : BACKOFF_MAX_MS;
	return (ms < most ? ms : most) * 1000;
}

static void child_start(int i)
{
	struct child *c = &sup.child[i];
	struct board_slot *slot = &sup.board->slot[i];
	struct svc s = child_svc(i, c->service->listens);
	c->started_us = clock_mono_us();
	c->is_renewed = false;
	c->ticks_without_beat = 0;
	int pid = child_fork(c->service->name, &s);
	if (pid < 0) {
		c->start_at_us = c->started_us + (int64_t)BACKOFF_FIRST_MS * 1000;
		return;
	}
	c->pid = pid;
	atomic_store(&slot->started_at, clock_ms());
	atomic_store(&slot->pid, pid);
}

/* False: it died outside of any event. */
static bool count_death(struct board_slot *slot)
{
	int64_t event = atomic_exchange(&slot->event, 0);
	if (event == 0)
		return false;
	if (atomic_load(&slot->deadly) != event)
		atomic_store(&slot->deaths, 0);
	atomic_store(&slot->deadly, event);
	atomic_fetch_add(&slot->deaths, 1);
	return true;
}

static void log_death(const struct child *c, int status, int64_t wait_us)
{
	bool killed = WIFSIGNALED(status);
	log_warn("%s pid=%d %s %d after %lld ms; starting again in %lld ms", c->service->name,
		 c->pid, killed ? "ended by signal" : "left with code",
		 killed ? WTERMSIG(status) : WEXITSTATUS(status),
		 (long long)((clock_mono_us() - c->started_us) / 1000),
		 (long long)(wait_us / 1000));
}

/*
 * LMDB trusts its file: a damaged page can crash who reads it, again and again. The cache holds
 * nothing that is not in the database, so after such a crash it is made anew rather than trusted. A
 * crash at an event is counted instead: a new cache would begin after that event, and nobody would
 * ever hear of it. At the fifth the event is parked, and the cache goes then.
 */
static void drop_suspect_cache(int status)
{
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (sig != SIGSEGV && sig != SIGBUS && sig != SIGABRT)
		return;
	log_warn("the timeline cache is dropped: it may be damaged");
	cache_discard(conf.dir);
}

static void child_ended(int i, int status)
{
	struct child *c = &sup.child[i];
	struct board_slot *slot = &sup.board->slot[i];
	int64_t now = clock_mono_us(), wait_us = 0;
	if (c->is_renewed && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		log_info("%s pid=%d starts again with the settings of now", c->service->name,
			 c->pid);
	} else if (!sup.is_stopping) {
		c->short_lives = now - c->started_us < SHORT_LIFE_US ? c->short_lives + 1 : 1;
		wait_us = backoff_us(c, WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		bool at_event = count_death(slot);
		log_death(c, status, wait_us);
		if (!at_event)
			drop_suspect_cache(status);
		atomic_fetch_add(&slot->restarts, 1);
	}
	atomic_store(&slot->pid, 0);
	atomic_store(&slot->event, 0);
	c->pid = 0;
	c->start_at_us = now + wait_us;
}

static void reap(void)
{
	int status;
	for (int pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (int i = 0; i < sup.n; i++)
			if (sup.child[i].pid == pid)
				child_ended(i, status);
}

/*
 * A service whose heart stands still while its supervisor's ticks go on is ended. Ticks, not
 * clocks: a sleeping laptop or a jumping clock kills nobody.
 */
static void look_at_hearts(void)
{
	for (int i = 0; i < sup.n; i++) {
		struct child *c = &sup.child[i];
		int64_t beat = atomic_load(&sup.board->slot[i].beat_at);
		if (!c->pid || beat != c->beat_seen || process_state(c->pid) == 'T') {
			c->beat_seen = beat;
			c->ticks_without_beat = 0;
		} else if (++c->ticks_without_beat >= sup.stuck_ticks) {
			log_error("%s pid=%d has not moved for %d s (%.48s): ending it",
				  c->service->name, c->pid, c->ticks_without_beat,
				  sup.board->slot[i].doing);
			c->ticks_without_beat = 0;
			kill(c->pid, SIGKILL);
		}
	}
}

static void say_ready(void)
{
	if (sup.was_ready || atomic_load(&sup.board->ready_at) == 0)
		return;
	SCOPED_ARENA a = arena_new();
	struct str url = settings_url(a, sup.listen_fds, (int)sup.n_listen_fds);
	sup.was_ready = true;
	log_info("ready url=%.*s", (int)url.len, url.at);
	notify_send("READY=1\nSTATUS=serving");
}

static void settings_again(void)
{
	if (!settings_are_good() || settings_load() != OK) {
		log_error("the settings have mistakes: everything stays as it was");
		return;
	}
	log_level_set(settings_log_level());
	log_info("settings read again");
	for (int i = 0; i < sup.n; i++) {
		sup.child[i].is_renewed = true;
		if (sup.child[i].pid)
			kill(sup.child[i].pid, SIGHUP);
	}
}

static int start_due(int64_t now)
{
	int wait_ms = 1000;
	for (int i = 0; i < sup.n; i++) {
		struct child *c = &sup.child[i];
		if (!c->pid && c->start_at_us <= now)
			child_start(i);
		int64_t left = c->pid ? wait_ms : (c->start_at_us - now + 999) / 1000;
		wait_ms = left < wait_ms ? (int)left : wait_ms;
	}
	return wait_ms > 0 ? wait_ms : 1;
}

/* The next signal within timeout_ms, 0 when none came. */
static int wait_signal(int timeout_ms)
{
	struct timespec ts = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
	int sig = sigtimedwait(&sup.signals, NULL, &ts);
	return sig > 0 ? sig : 0;
}

static void serve(void)
{
	while (!sup.is_stopping) {
		int64_t now = clock_mono_us();
		int wait_ms = start_due(now), dog_ms = notify_watchdog(now);
		if (now - sup.ticked_us >= 1000000) {
			sup.ticked_us = now;
			look_at_hearts();
		}
		int sig = wait_signal(dog_ms >= 0 && dog_ms < wait_ms ? dog_ms + 1 : wait_ms);
		if (sig == SIGTERM || sig == SIGINT)
			sup.is_stopping = true;
		else if (sig == SIGHUP)
			settings_again();
		reap();
		say_ready();
	}
}

static int signal_all(int sig)
{
	int n = 0;
	for (int i = 0; i < sup.n; i++) {
		if (!sup.child[i].pid)
			continue;
		kill(sup.child[i].pid, sig);
		n++;
	}
	return n;
}

static void stop(void)
{
	int64_t end = clock_mono_us() + STOP_MS * 1000;
	log_info("stopping");
	notify_send("STOPPING=1\nSTATUS=stopping");
	signal_all(SIGTERM);
	int left = signal_all(SIGCONT); /* a stopped one would not hear SIGTERM */
	while (left > 0 && clock_mono_us() < end) {
		wait_signal((int)((end - clock_mono_us()) / 1000) + 1);
		reap();
		left = signal_all(0);
	}
	if (left > 0)
		log_warn("%d services did not leave in time", left);
	signal_all(SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	atomic_store(&sup.board->supervisor_pid, 0);
	log_info("stopped");
}

static enum err pipe_open(int *r, int *w)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return fail(ERR_STORAGE, "pipe: %s", strerror(errno));
	*r = fds[0];
	*w = fds[1];
	return OK;
}

static enum err listeners_open(void)
{
	enum err e = server_listen(conf.listen, sup.listen_fds, LISTEN_MAX, &sup.n_listen_fds);
	for (size_t i = 0; e == OK && i < sup.n_listen_fds; i++)
		fcntl(sup.listen_fds[i], F_SETFD, FD_CLOEXEC);
	return e;
}

static enum err folder_open(void)
{
	enum err e = folder_make(conf.dir);
	if (e == OK)
		e = folder_lock(conf.dir, &sup.lock_fd);
	if (e == ERR_CONFLICT)
		log_error("another kwipd serves the data folder %.*s", (int)conf.dir.len,
			  conf.dir.at);
	if (e == OK)
		e = board_make(&sup.board, conf.dir, &sup.board_fd);
	return e;
}

static enum err services_open(void)
{
	enum err e = pipe_open(&sup.lifeline_r, &sup.lifeline_w);
	for (size_t i = 0; e == OK && i < service_count; i++) {
		struct child *c = &sup.child[i];
		*c = (struct child){.service = &service_table[i]};
		e = pipe_open(&c->nudge_r, &c->nudge_w);
		if (e != OK)
			break;
		struct str name = str_of(c->service->name);
		memcpy(sup.board->slot[i].name, name.at, name.len < 15 ? name.len : 15);
		atomic_store(&sup.board->nudge_w[i], c->nudge_w);
		sup.n++;
	}
	atomic_store(&sup.board->supervisor_pid, getpid());
	atomic_store(&sup.board->started_at, clock_ms());
	return e;
}

static enum err prepare(void)
{
	struct svc s = child_svc(0, true);
	int status = 0, pid = child_fork("prepare", &s);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return fail(ERR_STORAGE, "the data folder %.*s cannot be used", (int)conf.dir.len,
			    conf.dir.at);
	return OK;
}

static void signals_open(void)
{
	const int wanted[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	sigemptyset(&sup.signals);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		sigaddset(&sup.signals, wanted[i]);
	sigprocmask(SIG_BLOCK, &sup.signals, NULL);
	/* An ignored SIGCHLD, inherited from a careless parent, would hide every death. */
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
}

int supervisor_run(void)
{
	log_open("kwipd", settings_log_level());
	log_crashes();
	process_harden();
	notify_open();
	signals_open();
	if (folder_open() != OK || listeners_open() != OK || services_open() != OK ||
	    prepare() != OK)
		return 1;
	log_info("starting pid=%d dir=%.*s", getpid(), (int)conf.dir.len, conf.dir.at);
	sup.ticked_us = clock_mono_us();
	/* Tests cannot wait half a minute. */
	if (!str_i64(str_of(getenv("KWIPD_TEST_STUCK_S")), &sup.stuck_ticks))
		sup.stuck_ticks = STUCK_S;
	serve();
	stop();
	return 0;
}
