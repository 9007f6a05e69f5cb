# SPDX-License-Identifier: MIT
"""Link previews whole: the page's picture by way of the media service, oEmbed, who is named as its author, live.
The world is a web server of ours on loopback."""
import io
import json
import os
import sqlite3
import struct
import sys
import time
import zlib

import pytest
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "api")]

from entities import check  # noqa: E402
from kwipd import wait_for  # noqa: E402
from receiver import Receiver  # noqa: E402
from support import Db, change_at_rest, children, kill_nine  # noqa: E402
from pictures import blurhash, bytes_of, difference, exif_of, hashes_agree, png_chunk, scene  # noqa: E402
from wsclient import Socket  # noqa: E402

HTML, JPEG = {"Content-Type": "text/html; charset=utf-8"}, {"Content-Type": "image/jpeg"}
JSON = {"Content-Type": "application/json"}
EVENT_PREVIEW = 26


def page(title="A page", **meta):
    """Underscores in names stand for colons."""
    tags = "".join('<meta property="%s" content="%s">' % (n.replace("_", ":"), v) for n, v in meta.items())
    return 200, HTML, ("<!doctype html><title>%s</title>%s" % (title, tags)).encode()


@pytest.fixture
def world():
    with Receiver(standard=(404, HTML, b"")) as r:
        yield r


@pytest.fixture
def site(make_kwipd):
    k = make_kwipd(link_previews="on", fetch_private="127.0.0.1", env={"KWIPD_TEST_PACE_MS": "20"})
    for name in ("ann", "bob"):
        k.account(name)
    k.ann, k.bob = k.token("ann"), k.token("bob")
    return k


def card(k, kwip, token=None):
    answer = k.api("GET", "/api/v1/statuses/" + kwip["id"], token)
    assert answer.status_code == 200
    return check("Status of viewer" if token else "Status", answer.json())["card"]


def wait_card(k, kwip, token=None, **has):
    """The card, once it is there and these fields are as said (True: set)."""
    def look():
        c = card(k, kwip, token)
        return c if c and all(bool(c[n]) if v is True else c[n] == v for n, v in has.items()) else None
    return wait_for(look, 20)


def settled(k):
    """No errand and no upload waits, and everything that was said has been seen by the cache."""
    with Db(k.dir) as db, sqlite3.connect("file:%s/courier.db?mode=ro" % k.dir, uri=True, timeout=10) as own:
        newest = db.one("SELECT max(seq) FROM event")
        waiting = db.one("SELECT count(*) FROM media") + own.execute("SELECT count(*) FROM errand").fetchone()[0]
        read = own.execute("SELECT seq FROM courier_place").fetchone()[0]
    return waiting == 0 and read >= newest and k.status()["cache"]["seq"] >= newest


def media_files(k):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(k.dir + "/media") for f in files)


def open_image(k, url):
    answer = k.get(url[len(k.url):])
    assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.content))
    picture.load()
    return picture, answer


def test_the_picture_of_a_page(site, world):
    original = scene(1600, 900)
    world.answers["/pics/a.jpg"] = [(200, JPEG, bytes_of(original, "JPEG", quality=95, exif=exif_of()))]
    world.answers["/in/page"] = [page(og_image="../pics/a.jpg?x=1#f", og_image_alt="A &lt;bright&gt; corner")]
    world.answers["/pics/a.jpg?x=1"] = world.answers["/pics/a.jpg"]
    said = site.say(site.ann, world.url + "/in/page")
    c = wait_card(site, said, image=True)
    assert (c["type"], c["width"], c["height"], c["image_description"]) == ("link", 640, 360, "A <bright> corner")
    assert c["html"] == c["embed_url"] == "" and c["authors"] == []
    picture, answer = open_image(site, c["image"])
    assert picture.size == (640, 360) and answer.headers["Content-Type"] == "image/jpeg"
    assert difference(picture, original.resize((640, 360), Image.LANCZOS)) < 3
    assert b"Secret Camera" not in answer.content
    assert hashes_agree(c["blurhash"], small_hash(picture))
    assert len(media_files(site)) == 1, "the picture itself is not kept, only a small one"
    assert not os.listdir(site.dir + "/spool")
    shown = site.get("/@ann/" + said["id"]).text
    assert 'src="%s"' % c["image"][len(site.url):] in shown and 'alt="A &lt;bright&gt; corner"' in shown
    assert 'width="640" height="360"' in shown
    with Db(site.dir) as db:
        assert db.one("SELECT count(*) FROM media") == 0
    (asked,) = world.got("/pics/a.jpg?x=1")
    assert "image/" in asked.headers["Accept"] and "Cookie" not in asked.headers


