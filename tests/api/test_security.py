# SPDX-License-Identifier: MIT
"""Walks the route table: no change without proof of who asks, nothing private for who may not see it, no secret in clear."""
import itertools
import os
import re
import time

import pytest

from entities import check_error
from kwipd import Kwipd
from support import Db, cookies_of, csrf_of, keep_no_cookies, log_in, routes

SECRETS = {"private": "xylophonequartz", "direct": "zeppelinmarzipan"}
PEOPLE = ("ann", "bob", "eve", "mal")


def path_parts(route):
    return re.findall(r":(\w+)", route["path"])


def describe(route):
    return route["method"] + " " + route["path"]


# For apps that nobody has allowed anything yet: neither a session nor a token counts there, the client's own secret does.
FOR_CLIENTS = {"POST /api/v1/apps", "POST /oauth/token", "POST /oauth/revoke"}
# Says POST and changes nothing.
READS_BY_POST = {"POST /oauth/userinfo", "POST /api/v1/statuses/:id/translate"}
ROUTES = routes()
BY_CLIENTS = [r for r in ROUTES if describe(r) in FOR_CLIENTS]
WRITES = [r for r in ROUTES if r["method"] != "GET" and describe(r) not in FOR_CLIENTS | READS_BY_POST]
READS = [r for r in ROUTES if r["method"] == "GET"]
HAS_LOGIN = any(describe(r) == "POST /login" for r in ROUTES)


class Site:
    """ann says private things; bob follows her; eve is a stranger; mal is blocked."""

    def __init__(self, k):
        self.k = k
        self.tokens, self.ids, self.sessions = {}, {}, {}
        keep_no_cookies(k)
        for name in PEOPLE:
            k.account(name)
            self.tokens[name] = k.token(name)
            self.ids[name] = k.api("GET", "/api/v1/accounts/verify_credentials", self.tokens[name]).json()["id"]
        self.read_only = k.token("ann", "read")
        self.follow("bob", "ann")
        self.act("ann", "accounts/%s/block" % self.ids["mal"])
        self.open = k.say(self.tokens["ann"], "for everybody #tag")["id"]
        self.private = k.say(self.tokens["ann"], SECRETS["private"] + " #tag", visibility="private")["id"]
        self.direct = k.say(self.tokens["ann"], SECRETS["direct"] + " @bob #tag", visibility="direct",
                            spoiler_text=SECRETS["direct"])["id"]
        self.reply = k.say(self.tokens["bob"], SECRETS["private"] + " too", visibility="private",
                           in_reply_to_id=self.private)["id"]
        for id in (self.private, self.direct):
            self.act("bob", "statuses/%s/favourite" % id)
            self.act("bob", "statuses/%s/bookmark" % id)
        self.act("ann", "statuses/%s/reblog" % self.private)
        self.edited = k.say(self.tokens["ann"], "first " + SECRETS["private"], visibility="private")["id"]
        k.api("PUT", "/api/v1/statuses/" + self.edited, self.tokens["ann"], json={"status": SECRETS["private"]})

    def act(self, who, path, **options):
        answer = self.k.api("POST", "/api/v1/" + path, self.tokens[who], **options)
        assert answer.status_code == 200, (path, answer.text)

    def session(self, who):
        if not HAS_LOGIN:
            pytest.skip("this build has no pages")
        if who not in self.sessions:
            self.sessions[who] = log_in(self.k, who)
        return self.sessions[who]

    def follow(self, who, whom):
        self.act(who, "accounts/%s/follow" % self.ids[whom])

    def fills(self, part):
        """Values that make sense for a part of a path or a parameter of this name."""
        if part in ("id", "who", "kwip", "reply_to", "quoting_id"):
            return [self.open, self.private, self.direct, self.reply, self.edited, self.ids["ann"], self.ids["bob"]]
        if part in ("name", "acct", "account"):
            return ["ann", "bob"]
        if part in ("hashtag", "tag"):
            return ["tag"]
        return ["x"]

    def paths(self, route):
        """The route's path with every combination of such values."""
        parts = path_parts(route)
        for values in itertools.product(*(self.fills(part) for part in parts)):
            path = route["path"]
            for part, value in zip(parts, values):
                path = re.sub(":%s\\b" % part, value, path, count=1)
            yield path

    def queries(self, route):
        """Every value that makes sense for a parameter of the query, one after the other."""
        known = {p["name"]: self.fills(p["name"]) for p in route["params"] if p["name"] not in path_parts(route)}
        known = {name: values for name, values in known.items() if values != ["x"]}
        most = max([len(values) for values in known.values()] or [1])
        for i in range(most):
            yield {name: values[i % len(values)] for name, values in known.items()}

    def state(self):
        """Everything that a change would change."""
        with Db(self.k.dir) as db:
            return [db.one("SELECT max(seq) FROM event")] + [
                db.one("SELECT count(*) FROM " + table) for table in
                ("account", "session", "token", "ticket", "invite", "kwip", "follow", "block", "mute", "favourite",
                 "bookmark", "notice", "login")]


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def test_the_route_table_is_worth_walking():
    assert len(WRITES) >= 15 and len(READS) >= 12
    for r in WRITES:
        assert r["who"] != "anyone" or r["format"] == "page" or r["scope"], describe(r)
        if r["format"] == "api":
            assert r["scope"].startswith(("write", "admin:write", "push")), describe(r)


