/* SPDX-License-Identifier: MIT */
/* What session.c, token.c and ticket.c share; nobody else's. */
#ifndef CORE_SESSION_PRIVATE_H
#define CORE_SESSION_PRIVATE_H

#include "core/session.h"

/* A view of the hash for binding; lives as long as h. */
struct str hash_bytes(const struct hash *h);
/* What an account's state means to who presents its secret: OK, ERR_DENIED (suspended) or ERR_AUTH.
 */
enum err session_state(int64_t state) MUST_USE;

#endif
