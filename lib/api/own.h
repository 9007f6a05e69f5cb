/* SPDX-License-Identifier: MIT */
/* The handlers that routes_own.c names: small things of the API that belong to no other part. */
#ifndef API_OWN_H
#define API_OWN_H

#include "base/json.h"
#include "core/moderation.h"
#include "core/report.h"
#include "http/route.h"

enum err on_report(struct req *r, struct tx *tx, struct answer *out);
enum err on_custom_emojis(struct req *r, struct answer *out);
enum err on_annual_reports(struct req *r, struct answer *out);
enum err on_annual_report_state(struct req *r, struct answer *out);
enum err on_annual_report_nothing(struct req *r, struct tx *tx, struct answer *out);
enum err on_collections(struct req *r, struct answer *out);
enum err on_not_here(struct req *r, struct answer *out);

/* "AccountWarning"; target: whom it is about. */
void entity_warning(struct jw *w, struct arena *a, const struct warning *p,
		    const struct account *target);
/* "Report". */
void entity_report(struct jw *w, struct arena *a, struct db *db, const struct report *p);

#endif
