# SPDX-License-Identifier: MIT
"""Hashtags: the Tag, following and featuring, home with followed tags, the tag and public timelines."""
import time

import pytest

from entities import check
from kwipd import Kwipd, wait_for
from people import Site

TAGS = "/api/v1/tags/"
HOME = "/api/v1/timelines/home"
TIMELINE = "/api/v1/timelines/tag/"
FEATURED = "/api/v1/featured_tags"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def test_a_tag_that_nobody_used(site):
    t = check("Tag", site.get(TAGS + "NeverUsed"))
    assert t["name"] == "neverused" and t["url"] == site.k.url + "/tags/neverused"
    assert len(t["history"]) == 7 and all(d["uses"] == d["accounts"] == "0" for d in t["history"])
    today = int(time.time()) // 86400 * 86400
    assert [int(d["day"]) for d in t["history"]] == [today - 86400 * n for n in range(7)]
    site.fails(404, "GET", TAGS + "no%20tag")
    site.fails(404, "GET", TAGS + "123")


def test_a_tag_counts_public_uses_of_the_week(site):
    (me, _), (bob, _) = site.person(), site.person()
    for text in ("one #counted", "two #Counted"):
        site.say(me, text)
    site.say(bob, "three #COUNTED #counted")
    site.say(bob, "secret #counted", visibility="private")
    t = check("Tag of viewer", site.get(TAGS + "counted", me))
    assert (t["history"][0]["uses"], t["history"][0]["accounts"]) == ("3", "2")
    assert (t["following"], t["featuring"]) == (False, False)


def test_following(site):
    me, _ = site.person()
    assert site.get("/api/v1/followed_tags", me) == []
    for n in range(5):
        t = check("Tag of viewer", site.post(TAGS + "Followed%d/follow" % n, me))
        assert t["following"] is True and t["name"] == "followed%d" % n
    assert site.post(TAGS + "followed0/follow", me)["following"] is True
    pages = list(site.pages("/api/v1/followed_tags", me, limit=2))
    assert [[t["name"] for t in check("Tag of viewer", page)] for page in pages] == [
        ["followed4", "followed3"], ["followed2", "followed1"], ["followed0"]]
    assert len(site.get("/api/v1/followed_tags", me, limit=200)) == 5
    t = check("Tag of viewer", site.post(TAGS + "followed3/unfollow", me))
    assert t["following"] is False
    assert [t["name"] for t in site.get("/api/v1/followed_tags", me)] == [
        "followed4", "followed2", "followed1", "followed0"]
    site.fails(422, "POST", TAGS + "1/follow", me)
    site.fails(401, "POST", TAGS + "x/follow")


def test_followed_tags_come_home(site):
    (me, _), (bob, bob_id), (cid, cid_id) = [site.person() for _ in range(3)]
    before = site.say(bob, "before #hometea")
    site.say(bob, "private #hometea", visibility="unlisted")
    site.say(bob, "no tag")
    answer = site.say(cid, "answer #HomeTea", in_reply_to_id=before)
    site.post("/api/v1/statuses/%s/reblog" % before, cid)
    assert site.ids(HOME, me) == []
    site.post(TAGS + "hometea/follow", me)
    assert site.ids(HOME, me) == [answer, before]
    after = site.say(bob, "after #hometea")
    assert site.ids(HOME, me) == [after, answer, before]
    wait_for(lambda: site.k.status())
    edit = lambda text: site.put("/api/v1/statuses/" + after, bob, status=text)  # noqa: E731
    edit("not any more")
    assert site.ids(HOME, me) == [answer, before]
    edit("again #HOMETEA")
    assert site.ids(HOME, me) == [after, answer, before]
    site.call("DELETE", "/api/v1/statuses/" + after, bob)
    assert site.ids(HOME, me) == [answer, before]
    site.post("/api/v1/accounts/%s/mute" % cid_id, me)
    assert site.ids(HOME, me) == [before]
    site.post("/api/v1/accounts/%s/block" % bob_id, me)
    assert site.ids(HOME, me) == []
    site.post("/api/v1/accounts/%s/unblock" % bob_id, me)
    assert site.ids(HOME, me) == [before]
    site.post(TAGS + "hometea/unfollow", me)
    assert site.ids(HOME, me) == []


