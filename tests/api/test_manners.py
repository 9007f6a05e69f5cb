# SPDX-License-Identifier: MIT
"""What holds for every call of the API: CORS on whatever is answered, trailing slashes, PUT beside PATCH, JSON errors,
never 204, all kinds of bodies and spellings, limits by account and address."""
import itertools
import json
import re

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import routes

TABLE = [r for r in routes() if r["format"] == "api" and not r["path"].startswith("/api/v1/streaming")]
STATUSES = "/api/v1/statuses"
CREDENTIALS = "/api/v1/accounts/update_credentials"


def name(r):
    return "%s %s" % (r["method"], r["path"])


def address(r):
    return re.sub(r":\w+", "9876543210", r["path"])


class Site:
    def __init__(self, k):
        self.k = k
        for who in ("ann", "bob"):
            k.account(who)
        self.ann, self.bob = k.token("ann", "read write follow push profile"), k.token("bob")

    def ask(self, method, path, token=None, **options):
        return self.k.api(method, path, token, **options)


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def check_cors(answer):
    assert answer.headers["Access-Control-Allow-Origin"] == "*", answer.url
    exposed = answer.headers["Access-Control-Expose-Headers"].lower()
    assert all(h in exposed for h in ("link", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id"))
    assert "Access-Control-Allow-Credentials" not in answer.headers


# -- over the whole table --

@pytest.mark.parametrize("r", TABLE, ids=name)
def test_browsers_may_read_every_answer(site, r):
    for token in (None, "nonsense", site.ann):
        answer = site.ask(r["method"], address(r), token)
        check_cors(answer)
        assert answer.status_code not in (204, 301, 302, 307, 308, 405, 500), answer.status_code
        assert answer.content and answer.headers["Content-Type"].startswith(("application/json", "application/xrd+xml",
                                                                            "application/jrd+json"))
        if answer.status_code >= 400:
            check_error(answer, answer.status_code)
    preflight = site.ask("OPTIONS", address(r), headers={"Origin": "https://a.example",
                                                         "Access-Control-Request-Method": r["method"]})
    check_cors(preflight)
    assert preflight.status_code in (200, 204) and r["method"] in preflight.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("r", TABLE, ids=name)
def test_a_slash_more_changes_nothing(site, r):
    first = site.ask(r["method"], address(r), site.ann)
    again = site.ask(r["method"], address(r) + "/", site.ann)
    assert again.status_code == first.status_code and again.headers["Content-Type"] == first.headers["Content-Type"]


@pytest.mark.parametrize("r", [r for r in TABLE if r["method"] in ("PUT", "PATCH")], ids=name)
def test_put_and_patch_are_one(site, r):
    answers = [site.ask(m, address(r), site.ann, json={}) for m in ("PUT", "PATCH")]
    assert answers[0].status_code == answers[1].status_code != 405
    assert answers[0].headers["Content-Type"] == answers[1].headers["Content-Type"]


# -- what is not in it --

@pytest.mark.parametrize("method, path, status", [
    ("GET", "/api/v1/nothing", 404), ("POST", "/api/v9/statuses", 404), ("GET", "/api/", 404), ("GET", "/api/v1/", 404),
    ("DELETE", "/api/v1/statuses/1/nothing", 404), ("PATCH", STATUSES, 405), ("POST", "/api/v1/timelines/home", 405),
    ("GET", "/oauth/token", 405), ("GET", "/.well-known/nothing", 404), ("GET", "/nodeinfo/9", 404),
    ("GET", "/api/v1/timelines/direct", 404), ("GET", "/api/v2_alpha/notifications", 404),
    ("GET", "/api/v1/streaming", 401), ("GET", "/api/v1/streaming/user", 401)])
def test_errors_are_json_and_readable_from_anywhere(site, method, path, status):
    answer = site.ask(method, path, headers={"Accept": "text/html"})
    check_error(answer, status)
    check_cors(answer)
    if status == 405:
        assert method not in answer.headers["Allow"].split(", ")
    preflight = site.ask("OPTIONS", path, headers={"Origin": "https://a.example", "Access-Control-Request-Method": method})
    assert preflight.status_code in (200, 204)
    check_cors(preflight)


def test_what_is_too_large_is_told_in_json(make_kwipd):
    k = make_kwipd(body_max="65536", kwip_max_chars="500")
    k.account("ann")
    answer = k.api("POST", STATUSES, k.token("ann"), data={"status": "x" * 70000})
    check_error(answer, 413)
    check_cors(answer)


def test_pictures_and_files_are_for_all(site):
    me = site.ask("GET", "/api/v1/accounts/verify_credentials", site.ann).json()
    missing = "/media/aa/nothing.png"
    for path in (me["avatar"], me["header"], missing):
        answer = site.ask("GET", path.removeprefix(site.k.url), headers={"Origin": "https://a.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers.get("Cross-Origin-Resource-Policy") != "same-origin"
    assert "Cross-Origin-Opener-Policy" not in site.k.get("/oauth/authorize").headers


# -- bodies and spellings --

BODIES = {
    "form": lambda fields: {"data": fields},
    "multipart": lambda fields: {"files": [(k, (None, v)) for k, vs in fields.items() for v in (vs if isinstance(vs, list) else [vs])]},
    "json": lambda fields: {"json": {k.removesuffix("[]"): v for k, v in fields.items()}},
    "query": lambda fields: {"params": fields},
}


@pytest.mark.parametrize("kind, method", itertools.product(BODIES, ("PATCH", "PUT")))
def test_changes_by_all_kinds_of_bodies(site, kind, method):
    answer = site.ask(method, CREDENTIALS, site.ann, **BODIES[kind]({"display_name": kind + method}))
    assert check("CredentialAccount", answer.json())["display_name"] == kind + method


@pytest.mark.parametrize("kind", BODIES)
def test_deletes_with_a_body(site, kind):
    listed = site.ask("POST", "/api/v1/lists", site.ann, json={"title": kind}).json()["id"]
    bob = site.ask("GET", "/api/v1/accounts/lookup", params={"acct": "bob"}).json()["id"]
    site.ask("POST", "/api/v1/accounts/%s/follow" % bob, site.ann)
    path = "/api/v1/lists/%s/accounts" % listed
    assert site.ask("POST", path, site.ann, **BODIES[kind]({"account_ids[]": [bob]})).json() == {}
    assert len(site.ask("GET", path, site.ann).json()) == 1
    assert site.ask("DELETE", path, site.ann, **BODIES[kind]({"account_ids[]": [bob]})).json() == {}
    assert site.ask("GET", path, site.ann).json() == []
    assert site.ask("POST", "/api/v1/domain_blocks", site.ann, **BODIES[kind]({"domain": kind + ".example"})).json() == {}
    assert site.ask("GET", "/api/v1/domain_blocks", site.ann).json() == [kind + ".example"]
    assert site.ask("DELETE", "/api/v1/domain_blocks", site.ann, **BODIES[kind]({"domain": kind + ".example"})).json() == {}
    assert site.ask("GET", "/api/v1/domain_blocks", site.ann).json() == []


def test_a_get_with_a_body(site):
    bob = site.ask("GET", "/api/v1/accounts/lookup", params={"acct": "bob"}).json()["id"]
    for sent in ({"json": {"id": [int(bob)]}}, {"json": {"id": [bob]}}, {"data": {"id[]": bob}}):
        for path in ("familiar_followers", "relationships"):
            got = site.ask("GET", "/api/v1/accounts/" + path, site.ann, **sent).json()
            assert [x["id"] for x in got] == [bob], path


URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("spelling", ["id[]={0}&id[]={1}", "id[0]={0}&id[1]={1}", "id%5B%5D={0}&id%5B%5D={1}", "id={0}&id={1}"])
def test_lists_in_all_spellings(site, spelling):
    ids = [site.ask("GET", "/api/v1/accounts/lookup", params={"acct": who}).json()["id"] for who in ("ann", "bob")]
    got = site.ask("GET", "/api/v1/accounts/relationships?" + spelling.format(*ids), site.ann).json()
    assert [x["id"] for x in got] == ids
    assert set(site.ask("GET", "/api/v1/markers?timeline=notifications", site.ann).json()) == {"notifications"}


POLLS = [
    "status=q&poll[options][]=a&poll[options][]=b&poll[expires_in]=3600&poll[multiple]={0}",
    "status=q&poll[options][0]=a&poll[options][1]=b&poll[expires_in]=3600&poll[multiple]={0}",
    "status=q&poll%5Boptions%5D%5B%5D=a&poll%5Boptions%5D%5B%5D=b&poll%5Bexpires_in%5D=3600&poll%5Bmultiple%5D={0}",
]


@pytest.mark.parametrize("yes, no", [("true", "false"), ("1", "0"), ("on", "off"), ("t", "f"), ("True", "False")])
def test_nested_and_yes_and_no_in_all_spellings(site, yes, no):
    for spelling, word in itertools.product(POLLS, (yes, no)):
        s = site.ask("POST", STATUSES, site.ann, data=spelling.format(word), headers=URLENCODED)
        assert s.status_code == 200, s.text
        assert [o["title"] for o in s.json()["poll"]["options"]] == ["a", "b"] and s.json()["poll"]["multiple"] is (word == yes)
    for word, value in ((True, True), (False, False), (1, True), (0, False), (yes, True), (no, False)):
        s = site.ask("POST", STATUSES, site.ann, json={"status": "x", "sensitive": word}).json()
        assert s["sensitive"] is value, word


def test_nothing_said_is_the_standard(site):
    """Empty and null are what forms and libraries send for what was left open."""
    nothing = dict.fromkeys(("sensitive", "spoiler_text", "visibility", "language", "in_reply_to_id", "scheduled_at", "poll",
                             "media_ids", "quoted_status_id", "quote_approval_policy"))
    assert site.ask("POST", STATUSES, site.ann, json=dict(nothing, status="null")).status_code == 200
    del nothing["poll"], nothing["media_ids"]
    assert site.ask("POST", STATUSES, site.ann, data=dict.fromkeys(nothing, "") | {"status": "empty"}).status_code == 200
    for query in ("limit=&max_id=", "max_id=&since_id=&min_id=", "local=&only_media=&remote="):
        assert site.ask("GET", "/api/v1/timelines/public?" + query, site.ann).status_code == 200


def test_fields_and_rows(site):
    for sent in ({"data": "fields_attributes[0][name]=a&fields_attributes[0][value]=b&source[privacy]=unlisted",
                  "headers": URLENCODED},
                 {"json": {"fields_attributes": [{"name": "a", "value": "b"}], "source": {"privacy": "unlisted"}}},
                 {"json": {"fields_attributes": {"0": {"name": "a", "value": "b"}}, "source": {"privacy": "unlisted"}}},
                 {"files": {"fields_attributes[0][name]": (None, "a"), "fields_attributes[0][value]": (None, "b")}}):
        site.ask("PATCH", CREDENTIALS, site.ann, json={"fields_attributes": []})
        me = site.ask("PATCH", CREDENTIALS, site.ann, **sent).json()
        assert [(f["name"], f["value"]) for f in me["source"]["fields"]] == [("a", "b")], sent
        assert me["source"]["privacy"] == "unlisted"
    site.ask("PATCH", CREDENTIALS, site.ann, json={"source": {"privacy": "public"}})


def test_what_nobody_declared_is_passed_over(site):
    more = {"local_only": True, "oauth_info": {"a": [1]}, "content_type": "text/plain", "allowed_mentions": ["1"]}
    assert site.ask("POST", STATUSES, site.ann, json=dict(more, status="x")).status_code == 200
    assert site.ask("GET", "/api/v1/timelines/home?force_login=False&state=None&lang=None", site.ann).status_code == 200
    app = site.ask("POST", "/api/v1/apps", json={"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
                                                 "oauth_info": {"x": 1}})
    assert check("CredentialApplication", app.json())


def test_json_by_any_of_its_names(site):
    for kind in ("application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"):
        answer = site.ask("POST", STATUSES, site.ann, data=json.dumps({"status": "\u2603"}).encode(),
                          headers={"Content-Type": kind})
        assert answer.json()["content"] == "<p>\u2603</p>"
    assert site.ask("POST", "/api/v1/notifications/clear", site.ann, headers={"Content-Type": "application/json"}).json() == {}


def test_nothing_to_say_is_an_empty_object(site):
    listed = site.ask("POST", "/api/v1/lists", site.ann, json={"title": "x"}).json()["id"]
    marked = site.ask("POST", "/api/v2/filters", site.ann, json={"title": "x", "context": ["home"]}).json()["id"]
    word = site.ask("POST", "/api/v2/filters/%s/keywords" % marked, site.ann, json={"keyword": "x"}).json()["id"]
    tag = site.ask("POST", "/api/v1/featured_tags", site.ann, json={"name": "x"}).json()["id"]
    for method, path, body in (
            ("DELETE", "/api/v2/filters/keywords/" + word, {}), ("DELETE", "/api/v2/filters/" + marked, {}),
            ("DELETE", "/api/v1/featured_tags/" + tag, {}), ("DELETE", "/api/v1/lists/" + listed, {}),
            ("POST", "/api/v1/notifications/clear", {}), ("POST", "/api/v1/domain_blocks", {"domain": "a.example"}),
            ("DELETE", "/api/v1/domain_blocks", {"domain": "a.example"}), ("POST", "/api/v1/emails/confirmations", {})):
        answer = site.ask(method, path, site.ann, json=body)
        assert (answer.status_code, answer.json()) == (200, {}), path
        assert answer.headers["Content-Type"].startswith("application/json")


# -- limits --

RATE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def rates(answer):
    got = [h for h in RATE if h in answer.headers]
    assert len(got) in (0, 3), got
    return answer.headers.get(RATE[0]), answer.headers.get(RATE[1])


def test_limits_by_account_and_by_address(make_kwipd):
    k = make_kwipd(rate_limit="on", trusted_proxies="127.0.0.1")
    k.account("ann")
    ann = k.token("ann")
    s = k.say(ann, "x")["id"]
    assert rates(k.api("GET", "/api/v1/directory")) == ("300", "299")
    assert rates(k.api("GET", "/api/v1/directory", headers={"X-Forwarded-For": "192.0.2.7"})) == ("300", "299")
    assert rates(k.api("GET", "/api/v1/directory")) == ("300", "298")
    assert rates(k.api("GET", "/api/v1/timelines/public")) == (None, None), "what is kept whole costs nothing"
    assert rates(k.api("GET", "/api/v1/timelines/public", ann)) == ("300", "299")
    assert rates(k.api("GET", "/api/v1/timelines/home", ann, headers={"X-Forwarded-For": "192.0.2.8"})) == ("300", "298")
    assert rates(k.api("DELETE", STATUSES + "/" + s, ann)) == ("30", "29")
    assert rates(k.api("POST", "/api/v2/media", ann, files={"file": ("x.png", b"no picture")})) == ("30", "29")
    for path in ("/api/v1/nothing", STATUSES + "/1", "/api/v1/accounts/verify_credentials"):
        rates(k.api("GET", path, ann))
    assert rates(k.api("GET", STATUSES + "/1", ann))[0] == "300", "errors count and tell so too"
