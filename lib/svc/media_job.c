/* SPDX-License-Identifier: MIT */
/*
 * One upload. The child sees the upload's bytes and two empty memory files; what it tells of them
 * comes back through shared memory and is believed only as far as it makes sense.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "pic/pic.h"
#include "store/files.h"
#include "svc/media_job.h"

enum { SIDE_MAX = 65535, MEMORY_PER_PIXEL = 16 };
static const int64_t MEMORY_BASE = INT64_C(256) << 20, WRITTEN_MAX = INT64_C(256) << 20;

struct making {
	struct media_job *job;
	struct pic_job pic;
	struct pic_result *told; /* shared with the child */
	struct mapped in;
};

static int work(void *arg)
{
	struct making *m = arg;
	struct pic_result made;
	enum pic_err e = pic_make(&m->pic, &made);
	*m->told = made;
	return (int)e;
}

static bool is_blurhash(const char *text)
{
	size_t n = strnlen(text, PIC_BLURHASH_MAX);
	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
			return false;
	return n < PIC_BLURHASH_MAX;
}

static bool is_side(int v, bool must)
{
	return v >= (must ? 1 : 0) && v <= SIDE_MAX;
}

static bool is_sane(const struct pic_result *r, struct str in)
{
	bool image = r->kind == PIC_IMAGE || r->kind == PIC_GIFV;
	bool shown = r->preview_format != PIC_NONE;
	bool ok = r->kind > PIC_UNKNOWN && r->kind <= PIC_AUDIO && *pic_type(r->format) &&
		  is_side(r->width, image) && is_side(r->height, image) && r->duration_ms >= 0 &&
		  is_side(r->preview_width, shown) && is_side(r->preview_height, shown) &&
		  (!shown || *pic_type(r->preview_format)) && is_blurhash(r->blurhash) &&
		  r->n_blanks >= 0 && r->n_blanks <= PIC_BLANKS_MAX;
	for (int i = 0; ok && i < r->n_blanks; i++)
		ok = r->blank[i].at >= 0 && r->blank[i].len >= 8 &&
		     (uint64_t)r->blank[i].at <= in.len &&
		     (uint64_t)r->blank[i].len <= in.len - (uint64_t)r->blank[i].at;
	return ok;
}

/* The box stays, as one that means nothing (ISO/IEC 14496-12 section 8.1.2). */
static void blank_out(struct making *m, const struct pic_result *r)
{
	for (int i = 0; i < r->n_blanks; i++) {
		char *box = m->in.bytes + r->blank[i].at;
		memcpy(box + 4, "free", 4);
		memset(box + 8, 0, (size_t)r->blank[i].len - 8);
	}
}

static enum err keep(struct making *m, struct str bytes, int format, struct str *path)
{
	char name[FILES_PATH_MAX];
	if (bytes.len == 0)
		return fail(ERR_INTERNAL, "media %lld: its decoder wrote nothing",
			    (long long)m->job->id);
	enum err e = files_put(conf.dir, bytes, pic_extension(format), name);
	if (e == OK)
		*path = arena_str(m->job->a, str_of(name));
	return e;
}

static enum err keep_fd(struct making *m, int fd, int format, struct str *path, int64_t *bytes)
{
	struct mapped made;
	enum err e = files_map(fd, &made);
	if (e == OK)
		e = keep(m, mapped_str(&made), format, path);
	*bytes = (int64_t)made.len;
	files_unmap(&made);
	return e;
}

static enum err keep_all(struct making *m)
{
	const struct pic_result r = *m->told;
	struct media_result *to = &m->job->result;
	int64_t preview_bytes;
	enum err e;
	if (!is_sane(&r, mapped_str(&m->in)))
		return refuse("The file is broken");
	*to = (struct media_result){
		.kind = (enum media_kind)r.kind,
		.type = str_of(pic_type(r.format)),
		.width = r.width,
		.height = r.height,
		.preview_width = r.preview_width,
		.preview_height = r.preview_height,
		.duration_ms = r.duration_ms,
		.blurhash = arena_str(m->job->a, str_of(r.blurhash)),
	};
	if (r.as_it_is) {
		blank_out(m, &r);
		to->bytes = (int64_t)m->in.len;
		e = keep(m, mapped_str(&m->in), r.format, &to->file);
	} else {
		e = keep_fd(m, m->pic.file_fd, r.format, &to->file, &to->bytes);
	}
	if (e == OK && r.preview_format != PIC_NONE)
		e = keep_fd(m, m->pic.preview_fd, r.preview_format, &to->preview, &preview_bytes);
	return e;
}

