/* SPDX-License-Identifier: MIT */
/*
 * Foreign bytes through what OAuth reads of them: the Authorization header, redirect URIs, scopes,
 * PKCE's challenge. Input: a header, a line feed, a URI, a line feed, two lists of scopes.
 */
#include "api/oauth.h"
#include "base/scope.h"
#include "core/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = arena_new();
	struct str rest = {(const char *)data, size}, id = {0}, secret = {0}, granted;
	struct str header = str_cut(&rest, '\n'), uri = str_cut(&rest, '\n');
	struct str have = str_cut(&rest, '\n');

	if (oauth_basic_read(a, header, &id, &secret) && id.len + secret.len > header.len)
		die("more came out of a header than went in");
	if (app_uri_check(uri) == OK && memchr(uri.at, '\r', uri.len))
		die("a redirect URI with a line break was taken");
	struct app app = {.redirect_uris = uri, .scopes = have};
	(void)app_has_uri(&app, uri);
	(void)grant_challenge_ok(rest);
	if (app_scopes(&app, a, rest, &granted) == OK && !scope_covers_all(have, granted))
		die("more was granted than the app has");
	return 0;
}