@pytest.mark.parametrize("route", BY_CLIENTS, ids=describe)
def test_no_change_for_an_unknown_client(site, route):
    jar, csrf = site.session("ann")
    before = site.state()
    for options in ({}, {"cookies": jar, "data": {"csrf": csrf}}, {"headers": {"Authorization": "Bearer " + site.tokens["ann"]}},
                    {"data": {"client_id": "kwipd-web", "client_secret": "", "grant_type": "client_credentials",
                              "token": site.tokens["ann"]}}):
        answer = site.k.request(route["method"], route["path"], **options)
        assert answer.status_code in (400, 401, 403, 422), (options, answer.status_code, answer.text[:200])
        check_error(answer, answer.status_code)
    assert site.state() == before


@pytest.mark.parametrize("route", WRITES, ids=describe)
def test_no_change_by_nobody(site, route):
    before = site.state()
    for path in list(site.paths(route))[:3]:
        for options in ({}, {"cookies": {"kwipd_session": "x" * 43}},
                        {"headers": {"Authorization": "Bearer " + "x" * 43}}):
            answer = site.k.request(route["method"], path, **options)
            if route["format"] == "page" and answer.status_code == 303:
                assert "/login" in answer.headers["Location"], describe(route)
                continue
            assert answer.status_code in (401, 403), (path, answer.status_code, answer.text[:200])
            if route["format"] == "api":
                check_error(answer, answer.status_code)
    assert site.state() == before


@pytest.mark.parametrize("route", [r for r in WRITES], ids=describe)
def test_no_change_with_a_token_for_reading(site, route):
    before = site.state()
    for path in list(site.paths(route))[:3]:
        answer = site.k.api(route["method"], path, site.read_only, json={"status": "x"})
        if route["format"] == "page" and answer.status_code == 303:
            assert "/login" in answer.headers["Location"], describe(route)
            continue
        assert answer.status_code in (401, 403), (path, answer.status_code, answer.text[:200])
    assert site.state() == before


@pytest.mark.parametrize("route", WRITES, ids=describe)
def test_no_change_by_a_cookie_alone(site, route):
    jar, csrf = site.session("ann")
    before = site.state()
    for path in list(site.paths(route))[:2]:
        for body, headers in ((None, {}), ({"csrf": "wrong"}, {}), ({"csrf": csrf}, {"Sec-Fetch-Site": "cross-site"}),
                              ({"csrf": csrf}, {"Origin": "https://evil.example"})):
            answer = site.k.request(route["method"], path, data=body, headers=headers, cookies=jar)
            assert answer.status_code == 403, (path, headers, answer.status_code, answer.text[:200])
    assert site.state() == before


def seen_by(site, who):
    """Every address a reader can reach, with its answer: (path, text)."""
    auth = {"Authorization": "Bearer " + site.tokens[who]} if who else {}
    jar = None
    if who and HAS_LOGIN:
        jar, _ = site.session(who)
    for route in READS:
        for path in site.paths(route):
            options = {"cookies": jar} if jar and route["format"] != "api" else {"headers": auth}
            for query in site.queries(route):
                answer = site.k.get(path, params=query, **options)
                assert answer.status_code < 500, (path, answer.status_code)
                yield path, answer.text + str(answer.headers)


def leaks(site, who, words):
    return sorted({path for path, text in seen_by(site, who) for word in words if word in text})


@pytest.mark.parametrize("who", [None, "eve", "mal"])
def test_private_words_are_for_nobody_else(site, who):
    """Twice: first with whatever is in the caches, then after those who may see have warmed them."""
    assert leaks(site, who, SECRETS.values()) == []
    for reader in ("ann", "bob"):
        assert leaks(site, reader, SECRETS.values())
    time.sleep(0.3)
    assert leaks(site, who, SECRETS.values()) == []


