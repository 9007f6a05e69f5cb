# SPDX-License-Identifier: MIT
"""This site's own emoji: made by a command, named in texts, shown as pictures on pages."""
import io
import re

import pytest
from PIL import Image

from entities import check
from kwipd import Kwipd
from people import Site
from support import keep_no_cookies


def png(path, size=(64, 48)):
    Image.new("RGBA", size, (200, 30, 30, 128)).save(path, "PNG")
    return str(path)


def gif(path, size=(32, 32)):
    frames = [Image.new("RGB", size, (0, 80 * i, 0)) for i in range(3)]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return str(path)


class Pictured(Site):
    def __init__(self, k, dir):
        super().__init__(k)
        self.dir = dir
        k.account("boss", "--admin")

    def add(self, code, path=None, *more):
        return self.k.run("emoji", "add", code, path or png(self.dir / "e.png"), *more)

    def codes(self, emojis):
        return [e["shortcode"] for e in check("CustomEmoji", emojis)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with Kwipd() as k:
        keep_no_cookies(k)
        yield Pictured(k, tmp_path_factory.mktemp("emoji"))


def test_the_command(site):
    site.add("wave_1", None, "--category", "hands")
    site.add("dance", gif(site.dir / "d.gif"), "--unlisted")
    listed = {e["shortcode"]: e for e in check("CustomEmoji", site.get("/api/v1/custom_emojis"))}
    assert listed["wave_1"]["category"] == "hands" and listed["wave_1"]["visible_in_picker"] is True
    assert listed["dance"]["category"] is None and listed["dance"]["visible_in_picker"] is False
    out = site.k.run("emoji", "list").stdout
    assert re.search(r"^wave_1 +listed +hands$", out, re.M) and re.search(r"^dance +unlisted", out, re.M)

    def picture(url):
        answer = site.k.get(url.removeprefix(site.k.url))
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/")
        return Image.open(io.BytesIO(answer.content))

    assert max(picture(listed["wave_1"]["url"]).size) <= 128
    assert picture(listed["dance"]["url"]).n_frames == 3 and getattr(picture(listed["dance"]["static_url"]), "n_frames", 1) == 1
    site.k.run("emoji", "remove", "dance")
    assert site.k.run("emoji", "remove", "dance", check=False).returncode == 1
    assert "dance" not in [e["shortcode"] for e in site.get("/api/v1/custom_emojis")]


def test_what_the_command_refuses(site):
    def refused(code, path):
        done = site.k.run("emoji", "add", code, path, check=False)
        assert done.returncode == 1, done
        return done.stderr

    text = site.dir / "text"
    text.write_text("no picture")
    big = site.dir / "big"
    big.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 300000)
    broken = site.dir / "broken"
    broken.write_bytes(open(png(site.dir / "ok.png"), "rb").read()[:60])
    assert "shortcode" in refused("no-dash", png(site.dir / "ok.png")) and "shortcode" in refused("x", png(site.dir / "ok.png"))
    assert refused("text", str(text)) and "too large" in refused("big", str(big)) and refused("broken", str(broken))
    assert "cannot be opened" in refused("gone", str(site.dir / "nothing"))
    assert site.k.run("emoji", "add", "x", check=False).returncode == 2
    assert site.k.run("emoji", check=False).returncode == 2


def test_in_statuses_at_once_and_gone_again(site):
    me, _ = site.person()
    name = "p%d" % site.n
    said = site.say(me, "hello :cat: and :cat: and a:cat:b, :none:", spoiler_text="a :dog: barks")
    home = "/api/v1/timelines/home"

    def seen():
        one = check("Status of viewer", site.get("/api/v1/statuses/" + said, me))
        assert [s["emojis"] for s in site.get(home, me) if s["id"] == said] == [one["emojis"]]
        return site.codes(one["emojis"])

    def page():
        return site.k.get("/@%s/%s" % (name, said)).text

    assert seen() == [] and 'class="emoji"' not in page()
    site.add("cat")
    assert seen() == ["cat"]
    site.add("dog")
    assert seen() == ["dog", "cat"]
    shown = page()
    assert shown.count('alt=":cat:"') == 2 and "a:cat:b" in shown and ":none:" in shown
    assert re.search(r'<summary>a <img class="emoji" src="/media/[^"]+" alt=":dog:"', shown)
    first = site.get("/api/v1/statuses/" + said, me)["emojis"][1]["url"]
    site.add("cat", png(site.dir / "other.png", (30, 30)))
    other = site.get("/api/v1/statuses/" + said, me)["emojis"][1]["url"]
    assert other != first and page().count(other.removeprefix(site.k.url)) == 2
    site.k.run("emoji", "remove", "cat")
    assert seen() == ["dog"] and 'alt=":cat:"' not in page()
    site.k.run("emoji", "remove", "dog")
    assert seen() == []


