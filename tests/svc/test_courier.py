# SPDX-License-Identifier: MIT
"""The courier's link previews, from a kwip to its rows, with a web server of ours as the world."""
import os
import sqlite3
import sys
import time

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from following import restart_with_trouble_at_next_event, service  # noqa: E402
from kwipd import wait_for  # noqa: E402
from receiver import Receiver  # noqa: E402
from support import Db, children, kill_nine  # noqa: E402

HTML = {"Content-Type": "text/html; charset=utf-8"}
READY, NONE = 1, 2
PAGE = b"""<!doctype html><html lang="en-GB"><head><title>A &amp; B</title>
<meta property="og:title" content="The title &ndash; of a page"><meta property="og:description" content=" Two
 lines "><meta property="og:site_name" content="Example"><meta name="author" content="Ann Author">
<meta property="article:published_time" content="2026-11-23T12:00:00+01:00"></head><body>hello</body></html>"""


@pytest.fixture
def world():
    with Receiver({"/page": [(200, HTML, PAGE)]}, standard=(404, HTML, b"")) as r:
        yield r


def start(make_kwipd, **settings):
    k = make_kwipd(**dict(dict(link_previews="on", fetch_private="127.0.0.1", env={"KWIPD_TEST_PACE_MS": "20"}), **settings))
    k.account("ann")
    k.ann = k.token("ann")
    return k


@pytest.fixture
def site(make_kwipd):
    return start(make_kwipd)


def errands(k):
    with sqlite3.connect("file:%s/courier.db?mode=ro" % k.dir, uri=True, timeout=10) as db:
        return db.execute("SELECT count(*) FROM errand").fetchone()[0]


def is_done(k):
    """The whole log was read, and nothing waits."""
    with Db(k.dir) as db, sqlite3.connect("file:%s/courier.db?mode=ro" % k.dir, uri=True, timeout=10) as own:
        newest = db.one("SELECT max(seq) FROM event")
        return own.execute("SELECT seq FROM courier_place").fetchone()[0] >= newest and errands(k) == 0


def preview_of(k, kwip):
    with Db(k.dir) as db:
        rows = db.rows("SELECT p.* FROM kwip_preview k JOIN preview p ON p.id = k.preview WHERE k.kwip = ?", int(kwip["id"]))
        return dict(rows[0]) if rows else None


def test_preview(site, world):
    said = site.say(site.ann, "look: %s/page and more" % world.url)
    card = wait_for(lambda: preview_of(site, said))
    assert card["url"] == world.url + "/page" and card["state"] == READY and card["kind"] == 0
    assert card["title"] == "The title \u2013 of a page" and card["description"] == "Two lines"
    assert card["author_name"] == "Ann Author" and card["provider_name"] == "Example"
    assert card["provider_url"] == world.url and card["language"] == "en-GB"
    assert card["published_at"] == 1795431600000
    (asked,) = world.got("/page")
    assert asked.headers["User-Agent"] == "kwipd/0.1.0 (+%s)" % site.url
    assert "Cookie" not in asked.headers and "Accept-Encoding" not in asked.headers
    with Db(site.dir) as db:
        rows = db.rows("SELECT kwip, actor FROM event WHERE kind = 26")
        assert [tuple(r) for r in rows] == [(int(said["id"]), int(said["account"]["id"]))]


def test_one_fetch_however_many_kwips(site, world):
    said = [site.say(site.ann, "%d: %s/page" % (i, world.url)) for i in range(20)]
    wait_for(lambda: all(preview_of(site, s) for s in said))
    wait_for(lambda: is_done(site))
    assert len(world.got("/page")) == 1
    with Db(site.dir) as db:
        assert db.one("SELECT count(*) FROM preview") == 1


def test_first_link_that_has_one(site, world):
    world.answers["/text"] = [(200, {"Content-Type": "text/plain"}, b"<title>no</title>")]
    said = site.say(site.ann, "%s/missing %s/text %s/page" % ((world.url,) * 3))
    assert wait_for(lambda: preview_of(site, said))["url"] == world.url + "/page"
    assert [r.path for r in world.requests] == ["/missing", "/text", "/page"]


def test_no_own_pages_mentions_or_tags(site, world):
    said = site.say(site.ann, "@ann #tag %s/@ann" % site.url)
    wait_for(lambda: is_done(site))
    assert preview_of(site, said) is None
    with Db(site.dir) as db:
        assert db.one("SELECT count(*) FROM preview") == 0


def test_edits(site, world):
    world.answers["/other"] = [(200, HTML, b"<title>Other</title>")]
    said = site.say(site.ann, "%s/page" % world.url)
    wait_for(lambda: preview_of(site, said))
    path = "/api/v1/statuses/%s" % said["id"]
    assert site.api("PUT", path, site.ann, json={"status": "%s/other" % world.url}).status_code == 200
    wait_for(lambda: preview_of(site, said)["title"] == "Other")
    assert site.api("PUT", path, site.ann, json={"status": "no link"}).status_code == 200
    wait_for(lambda: preview_of(site, said) is None)


def test_private_addresses(make_kwipd, world):
    """Without the setting nothing on this machine is reached, by whatever name or way."""
    k = start(make_kwipd, fetch_private="")
    port = world.server.server_port
    names = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0")
    for name in names:
        k.say(k.ann, "http://%s:%d/page" % (name, port))
    wait_for(lambda: is_done(k), 20)
    assert not world.requests
    with Db(k.dir) as db:
        assert db.one("SELECT count(*) FROM preview WHERE state = ?", READY) == 0
        assert db.one("SELECT count(*) FROM preview WHERE state = ?", NONE) >= 2


