/* SPDX-License-Identifier: MIT */
/* Reading the Cookie header and request headers; handlers come here through request.h. */
#include "http/exchange.h"

struct str cookie_find(const char *header, struct str name)
{
	for (struct str rest = str_of(header); rest.len;) {
		struct str pair = str_trim(str_cut(&rest, ';'));
		ptrdiff_t eq = str_find_char(pair, '=');
		if (eq > 0 && str_eq(str_slice(pair, 0, (size_t)eq), name))
			return str_slice(pair, (size_t)eq + 1, pair.len);
		if (!rest.at)
			break;
	}
	return (struct str){0};
}

struct str req_header(const struct req *r, const char *name)
{
	return str_of(head_get(&exchange_of(r)->head, name));
}

struct str req_cookie(const struct req *r, const char *name)
{
	return cookie_find(head_get(&exchange_of(r)->head, "Cookie"), str_of(name));
}
