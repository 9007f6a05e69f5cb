/* SPDX-License-Identifier: MIT */
/*
 * Passwords, secrets and randomness; the only includer of sodium.h. Secrets that we hand out
 * (sessions, tokens, links) are random 32-byte values in base64url; only their hash is stored.
 */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base/arena.h"
#include "base/err.h"

enum { SECRET_CHARS = 43, HASH_BYTES = 32, PASSWORD_HASH_MAX = 128 };

struct hash {
	unsigned char at[HASH_BYTES];
};

void crypt_open(void); /* once per process, before threads; dies if libsodium cannot start */
const char *crypt_version(void);

/* Argon2id (RFC 9106) to libsodium's printable form. Costs cpu and memory by the settings of the
 * moment: never in the writer. */
enum err password_hash(struct str password, char out[PASSWORD_HASH_MAX]) MUST_USE;
bool password_ok(const char *hash, struct str password);
/* Cost of later password_hash calls: memory in KiB (default 19456) and passes (default 2). Tests
 * lower it. */
void password_cost(unsigned mem_kib, unsigned passes);
/* A password for people to type: 4 groups of 4 unambiguous characters, 80 bits. */
struct str password_make(struct arena *a);

/* A fresh secret, SECRET_CHARS of A-Z a-z 0-9 - _, in the arena. */
struct str secret_make(struct arena *a);
/* BLAKE2b-256 of the bytes: how secrets are stored and looked up. */
struct hash hash_of(struct str bytes);
/* The same keyed (a MAC): CSRF tokens, signed links. */
struct hash hash_keyed(struct hash key, struct str bytes);
/* 16 bytes of the same, for fingerprints of texts (repeats, ETags). */
void hash_short(struct str bytes, unsigned char out[16]);
/* SHA-1, for protocols that ask for it (RFC 6455's handshake): never for secrets of ours. */
enum { SHA1_BYTES = 20 };
void sha1_of(struct str bytes, unsigned char out[SHA1_BYTES]);
/* SHA-256 (FIPS 180-4), where a protocol wants it: PKCE. */
enum { SHA256_BYTES = 32 };
void sha256_of(struct str bytes, unsigned char out[SHA256_BYTES]);
bool hash_eq(struct hash a, struct hash b); /* in constant time */
bool secret_eq(struct str a, struct str b); /* in constant time for equal lengths */

void rand_bytes(void *out, size_t n);
uint64_t rand_u64(void);
uint64_t rand_below(uint64_t limit);
/* Deterministic generator for sample data and tests (splitmix64). */
struct rand_seq {
	uint64_t state;
};
uint64_t rand_seq_next(struct rand_seq *r);
uint64_t rand_seq_below(struct rand_seq *r, uint64_t limit);

#endif
