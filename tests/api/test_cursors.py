# SPDX-License-Identifier: MIT
"""Cursors that clients make up themselves: ids of kwips are times, and clients count on it."""
import datetime
import time

import pytest
from mastodon import Mastodon

SHIFT = 16


@pytest.fixture
def said(kwipd):
    """(client, ids oldest first, a moment between the second and the third)"""
    kwipd.account("ann")
    token = kwipd.token("ann")
    ids = [int(kwipd.say(token, "before %d" % i)["id"]) for i in range(2)]
    # Mastodon.py makes cursors of whole seconds.
    time.sleep(1.1)
    between = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    time.sleep(max(0, between.timestamp() + 0.05 - time.time()))
    ids += [int(kwipd.say(token, "after %d" % i)["id"]) for i in range(2)]
    return Mastodon(access_token=token, api_base_url=kwipd.url), ids, between


def test_times_as_cursors(said):
    client, ids, between = said
    me = client.me().id
    for ask in client.timeline_home, client.timeline_local, lambda **q: client.account_statuses(me, **q):
        assert [int(s.id) for s in ask(max_id=between)] == ids[1::-1]
        assert [int(s.id) for s in ask(min_id=between)] == ids[:1:-1]
        assert [int(s.id) for s in ask(since_id=between)] == ids[:1:-1]
        assert ask(min_id=between, max_id=between) == []


def test_an_id_is_its_time(said):
    client, ids, _ = said
    for status in client.timeline_home():
        made = status.created_at.timestamp() * 1000
        assert abs((int(status.id) >> SHIFT) - made) < 2, (status.id, status.created_at)
    assert abs((int(client.me().id) >> SHIFT) / 1000 - time.time()) < 60


def test_ids_have_one_length(said):
    """Clients order them by length, then as text."""
    texts = [str(i) for i in said[1]]
    assert sorted(texts, key=lambda t: (len(t), t)) == texts and len({len(t) for t in texts}) == 1


def test_cursors_of_nothing_that_is(said):
    """A cursor need not be an id: the kwip may be gone, or never have been."""
    client, ids, _ = said
    client.status_delete(ids[1])
    left = [i for i in ids if i != ids[1]]
    assert [int(s.id) for s in client.timeline_home(max_id=ids[1])] == [ids[0]]
    assert [int(s.id) for s in client.timeline_home(min_id=ids[1])] == ids[:1:-1]
    assert [int(s.id) for s in client.timeline_home(max_id=2 ** 63 - 1)] == left[::-1]
    assert [int(s.id) for s in client.timeline_home(min_id=0)] == left[::-1]
    assert client.timeline_home(min_id=2 ** 63 - 1) == client.timeline_home(since_id=2 ** 63 - 1) == []
    assert client.timeline_home(max_id=0) == []


def test_from_the_very_beginning(said):
    """min_id=0 asks for the oldest; a marker that nobody has set says 0, and clients page from it."""
    client, ids, _ = said
    assert [int(s.id) for s in client.timeline_home(min_id=0, limit=1)] == [ids[0]]
    assert [int(s.id) for s in client.timeline_home(since_id=0, limit=1)] == [ids[3]]
    unset = client.markers_get(["notifications"])["notifications"]["last_read_id"]
    assert client.notifications(min_id=unset) == client.notifications(since_id=unset) == []
