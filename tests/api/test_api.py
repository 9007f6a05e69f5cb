# SPDX-License-Identifier: MIT
"""The first API calls to the letter: entities, parameters, errors, paging, scopes, CORS, limits."""
import re
import threading
import time

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db

STATUSES = "/api/v1/statuses"
PUBLIC = "/api/v1/timelines/public"
HOME = "/api/v1/timelines/home"
VERIFY = "/api/v1/accounts/verify_credentials"


class Site:
    """A server with some people; each test makes people of its own where it minds the others."""

    def __init__(self, k):
        self.k, self.n = k, 0
        self.ann = self.person("ann")
        self.bob = self.person("bob")

    def person(self, name=None):
        self.n += 1
        name = name or "p%d" % self.n
        self.k.account(name)
        return self.k.token(name)

    def id_of(self, token):
        return self.api("GET", VERIFY, token).json()["id"]

    def api(self, *args, **options):
        return self.k.api(*args, **options)

    def say(self, token, text, **more):
        return check("Status of viewer", self.k.say(token, text, **more))


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


# -- who am I, what is this --

def test_verify_credentials(site):
    me = check("CredentialAccount", site.api("GET", VERIFY, site.ann).json())
    assert (me["username"], me["acct"], me["bot"]) == ("ann", "ann", False)
    assert me["url"] == site.k.url + "/@ann"
    assert me["source"]["privacy"] == "public"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer " + "x" * 500])
def test_who_shows_no_token_is_told_so(site, header):
    answer = site.api("GET", VERIFY, headers={"Authorization": header} if header else {})
    assert "access token" in check_error(answer, 401)
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_instance(site):
    v2 = check("Instance", site.api("GET", "/api/v2/instance").json())
    v1 = check("V1::Instance", site.api("GET", "/api/v1/instance").json())
    assert v2["domain"] == v1["uri"] == site.k.url.split("//")[1]
    assert v2["configuration"]["statuses"]["max_characters"] == 65536
    assert site.api("GET", v2["thumbnail"]["url"].removeprefix(site.k.url)).status_code == 200


def test_pictures_of_accounts_are_there(site):
    me = site.api("GET", VERIFY, site.ann).json()
    for name in ("avatar", "header"):
        got = site.api("GET", me[name].removeprefix(site.k.url))
        assert got.status_code == 200 and got.headers["Content-Type"].startswith("image/"), me[name]
        assert got.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/api/v2/instance", "/api/v1/instance", PUBLIC, VERIFY, HOME])
def test_a_trailing_slash_does_not_matter(site, path):
    assert site.api("GET", path + "/", site.ann).status_code == 200
    assert site.api("POST", STATUSES + "/", site.ann, json={"status": "slash"}).status_code == 200


# -- saying --

def test_a_kwip_says_everything(site):
    s = site.say(site.ann, "hello @bob, see https://example.org/ and #Kwips\nnext line", spoiler_text="careful",
                 language="de", visibility="unlisted", sensitive=True)
    assert (s["visibility"], s["language"], s["spoiler_text"], s["sensitive"]) == ("unlisted", "de", "careful", True)
    assert [m["acct"] for m in s["mentions"]] == ["bob"] and [t["name"] for t in s["tags"]] == ["kwips"]
    assert 'href="https://example.org/"' in s["content"] and "<br" in s["content"]
    assert s["url"] == "%s/@ann/%s" % (site.k.url, s["id"])
    assert s["mentions"][0]["url"] == site.k.url + "/@bob"
    assert abs(int(s["id"]) / 65536000 - time.time()) < 10
    again = check("Status of viewer", site.api("GET", STATUSES + "/" + s["id"], site.ann).json())
    assert again == s
    seen = check("Status", site.api("GET", STATUSES + "/" + s["id"]).json())
    assert seen["content"] == s["content"] and "favourited" not in seen


def test_a_reply_belongs_to_what_it_answers(site):
    root = site.say(site.ann, "root")
    reply = site.say(site.bob, "reply", in_reply_to_id=root["id"])
    assert (reply["in_reply_to_id"], reply["in_reply_to_account_id"]) == (root["id"], root["account"]["id"])
    assert site.api("GET", STATUSES + "/" + root["id"], site.ann).json()["replies_count"] == 1
    context = check("Context", site.api("GET", STATUSES + "/%s/context" % reply["id"]).json())
    assert [s["id"] for s in context["ancestors"]] == [root["id"]] and context["descendants"] == []