def test_the_tag_timeline_with_terms(site):
    me, _ = site.person()
    a = site.say(me, "#terma")
    ab = site.say(me, "#terma #termb")
    abc = site.say(me, "#terma #termb #termc")
    b = site.say(me, "#termb")
    c = site.say(me, "#termc")
    path = TIMELINE + "TermA"
    assert site.ids(path) == [abc, ab, a] == site.ids(path, local="true")
    assert site.ids(path, remote="true") == [] == site.ids(path, only_media="true")
    assert site.ids(path, **{"any[]": ["termb", "Termc"]}) == [c, b, abc, ab, a]
    assert site.ids(path, **{"all[]": "termB"}) == [abc, ab]
    assert site.ids(path, **{"all[]": ["termb", "termb", "termc"]}) == [abc]
    assert site.ids(path, **{"all[]": "unknownterm"}) == []
    assert site.ids(path, **{"none[]": ["termc", "unknownterm"]}) == [ab, a]
    assert site.ids(path, **{"any[]": "termb", "none[]": "termc", "limit": 2}) == [b, ab]
    assert site.ids(path, **{"any[]": "termb", "max_id": b, "limit": 2}) == [abc, ab]
    assert site.ids(path, **{"any[]": "termb", "min_id": a, "limit": 2}) == [abc, ab]
    answer = site.call("GET", path, params={"any[]": "termb", "limit": 1})
    assert "any%5B%5D=termb" in answer.links["next"]["url"]


def test_the_public_timelines_sources(site):
    me, _ = site.person()
    said = site.say(me, "public")
    path = "/api/v1/timelines/public"
    assert site.ids(path, limit=1) == site.ids(path, limit=1, local="true") == [said]
    assert site.ids(path, remote="true") == [] == site.ids(path, only_media="true")


def test_the_timeline_of_a_link(site):
    me, _ = site.person()
    url = "https://example.org/page?of=links"
    one, two = site.say(me, "see " + url), site.say(me, url + " again")
    site.say(me, "hidden " + url, visibility="unlisted")
    assert site.ids("/api/v1/timelines/link", url=url) == [two, one]
    assert site.ids("/api/v1/timelines/link", url=url, max_id=two) == [one]
    assert site.ids("/api/v1/timelines/link", url=url + "x") == []
    site.fails(400, "GET", "/api/v1/timelines/link")


def test_featured_tags(site):
    (me, mine), (bob, _) = site.person(), site.person()
    site.say(me, "#shown one")
    site.say(me, "#shown two", visibility="private")
    site.say(bob, "#shown of another")
    for text in ("#often a", "#often b", "#seldom"):
        site.say(me, text)
    suggested = check("Tag of viewer", site.get(FEATURED + "/suggestions", me))
    assert [t["name"] for t in suggested] == ["shown", "often", "seldom"]
    one = check("FeaturedTag", site.post(FEATURED, me, name="#Shown"))
    assert (one["name"], one["statuses_count"]) == ("shown", "1") and one["last_status_at"]
    assert site.post(FEATURED, me, name="shown") == one
    unused = check("FeaturedTag", site.post(FEATURED, me, name="unused"))
    assert (unused["statuses_count"], unused["last_status_at"]) == ("0", None)
    assert check("FeaturedTag", site.get(FEATURED, me)) == [one, unused]
    assert site.get("/api/v1/accounts/%s/featured_tags" % mine) == [one, unused]
    assert [t["name"] for t in site.get(FEATURED + "/suggestions", me)] == ["often", "seldom"]
    assert check("Tag of viewer", site.post(TAGS + "often/feature", me))["featuring"] is True
    assert site.post(TAGS + "often/unfeature", me)["featuring"] is False
    site.fails(404, "DELETE", FEATURED + "/" + one["id"], bob)
    site.delete(FEATURED + "/" + one["id"], me)
    site.fails(404, "DELETE", FEATURED + "/" + one["id"], me)
    assert site.get(FEATURED, me) == [unused]
    site.fails(422, "POST", FEATURED, me, name="no tag")
    for n in range(9):
        site.post(FEATURED, me, name="more%d" % n)
    assert "maximum" in site.fails(422, "POST", FEATURED, me, name="toomany")
    site.fails(404, "GET", "/api/v1/accounts/99/featured_tags")