def small_hash(picture):
    """Of the picture made as small as the service makes it for this."""
    ratio = (48 * 48 / (picture.width * picture.height)) ** 0.5
    return blurhash(picture.convert("RGB").resize((int(picture.width * ratio), int(picture.height * ratio)), Image.LANCZOS))


def bomb():
    """A PNG of 3.6 billion pixels, as its head says."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*c) for c in chunks)


def broken(world):
    good = bytes_of(scene(900, 600), "JPEG")

    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + good[:2000])
        try:
            for _ in range(2000):
                handler.wfile.write(b"x" * 65536)
        except OSError:
            world.cut = True
    return {
        "bomb": (200, JPEG, bomb()), "truncated": (200, JPEG, good[:len(good) // 2]),
        "text": (200, JPEG, b"this is no picture"), "svg": (200, {"Content-Type": "image/svg+xml"}, b"<svg/>"),
        "film": (200, {"Content-Type": "video/mp4"}, b"\0\0\0\x18ftypisom\0\0\0\0isom" + b"\0" * 100),
        "empty": (200, JPEG, b""), "missing": (404, JPEG, good), "error": (500, JPEG, good), "endless": (200, JPEG, endless),
        "away": (302, {"Location": "http://169.254.169.254/a.jpg"}, b""), "loop": (302, {"Location": "/loop"}, b""),
    }


def test_what_is_no_picture_leaves_a_card_without_one(site, world):
    said = {}
    for name, answer in broken(world).items():
        world.answers["/" + name] = [answer]
        world.answers["/page-" + name] = [page(title=name, og_image=world.url + "/" + name)]
        said[name] = site.say(site.ann, "%s/page-%s" % (world.url, name))
    for name, image in (("private", "http://127.0.0.2/a.jpg"), ("file", "file:///etc/passwd"), ("data", "data:image/png;base64,AA")):
        world.answers["/page-" + name] = [page(title=name, og_image=image)]
        said[name] = site.say(site.ann, "%s/page-%s" % (world.url, name))
    pids = site.pids()
    cards = {name: wait_card(site, s, title=name) for name, s in said.items()}
    wait_for(lambda: settled(site), 30)
    assert {name: card(site, s)["image"] for name, s in said.items()} == dict.fromkeys(cards)
    assert all((c["width"], c["blurhash"]) == (0, None) for c in cards.values())
    assert getattr(world, "cut", False), "a picture without an end was read to its end"
    assert site.pids() == pids, "everybody lives"
    assert media_files(site) == [] and os.listdir(site.dir + "/spool") == []
    world.answers["/good"] = [(200, {"Content-Type": "text/plain"}, bytes_of(scene(80, 60), "PNG"))]
    world.answers["/page"] = [page(og_image="good")]
    c = wait_card(site, site.say(site.ann, world.url + "/page"), image=True)
    assert (c["width"], c["height"]) == (80, 60) and c["image"].endswith(".png")


def test_moving_pictures_stand_still(site, world):
    frames = [scene(90, 60), scene(90, 60).rotate(180)]
    world.answers["/a.gif"] = [(200, {}, bytes_of(frames[0], "GIF", save_all=True, append_images=frames[1:]))]
    world.answers["/page"] = [page(og_image="/a.gif")]
    c = wait_card(site, site.say(site.ann, world.url + "/page"), image=True)
    picture, _ = open_image(site, c["image"])
    assert getattr(picture, "n_frames", 1) == 1 and difference(picture, frames[0]) < 8


def stop_and_age(k, hours):
    """As if everything had been fetched that long ago."""
    k.stop()
    change_at_rest(k.dir, "UPDATE preview SET fetched_at = fetched_at - ?", hours * 3600000)
    k.start()


def test_a_page_that_changes_changes_every_card(site, world):
    world.answers["/a.png"] = [(200, {}, bytes_of(scene(80, 60), "PNG"))]
    world.answers["/b.png"] = [(200, {}, bytes_of(scene(60, 80), "PNG"))]
    world.answers["/page"] = [page("One", og_image="/a.png"), page("Two", og_image="/b.png"), page("Three")]
    first = site.say(site.ann, world.url + "/page")
    assert wait_card(site, first, image=True)["title"] == "One"
    stop_and_age(site, 15 * 24)
    second = site.say(site.ann, "again " + world.url + "/page")
    for s in (first, second):
        assert (lambda c: (c["title"], c["width"]))(wait_card(site, s, title="Two", width=60)) == ("Two", 60)
    wait_for(lambda: settled(site))
    assert site.home(site.ann)[-1]["card"]["title"] == "Two", "from the cache, too"
    stop_and_age(site, 15 * 24)
    site.say(site.ann, "and again " + world.url + "/page")
    assert wait_card(site, first, title="Three", image=None)["width"] == 0


def test_nothing_changed_is_not_told(site, world):
    world.answers["/page"] = [page("Same")]
    first = site.say(site.ann, world.url + "/page")
    wait_card(site, first)
    stop_and_age(site, 15 * 24)
    second = site.say(site.ann, "again " + world.url + "/page")
    wait_card(site, second)
    assert len(world.got("/page")) == 2
    with Db(site.dir) as db:
        told = [r[0] for r in db.rows("SELECT kwip FROM event WHERE kind = ?", EVENT_PREVIEW)]
    assert told == [int(first["id"]), int(second["id"])]


def test_a_card_that_comes_is_told_live(site, world):
    world.answers["/a.png"] = [(200, {}, bytes_of(scene(80, 60), "PNG"))]
    world.answers["/page"] = [page(og_image="/a.png")]
    with_card = []
    live = Socket(site.port, "/api/v1/streaming?stream=user&access_token=" + site.ann)
    try:
        said = site.say(site.ann, world.url + "/page")
        while not with_card or with_card[-1]["image"] is None:
            message = live.next()
            status = json.loads(message["payload"])
            assert status["id"] == said["id"]
            if status["card"]:
                assert message["event"] == "status.update"
                with_card.append(status["card"])
        assert with_card[-1]["image"].startswith(site.url + "/media/") and 1 <= len(with_card) <= 2
    finally:
        live.close()


def test_killed_between_page_and_picture(site, world):
    """The courier dies while the picture is on its way, then the media service with the picture in the spool."""
    def slow(handler):
        time.sleep(0.7)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(picture) + picture)
    picture = bytes_of(scene(90, 60), "JPEG")
    world.answers["/a.jpg"] = [(200, JPEG, slow)]
    world.answers["/page"] = [page(og_image="/a.jpg")]
    said = site.say(site.ann, world.url + "/page")
    wait_for(lambda: world.got("/a.jpg"))
    kill_nine(children(site.process.pid)["courier"])
    assert wait_card(site, said, image=True)["width"] == 90
    assert len(world.got("/page")) == 2


# -- oEmbed --

def with_oembed(world, **said):
    world.answers["/oembed?u=1&f=json"] = [(200, JSON, json.dumps(dict({"version": "1.0"}, **said)).encode())]
    body = (b'<title>Head</title><meta property="og:description" content="From the head"><meta name="author" content="Headless">'
            b'<link rel="alternate" type="application/json+oembed" href="/oembed?u=1&amp;f=json" title="x">')
    world.answers["/page"] = [(200, HTML, body)]


def test_a_film_stays_a_link_with_its_words(site, world):
    """What somebody else's player would be is not shown: no html, and the card is a link."""
    world.answers["/t.jpg"] = [(200, JPEG, bytes_of(scene(480, 360), "JPEG"))]
    with_oembed(world, type="video", title="A &amp; B", author_name="Ann\nA.", author_url="https://tube.example/ann",
                provider_name="Tube", provider_url="https://tube.example/", thumbnail_url="/t.jpg", width=200, height=113,
                html="<iframe src='https://tube.example/embed/1'></iframe><script>alert(1)</script>")
    c = wait_card(site, site.say(site.ann, world.url + "/page"), image=True)
    assert (c["type"], c["html"], c["embed_url"]) == ("link", "", "")
    assert (c["title"], c["description"], c["author_name"]) == ("A & B", "From the head", "Ann A.")
    assert (c["provider_name"], c["provider_url"]) == ("Tube", "https://tube.example/")
    assert c["authors"] == [{"name": "Ann A.", "url": "https://tube.example/ann", "account": None}]
    assert (c["width"], c["height"]) == (480, 360)
    assert world.got("/oembed?u=1&f=json")[0].headers["Accept"] == "application/json"