def test_all_ways_to_send_parameters(site):
    send = lambda **options: site.api("POST", STATUSES, site.ann, **options)  # noqa: E731
    texts = {
        "json": send(json={"status": "by json", "sensitive": True, "unknown": [1, {"a": None}]}),
        "form": send(data={"status": "by form", "sensitive": "1", "unknown[]": "x"}),
        "multipart": send(files={"status": (None, "by multipart"), "sensitive": (None, "on")}),
        "query": send(params={"status": "by query", "sensitive": "true"}),
    }
    for way, answer in texts.items():
        s = check("Status of viewer", answer.json())
        assert (s["content"], s["sensitive"]) == ("<p>by %s</p>" % way, True), way
    root = site.say(site.ann, "root")
    assert send(json={"status": "id as number", "in_reply_to_id": int(root["id"])}).json()["in_reply_to_id"] == root["id"]


def test_the_same_key_says_it_once(site):
    post = lambda token, key, text: site.api("POST", STATUSES, token, json={"status": text},  # noqa: E731
                                             headers={"Idempotency-Key": key}).json()
    first = post(site.ann, "key 1", "once")
    assert post(site.ann, "key 1", "once") == first
    assert post(site.ann, "key 1", "other words")["content"] == "<p>once</p>"
    assert post(site.ann, "key 2", "once")["id"] != first["id"]
    assert post(site.bob, "key 1", "once")["id"] != first["id"]


