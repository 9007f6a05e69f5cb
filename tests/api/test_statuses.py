# SPDX-License-Identifier: MIT
"""One status with all its parts: media, source, history, pins, who marked it; an account's statuses by part."""
import sqlite3

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db
from test_api import STATUSES, Site, links


@pytest.fixture(scope="module")
def site():
    with Kwipd(kwip_max_chars=500) as k:
        yield Site(k)


def one(site, token, s, *path):
    return site.api("GET", "/".join([STATUSES, s["id"], *path]), token)


def post(site, token, s, *path, **options):
    return site.api("POST", "/".join([STATUSES, s["id"], *path]), token, **options)


def upload(site, token, description="", state=1):
    """A row as the media service leaves it; how files become rows is tested elsewhere."""
    db = sqlite3.connect(site.k.dir + "/kwipd.db", timeout=10)
    with db:
        last = db.execute("SELECT max(id) FROM media").fetchone()[0] or 1 << 50
        db.execute("INSERT INTO media (id, account, state, kind, type, file, preview, width, height, preview_width,"
                   " preview_height, description) VALUES (?, ?, ?, 1, 'image/png', ?, ?, 640, 480, 320, 240, ?)",
                   (last + 1, int(site.id_of(token)), state, "aa/%d.png" % last, "aa/%d-small.png" % last, description))
    db.close()
    return str(last + 1)


# -- media --

def test_media_come_with_the_status(site):
    ids = [upload(site, site.ann, "first"), upload(site, site.ann)]
    s = site.say(site.ann, "", media_ids=ids)
    assert [m["id"] for m in s["media_attachments"]] == ids and s["content"] == ""
    first = s["media_attachments"][0]
    assert first["description"] == "first" and first["url"].startswith(site.k.url + "/media/aa/")
    assert first["meta"]["original"] == {"width": 640, "height": 480, "size": "640x480", "aspect": 1.3333333}
    assert check("Status", one(site, None, s).json())["media_attachments"] == s["media_attachments"]
    turned = site.say(site.ann, "turned", **{"media_ids": [upload(site, site.ann), upload(site, site.ann)][::-1]})
    assert [m["id"] for m in turned["media_attachments"]] == sorted((m["id"] for m in turned["media_attachments"]),
                                                                    reverse=True)


def test_media_that_will_not_do(site):
    say = lambda **more: site.api("POST", STATUSES, site.ann, json=dict({"status": "x"}, **more))  # noqa: E731
    before = len(site.api("GET", "/api/v1/accounts/%s/statuses" % site.id_of(site.ann)).json())
    check_error(say(media_ids=[upload(site, site.bob)]), 422)
    assert "processing" in check_error(say(media_ids=[upload(site, site.ann, state=0)]), 422)
    mine = upload(site, site.ann)
    check_error(say(media_ids=[mine, mine]), 422)
    check_error(say(media_ids=["x"]), 422)
    check_error(say(media_ids=[mine], poll={"options": ["a", "b"], "expires_in": 300}), 422)
    site.say(site.ann, "used", media_ids=[mine])
    check_error(say(media_ids=[mine]), 422)
    after = site.api("GET", "/api/v1/accounts/%s/statuses" % site.id_of(site.ann)).json()
    assert len(after) == before + 1, "what was refused left nothing"


def test_blank_texts(site):
    for text in ("", "  \n ", None):
        assert "Text can't be blank" in check_error(site.api("POST", STATUSES, site.ann, json={"status": text}), 422)
    s = site.say(site.ann, "", spoiler_text="only a warning")
    assert (s["content"], s["spoiler_text"], s["sensitive"]) == ("<p>only a warning</p>", "", True)


