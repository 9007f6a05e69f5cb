/* SPDX-License-Identifier: MIT */
/* Filter and FilterResult. */
#include "api/entity.h"

void entity_filter_result(struct jw *w, const struct filter_match *m)
{
	jw_open(w, '{');
	jw_key(w, S("filter"));
	jw_open(w, '{');
	jw_kid(w, S("id"), m->filter->id);
	jw_close(w, '}');
	jw_close(w, '}');
}
