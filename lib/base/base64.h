/* SPDX-License-Identifier: MIT */
/* Base64 in (RFC 4648); out goes through buf_base64url. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Appends the bytes. Both alphabets, with padding or none; false when it is neither. */
bool base64_get(struct buf *out, struct str text) __attribute__((warn_unused_result));

#endif