def test_what_touches_a_colon(site):
    me, _ = site.person()
    site.add("ok")
    for text, used in [(":ok:", True), (" (:ok:) ", True), (":ok:!", True), ("1:ok:", False), (":ok:2", False), (":ok::ok:", False),
                       ("é:ok:", False), ("\U0001f600:ok:\U0001f600", True), (":OK:", False), ("_:ok:_", True), ("http://x.example/:ok:", True)]:
        got = site.get("/api/v1/statuses/" + site.say(me, text), me)
        assert (site.codes(got["emojis"]) == ["ok"]) == used, text
    nasty = site.say(me, '<b>":ok: & <img src=x onerror=:ok:>')
    page = site.k.get("/@p%d/%s" % (site.n, nasty)).text
    assert "<img src=x" not in page and page.count('alt=":ok:"') == 1 or page.count('alt=":ok:"') == 2


def test_in_polls_accounts_and_edits(site):
    me, my_id = site.person()
    name = "p%d" % site.n
    site.add("red")
    site.add("blue")
    polled = site.say(me, "which?", poll={"options": ["a :red: one", "plain"], "expires_in": 600})
    got = check("Status of viewer", site.get("/api/v1/statuses/" + polled, me))
    assert site.codes(got["emojis"]) == ["red"] and site.codes(got["poll"]["emojis"]) == ["red"]
    assert site.codes(site.get("/api/v1/polls/" + got["poll"]["id"], me)["emojis"]) == ["red"]
    assert 'alt=":red:"' in site.k.get("/@%s/%s" % (name, polled)).text
    site.call("PATCH", "/api/v1/accounts/update_credentials", me,
              json={"display_name": "Ann :red:", "note": "likes :blue: things", "fields_attributes": [{"name": ":ok:", "value": ":blue:"}]})
    assert site.codes(site.get("/api/v1/accounts/" + my_id)["emojis"]) == ["red", "blue", "ok"]
    assert [a["id"] for a in site.get("/api/v1/accounts", id=[my_id])] == [my_id]
    assert site.codes(site.get("/api/v1/accounts/lookup", acct=name)["emojis"]) == ["red", "blue", "ok"]
    assert site.codes(site.get("/api/v1/timelines/home", me)[0]["account"]["emojis"]) == ["red", "blue", "ok"]
    profile = site.k.get("/@" + name).text
    head = profile.split('<section class="profile">')[1].split("</section>")[0]
    assert head.count('class="emoji"') == 4 and "<title>Ann :red:" in profile
    edited = site.say(me, "first :red:")
    site.put("/api/v1/statuses/" + edited, me, status="then :blue:")
    assert [site.codes(e["emojis"]) for e in check("StatusEdit", site.get("/api/v1/statuses/%s/history" % edited, me))] == [["red"], ["blue"]]
    site.k.run("emoji", "remove", "red")
    assert site.codes(site.get("/api/v1/accounts/" + my_id)["emojis"]) == ["blue", "ok"]
    assert site.codes(site.get("/api/v1/timelines/home", me)[0]["account"]["emojis"]) == ["blue", "ok"]


def test_announcements_and_reactions(site):
    me, _ = site.person()
    site.add("party")
    id = site.k.run("announce", "come to the :party: tonight").stdout.strip()
    site.call("PUT", "/api/v1/announcements/%s/reactions/party" % id, me)
    got = check("Announcement", site.get("/api/v1/announcements", me))[0]
    assert site.codes(got["emojis"]) == ["party"]
    reaction = got["reactions"][0]
    assert reaction["name"] == "party" and reaction["me"] and reaction["url"] == got["emojis"][0]["url"]
    assert reaction["static_url"] == got["emojis"][0]["static_url"]
    site.fails(422, "PUT", "/api/v1/announcements/%s/reactions/nothing" % id, me)
    site.k.run("announce", "--delete", id)
