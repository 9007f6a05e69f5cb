# SPDX-License-Identifier: MIT
"""The API through toot, the command line client that Debian has: each command a process of its own, in a home of its own,
with a witness in between. Debian's releases have different ones; where they call a command otherwise, both names are tried."""
import os
import re
import subprocess

import pytest

from player import png
from support import csrf_of, log_in
from witness import witnessed

PASSWORD = "a long password"


def plain(text):
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Toot:
    """One person's toot. The newer ones know `tags follow` and addresses with http:// before them."""

    def __init__(self, home, w):
        self.w = w
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(home), "LANG": "C.UTF-8",
                    "PYTHONDONTWRITEBYTECODE": "1"}
        self.commands = set(re.findall(r"^\s+(?:toot )?(\w+)\s{2,}", self("--help"), re.M))
        self.is_new = "tags" in self.commands

    def __call__(self, *words, input="", code=0):
        done = subprocess.run(["toot"] + [str(w) for w in words], input=input, capture_output=True, text=True, env=self.env,
                              timeout=30)
        out = plain(done.stdout + done.stderr)
        assert done.returncode == code, (words, done.returncode, out)
        return out

    def tags(self, what, *words):
        return self("tags", what, *words) if self.is_new else self("tags_" + what, *words)

    def instance(self):
        return ("-i", self.w.url) if self.is_new else ("-i", self.w.url.split("//")[1], "--disable-https")

    def log_in(self, email):
        if self.is_new:
            return self("login_cli", *self.instance(), "-e", email, "-p", PASSWORD)
        return self("login_cli", *self.instance(), "-e", email, input=PASSWORD + "\n")

    def post(self, *words):
        """The id of what was said."""
        return re.search(r"posted: http\S+/(\d+)", self("post", *words))[1]


