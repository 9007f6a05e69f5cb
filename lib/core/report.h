/* SPDX-License-Identifier: MIT */
/* Reports: somebody asks the moderators to look at an account or at what it said. */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/timeline.h"

enum report_category {
	REPORT_OTHER,
	REPORT_SPAM,
	REPORT_LEGAL,
	REPORT_VIOLATION,
	REPORT_CATEGORIES
};
enum { REPORT_COMMENT_MAX = 1000, REPORT_KWIPS_MAX = 100, REPORT_RULES_MAX = 50 };

/* Ids as JSON arrays of numbers: they are kept also when what they name is gone. */
struct report {
	int64_t id, account, target, assigned, resolved_at, resolved_by, updated_at;
	enum report_category category;
	struct str comment, kwips, rules;
	bool forwarded;
};
struct reports {
	struct report *at;
	size_t n;
};

struct report_new {
	int64_t account, target;
	enum report_category category;
	struct str comment;
	const int64_t *kwips, *rules;
	size_t n_kwips, n_rules;
	bool forward;
};
/*
 * ERR_NOT_FOUND for nobody, ERR_INPUT (refuse) for oneself, a long comment, kwips of others. Tells
 * every moderator (NOTICE_REPORT, at most 50 of them). Event REPORT.
 */
enum err report_add(struct tx *tx, struct arena *a, const struct report_new *n,
		    int64_t *id) MUST_USE;
bool report_get(struct db *db, struct arena *a, int64_t id, struct report *out) MUST_USE;

struct report_ask {
	bool resolved;
	int64_t account, target; /* 0: anybody */
	struct span page;        /* ids; its order does not matter */
};
/* Newest first. */
struct reports report_list(struct db *db, struct arena *a, const struct report_ask *ask);
/* What a moderator changes; OK or ERR_NOT_FOUND. by 0: nobody any more. */
enum err report_assign(struct tx *tx, int64_t id, int64_t by) MUST_USE;
enum err report_resolve(struct tx *tx, int64_t id, int64_t by) MUST_USE;
enum err report_reopen(struct tx *tx, int64_t id) MUST_USE;
enum err report_sort(struct tx *tx, struct arena *a, int64_t id, enum report_category category,
		     const int64_t *rules, size_t n) MUST_USE;

/* "other" "spam" "legal" "violation" and back. */
struct str report_category_name(enum report_category c);
bool report_category_of(struct str name, enum report_category *c);

struct rule {
	int64_t id;
	struct str text, hint;
};
struct rules {
	struct rule *at;
	size_t n;
};
/* The site's rules in their order. */
struct rules rule_list(struct db *db, struct arena *a);
int64_t rule_add(struct tx *tx, struct str text, struct str hint);
/* ERR_NOT_FOUND. */
enum err rule_end(struct tx *tx, int64_t id) MUST_USE;

#endif
