/* SPDX-License-Identifier: MIT */
/*
 * Raw requests as they come from a socket: our framing, then civetweb's parser and body reader on
 * the same bytes. What one takes for a whole request the other must take for the same.
 */
#include "http/civet.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int closed_socket(void)
{
	static int pair[2] = {-1, -1};

	/* A reader that wants more than there is meets the end of the stream at once. */
	if (pair[0] < 0) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
			abort();
		close(pair[1]);
	}
	return pair[0];
}

static void read_body(struct civet *civet, const struct scan *scan, const char *body, size_t n)
{
	struct chunk_walk walk = {0};
	int whole = scan->chunked ? head_walk_chunks(&walk, body, n)
				  : (int64_t)n >= scan->content_len;
	char *theirs = malloc(n + 1), *ours = malloc(n + 1);
	int got, total = 0;

	if (!theirs || !ours)
		abort();
	while ((got = civet_read(civet, theirs + total, n + 1 - (size_t)total)) > 0)
		total += got;
	if (!scan->chunked && whole && total != scan->content_len)
		abort();
	/* Both end the request at the same byte, or civetweb refuses it. */
	int64_t taken = civet_taken(civet);
	if (scan->chunked && whole == 1 && got == 0 && taken >= 0 &&
	    (size_t)taken != scan->head_len + walk.pos)
		abort();
	/* And both find the same bytes in it. */
	if (scan->chunked && whole == 1 && got == 0 && taken >= 0) {
		memcpy(ours, body, walk.pos);
		if (head_join_chunks(ours, walk.pos) != (size_t)total ||
		    memcmp(ours, theirs, (size_t)total) != 0)
			abort();
	}
	free(theirs);
	free(ours);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct civet *civet;
	struct scan scan;
	struct head head;

	if (!civet) {
		civet_open(100);
		civet = civet_new();
	}
	size_t n = head_end((const char *)data, size);
	if (n == 0 || n > HEAD_MAX || size > 65536)
		return 0;
	head_scan((const char *)data, n, &scan);
	if (scan.status)
		return 0;
	char *copy = malloc(size);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (civet_parse(civet, closed_socket(), copy, size, n, &head) == 0) {
		if (head.chunked != scan.chunked ||
		    (!scan.chunked && head.content_len != scan.content_len))
			abort();
		read_body(civet, &scan, (const char *)data + n, size - n);
	}
	free(copy);
	return 0;
}
