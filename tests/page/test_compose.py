# SPDX-License-Identifier: MIT
"""The form of kwips without JavaScript: pictures with descriptions, polls, quotes, later, drafts, editing all that."""
import io
import os
import re
import signal
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from browser import Browser
from kwipd import Kwipd, wait_for


def png(width=60, height=40, colour=(200, 80, 20)):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


class Site:
    def __init__(self, k):
        self.k, self.url = k, k.url
        for name in ("ann", "bob"):
            k.account(name)
        self.ann_token, self.bob_token = k.token("ann"), k.token("bob")
        self.ann, self.bob = (Browser(k).log_in(n, k.passwords[n]) for n in ("ann", "bob"))

    def status(self, page, token=None):
        """The kwip whose room the page is, as clients see it."""
        return self.k.api("GET", "/api/v1/statuses/" + re.search(r"/(\d+)$", page.path).group(1), token or self.ann_token).json()


@pytest.fixture(scope="module")
def site():
    with Kwipd(env={"KWIPD_TEST_STUCK_S": "100000"}) as k:
        yield Site(k)


@pytest.fixture
def ann(site):
    return site.ann


def file(data=None, name="sea.png", type="image/png"):
    return (name, png() if data is None else data, type)


def place(files=None, **more):
    """As a browser sends it: every place, empty ones too."""
    empty = ("", b"", "application/octet-stream")
    out = {"file%d" % i: empty for i in range(1, 5)}
    out.update(files or {})
    return dict(files=out, **more)


def attached(page):
    """(id, description) of what stands in the form."""
    ids = [v for n, v in page.fields(page.action) if n == "media"]
    about = [v for n, v in page.fields(page.action) if n == "media_about"]
    return list(zip(ids, about))


def test_pictures_with_descriptions(site, ann):
    page = ann.get("/compose").submit("/kwips", body="at sea", back="", about1="the grey sea", about3="a gull",
                                      **place({"file1": file(), "file3": file(png(30, 30, (0, 0, 9)))}))
    assert 'alt="the grey sea"' in page.html and 'alt="a gull"' in page.html
    media = site.status(page)["media_attachments"]
    assert [m["description"] for m in media] == ["the grey sea", "a gull"] and media[0]["type"] == "image"
    assert Browser(site.k).get(page.path).html.count("<img src=\"/media/") == 2


def test_a_picture_needs_no_text(site, ann):
    page = ann.get("/compose").submit("/kwips", body="", back="", **place({"file1": file()}))
    assert len(site.status(page)["media_attachments"]) == 1
    assert ann.get("/compose").submit("/kwips", expect=422, body=" ", back="", **place()).has("blank")


def test_a_bad_file_costs_no_word(site, ann):
    page = ann.get("/compose").submit("/kwips", expect=422, body="my long text", back="", warning="mind", answer=["", ""],
                                      about1="the good one", about2="the broken one",
                                      **place({"file1": file(), "file2": file(b"GIF89a nothing")}))
    assert 'role="alert"' in page.html and page.has("A file could not be used"), page.text
    page.action = "/kwips"
    fields = dict(page.fields("/kwips"))
    assert fields["body"] == "my long text" and fields["warning"] == "mind"
    assert [about for _, about in attached(page)] == ["the good one"], "what is good stays"
    assert fields["about1"] == "the broken one", "also the words for what failed"
    page = page.submit("/kwips", back="", about1="", **place())
    assert [m["description"] for m in site.status(page)["media_attachments"]] == ["the good one"]


def test_too_many_and_too_large(site, ann):
    page = ann.get("/compose").submit("/kwips", body="four", back="", **place({"file%d" % i: file() for i in range(1, 5)}))
    assert len(site.status(page)["media_attachments"]) == 4
    with Kwipd(media_image_max=65536) as k:
        k.account("ann")
        page = Browser(k).log_in("ann", k.passwords["ann"]).get("/compose").submit(
            "/kwips", expect=422, body="kept", about1="big", **place({"file1": file(b"\x89PNG\r\n" + b"x" * 70000)}))
        assert page.has("too large") and dict(page.fields("/kwips"))["body"] == "kept"
        assert dict(page.fields("/kwips"))["about1"] == "big" and "Validation failed" not in page.html


