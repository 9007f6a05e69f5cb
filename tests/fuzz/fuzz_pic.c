/* SPDX-License-Identifier: MIT */
/*
 * Pictures, films and sounds as strangers send them: the first byte says what for, the rest is the
 * file. What is made must be of a known kind and within its limits, and a picture that was made
 * must be readable itself.
 */
#include "pic/pic.h"

#include "base/err.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pic_limits limits = {1 << 16, 20, 600};

static int memory_file(void)
{
	int fd = memfd_create("made", MFD_CLOEXEC);
	if (fd < 0)
		die("no memory file");
	return fd;
}

static void check_numbers(const struct pic_result *r, struct str in)
{
	if (r->format <= PIC_NONE || r->format >= PIC_FORMATS || r->width < 0 || r->height < 0 ||
	    r->duration_ms < 0 || r->n_blanks < 0 || r->n_blanks > PIC_BLANKS_MAX)
		die("impossible figures");
	if (!memchr(r->blurhash, 0, sizeof r->blurhash))
		die("a blurhash without an end");
	for (int i = 0; i < r->n_blanks; i++)
		if (r->blank[i].at < 0 || r->blank[i].len < 0 ||
		    r->blank[i].at + r->blank[i].len > (int64_t)in.len)
			die("a blank outside of the file");
}

/* The finished file once more: it must be one, and come out as the same size. */
static void check_again(struct pic_job *job, const struct pic_result *first)
{
	off_t len = lseek(job->file_fd, 0, SEEK_END);
	char *bytes = len > 0 ? mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, job->file_fd, 0)
			      : MAP_FAILED;
	if (bytes == MAP_FAILED)
		die("nothing was made");
	struct pic_result again;
	struct pic_job second = {
		{bytes, (size_t)len}, job->use, job->limits, memory_file(), memory_file()};
	/* A crop to a shape, rounded to whole pixels, may be cropped by one more. */
	bool cropped = job->use == PIC_AVATAR || job->use == PIC_HEADER;
	if (pic_make(&second, &again) != PIC_OK || again.format != first->format ||
	    (!cropped && (again.width != first->width || again.height != first->height)))
		die("what was made cannot be read again");
	close(second.file_fd);
	close(second.preview_fd);
	munmap(bytes, (size_t)len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pic_result made;
	if (size < 2)
		return 0;
	struct pic_job job = {{(const char *)data + 1, size - 1},
			      (enum pic_use)(data[0] % (PIC_SMALL + 1)),
			      limits,
			      memory_file(),
			      memory_file()};
	if (pic_make(&job, &made) == PIC_OK) {
		check_numbers(&made, job.in);
		if (!made.as_it_is)
			check_again(&job, &made);
	}
	close(job.file_fd);
	close(job.preview_fd);
	return 0;
}
