# SPDX-License-Identifier: MIT
"""Lists: the endpoints, who may be in one, what one shows, and that an exclusive one empties home."""
import pytest

from entities import check
from kwipd import Kwipd
from people import Site

LISTS = "/api/v1/lists"
HOME = "/api/v1/timelines/home"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def new_list(site, me, title="friends", **more):
    return check("List", site.post(LISTS, me, title=title, **more))


def put_in(site, me, one, *who):
    assert site.post("%s/%s/accounts" % (LISTS, one["id"]), me, account_ids=list(who)) == {}


def shown(site, me, one, **query):
    return site.ids("/api/v1/timelines/list/" + one["id"], me, **query)


def test_a_list_from_its_making_to_its_end(site):
    me, _ = site.person()
    assert site.get(LISTS, me) == []
    one = new_list(site, me, "friends")
    assert (one["title"], one["replies_policy"], one["exclusive"]) == ("friends", "list", False)
    two = new_list(site, me, "news", replies_policy="none", exclusive=True)
    assert [x["id"] for x in check("List", site.get(LISTS, me))] == [one["id"], two["id"]]
    path = LISTS + "/" + one["id"]
    assert site.get(path, me) == one
    changed = check("List", site.put(path, me, title="best friends", replies_policy="followed", exclusive="true"))
    assert (changed["title"], changed["replies_policy"], changed["exclusive"]) == ("best friends", "followed", True)
    assert site.put(path, me, title="again")["replies_policy"] == "followed", "what is not sent stays"
    site.delete(path, me)
    assert site.get(LISTS, me) == [two]
    site.fails(404, "GET", path, me)


def test_what_a_list_may_not_be(site):
    me, _ = site.person()
    site.fails(422, "POST", LISTS, me, title="")
    site.fails(422, "POST", LISTS, me, title="  ")
    site.fails(422, "POST", LISTS, me, title="x" * 257)
    site.fails(422, "POST", LISTS, me, title="x", replies_policy="some")
    one = new_list(site, me)
    site.fails(422, "PUT", LISTS + "/" + one["id"], me, title=" ")
    for n in range(49):
        new_list(site, me, "list %d" % n)
    assert "lists" in site.fails(422, "POST", LISTS, me, title="one more")


@pytest.mark.parametrize("method, path", [("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/accounts"),
                                          ("POST", "/accounts"), ("DELETE", "/accounts")])
def test_a_list_is_its_owners_alone(site, method, path):
    (me, mine), (other, _) = site.person(), site.person()
    one = new_list(site, me)
    body = {"account_ids": [mine]} if path and method != "GET" else {"title": "stolen"} if method == "PUT" else {}
    site.fails(404, method, LISTS + "/" + one["id"] + path, other, **body)
    site.fails(404, method, LISTS + "/1" + path, me, **body)
    site.fails(401, method, LISTS + "/" + one["id"] + path, **body)
    site.fails(404, "GET", "/api/v1/timelines/list/" + one["id"], other)
    assert site.get(LISTS + "/" + one["id"], me) == one


def test_scopes(site):
    me, _ = site.person()
    name = site.get("/api/v1/accounts/verify_credentials", me)["username"]
    reads, writes = site.k.token(name, "read:lists"), site.k.token(name, "write:lists")
    one = check("List", site.post(LISTS, writes, title="x"))
    assert site.get(LISTS, reads) == [one]
    site.fails(403, "GET", LISTS, writes)
    site.fails(403, "POST", LISTS, reads, title="x")
    site.fails(403, "GET", HOME, reads)
    assert shown(site, reads, one) == []


def test_members(site):
    (me, mine), (_, bob), (_, cid), (_, dot) = [site.person() for _ in range(4)]
    one = new_list(site, me)
    accounts = "%s/%s/accounts" % (LISTS, one["id"])
    site.fails(404, "POST", accounts, me, account_ids=[bob])
    for who in (bob, cid, dot):
        site.follow(me, who)
    site.fails(404, "POST", accounts, me, account_ids=[bob, "99"])
    assert site.get(accounts, me) == [], "all or none"
    put_in(site, me, one, bob, cid)
    put_in(site, me, one, int(dot))
    assert "taken" in site.fails(422, "POST", accounts, me, account_ids=[bob])
    assert [a["id"] for a in check("Account", site.get(accounts, me))] == [dot, cid, bob]
    assert len(site.get(accounts, me, limit=0)) == 3
    assert [[a["id"] for a in page] for page in site.pages(accounts, me, limit=2)] == [[dot, cid], [bob]]
    back = site.call("GET", accounts, me, params={"limit": 1})
    assert list(back.links) == ["next", "prev"]
    assert site.get(back.links["prev"]["url"].removeprefix(site.k.url), me) == []
    assert site.get("/api/v1/accounts/%s/lists" % bob, me) == [one]
    assert site.get("/api/v1/accounts/%s/lists" % mine, me) == []
    site.delete(accounts, me, account_ids=[cid, "99", mine])
    assert [a["id"] for a in site.get(accounts, me)] == [dot, bob]
    site.post("/api/v1/accounts/%s/unfollow" % bob, me)
    assert [a["id"] for a in site.get(accounts, me)] == [dot], "unfollowing takes out of lists"
    site.follow(me, bob)
    assert [a["id"] for a in site.get(accounts, me)] == [dot]
    put_in(site, me, one, mine)
    assert [a["id"] for a in site.get(accounts, me)] == [mine, dot], "oneself may be in it"


