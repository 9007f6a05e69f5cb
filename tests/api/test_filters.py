# SPDX-License-Identifier: MIT
"""Filters of both versions: the endpoints, what belongs to whom, what matches, and that it is told."""
import datetime

import pytest

from entities import check
from kwipd import Kwipd
from people import Site
from support import Db

V2 = "/api/v2/filters"
V1 = "/api/v1/filters"
HOME = "/api/v1/timelines/home"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def new_filter(site, me, *words, **more):
    """whole words unless they begin with '~'."""
    rows = [{"keyword": w.lstrip("~"), "whole_word": not w.startswith("~")} for w in words]
    body = dict({"title": "some", "context": ["home", "public"], "keywords_attributes": rows}, **more)
    return check("Filter", site.post(V2, me, **body))


def test_a_filter_from_its_making_to_its_end(site):
    me, _ = site.person()
    assert site.get(V2, me) == [] == site.get(V1, me)
    one = new_filter(site, me, "cats", "~dog", title="animals", filter_action="hide", expires_in=3600)
    assert (one["title"], one["context"], one["filter_action"]) == ("animals", ["home", "public"], "hide")
    assert [(k["keyword"], k["whole_word"]) for k in one["keywords"]] == [("cats", True), ("dog", False)]
    left = datetime.datetime.fromisoformat(one["expires_at"].replace("Z", "+00:00")) - datetime.datetime.now(
        datetime.timezone.utc)
    assert 3500 < left.total_seconds() < 3700
    assert site.get(V2, me) == [one] and site.get(V2 + "/" + one["id"], me) == one
    cats, dog = one["keywords"]
    changed = check("Filter", site.put(V2 + "/" + one["id"], me, title="pets", filter_action="blur", expires_in="",
                                       context=["thread"], keywords_attributes=[
        {"id": cats["id"], "keyword": "kittens"}, {"id": int(dog["id"]), "_destroy": True}, {"keyword": "mice"}]))
    assert (changed["title"], changed["context"], changed["filter_action"], changed["expires_at"]) == (
        "pets", ["thread"], "blur", None)
    assert [k["keyword"] for k in changed["keywords"]] == ["kittens", "mice"]
    assert changed["keywords"][0]["id"] == cats["id"]
    assert site.put(V2 + "/" + one["id"], me, title="x")["context"] == ["thread"], "what is not sent stays"
    site.delete(V2 + "/" + one["id"], me)
    site.fails(404, "GET", V2 + "/" + one["id"], me)
    assert site.get(V2, me) == []


def test_a_filter_by_a_form(site):
    me, _ = site.person()
    one = check("Filter", site.call("POST", V2, me, data={
        "title": "form", "context[]": ["home", "account"], "keywords_attributes[0][keyword]": "a",
        "keywords_attributes[0][whole_word]": "0", "keywords_attributes[1][keyword]": "b"}).json())
    assert [(k["keyword"], k["whole_word"]) for k in one["keywords"]] == [("a", False), ("b", True)]
    assert one["filter_action"] == "warn" and one["context"] == ["home", "account"]


def test_what_a_filter_may_not_be(site):
    me, _ = site.person()
    good = {"title": "x", "context": ["home"]}
    for bad in ({"title": ""}, {"title": "y" * 257}, {"context": []}, {"context": ["nowhere"]},
                {"filter_action": "burn"}, {"expires_in": "soon"}, {"expires_in": -1},
                {"keywords_attributes": [{"keyword": " "}]}, {"keywords_attributes": [{"keyword": "w" * 513}]},
                {"keywords_attributes": [{"keyword": str(n) * 500} for n in range(10)] * 9}):
        site.fails(422, "POST", V2, me, **dict(good, **bad))
    assert site.get(V2, me) == [], "all or nothing"