class Site:
    def __init__(self, k, w, home):
        self.k, self.w, self.home = k, w, home
        self.tokens = {}
        for name in "ann", "bob":
            k.account(name, "--email", name + "@mail.example", password=PASSWORD)
            self.tokens[name] = k.token(name)
        self.toot = Toot(home, w)
        self.toot.log_in("bob@mail.example")
        self.toot.log_in("ann@mail.example")

    def get(self, path, name="ann"):
        answer = self.k.api("GET", path, self.tokens[name])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, id):
        return self.get("/api/v1/statuses/" + id)

    def say(self, text, name="bob", **more):
        return self.k.say(self.tokens[name], text, **more)["id"]

    def place(self):
        return self.w.url.split("//")[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with witnessed(password_grant="on") as (k, w):
        yield Site(k, w, tmp_path_factory.mktemp("home"))


def test_who_is_logged_in(site):
    toot = site.toot
    assert "ann" in toot("whoami")
    said = toot("auth")
    assert "ann@" + site.place() in said and "bob@" + site.place() in said and "ACTIVE" in said.upper()
    toot("activate", "bob@" + site.place())
    assert "bob" in toot("whoami")
    toot("activate", "ann@" + site.place())
    assert site.place() in toot("env") + toot("auth")


def test_a_wrong_password(site, tmp_path):
    other = Toot(tmp_path, site.w)
    words = ("login_cli", *other.instance(), "-e", "ann@mail.example")
    said = other(*words, "-p", "wrong", code=1) if other.is_new else other(*words, input="wrong\n", code=1)
    assert "fail" in said.lower()


def test_login_by_code_and_logout(site, tmp_path):
    """The code comes from the page that toot would open in a browser; both asked as a person would."""
    other = Toot(tmp_path, site.w)
    process = subprocess.Popen(["toot", "login", *other.instance()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, env=dict(other.env, PYTHONUNBUFFERED="1"))
    try:
        said = ""
        while "/oauth/authorize" not in said:
            line = plain(process.stdout.readline())
            assert line, said
            said += line
        url = re.search(r"http\S+/oauth/authorize\S*", said)[0]
        code = code_of(site, url.removeprefix(site.k.url))
        out, _ = process.communicate("n\n%s\n" % code, timeout=20)
        assert process.returncode == 0, out
    finally:
        process.kill()
    assert "bob" in other("whoami")
    other("logout", "bob@" + site.place())
    assert "bob" not in other("auth")


def code_of(site, path):
    jar, _ = log_in(site.k, "bob")
    form = site.k.get(path, cookies=jar)
    fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', form.text))
    fields.update(csrf=csrf_of(form), decision="allow")
    page = site.k.request("POST", "/oauth/authorize", data=fields, cookies=jar)
    assert page.status_code == 200, page.text
    return re.search(r'value="([\w-]{20,})"[^>]*readonly', page.text)[1]


def test_people(site):
    toot, bob = site.toot, site.get("/api/v1/accounts/lookup?acct=bob")["id"]
    assert "bob" in toot("whois", "bob") and "bob" in toot("search", "bob")
    relation = lambda: site.get("/api/v1/accounts/relationships?id[]=" + bob)[0]
    for do, undo, flag in ("follow", "unfollow", "following"), ("mute", "unmute", "muting"), ("block", "unblock", "blocking"):
        toot(do, "bob")
        assert relation()[flag] is True, do
        if do == "follow":
            assert "bob" in toot("following", "ann") and "ann" in toot("followers", "bob")
        toot(undo, "bob")
        assert relation()[flag] is False, undo
    assert "not found" in toot("follow", "nobody", code=1).lower()


def test_saying_things(site, tmp_path):
    toot = site.toot
    picture = tmp_path / "a.png"
    picture.write_bytes(png(30, 20))
    plainly = site.status(toot.post("hello #toot"))
    assert plainly["content"].startswith("<p>hello") and plainly["visibility"] == "public"
    with_all = site.status(toot.post("look", "--media", picture, "--description", "a field", "--visibility", "unlisted",
                                     "--sensitive", "--spoiler-text", "careful", "--language", "de"))
    assert with_all["media_attachments"][0]["description"] == "a field" and with_all["visibility"] == "unlisted"
    assert with_all["sensitive"] and with_all["spoiler_text"] == "careful" and with_all["language"] == "de"
    answer = site.status(toot.post("an answer", "--reply-to", plainly["id"], "--visibility", "private"))
    assert answer["in_reply_to_id"] == plainly["id"]
    thread = toot("thread", plainly["id"])
    assert thread.index("hello") < thread.index("an answer")
    assert "scheduled" in toot("post", "later", "--scheduled-in", "10 minutes").lower()
    assert [s["params"]["text"] for s in site.get("/api/v1/scheduled_statuses")] == ["later"]
    assert "/media/" in toot("upload", picture, "--description", "again")
    toot("delete", answer["id"])
    assert site.k.api("GET", "/api/v1/statuses/" + answer["id"], site.tokens["ann"]).status_code == 404
    toot("delete", answer["id"], code=1)


def test_what_is_done_to_kwips(site):
    toot, theirs = site.toot, site.say("like me")
    for do, undo, flag in (("favourite", "unfavourite", "favourited"), ("reblog", "unreblog", "reblogged"),
                           ("bookmark", "unbookmark", "bookmarked")):
        toot(do, theirs)
        assert site.status(theirs)[flag] is True, do
        if do == "bookmark":
            assert "like me" in toot("bookmarks", "--once")
        if do == "reblog":
            assert "ann" in toot("reblogged_by", theirs)
        toot(undo, theirs)
        assert site.status(theirs)[flag] is False, undo
    mine = toot.post("mine")
    toot("pin", mine)
    assert site.status(mine)["pinned"] is True
    toot("unpin", mine)
    assert site.status(mine)["pinned"] is False


def test_timelines(site):
    toot = site.toot
    toot("follow", "bob")
    said = [site.say("number %d #counted" % i) for i in range(12)]
    home = toot("timeline", "--once", "--count", "3")
    assert "number 11" in home and "number 9" in home and "number 8" not in home
    assert "number 0" in toot("timeline", "--once", "--count", "12"), "one page has as many as it was asked for"
    assert "number 11" in toot("timeline", "--public", "--once") and "number 11" in toot("timeline", "--public", "--local", "--once")
    assert "number 11" in toot("timeline", "--tag", "counted", "--once")
    made = site.k.api("POST", "/api/v1/lists", site.tokens["ann"], json={"title": "few"}).json()["id"]
    bob = site.get("/api/v1/accounts/lookup?acct=bob")["id"]
    site.k.api("POST", "/api/v1/lists/%s/accounts" % made, site.tokens["ann"], json={"account_ids": [bob]})
    assert "number 11" in toot("timeline", "--list", made, "--once")
    assert len(said) == 12
    toot("unfollow", "bob")


def test_lists(site):
    if "lists" not in site.toot.commands:
        pytest.skip("this toot knows no lists")
    toot = site.toot
    toot("follow", "bob")
    toot("lists", "create", "friends")
    assert "friends" in toot("lists", "list")
    toot("lists", "add", "friends", "bob")
    assert "bob" in toot("lists", "accounts", "friends")
    toot("lists", "remove", "friends", "bob")
    toot("lists", "delete", "friends")


def test_tags(site):
    toot = site.toot
    toot.tags("follow", "rain")
    assert "rain" in toot.tags("followed") and site.get("/api/v1/tags/rain")["following"] is True
    toot.tags("unfollow", "rain")
    assert "rain" not in toot.tags("followed")
    site.say("it is #raining")
    assert "raining" in toot("search", "#raining")


def test_notifications_and_instance(site):
    toot = site.toot
    toot("notifications", "--clear")
    site.say("@ann hello you")
    said = toot("notifications")
    assert "bob" in said and "hello you" in said and "hello you" in toot("notifications", "--mentions")
    toot("notifications", "--clear")
    assert site.get("/api/v1/notifications") == []
    place = toot("instance", *((site.w.url,) if toot.is_new else (site.place(), "--disable-https")))
    assert site.get("/api/v2/instance")["title"] in place and site.place() in place
