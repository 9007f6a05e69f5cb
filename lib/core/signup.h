/* SPDX-License-Identifier: MIT */
/*
 * Whether somebody may join, and all that is wrong with what they typed at once, field by field,
 * for clients that show each mistake at its field. The pages tell one mistake after the other
 * (account_add). Making the account stays account_add's.
 */
#ifndef CORE_SIGNUP_H
#define CORE_SIGNUP_H

#include "store/db.h"

struct signup {
	struct str name, email, password;
	bool agreed;       /* to the rules */
	struct str invite; /* code; "" for none */
};
struct signup_fault {
	struct str field; /* "username", "email", "password", "agreement", "invite_code" */
	struct str code;  /* ERR_BLANK, ERR_TAKEN, ERR_INVALID ... as Mastodon's API has them */
	struct str words; /* "can't be blank" */
};
enum { SIGNUP_FAULTS_MAX = 5 };
struct signup_faults {
	struct signup_fault at[SIGNUP_FAULTS_MAX];
	size_t n;
};
/* The first mistake of every field. Reads only. */
void signup_check(struct db *db, struct arena *a, const struct signup *s, int64_t now,
		  struct signup_faults *out);
/* May anybody join at all, with or without an invitation? ERR_DENIED after refuse(). */
enum err signup_open(const struct signup *s) MUST_USE;

#endif
