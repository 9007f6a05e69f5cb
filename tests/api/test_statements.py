# SPDX-License-Identifier: MIT
"""The number of SQL statements of a request does not grow with what it lists: 20 entries take no more than a few above
5, with a warm cache and with none. What there is to list stands in listing.py."""
import os
import re
import shutil
import signal

import pytest

from kwipd import Kwipd, wait_for
from listing import FEW, LISTS, MANY, ONES, V1, Crowd, is_route
from support import routes

# What more rows may cost altogether: another round of bounded statements, or kinds of parts that the first few lack.
SLACK = 10
# Of what is always answered whole, with as many as there are.
WHOLE = 30
HOME = next(row for row in LISTS if row.route == V1 + "timelines/home")


@pytest.fixture(scope="module")
def crowd():
    with Kwipd(log_level="debug", media_pixels_max="1000000") as k:
        c = Crowd(k)
        wait_for(lambda: is_warm(c), 30)
        yield c


def is_warm(crowd):
    """Home comes from the cache: it takes no looks per entry."""
    return statements(crowd, HOME, MANY)[0] < MANY


def answers(k, path):
    """The counts that the server told with its answers to this path so far."""
    return [int(n) for n in re.findall(r"answer path=%s statements=(\d+)" % re.escape(path), k.log)]


def statements(crowd, row, n):
    """How many statements one request takes; the least of some, since the site cares for itself in between."""
    k, least = crowd.k, None
    path, query = crowd.path(row, n)
    for _ in range(4):
        crowd.site.call("GET", "/api/v1/instance")
        had = len(answers(k, path))
        got = crowd.site.call("GET", path + "?" + query, crowd.tokens[row.who]).json()
        wait_for(lambda: len(answers(k, path)) > had)
        took = answers(k, path)[-1] - answers(k, "/api/v1/instance")[-1]
        least = took if least is None else min(least, took)
    return least, got[row.key] if row.key else got


def compare(crowd, row, per_entry):
    few, _ = statements(crowd, row, FEW)
    many, got = statements(crowd, row, MANY)
    assert len(got) >= row.some, "%s: there must be something to list, not %d" % (row.name, len(got))
    most = WHOLE if row.by == "all" else few + SLACK + per_entry * MANY
    assert many <= most, "%s: %d statements for %d entries, %d for %d" % (row.name, few, FEW, many, len(got))


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.name)
def test_a_warm_list_takes_few_statements(crowd, row):
    compare(crowd, row, row.per_entry)


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


def test_every_route_is_known_here():
    """A new GET route of the API is a row of LISTS, or says in ONES that it lists nothing."""
    ones = [path if path.startswith("/") else V1 + path for path in ONES]
    api = [r["path"] for r in routes() if r["method"] == "GET" and r["path"].startswith("/api/")]
    unknown = [p for p in api if p not in ones and not any(is_route(p, row.route) for row in LISTS)]
    assert unknown == [], "write these into tests/api/listing.py"
    assert [p for p in ones if p not in api] == [], "ONES names what is no route any more"
    assert [row.name for row in LISTS if not any(is_route(p, row.route) for p in api)] == []
