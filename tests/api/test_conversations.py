# SPDX-License-Identifier: MIT
"""Private conversations: who sees which, unread, paging, what a deletion leaves."""
import pytest

from entities import check, check_error
from kwipd import Kwipd

PATH = "/api/v1/conversations"


class Site:
    def __init__(self, k):
        self.k = k

    def person(self, name):
        self.k.account(name)
        token = self.k.token(name)
        return token, self.k.api("GET", "/api/v1/accounts/verify_credentials", token).json()["id"]

    def whisper(self, token, text, **more):
        return self.k.say(token, text, visibility="direct", **more)

    def list(self, token, **query):
        answer = self.k.api("GET", PATH, token, params=query)
        assert answer.status_code == 200, answer.text
        return check("Conversation", answer.json())

    def ok(self, method, path, token):
        answer = self.k.api(method, path, token)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def short(conversations):
    return [([a["username"] for a in c["accounts"]], c["unread"], c["last_status"]["id"]) for c in conversations]


def test_both_sides_see_it(site):
    ann, _ = site.person("ann")
    bob, _ = site.person("bob")
    cat, _ = site.person("cat")
    site.k.say(ann, "@bob in public")
    first = site.whisper(ann, "@bob hello")
    assert short(site.list(ann)) == [(["bob"], False, first["id"])]
    assert short(site.list(bob)) == [(["ann"], True, first["id"])]
    assert site.list(cat) == []
    answer = site.whisper(bob, "@ann hi", in_reply_to_id=first["id"])
    assert short(site.list(ann)) == [(["bob"], True, answer["id"])]
    assert short(site.list(bob)) == [(["ann"], False, answer["id"])]

    more = site.whisper(ann, "@bob @cat look", in_reply_to_id=answer["id"])
    assert short(site.list(cat)) == [(["ann", "bob"], True, more["id"])]
    assert [c[0] for c in short(site.list(ann))] == [["bob", "cat"], ["bob"]]


def test_read_unread_forget(site):
    dan, _ = site.person("dan")
    eve, _ = site.person("eve")
    first = site.whisper(dan, "@eve one")
    c = site.list(eve)[0]
    one = PATH + "/" + c["id"]
    got = check("Conversation", site.ok("POST", one + "/read", eve))
    assert (got["id"], got["unread"]) == (c["id"], False) and site.list(eve) == [got]
    assert site.ok("POST", one + "/unread", eve)["unread"] is True
    for method, path in (("POST", one + "/read"), ("POST", one + "/unread"), ("DELETE", one)):
        check_error(site.k.api(method, path, dan), 404)
        check_error(site.k.api(method, path), 401)
    assert site.ok("DELETE", one, eve) == {}
    assert site.list(eve) == [] and len(site.list(dan)) == 1
    second = site.whisper(dan, "@eve two", in_reply_to_id=first["id"])
    assert short(site.list(eve)) == [(["dan"], True, second["id"])]


def test_deleting_the_last_one_shows_the_one_before(site):
    fay, _ = site.person("fay")
    gus, _ = site.person("gus")
    said = [site.whisper(fay, "@gus root")]
    for i in range(2):
        said.append(site.whisper(gus, "@fay more", in_reply_to_id=said[0]["id"]))
    for left in (1, 0):
        site.k.api("DELETE", "/api/v1/statuses/" + said.pop()["id"], gus)
        assert [c["last_status"]["id"] for c in site.list(fay)] == [said[left]["id"]]
        assert [c["last_status"]["id"] for c in site.list(gus)] == [said[left]["id"]]
    site.k.api("DELETE", "/api/v1/statuses/" + said[0]["id"], fay)
    assert site.list(fay) == [] and site.list(gus) == []


def test_pages(site):
    hal, _ = site.person("hal")
    ida, _ = site.person("ida")
    said = [site.whisper(hal, "@ida %d" % i)["id"] for i in range(5)]
    answer = site.k.api("GET", PATH + "/", ida, params={"limit": 2})
    seen = [c["last_status"]["id"] for c in answer.json()]
    while "next" in answer.links:
        answer = site.k.api("GET", answer.links["next"]["url"].removeprefix(site.k.url), ida)
        seen += [c["last_status"]["id"] for c in answer.json()]
    assert seen == said[::-1]
    up = site.list(ida, min_id=said[1], limit=2)
    assert [c["last_status"]["id"] for c in up] == [said[3], said[2]]


def test_a_note_to_oneself_and_blocks(site):
    jan, jan_id = site.person("jan")
    kim, kim_id = site.person("kim")
    note = site.whisper(jan, "remember the milk")
    assert short(site.list(jan)) == [([], False, note["id"])]
    site.ok("POST", "/api/v1/accounts/%s/block" % jan_id, kim)
    site.whisper(jan, "@kim let me in")
    assert site.list(kim) == []
