# SPDX-License-Identifier: MIT
"""Hostile text, forged forms, private kwips, shared pages: nothing leaks and nothing is believed."""
import re
import xml.etree.ElementTree as tree

import pytest
from browser import Browser

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{v}}&amp;<!--"
ATOM = "{http://www.w3.org/2005/Atom}"
THREAD = "{http://purl.org/syndication/thread/1.0}"


@pytest.fixture(scope="module")
def people(shared):
    return {name: Browser(shared).sign_up(name) for name in ("ann", "bob", "eve")}


def is_clean(page):
    tags = [t for t, a in page.reader.tags if t == "script" and not a.get("src", "").startswith("/static/")]
    assert not tags, page.path
    assert not [a for t, a in page.reader.tags if t == "img" and a.get("src") == "x"], page.path


def test_hostile_text_stays_text(shared, people):
    ann = people["ann"]
    ann.get("/settings").submit("/settings/profile", display_name=EVIL[:60], about=EVIL,
                                field_name=[EVIL, "", "", ""], field_value=["javascript:alert(1)", "", "", ""])
    kwip = ann.say(EVIL + " #t\u00e4g javascript:alert(1) http://x.example/\"onmouseover=\"alert(1)", warning=EVIL, language="en")
    plain = ann.say(EVIL)
    ann.get("/@ann/" + plain).submit("/kwips", body=EVIL)
    for path in ["/", "/home", "/home/recent", "/everyone", "/@ann", "/@ann/" + kwip, "/@ann/" + plain, "/settings",
                 "/tags/t%C3%A4g", "/kwips/%s/history" % plain, "/kwips/%s/edit" % kwip, "/kwips/%s/delete" % kwip,
                 "/compose?reply_to=" + kwip, "/notices", "/compose?text=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
                 "/login?next=%22%3E%3Cscript%3E", "/everyone?x=%22%3E%3Cscript%3E", "/@ann/comments", "/@ann/followers"]:
        for b in (ann, Browser(shared)):
            page = b.get(path)
            is_clean(page)
            assert "javascript:" not in "".join(page.reader.links), path
    for path in ("/tags/%3Cscript%3E", "/%3Cscript%3E", "/@%3Cscript%3E"):
        is_clean(Browser(shared).get(path, expect=404))
    page = Browser(shared).get("/signup").submit("/signup", expect=422, name=EVIL, email=EVIL, password="correct-horse", invite="")
    is_clean(page)
    assert dict(page.fields("/signup"))["name"] == EVIL
    assert ann.get("/kwips/%s/edit" % plain).fields("/kwips/%s/edit" % plain)[2] == ("body", EVIL)
    for feed in ("/everyone/feed.atom", "/@ann/feed.atom"):
        entries = tree.fromstring(Browser(shared).raw("GET", feed).content).findall(ATOM + "entry")
        contents = [e.findtext(ATOM + "content") or "" for e in entries]
        assert entries and not any("<script" in c or "<img" in c for c in contents)


def test_forms_need_their_token(shared, people):
    ann = people["ann"]
    kwip = ann.say("leave me")
    changes = ["/kwips", "/kwips/%s/edit" % kwip, "/kwips/%s/delete" % kwip, "/kwips/%s/favourite" % kwip, "/kwips/%s/boost" % kwip,
               "/kwips/%s/bookmark" % kwip, "/kwips/%s/mute" % kwip, "/@bob/follow", "/@bob/block", "/@bob/mute", "/requests/5/accept",
               "/notices/read", "/notices/waiting/5/accept", "/announcements/5/dismiss", "/settings/profile", "/settings/preferences", "/settings/password", "/settings/sessions",
               "/invites", "/invites/abc/end", "/logout"]
    other = dict(people["bob"].get("/compose").fields("/kwips"))["csrf"]
    for path in changes:
        for token in ({}, {"csrf": "x" * 43}, {"csrf": other}):
            answer = ann.raw("POST", path, data=dict(token, body="forged", display_name="forged", old="correct-horse",
                                                     password="forged-forged", newest="1"))
            assert answer.status_code == 403, (path, token)
    good = dict(ann.get("/compose").fields("/kwips"))
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert ann.raw("POST", "/kwips", data=dict(good, body="forged"), headers=header).status_code == 403
    visitor = Browser(shared)
    for path in ("/login", "/signup"):
        assert visitor.raw("POST", path, data={"name": "ann", "password": "correct-horse"}).status_code == 403
    assert ann.get("/home").path == "/home"
    assert not ann.get("/@ann").has("forged")