def test_keywords_and_statuses_of_a_filter(site):
    (me, _), (bob, _) = site.person(), site.person()
    one = new_filter(site, me)
    path = V2 + "/" + one["id"]
    word = check("FilterKeyword", site.post(path + "/keywords", me, keyword=" word ", whole_word=False))
    assert (word["keyword"], word["whole_word"]) == ("word", False)
    assert site.get(path + "/keywords", me) == [word] == site.get(V2, me)[0]["keywords"]
    of_word = V2 + "/keywords/" + word["id"]
    assert site.get(of_word, me) == word
    assert site.put(of_word, me, keyword="words", whole_word=True) == dict(word, keyword="words", whole_word=True)
    site.fails(422, "PUT", of_word, me, keyword=" ")
    said, secret = site.say(bob, "said"), site.say(bob, "secret", visibility="direct")
    status = check("FilterStatus", site.post(path + "/statuses", me, status_id=said))
    assert status["status_id"] == said and site.get(path + "/statuses", me) == [status]
    assert "taken" in site.fails(422, "POST", path + "/statuses", me, status_id=said)
    site.fails(404, "POST", path + "/statuses", me, status_id=secret)
    of_status = V2 + "/statuses/" + status["id"]
    assert site.get(of_status, me) == status
    for path in (of_word, of_status):
        site.fails(404, "GET", path, bob)
        site.fails(404, "DELETE", path, bob)
        site.delete(path, me)
        site.fails(404, "GET", path, me)
    assert check("Filter", site.get(V2 + "/" + one["id"], me)) == one


@pytest.mark.parametrize("method, path", [("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/keywords"),
                                          ("POST", "/keywords"), ("GET", "/statuses"), ("POST", "/statuses")])
def test_a_filter_is_its_owners_alone(site, method, path):
    (me, _), (other, _) = site.person(), site.person()
    one = new_filter(site, me, "word")
    body = {} if method in ("GET", "DELETE") else {"title": "y", "keyword": "y", "status_id": site.say(other, "y")}
    site.fails(404, method, V2 + "/" + one["id"] + path, other, **body)
    site.fails(401, method, V2 + "/" + one["id"] + path, **body)
    theirs = new_filter(site, other)
    site.fails(404, "PUT", V2 + "/" + theirs["id"], other, keywords_attributes=[
        {"id": one["keywords"][0]["id"], "_destroy": "1"}])
    assert site.get(V2, me) == [one]


def test_scopes(site):
    me, _ = site.person()
    name = site.get("/api/v1/accounts/verify_credentials", me)["username"]
    reads, writes = site.k.token(name, "read:filters"), site.k.token(name, "write:filters")
    one = new_filter(site, writes, "x")
    assert site.get(V2, reads) == [one] and len(site.get(V1, reads)) == 1
    for path in (V2, V1, V2 + "/" + one["id"]):
        site.fails(403, "GET", path, writes)
    site.fails(403, "DELETE", V2 + "/" + one["id"], reads)


def test_version_1(site):
    me, _ = site.person()
    one = check("V1::Filter", site.post(V1, me, phrase="phrase", context=["home", "thread"], irreversible=True,
                                        whole_word=False, expires_in=60))
    assert (one["phrase"], one["irreversible"], one["whole_word"]) == ("phrase", True, False) and one["expires_at"]
    v2 = site.get(V2, me)[0]
    assert (v2["title"], v2["filter_action"], v2["keywords"][0]["id"]) == ("phrase", "hide", one["id"])
    path = V1 + "/" + one["id"]
    changed = check("V1::Filter", site.put(path, me, phrase="other", context=["public"], irreversible="false"))
    assert (changed["phrase"], changed["context"], changed["irreversible"]) == ("other", ["public"], False)
    assert site.get(path, me) == changed and site.get(V1, me) == [changed]
    site.post(V2 + "/%s/keywords" % v2["id"], me, keyword="second")
    assert [f["phrase"] for f in site.get(V1, me)] == ["other", "second"]
    site.fails(422, "PUT", path, me, phrase="other", context=["home"])
    assert site.put(path, me, phrase="still", context=["public"])["phrase"] == "still"
    site.delete(path, me)
    assert [f["phrase"] for f in site.get(V1, me)] == ["second"] and len(site.get(V2, me)) == 1
    site.delete(V1 + "/" + site.get(V1, me)[0]["id"], me)
    assert site.get(V2, me) == [], "with its last keyword"
    site.fails(404, "GET", path, me)
    site.fails(422, "POST", V1, me, phrase="x")
    site.fails(422, "POST", V1, me, context=["home"])


