# SPDX-License-Identifier: MIT
"""Bytes in and out: files below /media with ranges and safe headers, uploads, their rows, large bodies."""
import http.client
import os
import signal
import re
import sqlite3
import threading
import time

import pytest

from entities import check, check_error
from kwipd import Kwipd, wait_for
from player import Player, png, put_file

V1, V2 = "/api/v1/media", "/api/v2/media"
SHAPE = r"/media/../../[0-9A-Za-z_-]{8,}\.[a-z0-9]+$"


@pytest.fixture(scope="module")
def site():
    """The real service stands still here: the tests say what becomes of an upload, and when."""
    with Kwipd(env={"KWIPD_TEST_STUCK_S": "100000"}) as k:
        os.kill(wait_for(lambda: k.pids().get("media")), signal.SIGSTOP)
        for name in ("ann", "bob"):
            k.account(name)
        k.ann, k.bob = k.token("ann"), k.token("bob")
        yield k


@pytest.fixture(scope="module")
def player(site):
    with Player(site.dir) as p:
        yield p


def change(k, sql, *args):
    db = sqlite3.connect(os.path.join(k.dir, "kwipd.db"), timeout=10)
    try:
        with db:
            return db.execute(sql, args).fetchall()
    finally:
        db.close()


def id_of(k, token):
    return int(k.api("GET", "/api/v1/accounts/verify_credentials", token).json()["id"])


def add_row(k, token, **columns):
    """A row as it is while nobody works on it: no event tells of it."""
    columns = dict({"id": time.time_ns() // 1000000 << 16 | time.time_ns() % 4096, "account": id_of(k, token)}, **columns)
    change(k, "INSERT INTO media (%s) VALUES (%s)" % (", ".join(columns), ", ".join("?" * len(columns))),
           *columns.values())
    return columns["id"]


# -- /media --

DATA = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def path(site):
    return "/media/" + put_file(site.dir, DATA, "png")


def test_a_file_and_its_headers(site, path):
    answer = site.get(path)
    assert (answer.status_code, answer.content) == (200, DATA)
    h = answer.headers
    assert h["Content-Type"] == "image/png" and h["Access-Control-Allow-Origin"] == "*"
    assert h["X-Content-Type-Options"] == "nosniff" and "sandbox" in h["Content-Security-Policy"]
    assert "immutable" in h["Cache-Control"] and h["Accept-Ranges"] == "bytes"
    assert h.get("Cross-Origin-Resource-Policy") != "same-origin" and "Content-Disposition" not in h
    head = site.request("HEAD", path)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(DATA)))
    options = site.request("OPTIONS", path)
    assert options.status_code in (200, 204) and options.headers["Access-Control-Allow-Origin"] == "*"
    known = site.get(path, headers={"If-None-Match": h["ETag"]})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", h["ETag"])


@pytest.mark.parametrize("asked, begin, end", [
    ("bytes=0-0", 0, 1), ("bytes=0-", 0, 10240), ("bytes=100-199", 100, 200), ("bytes=10239-", 10239, 10240),
    ("bytes=-1", 10239, 10240), ("bytes=-20000", 0, 10240), ("bytes=5000-99999", 5000, 10240),
    ("bytes=0-99999999999999999999999", None, None), ("bytes=1-0", None, None), ("bytes=a-b", None, None),
    ("bytes=0-1,3-4", None, None), ("lines=1-2", None, None), ("bytes=", None, None), ("bytes=--1", None, None),
])
def test_ranges(site, path, asked, begin, end):
    answer = site.get(path, headers={"Range": asked})
    if begin is None:
        assert (answer.status_code, answer.content) == (200, DATA)
        return
    assert (answer.status_code, answer.content) == (206, DATA[begin:end])
    assert answer.headers["Content-Range"] == "bytes %d-%d/%d" % (begin, end - 1, len(DATA))
    assert answer.headers["Content-Length"] == str(end - begin)


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_ranges_that_are_not_there(site, path, asked):
    answer = site.get(path, headers={"Range": asked})
    assert answer.status_code == 416 and answer.headers["Content-Range"] == "bytes */10240"
    assert answer.content == b""