def test_redirects(site, world):
    """Followed, but not to where nobody may go, not for ever, and to the web only."""
    away = {"/ok": "/page", "/loop": "/loop", "/meta": "http://169.254.169.254/latest", "/file": "file:///etc/passwd",
            "/inner": "http://127.0.0.2:%d/page" % world.server.server_port}
    for path, to in away.items():
        world.answers[path] = [(302, {"Location": to}, b"")]
    said = {path: site.say(site.ann, world.url + path) for path in away}
    wait_for(lambda: is_done(site), 20)
    shown = {path: preview_of(site, s) for path, s in said.items()}
    assert shown["/ok"]["title"] == "The title \u2013 of a page"
    assert [path for path, p in shown.items() if p] == ["/ok"]


def test_large_and_packed_pages(site, world):
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Large</title>")
        try:
            for _ in range(4096):
                handler.wfile.write(b"x" * 65536)
        except OSError:
            world.cut = True
    import gzip
    bomb = gzip.compress(b"<title>Packed</title>" + b" " * 10000000)
    world.answers["/large"] = [(200, {}, endless)]
    world.answers["/packed"] = [(200, dict(HTML, **{"Content-Encoding": "gzip"}), bomb)]
    large, packed = site.say(site.ann, world.url + "/large"), site.say(site.ann, world.url + "/packed")
    assert wait_for(lambda: preview_of(site, large))["title"] == "Large"
    assert wait_for(lambda: getattr(world, "cut", False)), "the peer was read to its end"
    wait_for(lambda: is_done(site), 20)
    assert preview_of(site, packed) is None


def test_old_charsets_and_junk(site, world):
    world.answers["/latin"] = [(200, {"Content-Type": "text/html; charset=iso-8859-1"}, "<title>Grüße €</title>".encode("cp1252"))]
    world.answers["/meta"] = [(200, {"Content-Type": "text/html"}, b"<meta charset='windows-1252'><title>Caf\xe9</title>")]
    world.answers["/junk"] = [(200, HTML, b"<title>\xff\xfe <b>x</title><meta property=og:title")]
    latin, meta, junk = (site.say(site.ann, world.url + p) for p in ("/latin", "/meta", "/junk"))
    assert wait_for(lambda: preview_of(site, latin))["title"] == "Grüße €"
    assert wait_for(lambda: preview_of(site, meta))["title"] == "Café"
    assert wait_for(lambda: preview_of(site, junk))["title"] == "\ufffd\ufffd <b>x"


def test_temporary_trouble(site, world):
    world.answers["/page"] = [(503, {}, b""), (500, {}, b""), (200, HTML, PAGE)]
    said = site.say(site.ann, world.url + "/page")
    assert wait_for(lambda: preview_of(site, said), 20)
    assert len(world.got("/page")) == 3


def test_silent_pages_hold_nobody(site, world):
    def silent(handler):
        time.sleep(6)
    world.answers.update({"/silent%d" % i: [(0, {}, silent)] for i in range(20)})
    for i in range(20):
        site.say(site.ann, "%s/silent%d" % (world.url.replace("127.0.0.1", "localhost"), i))
    said = site.say(site.ann, world.url + "/page")
    assert wait_for(lambda: preview_of(site, said), 5)


def test_killed_in_the_middle(site, world):
    def slow(handler):
        time.sleep(0.5)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n<title>Slow</title>")
    world.answers["/slow"] = [(0, {}, slow)]
    said = site.say(site.ann, world.url + "/slow")
    wait_for(lambda: world.got("/slow"))
    kill_nine(children(site.process.pid)["courier"])
    assert wait_for(lambda: preview_of(site, said), 20)["title"] == "Slow"


def test_a_deadly_event_is_parked(site, world):
    """Only what that event asked for is missing; the rest goes on."""
    site.say(site.ann, "before the trouble")
    wait_for(lambda: is_done(site))
    seq = restart_with_trouble_at_next_event(site, "abort", "courier")
    world.answers["/deadly"] = [(200, HTML, b"<title>Deadly</title>")]
    deadly, after = site.say(site.ann, world.url + "/deadly"), site.say(site.ann, world.url + "/page")
    assert wait_for(lambda: preview_of(site, after), 15)
    assert [(p["reader"], p["seq"]) for p in site.status()["parked"]] == [("courier", seq)]
    assert service(site, "courier")["restarts"] == 5 and service(site, "timeline")["restarts"] == 0
    wait_for(lambda: is_done(site))
    assert preview_of(site, deadly) is None and not world.got("/deadly")


def test_switched_off(make_kwipd, world):
    k = start(make_kwipd, link_previews="off")
    k.say(k.ann, world.url + "/page")
    wait_for(lambda: is_done(k))
    assert not world.requests


def test_queue_of_another_database(make_kwipd, world, site):
    """A broken queue is set aside; the log says where to go on."""
    site.stop()
    for end in ("-wal", "-shm"):
        path = "%s/courier.db%s" % (site.dir, end)
        if os.path.exists(path):
            os.unlink(path)
    with open("%s/courier.db" % site.dir, "wb") as f:
        f.write(b"no database" * 1000)
    site.start()
    said = site.say(site.ann, world.url + "/page")
    assert wait_for(lambda: preview_of(site, said))
    assert os.path.exists("%s/courier.db.old" % site.dir)
