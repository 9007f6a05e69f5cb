# SPDX-License-Identifier: MIT
"""Exactness: whatever people do and whatever happens to the timeline service and its cache, after every
step the API's timelines equal their plain definition (model.py) on the database.

SEED=n repeats a run; ROUNDS scales it."""
import os
import random
import re
import shutil
import signal
import time

import pytest

from model import World
from kwipd import wait_for
from support import ROUNDS, VISIBILITIES, Db, change_at_rest, children, log_in, send_signal

PEOPLE = ["ann", "bob", "cid", "dot", "eve", "fay", "gus", "hal"]
LOCKED = "gus"
SHOWS_REPEATS = "hal"
STEPS = 15 * ROUNDS
SECONDS = 1.6 * ROUNDS  # for both settings


class Play:
    """The community, the faults and the comparison, driven by one random number generator."""

    def __init__(self, k, seed):
        self.k, self.random = k, random.Random(seed)
        k.account("boss", "--admin")
        self.trace, self.n = [], 0
        self.is_stopped = False
        self.tokens, self.ids = {}, {}
        for name in PEOPLE:
            k.account(name)
            self.tokens[name] = k.token(name)
        self.tokens["boss"] = k.token("boss", "read write admin:write")
        change_at_rest(k.dir, "UPDATE account SET locked = 1 WHERE name = ?", LOCKED)
        change_at_rest(k.dir, "UPDATE login SET show_repeats = 1 WHERE account = "
                       "(SELECT id FROM account WHERE name = ?)", SHOWS_REPEATS)
        k.start()
        self.sessions = {name: log_in(k, name) for name in PEOPLE}
        self.db = Db(k.dir)
        self.ids = {r["name"]: r["id"] for r in self.db.rows("SELECT id, name FROM account")}

    # -- what people do --

    def patient(self, ask):
        """SIGSTOP can hit the service in the moment in which it holds the database's write lock: changes are
        then refused as a whole (503) until it goes on. Every other answer stands."""
        answer = ask()
        if answer.status_code == 503 and self.is_stopped:
            self.trace.append("STOPPED WITH THE WRITE LOCK")
            self.signal(signal.SIGCONT)
            answer = ask()
        return answer

    def call(self, who, method, path, **options):
        answer = self.patient(lambda: self.k.api(method, path, self.tokens[who], **options))
        self.trace.append("%s %s %s %s -> %d" % (who, method, path, options.get("json", ""), answer.status_code))
        assert answer.status_code in (200, 403, 404, 422), "%s\n%s" % (self.trace[-1], answer.text)
        return answer

    def kwip_id(self):
        """One that is there, likely a young one."""
        ids = [r["id"] for r in self.db.rows("SELECT id FROM kwip ORDER BY id DESC LIMIT 60")]
        return ids[min(int(self.random.expovariate(1 / 8)), len(ids) - 1)] if ids else 1

    def own_kwip(self, who):
        ids = [r["id"] for r in self.db.rows("SELECT id FROM kwip WHERE author = ? ORDER BY id DESC LIMIT 30",
                                             self.ids[who])]
        return self.random.choice(ids) if ids else 1

    def text(self):
        self.n += 1
        text = "word%d" % self.n
        if self.random.random() < 0.25:
            text = self.random.choice(["goodmorning", "thesame", "again"])
        for _ in range(self.random.choice([0, 0, 1, 2])):
            text += " @" + self.random.choice(PEOPLE)
        return text + self.random.choice(["", "", " #tag", " #tea #tag", " https://example.org/%d" % self.n])

    def do_post(self, who):
        self.call(who, "POST", "/api/v1/statuses",
                  json={"status": self.text(), "language": self.random.choice(["en", "en", "de", "fr"]), "visibility": self.random.choices(VISIBILITIES, [6, 1, 2, 1])[0]})

    def do_reply(self, who):
        self.call(who, "POST", "/api/v1/statuses",
                  json={"status": self.text(), "in_reply_to_id": str(self.kwip_id()),
                        "visibility": self.random.choices(VISIBILITIES, [6, 1, 2, 1])[0]})

    def do_delete(self, who):
        self.call(who, "DELETE", "/api/v1/statuses/%d" % self.own_kwip(who))

    def do_edit(self, who):
        self.call(who, "PUT", "/api/v1/statuses/%d" % self.own_kwip(who), json={"status": self.text(), "language": self.random.choice(["en", "de"])})

    def do_mark(self, who):
        verb = self.random.choice(["favourite", "favourite", "unfavourite", "bookmark", "unbookmark", "mute", "unmute"])
        self.call(who, "POST", "/api/v1/statuses/%d/%s" % (self.kwip_id(), verb))

    def do_boost(self, who):
        more = {"json": {"visibility": self.random.choice(["public", "unlisted", "private"])}}
        self.call(who, "POST", "/api/v1/statuses/%d/reblog" % self.kwip_id(), **more)

    def do_unboost(self, who):
        boosted = self.db.rows("SELECT boost_of FROM kwip WHERE author = ? AND boost_of IS NOT NULL", self.ids[who])
        id = self.random.choice(boosted)[0] if boosted else self.kwip_id()
        self.call(who, "POST", "/api/v1/statuses/%d/unreblog" % id)

    def relate(self, who, verb, **body):
        whom = self.ids[self.random.choice([p for p in PEOPLE if p != who])]
        self.call(who, "POST", "/api/v1/accounts/%d/%s" % (whom, verb), json=body)

    def do_follow(self, who):
        self.relate(who, "follow", **dict(
            {"reblogs": False} if self.random.random() < 0.2 else {},
            **({"languages": self.random.choice([["de"], ["en", "de"], []])} if self.random.random() < 0.2 else {})))

    def do_unfollow(self, who):
        self.relate(who, "unfollow")

    def do_block(self, who):
        self.relate(who, self.random.choice(["block", "unblock", "unblock"]))

    def do_mute(self, who):
        self.relate(who, self.random.choice(["mute", "unmute", "unmute"]))

    def do_tag(self, who):
        self.call(who, "POST", "/api/v1/tags/%s/%s" % (self.random.choice(["tag", "tea"]),
                                                       self.random.choice(["follow", "follow", "unfollow"])))

    def do_list(self, who):
        """Makes, changes or deletes one, or changes who is in it."""
        lists = [r["id"] for r in self.db.rows("SELECT id FROM list WHERE account = ?", self.ids[who])]
        luck = self.random.random()
        policy = {"title": "some", "replies_policy": self.random.choice(["list", "followed", "none"]),
                  "exclusive": self.random.random() < 0.5}
        if not lists or (luck < 0.1 and len(lists) < 3):
            return self.call(who, "POST", "/api/v1/lists", json=policy)
        path = "/api/v1/lists/%d" % self.random.choice(lists)
        if luck < 0.15:
            return self.call(who, "DELETE", path)
        if luck < 0.35:
            return self.call(who, "PUT", path, json=policy)
        whom = self.ids[self.random.choice(PEOPLE)]
        self.call(who, self.random.choice(["POST", "POST", "DELETE"]), path + "/accounts",
                  json={"account_ids": [str(whom)]})

    def do_moderate(self, _):
        path = "/api/v1/admin/accounts/%d/" % self.ids[self.random.choice(PEOPLE)]
        if self.random.random() < 0.4:
            self.call("boss", "POST", path + "action", json={"type": self.random.choice(["silence", "sensitive"])})
        else:
            self.call("boss", "POST", path + self.random.choice(["unsilence", "unsensitive"]))

    # What only pages can do.

    def form(self, who, path, **fields):
        jar, csrf = self.sessions[who]
        answer = self.patient(lambda: self.k.request("POST", path, data=dict(fields, csrf=csrf), cookies=jar))
        self.trace.append("%s POST %s %s -> %d" % (who, path, fields, answer.status_code))
        assert answer.status_code in (302, 303, 404), answer.text[:2000]

    def do_answer_request(self, who):
        asking = self.db.rows("SELECT actor, target FROM follow WHERE pending = 1")
        if asking:
            actor, target = self.random.choice(asking)
            name = next(n for n, id in self.ids.items() if id == target)
            self.form(name, "/requests/%d/%s" % (actor, self.random.choice(["accept", "accept", "reject"])))

    def do_profile(self, who):
        self.n += 1
        fields = {"locked": "1"} if self.random.random() < 0.4 else {}
        self.form(who, "/settings/profile", display_name="Name %d" % self.n, about="about %d" % self.n, **fields)

    def do_preferences(self, who):
        fields = {"show_repeats": "1"} if self.random.random() < 0.4 else {}
        self.form(who, "/settings/preferences", language="en", visibility="public", order="active", **fields)

    def act(self):
        deeds = {self.do_post: 26, self.do_reply: 18, self.do_delete: 7, self.do_edit: 6, self.do_mark: 14,
                 self.do_boost: 8, self.do_unboost: 3, self.do_follow: 12, self.do_unfollow: 4, self.do_block: 4,
                 self.do_mute: 4, self.do_tag: 4, self.do_list: 6, self.do_answer_request: 3, self.do_profile: 2, self.do_preferences: 1, self.do_moderate: 2}
        self.random.choices(list(deeds), list(deeds.values()))[0](self.random.choice(PEOPLE))

    # -- what happens to the service --

    def signal(self, number):
        pid = children(self.k.process.pid).get("timeline")
        if pid:
            send_signal(pid, number)
        self.is_stopped = pid is not None and number == signal.SIGSTOP

    def hurt(self):
        """At most one misfortune before a step; mostly none."""
        luck = self.random.random()
        if luck < 0.06:
            self.trace.append("STOP")
            self.signal(signal.SIGSTOP)
        elif luck < 0.13 and self.is_stopped:
            self.trace.append("CONT")
            self.signal(signal.SIGCONT)
        elif luck < 0.15:
            self.trace.append("KILL")
            self.signal(signal.SIGKILL)
        elif luck < 0.17:
            self.trace.append("NO CACHE")
            shutil.rmtree(os.path.join(self.k.dir, "cache"), ignore_errors=True)
        elif luck < 0.3:
            time.sleep(self.random.random() * 0.2)

    # -- the comparison --

    def page(self, who, path, **query):
        answer = self.k.api("GET", path, self.tokens[who], params=query)
        self.trace.append("%s GET %s %s" % (who, path, query))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def compare(self, who, path, query, expected, world):
        seen = self.page(who, path, **query)
        assert [int(s["id"]) for s in seen] == expected, "%s %s of %s" % (path, query, who)
        for s in seen:
            world.check_status(self.ids[who], s)

    def pages_of(self, who, path, ids, world):
        """One page of every kind: from the top, below, above and just above some id (there or not)."""
        limit = self.random.choice([1, 2, 5, 20, 40])
        at = self.random.choice(ids) + self.random.choice([-1, 0, 0, 1]) if ids else 1
        self.compare(who, path, {"limit": limit}, ids[:limit], world)
        self.compare(who, path, {"limit": limit, "max_id": at}, [i for i in ids if i < at][:limit], world)
        self.compare(who, path, {"limit": limit, "since_id": at}, [i for i in ids if i > at][:limit], world)
        self.compare(who, path, {"limit": limit, "min_id": at}, [i for i in ids if i > at][-limit:], world)
        top = at + self.random.randrange(1, 3_000) * 65536
        self.compare(who, path, {"limit": limit, "min_id": at, "max_id": top},
                     [i for i in ids if at < i < top][-limit:], world)

    def all_pages(self, who, path, ids, world):
        """Everything, page by page."""
        limit, got, below = self.random.choice([7, 20, 40]), [], {}
        while len(got) <= len(ids):
            page = self.page(who, path, limit=limit, **below)
            for s in page:
                world.check_status(self.ids[who], s)
            got += [int(s["id"]) for s in page]
            if len(page) < limit:
                break
            below = {"max_id": page[-1]["id"]}
        assert got == ids, "%s of %s, page by page" % (path, who)

    def shown(self, path, jar):
        """The kwips on a page of the site, and the cursor of the next."""
        answer = self.k.get(path, cookies=jar)
        self.trace.append("GET page " + path)
        assert answer.status_code == 200, answer.text[:2000]
        older = re.search(r'href="[^"]*[?&;]max_id=(\d+)"', answer.text)
        return [int(id) for id in re.findall(r'<li id="k(\d+)"', answer.text)], older and older.group(1)

    def walk_page(self, path, jar, ids):
        """A list of the site in active order, followed to its end by its own links."""
        got, below = [], None
        while len(got) <= len(ids):
            page, below = self.shown(path + ("?max_id=" + below if below else ""), jar)
            got += page
            if below is None:
                break
        assert got == ids, "%s, page by page" % path

    def compare_all(self, world, who, kind):
        me = self.ids[who]
        if kind == "active":
            self.walk_page("/home", self.sessions[who][0], world.home_active(me))
            self.walk_page("/everyone", self.sessions[who][0], world.everyone_active(me))
            return self.walk_page("/everyone", None, world.everyone_active(0))
        if kind == "walk":
            self.all_pages(who, "/api/v1/timelines/home", world.home(me), world)
        elif kind == "list":
            mine = [id for id, l in world.lists.items() if l["account"] == me]
            if mine:
                one = self.random.choice(mine)
                self.pages_of(who, "/api/v1/timelines/list/%d" % one, world.listed(me, one), world)
        elif kind == "others":
            whom = self.ids[self.random.choice(PEOPLE)]
            self.pages_of(who, "/api/v1/timelines/public", world.everyone(me), world)
            self.pages_of(who, "/api/v1/accounts/%d/statuses" % whom, world.said_by(me, whom), world)
            self.compare(who, "/api/v1/favourites", {"limit": 40},
                         [i for _, i in world.marked(me, world.favourites)][:40], world)
            self.compare(who, "/api/v1/bookmarks", {"limit": 40},
                         [i for _, i in world.marked(me, world.bookmarks)][:40], world)
        else:
            self.pages_of(who, "/api/v1/timelines/home", world.home(me), world)

    def verify(self):
        """Between two looks at an unchanged database every answer must be right; else look again."""
        who = self.random.choice(PEOPLE)
        kind = self.random.choices(["pages", "walk", "others", "active", "list"], [6, 1, 2, 2, 1])[0]
        for _ in range(50):
            before = self.db.version()
            world, state = World(self.db), self.random.getstate()
            try:
                self.compare_all(world, who, kind)
                wrong = None
            except AssertionError as e:
                wrong = e
            if self.db.version() == before:
                assert wrong is None, wrong
                return
            self.random.setstate(state)
        raise AssertionError("the database never comes to rest")