def test_if_range(site, path):
    tag = site.get(path).headers["ETag"]
    assert site.get(path, headers={"Range": "bytes=0-3", "If-Range": tag}).status_code == 206
    for other in ('"other"', "W/" + tag, "Mon, 23 Nov 2026 00:00:00 GMT"):
        assert site.get(path, headers={"Range": "bytes=0-3", "If-Range": other}).content == DATA


def test_types_go_by_the_ending_and_unknown_ones_are_only_saved(site):
    for ending, kind in (("jpg", "image/jpeg"), ("webp", "image/webp"), ("gif", "image/gif"), ("mp4", "video/mp4"),
                         ("webm", "video/webm"), ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("flac", "audio/flac")):
        answer = site.get("/media/" + put_file(site.dir, b"x" + ending.encode(), ending))
        assert (answer.headers["Content-Type"], "Content-Disposition" in answer.headers) == (kind, False)
    for ending in ("html", "svg", "js"):
        answer = site.get("/media/" + put_file(site.dir, b"<script>" + ending.encode(), ending))
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"


def test_nothing_but_files_of_the_shape(site, path):
    os.makedirs(os.path.join(site.dir, "media", "zz", "zz"), exist_ok=True)
    os.symlink(os.path.join(site.dir, "kwipd.db"), os.path.join(site.dir, "media", "zz", "zz", "12345678.png"))
    os.makedirs(os.path.join(site.dir, "media", "zz", "zz", "87654321.png"), exist_ok=True)
    for bad in ("/media/", "/media/zz", "/media/zz/zz/", "/media/zz/zz/12345678.png", "/media/zz/zz/87654321.png",
                "/media/../kwipd.db", "/media/%2e%2e/kwipd.db", "/media/zz/zz/../../../kwipd.db", "/media/zz/../kwipd.db",
                "/media/zz/zz/..%2f..%2f..%2fkwipd.db", "/media/zz/zz/12345678", "/media//etc/passwd",
                path + "/", path + ".png", path.replace("png", "PNG"), "/media" + path[6:].replace("/", "//")):
        c = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        c.request("GET", bad)
        answer = c.getresponse()
        body = answer.read()
        assert answer.status == 404 and b"SQLite" not in body, bad
        assert answer.getheader("Access-Control-Allow-Origin") == "*" or ".." in bad, bad
        c.close()
    assert site.request("POST", path).status_code in (404, 405)


def test_an_empty_and_a_large_file(site):
    assert site.get("/media/" + put_file(site.dir, b"", "png")).content == b""
    large = os.urandom(1 << 20) * 8
    path = "/media/" + put_file(site.dir, large, "mp4")
    assert site.get(path).content == large
    assert site.get(path, headers={"Range": "bytes=4000000-7999999"}).content == large[4000000:8000000]


def test_slow_readers_hold_no_worker(site):
    path = "/media/" + put_file(site.dir, b"slow" * (8 << 20), "mp4")
    slow = []
    for _ in range(40):
        c = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
        c.request("GET", path)
        slow.append(c)
    begun = time.monotonic()
    for _ in range(20):
        assert site.get("/healthz").status_code == 200
    assert time.monotonic() - begun < 5
    assert slow[0].getresponse().read() == b"slow" * (8 << 20)
    for c in slow:
        c.close()


# -- uploads --

def upload(k, token, data, where=V2, **form):
    return k.api("POST", where, token, files={"file": ("a.png", data, "image/jpeg")}, data=form)


