/* SPDX-License-Identifier: MIT */
/* What the files behind account.h share (account, name, profile, login, closing); nobody else's. */
#ifndef CORE_ACCOUNT_PRIVATE_H
#define CORE_ACCOUNT_PRIVATE_H

#include "core/account.h"

enum { KEY_MAX = 254 }; /* the longest mail address (RFC 5321), longer than any name */
struct key {
	char at[KEY_MAX];
	size_t len;
};
/* ASCII lower case: what names and mail addresses are compared by. Empty when s is longer than any.
 */
struct key key_of(struct str s);
static inline struct str key_str(const struct key *k)
{
	return (struct str){k->at, k->len};
}

/* "" is fine. Shape only; refuse()s. */
enum err mail_check(struct str mail) MUST_USE;
/* Does an account other than id use this address? */
bool mail_is_taken(struct db *db, const struct key *mail, int64_t id);
/* Trimmed language tag's shape ("", "de", "pt-BR"); refuse()s. */
enum err language_check(struct str language) MUST_USE;
/* One line of well-formed text without control characters, at most max code points; refuse()s,
 * naming `what`. */
enum err line_check(struct str s, size_t max, const char *what) MUST_USE;

#endif
