/* SPDX-License-Identifier: MIT */
/*
 * Whether somebody may join, and all that is wrong with what they typed at once, field by field,
 * for clients that show each mistake at its field. The pages tell one mistake after the other.
 * Making the account itself is account_add's; who is to be let in first is decided here.
 */
#ifndef CORE_SIGNUP_H
#define CORE_SIGNUP_H

#include "core/account.h"

enum { SIGNUP_REASON_MAX = 420 };

struct signup {
	struct str name, email, password;
	bool agreed;        /* to the rules */
	struct str invite;  /* code; "" for none */
	struct str reason;  /* why they want to join; "" for none */
	struct str address; /* where they come from */
};
struct signup_fault {
	struct str field; /* "username", "email", "password", "agreement", "reason", "invite_code";
			     "base" for what no field is to blame for */
	struct str code;  /* ERR_BLANK, ERR_TAKEN, ERR_INVALID ... as Mastodon's API has them */
	struct str words; /* "can't be blank" */
};
enum { SIGNUP_FAULTS_MAX = 7 };
struct signup_faults {
	struct signup_fault at[SIGNUP_FAULTS_MAX];
	size_t n;
};
/* The first mistake of every field, and what moderators keep out. Reads only. */
void signup_check(struct db *db, struct arena *a, const struct signup *s, int64_t now,
		  struct signup_faults *out);
/* What moderators keep out alone: mail addresses and where somebody comes from; refuse()s. */
enum err signup_admit(struct db *db, struct arena *a, const struct signup *s, int64_t now) MUST_USE;
/* May anybody join at all, with or without an invitation? ERR_DENIED after refuse(). */
enum err signup_open(const struct signup *s) MUST_USE;
/* Can somebody without an invitation sign up, if only to be looked at? */
bool signup_is_public(void);
bool signup_is_by_approval(void);

/*
 * Makes the account of who may join, and uses the invitation up. Who has none waits
 * (ACCOUNT_PENDING) where sign-up is by approval; who comes from an address, or with a mail domain,
 * that moderators marked so, waits in any case. Moderators are told. n: name, mail, password,
 * language are set.
 */
enum err signup_add(struct tx *tx, struct arena *a, const struct signup *s, struct account_new *n,
		    int64_t *id) MUST_USE;
/* Lets in who waits, or turns away: then nothing is left of them, the name is free again. ERR_INPUT
 * after refuse() when the account does not wait. Event ACCOUNT_STATE. */
enum err signup_approve(struct tx *tx, int64_t id, int64_t by) MUST_USE;
enum err signup_reject(struct tx *tx, int64_t id, int64_t by) MUST_USE;

#endif
