# SPDX-License-Identifier: MIT
"""Markers: asked keys are always there, every way to send them, one mark with the notices page."""
import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db

MARKERS = "/api/v1/markers"


@pytest.fixture(scope="module")
def k():
    with Kwipd() as k:
        yield k


def person(k, name):
    k.account(name)
    return k.token(name)


def markers(k, token, **query):
    answer = k.api("GET", MARKERS, token, params=query)
    assert answer.status_code == 200, answer.text
    return check("Markers", answer.json())


def test_asked_keys_are_there_from_the_start(k):
    ann = person(k, "ann")
    got = markers(k, ann, **{"timeline[]": ["home", "notifications"]})
    assert {n: (m["last_read_id"], m["version"]) for n, m in got.items()} == {"home": ("0", 0), "notifications": ("0", 0)}
    assert list(markers(k, ann, timeline="notifications")) == ["notifications"]
    assert markers(k, ann) == {} and markers(k, ann, timeline="nonsense") == {}


@pytest.mark.parametrize("body", [
    {"json": {"home": {"last_read_id": "103194548672408537"}}},
    {"json": {"home": {"last_read_id": 103194548672408537}}},
    {"data": {"home[last_read_id]": "103194548672408537"}},
    {"files": {"home[last_read_id]": (None, "103194548672408537")}},
    {"params": {"home[last_read_id]": "103194548672408537"}},
])
def test_every_way_to_send_them(k, body):
    name = "p%d" % (abs(hash(str(body))) % 10 ** 9)
    token = person(k, name)
    got = check("Markers", k.api("POST", MARKERS, token, **body).json())
    assert list(got) == ["home"]
    assert (got["home"]["last_read_id"], got["home"]["version"]) == ("103194548672408537", 1)
    assert markers(k, token, timeline="home") == got


def test_versions_and_mistakes(k):
    ann = person(k, "anna")
    both = {"home": {"last_read_id": "5"}, "notifications": {"last_read_id": "7"}}
    for version in 1, 2:
        got = check("Markers", k.api("POST", MARKERS, ann, json=both).json())
        assert {m["version"] for m in got.values()} == {version}
    for wrong in "x", "-1", "99999999999999999999":
        check_error(k.api("POST", MARKERS, ann, json={"home": {"last_read_id": wrong}}), 422)
    assert k.api("POST", MARKERS, ann, json={}).json() == {}
    assert k.api("POST", MARKERS, ann, json={"home": {"last_read_id": "3"}}).json()["home"]["last_read_id"] == "3"
    bob = person(k, "bobby")
    assert markers(k, bob, timeline="home")["home"]["last_read_id"] == "0"


def test_one_mark_with_the_pages(k):
    cat, dan = person(k, "cat"), person(k, "dan")
    for i in range(3):
        k.say(dan, "@cat %d" % i)
    ids = [n["id"] for n in k.api("GET", "/api/v1/notifications", cat).json()]
    k.api("POST", MARKERS, cat, json={"notifications": {"last_read_id": ids[1]}})
    with Db(k.dir) as db:
        assert db.one("SELECT notices_read FROM login JOIN account ON id = account WHERE name = 'cat'") == int(ids[1])
