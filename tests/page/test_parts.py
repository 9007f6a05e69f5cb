# SPDX-License-Identifier: MIT
"""What kwips have beside their text, on the pages: media, polls, quotes, link previews."""
import sqlite3

import pytest
from browser import Browser
from kwipd import Kwipd


class Site:
    def __init__(self, k):
        self.k = k
        for name in ("ann", "bob"):
            k.account(name)
        self.ann, self.bob = k.token("ann"), k.token("bob")
        self.of_ann, self.of_bob = (Browser(k).log_in(n, k.passwords[n]) for n in ("ann", "bob"))
        self.visitor = Browser(k)

    def write(self, sql, *args):
        db = sqlite3.connect(self.k.dir + "/kwipd.db", timeout=10)
        with db:
            db.execute(sql, args)
        db.close()

    def media(self, id, kind, type, about=""):
        self.write("INSERT INTO media (id, account, state, kind, type, file, preview, width, height, preview_width,"
                   " preview_height, description) SELECT ?, id, 1, ?, ?, ?, ?, 640, 480, 320, 240, ? FROM account"
                   " WHERE name = 'ann'", id, kind, type, "aa/%d.bin" % id, "aa/%d-small.png" % id, about)
        return str(id)


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def tags(page, name):
    return [a for tag, a in page.reader.tags if tag == name]


def test_media_on_pages(site):
    ids = [site.media(101, 1, "image/png", 'a "cat"'), site.media(102, 3, "video/mp4", "a film"),
           site.media(103, 4, "audio/ogg"), site.media(104, 2, "image/gif")]
    s = site.k.say(site.ann, "", media_ids=ids)
    for page in (site.visitor.get("/@ann/" + s["id"]), site.visitor.get("/everyone"), site.of_bob.get("/everyone/recent")):
        shown = [a for a in tags(page, "img") if "/media/" in a["src"]]
        assert [a["src"] for a in shown] == ["/media/aa/101-small.png", "/media/aa/104-small.png"]
        assert shown[0]["alt"] == 'a "cat"' and shown[0]["loading"] == "lazy"
        assert (shown[0]["width"], shown[0]["height"]) == ("320", "240")
        assert "/media/aa/101.bin" in page.reader.links
        video, = tags(page, "video")
        assert video["preload"] == "none" and "controls" in video and video["src"] == "/media/aa/102.bin"
        assert tags(page, "audio")[0]["preload"] == "none"
    csp = site.visitor.raw("GET", "/everyone").headers["Content-Security-Policy"]
    assert "img-src 'self'" in csp and "media-src 'self'" in csp


def test_sensitive_media_stand_behind_a_click(site):
    s = site.k.say(site.ann, "look away", sensitive=True, media_ids=[site.media(110, 1, "image/png")])
    html = site.visitor.get("/@ann/" + s["id"]).html
    assert html.index("look away</p>") < html.index('<details class="warned">') < html.index("/media/aa/110")


def test_a_link_preview(site):
    s = site.k.say(site.ann, "see https://far.example/page")
    site.write("INSERT INTO preview (id, url, state, title, description, provider_name) VALUES (1,"
               " 'https://far.example/page', 1, 'A <title>', 'Words', 'Far')")
    site.write("INSERT INTO kwip_preview (kwip, preview) VALUES (?, 1)", int(s["id"]))
    site.k.api("POST", "/api/v1/statuses/%s/favourite" % s["id"], site.bob)
    page = site.visitor.get("/@ann/" + s["id"])
    shown = [a for a in tags(page, "a") if a.get("class") == "preview"]
    assert [a["href"] for a in shown] == ["https://far.example/page"] and page.has("A <title> Words Far")
    card = site.k.api("GET", "/api/v1/statuses/" + s["id"]).json()["card"]
    assert (card["url"], card["title"], card["type"]) == ("https://far.example/page", "A <title>", "link")


def ask(site, text, options=("red", "blue"), **poll):
    return site.k.say(site.ann, text, poll=dict(poll, options=list(options), expires_in=3600))