@pytest.mark.parametrize("text, length", [
    ("x", 1), ("http://example.org/" + "a" * 300, 23), ("https://a.b", 23), ("@bob@far.example hi", 7),
    ("e\u0301", 1), ("\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 1), ("\U0001f1e9\U0001f1ea", 1),
    ("\U0001f44d\U0001f3fd", 1), ("\u0915\u094d\u0937\u093f", 2), ("\u1112\u1161\u11ab", 1), ("\u2764\ufe0f", 1)])
def test_length_is_what_readers_count(site, text, length):
    say = lambda n: site.api("POST", STATUSES, site.ann, json={"status": "y" * n + " " + text})  # noqa: E731
    assert say(499 - length).status_code == 200
    assert "limit" in check_error(say(500 - length), 422)


def test_editing_changes_media(site):
    a, b = upload(site, site.ann, "a"), upload(site, site.ann, "b")
    s = site.say(site.ann, "with a", media_ids=[a])
    put = lambda **sent: site.api("PUT", STATUSES + "/" + s["id"], site.ann, json=sent)  # noqa: E731
    now = check("Status of viewer", put(status="with a", media_ids=[a, b], media_attributes=[
        {"id": b, "description": "b anew", "focus": "-0.5,0.25"}]).json())
    assert [(m["id"], m["description"]) for m in now["media_attachments"]] == [(a, "a"), (b, "b anew")]
    assert now["media_attachments"][1]["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert now["edited_at"]
    assert one(site, site.bob, s).json()["media_attachments"] == now["media_attachments"]
    gone = put(status="without").json()
    assert gone["media_attachments"] == []
    history = check("StatusEdit", one(site, None, s, "history").json())
    assert [[m["description"] for m in e["media_attachments"]] for e in history] == [["a"], ["a", "b anew"], []]
    check_error(put(status="", media_ids=[]), 422)
    check_error(put(status="x", media_ids=[a], media_attributes=[{"id": a, "focus": "left"}]), 422)
    check_error(put(status="x", media_attributes=[{"id": a, "description": "not here"}]), 422)


def test_deleting_gives_media_back_or_away(site):
    kept, gone = upload(site, site.ann), upload(site, site.ann)
    s = site.say(site.ann, "kept", media_ids=[kept])
    deleted = check("Status of viewer", site.api("DELETE", STATUSES + "/" + s["id"], site.ann).json())
    assert deleted["text"] == "kept" and [m["id"] for m in deleted["media_attachments"]] == [kept]
    assert site.say(site.ann, "again", media_ids=[kept])["media_attachments"][0]["id"] == kept
    s = site.say(site.ann, "gone", media_ids=[gone])
    site.api("DELETE", STATUSES + "/" + s["id"], site.ann, params={"delete_media": "true"})
    with Db(site.k.dir) as db:
        assert db.one("SELECT count(*) FROM media WHERE id = ?", int(gone)) == 0


# -- reading --

def test_several_at_once(site):
    mine = [site.say(site.ann, "s %d" % i) for i in range(3)]
    secret = site.say(site.ann, "secret", visibility="direct")
    ids = [s["id"] for s in mine] + [secret["id"], "1", "x"]
    got = check("Status of viewer", site.api("GET", STATUSES, site.bob, params={"id[]": ids}).json())
    assert [s["id"] for s in got] == ids[:3]
    assert len(check("Status", site.api("GET", STATUSES, params={"id[]": ids}).json())) == 3
    check_error(site.api("GET", STATUSES, site.bob, params={"id[]": [str(i) for i in range(1, 22)]}), 422)
    assert site.api("GET", STATUSES, site.bob).json() == []


def test_source_and_history(site):
    s = site.say(site.ann, "one @bob", spoiler_text="w")
    assert check("StatusSource", one(site, site.ann, s, "source").json()) == {
        "id": s["id"], "text": "one @bob", "spoiler_text": "w"}
    check_error(one(site, None, s, "source"), 401)
    assert len(check("StatusEdit", one(site, None, s, "history").json())) == 1
    site.api("PUT", STATUSES + "/" + s["id"], site.ann, json={"status": "two", "spoiler_text": "w"})
    site.api("PUT", STATUSES + "/" + s["id"], site.ann, json={"status": "two", "spoiler_text": "w"})
    history = check("StatusEdit", one(site, site.bob, s, "history").json())
    assert [e["content"] for e in history][1:] == ["<p>two</p>"] and "one" in history[0]["content"]
    assert history[0]["created_at"] == s["created_at"] < history[1]["created_at"]
    private = site.say(site.ann, "private", visibility="direct")
    for path in ("history", "source", "favourited_by", "reblogged_by", "quotes"):
        check_error(one(site, site.bob, private, path), 404)


def test_who_marked_it(site):
    s, people = site.say(site.ann, "marked"), [site.person() for _ in range(3)]
    for p in people:
        post(site, p, s, "favourite")
        post(site, p, s, "reblog")
    for path in ("favourited_by", "reblogged_by"):
        answer = site.api("GET", STATUSES + "/%s/%s" % (s["id"], path), params={"limit": 2})
        assert [a["id"] for a in check("Account", answer.json())] == [site.id_of(p) for p in people[:0:-1]]
        (rel, url), (back, _) = links(answer)
        assert (rel, back) == ("next", "prev")
        rest = site.api("GET", url.removeprefix(site.k.url))
        assert [a["id"] for a in rest.json()] == [site.id_of(people[0])] and [x for x, _ in links(rest)] == ["prev"]


def test_no_cards_and_no_translation(site):
    s = site.say(site.ann, "hi")
    check_error(one(site, site.ann, s, "card"), 404)
    check_error(post(site, site.ann, s, "translate"), 404)


# -- pins --

def test_pins(site):
    token = site.person()
    mine = [site.say(token, "pin %d" % i) for i in range(6)]
    assert all(s["pinned"] is False for s in mine)
    for s in mine[:5]:
        assert check("Status of viewer", post(site, token, s, "pin").json())["pinned"] is True
    assert "maximum" in check_error(post(site, token, mine[5], "pin"), 422)
    assert post(site, token, mine[0], "pin").json()["pinned"] is True, "again is fine"
    of_me = "/api/v1/accounts/%s/statuses" % site.id_of(token)
    pinned = site.api("GET", of_me, params={"pinned": "true"}).json()
    assert [s["id"] for s in pinned] == [s["id"] for s in mine[4::-1]]
    assert one(site, token, mine[0]).json()["pinned"] is True and "pinned" not in one(site, site.bob, mine[0]).json()
    assert post(site, token, mine[0], "unpin").json()["pinned"] is False
    assert len(site.api("GET", of_me, params={"pinned": "true"}).json()) == 4


def test_what_cannot_be_pinned(site):
    others, direct = site.say(site.bob, "bob's"), site.say(site.ann, "@bob", visibility="direct")
    assert "Someone else" in check_error(post(site, site.ann, others, "pin"), 422)
    assert "mentioned" in check_error(post(site, site.ann, direct, "pin"), 422)
    boost = post(site, site.ann, others, "reblog").json()
    assert "boost" in check_error(post(site, site.ann, boost, "pin"), 422)
    check_error(post(site, site.person(), direct, "pin"), 404)


# -- what an account said --

def test_an_accounts_statuses_by_part(site):
    token = site.person()
    root = site.say(token, "root #Berlin")
    thread = site.say(token, "goes on", in_reply_to_id=root["id"])
    answer = site.say(token, "to ann", in_reply_to_id=site.say(site.ann, "hello")["id"])
    picture = site.say(token, "picture #berlin", media_ids=[upload(site, token)])
    boost = post(site, token, site.say(site.bob, "boosted"), "reblog").json()

    def said(**params):
        return [s["id"] for s in site.api("GET", "/api/v1/accounts/%s/statuses" % site.id_of(token),
                                          params=params).json()]
    everything = [s["id"] for s in (boost, picture, answer, thread, root)]
    assert said() == everything
    assert said(exclude_replies="1") == [i for i in everything if i != answer["id"]], "own threads stay"
    assert said(exclude_reblogs="true") == everything[1:]
    assert said(only_media="true") == [picture["id"]]
    assert said(tagged="BERLIN") == [picture["id"], root["id"]] and said(tagged="nowhere") == []
    assert said(tagged="berlin", only_media="1") == [picture["id"]]
    assert said(max_id=answer["id"]) == everything[3:] and said(min_id=root["id"], limit=1) == [thread["id"]]


def test_the_same_words_with_other_pictures_are_no_repeat(site):
    token = site.person()
    both = [site.say(token, "good morning", media_ids=[upload(site, token)]) for _ in range(2)]
    site.say(token, "good morning")
    import time
    time.sleep(1.5)
    got = [one(site, token, s).json()["kwipd_repeats_count"] for s in both]
    assert got == [0, 0]
    assert len(site.api("GET", "/api/v1/accounts/%s/statuses" % site.id_of(token)).json()) == 3


def test_idempotency_ends_after_an_hour(site):
    say = lambda: site.api("POST", STATUSES, site.ann, json={"status": "key"},  # noqa: E731
                           headers={"Idempotency-Key": "hour"}).json()["id"]
    first = say()
    assert say() == first
    db = sqlite3.connect(site.k.dir + "/kwipd.db", timeout=10)
    with db:
        db.execute("UPDATE idempotency SET at = at - 3600001 WHERE kwip = ?", (int(first),))
    db.close()
    assert say() != first
