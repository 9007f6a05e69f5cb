# SPDX-License-Identifier: MIT
"""A process that was stopped in the wrong moment holds a lock for ever. Each test holds one in its place: reading
goes on, web can be born again, and commands look."""
import fcntl
import os
import signal
import sqlite3
import time

from following import has_at_home, has_caught_up, people
from kwipd import wait_for


def answers(k):
    """The first connection may have been the dying one's."""
    try:
        return k.get("/healthz", timeout=3).status_code == 200
    except OSError:
        return False


def web_is_reborn(k):
    old = k.pids()["web"]
    begun = time.monotonic()
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: k.pids().get("web") not in (None, old), 3)
    wait_for(lambda: answers(k), 3)
    assert time.monotonic() - begun < 3


def looks(k, token):
    begun = time.monotonic()
    assert has_at_home(k, token, "to be seen") and k.get("/").status_code == 200
    assert "people 2, kwips 1" in k.run("status").stdout
    k.run("check")
    assert time.monotonic() - begun < 3


def told(k):
    ann, bob = people(k, "ann", "bob")
    k.say(ann, "to be seen")
    wait_for(lambda: has_caught_up(k))
    return bob


def test_the_write_lock(kwipd):
    bob = told(kwipd)
    db = sqlite3.connect(kwipd.dir + "/kwipd.db", isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        looks(kwipd, bob)
        web_is_reborn(kwipd)
        looks(kwipd, bob)
    finally:
        db.close()


def test_the_lock_of_making_and_migrating(kwipd):
    bob = told(kwipd)
    folder = os.open(kwipd.dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        looks(kwipd, bob)
        web_is_reborn(kwipd)
        looks(kwipd, bob)
    finally:
        os.close(folder)


def test_the_lock_of_opening_the_cache(kwipd):
    """Whoever opens it first has it; here the timeline service waits for it and never gets it."""
    bob = told(kwipd)
    kwipd.stop()
    with open(kwipd.dir + "/cache/lock.mdb", "r+b") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX, 1, 0)
        kwipd.start()
        looks(kwipd, bob)
        web_is_reborn(kwipd)
        looks(kwipd, bob)
    wait_for(lambda: has_caught_up(kwipd))
    assert has_at_home(kwipd, bob, "to be seen")
