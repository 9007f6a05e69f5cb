# SPDX-License-Identifier: MIT
"""The number of SQL statements of a request does not grow with what it lists: 40 entries take no more than a
few above 5, with a warm cache and with none.

Add a path to LISTS; make in `fill` what it is to list. `{name}` is filled in from the dict that fill gives."""
import os
import re
import shutil
import signal

import pytest

from kwipd import Kwipd, wait_for
from people import Site

MANY, FEW = 40, 5
# What more rows may cost altogether: another round of bounded statements.
SLACK = 6
# What is merged from streams costs so many looks per entry (core/timeline_merge.c); home only without a cache.
PER_ENTRY = {"home": 3, "list": 3, "terms": 3}

LISTS = {
    "public": "/api/v1/timelines/public",
    "home": "/api/v1/timelines/home",
    "list": "/api/v1/timelines/list/{list}",
    "tag": "/api/v1/timelines/tag/counted",
    "terms": "/api/v1/timelines/tag/counted?any[]=other",
    "link": "/api/v1/timelines/link?url=https://example.org/",
    "account": "/api/v1/accounts/{bob}/statuses",
    "favourites": "/api/v1/favourites",
    "bookmarks": "/api/v1/bookmarks",
    "context": "/api/v1/statuses/{root}/context",
    "notifications": "/api/v1/notifications",
    "list members": "/api/v1/lists/{list}/accounts",
    "lists": "/api/v1/lists",
    "lists of one": "/api/v1/accounts/{bob}/lists",
    "followed tags": "/api/v1/followed_tags",
    "featured tags": "/api/v1/featured_tags",
    "suggested tags": "/api/v1/featured_tags/suggestions",
    "filters": "/api/v2/filters",
    "filters v1": "/api/v1/filters",
    "followers": "/api/v1/accounts/{me}/followers",
    "following": "/api/v1/accounts/{me}/following",
    "boosted by": "/api/v1/statuses/{root}/reblogged_by",
    "favourited by": "/api/v1/statuses/{root}/favourited_by",
    "blocks": "/api/v1/blocks",
    "mutes": "/api/v1/mutes",
    "search": "/api/v2/search?q=kwip&type=statuses",
    "search tags": "/api/v2/search?q=t&type=hashtags",
    "search people": "/api/v1/accounts/search?q=p",
    "trends tags": "/api/v1/trends/tags",
    "trends statuses": "/api/v1/trends/statuses",
}
UNLIMITED = ("lists", "lists of one", "context", "featured tags", "suggested tags", "filters", "filters v1")


def crowd(site, me, bob):
    """People around me: they follow, are followed, blocked, muted, mark and boost bob's root."""
    root = site.say(bob[0], "root #counted #other https://example.org/")
    for n in range(MANY):
        who, id = site.person()
        site.follow(who, me[1])
        site.follow(me[0], id)
        for verb in ("favourite", "reblog"):
            site.post("/api/v1/statuses/%s/%s" % (root, verb), who)
        site.say(who, "answer", in_reply_to_id=root)
        if n % 4 == 0:
            liked = site.say(who, "liked by two")
            for token, _ in (me, bob):
                site.post("/api/v1/statuses/%s/favourite" % liked, token)
        site.post("/api/v1/lists/%s/accounts" % site.list, me[0], account_ids=[id])
        if n % 8 == 0:
            for verb in ("block", "mute"):
                site.post("/api/v1/accounts/%s/%s" % (site.person()[1], verb), me[0])
    return root


def fill(site):
    me, bob = site.person(), site.person()
    site.follow(me[0], bob[1])
    site.list = site.post("/api/v1/lists", me[0], title="all")["id"]
    site.post("/api/v1/lists/%s/accounts" % site.list, me[0], account_ids=[bob[1]])
    root = crowd(site, me, bob)
    for n in range(MANY + 5):
        said = site.say(bob[0], "kwip %d #counted #t%d https://example.org/ @p1" % (n, n), visibility="public")
        for verb in ("favourite", "bookmark"):
            site.post("/api/v1/statuses/%s/%s" % (said, verb), me[0])
        site.post("/api/v1/tags/t%d/follow" % n, me[0])
        site.say(me[0], "mine #mine%d #t%d" % (n, n))
        if n < MANY:
            if n < 10:
                site.post("/api/v1/featured_tags", me[0], name="mine%d" % n)
            site.post("/api/v1/lists", me[0], title="list %d" % n)
            site.post("/api/v2/filters", me[0], title="x", context=["home"], keywords_attributes=[{"keyword": "w%d" % n}])
    return {"me": me[1], "bob": bob[1], "root": root, "list": site.list, "token": me[0]}


@pytest.fixture(scope="module")
def site():
    with Kwipd(log_level="debug", env={"KWIPD_TEST_TRENDS_MS": "1000"}) as k:
        s = Site(k)
        s.world = fill(s)
        wait_for(lambda: is_warm(s))
        wait_for(lambda: len(s.get(LISTS["trends statuses"])) > FEW and k.status()["search"]["behind"] == 0)
        yield s


def is_warm(site):
    """Home comes from the cache: it takes no looks per entry."""
    return statements(site, LISTS["home"], site.world["token"], MANY)[0] < MANY


def answers(k, path):
    """The counts that the server told with its answers to this path so far."""
    return [int(n) for n in re.findall(r"answer path=%s statements=(\d+)" % re.escape(path), k.log)]


def statements(site, path, token, limit):
    """How many statements one request takes; the least of some, since the site cares for itself in between."""
    k, least = site.k, None
    bare = path.split("?")[0]
    options = {"params": {"limit": limit}} if limit else {}
    for _ in range(4):
        site.call("GET", "/api/v1/instance")
        had = len(answers(k, bare))
        got = site.call("GET", path, token, **options).json()
        if isinstance(got, dict) and "hashtags" in got:
            got = max(got.values(), key=len)
        wait_for(lambda: len(answers(k, bare)) > had)
        took = answers(k, bare)[-1] - answers(k, "/api/v1/instance")[-1]
        least = took if least is None else min(least, took)
    return least, got


def compare(site, name, slack):
    path, token = LISTS[name].format(**site.world), site.world["token"]
    limits = (None, None) if name in UNLIMITED else (FEW, MANY)
    few, _ = statements(site, path, token, limits[0])
    many, got = statements(site, path, token, limits[1])
    assert few > 0, "nothing was counted"
    if limits[0]:
        assert len(got) > FEW or name in ("blocks", "mutes"), "%s: there must be something to list" % name
        assert many <= few + slack, "%s: %d statements for %d entries, %d for %d" % (name, few, FEW, many, MANY)
    else:
        assert many <= 30, "%s: %d statements" % (name, many)


@pytest.mark.parametrize("name", LISTS)
def test_a_warm_list_takes_few_statements(site, name):
    compare(site, name, SLACK + (0 if name == "home" else PER_ENTRY.get(name, 0) * MANY))


def test_without_a_cache_it_takes_few_statements_too(site):
    """The cache is taken away, and nobody makes another: the timeline service stands still."""
    k = site.k
    service = k.pids()["timeline"]
    os.kill(service, signal.SIGSTOP)
    try:
        shutil.rmtree(os.path.join(k.dir, "cache"), ignore_errors=True)
        wait_for(lambda: not is_warm(site))
        for name in LISTS:
            compare(site, name, SLACK + PER_ENTRY.get(name, 0) * MANY)
    finally:
        os.kill(service, signal.SIGCONT)
