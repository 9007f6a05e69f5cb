# SPDX-License-Identifier: MIT
"""Notifications: single and in groups, paging, counting, dismissing; the policy and its requests; announcements."""
import re

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db, change_at_rest

V1 = "/api/v1/notifications"
V2 = "/api/v2/notifications"
POLICY = V2 + "/policy"
REQUESTS = V1 + "/requests"
NEWS = "/api/v1/announcements"


class Site:
    def __init__(self, k):
        self.k, self.n = k, 0

    def person(self, name=None):
        """(token, id) of somebody new."""
        self.n += 1
        name = name or "p%d" % self.n
        self.k.account(name)
        token = self.k.token(name)
        return token, self.ok("GET", "/api/v1/accounts/verify_credentials", token)["id"]

    def ok(self, method, path, token, **options):
        answer = self.k.api(method, path, token, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def say(self, token, text, **more):
        return self.k.say(token, text, **more)

    def act(self, token, status, what):
        return self.ok("POST", "/api/v1/statuses/%s/%s" % (status["id"], what), token)

    def notes(self, token, **query):
        return check("Notification", self.ok("GET", V1, token, params=query))

    def groups(self, token, **query):
        got = check("GroupedNotificationsResults", self.ok("GET", V2, token, params=query))
        people = {a["id"] for a in got["accounts"] + got.get("partial_accounts", [])}
        kwips = {s["id"] for s in got["statuses"]}
        for g in got["notification_groups"]:
            assert set(g["sample_account_ids"]) <= people and g["sample_account_ids"]
            assert g.get("status_id") is None or g["status_id"] in kwips
        return got

    def unread(self, token, path=V1, **query):
        got = self.ok("GET", path + "/unread_count", token, params=query)
        assert list(got) == ["count"]
        return got["count"]


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def kinds(notes):
    return [n["type"] for n in notes]


# -- one by one --

def test_every_deed_has_its_type(site):
    me, my_id = site.person("hero")
    other, other_id = site.person()
    said = site.say(me, "said")
    site.act(other, said, "favourite")
    site.act(other, said, "reblog")
    site.say(other, "hi @hero")
    site.say(other, "no name", in_reply_to_id=said["id"])
    site.ok("POST", "/api/v1/accounts/%s/follow" % my_id, other)
    got = site.notes(me)
    assert kinds(got) == ["follow", "mention", "mention", "reblog", "favourite"]
    assert {n["account"]["id"] for n in got} == {other_id}
    assert [n.get("status", {}).get("content") for n in got] == [
        None, "<p>no name</p>", got[2]["status"]["content"], "<p>said</p>", "<p>said</p>"]
    for n in got:
        assert check("Notification", site.ok("GET", V1 + "/" + n["id"], me)) == n
        check_error(site.k.api("GET", V1 + "/" + n["id"], other), 404)
        assert int(n["id"]) < 2 ** 31


def test_kinds_are_chosen(site):
    me, _ = site.person()
    other, other_id = site.person()
    third, third_id = site.person()
    said = site.say(me, "said")
    for token in other, third:
        site.act(token, said, "favourite")
        site.act(token, said, "reblog")
    assert kinds(site.notes(me, **{"types[]": "favourite"})) == ["favourite"] * 2
    assert kinds(site.notes(me, **{"types[]": ["reblog", "nonsense"]})) == ["reblog"] * 2
    assert kinds(site.notes(me, **{"types[]": "nonsense"})) == []
    assert kinds(site.notes(me, **{"exclude_types[]": ["reblog", "mention"]})) == ["favourite"] * 2
    assert kinds(site.notes(me, types="reblog")) == ["reblog"] * 2
    assert {n["account"]["id"] for n in site.notes(me, account_id=third_id)} == {third_id}
    assert len(site.notes(me, account_id=other_id)) == 2


def test_a_buzz_is_for_who_knows_it(kwipd):
    site = Site(kwipd)
    me, my_id = site.person("mia")
    other, other_id = site.person("oda")
    kwipd.stop()
    change_at_rest(kwipd.dir, "INSERT INTO notice (id, account, kind, actor, at) VALUES (5000, ?, 9, ?, 1)",
                   int(my_id), int(other_id))
    kwipd.start()
    assert kinds(site.notes(me)) == []
    assert kinds(site.notes(me, **{"supported_types[]": ["mention", "kwipd.buzz"]})) == ["kwipd.buzz"]
    assert kinds(site.notes(me, **{"types[]": "kwipd.buzz"})) == ["kwipd.buzz"]


def test_pages(site):
    me, my_id = site.person("pager")
    other, _ = site.person()
    said = [site.say(other, "hi @pager %d" % i)["id"] for i in range(7)]
    answer = site.k.api("GET", V1, me, params={"limit": 3, "exclude_types[]": "follow"})
    seen, links = [n["status"]["id"] for n in answer.json()], answer.links
    assert seen == said[:3:-1]
    assert answer.headers["Link"].index('rel="next"') < answer.headers["Link"].index('rel="prev"')
    assert "exclude_types" in links["next"]["url"] and "limit=3" in links["next"]["url"]
    while "next" in links:
        answer = site.k.api("GET", links["next"]["url"].removeprefix(site.k.url), me)
        seen += [n["status"]["id"] for n in answer.json()]
        links = answer.links
    assert seen == said[::-1]
    ids = [n["id"] for n in site.notes(me)]
    assert [n["id"] for n in site.notes(me, min_id=ids[-1], limit=2)] == ids[-3:-1]
    assert [n["id"] for n in site.notes(me, since_id=ids[-1], limit=2)] == ids[:2]
    assert [n["id"] for n in site.notes(me, max_id=ids[1], min_id=ids[4])] == ids[2:4]
    assert "Link" not in site.k.api("GET", V1, me, params={"max_id": ids[-1]}).headers
    assert len(site.notes(me, limit=1000)) == 7


def test_clear_and_dismiss(site):
    me, _ = site.person("tidy")
    other, _ = site.person()
    for i in range(3):
        site.say(other, "@tidy %d" % i)
    ids = [n["id"] for n in site.notes(me)]
    check_error(site.k.api("POST", V1 + "/%s/dismiss" % ids[0], other), 404)
    assert site.ok("POST", V1 + "/%s/dismiss" % ids[0], me) == {}
    assert site.ok("POST", V1 + "/dismiss", me, json={"id": ids[1]}) == {}
    check_error(site.k.api("POST", V1 + "/dismiss", me), 422)
    assert [n["id"] for n in site.notes(me)] == ids[2:]
    assert site.ok("POST", V1 + "/clear", me) == {}
    assert site.notes(me) == []


def test_scopes(site):
    site.k.account("scoped")
    reader, writer = site.k.token("scoped", "read:notifications"), site.k.token("scoped", "write:notifications")
    statuses = site.k.token("scoped", "read:statuses write:statuses")
    for path in (V1, V2, POLICY, REQUESTS, V1 + "/unread_count", V2 + "/unread_count", V1 + "/policy", REQUESTS + "/merged"):
        site.ok("GET", path, reader)
        check_error(site.k.api("GET", path, statuses), 403)
        check_error(site.k.api("GET", path), 401)
    site.ok("POST", V1 + "/clear", writer)
    check_error(site.k.api("POST", V1 + "/clear", reader), 403)
    site.ok("GET", "/api/v1/markers", statuses)
    site.ok("POST", "/api/v1/markers", statuses)
    check_error(site.k.api("GET", "/api/v1/markers", reader), 403)


# -- in groups --

def test_the_same_deed_is_one_group(site):
    me, my_id = site.person()
    crowd = [site.person() for _ in range(10)]
    said, also = site.say(me, "first"), site.say(me, "second")
    for token, _ in crowd:
        site.act(token, said, "favourite")
    site.act(crowd[0][0], also, "favourite")
    site.act(crowd[0][0], said, "reblog")
    site.ok("POST", "/api/v1/accounts/%s/follow" % my_id, crowd[0][0])
    site.ok("POST", "/api/v1/accounts/%s/follow" % my_id, crowd[1][0])
    got = site.groups(me)
    groups = got["notification_groups"]
    assert [(g["type"], g["notifications_count"]) for g in groups] == [
        ("follow", 2), ("reblog", 1), ("favourite", 1), ("favourite", 10)]
    assert groups[3]["sample_account_ids"] == [i for _, i in crowd[:1:-1]]
    single = site.notes(me, **{"types[]": "favourite"})
    assert groups[3]["most_recent_notification_id"] == int(single[1]["id"]) == int(groups[3]["page_max_id"])
    assert groups[3]["page_min_id"] == single[-1]["id"]
    assert groups[3]["group_key"] == single[1]["group_key"]
    assert re.match("favourite-%s-[0-9]+$" % said["id"], groups[3]["group_key"])

    key = V2 + "/" + groups[3]["group_key"]
    one = check("GroupedNotificationsResults", site.ok("GET", key, me))
    assert one["notification_groups"] == [groups[3]]
    everybody = check("Account", site.ok("GET", key + "/accounts", me))
    assert [a["id"] for a in everybody] == [i for _, i in reversed(crowd)]
    for path in key, key + "/accounts", V2 + "/ungrouped-1", V2 + "/nonsense", V2 + "/favourite-x-1", V2 + "/follow-99999999999":
        check_error(site.k.api("GET", path, crowd[0][0]), 404)
    check_error(site.k.api("POST", key + "/dismiss", crowd[0][0]), 404)
    assert site.ok("POST", key + "/dismiss", me) == {}
    assert len(site.groups(me)["notification_groups"]) == 3
    assert len(site.notes(me, **{"types[]": "favourite"})) == 1


def test_what_to_group_and_how_much_to_tell(site):
    me, _ = site.person()
    crowd = [site.person() for _ in range(4)]
    said = site.say(me, "said")
    for token, _ in crowd:
        site.act(token, said, "favourite")
        site.act(token, said, "reblog")
    apart = site.groups(me, **{"grouped_types[]": "favourite"})["notification_groups"]
    assert [g["type"] for g in apart].count("reblog") == 4 and [g["type"] for g in apart].count("favourite") == 1
    assert all(g["group_key"].startswith("ungrouped-") for g in apart if g["type"] == "reblog")
    one = apart[0]["group_key"]
    assert check("GroupedNotificationsResults", site.ok("GET", V2 + "/" + one, me))["notification_groups"][0]["group_key"] == one
    got = site.groups(me, expand_accounts="partial_avatars")
    assert [a["id"] for a in got["accounts"]] == [crowd[3][1]]
    assert {a["id"] for a in got["partial_accounts"]} == {i for _, i in crowd[:3]}
    assert "partial_accounts" not in site.groups(me, expand_accounts="full")
    check_error(site.k.api("GET", V2, me, params={"expand_accounts": "half"}), 422)


def test_groups_page_without_loss(site):
    me, _ = site.person()
    crowd = [site.person() for _ in range(3)]
    said = [site.say(me, "kwip %d" % i) for i in range(5)]
    for token, _ in crowd:
        for s in said:
            site.act(token, s, "favourite")
    every = {n["id"] for n in site.notes(me)}
    path, seen, rounds = V2 + "?limit=2", [], 0
    while path:
        answer = site.k.api("GET", path, me)
        for g in check("GroupedNotificationsResults", answer.json())["notification_groups"]:
            assert int(g["page_min_id"]) <= int(g["page_max_id"]) == g["most_recent_notification_id"]
            seen.append(g["group_key"])
        path = answer.links.get("next", {}).get("url", "").removeprefix(site.k.url)
        rounds += 1
        assert rounds < 20
    assert set(seen) == {n["group_key"] for n in site.notes(me)} and len(every) == 15
    ids = sorted(every, key=int)
    up = site.k.api("GET", V2, me, params={"min_id": ids[0], "limit": 2}).json()["notification_groups"]
    assert [g["status_id"] for g in up] == [said[2]["id"], said[1]["id"]]
    top = site.groups(me)["notification_groups"]
    assert [g["status_id"] for g in top] == [s["id"] for s in reversed(said)]
    assert {g["notifications_count"] for g in top} == {3}


def test_a_group_ends_after_twelve_hours(kwipd):
    site = Site(kwipd)
    me, _ = site.person("mia")
    crowd = [site.person() for _ in range(3)]
    said = site.say(me, "said")
    site.act(crowd[0][0], said, "favourite")
    for hours, alone in ((11, False), (2, True)):
        kwipd.stop()
        # As if it had begun earlier: the hour stands in the low bits.
        change_at_rest(kwipd.dir, "UPDATE notice SET bucket = bucket - ?, at = at - 3600000 * ?", hours, hours)
        kwipd.start()
        site.act(crowd[1 if not alone else 2][0], said, "favourite")
        counts = [g["notifications_count"] for g in site.groups(me)["notification_groups"]]
        assert counts == ([1, 2] if alone else [2])


# -- counting --

def test_unread_counts_follow_the_marker(site):
    me, _ = site.person()
    crowd = [site.person() for _ in range(3)]
    said = site.say(me, "said")
    for token, _ in crowd:
        site.act(token, said, "favourite")
    site.say(crowd[0][0], "answer", in_reply_to_id=said["id"])
    assert (site.unread(me), site.unread(me, V2)) == (4, 2)
    assert site.unread(me, limit=2) == 2
    assert site.unread(me, **{"types[]": "mention"}) == 1
    assert site.unread(me, V2, **{"grouped_types[]": "follow"}) == 4
    newest = site.notes(me)
    site.ok("POST", "/api/v1/markers", me, json={"notifications": {"last_read_id": newest[1]["id"]}})
    assert (site.unread(me), site.unread(me, V2)) == (1, 1)


# -- the policy --

def test_policy(site):
    me, _ = site.person()
    p = check("NotificationPolicy", site.ok("GET", POLICY, me))
    assert [p[k] for k in sorted(p) if k != "summary"] == ["filter", "accept", "accept", "accept", "accept"]
    for method, verdict in (("PATCH", "filter"), ("PUT", "drop")):
        p = check("NotificationPolicy", site.ok(method, POLICY, me, json={"for_not_following": verdict}))
        assert (p["for_not_following"], p["for_new_accounts"]) == (verdict, "accept")
    check_error(site.k.api("PATCH", POLICY, me, json={"for_not_following": "maybe"}), 422)
    old = check("V1::NotificationPolicy", site.ok("GET", V1 + "/policy", me))
    assert (old["filter_not_following"], old["filter_private_mentions"]) == (True, False)
    old = check("V1::NotificationPolicy", site.ok("PUT", V1 + "/policy", me, data={
        "filter_not_following": "false", "filter_private_mentions": "true"}))
    assert (old["filter_not_following"], old["filter_private_mentions"]) == (False, True)
    assert site.ok("GET", POLICY, me)["for_private_mentions"] == "filter"


def test_strangers_wait(site):
    me, my_id = site.person("shy")
    friend, friend_id = site.person()
    stranger, stranger_id = site.person()
    site.ok("POST", "/api/v1/accounts/%s/follow" % friend_id, me)
    site.ok("PATCH", POLICY, me, json={"for_not_following": "filter"})
    said = [site.say(stranger, "@shy one"), site.say(stranger, "@shy two")]
    site.say(friend, "@shy friend")
    assert [n["account"]["id"] for n in site.notes(me)] == [friend_id]
    assert site.unread(me) == 1
    every = site.notes(me, include_filtered="true")
    assert [n.get("filtered", False) for n in every] == [False, True, True]
    with Db(site.k.dir) as db:
        told = db.one("SELECT count(*) FROM event WHERE kind = (SELECT max(kind) FROM event WHERE extra = ?) AND extra = ?",
                      int(every[2]["id"]), int(every[2]["id"]))
        assert told == 1
    r = check("NotificationRequest", site.ok("GET", REQUESTS, me))
    assert [(x["account"]["id"], x["notifications_count"], x["last_status"]["id"]) for x in r] == [(stranger_id, "2", said[1]["id"])]
    assert site.ok("GET", POLICY, me)["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 2}
    one = REQUESTS + "/" + r[0]["id"]
    assert check("NotificationRequest", site.ok("GET", one, me)) == r[0]
    for method, path in (("GET", one), ("POST", one + "/accept"), ("POST", one + "/dismiss")):
        check_error(site.k.api(method, path, stranger), 404)
    assert site.ok("POST", REQUESTS + "/accept", stranger, json={"id": [r[0]["id"]]}) == {}
    assert len(site.notes(me)) == 1

    assert site.ok("POST", one + "/accept", me) == {}
    assert site.ok("GET", REQUESTS + "/merged", me) == {"merged": True}
    assert len(site.notes(me)) == 3 and site.ok("GET", REQUESTS, me) == []
    site.say(stranger, "@shy three")
    assert len(site.notes(me)) == 4
    check_error(site.k.api("GET", one, me), 404)


def test_requests_are_dismissed(site):
    me, _ = site.person("sly")
    strangers = [site.person() for _ in range(3)]
    site.ok("PATCH", POLICY, me, json={"for_not_followers": "filter"})
    for token, _ in strangers:
        site.say(token, "@sly hi")
    answer = site.k.api("GET", REQUESTS, me, params={"limit": 2})
    assert [x["account"]["id"] for x in answer.json()] == [strangers[2][1], strangers[1][1]]
    rest = site.k.api("GET", answer.links["next"]["url"].removeprefix(site.k.url), me).json()
    assert [x["account"]["id"] for x in rest] == [strangers[0][1]]
    ids = [x["id"] for x in answer.json()]
    assert site.ok("POST", REQUESTS + "/dismiss", me, data={"id[]": ids}) == {}
    assert [x["account"]["id"] for x in site.ok("GET", REQUESTS, me)] == [strangers[0][1]]
    assert len(site.notes(me, include_filtered="true")) == 1
    assert site.ok("POST", REQUESTS + "/%s/dismiss" % rest[0]["id"], me) == {}
    site.say(strangers[0][0], "@sly again")
    assert [x["notifications_count"] for x in site.ok("GET", REQUESTS, me)] == ["1"]
    check_error(site.k.api("POST", REQUESTS + "/accept", me), 422)


def test_dropped_ones_never_were(site):
    me, _ = site.person("deaf")
    stranger, _ = site.person()
    site.ok("PATCH", POLICY, me, json={"for_new_accounts": "drop"})
    site.say(stranger, "@deaf hello")
    assert site.notes(me, include_filtered="true") == [] and site.ok("GET", REQUESTS, me) == []


def test_private_mentions(site):
    me, _ = site.person("quiet")
    stranger, _ = site.person("whisper")
    site.ok("PATCH", POLICY, me, json={"for_private_mentions": "filter"})
    site.say(stranger, "@quiet in public")
    site.say(stranger, "@quiet psst", visibility="direct")
    asked = site.say(me, "@whisper yes?", visibility="direct")
    site.say(stranger, "@quiet an answer", visibility="direct", in_reply_to_id=asked["id"])
    assert [n["status"]["visibility"] for n in site.notes(me)] == ["direct", "public"]


# -- announcements --

def test_announcements(kwipd):
    site = Site(kwipd)
    me, _ = site.person("ann")
    other, _ = site.person("bob")
    first = kwipd.run("announce", "Cake at https://example.org/").stdout.strip()
    second = kwipd.run("announce", "More cake").stdout.strip()
    got = check("Announcement", site.ok("GET", NEWS, me))
    assert [n["id"] for n in got] == [first, second] and 'href="https://example.org/"' in got[0]["content"]
    assert [n["read"] for n in got] == [False, False]
    assert site.ok("POST", NEWS + "/%s/dismiss" % first, me) == {}
    assert [n["id"] for n in site.ok("GET", NEWS, me)] == [second]
    assert [n["read"] for n in site.ok("GET", NEWS, me, params={"with_dismissed": "true"})] == [True, False]
    assert len(site.ok("GET", NEWS, other)) == 2
    check_error(site.k.api("POST", NEWS + "/999/dismiss", me), 404)
    check_error(site.k.api("GET", NEWS), 401)

    path = NEWS + "/%s/reactions/" % second
    for token in me, other:
        assert site.ok("PUT", path + "%F0%9F%91%8D", token) == {}
    assert site.ok("PUT", path + "%F0%9F%91%8D", me) == {}
    assert site.ok("GET", NEWS, me)[0]["reactions"] == [{"name": "\U0001f44d", "count": 2, "me": True}]
    assert site.ok("DELETE", path + "%F0%9F%91%8D", me) == {}
    assert site.ok("GET", NEWS, me)[0]["reactions"] == [{"name": "\U0001f44d", "count": 1, "me": False}]
    for name in "x", "hello", "%F0%9F%91%8D%F0%9F%91%8D", "7":
        assert "emoji" in check_error(site.k.api("PUT", path + name, me), 422)
    for name in "\U0001f600\U0001f601\U0001f602\U0001f603\U0001f604\U0001f605\U0001f606":
        site.ok("PUT", path + name, me)
    assert "Limit" in check_error(site.k.api("PUT", path + "\u2764\ufe0f", me), 422)
    assert len(check("Announcement", site.ok("GET", NEWS, me))[0]["reactions"]) == 8

    assert kwipd.run("announce", "--list").stdout.split("\n")[0].startswith(first)
    kwipd.run("announce", "--delete", first)
    assert kwipd.run("announce", "--delete", first, check=False).returncode == 1
    assert kwipd.run("announce", check=False).returncode == 2
    assert [n["id"] for n in site.ok("GET", NEWS, other)] == [second]


# -- for who keeps order here --

def test_moderators_are_told(kwipd):
    site = Site(kwipd)
    kwipd.account("boss", "--admin")
    boss = kwipd.token("boss")
    ann, ann_id = site.person("ann")
    bob, bob_id = site.person("bob")
    for comment in "rude", "still rude":
        site.ok("POST", "/api/v1/reports", ann, json={"account_id": bob_id, "comment": comment})
    got = site.notes(boss, **{"types[]": "admin.report"})
    assert [n["report"]["comment"] for n in got] == ["still rude", "rude"]
    assert {n["report"]["target_account"]["id"] for n in got} == {bob_id}
    groups = site.groups(boss, **{"types[]": "admin.report"})["notification_groups"]
    assert [g["report"]["comment"] for g in groups] == ["still rude", "rude"]
    assert site.notes(ann) == []
