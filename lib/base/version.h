/* SPDX-License-Identifier: MIT */
/* The version of kwipd, in one place. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define KWIPD_VERSION "0.1.0"

#endif
