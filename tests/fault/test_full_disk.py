# SPDX-License-Identifier: MIT
"""No room, no right to write, a spoilt cache: clear errors, reads go on, nothing is lost or wrong."""
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time

import pytest

import kwipd as harness
from model import World
from kwipd import wait_for
from support import Db, children

NOBODY = 65534


class Tmpfs:
    """A small file system of one's own; needs to be root."""

    def __init__(self, megabytes):
        self.dir = tempfile.mkdtemp(prefix="kwipd-small-")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm,mode=755" % megabytes, "tmpfs", self.dir],
                              capture_output=True)
        self.is_mounted = done.returncode == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_mounted:
            subprocess.run(["umount", "-l", self.dir], check=True)
        os.rmdir(self.dir)


class Small:
    """What two tests share: a community that fills up a folder, and what must hold then."""

    def __init__(self, k):
        self.k = k
        for name in ("ann", "bob"):
            k.account(name)
        self.ann, self.bob = k.token("ann"), k.token("bob")
        self.said = [k.say(self.ann, "before %d" % i)["id"] for i in range(25)]

    def post(self, text, token=None):
        return self.k.api("POST", "/api/v1/statuses", token or self.ann, json={"status": text})

    def check_refusal(self, answer):
        assert answer.status_code == 507, (answer.status_code, answer.text)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert "room" in answer.json()["error"] or "full" in answer.json()["error"], answer.text

    def check_reads(self):
        for _ in range(3):
            assert self.k.get("/healthz").status_code == 200
            home = self.k.home(self.ann, limit=40)
            assert set(self.said[-20:]) <= {s["id"] for s in home}
            for path in ("/api/v1/timelines/public", "/api/v1/statuses/" + self.said[0], "/api/v2/instance"):
                assert self.k.api("GET", path, self.bob).status_code == 200, path

    def check_whole(self, pids):
        assert children(self.k.process.pid) == pids, "somebody died:\n" + self.k.log
        with Db(self.k.dir) as db:
            there = {str(r["id"]) for r in db.rows("SELECT id FROM kwip")}
        assert set(self.said) <= there
        checked = self.k.run("check", check=False)
        assert checked.returncode == 0, checked.stdout


def test_no_file_may_grow(kwipd):
    small = Small(kwipd)
    pids = children(kwipd.process.pid)
    old = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids.values()}
    for pid in pids.values():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (6000, old[pid][1]))
    for i in range(5):
        small.check_refusal(small.post("x" * 5000))
        small.check_refusal(kwipd.api("POST", "/api/v1/statuses/%s/favourite" % small.said[0], small.bob))
        small.check_reads()
    for pid in pids.values():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, old[pid])
    small.said.append(kwipd.say(small.ann, "after")["id"])
    assert kwipd.home(small.ann, limit=1)[0]["id"] == small.said[-1]
    small.check_reads()
    small.check_whole(pids)


def test_full_file_system(make_kwipd):
    with Tmpfs(24) as fs:
        if not fs.is_mounted:
            pytest.skip("mounting a tmpfs needs root")
        k = make_kwipd(dir=fs.dir, cache_size="8M")
        small = Small(k)
        pids = children(k.process.pid)
        ballast = os.path.join(fs.dir, "ballast")
        with open(ballast, "wb") as f:
            left = os.statvfs(fs.dir).f_bavail * os.statvfs(fs.dir).f_bsize
            f.write(b"x" * (left - 3 * 1024 * 1024))
        for i in range(400):
            answer = small.post("%d " % i + "long " * 6000)
            if answer.status_code != 200:
                break
            small.said.append(answer.json()["id"])
        small.check_refusal(answer)
        small.check_reads()
        small.check_refusal(small.post("y" * 60000))
        time.sleep(0.6)  # the timeline service meets the full disk too
        small.check_reads()
        os.remove(ballast)
        small.said.append(k.say(small.ann, "after")["id"])
        assert k.home(small.ann, limit=1)[0]["id"] == small.said[-1]
        small.check_whole(pids)
        k.restart()
        small.check_reads()
        k.stop()