def test_what_is_still_worked_on_stays_with_the_form(site, ann):
    pid = wait_for(lambda: site.k.pids().get("media"))
    os.kill(pid, signal.SIGSTOP)
    try:
        page = ann.get("/compose").submit("/kwips", expect=422, body="patience", about1="slow", **place({"file1": file(png(77, 7))}))
    finally:
        os.kill(pid, signal.SIGCONT)
    page.action = "/kwips"
    assert page.has("still being worked on") and dict(page.fields("/kwips"))["body"] == "patience"
    (kept, about), = attached(page)
    assert about == "slow"
    page = page.submit("/kwips", back="", media_about="slow but sure", **place())
    media, = site.status(page)["media_attachments"]
    assert (media["id"], media["description"]) == (kept, "slow but sure")


def test_taken_out_again(site, ann):
    page = ann.get("/compose").submit("/kwips", expect=422, body="x" * 200000, **place({"file1": file(), "file2": file(png(9, 9))}))
    page.action = "/kwips"
    (first, _), (second, _) = attached(page)
    page = page.submit("/kwips", body="one of them", back="", take_out=first, **place())
    assert [m["id"] for m in site.status(page)["media_attachments"]] == [second]


def test_nobody_elses_upload(site, ann):
    media = site.k.api("POST", "/api/v2/media", site.bob_token, files={"file": file()}).json()
    page = ann.get("/compose").submit("/kwips", body="not mine", back="", media=media["id"], media_about="hm", **place())
    assert site.status(page)["media_attachments"] == []


