# SPDX-License-Identifier: MIT
"""A service that turns in circles is ended and started again; web answers all the time."""
import time

from following import has_at_home, has_caught_up, people, restart_with_trouble_at_next_event, service
from kwipd import wait_for


def test_a_looping_service_is_ended_and_started_again(kwipd):
    k = kwipd
    ann, bob = people(k, "ann", "bob")
    wait_for(lambda: has_caught_up(k))
    restart_with_trouble_at_next_event(k, "loop", KWIPD_TEST_STUCK_S="3")
    wait_for(lambda: has_caught_up(k))
    before = k.pids()
    k.say(ann, "nobody gets past me")
    begun, slowest, pid = time.monotonic(), 0, before["timeline"]
    while pid in (before["timeline"], None) and time.monotonic() - begun < 15:
        asked = time.monotonic()
        assert has_at_home(k, bob, "nobody gets past me") and k.get("/").status_code == 200
        slowest = max(slowest, time.monotonic() - asked)
        pid = k.pids().get("timeline")
    took = time.monotonic() - begun
    assert pid not in (before["timeline"], None) and 2 < took < 10, (pid, took)
    assert slowest < 1, slowest
    assert "timeline pid=%d has not moved for 3 s" % before["timeline"] in k.log
    after = k.pids()
    assert (after["web"], after["kwipd"]) == (before["web"], before["kwipd"])
    assert service(k, "timeline")["restarts"] == 1 and service(k, "web")["restarts"] == 0
    # The loop is still there for the next one, and stopping waits for no loop.
    k.say(ann, "and I wait behind it")
    assert has_at_home(k, bob, "and I wait behind it")
    code, took = k.stop()
    assert code == 0 and took < 1.5