def run_as_nobody(monkeypatch, tmp_path):
    """Root may write anywhere: the server then runs as somebody else."""
    if os.geteuid() != 0:
        return
    copy = tmp_path / "kwipd"
    shutil.copy(harness.BIN, copy)
    wrapper = tmp_path / "as-nobody"
    wrapper.write_text("#!/bin/sh\nexec setpriv --reuid=%d --regid=%d --clear-groups %s \"$@\"\n" % (NOBODY, NOBODY, copy))
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)
    wrapper.chmod(0o755)
    monkeypatch.setattr(harness, "BIN", str(wrapper))


def test_read_only_folder_is_refused_clearly(make_kwipd, monkeypatch, tmp_path):
    k = make_kwipd()
    k.account("ann")
    k.stop()
    run_as_nobody(monkeypatch, tmp_path)
    for root, _, files in os.walk(k.dir):
        os.chmod(root, 0o555)
        for name in files:
            os.chmod(os.path.join(root, name), 0o444)
    before = sorted(os.listdir(k.dir))
    k.start(wait=False)
    assert k.process.wait(10) == 1, k.log
    k.reader.join(2)
    assert k.dir in k.log and ("ermission" in k.log or "read-only" in k.log or "readonly" in k.log), k.log
    assert len(k.lines) < 10, "too many words:\n" + k.log
    assert sorted(os.listdir(k.dir)) == before


# -- a spoilt cache --

def fill(k):
    tokens = {}
    for name in ("ann", "bob"):
        k.account(name)
        tokens[name] = k.token(name)
    ann = k.api("GET", "/api/v1/accounts/lookup", params={"acct": "ann"}).json()["id"]
    assert k.api("POST", "/api/v1/accounts/%s/follow" % ann, tokens["bob"]).status_code == 200
    for i in range(60):
        k.say(tokens["ann"], "kwip%d is here" % i, visibility=("public", "private")[i % 2])
    return tokens


def check_right(k, tokens):
    """Every answer equals the definition."""
    with Db(k.dir) as db:
        for name, token in tokens.items():
            world = World(db)
            me = db.one("SELECT id FROM account WHERE name = ?", name)
            home = k.home(token, limit=40)
            assert [int(s["id"]) for s in home] == world.home(me)[:40]
            for s in home:
                world.check_status(me, s)


def spoil(k, luck, share):
    """Overwrites random places of every file of the cache in place, as a bad disk or a stray program would."""
    folder = os.path.join(k.dir, "cache")
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        size = os.path.getsize(path)
        with open(path, "r+b") as f:
            for _ in range(max(1, int(size * share) // 64)):
                f.seek(luck.randrange(max(size - 64, 1)))
                f.write(luck.randbytes(64))


def served(k, tokens, seconds=8):
    """The answers of a server that may be in the middle of a restart."""
    def look():
        try:
            check_right(k, tokens)
            return True
        except OSError:
            return False
    wait_for(look, seconds)


@pytest.mark.parametrize("share", [0.002, 0.05, 1])
def test_cache_spoilt_while_stopped(make_kwipd, share):
    k = make_kwipd(cache_size="8M")
    tokens = fill(k)
    for seed in range(5):
        time.sleep(0.3)
        k.stop()
        spoil(k, random.Random(seed), share)
        k.start()
        served(k, tokens)
        k.say(tokens["ann"], "newer%d than that" % seed)
        served(k, tokens)
    checked = k.run("check", check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("share", [0.002, 0.05, 1])
def test_cache_spoilt_while_running(make_kwipd, share):
    k = make_kwipd(cache_size="8M")
    tokens = fill(k)
    for seed in range(5):
        time.sleep(0.3)
        spoil(k, random.Random(seed), share)
        served(k, tokens)
        k.say(tokens["ann"], "newer%d than that" % seed)
        served(k, tokens)
    checked = k.run("check", check=False)
    assert checked.returncode == 0, checked.stdout


def test_cache_cut_short_while_running(make_kwipd):
    """A file that ends earlier than its map is a signal for whoever reads it."""
    k = make_kwipd(cache_size="8M")
    tokens = fill(k)
    time.sleep(0.3)
    folder = os.path.join(k.dir, "cache")
    for name in os.listdir(folder):
        os.truncate(os.path.join(folder, name), 0)
    served(k, tokens)
    k.say(tokens["ann"], "still%d here" % 1)
    served(k, tokens)
