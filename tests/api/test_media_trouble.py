# SPDX-License-Identifier: MIT
"""Uploads when something is wrong: many at once, the media service or its decoder killed, pictures that are traps; and
that every answer of /media and of uploads can be read by a page of somewhere else."""
import io
import os
import random
import signal
import struct
import threading
import time
import zlib

import pytest
from PIL import Image

from entities import check, check_error
from kwipd import Kwipd, is_alive, wait_for
from pictures import bytes_of, png_chunk, scene
from support import Db, children, kill_nine

V1, V2 = "/api/v1/media", "/api/v2/media"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        k.account("ann")
        k.ann = k.token("ann")
        yield k


@pytest.fixture(scope="module")
def heavy():
    """A picture that takes a while to read."""
    return bytes_of(scene(5000, 4000), "JPEG", progressive=True, quality=95)


def upload(k, data, where=V1, name="a.png", **form):
    return k.api("POST", where, k.ann, files={"file": (name, data, "image/png")}, data=form, timeout=60)


def finished(k, answer, seconds=60):
    """The last answer of the one that was uploaded: 200, or 422 with a sentence."""
    assert answer.status_code in (200, 202, 422), answer.text
    if answer.status_code == 422:
        return answer
    url = V1 + "/" + check("MediaAttachment", answer.json())["id"]
    return wait_for(lambda: (lambda a: a if a.status_code != 206 else None)(k.api("GET", url, k.ann)), seconds)


def grown_up_child(pid):
    """The decoder that pid has started."""
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        found = [int(p) for p in f.read().split()]
    return found[0] if found else None


# -- many, and killed ones --

def test_thirty_at_once(site):
    pictures = [bytes_of(scene(300 + n, 200), "JPEG", exif=b"") for n in range(30)]
    answers = [None] * len(pictures)

    def one(n):
        answers[n] = upload(site, pictures[n], where=V2 if n % 2 else V1, description="number %d" % n)
    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(pictures))]
    for t in threads:
        t.start()
    begun = time.monotonic()
    assert site.get("/healthz").status_code == 200 and time.monotonic() - begun < 2
    for t in threads:
        t.join()
    for n, answer in enumerate(answers):
        media = check("MediaAttachment", finished(site, answer).json())
        assert media["description"] == "number %d" % n and media["meta"]["original"]["width"] == 300 + n
        got = Image.open(io.BytesIO(site.get(media["url"][len(site.url):]).content))
        assert got.size == (300 + n, 200), "each one has its own picture"


@pytest.mark.parametrize("whom", ["service", "decoder"])
def test_killed_in_the_middle(site, heavy, whom):
    """The service starts again and does it again; a decoder that dies takes only its picture with it."""
    service = wait_for(lambda: site.pids().get("media"))
    answers = []
    t = threading.Thread(target=lambda: answers.append(upload(site, heavy)))
    t.start()
    child = wait_for(lambda: grown_up_child(service))
    time.sleep(0.1)
    kill_nine(service if whom == "service" else child)
    t.join()
    end = finished(site, answers[0])
    if whom == "service":
        assert check("MediaAttachment", end.json())["url"]
        assert wait_for(lambda: site.pids().get("media") not in (None, 0, service))
        wait_for(lambda: not is_alive(child))
    else:
        assert len(check_error(end, 422)) > 10 and site.pids()["media"] == service
    assert upload(site, bytes_of(scene(30, 20), "PNG")).json()["url"]


def test_one_that_kills_its_service_again_and_again_is_given_up(make_kwipd, heavy):
    """Five times; then it fails with a sentence, and those behind it get their turn."""
    k = make_kwipd()
    k.account("ann")
    k.ann = k.token("ann")
    killed, answers = set(), []
    t = threading.Thread(target=lambda: answers.append(upload(k, heavy, where=V2)))
    t.start()

    def is_over():
        service = children(k.process.pid).get("media")
        if service and service not in killed and grown_up_child(service):
            killed.add(service)
            kill_nine(service)
        return len(killed) > 4
    wait_for(is_over, 60)
    t.join()
    behind = upload(k, bytes_of(scene(31, 20), "PNG"), where=V2)
    assert "broken" in check_error(finished(k, answers[0]), 422)
    assert finished(k, behind).json()["url"]


def test_a_service_that_stands_still_keeps_uploads_waiting(site):
    service = site.pids()["media"]
    os.kill(service, signal.SIGSTOP)
    try:
        answer = upload(site, bytes_of(scene(33, 20), "PNG"), where=V2)
        assert answer.status_code == 202 and answer.json()["url"] is None
        said = site.api("POST", "/api/v1/statuses", site.ann, json={"status": "x", "media_ids": [answer.json()["id"]]})
        assert "processing" in check_error(said, 422)
    finally:
        os.kill(service, signal.SIGCONT)
    assert finished(site, answer).json()["url"]


# -- traps --

def png(width, height, data):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*c) for c in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def too_many_scans():
    small = bytes_of(scene(64, 48), "JPEG", progressive=True)
    return small[:-2] + small[small.index(b"\xff\xda"):-2] * 3000 + b"\xff\xd9"


def large_text():
    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    text = (b"zTXt", b"a\0\0" + zlib.compress(b"x" * 100000000))
    chunks = [(b"IHDR", head), text, text, (b"IDAT", zlib.compress(b"\0" * 52)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*c) for c in chunks)


def still_gif():
    return bytes_of(scene(8, 8).convert("P"), "GIF")


