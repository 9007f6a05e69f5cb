# SPDX-License-Identifier: MIT
"""What people do on the pages, each by plain forms as a browser without JavaScript sends them."""
import re
import time

import pytest
from browser import Browser
from kwipd import wait_for


@pytest.fixture
def ann(shared):
    """A new person each time: names are shared by the module's one server."""
    ann.n += 1
    name = "ann%d" % ann.n
    browser = Browser(shared).sign_up(name)
    browser.name = name
    return browser


ann.n = 0
PAGES = ["/", "/home", "/home/recent", "/everyone", "/everyone/recent", "/favourites", "/bookmarks", "/notices", "/requests",
         "/settings", "/invites", "/compose", "/about", "/tags/tea"]


def person(shared, name):
    browser = Browser(shared).sign_up(name)
    browser.name = name
    return browser


def test_every_page_answers(ann):
    kwip = ann.say("a cup of #tea", warning="drinks")
    mine = ["/@%s%s" % (ann.name, p) for p in ("", "/active", "/comments", "/followers", "/following", "/" + kwip)]
    for path in PAGES + mine + ["/kwips/%s/%s" % (kwip, p) for p in ("history", "edit", "delete")] + \
            ["/compose?reply_to=" + kwip, "/compose?text=hello"]:
        ann.get(path)
    assert ann.get("/compose?text=hello").fields("/kwips")[-3][0] != ""
    assert dict(ann.get("/compose?text=hello").fields("/kwips"))["body"] == "hello"


def test_visitors_pages_answer_and_set_no_cookie(shared, ann):
    kwip = ann.say("to all of you #tea")
    visitor = Browser(shared)
    for path in ["/", "/everyone", "/everyone/recent", "/about", "/tags/tea", "/@" + ann.name, "/@%s/%s" % (ann.name, kwip),
                 "/@%s/active" % ann.name, "/@%s/comments" % ann.name, "/@%s/followers" % ann.name,
                 "/@%s/following" % ann.name, "/kwips/%s/history" % kwip]:
        page = visitor.get(path)
        assert "Set-Cookie" not in page.answer.headers, path
        assert "csrf" not in page.html, path
        assert page.answer.headers["ETag"], path
    assert visitor.get("/@%s/%s" % (ann.name, kwip)).has("Log in to reply")


def test_what_needs_a_login_leads_to_it_and_back(shared, ann):
    visitor = Browser(shared)
    answer = visitor.raw("GET", "/home/recent?max_id=5")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Fhome%2Frecent%3Fmax_id%3D5")
    page = visitor.get("/settings")
    assert page.path == "/login"
    page = page.submit("/login", name=ann.name, password="correct-horse")
    assert page.path == "/settings"


def test_login_refuses_and_keeps_the_name(shared, ann):
    page = Browser(shared).get("/login").submit("/login", expect=401, name=ann.name, password="wrong-wrong")
    assert page.has("do not fit together")
    assert dict(page.fields("/login"))["name"] == ann.name
    assert Browser(shared).get("/login").submit("/login", expect=401, name="nobody_here", password="x").has("do not fit together")


