/* SPDX-License-Identifier: MIT */
/*
 * What the web demands of public-key cryptography and libsodium does not have: P-256 keys, ECDSA,
 * HKDF and AES-GCM. Bytes in, bytes out; who uses them for what is not known here.
 */
#ifndef NET_SIGN_H
#define NET_SIGN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { P256_POINT = 65, P256_SCALAR = 32, P256_SIGNATURE = 64, GCM_TAG = 16 };

struct p256 {
	unsigned char public[P256_POINT]; /* uncompressed: 4, X, Y */
	unsigned char private[P256_SCALAR];
};

void p256_make(struct p256 *out);
/* A key pair from its private half alone; ERR_INPUT when it is none. */
enum err p256_of(struct str private, struct p256 *out) MUST_USE;
/* The shared secret (X) with a stranger's point. ERR_INPUT when that is no point of the curve. */
enum err p256_shared(const struct p256 *own, struct str point,
		     unsigned char out[P256_SCALAR]) MUST_USE;
/* ES256 (RFC 7518 3.4): R and S of SHA-256 of text. */
void p256_sign(const struct p256 *own, struct str text, unsigned char out[P256_SIGNATURE]);

/* HKDF-SHA-256 (RFC 5869), both steps; n is at most 32. */
void hkdf(struct str salt, struct str secret, struct str info, unsigned char *out, size_t n);
/* AES-128-GCM; appends the ciphertext and its tag to out. */
void aes128gcm_put(struct buf *out, const unsigned char key[16], const unsigned char nonce[12],
		   struct str plain);

#endif
