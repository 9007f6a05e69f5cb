# SPDX-License-Identifier: MIT
"""The whole route table by who asks: nobody, an app, somebody without the scope, with just that one, with its parent."""
import re

import pytest

from entities import check_error
from kwipd import Kwipd
from support import routes

TABLE = [r for r in routes() if r["format"] == "api" and not r["path"].startswith("/api/v1/streaming")]
CLOSED = [r for r in TABLE if r["who"] != "anyone"]
OPEN = [r for r in TABLE if r["who"] == "anyone" and r["scope"]]
EVERY = ("read write follow push profile admin:read admin:write")
NO_SCOPE = "This action is outside the authorized scopes"
NO_USER = "This method requires an authenticated user"


def name(r):
    return "%s %s" % (r["method"], r["path"])


def address(r):
    """No part names anything there is: what gets past the door is told 404, or 422 for what it lacks."""
    return re.sub(r":\w+", "9876543210", r["path"])


class Site:
    def __init__(self, k):
        self.k, self.tokens = k, {}
        k.account("ann")
        k.account("marge", "--admin")
        app = k.request("POST", "/api/v1/apps", json={
            "client_name": "scopes", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": EVERY}).json()
        trade = k.request("POST", "/oauth/token", json={
            "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
            "scope": EVERY})
        assert trade.status_code == 200, trade.text
        self.app = trade.json()["access_token"]
        self.known = set(k.get("/.well-known/oauth-authorization-server").json()["scopes_supported"])

    def token(self, scopes, who="ann"):
        if (who, scopes) not in self.tokens:
            self.tokens[who, scopes] = self.k.token(who, scopes)
        return self.tokens[who, scopes]

    def ask(self, r, token=None):
        return self.k.api(r["method"], address(r), token)


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def lacking(scopes):
    """Scopes that look like these and yet are none of them."""
    verb = scopes.split()[-1].split(":")
    if verb[0] == "admin":
        return "read write follow push profile admin:%s" % ("write" if verb[1] == "read" else "read")
    if verb[0] in ("read", "write"):
        return {"read": "write", "write": "read"}[verb[0]] if "write" not in scopes or "read" not in scopes else "push"
    return "read write"


def sibling(scopes):
    """A granular scope beside the granular one that is asked for; None where there is none."""
    verbs = {s.split(":")[0] for s in scopes.split() if ":" in s}
    if len(scopes.split()) > 1 or not verbs or scopes.startswith("admin"):
        return None
    verb, noun = scopes.split(":")
    return verb + (":lists" if noun != "lists" else ":filters")


def test_the_table_is_worth_walking():
    assert len(CLOSED) > 120 and len(OPEN) > 15


@pytest.mark.parametrize("r", CLOSED, ids=name)
def test_nobody_is_told_to_come_with_a_token(site, r):
    for token in (None, "nonsense"):
        answer = site.ask(r, token)
        assert check_error(answer, 401) == "The access token is invalid"
        assert "Bearer" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("r", CLOSED, ids=name)
def test_an_app_is_nobody(site, r):
    assert check_error(site.ask(r, site.app), 422) == NO_USER


@pytest.mark.parametrize("r", CLOSED, ids=name)
def test_who_lacks_the_scope_is_told_so(site, r):
    assert r["scope"], "no route for tokens is without a scope"
    assert check_error(site.ask(r, site.token(lacking(r["scope"]), "marge")), 403) == NO_SCOPE
    near = sibling(r["scope"])
    if near:
        assert check_error(site.ask(r, site.token(near)), 403) == NO_SCOPE


@pytest.mark.parametrize("r", CLOSED, ids=name)
def test_just_the_scope_is_enough_and_so_is_its_parent(site, r):
    who = "ann" if r["who"] == "user" else "marge"
    for scope in r["scope"].split():
        granted = {scope, scope if scope in ("admin:read", "admin:write") else scope.rsplit(":", 1)[0]}
        if scope.split(":")[-1] in ("follows", "blocks", "mutes"):
            granted.add("follow")
        granted &= site.known  # tags and trends are for who may read or write all that moderators do
        assert granted
        for one in sorted(granted):
            answer = site.ask(r, site.token(one, who))
            assert answer.status_code not in (401, 403, 405), (one, answer.text)
            assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("r", [r for r in CLOSED if r["who"] != "user"], ids=name)
def test_moderators_calls_are_not_for_members(site, r):
    assert check_error(site.ask(r, site.token(EVERY)), 403) == "This action is not allowed"


@pytest.mark.parametrize("r", OPEN, ids=name)
def test_what_is_open_still_minds_a_token(site, r):
    if r["path"] != "/api/v1/accounts" or r["method"] != "POST":
        assert site.ask(r).status_code not in (401, 403)
    assert check_error(site.ask(r, "nonsense"), 401) == "The access token is invalid"
    assert check_error(site.ask(r, site.token(lacking(r["scope"]))), 403) == NO_SCOPE
    for scope in r["scope"].split():
        assert site.ask(r, site.token(scope)).status_code not in (401, 403) or r["path"] == "/api/v1/accounts"
    assert site.ask(r, site.app).status_code not in (401, 403)


# What the documentation says, for whom the table is wrong if it says otherwise.
SCOPES = {
    "GET /api/v1/profile": "profile read:accounts",
    "GET /api/v1/accounts/verify_credentials": "profile read:accounts",
    "GET /oauth/userinfo": "profile",
    "DELETE /api/v1/profile/avatar": "write:accounts",
    "PATCH /api/v1/accounts/update_credentials": "write:accounts",
    "POST /api/v1/accounts/:id/follow": "write:follows",
    "POST /api/v1/accounts/:id/remove_from_followers": "write:follows",
    "POST /api/v1/accounts/:id/block": "write:blocks",
    "POST /api/v1/accounts/:id/mute": "write:mutes",
    "POST /api/v1/accounts/:id/note": "write:accounts",
    "POST /api/v1/accounts/:id/pin": "write:accounts",
    "GET /api/v1/accounts/:id/lists": "read:lists",
    "GET /api/v1/accounts/relationships": "read:follows",
    "GET /api/v1/accounts/familiar_followers": "read:follows",
    "GET /api/v1/accounts/search": "read:accounts",
    "GET /api/v1/follow_requests": "read:follows",
    "POST /api/v1/follow_requests/:id/authorize": "write:follows",
    "GET /api/v1/blocks": "read:blocks",
    "GET /api/v1/mutes": "read:mutes",
    "GET /api/v1/domain_blocks": "read:blocks",
    "DELETE /api/v1/domain_blocks": "write:blocks",
    "GET /api/v1/preferences": "read:accounts",
    "GET /api/v2/suggestions": "read:accounts",
    "POST /api/v1/statuses": "write:statuses",
    "GET /api/v1/statuses/:id/source": "read:statuses",
    "POST /api/v1/statuses/:id/favourite": "write:favourites",
    "POST /api/v1/statuses/:id/bookmark": "write:bookmarks",
    "POST /api/v1/statuses/:id/reblog": "write:statuses",
    "POST /api/v1/statuses/:id/pin": "write:accounts",
    "POST /api/v1/statuses/:id/mute": "write:mutes",
    "GET /api/v1/statuses/:id/quotes": "read:statuses",
    "POST /api/v1/statuses/:id/quotes/:quoting_id/revoke": "write:statuses",
    "PUT /api/v1/statuses/:id/interaction_policy": "write:statuses",
    "POST /api/v2/media": "write:media",
    "GET /api/v1/media/:id": "write:media",
    "POST /api/v1/polls/:id/votes": "write:statuses",
    "GET /api/v1/scheduled_statuses": "read:statuses",
    "DELETE /api/v1/scheduled_statuses/:id": "write:statuses",
    "GET /api/v1/timelines/home": "read:statuses",
    "GET /api/v1/timelines/list/:id": "read:lists",
    "GET /api/v1/favourites": "read:favourites",
    "GET /api/v1/bookmarks": "read:bookmarks",
    "GET /api/v1/conversations": "read:statuses",
    "DELETE /api/v1/conversations/:id": "write:conversations",
    "GET /api/v1/lists": "read:lists",
    "POST /api/v1/lists/:id/accounts": "write:lists",
    "GET /api/v2/filters": "read:filters",
    "POST /api/v1/filters": "write:filters",
    "GET /api/v1/followed_tags": "read:follows",
    "POST /api/v1/tags/:name/follow": "write:follows",
    "POST /api/v1/featured_tags": "write:accounts",
    "GET /api/v1/notifications": "read:notifications",
    "POST /api/v1/notifications/clear": "write:notifications",
    "GET /api/v2/notifications/policy": "read:notifications",
    "POST /api/v1/notifications/requests/accept": "write:notifications",
    "GET /api/v1/markers": "read:statuses",
    "POST /api/v1/markers": "write:statuses",
    "POST /api/v1/push/subscription": "push",
    "POST /api/v1/reports": "write:reports",
    "POST /api/v1/accounts": "write:accounts",
    "GET /api/v2/search": "read:search",
}


@pytest.mark.parametrize("call", SCOPES)
def test_the_table_says_what_the_documentation_says(call):
    assert {name(r): r["scope"] for r in TABLE}[call] == SCOPES[call]
