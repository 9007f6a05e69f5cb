# SPDX-License-Identifier: MIT
"""The site in a real browser, with its script, by hand and eye: what people do, at a desk and on a phone, light and dark."""
import functools
import http.server
import os
import re
import threading
import time

import pytest
from PIL import Image

from browser import Browser
from chromium import DESKTOP, PHONE, Chromium
from kwipd import Kwipd
from looks import inspect, inspect_all, inspect_here, tabbing


@pytest.fixture(scope="module")
def chromium():
    c = Chromium()
    yield c
    c.close()


class Site:
    def __init__(self, k):
        self.k = k
        self.tokens = {}
        for name in ("ann", "bob"):
            k.account(name)
            self.tokens[name] = k.token(name)

    def say(self, name, text, **more):
        return self.k.say(self.tokens[name], text, **more)["id"]

    def status(self, id):
        return self.k.api("GET", "/api/v1/statuses/" + id, self.tokens["ann"]).json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files to upload: two good ones and one that is none."""
    dir = tmp_path_factory.mktemp("pictures")
    Image.linear_gradient("L").resize((600, 400)).convert("RGB").save(dir / "sea.png")
    Image.radial_gradient("L").resize((300, 300)).convert("RGB").save(dir / "sun.jpg")
    (dir / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    return {name: str(dir / name) for name in ("sea.png", "sun.jpg", "broken.png")}


@pytest.fixture
def tab(chromium, site):
    made = []

    def make(name=None, size=DESKTOP, dark=False):
        t = chromium.tab(site.k.url, size, dark)
        made.append(t)
        if name:
            # As a login does it; the login form itself has a test of its own.
            jar = Browser(site.k).log_in(name, site.k.passwords[name]).http.cookies
            for cookie in jar:
                t.call("Network.setCookie", name=cookie.name, value=cookie.value, url=site.k.url, httpOnly=True, sameSite="Lax")
        return t

    yield make
    for t in made:
        complaints = t.complaints
        t.close()
        assert not complaints, complaints


def test_sign_up_and_first_steps(tab):
    t = tab()
    t.go("/")
    inspect(t)
    t.leads(lambda: t.click("header a[href='/signup']"))
    inspect(t)
    t.type("[name=name]", "newcomer").type("[name=password]", "correct-horse")
    t.leads(lambda: t.press("Enter", 13, text="\r"))
    assert t.path == "/" and t.has("Welcome! Your account is ready.") and "done=" not in t.js("location.href")
    inspect(t)
    t.leads(lambda: t.click("header .menu summary").click("header .menu form button"))
    t.leads(lambda: t.click("header a[href^='/login']"))
    t.type("[name=name]", "newcomer").type("[name=password]", "wrong-horse")
    t.leads(lambda: t.click("main .button"))
    assert t.has("do not fit together") and t.js("document.querySelector('[name=name]').value") == "newcomer"
    t.complaints = [c for c in t.complaints if "401" not in c]  # the browser notes the status of the answer
    inspect(t)
    t.type("[name=password]", "correct-horse")
    t.leads(lambda: t.press("Enter", 13, text="\r"))
    assert t.has("@newcomer")


def test_a_kwip_with_pictures(tab, site, pictures):
    t = tab("ann").go("/home")
    t.type("#body", "Two pictures of the day")
    t.click(".files summary")
    assert not t.js("[...document.querySelectorAll('.place')].some(e => e.checkVisibility())"), "one field for all"
    t.choose_files(".files input[type=file]:not([name])", pictures["sea.png"], pictures["sun.jpg"])
    t.wait("document.querySelectorAll('.parts li img[src^=\\'http\\'], .parts li img[src^=\\'/media\\']').length === 2")
    t.wait("[...document.querySelectorAll('.parts img')].every(i => i.complete && i.naturalWidth > 0)")
    t.type(".parts li:nth-child(1) textarea", "a grey sea").type(".parts li:nth-child(2) textarea", "a pale sun")
    inspect(t, "the composer")
    t.resize(*PHONE)
    inspect(t, "the composer on a phone")
    t.leads(lambda: t.click(".say > .row .button"))
    t.wait("document.querySelectorAll('.media img').length === 2")
    assert t.js("[...document.querySelectorAll('.media img')].map(i => i.alt)") == ["a grey sea", "a pale sun"]
    assert t.js("document.querySelector('#body').value") == "", "the draft is forgotten"
    inspect(t)


def test_pictures_taken_out_and_refused(tab, site, pictures):
    t = tab("ann").go("/compose")
    t.type("#body", "one stays")
    t.click(".files summary")
    t.choose_files(".files input[type=file]:not([name])", pictures["sun.jpg"], pictures["sea.png"])
    t.wait("document.querySelectorAll('.parts li').length === 2")
    t.click(".parts li:nth-child(1) button")
    t.wait("document.querySelectorAll('.parts li').length === 1")
    t.choose_files(".files input[type=file]:not([name])", pictures["broken.png"])
    t.wait("/broken.png: ./.test(document.querySelector('.said').textContent)")
    t.complaints = [c for c in t.complaints if "422" not in c]
    # Pasted, as from another program.
    t.js("""fetch(document.querySelector(".parts img").src).then(r => r.blob()).then(b => {
        const data = new DataTransfer();
        data.items.add(new File([b], "pasted.png", {type: "image/png"}));
        document.querySelector("#body").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    })""")
    t.wait("document.querySelectorAll('.parts li').length === 2")
    t.leads(lambda: t.click(".say > .row .button"))
    kwip = re.search(r"/(\d+)", t.path)
    page = t.js("location.pathname")
    assert kwip or page == "/", page
    newest = site.k.api("GET", "/api/v1/accounts/verify_credentials", site.tokens["ann"]).json()["id"]
    said = site.k.api("GET", "/api/v1/accounts/%s/statuses" % newest, site.tokens["ann"]).json()[0]
    assert "one stays" in said["content"] and len(said["media_attachments"]) == 2


def test_a_poll_made_and_voted_in(tab, site):
    t = tab("ann").go("/compose")
    t.type("#body", "Tea or coffee?")
    t.click(".asks summary")
    for i, answer in enumerate(("tea", "coffee", "water", "milk"), 1):
        t.type("[name=answer]:nth-of-type(%d)" % i, answer)
    t.wait("document.querySelectorAll('[name=answer]').length === 5")
    inspect(t, "a poll in the composer")
    t.leads(lambda: t.click(".say > .row .button"))
    room = site.k.api("GET", "/api/v1/timelines/public", site.tokens["bob"]).json()[0]
    v = tab("bob").go("/@ann/" + room["id"])
    v.click(".poll li:nth-child(2) input")
    v.js("window.before = true")
    v.click(".poll .button")
    v.wait("!!document.querySelector('.poll .mine')")
    assert v.js("window.before") and v.has("100 %") and v.has("1 person voted"), "voted in place"
    inspect(v)


def test_reply_marks_edit_delete(tab, site):
    kwip = site.say("ann", "Shall we meet at six?")
    t = tab("bob").go("/@ann/" + kwip)
    t.js("window.before = true")
    for act, undo in (("favourite", "unfavourite"), ("boost", "unboost"), ("bookmark", "unbookmark")):
        t.click("#k%s [formaction$='/%s']" % (kwip, act))
        t.wait("!!document.querySelector('#k%s [formaction$=\"/%s\"]')" % (kwip, undo))
    assert t.js("window.before") and t.js("document.activeElement.classList.contains('mark')"), "in place, the focus stays"
    assert "♥ 1" in t.text and "⟳ 1" in t.text
    t.type("#body", "At seven, please")
    t.leads(lambda: t.press("Enter", 13, modifiers=2))
    assert t.has("At seven, please") and t.has("1 comment")
    inspect(t)
    t.click("li.here .dots")
    t.leads(lambda: t.click("li.here .menu a[href$='/edit']"))
    inspect(t)
    t.type("#body", "At eight, please")
    t.leads(lambda: t.click(".say > .row .button"))
    assert t.has("Your change is saved") and t.has("At eight")
    t.click("#comments .dots")
    t.leads(lambda: t.click("#comments .menu a[href$='/delete']"))
    inspect(t)
    t.leads(lambda: t.click(".button.danger"))
    assert t.has("The kwip is deleted") and t.has("No comments yet") and t.path == "/@ann/" + kwip


def test_quote_and_later(tab, site):
    kwip = site.say("bob", "A word worth repeating")
    t = tab("ann").go("/@bob/" + kwip)
    t.leads(lambda: t.click("#k%s .quote" % kwip))
    inspect(t)
    t.type("#body", "Indeed")
    t.leads(lambda: t.click(".say > .row .button"))
    assert t.js("document.querySelector('.quoted').innerText").find("worth repeating") >= 0
    t.go("/compose").type("#body", "See you tomorrow")
    t.click(".extras > details:last-child summary")
    t.js("""(f => { f.value = "2030-05-04T18:30"; f.dispatchEvent(new Event("input", {bubbles: true})); })(document.querySelector("[name=later]"))""")
    t.leads(lambda: t.click(".say > .row .button"))
    assert t.path == "/later" and t.has("See you tomorrow") and t.js("document.querySelector('[name=later]').value") == "2030-05-04T18:30"
    inspect(t)
    t.go("/compose").type("#body", "Half a thought")
    t.click(".extras > details:last-child summary")
    t.leads(lambda: t.click("[name=keep]"))
    assert t.has("Half a thought")
    t.leads(lambda: t.click("a[href^='/compose?draft=']"))
    assert t.js("document.querySelector('#body').value") == "Half a thought"


def test_what_was_typed_is_never_lost(tab):
    t = tab("ann").go("/compose")
    t.type("#body", "a long text that took an hour")
    t.go("/about").go("/compose")
    assert t.js("document.querySelector('#body').value") == "a long text that took an hour"
    t.type("#body", " ")
    t.leads(lambda: t.click(".say > .row .button"))
    assert t.has("blank") or t.js("!!document.querySelector('[role=alert]')")
    t.complaints = [c for c in t.complaints if "422" not in c]


def test_news_come_by_themselves(tab, site):
    t = tab("bob")
    t.at_every_page("const slow = window.setInterval; window.setInterval = (f, ms) => slow(f, ms / 100);")
    site.k.api("POST", "/api/v1/accounts/%s/follow" % site.k.api(
        "GET", "/api/v1/accounts/lookup", params={"acct": "ann"}).json()["id"], site.tokens["bob"])
    t.go("/home")
    time.sleep(0.4)
    assert not t.js("!!document.querySelector('.fresh')"), "nothing is new yet"
    site.say("ann", "first news")
    t.wait("document.querySelector('.fresh')?.innerText === '1 new kwip'")
    site.say("ann", "more news, @bob")
    t.wait("document.querySelector('.fresh')?.innerText === '2 new kwips'")
    t.wait("Number(document.querySelector('.bell .badge')?.innerText) > 0")
    assert t.js("document.title").startswith("(")
    inspect(t)
    t.leads(lambda: t.click(".fresh a"))
    assert t.has("first news") and t.has("more news") and not t.js("!!document.querySelector('.fresh')")


def test_portrait_and_settings(tab, site, pictures):
    t = tab("ann").go("/settings")
    inspect(t)
    t.type("[name=display_name]", "Ann Other")
    t.choose_files("[name=avatar]", pictures["sun.jpg"]).choose_files("[name=header]", pictures["sea.png"])
    t.type("[name=avatar_about]", "a sun")
    t.leads(lambda: t.click("form[action='/settings/profile'] .button"))
    assert t.has("Your profile is saved") and t.js("document.querySelector('.portrait img.face').alt") == "a sun"
    t.go("/@ann")
    t.wait("document.querySelector('.face.big').naturalWidth > 0 && document.querySelector('.banner').naturalWidth > 0")
    inspect(t)
    t.go("/settings").click("[name=avatar_remove]")
    t.leads(lambda: t.click("form[action='/settings/profile'] .button"))
    assert not t.js("!!document.querySelector('.portrait img.face')")
    who = site.k.api("GET", "/api/v1/accounts/verify_credentials", site.tokens["ann"]).json()
    assert who["display_name"] == "Ann Other" and "/media/" in who["header"] and "/media/" not in who["avatar"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def foreign():
    """The address of a page on another origin, a client of its own."""
    handler = functools.partial(Quiet, directory=os.path.dirname(os.path.abspath(__file__)))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield "http://localhost:%d/app.html" % server.server_address[1]
        server.shutdown()
        thread.join()


def test_an_app_on_another_site(tab, site, foreign):
    """Consent asked and given, token, picture, upload, kwip, stream: all from a page of another origin."""
    t = tab()
    t.go(foreign + "#site=" + site.k.url)
    address = t.js("begin()")
    t.go(address)
    assert t.path == "/login" and not t.has("Foreign app")
    t.type("[name=name]", "bob").type("[name=password]", site.k.passwords["bob"])
    t.leads(lambda: t.press("Enter", 13, text="\r"))
    assert t.has("Foreign app asks for access") and t.has("@bob") and t.has(foreign.split("/")[2])
    inspect_here(t)
    t.leads(lambda: t.click("[value=allow]"))
    assert t.js("location.href").startswith(foreign)
    told = t.js("goOn()")
    t.complaints = [c for c in t.complaints if " 401 " not in c and " 404 " not in c and "credentials" not in c]
    assert told["state"] == "kept & safe" and told["me"] == "bob"
    assert told["avatar"] and told["protocol"] and told["described"] == "eight by eight"
    assert told["heard"] == ["update", told["said"]]
    assert re.match(r'<http://127.0.0.1:\d+/api/v1/timelines/home\?limit=2&max_id=\d+>; rel="next", <.*>; rel="prev"$', told["link"])
    assert "edited" in told["put"] and told["gone"] == 200
    assert (told["refused"], told["missing"], told["cookie"]) == (401, 404, "refused")
    assert (told["revoked"], told["after"]) == (200, 401)


def test_an_app_is_not_let_in(tab, site, foreign):
    t = tab("bob")
    t.go(foreign + "#site=" + site.k.url)
    t.go(t.js("begin()"))
    t.leads(lambda: t.click("[value=deny]"))
    assert "error=access_denied" in t.js("location.search") and "code=" not in t.js("location.search")


PAGES = ["/", "/home", "/home/recent", "/everyone", "/tags/tea", "/favourites", "/bookmarks", "/lists", "/later", "/notices", "/requests",
         "/settings", "/settings/filters", "/settings/unwanted", "/settings/servers", "/settings/notices", "/settings/tags",
         "/settings/transfer", "/settings/apps", "/invites", "/compose", "/search", "/search?q=tea", "/about", "/@ann", "/@ann/active", "/@ann/comments",
         "/@ann/followers", "/@ann/following", "/@bob"]


def test_every_page_at_every_size(tab, site):
    site.say("ann", "A longwordthatneverendsandgoesonandonwithoutanyspaceatallwhereonecouldbreakitforthephone #tea")
    kwip = site.say("ann", "Some #tea with https://example.org/a/very/long/address/that/goes/on/and/on/and/on/for/ever?and=ever&so=on",
                    spoiler_text="tea")
    t = tab("ann")
    for path in PAGES + ["/@ann/" + kwip, "/kwips/%s/edit" % kwip, "/kwips/%s/history" % kwip, "/kwips/%s/delete" % kwip]:
        inspect_all(t, path)


def test_visitors_pages_at_every_size(tab, site):
    kwip = site.say("ann", "for everybody to see")
    t = tab()
    for path in ("/", "/everyone", "/login", "/signup", "/about", "/@ann", "/@ann/" + kwip):
        inspect_all(t, path)
    t.go("/nothing/here")
    t.complaints = [c for c in t.complaints if "404" not in c]
    assert t.has("There is nothing at this address")
    inspect(t)


def test_by_keyboard_alone(tab, site):
    kwip = site.say("ann", "a kwip to go through by keys")
    t = tab("ann")
    for path in ("/home", "/@ann/" + kwip, "/settings"):
        stops = tabbing(t.go(path))
        assert len(stops) > 10 and stops[0]["skip"], path
    t.go("/home").press("Tab", 9).press("Enter", 13, text="\r")
    assert t.js("location.hash") == "#main"
    t.click("header .menu summary").press("Escape", 27)
    assert not t.js("document.querySelector('header .menu').open")


def test_without_script_all_is_there(tab, site, pictures):
    t = tab("ann")
    t.without_script()
    t.go("/compose").type("#body", "No script at all")
    t.click(".files summary")
    t.choose_files("[name=file1]", pictures["sea.png"])
    t.type("[name=about1]", "by a plain form")
    t.leads(lambda: t.click(".say > .row .button"))
    newest = site.k.api("GET", "/api/v1/timelines/public", site.tokens["ann"]).json()[0]
    assert newest["media_attachments"][0]["description"] == "by a plain form"
    t.go("/@ann/" + newest["id"])
    t.leads(lambda: t.click("[formaction$='/favourite']"))
    assert "♥ 1" in t.text
