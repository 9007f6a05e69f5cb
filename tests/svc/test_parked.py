# SPDX-License-Identifier: MIT
"""An event that ends its reader is tried five times, then parked; nobody misses anything that it brought."""
import os
import signal

from following import has_at_home, has_caught_up, people, restart_with_trouble_at_next_event, service
from kwipd import wait_for


def parked(k):
    """What the timeline service set aside; others that read the log stumble over the same event."""
    return [p for p in k.status()["parked"] if p["reader"] == "timeline"]


def test_a_deadly_event_is_parked_and_the_reader_goes_on(kwipd):
    k = kwipd
    ann, bob, eve = people(k, "ann", "bob", "eve")
    k.say(ann, "before the trouble")
    wait_for(lambda: has_caught_up(k))
    seq = restart_with_trouble_at_next_event(k, "abort")
    wait_for(lambda: has_caught_up(k))
    web = k.pids()["web"]
    k.say(ann, "the deadly one")
    k.say(ann, "and one after it")
    while not parked(k):
        for token in (ann, bob, eve):
            assert has_at_home(k, token, "the deadly one") and has_at_home(k, token, "and one after it")
        assert service(k, "timeline")["restarts"] <= 5
    assert parked(k) == [
        {"reader": "timeline", "seq": seq, "reason": "it ended its reader five times"}]
    assert 'parked timeline seq=%d reason="it ended its reader five times"' % seq in k.run("status").stdout
    assert service(k, "timeline")["restarts"] == 5
    wait_for(lambda: has_caught_up(k))
    for token in (ann, bob, eve):
        for words in ("before the trouble", "the deadly one", "and one after it"):
            assert has_at_home(k, token, words), words
    k.say(ann, "life goes on")
    wait_for(lambda: has_caught_up(k))
    assert has_at_home(k, bob, "life goes on")
    after = k.pids()
    assert after["web"] == web and service(k, "web")["restarts"] == 0
    assert service(k, "timeline")["restarts"] == 5
    assert "the timeline cache is dropped" not in k.log


def test_only_the_deadly_one_of_many_is_parked(kwipd):
    """It dies in the middle of a batch; the events around it are not blamed."""
    k = kwipd
    ann, bob = people(k, "ann", "bob")
    wait_for(lambda: has_caught_up(k))
    os.kill(k.pids()["timeline"], signal.SIGSTOP)
    for n in range(10):
        k.say(ann, "number %d of many" % n)
    status = k.status()
    middle = (status["cache"]["seq"] + status["newest"]) // 2
    assert status["cache"]["seq"] + 3 < middle < status["newest"] - 3
    k.kill()  # the stopped one never reads them, the next one finds them all at once
    k.env["KWIPD_TEST_AT_EVENT"] = "%d:abort:timeline" % middle
    k.start()
    wait_for(lambda: parked(k), 15)
    assert [p["seq"] for p in parked(k)] == [middle]
    assert service(k, "timeline")["restarts"] == 5
    wait_for(lambda: has_caught_up(k))
    for n in range(10):
        assert has_at_home(k, bob, "number %d of many" % n)


def test_a_crash_outside_of_any_event_drops_the_cache(kwipd):
    """That is a crash at reading or making it: then it is the cache that is suspected."""
    k = kwipd
    ann, bob = people(k, "ann", "bob")
    k.say(ann, "still there")
    wait_for(lambda: has_caught_up(k))
    os.kill(k.pids()["timeline"], signal.SIGSEGV)
    k.wait_log("the timeline cache is dropped")
    assert has_at_home(k, bob, "still there")
    wait_for(lambda: service(k, "timeline")["restarts"] == 1 and has_caught_up(k))
    assert has_at_home(k, bob, "still there")
    assert k.status()["parked"] == []
