/* SPDX-License-Identifier: MIT */
/*
 * The bare server of the bench: CivetWeb as it comes, with nothing behind it. GET /NAME answers the
 * bytes of a file of that name, read once and kept; POST takes a body, puts it on the disk and
 * answers in a few words. What kwipd reaches beside it is what its own work costs. Started by
 * bench.py: `bare PORT FOLDER`; ends when its standard input does.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civetweb.h"

enum { FILES_MAX = 64, CHUNK = 65536 };

struct kept {
	char name[64];
	char *bytes;
	size_t len;
};

static struct kept files[FILES_MAX];
static size_t files_count;
static const char *folder;

static void keep(const char *name)
{
	struct kept *f = &files[files_count];
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *in = fopen(path, "rb");
	if (!in || fseek(in, 0, SEEK_END) != 0)
		exit(1);
	f->len = (size_t)ftell(in);
	f->bytes = malloc(f->len + 1);
	rewind(in);
	if (!f->bytes || fread(f->bytes, 1, f->len, in) != f->len)
		exit(1);
	fclose(in);
	snprintf(f->name, sizeof f->name, "/%s", name);
	files_count++;
}

static int answer(struct mg_connection *c, const char *type, const char *bytes, size_t len)
{
	mg_printf(c,
		  "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
		  "Connection: keep-alive\r\n\r\n",
		  type, len);
	mg_write(c, bytes, len);
	return 200;
}

static int on_get(struct mg_connection *c, const char *path)
{
	for (size_t i = 0; i < files_count; i++)
		if (strcmp(files[i].name, path) == 0)
			return answer(c, "application/json", files[i].bytes, files[i].len);
	mg_send_http_error(c, 404, "no such file");
	return 404;
}

/* The body lies on the disk before the answer, as an upload does. */
static int on_post(struct mg_connection *c)
{
	char path[4096], chunk[CHUNK];
	int n;
	snprintf(path, sizeof path, "%s/body-XXXXXX", folder);
	int fd = mkstemp(path);
	while (fd >= 0 && (n = mg_read(c, chunk, sizeof chunk)) > 0)
		if (write(fd, chunk, (size_t)n) != n)
			exit(1);
	if (fd < 0 || fsync(fd) != 0)
		exit(1);
	close(fd);
	unlink(path);
	return answer(c, "application/json", "{}", 2);
}

static int on_request(struct mg_connection *c, void *unused)
{
	const struct mg_request_info *ri = mg_get_request_info(c);
	(void)unused;
	return strcmp(ri->request_method, "POST") == 0 ? on_post(c) : on_get(c, ri->local_uri);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	char listen_at[64];
	snprintf(listen_at, sizeof listen_at, "127.0.0.1:%s", argv[1]);
	const char *options[] = {"listening_ports",
				 listen_at,
				 "enable_keep_alive",
				 "yes",
				 "num_threads",
				 "32",
				 "tcp_nodelay",
				 "1",
				 NULL};
	folder = argv[2];
	DIR *d = opendir(folder);
	for (struct dirent *e; d && files_count < FILES_MAX && (e = readdir(d));)
		if (e->d_name[0] != '.')
			keep(e->d_name);
	mg_init_library(0);
	struct mg_context *ctx = mg_start(NULL, NULL, options);
	if (!d || !ctx)
		return 1;
	mg_set_request_handler(ctx, "/", on_request, NULL);
	while (getchar() != EOF)
		;
	mg_stop(ctx);
	return 0;
}
