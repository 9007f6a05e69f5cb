# SPDX-License-Identifier: MIT
"""The number of SQL statements of a request does not grow with what it lists: 20 entries take no more than a few above
5, with a warm cache and with none. What there is to list stands in listing.py."""
import os
import re
import shutil
import signal

import pytest

from kwipd import Kwipd, wait_for
from listing import FEW, LISTS, MANY, MERGED, ONES, V1, Crowd, is_route
from support import log_in, routes

# What more rows may cost altogether: another round of bounded statements, or kinds of parts that the first few lack.
SLACK = 12
# Of what is always answered whole, with as many as there are.
WHOLE = 30
HOME = next(row for row in LISTS if row.route == V1 + "timelines/home")


@pytest.fixture(scope="module")
def crowd():
    with Kwipd(log_level="debug", media_pixels_max="1000000", env={"KWIPD_TEST_TRENDS_MS": "1000"}) as k:
        c = Crowd(k)
        wait_for(lambda: is_warm(c), 30)
        wait_for(lambda: len(c.site.get(V1 + "trends/statuses")) > FEW and k.status()["search"]["behind"] == 0, 30)
        yield c


def is_warm(crowd):
    """Home comes from the cache: it takes no looks per entry."""
    return statements(crowd, HOME, MANY)[0] < MANY


def answers(k, path):
    """The counts that the server told with its answers to this path so far."""
    return [int(n) for n in re.findall(r"answer path=%s statements=(\d+)" % re.escape(path), k.log)]


def count(crowd, path, ask):
    """How many statements one request takes, and its answer; the least of some, since the site cares for itself in between."""
    k, least = crowd.k, None
    for _ in range(4):
        crowd.site.call("GET", "/api/v1/instance")
        had = len(answers(k, path))
        got = ask()
        wait_for(lambda: len(answers(k, path)) > had)
        took = answers(k, path)[-1] - answers(k, "/api/v1/instance")[-1]
        least = took if least is None else min(least, took)
    return least, got


def statements(crowd, row, n):
    path, query = crowd.path(row, n)
    least, answer = count(crowd, path, lambda: crowd.site.call("GET", path + "?" + query, crowd.tokens[row.who]))
    return least, answer.json()[row.key] if row.key else answer.json()


def compare(crowd, row, per_entry):
    few, _ = statements(crowd, row, FEW)
    many, got = statements(crowd, row, MANY)
    assert len(got) >= row.some, "%s: there must be something to list, not %d" % (row.name, len(got))
    most = WHOLE if row.by == "all" else few + SLACK + per_entry * MANY
    assert many <= most, "%s: %d statements for %d entries, %d for %d" % (row.name, few, FEW, many, len(got))


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.name)
def test_a_warm_list_takes_few_statements(crowd, row):
    compare(crowd, row, row.per_entry)


def test_every_route_is_known_here():
    """A new GET route of the API is a row of LISTS, or says in ONES that it lists nothing."""
    ones = [path if path.startswith("/") else V1 + path for path in ONES]
    api = [r["path"] for r in routes() if r["method"] == "GET" and r["path"].startswith("/api/")]
    unknown = [p for p in api if p not in ones and not any(is_route(p, row.route) for row in LISTS)]
    assert unknown == [], "write these into tests/api/listing.py"
    assert [p for p in ones if p not in api] == [], "ONES names what is no route any more"
    assert [row.name for row in LISTS if not any(is_route(p, row.route) for p in api)] == []


# Pages have a size of their own; with so many of everything none takes more. Seen as p1, who is "me".
PAGES = """/ /home /home/recent /everyone /everyone/recent /tags/counted /favourites /bookmarks /@p2 /@p2/active /@p2/comments
/@p1/followers /@p1/following /@p2/{root} /kwips/{edited}/history /requests /notices /settings /settings/apps /settings/transfer
/invites /about /compose /search?q=kwip /search?q=p&type=people /search?q=t&type=tags /lists /lists/{list} /lists/{list}/edit
/later /settings/filters /settings/filters/{filter} /settings/unwanted /settings/servers /settings/notices /settings/tags""".split()
PAGE_MOST = 24
# Forms, and files that are read from their beginning to their end.
NO_LISTS = """/kwips/:id/edit /kwips/:id/delete /signup /login /setup/:secret /reset/:secret /oauth/authorize
/settings/export/:kind""".split()


@pytest.fixture(scope="module")
def jar(crowd):
    return log_in(crowd.k, "p1")[0]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_few_statements(crowd, jar, path):
    path = path.format(root=crowd.root, edited=crowd.edited, list=crowd.list, filter=crowd.filter)
    least, answer = count(crowd, path.split("?")[0], lambda: crowd.k.get(path, cookies=jar))
    assert answer.status_code == 200 and (path != "/settings/apps" or "App 39" in answer.text)
    merged = MERGED * MANY if path.startswith("/lists/") else 0
    assert 0 < least <= PAGE_MOST + merged, "%s: %d statements" % (path, least)


def test_every_page_is_known_here():
    pages = [r["path"] for r in routes() if r["method"] == "GET" and r["format"] == "page"]
    known = [re.sub(r"\{\w+\}", "1", p.split("?")[0]) for p in PAGES]
    assert [p for p in pages if p not in NO_LISTS and not any(fits(p, k) for k in known)] == []


def fits(pattern, path):
    return re.fullmatch(re.sub(r":\w+", "[^/]+", pattern), path) is not None


def test_without_a_cache_it_takes_few_statements_too(crowd):
    """The cache is taken away, and nobody makes another: the timeline service stands still."""
    k = crowd.k
    service = k.pids()["timeline"]
    os.kill(service, signal.SIGSTOP)
    try:
        shutil.rmtree(os.path.join(k.dir, "cache"), ignore_errors=True)
        wait_for(lambda: not is_warm(crowd))
        for row in LISTS:
            compare(crowd, row, row.cold_per_entry)
    finally:
        os.kill(service, signal.SIGCONT)