def test_upload_waits_a_moment_and_gives_the_finished_thing(site, player):
    data = png(7, 5, salt=b"one")
    answer = upload(site, site.ann, data, description="seven by five", focus="-0.5,0.25")
    assert answer.status_code == 200
    media = check("MediaAttachment", answer.json())
    assert (media["type"], media["description"]) == ("image", "seven by five")
    assert media["meta"]["original"]["width"] == 7 and media["meta"]["original"]["height"] == 5
    assert media["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert media["url"].startswith(site.url) and re.search(SHAPE, media["url"])
    assert site.get(media["url"][len(site.url):]).content.startswith(b"\x89PNG")
    assert check("MediaAttachment", upload(site, site.ann, data, where=V1).json())["url"]
    status = site.say(site.ann, "with a picture")
    assert status["media_attachments"] == []


def test_what_is_no_picture_is_refused_with_a_sentence(site, player):
    for where in (V1, V2):
        answer = upload(site, site.ann, b"this is no picture at all", where=where)
        assert answer.status_code == 422
        check_error(answer, 422)


def test_refusals(site):
    check_error(site.api("POST", V2, site.ann), 422)
    check_error(site.api("POST", V2, site.ann, data={"file": "text"}), 422)
    check_error(upload(site, site.ann, b""), 422)
    check_error(upload(site, site.ann, png(), description="x" * 1501), 422)
    check_error(upload(site, site.ann, png(), focus="left"), 422)
    check_error(upload(site, None, png()), 401)
    reader = site.token("ann", "read")
    check_error(upload(site, reader, png()), 403)
    check_error(site.api("GET", V1 + "/1", reader), 403)
    check_error(site.api("GET", V1 + "/x", site.ann), 404)
    # Nothing of all this is left behind.
    spool = os.path.join(site.dir, "spool")
    assert not [f for f in os.listdir(spool) if f.startswith("new-")]


def test_while_it_is_worked_on(site):
    id = add_row(site, site.ann)
    url = "%s/%d" % (V1, id)
    waiting = site.api("GET", url, site.ann)
    assert waiting.status_code == 206
    media = check("MediaAttachment", waiting.json())
    assert (media["url"], media["preview_url"]) == (None, None)
    check_error(site.api("GET", url, site.bob), 404)
    path = put_file(site.dir, png(3, 3))
    change(site, "UPDATE media SET state = 1, kind = 1, file = ?, preview = ? WHERE id = ?", path, path, id)
    ready = site.api("GET", url, site.ann)
    assert ready.status_code == 200 and ready.json()["url"].endswith(path)
    change(site, "UPDATE media SET state = 2, why = 'The picture is broken' WHERE id = ?", id)
    assert check_error(site.api("GET", url, site.ann), 422).endswith("The picture is broken")


def test_v2_does_not_wait_long(site):
    # Nobody works on it: the spool holds its bytes, the row says so.
    with Player(site.dir, wait_s=3):
        begun = time.monotonic()
        answer = upload(site, site.ann, png(9, 9, salt=os.urandom(8)))
        assert answer.status_code in (200, 202) and time.monotonic() - begun < 3
        media = check("MediaAttachment", answer.json())
        url = V1 + "/" + media["id"]
        assert wait_for(lambda: site.api("GET", url, site.ann).status_code == 200)


def test_describing_and_deleting(site, player):
    media = upload(site, site.ann, png(6, 6, salt=b"describe"), where=V1).json()
    url = V1 + "/" + media["id"]
    changed = check("MediaAttachment", site.api("PUT", url, site.ann, json={"description": "a", "focus": "1,-1"}).json())
    assert (changed["description"], changed["meta"]["focus"]) == ("a", {"x": 1, "y": -1})
    changed = site.api("PUT", url, site.ann, data={"focus": "0.1,0.2"}).json()
    assert (changed["description"], changed["meta"]["focus"]) == ("a", {"x": 0.1, "y": 0.2})
    assert site.api("PUT", url, site.ann, json={"description": ""}).json()["description"] is None
    check_error(site.api("PUT", url, site.bob, json={"description": "b"}), 404)
    check_error(site.api("PUT", url, site.ann, json={"description": "x" * 1501}), 422)
    thumb = png(2, 2, salt=b"thumb")
    changed = site.api("PUT", url, site.ann, files={"thumbnail": ("t.png", thumb, "image/png")})
    assert changed.status_code == 200 and changed.json()["preview_url"] != media["preview_url"]
    check_error(site.api("DELETE", url, site.bob), 404)
    status = site.say(site.ann, "holds it")
    change(site, "UPDATE media SET kwip = ? WHERE id = ?", int(status["id"]), int(media["id"]))
    check_error(site.api("DELETE", url, site.ann), 422)
    check_error(site.api("GET", url, site.ann), 404)
    change(site, "UPDATE media SET kwip = NULL WHERE id = ?", int(media["id"]))
    gone = site.api("DELETE", url, site.ann)
    assert (gone.status_code, gone.json()) == (200, {})
    check_error(site.api("DELETE", url, site.ann), 404)


# -- large bodies --

def anonymous_kib(pid):
    with open("/proc/%d/status" % pid) as f:
        return sum(int(line.split()[1]) for line in f if line.startswith(("RssAnon",)))


def begin_upload(k, token, size, body):
    """The head and part of the body; the rest is not sent."""
    c = http.client.HTTPConnection("127.0.0.1", k.port, timeout=30)
    c.putrequest("POST", V2)
    c.putheader("Authorization", "Bearer " + token)
    c.putheader("Content-Type", "multipart/form-data; boundary=XX")
    c.putheader("Content-Length", str(size))
    c.endheaders()
    for at in range(0, len(body), 1 << 20):
        c.send(body[at:at + (1 << 20)])
    return c


def unnamed_files(pid, dir):
    """Sizes of the unlinked files of dir that pid holds open."""
    sizes = []
    for fd in os.listdir("/proc/%d/fd" % pid):
        try:
            path = "/proc/%d/fd/%s" % (pid, fd)
            if os.readlink(path).startswith(dir) and os.readlink(path).endswith("(deleted)"):
                sizes.append(os.stat(path).st_size)
        except FileNotFoundError:
            pass
    return sizes


def test_many_large_bodies_are_no_memory_of_the_process(site):
    web = site.pids()["web"]
    before = anonymous_kib(web)
    body = b"x" * (8 << 20)
    held = [begin_upload(site, site.ann, 20 << 20, body) for _ in range(15)]
    wait_for(lambda: sum(unnamed_files(web, site.dir)) >= 15 * (8 << 20))
    grown = anonymous_kib(web) - before
    assert grown < 40 * 1024, "%d KiB for 120 MiB of bodies" % grown
    assert site.get("/healthz").status_code == 200
    for c in held:
        c.close()
    wait_for(lambda: not unnamed_files(web, site.dir))


def test_a_large_upload_arrives_to_the_byte(site, player):
    data = png(3, 3, salt=os.urandom(3000000).replace(b"\0", b"\1"))
    assert upload(site, site.ann, data, where=V1).status_code == 200
    assert data in player.seen
    chunked = iter([data[i:i + 70001] for i in range(0, len(data), 70001)])

    def parts():
        yield b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\n"
        yield from chunked
        yield b"\r\n--XX--\r\n"
    player.seen.clear()
    answer = site.api("POST", V1, site.ann, data=parts(), headers={"Content-Type": "multipart/form-data; boundary=XX"})
    assert answer.status_code == 200 and player.seen == [data]
    assert site.get("/healthz").status_code == 200


def test_too_large_is_said_at_once(make_kwipd):
    k = make_kwipd(media_image_max="100K", media_video_max="200K")
    k.account("ann")
    token = k.token("ann")
    big = png(3, 3, salt=b"\1" * 150000)
    check_error(upload(k, token, big), 422)
    check_error(upload(k, token, b"\0" * 250000), 422)
    c = begin_upload(k, token, 50 << 20, b"")
    answer = c.getresponse()
    assert answer.status == 413
    c.close()
    # Who says nothing of who he is, is not waited for.
    c = begin_upload(k, "", 50 << 20, b"")
    assert c.getresponse().status in (401, 413)
    c.close()


def test_uploads_that_wait_leave_others_their_workers(site):
    """Nobody works on these: they wait their ten seconds, and answers go on."""
    answers = []
    with Player(site.dir, wait_s=1.0):
        threads = [threading.Thread(target=lambda n=n: answers.append(
            upload(site, site.bob, png(5, 5, salt=b"w%d" % n), where=V1).status_code)) for n in range(12)]
        for t in threads:
            t.start()
        time.sleep(0.3)
        begun = time.monotonic()
        for _ in range(30):
            assert site.get("/healthz").status_code == 200
        assert time.monotonic() - begun < 2
        for t in threads:
            t.join()
    assert answers == [200] * 12


def test_stopping_does_not_wait_for_uploads(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    token = k.token("ann")
    change(k, "SELECT 1")
    t = threading.Thread(target=lambda: upload(k, token, png(5, 5)), daemon=True)
    t.start()
    time.sleep(0.5)
    code, took = k.stop()
    assert code == 0 and took < 2
