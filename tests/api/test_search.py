# SPDX-License-Identifier: MIT
"""Search by name and address."""
import pytest

from entities import check, check_error
from kwipd import Kwipd

SEARCH = "/api/v2/search"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        for name in "ann", "anna", "bob":
            k.account(name)
        k.ann, k.bob = k.token("ann"), k.token("bob")
        k.kwip = k.say(k.bob, "hello #Rain and #rainbow")
        k.secret = k.say(k.bob, "for few", visibility="private")
        yield k


def find(site, q, token=None, **more):
    answer = site.api("GET", SEARCH, token, params=dict(q=q, **more))
    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert set(got) == {"accounts", "statuses", "hashtags"}
    check("Account", got["accounts"])
    check("Tag of viewer" if token else "Tag", got["hashtags"])
    return [a["acct"] for a in got["accounts"]], [s["id"] for s in got["statuses"]], [t["name"] for t in got["hashtags"]]


def test_people_by_the_beginning_of_their_names(site):
    assert find(site, "ann") == (["ann", "anna"], [], [])
    assert find(site, "@Anna", site.bob)[0] == ["anna"]
    assert find(site, "ann", site.bob, type="hashtags")[0] == []
    assert find(site, "zoe")[0] == []
    assert [a["acct"] for a in site.api("GET", "/api/v1/accounts/search?q=ann&limit=1", site.bob).json()] == ["ann"]


def test_addresses_of_this_site(site):
    host = site.url.split("//")[1]
    for q in site.url + "/@bob", "@bob@" + host, "bob@" + host:
        assert find(site, q, site.ann, resolve=True)[0] == ["bob"], q
    assert find(site, site.kwip["url"], site.ann, resolve=True)[1] == [site.kwip["id"]]
    assert find(site, site.kwip["url"])[1] == [site.kwip["id"]]
    assert find(site, site.secret["url"], site.ann)[1] == []
    assert find(site, site.secret["url"], site.bob)[1] == [site.secret["id"]]
    assert find(site, site.kwip["url"].replace("@bob", "@ann"), site.ann)[1] == []
    assert find(site, "@bob@elsewhere.example", site.ann)[0] == []


def test_hashtags_by_their_beginning(site):
    assert find(site, "#rain")[2] == ["rain", "rainbow"] == find(site, "RAIN", site.ann)[2]
    assert find(site, "rain", site.ann, limit=1, offset=1)[2] == ["rainbow"]


def test_who_may(site):
    for query in {"q": "a", "resolve": True}, {"q": "a", "offset": 1}:
        check_error(site.api("GET", SEARCH, params=query), 401)
    check_error(site.api("GET", SEARCH), 400)
    check_error(site.api("GET", SEARCH, site.ann, params={"q": "a", "type": "planets"}), 422)
    check_error(site.api("GET", "/api/v1/accounts/search?q=a"), 401)
    assert site.api("GET", "/api/v1/search?q=ann", site.bob).json()["accounts"]


def test_following_and_blocks(site):
    ids = {a["acct"]: a["id"] for a in site.api("GET", SEARCH + "?q=ann").json()["accounts"]}
    assert find(site, "ann", site.bob, following=True)[0] == []
    site.api("POST", "/api/v1/accounts/%s/follow" % ids["anna"], site.bob)
    assert find(site, "ann", site.bob, following=True)[0] == ["anna"]
    site.api("POST", "/api/v1/accounts/%s/block" % ids["anna"], site.bob)
    assert find(site, "ann", site.bob)[0] == ["ann"]
    assert find(site, "anna", site.bob)[0] == ["anna"], "by the whole name, to be unblocked"
    assert find(site, "bob", site.token("anna"))[0] == []


@pytest.mark.parametrize("q", ["%", "'", "\"", "#", "@", "@@", "http://", "a" * 900, "\u00e4", "(", "-x", "*"])
def test_odd_questions_are_answered(site, q):
    find(site, q, site.ann)


def test_trends_are_lists(site):
    for path in "", "/tags", "/statuses", "/links":
        assert site.api("GET", "/api/v1/trends" + path).json() == []
