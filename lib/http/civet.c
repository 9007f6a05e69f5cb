/* SPDX-License-Identifier: MIT */
/*
 * The way into CivetWeb: its source is included here so that its static functions can be given a
 * connection with its first bytes. Its listeners, threads and queue are never started: porter.c
 * does their work. Called by worker.c and body.c.
 */
#define NO_CGI
#define NO_FILES
#define NO_SSL
#define NO_CACHING
#define NO_NONCE_CHECK
#define USE_IPV6

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wvla"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "civetweb.c"
#pragma GCC diagnostic pop

#include "http/civet.h"
#include "base/err.h"

struct civet {
	struct mg_connection conn;
};

/* One for the whole process: civetweb's per-server state, of which only the settings are used. */
static struct mg_context civet_context;
static char civet_timeout[24];

void civet_open(int64_t read_timeout_ms)
{
	if (mg_init_library(0) != 0 && !all_methods)
		die("civetweb does not start");
	mg_snprintf(NULL, NULL, civet_timeout, sizeof civet_timeout, "%" INT64_FMT,
		    read_timeout_ms);
	civet_context.stop_flag = 0;
	civet_context.context_type = CONTEXT_SERVER;
	civet_context.max_request_size = HEAD_MAX;
	pthread_mutex_init(&civet_context.nonce_mutex, NULL);
	for (int i = 0; config_options[i].name; i++)
		civet_context.dd.config[i] = (char *)(uintptr_t)config_options[i].default_value;
	civet_context.dd.config[ENABLE_KEEP_ALIVE] = (char *)(uintptr_t) "yes";
	civet_context.dd.config[AUTHENTICATION_DOMAIN] = (char *)(uintptr_t) "";
	civet_context.dd.config[REQUEST_TIMEOUT] = civet_timeout;
}

void civet_stop(void)
{
	STOP_FLAG_ASSIGN(&civet_context.stop_flag, 1);
}

struct civet *civet_new(void)
{
	struct civet *c = mg_calloc(1, sizeof *c);

	if (!c)
		die("out of memory");
	c->conn.phys_ctx = &civet_context;
	c->conn.dom_ctx = &civet_context.dd;
	return c;
}

void civet_free(struct civet *c)
{
	mg_free(c);
}

static void copy_head(struct mg_connection *conn, struct head *out)
{
	const struct mg_request_info *ri = &conn->request_info;

	out->method = ri->request_method;
	out->uri = ri->request_uri;
	out->http10 = strcmp(ri->http_version, "1.0") == 0;
	out->n = ri->num_headers;
	for (int i = 0; i < out->n; i++)
		out->at[i] = (struct head_line){ri->http_headers[i].name,
						ri->http_headers[i].value};
	out->chunked = conn->is_chunked != 0;
	out->content_len = conn->content_len;
	out->keep_alive = should_keep_alive(conn) != 0;
}

int civet_parse(struct civet *c, int fd, char *buf, size_t len, size_t head_len, struct head *out)
{
	struct mg_connection *conn = &c->conn;
	char why[100];
	int status = 0;

	conn->buf = buf;
	conn->buf_size = conn->data_len = (int)len;
	conn->client.sock = fd;
	if (!get_request(conn, why, sizeof why, &status)) {
		/* civetweb knows "not a method" only as a bad request. */
		return status > 0 ? status : 400;
	}
	if ((size_t)conn->request_len != head_len)
		return 400;
	copy_head(conn, out);
	return 0;
}

int civet_read(struct civet *c, void *buf, size_t n)
{
	return mg_read(&c->conn, buf, n);
}

int64_t civet_taken(const struct civet *c)
{
	const struct mg_connection *conn = &c->conn;

	if (conn->is_chunked && conn->is_chunked != 4)
		return -1;
	if (conn->consumed_content != conn->content_len)
		return -1;
	int64_t taken = conn->request_len + conn->content_len;
	return taken < conn->data_len ? taken : conn->data_len;
}

const char *civet_version(void)
{
	return CIVETWEB_VERSION;
}