def filtered(site, me, status):
    s = check("Status of viewer", site.get("/api/v1/statuses/" + status, me))
    return [(f["filter"]["title"], f["keyword_matches"], f["status_matches"]) for f in check("FilterResult", s["filtered"])]


def test_statuses_say_which_filters_match(site):
    (me, _), (bob, bob_id) = site.person(), site.person()
    site.follow(me, bob_id)
    new_filter(site, me, "cat", "~dog", title="animals")
    other = new_filter(site, me, "#tag", "two words", title="others", context=["thread"])
    said = {text: site.say(bob, text) for text in (
        "A CAT!", "concatenate", "hotDOGs and a cat", "see #Tag", "Two  words", "two words", "nothing")}
    assert filtered(site, me, said["A CAT!"]) == [("animals", ["cat"], [])]
    assert filtered(site, me, said["concatenate"]) == []
    assert filtered(site, me, said["hotDOGs and a cat"]) == [("animals", ["cat", "dog"], [])]
    assert filtered(site, me, said["see #Tag"]) == [("others", ["#tag"], [])]
    assert filtered(site, me, said["two words"]) == [("others", ["two words"], [])]
    assert filtered(site, me, said["nothing"]) == []
    warned = site.say(bob, "harmless", spoiler_text="about a cat")
    assert filtered(site, me, warned) == [("animals", ["cat"], [])]
    assert filtered(site, bob, warned) == []
    assert filtered(site, me, site.say(me, "my cat")) == [], "what one says oneself is never filtered"
    site.post(V2 + "/%s/statuses" % other["id"], me, status_id=said["nothing"])
    assert filtered(site, me, said["nothing"]) == [("others", [], [said["nothing"]])]
    boost = site.post("/api/v1/statuses/%s/reblog" % said["A CAT!"], bob)["id"]
    shown = {s["id"]: s for s in site.get(HOME, me)}
    assert shown[boost]["filtered"] == shown[boost]["reblog"]["filtered"] == shown[said["A CAT!"]]["filtered"] != []
    assert "filtered" not in site.get("/api/v1/statuses/" + boost)


def test_an_expired_filter_matches_nothing(site):
    (me, _), (bob, _) = site.person(), site.person()
    one = new_filter(site, me, "late", expires_in=1)
    said = site.say(bob, "late")
    assert filtered(site, me, said) != []
    site.put(V2 + "/" + one["id"], me, expires_in=0)
    assert filtered(site, me, said) == []
    assert check("Filter", site.get(V2, me))[0]["expires_at"], "it is there all the same"


def test_changes_are_told(site):
    """By EVENT_FILTERS (store/event.h), for who streams."""
    me, mine = site.person()
    with Db(site.k.dir) as db:
        told = lambda: db.one("SELECT count(*) FROM event WHERE kind = 22 AND actor = ?", int(mine))  # noqa: E731
        one = new_filter(site, me, "a")
        path, before = V2 + "/" + one["id"], told()
        assert before > 0
        site.put(path, me, title="b")
        site.post(path + "/keywords", me, keyword="c")
        site.delete(V2 + "/keywords/" + one["keywords"][0]["id"], me)
        site.post(path + "/statuses", me, status_id=site.say(me, "x"))
        site.delete(path, me)
        assert told() == before + 5