def test_visitors_change_nothing(shared, people):
    kwip = people["ann"].say("hands off")
    visitor = Browser(shared)
    token = dict(visitor.get("/login").fields("/login"))["csrf"]
    for path in ("/kwips", "/kwips/%s/delete" % kwip, "/kwips/%s/favourite" % kwip, "/@ann/follow", "/settings/profile", "/logout"):
        assert visitor.raw("POST", path, data={"csrf": token, "body": "x"}).status_code in (401, 403), path
    assert visitor.get("/@ann/" + kwip).has("hands off")


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_private_kwips_are_seen_by_nobody_else(shared, people, visibility):
    ann, bob, eve = people["ann"], people["bob"], people["eve"]
    secret = "hush" + visibility
    if not bob.get("/@ann").has("Unfollow"):
        bob.get("/@ann").click("/@ann/follow")
    kwip = ann.say("%s @bob #hidden%s" % (secret, visibility), visibility=visibility)
    assert bob.get("/@ann/" + kwip).has(secret)
    comment = bob.get("/@ann/" + kwip).submit("/kwips", body=secret + " too")
    comment_id = re.search(r"/(\d+)$", comment.path).group(1)
    for who in (eve, Browser(shared)):
        for path in ("/", "/everyone", "/everyone/recent", "/@ann", "/@ann/active", "/@ann/comments", "/@bob", "/@bob/comments",
                     "/tags/hidden" + visibility):
            assert secret not in who.get(path).html, path
        for path in ("/@ann/" + kwip, "/@bob/" + comment_id, "/kwips/%s/history" % kwip):
            who.get(path, expect=404)
        for path in ("/everyone/feed.atom", "/@ann/feed.atom", "/@bob/feed.atom"):
            assert secret not in who.raw("GET", path).text, path
    for path in ("/home", "/home/recent", "/notices", "/favourites", "/bookmarks"):
        assert secret not in eve.get(path).html, path
    eve.get("/compose?reply_to=" + kwip, expect=404)
    token = dict(eve.get("/compose").fields("/kwips"))["csrf"]
    for what in ("favourite", "boost", "bookmark", "edit", "delete"):
        answer = eve.raw("POST", "/kwips/%s/%s" % (kwip, what), data={"csrf": token, "body": "x"})
        assert answer.status_code == 404, what
        assert secret not in answer.text
    answer = eve.raw("POST", "/kwips", data={"csrf": token, "body": "x", "reply_to": kwip})
    assert answer.status_code == 404 and secret not in answer.text


def test_shared_pages_are_fresh_at_once(shared, people):
    visitor = Browser(shared)
    before = visitor.raw("GET", "/everyone/recent")
    again = visitor.raw("GET", "/everyone/recent", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    kwip = people["ann"].say("brand new thing")
    after = visitor.raw("GET", "/everyone/recent", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and "brand new thing" in after.text
    people["ann"].get("/kwips/%s/delete" % kwip).submit("/kwips/%s/delete" % kwip)
    assert "brand new thing" not in visitor.raw("GET", "/everyone/recent").text


def test_members_pages_are_not_shared(shared, people):
    visitor = Browser(shared)
    for path in ("/", "/everyone", "/@ann"):
        assert visitor.get(path).has("Log in")
        page = people["ann"].get(path)
        assert "public" not in page.answer.headers["Cache-Control"] and page.has("Log out"), path
        assert visitor.get(path).has("Log in") and "csrf" not in visitor.get(path).html, path


def test_feeds_are_atom(shared, people):
    ann = people["bob"]
    first = ann.say("first for the feed & more <b> #feedtag")
    ann.get("/@bob/" + first).submit("/kwips", body="a comment for the feed")
    for i in range(22):
        ann.say("filler %d" % i)
    seen, url, pages = [], "/@bob/feed.atom", 0
    while url:
        answer = Browser(shared).raw("GET", url)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        feed = tree.fromstring(answer.content)
        for name in ("id", "title", "updated"):
            assert feed.findtext(ATOM + name), name
        links = {l.get("rel"): l.get("href") for l in feed.findall(ATOM + "link")}
        assert links["self"] == shared.url + url and links["alternate"] == shared.url + "/@bob"
        seen += feed.findall(ATOM + "entry")
        url, pages = links.get("next", "").replace(shared.url, ""), pages + 1
    assert pages == 2
    assert len({e.findtext(ATOM + "id") for e in seen}) == len(seen) >= 23
    entry = [e for e in seen if e.findtext(ATOM + "id").endswith(first)][0]
    assert "first for the feed & more <b>" in entry.findtext(ATOM + "title")
    assert entry.find(ATOM + "category").get("term") == "feedtag"
    replies = [l for l in entry.findall(ATOM + "link") if l.get("rel") == "replies"][0]
    assert replies.get(THREAD + "count") == "1" and replies.get(THREAD + "updated") > entry.findtext(ATOM + "published")
    assert not [e for e in seen if "a comment for the feed" in (e.findtext(ATOM + "content") or "")]


def test_back_never_leaves_the_site(shared, people):
    kwip = people["ann"].say("stay here")
    token = dict(people["ann"].get("/compose").fields("/kwips"))["csrf"]
    for away in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        answer = people["ann"].raw("POST", "/kwips/%s/favourite" % kwip, data={"csrf": token, "back": away})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