def test_login_never_leaves_the_site(shared, ann):
    for away in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        b = Browser(shared)
        form = dict(b.get("/login").fields("/login"), name=ann.name, password="correct-horse", next=away)
        answer = b.raw("POST", "/login", data=form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_signup_shows_the_form_again(shared, ann):
    for values, words in (({"name": ann.name}, "taken"), ({"name": "admin"}, "reserved"), ({"name": "x y"}, "letters"),
                          ({"name": "fine_name", "password": "short"}, "at least 8")):
        b = Browser(shared)
        values = dict({"password": "long-enough"}, **values)
        page = b.get("/signup").submit("/signup", expect=409 if words == "taken" else 422, email="a@b.example", **values)
        assert page.has(words)
        assert dict(page.fields("/signup"))["name"] == values["name"]
        assert dict(page.fields("/signup"))["email"] == "a@b.example"
        assert dict(page.fields("/signup"))["password"] == ""


def test_remembered_or_not(shared, ann):
    for remember, kept in (("1", True), (None, False)):
        b = Browser(shared)
        form = dict(b.get("/login").fields("/login"), name=ann.name, password="correct-horse")
        assert form.pop("remember") == "1", "what most people want is ticked"
        if remember:
            form["remember"] = remember
        cookie = b.raw("POST", "/login", data=form).headers["Set-Cookie"]
        assert ("Max-Age" in cookie) == kept
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_log_out(shared, ann):
    assert ann.get("/").submit("/logout").has("Log in")
    assert ann.get("/home").path == "/login"


def test_say_and_comment(shared, ann):
    bob = person(shared, "bob_" + ann.name)
    kwip = ann.say("shall we meet?")
    room = "/@%s/%s" % (ann.name, kwip)
    page = bob.get(room).submit("/kwips", body="at six")
    assert page.has("shall we meet?") and page.has("at six") and page.has("1 comment")
    assert re.search(r'<li id="k\d+" class="here">', page.html)
    comment = re.search(r"/(\d+)$", page.path).group(1)
    assert 'href="%s#k%s"' % (room, kwip) in page.html, "in reply to"
    assert Browser(shared).get("/@%s/%s" % (bob.name, comment)).has("shall we meet?")
    assert bob.get("/@%s/comments" % bob.name).has("at six")
    assert not bob.get("/@%s" % bob.name).has("at six")
    assert not bob.get("/home/recent").has("at six")
    notices = ann.get("/notices")
    assert notices.has("commented") and notices.has("at six")
    assert not notices.submit("/notices/read").has("Mark all as read")


def test_a_refused_kwip_comes_back(ann):
    page = ann.get("/compose").submit("/kwips", expect=422, body="  ", warning="mind")
    assert page.has("Say something") and 'role="alert"' in page.html
    assert dict(page.fields("/kwips"))["warning"] == "mind"


def test_said_once_however_often_it_is_sent(ann):
    form = ann.get("/compose")
    first, second = form.submit("/kwips", body="once", back=""), form.submit("/kwips", body="once", back="")
    assert first.path == second.path
    assert ann.get("/@%s" % ann.name).text.count("once") == 1


def test_edit_with_history(shared, ann):
    kwip = ann.say("frist <b>")
    page = ann.get("/kwips/%s/edit" % kwip)
    assert dict(page.fields("/kwips/%s/edit" % kwip))["body"] == "frist <b>"
    page = page.submit("/kwips/%s/edit" % kwip, body="first")
    assert page.has("first") and page.has("edited") and not page.has("frist")
    history = Browser(shared).get("/kwips/%s/history" % kwip)
    assert history.has("frist <b>") and history.has("first")
    assert ann.get("/kwips/%s/edit" % kwip).submit("/kwips/%s/edit" % kwip, expect=422, body="").has("Edit")


def test_nobody_edits_or_deletes_for_others(shared, ann):
    kwip, bob = ann.say("mine"), person(shared, "eve_" + ann.name)
    token = dict(bob.get("/compose").fields("/kwips"))["csrf"]
    for what in ("edit", "delete"):
        bob.get("/kwips/%s/%s" % (kwip, what), expect=403)
        bob.open("POST", "/kwips/%s/%s" % (kwip, what), expect=403, data={"csrf": token, "body": "yours"})
    assert Browser(shared).get("/@%s/%s" % (ann.name, kwip)).has("mine")


def test_delete_asks_first(shared, ann):
    kwip = ann.say("to be gone")
    page = ann.get("/kwips/%s/delete" % kwip)
    assert page.has("to be gone")
    page.submit("/kwips/%s/delete" % kwip)
    ann.get("/@%s/%s" % (ann.name, kwip), expect=404)
    assert not Browser(shared).get("/@" + ann.name).has("to be gone")


def test_a_room_outlives_its_root(shared, ann):
    bob, kwip = person(shared, "kim_" + ann.name), ann.say("root")
    comment = re.search(r"/(\d+)$", bob.get("/@%s/%s" % (ann.name, kwip)).submit("/kwips", body="leaf").path).group(1)
    ann.get("/kwips/%s/delete" % kwip).submit("/kwips/%s/delete" % kwip)
    page = Browser(shared).get("/@%s/%s" % (bob.name, comment))
    assert page.has("leaf") and page.has("is gone")


def test_marks(shared, ann):
    bob = person(shared, "max_" + ann.name)
    kwip = ann.say("mark me")
    here = "/@%s/%s" % (ann.name, kwip)
    for do, undo in (("favourite", "unfavourite"), ("boost", "unboost"), ("bookmark", "unbookmark"), ("mute", "unmute")):
        page = bob.get(here).click("/kwips/%s/%s" % (kwip, do))
        assert page.path == here, "the button leads back"
        page.click("/kwips/%s/%s" % (kwip, undo)).click("/kwips/%s/%s" % (kwip, do))
    assert bob.get("/favourites").has("mark me") and bob.get("/bookmarks").has("mark me")
    page = bob.get("/@" + bob.name)
    assert page.has("boosted") and page.has("mark me")
    page = Browser(shared).get(here)
    assert "♥ 1" in page.text and "⟳ 1" in page.text


def test_follow_and_requests(shared, ann):
    bob = person(shared, "tim_" + ann.name)
    page = bob.get("/@" + ann.name).click("/@%s/follow" % ann.name)
    assert page.has("Unfollow")
    ann.say("for those who follow", visibility="private")
    assert bob.get("/home").has("for those who follow")
    assert bob.get("/@%s/followers" % ann.name).has("@" + bob.name)
    assert ann.get("/@" + bob.name).has("follows you")
    assert bob.get("/@%s/following" % bob.name).has("@" + ann.name)
    bob.get("/@" + ann.name).click("/@%s/unfollow" % ann.name)
    assert not bob.get("/home").has("for those who follow")
    ann.get("/settings").submit("/settings/profile", locked="1")
    assert bob.get("/@" + ann.name).click("/@%s/follow" % ann.name).has("Withdraw request")
    page = ann.get("/requests")
    accept = re.search(r"/requests/\d+/accept", page.html).group(0)
    page.click(accept)
    assert bob.get("/@" + ann.name).has("Unfollow")


def test_block_and_mute(shared, ann):
    bob = person(shared, "joe_" + ann.name)
    bob.say("noise from joe")
    ann.get("/@" + bob.name).click("/@%s/follow" % bob.name)
    assert ann.get("/home").has("noise from joe")
    page = ann.get("/@" + bob.name).click("/@%s/mute" % bob.name)
    assert page.has("Unmute") and not ann.get("/home").has("noise from joe")
    page.click("/@%s/unmute" % bob.name)
    assert ann.get("/home").has("noise from joe")
    kwip = ann.say("not for joe")
    page = ann.get("/@" + bob.name).click("/@%s/block" % bob.name)
    assert page.has("Unblock")
    bob.get("/@%s/%s" % (ann.name, kwip), expect=404)
    assert not ann.get("/everyone/recent").has("noise from joe")
    assert ann.get("/@" + bob.name).click("/@%s/unblock" % bob.name).has("Follow")


def test_settings(shared, ann):
    page = ann.get("/settings").submit("/settings/profile", display_name="Ann Other", about="I am\nhere",
                                       field_name=["Web", "", "", ""], field_value=["https://ann.example", "", "", ""])
    assert page.has("Your profile is saved")
    page = Browser(shared).get("/@" + ann.name)
    assert page.has("Ann Other") and page.has("I am") and 'href="https://ann.example"' in page.html
    page = ann.get("/settings").submit("/settings/profile", expect=422, display_name="x" * 61, about="kept")
    assert dict(page.fields("/settings/profile"))["about"] == "kept" and 'role="alert"' in page.html
    page = ann.get("/settings").submit("/settings/preferences", visibility="private", order="recent", language="de")
    fields = dict(page.fields("/settings/preferences"))
    assert (fields["visibility"], fields["order"], fields["language"]) == ("private", "recent", "de")
    assert dict(ann.get("/compose").fields("/kwips"))["visibility"] == "private"
    assert '<a href="/home/recent" aria-current="page">' in ann.get("/").html
    assert ann.get("/settings").submit("/settings/preferences", expect=422, email="nonsense").has("no mail address")


def test_password_change_ends_other_sessions(shared, ann):
    other = Browser(shared).log_in(ann.name, "correct-horse")
    page = ann.get("/settings").submit("/settings/password", expect=422, old="wrong", password="battery-staple")
    assert page.has("present password is not right")
    page = ann.get("/settings").submit("/settings/password", old="correct-horse", password="battery-staple")
    assert page.has("Your password is changed")
    assert other.get("/home").path == "/login"
    Browser(shared).log_in(ann.name, "battery-staple")
    Browser(shared).get("/login").submit("/login", expect=401, name=ann.name, password="correct-horse")


def test_log_out_everywhere_else(shared, ann):
    other = Browser(shared).log_in(ann.name, "correct-horse")
    assert ann.get("/settings").submit("/settings/sessions").has("Everywhere else you are logged out")
    assert other.get("/home").path == "/login"
    assert ann.get("/home").path == "/home"


def test_older_and_newer(ann):
    for i in range(45):
        ann.say("number %02d." % i)
    page, seen = ann.get("/@" + ann.name), []
    while True:
        seen += re.findall(r"number (\d\d)\.", page.text)
        older = [t[1]["href"] for t in page.reader.tags if t[0] == "a" and t[1].get("rel") == "next"]
        if not older:
            break
        page = ann.get(older[0])
    assert seen == ["%02d" % i for i in range(44, -1, -1)]
    newer = [t[1]["href"] for t in page.reader.tags if t[0] == "a" and t[1].get("rel") == "prev"]
    assert re.findall(r"number (\d\d)\.", ann.get(newer[0]).text) == ["%02d" % i for i in range(24, 4, -1)]


def test_home_skips_replies_but_fills_its_pages(ann):
    for i in range(22):
        kwip = ann.say("root %02d." % i)
        ann.get("/@%s/%s" % (ann.name, kwip)).submit("/kwips", body="reply to it")
        ann.get("/@%s/%s" % (ann.name, kwip)).submit("/kwips", body="again to it")
    page = ann.get("/home/recent")
    assert re.findall(r"root (\d\d)\.", page.text) == ["%02d" % i for i in range(21, 1, -1)]
    older = [t[1]["href"] for t in page.reader.tags if t[0] == "a" and t[1].get("rel") == "next"][0]
    page = ann.get(older)
    assert re.findall(r"root (\d\d)\.", page.text) == ["01", "00"]


def test_long_kwips_are_cut_in_lists_only(shared, ann):
    body = "word " * 3000 + "theveryend"
    kwip = ann.say(body)
    page = Browser(shared).get("/@" + ann.name)
    assert page.has("more") and not page.has("theveryend")
    assert Browser(shared).get("/@%s/%s" % (ann.name, kwip)).has("theveryend")


def test_warnings_hide_the_text(ann):
    page = ann.get("/@%s/%s" % (ann.name, ann.say("the butler did it", warning="spoiler")))
    assert re.search(r"<details class=\"warned\"><summary>spoiler</summary>", page.html)
    excerpt = re.search(r"<title>(.*?)</title>", page.html).group(1)
    assert "butler" not in excerpt and "spoiler" in excerpt


def test_repeats_are_counted_on_the_first(shared, ann):
    first = ann.say("good morning, all of you")
    ann.say("good morning, all of you")
    ann.say("Good  morning, ALL of you")
    page = wait_for(lambda: [p for p in [Browser(shared).get("/@" + ann.name)] if p.has("said 3 times")])[0]
    assert page.reader.ids.count("k" + first) == 1
    assert page.text.lower().count("good morning, all of you") == 1
    ann.get("/settings").submit("/settings/preferences", show_repeats="1")
    assert ann.get("/@" + ann.name).html.lower().count('morning, all of you</p>') == 3


def test_cards_are_the_same_kept_or_made_anew(shared, ann):
    bob = person(shared, "ida_" + ann.name)
    kwip = ann.say("a #card with @%s and https://x.example/ & <more>" % bob.name, warning="careful", language="nl")
    bob.get("/@%s/%s" % (ann.name, kwip)).submit("/kwips", body="noted")
    bob.get("/@%s/%s" % (ann.name, kwip)).click("/kwips/%s/boost" % kwip).click("/kwips/%s/favourite" % kwip)

    def items():
        page = bob.get("/@" + bob.name).html
        return re.search(r"<ol class=\"kwips.*</ol>", page, re.S).group(0)

    fresh = items()
    time.sleep(0.5)  # the timeline service has rendered its own by now
    assert items() == fresh and "boosted" in fresh and "careful" in fresh