def test_a_photo_is_shown_from_here(site, world):
    world.answers["/p.png"] = [(200, {}, bytes_of(scene(300, 200), "PNG"))]
    world.answers["/t.png"] = [(200, {}, bytes_of(scene(30, 20), "PNG"))]
    with_oembed(world, type="photo", version=1.0, url="/p.png", width=300, height=200, title="P", thumbnail_url="/t.png")
    c = wait_card(site, site.say(site.ann, world.url + "/page"), image=True)
    assert (c["type"], c["title"], c["author_name"]) == ("photo", "P", "Headless")
    assert (c["width"], c["height"], c["html"]) == (300, 200, "") and c["embed_url"] == c["image"]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'{"type": "video"}', b'{"version": "1.0", "type": "other", "title": "no"}', b"\xff\xfe\x00", b"[" * 5000,
    b'{"version": "1.0", "type": "link", "title": "' + b"x" * 70000 + b'"}',
    b'{"version": "1.0", "type": "link", "title": 1, "author_name": {}, "author_url": "javascript:alert(1)", "provider_url": "x"}',
])
def test_what_is_no_oembed_does_no_harm(site, world, body):
    with_oembed(world)
    world.answers["/oembed?u=1&f=json"] = [(200, JSON, body)]
    c = wait_card(site, site.say(site.ann, world.url + "/page"))
    assert (c["title"], c["type"], c["author_name"], c["author_url"]) == ("Head", "link", "Headless", "")
    assert c["provider_url"] in ("", world.url)


