# SPDX-License-Identifier: MIT
"""The search service: what it indexes is what should be found, whatever happens to it or its file."""
import os
import random
import signal
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from following import restart_with_trouble_at_next_event, service  # noqa: E402
from kwipd import wait_for  # noqa: E402
from searching import Model, Said, is_known, search  # noqa: E402
from support import ROUNDS, VISIBILITIES, Db, children, kill_nine  # noqa: E402

WORDS = ("rain", "Sun", "caf\u00e9", "na\u00efve", "stra\u00dfe", "\u6771\u4eac", "\u4eac\u90fd", "\u6771\u4eac\u90fd\u5e81",
         "\ud55c\uad6d\uc5b4", "\u0433\u043e\u0440\u043e\u0434", "don't", "x1", "#tag", "a_b")
NAMES = ("ann", "bob", "cat")


class Site:
    """A server, its people and the model of what they said."""

    def __init__(self, k, seed):
        self.k, self.dice, self.model, self.token, self.id = k, random.Random(seed), Model(), {}, {}
        for name in NAMES:
            k.account(name)
            self.token[name] = k.token(name)
            self.id[name] = self.call("GET", "/api/v1/accounts/verify_credentials", name)["id"]

    def call(self, method, path, name, **body):
        answer = self.k.api(method, path, self.token[name], **({"json": body} if body else {}))
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def text(self):
        return " ".join(self.dice.choice(WORDS) for _ in range(self.dice.randint(1, 4)))

    def alive(self, author=None):
        return [k for k in self.model.kwips if not k.gone and (author is None or k.author == author)]

    def say(self):
        who, named = self.dice.choice(NAMES), [n for n in NAMES if self.dice.random() < 0.15]
        body = {"visibility": self.dice.choice(VISIBILITIES), "language": self.dice.choice(("en", "de"))}
        texts = [self.text() + " ".join([""] + ["@" + n for n in named]), self.text() if self.dice.random() < 0.2 else ""]
        body["sensitive"] = bool(texts[1]) or self.dice.random() < 0.1
        if self.dice.random() < 0.15:
            body["poll"] = {"options": ["one " + self.text(), "two " + self.text()], "expires_in": 86400}
            texts += body["poll"]["options"]
        said = self.call("POST", "/api/v1/statuses", who, status=texts[0], spoiler_text=texts[1], **body)
        self.model.kwips.append(Said(said["id"], who, texts, body["visibility"], named, False, body["sensitive"], body["language"]))

    def edit(self, k):
        texts = [self.text() + " ".join([""] + ["@" + n for n in k.named]), ""]
        self.call("PUT", "/api/v1/statuses/" + k.id, k.author, status=texts[0], spoiler_text="", sensitive=False, language=k.language)
        k.texts, k.sensitive, k.poll = texts, False, False

    def delete(self, k):
        self.call("DELETE", "/api/v1/statuses/" + k.id, k.author)
        k.gone = True

    def like(self, k):
        who = self.dice.choice([n for n in NAMES if self.model.sees(n, k)] or [k.author])
        how = "reblog" if k.visibility in ("public", "unlisted") else "favourite"
        self.call("POST", "/api/v1/statuses/%s/%s" % (k.id, self.dice.choice(("favourite", "bookmark", how))), who)
        k.liked.add(who)

    def turn(self):
        """One change of any kind."""
        some = self.alive()
        what = self.dice.random()
        if what < 0.55 or not some:
            self.say()
        elif what < 0.7:
            self.edit(self.dice.choice(some))
        elif what < 0.8:
            self.delete(self.dice.choice(some))
        else:
            self.like(self.dice.choice(some))

    def befriend(self):
        for who, whom in (("ann", "bob"), ("bob", "cat")):
            self.call("POST", "/api/v1/accounts/%s/follow" % self.id[whom], who)
            self.model.follows.add((who, whom))
        self.call("POST", "/api/v1/accounts/%s/mute" % self.id["bob"], "cat")
        self.model.mutes.add(("cat", "bob"))
        self.call("PATCH", "/api/v1/accounts/update_credentials", "bob", indexable=False)
        self.model.hidden.add("bob")

    def compare(self):
        """Some questions of each kind, to each person."""
        for name in NAMES:
            a, b, phrase = self.dice.choice(WORDS), self.dice.choice(WORDS), self.text()
            ask = lambda q: search(self.k, self.token[name], q)  # noqa: E731
            found = lambda **how: self.model.found(name, **how)  # noqa: E731
            assert ask(a) == found(wanted=[a]), (name, a)
            assert ask("%s %s" % (a, b)) == found(wanted=[a, b]), (name, a, b)
            assert ask('"%s"' % phrase) == found(wanted=[phrase]), (name, phrase)
            assert ask("%s -%s" % (a, b)) == found(wanted=[a], unwanted=[b]), (name, a, b)
            assert ask("in:library " + a) == found(scope="library", wanted=[a])
            assert ask("in:public -" + a) == found(scope="public", unwanted=[a])
            assert ask("from:bob") == found(author="bob")
            assert ask("from:me " + a) == found(wanted=[a], author=name)
            assert ask("is:sensitive") == found(sensitive=True)
            assert ask("has:poll") == found(poll=True)
            assert ask("language:de " + b) == found(wanted=[b], language="de")


