/* SPDX-License-Identifier: MIT */
/* Routes: filters. */
#include "api/filters.h"
#include "api/routes.h"

#define READ "read:filters"
#define CHANGE "write:filters"
#define V2 "/api/v2/filters"
#define V1 "/api/v1/filters"

#define CONTEXT(needed) \
	{.name = "context", \
	 .type = PARAM_LIST, \
	 .required = needed, \
	 .help = "home, notifications, public, thread, account"}, \
	{ \
		.name = "expires_in", .type = PARAM_STR, .max = 20, \
		.help = "seconds; empty: never" \
	}
#define FILTER(needed) \
	{.name = "title", .type = PARAM_STR, .required = needed, .help = "its name"}, \
		CONTEXT(needed), \
		{.name = "filter_action", \
		 .type = PARAM_CHOICE, \
		 .choices = "warn|hide|blur", \
		 .help = "what clients do; warn"}, \
	{ \
		.name = "keywords_attributes", .type = PARAM_ROWS, \
		.choices = "id|keyword|whole_word|_destroy", \
		.help = "keywords to add, change (by id) or remove (_destroy)" \
	}
#define WORD(needed) \
	{.name = "keyword", .type = PARAM_STR, .required = needed, .help = "what to look for"}, \
	{ \
		.name = "whole_word", .type = PARAM_BOOL, .help = "not within other words; true" \
	}
#define PHRASE(needed) \
	{.name = "phrase", .type = PARAM_STR, .required = needed, .help = "what to look for"}, \
		CONTEXT(needed), \
		{.name = "irreversible", .type = PARAM_BOOL, .help = "hide it altogether"}, \
	{ \
		.name = "whole_word", .type = PARAM_BOOL, .help = "not within other words; true" \
	}

static const struct route routes[] = {
	{USER(V2, READ, on_filters, "the viewer's filters")},
	{WRITE(METHOD_POST, V2, CHANGE, on_filter_add, "makes a filter"), PARAMS(FILTER(true))},
	{USER(V2 "/:id", READ, on_filter, "one filter"), PARAMS(ID)},
	{WRITE(METHOD_PUT, V2 "/:id", CHANGE, on_filter_edit, "changes a filter"),
	 PARAMS(ID, FILTER(false))},
	{WRITE(METHOD_PATCH, V2 "/:id", CHANGE, on_filter_edit, "changes a filter"),
	 PARAMS(ID, FILTER(false))},
	{WRITE(METHOD_DELETE, V2 "/:id", CHANGE, on_filter_delete, "deletes a filter"), PARAMS(ID)},
	{USER(V2 "/:id/keywords", READ, on_filter_keywords, "the keywords of a filter"),
	 PARAMS(ID)},
	{WRITE(METHOD_POST, V2 "/:id/keywords", CHANGE, on_filter_keyword_add, "adds a keyword"),
	 PARAMS(ID, WORD(true))},
	{USER(V2 "/keywords/:id", READ, on_filter_keyword, "one keyword"), PARAMS(ID)},
	{WRITE(METHOD_PUT, V2 "/keywords/:id", CHANGE, on_filter_keyword_edit, "changes a keyword"),
	 PARAMS(ID, WORD(false))},
	{WRITE(METHOD_PATCH, V2 "/keywords/:id", CHANGE, on_filter_keyword_edit,
	       "changes a keyword"),
	 PARAMS(ID, WORD(false))},
	{WRITE(METHOD_DELETE, V2 "/keywords/:id", CHANGE, on_filter_keyword_delete,
	       "removes a keyword"),
	 PARAMS(ID)},
	{USER(V2 "/:id/statuses", READ, on_filter_statuses, "the statuses a filter names"),
	 PARAMS(ID)},
	{WRITE(METHOD_POST, V2 "/:id/statuses", CHANGE, on_filter_status_add,
	       "names a status in a filter"),
	 PARAMS(ID,
		{.name = "status_id", .type = PARAM_ID, .required = true, .help = "of a status"})},
	{USER(V2 "/statuses/:id", READ, on_filter_status, "one naming of a status"), PARAMS(ID)},
	{WRITE(METHOD_DELETE, V2 "/statuses/:id", CHANGE, on_filter_status_delete,
	       "names a status no more"),
	 PARAMS(ID)},
	{USER(V1, READ, on_filters_v1, "the keywords of the viewer's filters")},
	{WRITE(METHOD_POST, V1, CHANGE, on_filter_v1_add, "makes a filter with one keyword"),
	 PARAMS(PHRASE(true))},
	{USER(V1 "/:id", READ, on_filter_v1, "one keyword with its filter"), PARAMS(ID)},
	{WRITE(METHOD_PUT, V1 "/:id", CHANGE, on_filter_v1_edit, "changes a keyword"),
	 PARAMS(ID, PHRASE(false))},
	{WRITE(METHOD_PATCH, V1 "/:id", CHANGE, on_filter_v1_edit, "changes a keyword"),
	 PARAMS(ID, PHRASE(false))},
	{WRITE(METHOD_DELETE, V1 "/:id", CHANGE, on_filter_v1_delete,
	       "removes a keyword, and its filter with the last"),
	 PARAMS(ID)},
};

ROUTES(api_filters_routes);
