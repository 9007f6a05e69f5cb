/* SPDX-License-Identifier: MIT */
/* Handlers of one's own profile and preferences (routes_profile.c). */
#ifndef API_PROFILE_H
#define API_PROFILE_H

#include "http/route.h"

enum err on_own_profile(struct req *r, struct answer *out);
enum err on_preferences(struct req *r, struct answer *out);
enum err prepare_profile(struct req *r); /* takes the pictures in */
enum err on_credentials_edit(struct req *r, struct tx *tx, struct answer *out);
enum err on_profile_edit(struct req *r, struct tx *tx, struct answer *out);
enum err on_avatar_delete(struct req *r, struct tx *tx, struct answer *out);
enum err on_header_delete(struct req *r, struct tx *tx, struct answer *out);

#endif
