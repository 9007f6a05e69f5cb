# SPDX-License-Identifier: MIT
"""Filters on the pages: hidden kwips are not there, others stand behind their filter's title."""
import pytest

from browser import Browser
from kwipd import Kwipd


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        for name in ("ann", "bob"):
            k.account(name)
        k.ann, k.bob = k.token("ann"), k.token("bob")
        k.page = Browser(k).log_in("ann", k.passwords["ann"])
        k.visitor = Browser(k)
        yield k


def new_filter(k, word, action, *context):
    answer = k.api("POST", "/api/v2/filters", k.ann, json={
        "title": "about " + word, "context": list(context), "filter_action": action,
        "keywords_attributes": [{"keyword": word}]})
    assert answer.status_code == 200, answer.text


def test_warned_and_hidden(site):
    new_filter(site, "spoiler", "warn", "public", "account")
    new_filter(site, "awful", "hide", "public", "thread")
    warned = site.say(site.bob, "a mild spoiler")["id"]
    hidden = site.say(site.bob, "an awful spoiler")["id"]
    site.say(site.bob, "an awful answer", in_reply_to_id=warned)
    title = "Filtered: about spoiler"
    for path in ("/everyone", "/everyone/recent"):
        text = site.page.get(path).text
        assert text.count(title) == 1 and "a mild spoiler" in text and "an awful spoiler" not in text
        text = site.visitor.get(path).text
        assert title not in text and "an awful spoiler" in text
    text = site.page.get("/@bob").text
    assert text.count(title) == 2 and "an awful spoiler" in text, "another place, other filters"
    assert "an awful answer" in site.visitor.get("/@bob/" + warned).text
    text = site.page.get("/@bob/" + warned).text
    assert title not in text and "an awful answer" not in text
    assert "an awful spoiler" in site.page.get("/@bob/" + hidden).text, "who opens it wants to see it"


def test_a_page_of_nothing_but_hidden_ones_leads_on(site):
    new_filter(site, "noise", "hide", "public")
    site.say(site.bob, "the old one")
    for n in range(60):
        site.say(site.bob, "noise %d" % n)
    page, seen = site.page.get("/everyone/recent"), ""
    for _ in range(8):
        seen += page.text
        older = [a for a in page.reader.links if "max_id=" in a]
        if not older:
            break
        page = site.page.get(older[0])
    assert "the old one" in seen and "noise" not in seen