def kept(k):
    """What the index keeps, without its order."""
    with sqlite3.connect("file:%s/search.db?mode=ro" % k.dir, uri=True, timeout=10) as db:
        people = db.execute("SELECT id, followers, names, about FROM person_known ORDER BY id").fetchall()
        return db.execute("SELECT id, edited_at, facts, text FROM searched ORDER BY id").fetchall(), people


def remove(k, *ends):
    for end in ends or ("", "-wal", "-shm"):
        try:
            os.unlink(os.path.join(k.dir, "search.db" + end))
        except FileNotFoundError:
            pass


def test_what_should_be_found_is_found(make_kwipd):
    """Random changes, kill -9 in between; then made anew, it is the same."""
    k = make_kwipd()
    site = Site(k, 1)
    site.befriend()
    for n in range(max(4, ROUNDS // 4)):
        for _ in range(12):
            site.turn()
        if n % 2:
            kill_nine(children(k.process.pid)["search"])
        wait_for(lambda: is_known(k), 30)
        site.compare()
    before = kept(k)
    assert len(before[0]) > 10 and len(before[1]) == 3
    remove(k)
    wait_for(lambda: os.path.exists(os.path.join(k.dir, "search.db")) and is_known(k), 30)
    assert kept(k) == before
    site.compare()


def test_taken_away_or_broken_while_running(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    said = k.say(ann, "needle in a haystack")["id"]
    path = os.path.join(k.dir, "search.db")

    def heals():
        wait_for(lambda: os.path.exists(path) and is_known(k), 30)
        assert search(k, ann, "needle") == [said]

    heals()
    remove(k, "")
    heals()
    for n in range(50):
        k.say(ann, "straw %d" % n)
    heals()
    with open(path, "r+b") as f:
        size = os.path.getsize(path)
        f.seek(4096)
        f.write(os.urandom(max(size - 4096, 65536)))
    remove(k, "-wal")
    k.say(ann, "straw that breaks it")
    wait_for(lambda: search_survives(k, ann) and is_known(k) and search(k, ann, "needle") == [said], 60)
    with open(path, "wb") as f:
        f.write(b"this is no database\n" * 1000)
    k.say(ann, "another straw")
    wait_for(lambda: search_survives(k, ann) and is_known(k) and search(k, ann, "needle") == [said], 60)
    assert service(k, "web")["restarts"] == 0, "web must not mind"


def search_survives(k, token):
    """Answers, well or badly, while the file is broken."""
    answer = k.api("GET", "/api/v2/search", token, params={"q": "needle", "type": "statuses"})
    assert answer.status_code == 200, answer.text
    return "kwipd_search_behind" not in answer.json()


def test_standing_still_it_says_how_far_behind_it_is(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    old, edited, gone = (k.say(ann, "needle " + word)["id"] for word in ("old", "edited", "gone"))
    wait_for(lambda: is_known(k))
    pid = children(k.process.pid)["search"]
    os.kill(pid, signal.SIGSTOP)
    try:
        k.say(ann, "needle new")
        k.api("PUT", "/api/v1/statuses/" + edited, ann, json={"status": "nothing of it"})
        k.api("DELETE", "/api/v1/statuses/" + gone, ann)
        answer = k.api("GET", "/api/v2/search", ann, params={"q": "needle"}).json()
        assert [s["id"] for s in answer["statuses"]] == [old], "what was changed or deleted is not found any more"
        assert answer["kwipd_search_behind"] == 3
        assert k.status()["search"]["behind"] == 3
        assert "kwips behind 3" in k.run("status").stdout
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: is_known(k))
    assert len(search(k, ann, "needle")) == 2


def test_without_an_index_everything_is_behind(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    k.say(ann, "needle")
    wait_for(lambda: is_known(k))
    pid = children(k.process.pid)["search"]
    os.kill(pid, signal.SIGSTOP)
    try:
        remove(k)
        answer = k.api("GET", "/api/v2/search", ann, params={"q": "needle"}).json()
        assert answer["statuses"] == [] and answer["kwipd_search_behind"] == 1
        people = k.api("GET", "/api/v1/accounts/search", ann, params={"q": "an"}).json()
        assert [a["acct"] for a in people] == ["ann"], "names are found without it"
        assert k.api("GET", "/api/v1/trends/tags").json() == []
        assert "search none" in k.run("status").stdout
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: is_known(k) and len(search(k, ann, "needle")) == 1, 20)


def test_killed_while_the_index_is_made(make_kwipd):
    k = make_kwipd(start=False)
    k.run("account", "add", "ann")
    k.run("fill", "--people", 50, "--kwips", 6000, "--seed", 3)
    k.start()
    deaths = 0
    while not is_known(k):
        pid = children(k.process.pid).get("search")
        deaths += bool(pid and kill_nine(pid))
        time.sleep(0.3 if deaths < 6 else 1)
    assert deaths > 0
    with Db(k.dir) as db:
        said = [r[0] for r in db.rows("SELECT id FROM kwip WHERE boost_of IS NULL ORDER BY id")]
        people = [r[0] for r in db.rows("SELECT id FROM account WHERE state = 0 ORDER BY id")]
    rows, persons = kept(k)
    assert [r[0] for r in rows] == said and [r[0] for r in persons] == people
    k.run("fill", "--people", 10, "--kwips", 500, "--seed", 4)
    wait_for(lambda: is_known(k), 30)
    with Db(k.dir) as db:
        assert len(kept(k)[0]) == db.one("SELECT count(*) FROM kwip WHERE boost_of IS NULL") > len(said)


def test_a_restored_copy_is_another_database(make_kwipd, tmp_path):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    first = k.say(ann, "needle first")["id"]
    k.run("backup", tmp_path / "copy")
    k.say(ann, "needle second")
    wait_for(lambda: is_known(k))
    k.stop()
    k.run("restore", tmp_path / "copy")
    k.start()
    wait_for(lambda: is_known(k))
    assert search(k, ann, "needle") == [first]
    assert len(kept(k)[0]) == 1


def test_a_gap_in_the_log(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    k.say(ann, "needle first")
    wait_for(lambda: is_known(k))
    k.stop()
    with sqlite3.connect("%s/search.db" % k.dir) as own:
        own.execute("UPDATE search_place SET seq = 0")
        own.execute("DELETE FROM searched")
    with sqlite3.connect("%s/kwipd.db" % k.dir) as db:
        db.execute("DELETE FROM event WHERE seq < (SELECT max(seq) FROM event)")
    k.start()
    wait_for(lambda: is_known(k))
    assert len(search(k, ann, "needle")) == 1


def test_a_deadly_event_is_parked(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    ann = k.token("ann")
    wait_for(lambda: is_known(k))
    seq = restart_with_trouble_at_next_event(k, "abort", "search")
    k.say(ann, "needle deadly")
    after = k.say(ann, "needle after")["id"]
    wait_for(lambda: [p for p in k.status()["parked"] if p["reader"] == "search"], 60)
    assert k.status()["parked"][0]["seq"] == seq
    wait_for(lambda: is_known(k), 30)
    assert search(k, ann, "needle") == [after]