@pytest.mark.parametrize("settings", [{}, {"feed_max": 40, "cache_size": "8M"}], ids=["usual", "short feeds"])
def test_timelines_are_exact_whatever_happens(make_kwipd, settings):
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    play = Play(make_kwipd(start=False, **settings), seed)
    end = time.monotonic() + SECONDS / 2
    try:
        for _ in range(120):
            play.act()
        for _ in range(STEPS):
            play.hurt()
            play.act()
            play.verify()
            if time.monotonic() > end:
                break
        else:
            assert len(play.trace) > STEPS
        play.signal(signal.SIGCONT)
        wait_for(lambda: "timeline" in children(play.k.process.pid))
        for _ in range(3):
            time.sleep(0.4)
            play.verify()
    except BaseException as e:
        faults = ["%d: %s" % (i, t) for i, t in enumerate(play.trace) if t.isupper()]
        raise AssertionError("SEED=%d %s\n%s\nfaults: %s\n%d: ...\n%s\n%s" % (
            seed, settings, e, ", ".join(faults), len(play.trace), "\n".join(play.trace[-40:]), play.k.log)) from None
    finally:
        play.signal(signal.SIGCONT)
    checked = play.k.run("check", check=False)
    assert checked.returncode == 0, "SEED=%d\n%s" % (seed, checked.stdout)