def pictures_without_end():
    gif = still_gif()
    return gif[:-1] + gif[gif.index(b",", 13):-1] * 100000 + b";"


TRAPS = {
    "a head of billions": lambda: png(65000, 65000, zlib.compress(b"\0" * 1000)),
    "whole and huge": lambda: png(20000, 6000, zlib.compress(b"\0" * (20000 * 3 + 1) * 6000, 1)),
    "more data than pixels": lambda: png(4, 4, zlib.compress(b"\0" * 50000000)),
    "a long text": large_text,
    "scans without end": too_many_scans,
    "pictures without end": pictures_without_end,
    "a screen of billions": lambda: still_gif()[:6] + b"\xff\xff\xff\xff" + still_gif()[10:],
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps(site, name):
    """An error or a picture, soon, and the service lives with what memory it had."""
    service, trap = site.pids()["media"], TRAPS[name]()
    begun = time.monotonic()
    end = finished(site, upload(site, trap, where=V2))
    assert time.monotonic() - begun < 10
    if end.status_code != 200:
        assert len(check_error(end, 422)) > 10
    assert name in ("more data than pixels", "a long text") or end.status_code == 422
    assert site.pids()["media"] == service
    with open("/proc/%d/status" % service) as f:
        anonymous = next(int(line.split()[1]) for line in f if line.startswith("RssAnon"))
    assert anonymous < 20000
    assert upload(site, bytes_of(scene(32, 20), "PNG")).json()["url"]


# -- what is said of it --

@pytest.mark.parametrize("name, data, kind", [
    ("a.jpg", "PNG", "png"), ("a.exe", "JPEG", "jpg"), ("../../etc/passwd", "GIF", "png"), ("", "WEBP", "webp"), ("a\n\".html", "PNG", "png"),
])
def test_names_mean_nothing(site, name, data, kind):
    media = upload(site, bytes_of(scene(40, 30), data), name=name or "x").json()
    answer = site.get(media["url"][len(site.url):])
    assert media["url"].endswith("." + kind)
    assert answer.headers["Content-Type"] == {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}[kind]


def test_every_answer_may_be_read_elsewhere(site):
    origin = {"Origin": "https://elsewhere.example"}
    media = upload(site, bytes_of(scene(50, 30), "PNG")).json()
    path = media["url"][len(site.url):]
    tag = site.get(path).headers["ETag"]
    for answer, status in (
            (site.get(path, headers=origin), 200), (site.request("HEAD", path, headers=origin), 200),
            (site.get(path, headers=dict(origin, Range="bytes=0-3")), 206),
            (site.get(path, headers=dict(origin, Range="bytes=99999999-")), 416),
            (site.get(path, headers=dict(origin, Range="bytes=0-1,4-5")), 200),
            (site.get(path, headers=dict(origin, **{"If-None-Match": tag})), 304),
            (site.get("/media/aa/bb/00000000000000000000000000000000.png", headers=origin), 404),
            (site.request("POST", path, headers=origin), 404),
            (site.request("OPTIONS", path, headers=dict(origin, **{"Access-Control-Request-Method": "GET"})), 204),
            (site.request("OPTIONS", V2, headers=dict(origin, **{"Access-Control-Request-Method": "POST"})), 204),
            (site.api("POST", V2, headers=origin), 401), (site.api("POST", V2, site.ann, headers=origin), 422),
            (site.api("GET", V1 + "/1", site.ann, headers=origin), 404)):
        assert answer.status_code in (status, 200 if status == 204 else status), (answer.request.method, answer.url, answer.status_code)
        assert answer.headers["Access-Control-Allow-Origin"] == "*", (answer.request.method, answer.url)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_heads_and_parts(site):
    """HEAD says what GET does, of parts as well; what a player asks for first is the whole as a part."""
    media = upload(site, bytes_of(scene(50, 31), "PNG")).json()
    path = media["url"][len(site.url):]
    whole = site.get(path)
    size = len(whole.content)
    for asked, status in (({}, 200), ({"Range": "bytes=0-"}, 206), ({"Range": "bytes=-10"}, 206), ({"Range": "bytes=%d-" % size}, 416)):
        head, got = site.request("HEAD", path, headers=asked), site.get(path, headers=asked)
        assert head.status_code == got.status_code == status and head.content == b""
        for name in ("Content-Length", "Content-Range", "Content-Type", "ETag", "Cache-Control", "Accept-Ranges"):
            assert head.headers.get(name) == got.headers.get(name), (asked, name)
    assert site.get(path, headers={"Range": "bytes=-10"}).content == whole.content[-10:]
    assert "max-age=31536000" in whole.headers["Cache-Control"] and "immutable" in whole.headers["Cache-Control"]


def test_too_large_is_a_sentence(make_kwipd):
    k = make_kwipd(media_image_max="100K", media_video_max="200K")
    k.account("ann")
    k.ann = k.token("ann")
    noise = bytes_of(Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270000)), "PNG")
    assert 100 * 1024 < len(noise)
    for where in (V1, V2):
        answer = upload(k, noise[:190000] if len(noise) > 190000 else noise, where=where)
        assert "too large" in check_error(answer, 422)
        answer = upload(k, b"\0" * 8000000, where=where)
        check_error(answer, answer.status_code)
        assert answer.status_code in (413, 422) and answer.headers["Access-Control-Allow-Origin"] == "*"
    with Db(k.dir) as db:
        assert db.one("SELECT count(*) FROM media") == 0
