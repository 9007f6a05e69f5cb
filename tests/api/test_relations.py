# SPDX-License-Identifier: MIT
"""Lists of people, follow requests, remarks, recommendations, blocked servers, suggestions, reports."""
import re

import pytest

from entities import check, check_error
from kwipd import Kwipd

A = "/api/v1/accounts"


class Site:
    def __init__(self, k):
        self.k, self.n = k, 0

    def person(self, **profile):
        """(token, id) of somebody new."""
        self.n += 1
        self.k.account("p%d" % self.n)
        token = self.k.token("p%d" % self.n)
        return token, self.get(A + "/verify_credentials", token)["id"]

    def call(self, method, path, token=None, status=200, **options):
        answer = self.k.api(method, path, token, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        assert answer.headers["Content-Type"].startswith("application/json")
        return answer

    def get(self, path, token=None, **query):
        return self.call("GET", path, token, params=query).json()

    def post(self, path, token, **body):
        return self.call("POST", path, token, json=body).json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def pages(site, path, token, limit):
    """Ids of all pages by rel=next, and the prev link of the first."""
    ids, url, prev = [], path + ("&" if "?" in path else "?") + "limit=%d" % limit, None
    for _ in range(20):
        answer = site.call("GET", url, token)
        ids.append([x["id"] for x in answer.json()])
        link = answer.headers.get("Link", "")
        if prev is None:
            prev = re.search(r'<([^>]+)>; rel="prev"', link)
        found = re.match(r'<([^>]+)>; rel="next"', link)
        if not found:
            return ids, prev and prev.group(1)
        url = found.group(1)[len(site.k.url):]
    raise AssertionError("paging does not end")


@pytest.mark.parametrize("path,who_follows", [("followers", "others"), ("following", "me")])
def test_followers_and_following_page_in_both_directions(site, path, who_follows):
    me, my_id = site.person()
    others = [site.person() for _ in range(7)]
    for token, other in others:
        if who_follows == "others":
            site.post("%s/%s/follow" % (A, my_id), token)
        else:
            site.post("%s/%s/follow" % (A, other), me)
    want = [other for _, other in reversed(others)]
    listed = site.get("%s/%s/%s" % (A, my_id, path))
    assert [x["id"] for x in check("Account", listed)] == want
    got, _ = pages(site, "%s/%s/%s" % (A, my_id, path), None, 3)
    assert got == [want[:3], want[3:6], want[6:]]
    # From the last page back: the ids just above it.
    _, prev = pages(site, "%s/%s/%s?max_id=%s" % (A, my_id, path, 2 ** 62), None, 3)
    assert site.call("GET", prev[len(site.k.url):]).json() == []
    answer = site.call("GET", "%s/%s/%s?limit=3" % (A, my_id, path))
    below = re.match(r"<[^>]+max_id=(\d+)>", answer.headers["Link"]).group(1)
    up = site.get("%s/%s/%s" % (A, my_id, path), min_id=int(below) - 1, limit=2)
    assert [x["id"] for x in up] == want[1:3]


def test_hidden_lists_are_empty_for_others(site):
    me, my_id = site.person()
    other, other_id = site.person()
    site.post("%s/%s/follow" % (A, my_id), other)
    site.call("PATCH", A + "/update_credentials", me, json={"hide_collections": True})
    assert site.get("%s/%s/followers" % (A, my_id)) == []
    assert site.get("%s/%s/followers" % (A, my_id), other) == []
    assert [x["id"] for x in site.get("%s/%s/followers" % (A, my_id), me)] == [other_id]
    check_error(site.k.api("GET", A + "/1/followers"), 404)


def test_accounts_by_id(site):
    _, x = site.person()
    _, y = site.person()
    answer = site.call("GET", "%s?id[]=%s&id[]=%s&id[]=1" % (A, y, x))
    assert [w["id"] for w in check("Account", answer.json())] == [y, x]


def test_requests_are_let_in_or_turned_away(site):
    me, my_id = site.person()
    yes, yes_id = site.person()
    no, no_id = site.person()
    site.call("PATCH", A + "/update_credentials", me, json={"locked": True})
    for token in yes, no:
        assert site.post("%s/%s/follow" % (A, my_id), token)["requested"] is True
    asked = site.get("/api/v1/follow_requests", me)
    assert [w["id"] for w in check("Account", asked)] == [no_id, yes_id]
    is_now = check("Relationship", site.post("/api/v1/follow_requests/%s/authorize" % yes_id, me))
    assert is_now["followed_by"] is True and is_now["requested_by"] is False
    assert site.post("/api/v1/follow_requests/%s/reject" % no_id, me)["followed_by"] is False
    assert site.get("/api/v1/follow_requests", me) == []
    # Somebody who follows already has not asked.
    check_error(site.k.api("POST", "/api/v1/follow_requests/%s/reject" % yes_id, me), 404)
    assert site.post("%s/%s/remove_from_followers" % (A, yes_id), me)["followed_by"] is False
    site.post("%s/%s/remove_from_followers" % (A, yes_id), me)


def test_blocks_and_mutes_are_listed(site):
    me, _ = site.person()
    _, x = site.person()
    _, y = site.person()
    site.post("%s/%s/block" % (A, x), me)
    site.post("%s/%s/mute" % (A, y), me, duration=3600)
    assert [w["id"] for w in check("Account", site.get("/api/v1/blocks", me))] == [x]
    muted = check("MutedAccount", site.get("/api/v1/mutes", me))
    assert [w["id"] for w in muted] == [y] and muted[0]["mute_expires_at"]
    site.post("%s/%s/mute" % (A, y), me, duration=0)
    assert site.get("/api/v1/mutes", me)[0]["mute_expires_at"] is None
    check_error(site.k.api("GET", "/api/v1/blocks"), 401)
    check_error(site.k.api("GET", "/api/v1/blocks", site.k.token("p1", "read:mutes")), 403)


def test_remarks_are_private(site):
    me, my_id = site.person()
    other, x = site.person()
    noted = check("Relationship", site.post("%s/%s/note" % (A, x), me, comment="met in Oslo"))
    assert noted["note"] == "met in Oslo"
    assert site.get(A + "/relationships", me, **{"id[]": x})[0]["note"] == "met in Oslo"
    assert site.get(A + "/relationships", other, **{"id[]": my_id})[0]["note"] == ""
    assert site.post("%s/%s/note" % (A, x), me, comment="")["note"] == ""
    check_error(site.k.api("POST", "%s/%s/note" % (A, x), me, json={"comment": "x" * 2001}), 422)
    check_error(site.k.api("POST", A + "/1/note", me, json={"comment": "x"}), 404)


@pytest.mark.parametrize("on,off", [("endorse", "unendorse"), ("pin", "unpin")])
def test_recommending(site, on, off):
    me, my_id = site.person()
    _, x = site.person()
    check_error(site.k.api("POST", "%s/%s/%s" % (A, x, on), me), 422)
    site.post("%s/%s/follow" % (A, x), me)
    assert site.post("%s/%s/%s" % (A, x, on), me)["endorsed"] is True
    assert [w["id"] for w in site.get("/api/v1/endorsements", me)] == [x]
    assert [w["id"] for w in check("Account", site.get("%s/%s/endorsements" % (A, my_id)))] == [x]
    assert site.post("%s/%s/%s" % (A, x, off), me)["endorsed"] is False
    site.post("%s/%s/%s" % (A, x, on), me)
    assert site.post("%s/%s/unfollow" % (A, x), me)["endorsed"] is False
    assert site.get("/api/v1/endorsements", me) == []


def test_familiar_followers(site):
    me, _ = site.person()
    friend, friend_id = site.person()
    _, x = site.person()
    site.post("%s/%s/follow" % (A, friend_id), me)
    site.post("%s/%s/follow" % (A, x), friend)
    got = check("FamiliarFollowers", site.get(A + "/familiar_followers", me, **{"id[]": [x, friend_id]}))
    assert [(g["id"], [w["id"] for w in g["accounts"]]) for g in got] == [(x, [friend_id]), (friend_id, [])]


def test_languages_of_a_follow(site):
    me, _ = site.person()
    _, x = site.person()
    followed = site.post("%s/%s/follow" % (A, x), me, languages=["de", "nn"])
    assert check("Relationship", followed)["languages"] == ["de", "nn"]
    assert site.post("%s/%s/follow" % (A, x), me, notify=True)["languages"] == ["de", "nn"]
    check_error(site.k.api("POST", "%s/%s/follow" % (A, x), me, json={"languages": ["<b>"]}), 422)


def test_domain_blocks(site):
    me, _ = site.person()
    for domain in "One.example", "two.example", "three.example":
        assert site.post("/api/v1/domain_blocks", me, domain=domain) == {}
    assert site.get("/api/v1/domain_blocks", me) == ["three.example", "two.example", "one.example"]
    first = site.call("GET", "/api/v1/domain_blocks?limit=2", me)
    assert first.json() == ["three.example", "two.example"]
    next_page = re.match(r'<([^>]+)>; rel="next"', first.headers["Link"]).group(1)
    assert site.call("GET", next_page[len(site.k.url):], me).json() == ["one.example"]
    assert site.get("/api/v1/domain_blocks/preview", me, domain="one.example") == {"following_count": 0, "followers_count": 0}
    assert site.call("DELETE", "/api/v1/domain_blocks", me, json={"domain": "two.example"}).json() == {}
    assert site.call("DELETE", "/api/v1/domain_blocks?domain=three.example", me).json() == {}
    assert site.get("/api/v1/domain_blocks", me) == ["one.example"]
    for bad in "", "a b", "<x>", ".", "x" * 254:
        check_error(site.k.api("POST", "/api/v1/domain_blocks", me, json={"domain": bad}), 422)


def test_suggestions_are_friends_of_friends_first(site):
    me, _ = site.person()
    friend, friend_id = site.person()
    _, x = site.person()
    site.post("%s/%s/follow" % (A, friend_id), me)
    site.post("%s/%s/follow" % (A, x), friend)
    got = check("Suggestion", site.get("/api/v2/suggestions", me))
    assert got[0]["account"]["id"] == x and got[0]["sources"] == ["friends_of_friends"]
    assert friend_id not in [g["account"]["id"] for g in got]
    assert site.get("/api/v1/suggestions", me, limit=1)[0]["id"] == x
    assert site.call("DELETE", "/api/v1/suggestions/" + x, me).json() == {}
    assert x not in [g["account"]["id"] for g in site.get("/api/v2/suggestions", me)]


def test_directory(site):
    _, newest = site.person()
    listed = check("Account", site.get("/api/v1/directory", order="new", limit=3))
    assert listed[0]["id"] == newest and len(listed) == 3
    assert site.get("/api/v1/directory", order="new", limit=2, offset=1) == listed[1:3]


def test_reports_reach_the_moderators(site):
    me, my_id = site.person()
    other, x = site.person()
    said = site.k.say(other, "buy now")
    mine = site.k.say(me, "mine")
    got = check("Report", site.post("/api/v1/reports", me, account_id=x, status_ids=[said["id"]], comment="spam", category="spam"))
    assert got["target_account"]["id"] == x and got["status_ids"] == [said["id"]] and got["category"] == "spam"
    assert check("Report", site.post("/api/v1/reports/", me, account_id=x))["category"] == "other"
    for bad in ({"account_id": my_id}, {"account_id": x, "status_ids": [mine["id"]]}, {"account_id": x, "comment": "x" * 1001},
                {"account_id": x, "category": "boring"}, {"account_id": x, "rule_ids": ["9"]}, {}):
        check_error(site.k.api("POST", "/api/v1/reports", me, json=bad), 422)
    check_error(site.k.api("POST", "/api/v1/reports", me, json={"account_id": "1"}), 404)


def test_what_there_is_none_of_is_empty_in_the_right_shape(site):
    me, my_id = site.person()
    assert site.get("/api/v1/custom_emojis") == []
    assert site.get("/api/proofs") == [] and site.get("%s/%s/identity_proofs" % (A, my_id)) == []
    assert site.get("%s/%s/collections" % (A, my_id)) == {"collections": []}
    assert site.get("/api/v1/annual_reports", me) == {"annual_reports": [], "accounts": [], "statuses": []}
    assert site.get("/api/v1/annual_reports/2026/state", me) == {"state": "ineligible"}
    for deed in "read", "generate":
        assert site.k.api("POST", "/api/v1/annual_reports/2026/" + deed, me).json() == {}
    assert site.get("/api/v1/accounts/search?q=", me) == []
    check_error(site.k.api("GET", "/api/v1_alpha/async_refreshes/x", me), 404)


def test_pages_of_people_who_are_not_shown_are_passed_over(site):
    (me, _), (other, x), (_, shown) = site.person(), site.person(), site.person()
    site.post(A + "/%s/follow" % shown, other)
    for _ in range(4):
        hidden = site.person()[1]
        site.post(A + "/%s/follow" % hidden, other)
        site.post(A + "/%s/block" % hidden, me)
    path = A + "/%s/following" % x
    assert [w["id"] for w in site.get(path, me, limit=2)] == [shown]
    site.post(A + "/%s/block" % shown, me)
    answer = site.call("GET", path, me, params={"limit": 2})
    assert answer.json() == [] and "Link" not in answer.headers
    assert len(site.get(path, limit=5)) == 5
