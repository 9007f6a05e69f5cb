# SPDX-License-Identifier: MIT
"""Kwips said later, drafts, and the extensions: active timelines, flat conversations, repeats."""
import contextlib
import datetime
import sqlite3

import pytest

from entities import ENTITIES, check, check_error
from kwipd import Kwipd, wait_for

STATUSES = "/api/v1/statuses"
LATER = "/api/v1/scheduled_statuses"
DRAFTS = "/api/kwipd/v1/drafts"


def at(minutes):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Site:
    def __init__(self, k):
        self.k, self.n = k, 0

    def person(self):
        self.n += 1
        self.k.account("p%d" % self.n)
        return self.k.token("p%d" % self.n)

    def call(self, method, path, token=None, status=200, **options):
        answer = self.k.api(method, path, token, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        return answer.json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def test_the_same_key_schedules_once(site):
    me, other = site.person(), site.person()

    def later(token, key):
        return site.call("POST", STATUSES, token, json={"status": "later", "scheduled_at": at(60)},
                         headers={"Idempotency-Key": key})["id"]
    first = later(me, "k")
    assert later(me, "k") == first and later(me, "other") != first and later(other, "k") != first
    assert len(site.call("GET", LATER, me)) == 2


def test_a_scheduled_kwip_waits_can_be_moved_and_taken_back(site):
    me, other = site.person(), site.person()
    when = at(60)
    made = check("ScheduledStatus", site.call("POST", STATUSES, me, json={
        "status": "later", "scheduled_at": when, "visibility": "unlisted", "spoiler_text": "w", "language": "de"}))
    assert made["scheduled_at"] == when and made["params"]["text"] == "later"
    assert made["params"]["visibility"] == "unlisted" and made["params"]["language"] == "de"
    assert site.call("GET", LATER, me) == [made] == [site.call("GET", LATER + "/" + made["id"], me)]
    assert site.call("GET", LATER, other) == []
    for method in "GET", "DELETE":
        check_error(site.k.api(method, LATER + "/" + made["id"], other), 404)
    moved = site.call("PUT", LATER + "/" + made["id"], me, data={"scheduled_at": at(120)})
    assert moved["scheduled_at"] > when
    for bad in at(1), "soon", "":
        check_error(site.k.api("PUT", LATER + "/" + made["id"], me, json={"scheduled_at": bad}), 422)
    check_error(site.k.api("PUT", LATER + "/" + made["id"], other, json={"scheduled_at": at(60)}), 404)
    assert site.call("DELETE", LATER + "/" + made["id"], me) == {}
    assert site.call("GET", LATER, me) == []
    assert site.k.home(me) == []


@pytest.mark.parametrize("minutes, body", [
    (None, {"status": "x", "scheduled_at": "tomorrow"}), (60, {"status": ""}), (2, {"status": "x"}),
    (60, {"status": "x", "media_ids": ["9"]}), (60, {"status": "x", "poll": {"options": ["one"], "expires_in": 600}}),
    (60, {"status": "x" * 70000})])
def test_what_could_not_be_said_is_refused_at_once(site, minutes, body):
    when = {"scheduled_at": at(minutes)} if minutes else {}
    check_error(site.k.api("POST", STATUSES, site.person(), json=dict(body, **when)), 422)


def test_a_moment_that_is_over_is_now(site):
    assert check("Status of viewer", site.call("POST", STATUSES, site.person(), json={"status": "x", "scheduled_at": at(-5)}))


def test_due_ones_are_said_once_and_failures_keep_their_reason():
    with Kwipd() as k:
        site = Site(k)
        me, other = site.person(), site.person()
        poll = {"options": ["yes", "no"], "expires_in": 600, "multiple": True}
        site.call("POST", STATUSES, me, json={"status": "on time #t", "scheduled_at": at(60), "poll": poll})
        parent = k.say(other, "parent")
        site.call("POST", STATUSES, me, json={"status": "orphan", "scheduled_at": at(60), "in_reply_to_id": parent["id"]})
        assert k.api("DELETE", STATUSES + "/" + parent["id"], other).status_code == 200
        k.stop()
        with contextlib.closing(sqlite3.connect(k.dir + "/kwipd.db")) as db, db:
            db.execute("UPDATE scheduled SET at = 1")
        k.start()
        said = wait_for(lambda: k.home(me))
        assert [s["content"].count("on time") for s in said] == [1]
        assert [o["title"] for o in said[0]["poll"]["options"]] == ["yes", "no"] and said[0]["poll"]["multiple"]
        left = wait_for(lambda: [s for s in site.call("GET", LATER, me) if "kwipd_failed" in s])
        assert [s["params"]["text"] for s in left] == ["orphan"] and left[0]["kwipd_failed"]
        assert len(k.home(me)) == 1


def test_drafts_are_kept_replaced_and_thrown_away(site):
    me, other = site.person(), site.person()
    one = site.call("POST", DRAFTS, me, json={"status": "a long text", "visibility": "private"})
    assert one["params"]["status"] == "a long text" and one["params"]["visibility"] == "private"
    two = site.call("PUT", DRAFTS + "/" + one["id"], me, json={"status": "a longer text"})
    assert two["id"] == one["id"] and site.call("GET", DRAFTS, me) == [two]
    for method in "GET", "PUT", "DELETE":
        check_error(site.k.api(method, DRAFTS + "/" + one["id"], other, json={"status": "x"} if method == "PUT" else None), 404)
    assert site.call("GET", DRAFTS, other) == []
    assert site.call("DELETE", DRAFTS + "/" + one["id"], me) == {}
    assert site.call("GET", DRAFTS, me) == []


def test_active_timelines_and_flat_conversations():
    with Kwipd() as k:
        site = Site(k)
        me, other = site.person(), site.person()
        first, second = k.say(me, "first"), k.say(me, "second")
        answers = [k.say(other, "answer %d" % i, in_reply_to_id=first["id"]) for i in range(3)]
        below = k.say(me, "below", in_reply_to_id=answers[0]["id"])
        for path, token in ("/api/kwipd/v1/timelines/home", me), ("/api/kwipd/v1/timelines/public", None):
            got = check("Status", [{f: s[f] for f in s if f in ENTITIES["Status"]} for s in site.call("GET", path, token)])
            assert [s["id"] for s in got] == [first["id"], second["id"]], path
        flat = site.call("GET", "/api/kwipd/v1/statuses/%s/comments" % first["id"])
        assert [s["id"] for s in flat] == [a["id"] for a in answers] + [below["id"]]
        rest = site.call("GET", "/api/kwipd/v1/statuses/%s/comments?min_id=%s" % (first["id"], answers[1]["id"]))
        assert [s["id"] for s in rest] == [answers[2]["id"], below["id"]]
        check_error(k.api("GET", "/api/kwipd/v1/statuses/1/comments"), 404)


def test_repeats_are_listed_behind_the_first():
    with Kwipd() as k:
        site = Site(k)
        me = site.person()
        first = k.say(me, "listening to the rain")
        later = [k.say(me, "Listening to  the rain"), k.say(me, "listening to the rain")]
        path = "/api/kwipd/v1/statuses/%s/repeats" % first["id"]
        wait_for(lambda: len(site.call("GET", path)) == 2)
        assert [s["id"] for s in site.call("GET", path)] == [s["id"] for s in reversed(later)]
