/* SPDX-License-Identifier: MIT */
/* The sandboxed child: what is taken from it, in the order that lets each step still be made. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sandbox.h"

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

/* The sanitizers reserve terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif

enum { LOOK_MS = 200 };

#ifdef SANDBOX_ARCH
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(how) BPF_STMT(BPF_RET | BPF_K, (how))
#define ALLOW(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1), RETURN(SECCOMP_RET_ALLOW)
/* Memory, but none that can be run. The low half of an argument comes first on both machines. */
#define ALLOW_NO_EXEC(nr) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 4), LOAD(args[2]), \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), \
		RETURN(SECCOMP_RET_ERRNO | EPERM), RETURN(SECCOMP_RET_ALLOW)

static bool filter_set(void)
{
	static const struct sock_filter rules[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		ALLOW(__NR_write),
		ALLOW(__NR_munmap),
		ALLOW(__NR_mremap),
		ALLOW(__NR_madvise),
		ALLOW(__NR_brk),
		ALLOW(__NR_futex),
		ALLOW(__NR_clock_gettime),
		ALLOW(__NR_gettimeofday),
		ALLOW(__NR_getrandom),
		ALLOW(__NR_sched_yield),
		ALLOW(__NR_rt_sigreturn),
		ALLOW(__NR_rt_sigprocmask),
		ALLOW(__NR_exit),
		ALLOW(__NR_exit_group),
#ifdef SANDBOX_SANITIZED
		/* They look at their stack before every jump and end. */
		ALLOW(__NR_sigaltstack),
#endif
		ALLOW_NO_EXEC(__NR_mmap),
		ALLOW_NO_EXEC(__NR_mprotect),
		/* Refused and not killed for, so that a C library may try and do without. */
		RETURN(SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {sizeof rules / sizeof *rules,
					   (struct sock_filter *)rules};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#else
static bool filter_set(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return false;
}
#endif

bool sandbox_has_filter(void)
{
#ifdef SANDBOX_ARCH
	/* A filter of NULL is refused for its address by a kernel that knows filters. */
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 && errno == EFAULT;
#else
	return false;
#endif
}

/* What this process has mapped already counts against the limit too. */
static int64_t mapped_bytes(void)
{
	char text[64] = {0};
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 ? strtoll(text, NULL, 10) * sysconf(_SC_PAGESIZE) : (int64_t)256 << 20;
}

static void limit(int what, int64_t soft, int64_t hard)
{
	setrlimit((__rlimit_resource_t)what, &(struct rlimit){(rlim_t)soft, (rlim_t)hard});
}

static void limits_set(const struct sandbox_limits *l)
{
#ifndef SANDBOX_SANITIZED
	int64_t all = mapped_bytes() + l->memory_bytes;
	limit(RLIMIT_AS, all, all);
#endif
	limit(RLIMIT_CPU, l->cpu_s, l->cpu_s + 1);
	limit(RLIMIT_FSIZE, l->write_bytes, l->write_bytes);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_NPROC, 0, 0);
	limit(RLIMIT_MSGQUEUE, 0, 0);
	limit(RLIMIT_NOFILE, 0, 0);
}

static bool is_kept(const struct sandbox_job *job, int alive_fd, int fd)
{
	bool kept = fd == alive_fd;
	for (size_t i = 0; i < job->n_keep; i++)
		kept |= job->keep[i] == fd;
	return kept;
}

static void close_others(const struct sandbox_job *job, int alive_fd)
{
	int last = alive_fd;
	for (size_t i = 0; i < job->n_keep; i++)
		last = job->keep[i] > last ? job->keep[i] : last;
	for (int fd = 0; fd <= last; fd++)
		if (!is_kept(job, alive_fd, fd))
			close(fd);
	if (close_range((unsigned)last + 1, UINT_MAX, 0) == 0)
		return;
	int end = (int)sysconf(_SC_OPEN_MAX);
	for (int fd = last + 1; fd < end; fd++)
		close(fd);
}

/* The parent's handlers would write to a log that is not there. */
static void signals_reset(void)
{
	const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU, SIGXFSZ, SIGTERM};
	for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
		signal(fatal[i], SIG_DFL);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void child(const struct sandbox_job *job, int alive_fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	signals_reset();
	close_others(job, alive_fd);
	limits_set(&job->limits);
	prctl(PR_SET_DUMPABLE, 0);
	filter_set();
	_exit(job->work(job->arg));
}

/* The child holds the other end of this pipe: its end is the child's. */
static enum sandbox_end wait_for(const struct sandbox_job *job, int fd)
{
	int64_t until = clock_mono_us() + (int64_t)job->limits.wall_ms * 1000;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, LOOK_MS) > 0)
			return SANDBOX_DONE;
		if (job->go_on && !job->go_on(job->go_on_arg))
			return SANDBOX_STOPPED;
		if (clock_mono_us() >= until)
			return SANDBOX_TIMEOUT;
	}
}

static enum sandbox_end how_it_ended(int status, int *value)
{
	if (WIFEXITED(status)) {
		*value = WEXITSTATUS(status);
		return SANDBOX_DONE;
	}
	/* Out of processor time: SIGXCPU, or SIGKILL a second later. */
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? SANDBOX_TIMEOUT
								  : SANDBOX_CRASHED;
}

enum sandbox_end sandbox_run(const struct sandbox_job *job, int *value)
{
	int alive[2], status = 0;
	*value = 0;
	if (pipe2(alive, O_CLOEXEC) != 0) {
		log_error("no pipe for a child: %s", strerror(errno));
		return SANDBOX_CRASHED;
	}
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		child(job, alive[1], parent);
	close(alive[1]);
	if (pid < 0) {
		close(alive[0]);
		log_error("no child can be started: %s", strerror(errno));
		return SANDBOX_CRASHED;
	}
	enum sandbox_end end = wait_for(job, alive[0]);
	if (end != SANDBOX_DONE)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	close(alive[0]);
	return end == SANDBOX_DONE ? how_it_ended(status, value) : end;
}

void *sandbox_share(size_t n)
{
	void *at = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

void sandbox_unshare(void *at, size_t n)
{
	if (at)
		munmap(at, n);
}
