# SPDX-License-Identifier: MIT
"""Polls: made and changed with a status, voted in, ended."""
import pytest

from entities import check, check_error
from kwipd import Kwipd, wait_for
from support import Db, change_at_rest
from test_api import HOME, STATUSES, Site


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def ask(site, token, options=("yes", "no"), expires_in=3600, text="well?", **poll):
    return site.say(token, text, poll=dict(poll, options=list(options), expires_in=expires_in))


def vote(site, token, s, *choices):
    return site.api("POST", "/api/v1/polls/%s/votes" % s["poll"]["id"], token, json={"choices": list(choices)})


def look(site, token, s):
    return check("Poll", site.api("GET", "/api/v1/polls/" + s["poll"]["id"], token).json())


def test_a_poll_comes_with_its_status(site):
    s = ask(site, site.ann)
    p = s["poll"]
    assert [o for o in p["options"]] == [{"title": "yes", "votes_count": 0}, {"title": "no", "votes_count": 0}]
    assert (p["voted"], p["own_votes"], p["expired"], p["multiple"], p["voters_count"]) == (True, [], False, False, None)
    seen = check("Status", site.api("GET", STATUSES + "/" + s["id"]).json())["poll"]
    assert seen == dict(p, voted=False) == look(site, None, s)
    assert site.api("GET", HOME, site.ann).json()[0]["poll"] == p
    assert site.say(site.ann, "no poll")["poll"] is None
    by_form = site.api("POST", STATUSES, site.ann, data=[
        ("status", "form"), ("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[options][]", ""),
        ("poll[expires_in]", "300"), ("poll[multiple]", "true")]).json()
    assert [o["title"] for o in by_form["poll"]["options"]] == ["a", "b"] and by_form["poll"]["voters_count"] == 0


def test_votes_count_once(site):
    s = ask(site, site.ann)
    got = check("Poll", vote(site, site.bob, s, 1).json())
    assert (got["voted"], got["own_votes"], got["votes_count"]) == (True, [1], 1)
    assert [o["votes_count"] for o in got["options"]] == [0, 1]
    assert "already voted" in check_error(vote(site, site.bob, s, 0), 422)
    third = site.person()
    assert vote(site, third, s, "0").json()["votes_count"] == 2
    assert look(site, site.bob, s)["own_votes"] == [1] and look(site, None, s)["own_votes"] == []
    of_bob = site.api("GET", STATUSES + "/" + s["id"], site.bob).json()["poll"]
    assert of_bob == look(site, site.bob, s) and of_bob["votes_count"] == 2
    boost = check("Status of viewer", site.api("POST", STATUSES + "/%s/reblog" % s["id"], site.bob).json())
    assert boost["reblog"]["poll"]["own_votes"] == [1] and boost["poll"] is None


def test_several_choices(site):
    s = ask(site, site.ann, "abc", multiple=True)
    assert vote(site, site.bob, s, 0, 2, 2).json()["own_votes"] == [0, 2]
    p = vote(site, site.person(), s, 0).json()
    assert (p["votes_count"], p["voters_count"]) == (3, 2)


def test_votes_that_do_not_count(site):
    s = ask(site, site.ann)
    assert "own polls" in check_error(vote(site, site.ann, s, 0), 422)
    for bad in ([2], [-1], ["x"], [], [0, 1], [0] * 9):
        check_error(vote(site, site.bob, s, *bad), 422)
    check_error(vote(site, None, s, 0), 401)
    assert look(site, None, s)["votes_count"] == 0
    secret = site.say(site.ann, "alone", visibility="direct", poll={"options": ["a", "b"], "expires_in": 300})
    check_error(vote(site, site.bob, secret, 0), 404)
    check_error(site.api("GET", "/api/v1/polls/" + secret["poll"]["id"], site.bob), 404)
    check_error(site.api("GET", "/api/v1/polls/1", site.bob), 404)


@pytest.mark.parametrize("poll, word", [
    ({"options": ["a"], "expires_in": 300}, "more than one"),
    ({"options": list("abcdefghi"), "expires_in": 300}, "more than 8"),
    ({"options": ["a", "a "], "expires_in": 300}, "duplicate"),
    ({"options": ["a", "b" * 51], "expires_in": 300}, "longer than 50"),
    ({"options": ["a", "b"], "expires_in": 299}, "soon"),
    ({"options": ["a", "b"], "expires_in": 2629747}, "far"),
    ({"options": ["a", "b"]}, "blank")])
def test_polls_that_will_not_do(site, poll, word):
    assert word in check_error(site.api("POST", STATUSES, site.ann, json={"status": "x", "poll": poll}), 422)


def test_a_poll_alone_says_nothing(site):
    check_error(site.api("POST", STATUSES, site.ann, json={"poll": {"options": ["a", "b"], "expires_in": 300}}), 422)


def test_totals_are_hidden_until_the_end(site):
    s = ask(site, site.ann, hide_totals=True)
    assert [o["votes_count"] for o in vote(site, site.bob, s, 0).json()["options"]] == [None, None]


def test_editing_a_poll(site):
    s = ask(site, site.ann)
    vote(site, site.bob, s, 0)
    put = lambda **poll: check("Status of viewer", site.api(  # noqa: E731
        "PUT", STATUSES + "/" + s["id"], site.ann, json={"status": "well?", "poll": poll}).json())
    longer = put(options=["yes", "no"], expires_in=7200)
    assert longer["poll"]["votes_count"] == 1 and longer["edited_at"] is None
    assert longer["poll"]["expires_at"] > s["poll"]["expires_at"]
    other = put(options=["yes", "maybe"], expires_in=7200)
    assert other["poll"]["votes_count"] == 0 and other["poll"]["id"] == s["poll"]["id"] and other["edited_at"]
    assert vote(site, site.bob, s, 1).json()["own_votes"] == [1], "votes were taken back"
    none = site.api("PUT", STATUSES + "/" + s["id"], site.ann, json={"status": "well?"}).json()
    assert none["poll"] is None and site.api("GET", STATUSES + "/" + s["id"]).json()["poll"] is None
    history = check("StatusEdit", site.api("GET", STATUSES + "/%s/history" % s["id"]).json())
    assert [[o["title"] for o in e.get("poll", {}).get("options", [])] for e in history] == [
        ["yes", "no"], ["yes", "maybe"], []]
    check_error(site.api("GET", "/api/v1/polls/" + s["poll"]["id"]), 404)


def test_a_poll_ends(make_kwipd):
    k = make_kwipd()
    s = Site(k)
    poll = ask(s, s.ann, hide_totals=True)
    vote(s, s.bob, poll, 1)
    other = s.person()
    k.stop()
    change_at_rest(k.dir, "UPDATE poll SET expires_at = 1000 * strftime('%s')")
    k.start()

    def told():
        with Db(k.dir) as db:
            return db.rows("SELECT account, actor FROM notice WHERE kind = 11 ORDER BY account")
    ann, bob = int(s.id_of(s.ann)), int(s.id_of(s.bob))
    wait_for(lambda: len(told()) == 2)
    assert sorted(tuple(r) for r in told()) == sorted([(ann, ann), (bob, ann)])
    p = look(s, None, poll)
    assert p["expired"] and [o["votes_count"] for o in p["options"]] == [0, 1]
    assert "ended" in check_error(vote(s, other, poll, 0), 422)
    k.restart()
    assert len(told()) == 2, "told once"