def test_private_words_are_there_for_who_may_see_them(site):
    """The counterpart, without which the test above would show nothing."""
    for who in ("ann", "bob"):
        paths = leaks(site, who, [SECRETS["private"]])
        assert {"/api/v1/timelines/home", "/api/v1/statuses/" + site.private,
                "/api/v1/accounts/%s/statuses" % site.ids["ann"]} <= set(paths)
        assert "/api/v1/statuses/" + site.direct in leaks(site, who, [SECRETS["direct"]])
        if HAS_LOGIN:
            assert {"/home/recent", "/@ann", "/@ann/" + site.private, "/compose"} <= set(paths)
    assert {"/api/v1/favourites", "/api/v1/bookmarks"} <= set(leaks(site, "bob", [SECRETS["direct"]]))


def test_unfollow_and_block_take_the_view_away_at_once(site):
    site.follow("eve", "ann")
    path, token = "/api/v1/statuses/" + site.private, site.tokens["eve"]
    assert site.k.api("GET", path, token).status_code == 200
    assert SECRETS["private"] in site.k.api("GET", "/api/v1/timelines/home", token).text
    site.act("eve", "accounts/%s/unfollow" % site.ids["ann"])
    assert site.k.api("GET", path, token).status_code == 404
    assert SECRETS["private"] not in site.k.api("GET", "/api/v1/timelines/home", token).text
    site.follow("eve", "ann")
    assert site.k.api("GET", path, token).status_code == 200
    site.act("ann", "accounts/%s/block" % site.ids["eve"])
    assert site.k.api("GET", path, token).status_code == 404
    assert SECRETS["private"] not in site.k.api("GET", "/api/v1/timelines/home", token).text
    site.act("ann", "accounts/%s/unblock" % site.ids["eve"])


def test_suspended_people_are_out_at_once(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    k.account("bob")
    ann, bob = k.token("ann"), k.token("bob")
    said = k.say(ann, "soon gone")
    assert k.api("GET", "/api/v1/timelines/public").json()[0]["id"] == said["id"]
    k.run("account", "suspend", "ann")
    assert k.api("GET", "/api/v1/timelines/public").json() == []
    assert k.api("GET", "/api/v1/statuses/" + said["id"], bob).status_code == 404
    assert k.api("GET", "/api/v1/timelines/home", ann).status_code in (401, 403)
    assert k.api("POST", "/api/v1/statuses", ann, json={"status": "x"}).status_code in (401, 403)
    k.run("account", "restore", "ann")
    assert k.api("GET", "/api/v1/timelines/public").json()[0]["id"] == said["id"]


def files_below(folder):
    for root, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(root, name)


def test_secrets_stand_nowhere_in_clear(make_kwipd):
    k = make_kwipd(log_level="debug")
    password = "correct-horse-battery-staple"
    k.account("ann", "--email", "ann@mail.example", password=password)
    generated = k.account("bob")
    token, csrf = k.token("ann"), None
    secrets = {"password": password, "generated": generated, "token": token, "token of bob": k.token("bob")}
    k.say(token, "canarykwip")
    k.home(token)
    k.api("GET", "/api/v1/timelines/home?access_token=" + token)
    k.api("GET", "/api/v1/timelines/home", token + "x")
    if HAS_LOGIN:
        jar, csrf = log_in(k, "ann")
        secrets["session"] = jar["kwipd_session"]
        form = k.get("/login")
        k.request("POST", "/login", data={"name": "ann", "password": password + "-wrong", "csrf": csrf_of(form)},
                  cookies=cookies_of(form))
    link = k.run("account", "reset", "bob").stdout.strip()
    secrets["reset link"] = re.split(r"[/=?]", link)[-1]
    assert all(len(secret) >= 8 for secret in secrets.values()), secrets

    def look():
        for path in files_below(k.dir):
            with open(path, "rb") as f:
                data = f.read()
            for what, secret in secrets.items():
                assert secret.encode() not in data, "%s stands in %s" % (what, path)
            yield b"canarykwip" in data
    time.sleep(0.5)
    assert any(list(look())), "nothing was found at all: this test shows nothing"
    k.stop()
    list(look())
    for what, secret in secrets.items():
        assert secret not in k.log, "%s stands in the log" % what


def test_the_setup_link_works_once(make_kwipd):
    k = make_kwipd()
    if not any(r["path"].startswith("/setup") for r in ROUTES):
        pytest.skip("this build has no pages")
    secret = re.search(r"/setup\S*?([A-Za-z0-9_-]{20,})", k.wait_log(r"/setup\S+").group(0)).group(1)
    for path in files_below(k.dir):
        with open(path, "rb") as f:
            assert secret.encode() not in f.read(), path
    assert k.get("/setup/" + "x" * len(secret)).status_code in (403, 404, 410, 422, 401)
