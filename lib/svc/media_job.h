/* SPDX-License-Identifier: MIT */
/* One upload from its bytes to its finished files; for svc/media.c alone. */
#ifndef SVC_MEDIA_JOB_H
#define SVC_MEDIA_JOB_H

#include "core/media.h"

struct media_job {
	struct arena *a;
	int64_t id;
	enum media_role role;
	bool (*go_on)(void *arg); /* asked while the child works */
	void *go_on_arg;
	struct media_result result; /* strings in the arena */
};

/*
 * Decodes in a sandboxed child and keeps what it made below DIR/media. ERR_INPUT after refuse():
 * the upload is no good; ERR_FULL, ERR_STORAGE: try again later; ERR_GONE: go_on said no.
 */
enum err media_job_run(struct media_job *job) MUST_USE;

#endif
