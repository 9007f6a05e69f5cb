# SPDX-License-Identifier: MIT
"""The first admin's setup, the three ways of signing up, new passwords by link, wrong addresses."""
import re

import pytest
from browser import Browser


def test_fresh_install_says_what_to_do(kwipd):
    page = Browser(kwipd).get("/")
    assert page.has("Nobody is here yet") and page.has("terminal")
    link = kwipd.wait_log(r"/setup/[\w-]+").group(0)
    ann = Browser(kwipd)
    page = ann.get(link).submit(link, expect=422, name="ann", password="short")
    assert page.has("at least 8") and dict(page.fields(link))["name"] == "ann"
    page = ann.get(link).submit(link, name="ann", password="correct-horse")
    assert page.has("@ann")
    assert ann.get("/@ann").has("admin")
    Browser(kwipd).get(link, expect=404)
    assert not Browser(kwipd).get("/").has("Nobody is here yet"), "the shared front page knows at once"


def test_setup_link_works_once(kwipd):
    link = kwipd.wait_log(r"/setup/[\w-]+").group(0)
    one, two = Browser(kwipd).get(link), Browser(kwipd).get(link)
    one.submit(link, name="ann", password="correct-horse")
    assert two.submit(link, expect=401, name="eve", password="correct-horse").has("used or is too old")


@pytest.mark.parametrize("mode", ["invite", "closed"])
def test_signup_modes(make_kwipd, mode):
    k = make_kwipd(signups=mode)
    password = k.account("ann")
    visitor = Browser(k)
    assert "/signup" not in visitor.get("/").reader.links
    page = visitor.get("/signup")
    if mode == "closed":
        assert page.has("Nobody new can join") and not [f for f in page.reader.forms if f["method"] == "post"]
        token = dict(visitor.get("/login").fields("/login"))["csrf"]
        visitor.open("POST", "/signup", expect=403, data={"csrf": token, "name": "bob", "password": "correct-horse"})
        return
    assert page.submit("/signup", expect=422, name="bob", password="correct-horse", invite="nonsense").has("Sign up")
    ann = Browser(k).log_in("ann", password)
    link = re.search(r"/signup\?invite=\w+", ann.get("/invites").submit("/invites", uses="1", days="3").html).group(0)
    page = Browser(k).get(link)
    assert page.has("@ann invites you")
    assert page.submit("/signup", name="bob", password="correct-horse").has("@bob")
    assert ann.get("/@ann/followers").has("@bob")
    assert Browser(k).get(link).has("used up")
    page = ann.get("/invites").submit("/invites", uses="5", days="3")
    ends = re.findall(r"/invites/\w+/end", page.html)
    assert len(ends) == 2
    assert len(re.findall(r"/invites/\w+/end", page.click(ends[0]).html)) == 1


def test_wrong_addresses_have_a_page(shared):
    b = Browser(shared)
    for path in ("/nope", "/@nobody_at_all", "/@nobody_at_all/feed", "/kwips/1/history", "/@x/1", "/tags/123", "/setup/x", "/reset/x"):
        page = b.get(path, expect=404)
        words = "no longer works" if path.endswith("/x") else "Not here"
        assert page.has(words) and "/" in page.reader.links, path
    assert b.raw("POST", "/everyone").status_code == 405
    for path in ("/@nobody_at_all/feed.atom",):
        assert b.raw("GET", path).status_code == 404


def test_what_is_not_understood_has_a_page(shared):
    ann = Browser(shared).sign_up("misspells")
    for path in ("/@misspells/abc", "/@misspells/0", "/@misspells/99999999999999999999", "/?max_id=x", "/@misspells?max_id=x", "/?done=" + "x" * 99,
                 "/settings?done=a%0Ab", "/?done=%ff", "/@misspells/1?after=x", "/home?max_id=-1"):
        for b in (ann, Browser(shared)):
            answer = b.raw("GET", path)
            assert answer.status_code in (303, 404, 422), (path, answer.status_code)
    assert ann.get("/home").path == "/home"


def test_robots_and_icon(shared):
    b = Browser(shared)
    assert "User-agent: *" in b.raw("GET", "/robots.txt").text
    icon = b.raw("GET", b.raw("GET", "/favicon.ico").headers["Location"])
    assert icon.headers["Content-Type"] == "image/svg+xml"


def test_new_password_by_link(shared):
    ann = Browser(shared).sign_up("forgetful")
    link = "/reset/" + shared.run("account", "reset", "forgetful").stdout.strip().rsplit("/", 1)[1]
    somebody = Browser(shared)
    page = somebody.get(link)
    assert page.has("@forgetful")
    assert page.submit(link, expect=422, password="short").has("at least 8")
    assert somebody.get(link).submit(link, password="battery-staple").has("@forgetful")
    assert ann.get("/home").path == "/login", "other sessions end"
    Browser(shared).get(link, expect=404)
    Browser(shared).log_in("forgetful", "battery-staple")


def test_suspended_people_are_not_to_be_found(shared):
    ann, bob = Browser(shared).sign_up("soon_away"), Browser(shared).sign_up("stays_here")
    kwip = ann.say("I was here")
    bob.get("/@soon_away").click("/@soon_away/follow")
    paths = ("/@soon_away", "/@soon_away/" + kwip, "/@soon_away/feed.atom", "/@soon_away/followers")
    for path in paths:
        assert Browser(shared).raw("GET", path).status_code == 200
    shared.run("account", "suspend", "soon_away")
    for path in paths:
        assert Browser(shared).raw("GET", path).status_code == 404, path
    for path in ("/everyone", "/everyone/recent", "/home", "/home/recent"):
        assert not bob.get(path).has("I was here"), path
    assert "I was here" not in Browser(shared).raw("GET", "/everyone/feed.atom").text
    page = Browser(shared).get("/login").submit("/login", expect=403, name="soon_away", password="correct-horse")
    assert page.has("suspended")
    shared.run("account", "restore", "soon_away")
    assert Browser(shared).get("/@soon_away").has("I was here")