def test_an_oembed_that_is_away_or_inside(site, world):
    with_oembed(world)
    world.answers["/oembed?u=1&f=json"] = [(503, JSON, b"")]
    assert wait_card(site, site.say(site.ann, world.url + "/page"))["title"] == "Head"
    world.answers["/inner"] = [(200, HTML, b'<title>Inner</title><link rel=alternate type=application/json+oembed '
                                b'href="http://169.254.169.254/oembed">')]
    assert wait_card(site, site.say(site.ann, world.url + "/inner"))["title"] == "Inner"


# -- who wrote it --

def allow(k, token, *domains):
    answer = k.api("PATCH", "/api/v1/accounts/update_credentials", token, json={"attribution_domains": list(domains)})
    assert answer.status_code == 200 and answer.json()["source"]["attribution_domains"] == list(domains)


def creator(k, name="bob"):
    host = k.url.split("://")[1]
    return (200, HTML, ('<title>By %s</title><meta name="fediverse:creator" content="@%s@%s">' % (name, name, host)).encode())


def test_an_author_who_says_so(site, world):
    world.answers["/page"] = [creator(site)]
    said = site.say(site.ann, world.url + "/page")
    c = wait_card(site, said, site.ann)
    assert c["authors"] == [] and c["missing_attribution"] is False, "bob does not know that page"
    assert card(site, said, site.bob)["missing_attribution"] is True, "and learns of it"
    assert "missing_attribution" not in card(site, said)
    allow(site, site.bob, "other.example", "127.0.0.1")
    c = card(site, said, site.bob)
    assert c["missing_attribution"] is False
    (author,) = c["authors"]
    assert author["account"]["acct"] == "bob" and check("Account", author["account"])
    wait_for(lambda: settled(site))
    (at_home,) = site.home(site.ann)
    assert at_home["card"]["authors"] == c["authors"], "the same from the cache"
    site.api("PATCH", "/api/v1/accounts/update_credentials", site.bob, json={"display_name": "Robert"})
    assert card(site, said)["authors"][0]["account"]["display_name"] == "Robert"
    wait_for(lambda: settled(site))
    assert site.home(site.ann)[0]["card"]["authors"][0]["account"]["display_name"] == "Robert"
    boost = site.api("POST", "/api/v1/statuses/%s/reblog" % said["id"], site.bob).json()
    assert boost["reblog"]["card"]["authors"][0]["account"]["acct"] == "bob" and boost["card"] is None
    allow(site, site.bob)
    assert card(site, said)["authors"] == []


@pytest.mark.parametrize("named", ["@nobody@{host}", "@bob@elsewhere.example", "bob", "@", "@@", "@bob@", "", "@bob@{host}@x"])
def test_names_that_are_nobody_here(site, world, named):
    allow(site, site.bob, "127.0.0.1")
    named = named.format(host=site.url.split("://")[1])
    world.answers["/page"] = [(200, HTML, ('<title>T</title><meta name="author" content="Ann"><meta name="fediverse:creator" '
                                           'content="%s">' % named).encode())]
    c = wait_card(site, site.say(site.ann, world.url + "/page"), site.ann)
    assert c["authors"] == [{"name": "Ann", "url": "", "account": None}] and not c.get("missing_attribution")


def test_the_page_that_was_reached_must_be_allowed(site, world):
    """Somebody's link may lead anywhere: what counts is where the words stand."""
    world.answers["/page"] = [creator(site)]
    world.answers["/away"] = [(302, {"Location": world.url.replace("127.0.0.1", "localhost") + "/page"}, b"")]
    allow(site, site.bob, "127.0.0.1")
    site.stop()
    site.env["KWIPD_FETCH_PRIVATE"] = "127.0.0.1,::1"
    site.start()
    said = site.say(site.ann, world.url + "/away")
    assert wait_card(site, said, site.bob)["authors"] == [] and card(site, said, site.bob)["missing_attribution"]
