# SPDX-License-Identifier: MIT
"""The search page: kwips, people and hashtags, paged, for members and visitors, without a script."""
import html
import os
import re
import signal
from urllib.parse import quote

import pytest
from browser import Browser
from kwipd import Kwipd, wait_for


class Site:
    def __init__(self, k):
        self.k, self.token = k, {}
        for name in ("ann", "bob"):
            k.account(name)
            self.token[name] = k.token(name)
        k.api("PATCH", "/api/v1/accounts/update_credentials", self.token["bob"], json={"display_name": "Bob <b>Quill</b>"})
        self.ann, self.visitor = Browser(k).log_in("ann", k.passwords["ann"]), Browser(k)
        for n in range(25):
            k.say(self.token["bob"], "pebble %d #stone%d" % (n, n))
        k.say(self.token["bob"], "pebble for few", visibility="private")
        wait_for(lambda: k.status()["search"]["behind"] == 0)


@pytest.fixture(scope="module")
def site():
    with Kwipd(env={"KWIPD_TEST_TRENDS_MS": "200"}) as k:
        yield Site(k)


def shown(page):
    return re.findall(r"<p>pebble (\d+)", page.html)


def test_every_page_has_the_form(site):
    for browser in (site.ann, site.visitor):
        page = browser.get("/everyone")
        assert re.search(r'<form class="find" role="search" action="/search"><input type="search" name="q"', page.html)
    page = site.ann.get("/search")
    assert "from:name" in page.html and 'content="noindex"' in page.html and "Nothing found" not in page.html


def test_kwips_page_by_page(site):
    page = site.ann.get("/search?q=pebble")
    assert shown(page) == [str(n) for n in range(24, 4, -1)]
    older = html.unescape(re.search(r'rel="next" href="([^"]+)"', page.html).group(1))
    page = site.ann.get(older)
    assert shown(page) == ["4", "3", "2", "1", "0"] and 'rel="next"' not in page.html
    newer = html.unescape(re.search(r'rel="prev" href="([^"]+)"', page.html).group(1))
    assert shown(site.ann.get(newer))[0] == "24"
    assert "Nothing found." in site.ann.get("/search?q=pebble+boulder").html
    assert "still being taken in" not in page.html


def test_visitors_find_people_and_hashtags_only(site):
    page = site.visitor.get("/search?q=pebble")
    assert shown(page) == [] and "Log in to search kwips" in page.html
    assert "/login?next=%2Fsearch" in page.html
    assert "/@bob" in site.visitor.get("/search?q=%40bo").html
    assert "/tags/stone7" in site.visitor.get("/search?q=%23stone7").html


def test_people(site):
    wait_for(lambda: "/@bob" in site.ann.get("/search?q=quill&type=people").html)
    page = site.ann.get("/search?q=qui+bob&type=people")
    assert "Bob &lt;b&gt;Quill&lt;/b&gt;" in page.html and "<b>Quill" not in page.html
    assert re.search(r'<a href="/search\?q=qui%20bob&amp;type=people" aria-current="page">People</a>', page.html)


def test_hashtags(site):
    page = site.ann.get("/search?q=stone&type=tags")
    assert len(re.findall(r'href="/tags/stone\d+"', page.html)) == 25 and "1 this week" in page.html


@pytest.mark.parametrize("q", ['"><script>alert(1)</script>', "' onfocus=x", "\u202e\u2066", "a&b=c?d#e", "{{ v }}", "%00"])
def test_what_is_asked_stays_text(site, q):
    for type in ("kwips", "people", "tags"):
        page = site.ann.get("/search?type=%s&q=%s" % (type, quote(q, safe="")))
        assert "<script>alert" not in page.html and "onfocus=x" not in re.sub(r'value="[^"]*"', "", page.html)
        assert page.reader.tags, "it is a page"


def test_it_says_when_it_is_behind(site):
    pid = site.k.pids()["search"]
    os.kill(pid, signal.SIGSTOP)
    try:
        site.k.say(site.token["bob"], "pebble 99")
        page = site.ann.get("/search?q=pebble")
        assert "about 1 cannot be found yet" in page.html and shown(page)[0] == "24"
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: shown(site.ann.get("/search?q=pebble"))[0] == "99")


def test_what_is_talked_about_while_nothing_is_asked(site):
    assert "Talked about" not in site.visitor.get("/search").html
    for token in site.token.values():
        site.k.say(token, "#everywhere")
    wait_for(lambda: "Talked about" in site.visitor.get("/search").html)
    page = site.visitor.get("/search")
    assert re.findall(r'href="/tags/(\w+)">#', page.html) == ["everywhere"] and "2 this week" in page.html
