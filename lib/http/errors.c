/* SPDX-License-Identifier: MIT */
/* Status lines and the sentences errors are told with, Mastodon's where clients look at them. */
#include "http/exchange.h"

struct status_text {
	int status;
	struct str line, sentence;
};

static const struct status_text texts[] = {
	{101, S_INIT("HTTP/1.1 101 Switching Protocols\r\n"), S_INIT("")},
	{200, S_INIT("HTTP/1.1 200 OK\r\n"), S_INIT("")},
	{201, S_INIT("HTTP/1.1 201 Created\r\n"), S_INIT("")},
	{202, S_INIT("HTTP/1.1 202 Accepted\r\n"), S_INIT("")},
	{204, S_INIT("HTTP/1.1 204 No Content\r\n"), S_INIT("")},
	{206, S_INIT("HTTP/1.1 206 Partial Content\r\n"), S_INIT("")},
	{301, S_INIT("HTTP/1.1 301 Moved Permanently\r\n"), S_INIT("")},
	{302, S_INIT("HTTP/1.1 302 Found\r\n"), S_INIT("")},
	{303, S_INIT("HTTP/1.1 303 See Other\r\n"), S_INIT("")},
	{304, S_INIT("HTTP/1.1 304 Not Modified\r\n"), S_INIT("")},
	{400, S_INIT("HTTP/1.1 400 Bad Request\r\n"), S_INIT("Bad request")},
	{401, S_INIT("HTTP/1.1 401 Unauthorized\r\n"), S_INIT("The access token is invalid")},
	{403, S_INIT("HTTP/1.1 403 Forbidden\r\n"), S_INIT("This action is not allowed")},
	{404, S_INIT("HTTP/1.1 404 Not Found\r\n"), S_INIT("Record not found")},
	{405, S_INIT("HTTP/1.1 405 Method Not Allowed\r\n"),
	 S_INIT("This address does not take that method")},
	{408, S_INIT("HTTP/1.1 408 Request Timeout\r\n"), S_INIT("The request took too long")},
	{409, S_INIT("HTTP/1.1 409 Conflict\r\n"),
	 S_INIT("This exists already, or was changed meanwhile")},
	{410, S_INIT("HTTP/1.1 410 Gone\r\n"), S_INIT("This was removed")},
	{411, S_INIT("HTTP/1.1 411 Length Required\r\n"), S_INIT("Bad request")},
	{413, S_INIT("HTTP/1.1 413 Content Too Large\r\n"), S_INIT("That is too large")},
	{415, S_INIT("HTTP/1.1 415 Unsupported Media Type\r\n"),
	 S_INIT("That kind of content is not understood")},
	{416, S_INIT("HTTP/1.1 416 Range Not Satisfiable\r\n"), S_INIT("That part is not there")},
	{417, S_INIT("HTTP/1.1 417 Expectation Failed\r\n"), S_INIT("Bad request")},
	{422, S_INIT("HTTP/1.1 422 Unprocessable Content\r\n"), S_INIT("Validation failed")},
	{426, S_INIT("HTTP/1.1 426 Upgrade Required\r\n"), S_INIT("WebSocket version 13, please")},
	{429, S_INIT("HTTP/1.1 429 Too Many Requests\r\n"), S_INIT("Too many requests")},
	{431, S_INIT("HTTP/1.1 431 Request Header Fields Too Large\r\n"),
	 S_INIT("The request's head is too large")},
	{500, S_INIT("HTTP/1.1 500 Internal Server Error\r\n"),
	 S_INIT("Something went wrong here")},
	{501, S_INIT("HTTP/1.1 501 Not Implemented\r\n"), S_INIT("That is not understood here")},
	{503, S_INIT("HTTP/1.1 503 Service Unavailable\r\n"),
	 S_INIT("Not available at the moment")},
	{505, S_INIT("HTTP/1.1 505 HTTP Version Not Supported\r\n"), S_INIT("HTTP/1.1, please")},
	{507, S_INIT("HTTP/1.1 507 Insufficient Storage\r\n"),
	 S_INIT("The server has no room left: nothing was saved")},
};
enum { N_TEXTS = sizeof texts / sizeof *texts };

static const struct status_text *find(int status)
{
	for (size_t i = 0; i < N_TEXTS; i++)
		if (texts[i].status == status)
			return &texts[i];
	return status == 500 ? &texts[1] : find(500);
}

struct str status_line(int status)
{
	return find(status)->line;
}

struct str error_sentence(struct exchange *x, int status, struct str why)
{
	if (why.len == 0)
		return find(status)->sentence;
	bool api = x->r.route && x->r.route->format == FORMAT_API;
	/* Not what was sent is wrong, but who sent it: clients look for the bare sentence. */
	bool whole = str_starts(why, S("This method requires")) ||
		     str_starts(why, S("Validation failed"));
	if (status == 422 && api && !whole)
		return arena_printf(x->a, "Validation failed: %.*s", (int)why.len, why.at);
	return why;
}
