/* SPDX-License-Identifier: MIT */
/* Starting, stopping and counting: wires porter, workers, caches and limits together for svc/web.c.
 */
#include "http/exchange.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"

#include <stdlib.h>
#include <unistd.h>

enum { READ_MS = 5000 };

/* The settings' base_url, or the first listener's address. Lives as long as the process. */
static struct str make_base_url(void)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct str rest = conf.listen, first = str_trim(str_cut(&rest, ','));

	if (conf.base_url.len)
		return conf.base_url;
	buf_put(&b, S("http://"));
	buf_put(&b, str_starts(first, S("unix:")) ? S("localhost") : first);
	char *copy = strndup(b.at, b.len);
	if (!copy)
		die("out of memory");
	return str_of(copy);
}

static enum err open_listeners(struct server *s)
{
	if (s->setup.n_listen_fds)
		return OK;
	enum err e = server_listen(conf.listen, s->own_fds, sizeof s->own_fds / sizeof *s->own_fds,
				   &s->n_own_fds);
	if (e)
		return e;
	s->setup.listen_fds = s->own_fds;
	s->setup.n_listen_fds = s->n_own_fds;
	return OK;
}

static void start_threads(struct server *s)
{
	s->porter = porter_new(&(struct porter_setup){
		.fds = s->setup.listen_fds,
		.n_fds = s->setup.n_listen_fds,
		.trusted = s->trusted,
		.body_most = dispatch_body_most,
		.body_arg = s,
		.tick = s->setup.hooks.tick,
		.arg = s->setup.hooks.arg,
	});
	s->n_workers = (size_t)(conf.workers > 0 ? conf.workers : 1);
	s->workers = workers_new(s->n_workers);
	for (size_t i = 0; i < s->n_workers; i++)
		worker_start(s, worker_at(s->workers, i));
	porter_start(s->porter);
}

enum err server_start(struct server **out, const struct server_setup *setup)
{
	struct server *s = calloc(1, sizeof *s);

	if (!s)
		die("out of memory");
	s->setup = *setup;
	enum err e = open_listeners(s);
	if (e) {
		free(s);
		return e;
	}
	pthread_mutex_init(&s->pool_lock, NULL);
	s->trusted = addr_blocks_parse(conf.trusted_proxies);
	s->base_url = make_base_url();
	s->base_https = str_starts(s->base_url, S("https://"));
	s->routes = route_index_new(setup->tables, setup->n_tables);
	s->limits = limits_new();
	s->pages = pagecache_new();
	s->streams = streams_new(&setup->hooks.streams, STREAM_PING_MS, STREAM_THUMP_MS);
	statics_open();
	civet_open(conf.body_timeout_ms < READ_MS ? conf.body_timeout_ms : READ_MS);
	start_threads(s);
	*out = s;
	return OK;
}

void server_stop(struct server *s, int64_t drain_ms)
{
	streams_farewell(s->streams);
	s->leaving = true;
	bool quiet = porter_drain(s->porter, drain_ms);

	if (!quiet)
		log_warn("stopping with requests in hand");
	civet_stop();
	porter_stop(s->porter);
	for (size_t i = 0; i < s->n_workers; i++)
		worker_join(worker_at(s->workers, i));
	for (size_t i = 0; i < s->n_own_fds; i++)
		close(s->own_fds[i]);
	/* A job still with the writer will use all this when it is done: then the process's end
	 * frees it. */
	if (!quiet || s->writing)
		return;
	porter_free(s->porter);
	streams_free(s->streams);
	exchange_trim(s);
	workers_free(s->workers, s->n_workers);
	pagecache_free(s->pages);
	limits_free(s->limits);
	route_index_free(s->routes);
	pthread_mutex_destroy(&s->pool_lock);
	free(s);
}

void server_wake_streams(struct server *s)
{
	streams_wake(s->streams);
}

struct server_counts server_counts(const struct server *s)
{
	struct porter_counts p = porter_counts(s->porter);
	struct server_counts out = {.conns = p.conns,
				    .streams = streams_count(s->streams),
				    .busy_workers = p.busy,
				    .requests = s->requests};

	pagecache_counts(s->pages, &out.page_cache_bytes, &out.page_cache_hits);
	return out;
}