def test_sent_twice_said_once(site, ann):
    form = ann.get("/compose")
    first, second = (form.submit("/kwips", body="once", back="", **place({"file1": file(png(11, 11))})) for _ in range(2))
    assert first.path == second.path
    when = (datetime.now(timezone.utc) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    form = ann.get("/compose")
    for _ in range(2):
        page = form.submit("/kwips", body="once, later", later=when)
    assert page.text.count("once, later") == 1


def test_a_form_from_elsewhere_is_refused(site, ann):
    ann.get("/compose").submit("/kwips", expect=403, csrf="wrong", body="no", **place({"file1": file()}))
    kwip = ann.say("mine")
    ann.get("/kwips/%s/edit" % kwip).submit("/kwips/%s/edit" % kwip, expect=403, csrf="", body="no", **place())


def test_a_poll(site, ann):
    page = ann.get("/compose").submit("/kwips", body="tea or coffee?", back="", answer=["tea", "", "coffee", "  "], life="3600",
                                      multiple="1", **place())
    poll = site.status(page)["poll"]
    assert [o["title"] for o in poll["options"]] == ["tea", "coffee"] and poll["multiple"]
    ends = datetime.fromisoformat(poll["expires_at"].replace("Z", "+00:00")) - datetime.now(timezone.utc)
    assert 3000 < ends.total_seconds() < 3700
    room = site.bob.get(page.path)
    action = [f["action"] for f in room.reader.forms if f["action"].startswith("/polls/")][0]
    assert room.submit(action, choices=["0", "1"]).has("1 person voted")


def test_half_a_poll_comes_back(ann):
    page = ann.get("/compose").submit("/kwips", expect=422, body="well?", answer=["only one"], life="604800", **place())
    fields = page.fields("/kwips")
    assert [v for n, v in fields if n == "answer"] == ["only one", "", "", ""] and ("life", "604800") in fields
    assert ("body", "well?") in fields


def test_quoting(site, ann):
    kwip = site.bob.say("a word to quote")
    page = ann.get("/@bob/" + kwip)
    assert "/compose?quote=" + kwip in page.reader.links
    form = ann.get("/compose?quote=" + kwip)
    assert form.has("a word to quote") and form.has("Quote")
    page = form.submit("/kwips", body="well said", **place())
    assert page.has("well said") and page.has("a word to quote")
    assert site.status(page)["quote"]["quoted_status"]["id"] == kwip
    kept = site.k.say(site.bob_token, "not to be quoted", quote_approval_policy="nobody")["id"]
    assert "/compose?quote=" + kept not in ann.get("/@bob/" + kept).reader.links
    ann.get("/compose?quote=" + kept, expect=404)
    page = ann.get("/compose?quote=" + kwip).submit("/kwips", expect=404, body="all the same", quote=kept, **place())
    assert page.has("may not be quoted") and dict(page.fields("/kwips"))["body"] == "all the same"


def test_said_later(site, ann):
    later = datetime.now(timezone.utc) + timedelta(hours=3)
    page = ann.get("/compose").submit("/kwips", body="good night", later=later.strftime("%Y-%m-%dT%H:%M"), zone="-60",
                                      about1="a moon", **place({"file1": file(png(12, 12))}))
    assert page.path == "/later" and page.has("It will be said when its time has come") and page.has("With 1 file")
    waiting = [s for s in site.k.api("GET", "/api/v1/scheduled_statuses", site.ann_token).json() if s["params"]["text"] == "good night"]
    assert waiting[0]["scheduled_at"].startswith((later - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")), "an hour ahead of UTC"
    assert waiting[0]["media_attachments"][0]["description"] == "a moon"
    moved = later + timedelta(hours=5)
    address = "/later/" + waiting[0]["id"]
    page = page.submit(address, later=moved.strftime("%Y-%m-%dT%H:%M"))
    assert page.has("It will be said at the new time")
    assert page.submit(address, expect=422, later="2020-01-01T10:00").has("five minutes ahead")
    assert ann.get("/later").submit(address, expect=422, later="soon").has("That is no time")
    assert not ann.get("/later").click(address + "/end").has("good night")
    page = ann.get("/compose").submit("/kwips", expect=422, body="too soon", later="2020-01-01T10:00", **place())
    assert dict(page.fields("/kwips"))["later"] == "2020-01-01T10:00" and dict(page.fields("/kwips"))["body"] == "too soon"


def test_drafts(site, ann):
    page = ann.get("/compose").submit("/kwips", body="half a thought", warning="deep", visibility="unlisted", keep="1", **place())
    assert page.path == "/later" and page.has("Your draft is kept") and page.has("half a thought")
    go_on = [a for a in page.reader.links if a.startswith("/compose?draft=")][0]
    form = ann.get(go_on)
    fields = dict(form.fields("/kwips"))
    assert (fields["body"], fields["warning"], fields["visibility"]) == ("half a thought", "deep", "unlisted")
    assert form.submit("/kwips", body="most of a thought", keep="1", **place()).text.count("of a thought") == 1
    site.bob.get(go_on, expect=404)
    form = ann.get(go_on)
    assert form.submit("/kwips", expect=422, keep="1", **place({"file1": file()})).has("take files and poll out first")
    page = form.submit("/kwips", body="a whole thought", back="", **place())
    assert page.has("a whole thought") and not ann.get("/later").has("of a thought")
    ann.get(go_on, expect=404)
    page = ann.get("/compose").submit("/kwips", body="to forget", keep="1", **place())
    end = [a["formaction"] for a, _ in page.reader.buttons if a.get("formaction", "").startswith("/drafts/")][0]
    assert not page.click(end).has("to forget")


def test_editing_pictures(site, ann):
    page = ann.get("/compose").submit("/kwips", body="two", back="", about1="one", about2="two",
                                      **place({"file1": file(), "file2": file(png(8, 8))}))
    kwip = site.status(page)
    edit = "/kwips/%s/edit" % kwip["id"]
    form = ann.get(edit)
    form.action = edit
    assert [a for _, a in attached(form)] == ["one", "two"]
    page = form.submit(edit, media_about=["the first", "the second"], **place())
    assert [m["description"] for m in site.status(page)["media_attachments"]] == ["the first", "the second"]
    first = attached(form)[0][0]
    page = ann.get(edit).submit(edit, take_out=first, about1="the third", **place({"file1": file(png(5, 6))}))
    assert [m["description"] for m in site.status(page)["media_attachments"]] == ["the second", "the third"]
    page = ann.get(edit).submit(edit, expect=422, body="kept words", about1="no", **place({"file1": file(b"GIF8 broken")}))
    assert dict(page.fields(edit))["body"] == "kept words" and page.has("could not be used")
    assert len(site.status(ann.get("/@ann/" + kwip["id"]))["media_attachments"]) == 2