/* What came of the child. */
static enum err judge(struct making *m, enum sandbox_end end, int value)
{
	if (end == SANDBOX_STOPPED)
		return ERR_GONE;
	if (end != SANDBOX_DONE)
		log_warn("media %lld: its decoder %s", (long long)m->job->id,
			 end == SANDBOX_TIMEOUT ? "took too long" : "was ended by a signal");
	if (end == SANDBOX_TIMEOUT)
		return refuse("The file took too long to read");
	if (end == SANDBOX_CRASHED)
		return refuse("The file is broken");
	enum pic_err e = (enum pic_err)value;
	bool is_picture = m->told->kind == PIC_IMAGE || m->told->kind == PIC_GIFV;
	if (e == PIC_OK && m->job->role == MEDIA_THUMBNAIL && !is_picture)
		e = PIC_UNFIT;
	if (e == PIC_OK)
		return keep_all(m);
	struct str why = pic_sentence(m->job->a, e, &m->pic.limits);
	return refuse("%.*s", (int)why.len, why.at);
}

static enum err run_child(struct making *m)
{
	int value;
	const int fds[] = {m->pic.file_fd, m->pic.preview_fd};
	struct sandbox_job job = {
		.work = work,
		.arg = m,
		.keep = fds,
		.n_keep = 2,
		.limits = {.memory_bytes = MEMORY_BASE + MEMORY_PER_PIXEL * conf.media_pixels_max,
			   .write_bytes = WRITTEN_MAX,
			   .cpu_s = (int)(conf.media_timeout_ms / 1000),
			   .wall_ms = (int)conf.media_timeout_ms},
		.go_on = m->job->go_on,
		.go_on_arg = m->job->go_on_arg,
	};
	enum sandbox_end end = sandbox_run(&job, &value);
	return judge(m, end, value);
}

static enum err with_files(struct making *m)
{
	m->pic.file_fd = memfd_create("picture", MFD_CLOEXEC);
	m->pic.preview_fd = memfd_create("preview", MFD_CLOEXEC);
	m->told = sandbox_share(sizeof *m->told);
	enum err e = m->pic.file_fd < 0 || m->pic.preview_fd < 0 || !m->told
			     ? fail(ERR_STORAGE, "no memory for a decoder: %s", strerror(errno))
			     : run_child(m);
	sandbox_unshare(m->told, sizeof *m->told);
	close(m->pic.file_fd);
	close(m->pic.preview_fd);
	return e;
}

enum err media_job_run(struct media_job *job)
{
	static const enum pic_use uses[] = {
		[MEDIA_ATTACHMENT] = PIC_ATTACHMENT, [MEDIA_AVATAR] = PIC_AVATAR,
		[MEDIA_HEADER] = PIC_HEADER,         [MEDIA_EMOJI] = PIC_EMOJI,
		[MEDIA_THUMBNAIL] = PIC_ATTACHMENT,  [MEDIA_PREVIEW] = PIC_SMALL,
	};
	struct making m = {.job = job};
	enum err e = files_upload_map(conf.dir, job->id, &m.in);
	if (e == ERR_NOT_FOUND)
		return refuse("The upload got lost: send it again");
	if (e != OK)
		return e;
	enum pic_format format = pic_sniff(mapped_str(&m.in));
	if (format >= PIC_JPEG && format <= PIC_GIF &&
	    (int64_t)m.in.len > conf.media_image_max_bytes) {
		files_unmap(&m.in);
		return refuse("The picture is too large: %lld megabytes at most",
			      (long long)(conf.media_image_max_bytes >> 20));
	}
	m.pic = (struct pic_job){
		.in = mapped_str(&m.in),
		.use = (size_t)job->role < sizeof uses / sizeof *uses ? uses[job->role]
								      : PIC_ATTACHMENT,
		.limits = {conf.media_pixels_max, conf.media_frames_max, conf.media_seconds_max}};
	e = with_files(&m);
	files_unmap(&m.in);
	return e;
}
