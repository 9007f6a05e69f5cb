# SPDX-License-Identifier: MIT
"""The whole way of an upload with the real media service: pictures in, finished and safe pictures out."""
import os
import re
import struct

import pytest

from entities import check, check_error
from kwipd import Kwipd, wait_for
from player import png

V1, V2 = "/api/v1/media", "/api/v2/media"
UPDATE = "/api/v1/accounts/update_credentials"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        k.account("ann")
        k.ann = k.token("ann")
        yield k


def upload(k, data, where=V1, kind="image/png", **form):
    return k.api("POST", where, k.ann, files={"file": ("a", data, kind)}, data=form)


def fetch(k, url):
    assert url.startswith(k.url + "/media/"), url
    answer = k.get(url[len(k.url):])
    assert answer.status_code == 200
    return answer


def test_a_png_comes_out_as_a_png_of_its_size(site):
    media = check("MediaAttachment", upload(site, png(40, 30), description="red").json())
    assert (media["type"], media["description"]) == ("image", "red")
    assert (media["meta"]["original"]["width"], media["meta"]["original"]["height"]) == (40, 30)
    assert media["meta"]["original"]["aspect"] == pytest.approx(4 / 3, 0.01)
    assert re.match(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,}\Z", media["blurhash"])
    answer = fetch(site, media["url"])
    assert answer.headers["Content-Type"] in ("image/png", "image/jpeg", "image/webp")
    fetch(site, media["preview_url"])


def test_v2_answers_200_or_202_and_is_ready_soon(site):
    answer = upload(site, png(50, 20), where=V2)
    assert answer.status_code in (200, 202)
    url = V1 + "/" + check("MediaAttachment", answer.json())["id"]
    ready = wait_for(lambda: (lambda a: a if a.status_code == 200 else None)(site.api("GET", url, site.ann)))
    assert check("MediaAttachment", ready.json())["url"]


def test_the_same_picture_twice_is_one_file(site):
    urls = {upload(site, png(11, 11, salt=b"same")).json()["url"] for _ in range(2)}
    assert len(urls) == 1


def test_what_the_camera_wrote_is_gone(site):
    media = upload(site, png(20, 20, salt=b"GPS 52.5N 13.4E")).json()
    assert b"52.5N" not in fetch(site, media["url"]).content


@pytest.mark.parametrize("name, data", [
    ("text", b"this is no picture"), ("html", b"<html><script>alert(1)</script>"),
    ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("truncated", png(200, 200)[:60]),
    ("bomb", png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 60000, 60000))),
    ("crc", png(5, 5)[:-20] + b"\0" * 20), ("jpeg head alone", b"\xff\xd8\xff\xe0" + b"\0" * 100),
    ("gif head alone", b"GIF89a\xff\xff\xff\xff"), ("webp head alone", b"RIFF\xff\0\0\0WEBPVP8 \xff\0\0\0"),
])
def test_what_is_no_picture_is_an_error_and_the_service_lives(site, name, data):
    for where in (V1, V2):
        answer = upload(site, data, where=where)
        if answer.status_code == 202:
            url = V1 + "/" + answer.json()["id"]
            answer = wait_for(lambda: (lambda a: a if a.status_code != 206 else None)(site.api("GET", url, site.ann)))
        assert len(check_error(answer, 422)) > 10
    assert upload(site, png(8, 8)).json()["url"]


def test_a_wrong_label_does_not_matter(site):
    assert upload(site, png(8, 9), kind="video/mp4").json()["type"] == "image"


def test_avatar_and_header(site):
    before = site.api("GET", "/api/v1/accounts/verify_credentials", site.ann).json()
    answer = site.api("PATCH", UPDATE, site.ann, files={"avatar": ("a", png(500, 300), "image/png"),
                                                       "header": ("h", png(1600, 400), "image/png")})
    me = check("CredentialAccount", answer.json())
    assert me["avatar"] != before["avatar"] and me["header"] != before["header"]
    fetch(site, me["avatar"])
    fetch(site, me["header"])
    check_error(site.api("PATCH", UPDATE, site.ann, files={"avatar": ("a", b"none", "image/png")}), 422)
    assert site.api("GET", "/api/v1/accounts/verify_credentials", site.ann).json()["avatar"] == me["avatar"]


def test_a_thumbnail_of_ones_own(site):
    media = upload(site, png(300, 300)).json()
    changed = site.api("PUT", V1 + "/" + media["id"], site.ann, files={"thumbnail": ("t", png(30, 10), "image/png")})
    assert changed.status_code == 200
    changed = check("MediaAttachment", changed.json())
    assert changed["url"] == media["url"] and changed["preview_url"] != media["preview_url"]


def test_a_killed_service_goes_on_where_it_was(site):
    pid = site.pids()["media"]
    os.kill(pid, 9)
    assert upload(site, png(31, 32)).json()["url"]
    assert wait_for(lambda: site.pids().get("media") not in (None, pid))


def test_the_spool_is_empty_afterwards(site):
    wait_for(lambda: not os.listdir(os.path.join(site.dir, "spool")))
