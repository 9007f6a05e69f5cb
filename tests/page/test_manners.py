# SPDX-License-Identifier: MIT
"""The pages' manners: they say what was done, help who is new, show a room in full, and keep rare buttons away."""
import re

import pytest
from browser import Browser
from kwipd import wait_for


@pytest.fixture(scope="module")
def people(shared):
    people = {name: Browser(shared).sign_up(name) for name in ("ann", "bob", "eve")}
    people["boss"] = Browser(shared).log_in("boss", shared.account("boss", "--admin"))
    return people


def done_of(page):
    said = re.search(r'<p class="done" role="status">(.*?)</p>', page.html)
    return said.group(1) if said else None


def item_of(page, kwip):
    return re.search(r'<li id="k%s".*?</article>' % kwip, page.html, re.S).group(0)


def room_of(browser, name, kwip):
    return browser.get("/@%s/%s" % (name, kwip))


def test_the_page_says_what_was_done(shared, people):
    page = Browser(shared).get("/signup").submit("/signup", name="newcomer", password="correct-horse")
    assert done_of(page) == "Welcome! Your account is ready."
    ann = people["ann"]
    kwip = ann.say("half don")
    page = ann.get("/kwips/%s/edit" % kwip).submit("/kwips/%s/edit" % kwip, body="all done")
    assert page.path == "/@ann/" + kwip and done_of(page) == "Your change is saved."
    assert dict(page.reader.by_id["act"]["fields"])["back"] == "/@ann/" + kwip, "said once, not at every click from here"
    assert done_of(page.click("/kwips/%s/favourite" % kwip)) is None
    page = ann.get("/kwips/%s/delete" % kwip).submit("/kwips/%s/delete" % kwip)
    assert page.path == "/@ann" and done_of(page) == "The kwip is deleted."


def test_nobody_else_puts_words_on_a_page(shared, people):
    for who in (Browser(shared), people["ann"]):
        for what in ("<b>", "You+won", ""):
            assert done_of(who.get("/?done=" + what)) is None
            assert "You won" not in who.get("/@ann?done=" + what).html
    assert done_of(Browser(shared).get("/?done=deleted")) is None, "visitors have done nothing"


def test_a_deleted_comment_leads_back_to_its_room(people):
    kwip = people["ann"].say("a room")
    page = room_of(people["bob"], "ann", kwip).submit("/kwips", body="a slip")
    comment = re.search(r"/(\d+)$", page.path).group(1)
    page = people["bob"].get("/kwips/%s/delete" % comment)
    assert "/@bob/" + comment in page.reader.links, "keep it"
    page = page.submit("/kwips/%s/delete" % comment)
    assert page.path == "/@ann/" + kwip and page.has("No comments yet")


def test_an_empty_home_shows_whom_to_follow(shared, people):
    people["bob"].say("bob speaks")
    page = Browser(shared).sign_up("lonely").get("/home")
    assert page.has("Your home is quiet") and page.has("People here") and "/everyone" in page.reader.links
    assert not page.has("@lonely Follow")
    page = page.click("/@bob/follow")
    assert page.path == "/home" and page.has("bob speaks")
    assert not [a for a, _ in page.reader.buttons if a.get("formaction") == "/@bob/follow"], "follows already"
    for i in range(5):
        people["bob"].say("talk %d" % i)
    assert not page.browser.get("/home").has("People here")


def test_comments_are_whole_in_their_room(shared, people):
    long = "start " + "word " * 2000 + "theveryend"
    kwip = people["ann"].say("say it all")
    room_of(people["bob"], "ann", kwip).submit("/kwips", body=long)
    room_of(people["eve"], "ann", kwip).submit("/kwips", body=long.replace("theveryend", "theotherend"))
    people["bob"].get("/@bob/comments")

    def is_whole():
        return [room_of(who, "ann", kwip) for who in (Browser(shared), people["eve"])]

    for page in is_whole() + wait_for(is_whole):
        assert page.has("theveryend") and page.has("theotherend")
        assert 'class="more cut"' not in page.html
    assert not people["eve"].get("/@bob/comments").has("theveryend"), "lists show the beginning"


def test_what_a_comment_answers_is_said_where_it_is_news(people):
    kwip = people["ann"].say("who comes?")
    page = room_of(people["bob"], "ann", kwip).submit("/kwips", body="me")
    first = re.search(r"/(\d+)$", page.path).group(1)
    page = people["eve"].get("/compose?reply_to=" + first).submit("/kwips", body="then me too", back="")
    second = re.search(r"/(\d+)$", page.path).group(1)
    page = room_of(people["ann"], "ann", kwip)
    assert 'class="re to-root"' in item_of(page, first)
    assert 'class="re">in reply to <a' in item_of(page, second)
    assert people["bob"].get("/@bob/comments").has("in reply to @ann"), "lists name it"


def test_edit_and_delete_wait_in_a_menu(people):
    kwip = people["ann"].say("mine to change")
    own, boss, bob = (item_of(room_of(people[who], "ann", kwip), kwip) for who in ("ann", "boss", "bob"))
    menu = r'<details class="menu"><summary class="act dots".*</details>'
    assert all(s in re.search(menu, own, re.S).group(0) for s in ("/kwips/%s/edit" % kwip, "/kwips/%s/delete" % kwip))
    assert "/delete" in re.search(menu, boss, re.S).group(0) and "/edit" not in boss
    assert "/delete" not in bob and "/edit" not in bob and "<details" not in bob
    page = people["boss"].get("/kwips/%s/delete" % kwip).submit("/kwips/%s/delete" % kwip)
    assert done_of(page) == "The kwip is deleted." and page.path == "/@ann"
    people["ann"].get("/@ann/" + kwip, expect=404)


def test_style_and_script_stay_small(shared):
    page = Browser(shared).get("/")
    files = re.findall(r'(?:href|src)="(/static/kwip\.\w+\.(?:css|js))"', page.html)
    assert len(files) == 2
    for path in files:
        answer = Browser(shared).raw("GET", path)
        assert answer.status_code == 200 and len(answer.content) < 22000, path