def test_the_same_key_at_the_same_moment(site):
    got, token = [], site.person()

    def post():
        answer = Kwipd.api(site.k, "POST", STATUSES, token, json={"status": "race"},
                           headers={"Idempotency-Key": "race"})
        got.append(answer.json()["id"])
    threads = [threading.Thread(target=post) for _ in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(got) == 16 and len(set(got)) == 1
    assert len(site.k.home(token)) == 1


BAD_POSTS = {
    "nothing": dict(json={}),
    "blank": dict(json={"status": " \n\t\u00a0 "}),
    "empty": dict(data={"status": ""}),
    "too long": dict(json={"status": "x" * 65537}),
    "too long in characters": dict(json={"status": "\u00fc" * 65537}),
    "too long with the warning": dict(json={"status": "x" * 65530, "spoiler_text": "y" * 10}),
    "bad visibility": dict(json={"status": "x", "visibility": "secret"}),
    "bad language": dict(json={"status": "x", "language": "no language at all"}),
    "bad boolean": dict(json={"status": "x", "sensitive": "perhaps"}),
    "id that is none": dict(json={"status": "x", "in_reply_to_id": "abc"}),
    "negative id": dict(json={"status": "x", "in_reply_to_id": "-1"}),
    "huge id": dict(json={"status": "x", "in_reply_to_id": "9" * 40}),
    "fraction": dict(data='{"status":"x","in_reply_to_id":1.5}', headers={"Content-Type": "application/json"}),
    "object for a text": dict(json={"status": {"a": "b"}}),
    "list for a text": dict(json={"status": ["a", "b"]}),
    "null for a text": dict(json={"status": None}),
    "bad UTF-8 in a form": dict(data=b"status=%ff%fe", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    "bad UTF-8 in JSON": dict(data=b'{"status":"\xff"}', headers={"Content-Type": "application/json"}),
    "overlong UTF-8": dict(data=b"status=%c0%af", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    "surrogate": dict(data=b'{"status":"\\ud800"}', headers={"Content-Type": "application/json"}),
    "half JSON": dict(data='{"status":"x"', headers={"Content-Type": "application/json"}),
    "two JSONs": dict(data='{"status":"x"}{}', headers={"Content-Type": "application/json"}),
    "array": dict(data='["status"]', headers={"Content-Type": "application/json"}),
    "doubled key": dict(data='{"status":"x","status":"y"}', headers={"Content-Type": "application/json"}),
    "deep JSON": dict(data='{"status":' + "[" * 10000 + "]" * 10000 + "}", headers={"Content-Type": "application/json"}),
    "huge number": dict(data='{"status":"x","sensitive":1e999}', headers={"Content-Type": "application/json"}),
    "NUL": dict(json={"status": "a\0b"}),
    "broken multipart": dict(data=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    "multipart without boundary": dict(data=b"x", headers={"Content-Type": "multipart/form-data"}),
}


@pytest.mark.parametrize("case", BAD_POSTS)
def test_bad_posts_are_refused(site, case):
    before = site.api("GET", VERIFY, site.ann).json()["statuses_count"]
    answer = site.api("POST", STATUSES, site.ann, **BAD_POSTS[case])
    assert answer.status_code in (400, 422), (answer.status_code, answer.text[:200])
    check_error(answer, answer.status_code)
    assert site.api("GET", VERIFY, site.ann).json()["statuses_count"] == before


def test_just_long_enough(site):
    s = site.say(site.ann, "\u00fc" * 65536)
    assert s["content"].count("\u00fc") == 65536


def test_unknown_and_hidden_look_the_same(site):
    eve = site.person()
    private = site.say(site.ann, "only for followers", visibility="private")
    direct = site.say(site.ann, "only for @bob", visibility="direct")
    absent = str(int(private["id"]) + 1)
    texts = set()
    for id in (private["id"], direct["id"], absent, "1", "0", "-5", "abc", "9" * 30):
        for path in (STATUSES + "/" + id, STATUSES + "/%s/context" % id):
            texts.add(check_error(site.api("GET", path, eve), 404))
        for verb in ("favourite", "reblog", "bookmark"):
            texts.add(check_error(site.api("POST", STATUSES + "/%s/%s" % (id, verb), eve), 404))
        texts.add(check_error(site.api("DELETE", STATUSES + "/" + id, eve), 404))
    assert len(texts) == 1, texts
    for id in (private["id"], direct["id"], absent):
        check_error(site.api("POST", STATUSES, eve, json={"status": "x", "in_reply_to_id": id}), 404)
    assert site.api("GET", STATUSES + "/" + direct["id"], site.bob).status_code == 200


# -- timelines and paging --

@pytest.fixture(scope="module")
def twelve(site):
    token = site.person("writer")
    return token, [site.say(token, "line %d" % i)["id"] for i in range(12)][::-1]


def links(answer):
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("Link", ""))
    return [(rel, url) for url, rel in found]


@pytest.mark.parametrize("public", [False, True])
def test_cursors_to_the_letter(site, twelve, public):
    token, ids = twelve
    path = "/api/v1/accounts/%s/statuses" % site.id_of(token) if public else HOME

    def page(**query):
        answer = site.api("GET", path, token, params=query)
        assert answer.status_code == 200, answer.text
        return [s["id"] for s in check("Status of viewer", answer.json())]
    assert page() == ids and page(limit=5) == ids[:5]
    assert page(max_id=ids[4], limit=3) == ids[5:8]
    assert page(since_id=ids[6], limit=3) == ids[:3]
    assert page(since_id=ids[6]) == ids[:6]
    assert page(min_id=ids[6], limit=3) == ids[3:6]
    assert page(min_id=ids[9], max_id=ids[2], limit=40) == ids[3:9]
    assert page(since_id=ids[9], max_id=ids[2], limit=2) == ids[3:5]
    assert page(max_id=ids[-1]) == [] and page(since_id=ids[0]) == [] and page(min_id=ids[0]) == []
    assert page(limit=0) == ids[:1] and page(limit=1000) == ids and page(limit="9" * 30) == ids
    assert page(max_id="") == ids


@pytest.mark.parametrize("query", [{"limit": "many"}, {"max_id": "abc"}, {"min_id": "1.5"}, {"since_id": "-1"},
                                   {"max_id": "9" * 25}])
def test_bad_cursors_are_refused(site, query):
    check_error(site.api("GET", HOME, site.ann, params=query), 422)


def test_links_lead_through_everything(site, twelve):
    token, ids = twelve
    answer = site.api("GET", HOME, token, params={"limit": 5, "local": "true"})
    seen = []
    for _ in range(3):
        found = links(answer)
        seen += [s["id"] for s in answer.json()]
        assert all(url.startswith(site.k.url + HOME + "?") and "limit=5" in url for _, url in found)
        if len(answer.json()) < 5:
            assert [rel for rel, _ in found] == ["prev"]
            break
        assert [rel for rel, _ in found] == ["next", "prev"], "next comes first"
        answer = site.api("GET", found[0][1].removeprefix(site.k.url), token)
    assert seen == ids
    newer = site.api("GET", dict(links(answer))["prev"].removeprefix(site.k.url), token).json()
    assert [s["id"] for s in newer] == ids[5:10]
    assert "Link" not in site.api("GET", HOME, token, params={"max_id": ids[-1]}).headers


def test_public_for_all_and_for_a_viewer(site, twelve):
    token, ids = twelve
    plain = site.api("GET", PUBLIC, params={"limit": 40}).json()
    mine = site.api("GET", PUBLIC, token, params={"limit": 40}).json()
    assert [s["id"] for s in check("Status", plain)] == [s["id"] for s in check("Status of viewer", mine)]
    assert set(ids) <= {s["id"] for s in plain}
    assert all(s["visibility"] == "public" and s["in_reply_to_id"] is None for s in plain)
    assert site.api("GET", PUBLIC, params={"remote": "true"}).json() == []
    check_error(site.api("GET", PUBLIC, "wrong"), 401)


def test_public_answers_for_visitors_are_fresh(site):
    for i in range(5):
        s = site.say(site.ann, "fresh %d" % i)
        assert site.api("GET", PUBLIC).json()[0]["id"] == s["id"]
        site.api("POST", STATUSES + "/%s/favourite" % s["id"], site.bob)
        assert site.api("GET", PUBLIC).json()[0]["favourites_count"] == 1
        assert site.api("DELETE", STATUSES + "/" + s["id"], site.ann).json()["text"] == "fresh %d" % i
        assert site.api("GET", PUBLIC).json()[0]["id"] != s["id"]
    tag = site.api("GET", PUBLIC).headers["ETag"]
    assert site.api("GET", PUBLIC, headers={"If-None-Match": tag}).status_code == 304


def test_a_relationship_is_whole(site):
    bob = site.id_of(site.bob)
    post = lambda verb: check("Relationship", site.api(  # noqa: E731
        "POST", "/api/v1/accounts/%s/%s" % (bob, verb), site.ann).json())
    assert post("follow")["following"] and post("mute")["muting"] and not post("unfollow")["following"]
    assert not post("unmute")["muting"] and post("block")["blocking"] and not post("unblock")["blocking"]
    both = site.api("GET", "/api/v1/accounts/relationships", site.ann, params={"id[]": [bob, site.id_of(site.ann)]})
    assert [r["id"] for r in check("Relationship", both.json())] == [bob, site.id_of(site.ann)]


# -- scopes, CORS, limits --

def test_scopes(site):
    site.k.account("scoped")
    read, narrow = site.k.token("scoped", "read"), site.k.token("scoped", "read:accounts write:favourites")
    assert site.api("GET", HOME, read).status_code == 200
    assert "scopes" in check_error(site.api("POST", STATUSES, read, json={"status": "x"}), 403)
    assert site.api("GET", VERIFY, narrow).status_code == 200
    check_error(site.api("GET", HOME, narrow), 403)
    s = site.say(site.ann, "for scopes")
    assert site.api("POST", STATUSES + "/%s/favourite" % s["id"], narrow).status_code == 200
    check_error(site.api("POST", STATUSES + "/%s/bookmark" % s["id"], narrow), 403)


def test_tokens_fit_everywhere(site):
    for _ in range(5):
        assert re.fullmatch(r"[A-Za-z0-9_-]{20,100}", site.k.token("ann"))


@pytest.mark.parametrize("path", [HOME, STATUSES, "/api/v1/nothing", "/api/v1/statuses/1/nothing", "/oauth/token"])
def test_options_need_no_token(site, path):
    answer = site.api("OPTIONS", path, headers={"Origin": "https://client.example",
                                                "Access-Control-Request-Method": "POST"})
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key"))


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v9/statuses"])
def test_unknown_calls_are_json(site, path):
    for method in ("GET", "POST", "PATCH"):
        check_error(site.api(method, path, site.ann), 404)


def test_a_method_that_is_not_taken(site):
    answer = site.api("PATCH", STATUSES, site.ann)
    check_error(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_expose_headers(site):
    exposed = site.api("GET", PUBLIC).headers["Access-Control-Expose-Headers"]
    assert "Link" in exposed and "X-RateLimit-Remaining" in exposed


def test_no_limit_is_told_where_there_is_none(site):
    assert not [h for h in site.api("GET", HOME, site.ann).headers if h.lower().startswith("x-ratelimit")]


def test_rate_limits(make_kwipd):
    k = make_kwipd(rate_limit="on")
    k.account("ann")
    k.account("bob")
    ann, bob = k.token("ann"), k.token("bob")
    left = []
    for _ in range(3):
        answer = k.api("GET", HOME, ann)
        assert answer.headers["X-RateLimit-Limit"] == "300"
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", answer.headers["X-RateLimit-Reset"])
        left.append(int(answer.headers["X-RateLimit-Remaining"]))
    assert left == [299, 298, 297]
    statuses = [k.api("GET", HOME, ann).status_code for _ in range(300)]
    assert statuses[:297] == [200] * 297 and statuses[297:] == [429] * 3
    refused = k.api("GET", HOME, ann)
    check_error(refused, 429)
    assert refused.headers["X-RateLimit-Remaining"] == "0" and int(refused.headers["Retry-After"]) > 0
    assert k.api("GET", HOME, bob).status_code == 200, "everybody has a limit of their own"
    assert k.api("POST", STATUSES, ann, json={"status": "x"}).status_code == 200, "writing is counted apart"


def test_what_was_said_is_in_the_database(site):
    s = site.say(site.ann, "stored")
    with Db(site.k.dir) as db:
        assert db.one("SELECT body FROM kwip WHERE id = ?", int(s["id"])) == "stored"