def test_voting(site):
    s = ask(site, "which?", ["<b>red</b>", "blue"])
    room, votes = "/@ann/" + s["id"], "/polls/%s/votes" % s["poll"]["id"]
    seen = site.visitor.get(room)
    assert seen.has("<b>red</b>") and tags(seen, "progress") and votes not in [f["action"] for f in seen.reader.forms]
    page = site.of_bob.get(room)
    assert [a["type"] for a in tags(page, "input") if a["name"] == "choices"] == ["radio", "radio"]
    assert site.of_bob.raw("POST", votes, data={"choices": "1"}).status_code == 403, "no form of ours"
    page.submit(votes, expect=422)
    after = page.submit(votes, choices="1")
    assert after.path == room and after.has("blue ✓") and after.has("100 %")
    assert votes not in [f["action"] for f in after.reader.forms]
    assert site.visitor.get(room).has("100 %"), "visitors see the count at once"
    page.submit(votes, expect=422, choices="0")
    mine = site.of_ann.get("/home")
    assert mine.has("<b>red</b>") and votes not in [f["action"] for f in mine.reader.forms], "nobody votes for himself"


def test_several_polls_on_one_page(site):
    both = [ask(site, "first", ["a1", "a2"], multiple=True), ask(site, "second", ["b1", "b2"])]
    page = site.of_bob.get("/everyone/recent")
    page.submit("/polls/%s/votes" % both[0]["poll"]["id"], choices=["0", "1"])
    page = site.of_bob.get("/everyone/recent")
    page.submit("/polls/%s/votes" % both[1]["poll"]["id"], choices="0")
    got = [site.k.api("GET", "/api/v1/polls/" + s["poll"]["id"], site.bob).json()["own_votes"] for s in both]
    assert got == [[0, 1], [0]]


def test_quotes(site):
    first = site.k.say(site.ann, "what was said first")
    quoting = site.k.say(site.bob, "look at this", quoted_status_id=first["id"])
    room = "/@bob/" + quoting["id"]
    places = [(site.visitor, p) for p in (room, "/@bob", "/everyone/recent")]
    places += [(site.of_ann, p) for p in (room, "/@bob/active", "/everyone")]
    places += [(site.of_bob, "/home/recent")]
    for browser, path in places:
        page = browser.get(path)
        assert '<blockquote class="quoted">' in page.html, path
        assert "what was said first" in page.html[page.html.index('<blockquote class="quoted">'):], path
    url = "/api/v1/accounts/%s/" % first["account"]["id"]
    site.k.account("carla")
    carla, browser = site.k.token("carla"), Browser(site.k).log_in("carla", site.k.passwords["carla"])
    for verb, back, why in (("mute", "unmute", "whom you mute"), ("block", "unblock", "whom you block")):
        site.k.api("POST", url + verb, carla)
        page = browser.get(room)
        assert page.has(why) and not page.has("what was said first"), verb
        site.k.api("POST", url + back, carla)
    site.k.api("DELETE", "/api/v1/statuses/" + first["id"], site.ann)
    page = site.visitor.get(room)
    assert page.has("What this quotes is gone") and not page.has("what was said first")


def test_editing_on_the_page_keeps_the_parts(site):
    s = site.k.say(site.ann, "with picture", media_ids=[site.media(120, 1, "image/png")])
    site.of_ann.get("/kwips/%s/edit" % s["id"]).submit("/kwips/%s/edit" % s["id"], body="with a picture")
    now = site.k.api("GET", "/api/v1/statuses/" + s["id"]).json()
    assert len(now["media_attachments"]) == 1 and "with a picture" in now["content"]
    p = ask(site, "keep me")
    site.of_ann.get("/kwips/%s/edit" % p["id"]).submit("/kwips/%s/edit" % p["id"], body="kept")
    assert site.k.api("GET", "/api/v1/statuses/" + p["id"]).json()["poll"]["id"] == p["poll"]["id"]
