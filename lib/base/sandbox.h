/* SPDX-License-Identifier: MIT */
/*
 * Work on foreign bytes in a child of its own that can compute and nothing else: no files, no
 * network, no other processes. What it reads is mapped before, what it makes goes to descriptors
 * that it is left. A crash, a hang or a bomb ends the child only. The media service decodes so.
 *
 * Enforced by: a seccomp filter (x86-64, aarch64) that refuses every system call but memory,
 * write, time and exit; resource limits (memory, processor time, no new descriptors, size of what
 * is written), which hold also where the kernel has no seccomp; the parent's clock.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_limits {
	int64_t memory_bytes; /* beyond what the parent holds already */
	int64_t write_bytes;  /* the most that one descriptor may grow to */
	int cpu_s, wall_ms;
};

enum sandbox_end {
	SANDBOX_DONE,    /* work returned; its value is in *value */
	SANDBOX_CRASHED, /* a signal ended it, or the machine could not start it */
	SANDBOX_TIMEOUT, /* of the processor or of the clock */
	SANDBOX_STOPPED, /* go_on said no */
};

struct sandbox_job {
	int (*work)(void *arg); /* runs in the child, on a copy of this process's memory */
	void *arg;
	const int *keep; /* descriptors that stay open in the child */
	size_t n_keep;
	struct sandbox_limits limits;
	bool (*go_on)(void *arg); /* asked about five times a second by the parent; may be NULL */
	void *go_on_arg;
};

/*
 * Forks, waits, and returns how it ended. *value: what work returned, 0..255. Call it from a
 * process with one thread: another's locks would be copied as they stand.
 */
enum sandbox_end sandbox_run(const struct sandbox_job *job, int *value);

/* Does this kernel take the filter? Without it only the limits hold. */
bool sandbox_has_filter(void);

/* Shared memory for a child's answer, zeroed; NULL when there is none. */
void *sandbox_share(size_t n);
void sandbox_unshare(void *at, size_t n);

#endif