def test_what_a_list_shows(site):
    (me, mine), (bob, bob_id), (cid, cid_id), (dot, dot_id) = [site.person() for _ in range(4)]
    for who in (bob_id, cid_id):
        site.follow(me, who)
    one = new_list(site, me)
    put_in(site, me, one, bob_id)
    first = site.say(bob, "first")
    own = site.say(me, "mine")
    other = site.say(cid, "other")
    strange = site.say(dot, "strange")
    followers = site.say(bob, "for followers", visibility="private")
    site.say(bob, "for nobody", visibility="direct")
    boost = site.post("/api/v1/statuses/%s/reblog" % other, bob)["id"]
    answers = {"me": site.say(bob, "to me", in_reply_to_id=own),
               "himself": site.say(bob, "to himself", in_reply_to_id=first),
               "followed": site.say(bob, "to cid", in_reply_to_id=other)}
    site.say(bob, "to dot, whom I do not follow", in_reply_to_id=strange)
    always = [answers["himself"], answers["me"], boost, followers, first]
    assert shown(site, me, one) == always
    site.put(LISTS + "/" + one["id"], me, replies_policy="followed")
    assert shown(site, me, one) == [answers["followed"]] + always
    site.put(LISTS + "/" + one["id"], me, replies_policy="none")
    assert shown(site, me, one) == always
    site.put(LISTS + "/" + one["id"], me, replies_policy="list")
    put_in(site, me, one, cid_id)
    assert shown(site, me, one) == [answers["followed"]] + always[:3] + [followers, other, first]
    site.follow(me, bob_id, reblogs=False)
    assert boost not in shown(site, me, one)
    site.post("/api/v1/accounts/%s/mute" % cid_id, me)
    assert shown(site, me, one) == [answers["himself"], answers["me"], followers, first]
    assert shown(site, me, one, limit=2, max_id=answers["himself"]) == [answers["me"], followers]
    assert shown(site, me, one, limit=1, min_id=first) == [followers]
    assert shown(site, me, one, since_id=followers) == [answers["himself"], answers["me"]]
    assert [[s["id"] for s in page] for page in site.pages("/api/v1/timelines/list/" + one["id"], me, limit=3)] == [
        [answers["himself"], answers["me"], followers], [first]]


def test_an_exclusive_list_takes_its_members_out_of_home(site):
    (me, mine), (bob, bob_id), (cid, cid_id) = [site.person() for _ in range(3)]
    for who in (bob_id, cid_id):
        site.follow(me, who)
    own, his, hers = site.say(me, "own"), site.say(bob, "his"), site.say(cid, "hers #exclusivetea")
    boost = site.post("/api/v1/statuses/%s/reblog" % hers, bob)["id"]
    every = [boost, hers, his, own]
    assert site.ids(HOME, me) == every
    one = new_list(site, me, exclusive=True)
    assert site.ids(HOME, me) == every
    put_in(site, me, one, bob_id, mine)
    assert site.ids(HOME, me) == [hers, own], "boosts too; oneself never"
    assert shown(site, me, one) == [boost, his, own]
    site.put(LISTS + "/" + one["id"], me, exclusive=False)
    assert site.ids(HOME, me) == every
    site.put(LISTS + "/" + one["id"], me, exclusive=True)
    assert site.ids(HOME, me) == [hers, own]
    new = site.say(bob, "new #exclusivetea")
    site.post("/api/v1/tags/exclusivetea/follow", me)
    assert site.ids(HOME, me) == [hers, own], "nor by a followed tag"
    site.delete("%s/%s/accounts" % (LISTS, one["id"]), me, account_ids=[bob_id])
    assert site.ids(HOME, me) == [new] + every
    put_in(site, me, one, bob_id)
    site.delete(LISTS + "/" + one["id"], me)
    assert site.ids(HOME, me) == [new] + every
