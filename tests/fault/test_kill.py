# SPDX-License-Identifier: MIT
"""kill -9 at random moments under load: what was acknowledged is there, once; the others do not notice."""
import http.client
import json
import os
import random
import signal
import threading
import time
import uuid

from kwipd import is_alive, wait_for
from support import ROUNDS, Db, children, kill_nine, send_signal

CLIENTS = 64


class Client(threading.Thread):
    """Posts one kwip after the other over a kept connection; whatever goes wrong, it tries the same one again."""

    def __init__(self, k, token, stop):
        super().__init__(daemon=True)
        self.k, self.token, self.stop = k, token, stop
        self.acknowledged, self.retries, self.strange = {}, 0, []
        self.connection = None

    def post(self, key):
        """The id, or None when there is no answer to trust."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.k.port, timeout=10)
            self.connection.request("POST", "/api/v1/statuses", json.dumps({"status": "load " + key}), {
                "Authorization": "Bearer " + self.token, "Content-Type": "application/json", "Idempotency-Key": key})
            answer = self.connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                return int(json.loads(body)["id"])
            if answer.status != 503:
                self.strange.append((answer.status, body[:200]))
        except (OSError, http.client.HTTPException, ValueError):
            pass
        if self.connection:
            self.connection.close()
        self.connection = None
        return None

    def run(self):
        while not self.stop.is_set():
            key = str(uuid.uuid4())
            end = time.monotonic() + 20
            while time.monotonic() < end:
                id = self.post(key)
                if id is not None:
                    self.acknowledged[key] = id
                    break
                self.retries += 1
                time.sleep(0.02)
            else:
                self.strange.append("no answer for 20 s")
                return
            time.sleep(0.03)


def answers(k):
    """Does web answer a new connection?"""
    connection = http.client.HTTPConnection("127.0.0.1", k.port, timeout=1)
    try:
        connection.request("GET", "/api/v1/timelines/public?limit=1")
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def kill_one(k, victim):
    """Kills a service; returns the seconds until web answers a new caller."""
    before = children(k.process.pid)
    assert kill_nine(before[victim])
    begun = time.monotonic()
    wait_for(lambda: answers(k), seconds=10, every=0.005)
    took = time.monotonic() - begun
    after = wait_for(lambda: (lambda now: now if now.get(victim, before[victim]) != before[victim] else None)(
        children(k.process.pid)))
    assert k.process.poll() is None
    for name, pid in before.items():
        assert name == victim or after[name] == pid, "%s died with %s" % (name, victim)
    return took


def check_nothing_lost(k, clients):
    said = {key: id for c in clients for key, id in c.acknowledged.items()}
    assert len(said) > 10 * CLIENTS, "too little happened: %d" % len(said)
    with Db(k.dir) as db:
        there = {}
        for row in db.rows("SELECT id, body FROM kwip WHERE body LIKE 'load %'"):
            there.setdefault(row["body"][5:], []).append(row["id"])
    lost = [key for key, id in said.items() if id not in there.get(key, [])]
    assert not lost, "%d of %d acknowledged kwips are gone" % (len(lost), len(said))
    twice = [key for key, ids in there.items() if len(ids) > 1]
    assert not twice, "%d kwips were said twice" % len(twice)


def test_every_process_killed_under_load(make_kwipd):
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    luck = random.Random(seed)
    k = make_kwipd()
    for name in ("ann", "bob", "cid", "dot"):
        k.account(name)
    tokens = [k.token(name) for name in ("ann", "bob", "cid", "dot")]
    stop = threading.Event()
    clients = [Client(k, tokens[i % 4], stop) for i in range(CLIENTS)]
    for c in clients:
        c.start()
    slow = []
    try:
        for _ in range(ROUNDS):
            time.sleep(0.1 + luck.random() * 0.7)
            victim = luck.choice(["web", "web", "timeline"])
            took = kill_one(k, victim)
            if took > 1:
                slow.append((victim, round(took, 2)))
    finally:
        stop.set()
        for c in clients:
            c.join(30)
    assert not any(c.is_alive() for c in clients), "SEED=%d: a client hangs" % seed
    assert not [s for c in clients for s in c.strange], "SEED=%d: %s" % (seed, [c.strange for c in clients if c.strange])
    assert sum(c.retries for c in clients) > 0, "no client ever noticed a kill: this test shows nothing"
    check_nothing_lost(k, clients)
    checked = k.run("check", check=False)
    assert checked.returncode == 0, "SEED=%d\n%s" % (seed, checked.stdout)
    assert not slow, "SEED=%d: web answered again only after %s s" % (seed, slow)


def orphans_after_kill(k, pids):
    kill_nine(k.process.pid)
    k.process.wait()
    begun = time.monotonic()
    wait_for(lambda: not any(is_alive(pid) for pid in pids), seconds=10)
    return time.monotonic() - begun


def test_killed_supervisor_leaves_no_orphan(kwipd):
    pids = list(children(kwipd.process.pid).values())
    assert len(pids) >= 2
    assert orphans_after_kill(kwipd, pids) < 2
    # The same folder and port serve again at once.
    kwipd.start()
    assert kwipd.get("/healthz").status_code == 200


def test_killed_supervisor_under_load_and_with_a_stopped_service(kwipd):
    kwipd.account("ann")
    stop = threading.Event()
    clients = [Client(kwipd, kwipd.token("ann"), stop) for _ in range(8)]
    for c in clients:
        c.start()
    try:
        wait_for(lambda: sum(len(c.acknowledged) for c in clients) > 50)
        pids = children(kwipd.process.pid)
        send_signal(pids["timeline"], signal.SIGSTOP)
        took = orphans_after_kill(kwipd, list(pids.values()))
        kwipd.start()
        wait_for(lambda: all(len(c.acknowledged) > 20 for c in clients), seconds=20)
    finally:
        stop.set()
        for c in clients:
            c.join(30)
    assert took < 2, "children lived on for %.1f s" % took
    assert not [c.strange for c in clients if c.strange]
    with Db(kwipd.dir) as db:
        ids = {r["id"] for r in db.rows("SELECT id FROM kwip")}
        assert db.one("SELECT count(*) - count(DISTINCT body) FROM kwip") == 0
    assert {id for c in clients for id in c.acknowledged.values()} <= ids
    checked = kwipd.run("check", check=False)
    assert checked.returncode == 0, checked.stdout


def test_services_that_stand_still_disturb_nobody(kwipd):
    kwipd.account("ann")
    token = kwipd.token("ann")
    pid = children(kwipd.process.pid)["timeline"]
    send_signal(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        for i in range(30):
            kwipd.say(token, "said %d" % i)
        assert [s["content"] for s in kwipd.home(token, limit=1)] == ["<p>said 29</p>"]
        assert time.monotonic() - begun < 5
    finally:
        send_signal(pid, signal.SIGCONT)
    assert children(kwipd.process.pid)["timeline"] == pid
