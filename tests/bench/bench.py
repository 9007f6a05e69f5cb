# SPDX-License-Identifier: MIT
"""The figures of kwipd beside nginx, the bare disk and its own targets, as one Markdown table.

Started by tests/bench/run. Takes under eight minutes; BENCH_BIG=1 adds larger communities and takes
much longer. BENCH_GRAPH and BENCH_TEXTS name files for `kwipd fill`. `bench.py PART...` runs only
some of the parts: pages, calls, media, streams, posts, memory, starts, growth, fanout, disk.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import app
import box

BIG = os.environ.get("BENCH_BIG") == "1"
PEOPLE = 4039
SIZES = [3000, 10000, 100000, 1000000] + ([10000000] if BIG else [])
SLOW_US = 2000  # what many rented disks take for an fsync
HOME = "/api/v1/timelines/home?limit=20"
PUBLIC = "/api/v1/timelines/public?limit=20"
LUA = """local tokens = {%s}
local at = 0
function request()
  at = at %% #tokens + 1
  return wrk.format("GET", nil, {Authorization = "Bearer " .. tokens[at]})
end
"""


class Bench:
    def __init__(self, top):
        self.top, self.rows, self.made, self.tokens = top, [], {}, {}
        self.nginx = box.Nginx(top)

    def row(self, what, got, beside="", ratio="", target="", ok=None):
        self.rows.append((what, got, beside, ratio, target, "" if ok is None else "yes" if ok else "**no**"))
        print("  ".join(str(x) for x in self.rows[-1] if x), flush=True)

    def community(self, kwips):
        """Running and with its cache made; the same one each time it is asked for."""
        if kwips not in self.made:
            # 3 thousand kwips are a small place, with few people.
            c = self.made[kwips] = box.Community(self.top, kwips, min(PEOPLE, kwips // 4))
            c.start()
            if not c.wait_made():
                print("(the cache of %d kwips is not complete)" % kwips)
            self.tokens[kwips] = c.tokens(16)
            print("(%d kwips filled in %.1f s)" % (kwips, c.fill_s), flush=True)
        return self.made[kwips]

    def script(self, kwips):
        """For wrk: the homes of 16 people in turn."""
        path = os.path.join(self.top, "homes%d.lua" % kwips)
        with open(path, "w") as f:
            f.write(LUA % ", ".join('"%s"' % t for t in self.tokens[kwips]))
        return path

    # -- parts; those of app.py are its functions --

    def calls(self):
        app.calls(self)

    def media(self):
        app.media(self)

    def streams(self):
        app.streams(self)

    def pages(self):
        c = self.community(100000)
        token = self.tokens[100000][0]
        routes = {"home timeline, API, 20 statuses, warm": (HOME, token, 0.5)}
        pages = [("public page as a visitor", "/everyone"), ("profile page as a visitor", "/@" + c.names(1)[0])]
        for what, path in pages:
            if c.get(path)[0] == 200:
                routes[what] = (path, None, 0.8)
            else:
                routes[what + " (no such page: public timeline, API)"] = (PUBLIC, None, 0.8)
        css = self.static_path(c)
        if css:
            routes["static file"] = (css, None, None)
        cases = {}
        for i, (what, (path, user, _)) in enumerate(routes.items()):
            status, body = c.get(path, user)
            if status != 200:
                raise SystemExit("%s: %d" % (path, status))
            self.nginx.put(str(i), body)
            cases[what] = lambda p=path, u=user: box.wrk(c.url(p), u) + (len(body),)
            cases["nginx", what] = lambda i=i: box.wrk(self.nginx.url(str(i)))
            routes[what] += (len(body),)
        script = self.script(100000)
        cases["16 homes"] = lambda: box.wrk(c.url(HOME), script=script)
        self.nginx.start()
        got, runs = box.interleaved(cases)
        for what, (_, _, target, size) in routes.items():
            beside, ratio = got["nginx", what][0], box.ratio(runs[what], runs["nginx", what])
            self.row("%s (%d bytes)" % (what, size), "%.0f/s, p99 %.1f ms" % got[what][:2], "nginx, same bytes: %.0f/s" % beside,
                     "%.2f" % ratio, ">= %.1f" % target if target else "", ratio >= target if target else None)
        self.row("the same API, homes of 16 people in turn", "%.0f/s, p99 %.1f ms" % got["16 homes"])
        self.nginx.stop()

    @staticmethod
    def static_path(c):
        for path in ("/", "/everyone", "/login"):
            found = re.search(rb'"(/static/[^"]+\.css)"', c.get(path)[1])
            if found:
                return found[1].decode()
        return None

    def posts(self):
        c = self.community(100000)
        self.posts_on(c, "", lambda: box.disk_rates(self.top))
        c.stop()
        c.start(box.slow_env(SLOW_US))
        self.posts_on(c, ", fsync %d ms slower" % (SLOW_US // 1000), lambda: box.slow_disk_rates(self.top, SLOW_US))
        c.stop()
        c.start()

    def posts_on(self, c, disk_name, disk_rates):
        tokens = self.tokens[100000]
        disk, got = [], {1: [], 8: [], 64: []}
        for _ in range(3):
            disk.append(disk_rates())
            for clients in got:
                got[clients].append(box.post(c.port, tokens, clients, 2))
        syncs, commits = (statistics.median(x) for x in zip(*disk))
        self.row("the disk%s: fdatasync of 4 KB / SQLite commits of one row each" % disk_name, "%.0f/s / %.0f/s" % (syncs, commits))
        for clients, runs in got.items():
            rate, p50, p99 = (statistics.median(r[k] for r in runs) for k in ("per_s", "p50_ms", "p99_ms"))
            bad = sum(r["bad"] for r in runs)
            times, limit = {1: (None, None), 8: (None, 20), 64: (10, 50)}[clients]
            ratio = statistics.median(r["per_s"] / d[1] for r, d in zip(runs, disk))
            ok = ([ratio >= times] if times else []) + ([p99 < limit] if limit else [])
            target = ("%dx, " % times if times else "") + ("p99 < %d ms" % limit if limit else "")
            self.row("durable posts, %d client%s%s" % (clients, "s" * (clients > 1), disk_name),
                     "%.0f/s, p50 %.1f, p99 %.1f ms%s" % (rate, p50, p99, ", %d FAILED" % bad if bad else ""),
                     "one commit per post: %.0f/s" % commits, "%.1f" % ratio, target, all(ok) and not bad if ok else None)

    def memory(self):
        """Alone, because the PSS of a page that two kwipds share counts half for each."""
        c = self.community(100000)
        others = [o for o in self.made.values() if o is not c]
        for o in others:
            o.stop()
        c.stop()
        shutil.rmtree(os.path.join(c.dir, "cache"))
        c.start()
        c.wait_made()
        self.idle_memory(c, "cache just made", None)
        c.stop()
        c.start()
        self.idle_memory(c, "started with its cache", 40)
        loaded = []
        load = threading.Thread(target=box.wrk, args=(c.url(HOME),), kwargs={"conns": 64, "seconds": 4, "script": self.script(100000)})
        load.start()
        for _ in range(8):
            time.sleep(0.4)
            loaded.append(c.memory())
        load.join()
        busy = max(m["Pss"] for m in loaded)
        self.row("PSS at 64 clients (%d processes, anonymous %.1f MB)" % (loaded[-1]["n"], max(m["Anonymous"] for m in loaded)),
                 "%.1f MB" % busy, "", "", "< 80 MB", busy < 80)
        for o in others:
            o.start()

    def idle_memory(self, c, when, again_s):
        """After some seconds of rest, and once more later: what grows while nothing happens is a leak."""
        box.wrk(c.url(HOME), self.tokens[100000][0])
        time.sleep(8)
        first = last = c.memory()
        if again_s:
            time.sleep(again_s)
            last = c.memory()
        later = "%d s later: %.1f MB" % (again_s, last["Anonymous"]) if again_s else ""
        high = max(first["Anonymous"], last["Anonymous"]), max(first["Pss"], last["Pss"])
        self.row("anonymous memory, %d processes, idle, %s" % (first["n"], when), "%.1f MB" % first["Anonymous"], later, "", "< 16 MB", high[0] < 16)
        self.row("PSS, idle, " + when, "%.1f MB" % first["Pss"], "", "", "< 40 MB", high[1] < 40)

    def starts(self):
        for kwips, limit in ((3000, 30), (100000, None), (1000000, 100)):
            c = self.community(kwips)
            token, starts, firsts, idle_stops = self.tokens[kwips][0], [], [], []
            for _ in range(5):
                idle_stops.append(c.stop())
                starts.append(c.start() * 1000)
                began = time.perf_counter()
                c.get(HOME, token)
                firsts.append((time.perf_counter() - began) * 1000)
            got = statistics.median(starts)
            self.row("start to first answer, %d kwips" % kwips, "%.0f ms" % got, "", "", "< %d ms" % limit if limit else "",
                     got < limit if limit else None)
            got = statistics.median(firsts)
            self.row("first home timeline after a start, %d kwips" % kwips, "%.1f ms" % got, "", "", "< 5 ms", got < 5)
        self.stop_under_load(self.community(100000))

    def stop_under_load(self, c):
        took = []
        for _ in range(3):
            load = [subprocess.Popen([box.POST, str(c.port), "32", "1.5"] + self.tokens[c.kwips], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
                    subprocess.Popen(["wrk", "-t1", "-c32", "-d2s", c.url("/api/v1/timelines/public")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
            time.sleep(0.8)
            took.append(c.stop() * 1000)
            for p in load:
                box.end(p)
            c.start()
        got = statistics.median(took)
        self.row("stop under load (32 posting, 32 reading)", "%.0f ms (worst %.0f)" % (got, max(took)), "", "", "< 1,000 ms", max(took) < 1000)

    def growth(self):
        sizes = [s for s in SIZES if s >= 10000]
        cases = {}
        for kwips in sizes:
            c = self.community(kwips)
            cases[kwips] = lambda c=c, s=self.script(kwips): box.wrk(c.url(HOME), script=s, conns=8)
        got, runs = box.interleaved(cases, 5)
        first = got[sizes[0]][0]
        for kwips in sizes:
            ratio = box.ratio(runs[sizes[0]], runs[kwips])
            last = kwips == sizes[-1]
            self.row("home timeline at %d kwips" % kwips, "%.0f us each, p99 %.1f ms" % (1e6 / got[kwips][0], got[kwips][1]),
                     "at %d: %.0f us" % (sizes[0], 1e6 / first), "%.2f" % ratio, "< 1.3" if last else "", ratio < 1.3 if last else None)

    def fanout(self):
        c = self.community(100000)
        rates = []
        for _ in range(3):
            c.stop()
            shutil.rmtree(os.path.join(c.dir, "cache"))
            c.start()
            c.wait_made()
            rates += [(float(r), int(e), int(ms)) for e, ms, r in c.said(r"timeline cache made: .*entries=(\d+) ms=(\d+) entries_per_s=(\d+)")]
        if not rates:
            self.row("fan-out", "the log tells no figure", "", "", ">= 500,000/s", False)
            return
        rate, entries, ms = sorted(rates)[len(rates) // 2]
        self.row("fan-out: cache made anew, cards included", "%.0f entries/s (%d in %d ms)" % (rate, entries, ms), "", "%.2f" % (rate / 500000),
                 ">= 500,000/s", rate >= 500000)

    def disk(self):
        """Between two sizes of the same people, so that accounts and follows do not count."""
        small, large = self.community(10000), self.community(100000)
        sizes = {}
        for c in (small, large):
            c.stop()
            c.command("check")
            n, chars = c.sql(box.KWIPS_SQL)[0]
            pages, page, free = (c.sql("PRAGMA " + p)[0][0] for p in ("page_count", "page_size", "freelist_count"))
            sizes[c] = n, chars, (pages - free) * page
            c.start()
        each = (sizes[large][2] - sizes[small][2]) / (sizes[large][0] - sizes[small][0])
        chars = sizes[large][1]
        self.row("SQLite bytes a kwip of %.0f characters on average" % chars, "%.0f (%.0f at 150 characters)" % (each, each - chars + 150),
                 "whole file: %.0f a kwip" % (sizes[large][2] / sizes[large][0]), "", "< 600", each - chars + 150 < 600)
        cache = box.disk_bytes(os.path.join(large.dir, "cache"))
        self.row("timeline cache on disk, 100000 kwips", "%.0f MB" % (cache / 2**20), "", "", "<= 256 MB", cache <= 257 * 2**20)

    def close(self):
        self.nginx.stop()
        for c in self.made.values():
            c.stop()


def table(bench, began, load):
    head = ("what", "kwipd", "beside it", "ratio", "target", "held")
    people, follows = bench.facts
    lines = ["# kwipd bench", "",
             "%s; %d cores; load average %s before, %s after; took %.0f s." % (
                 time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), os.cpu_count(), "/".join("%.2f" % x for x in load),
                 "/".join("%.2f" % x for x in os.getloadavg()), time.monotonic() - began),
             "Data set unless a row says otherwise: 100000 kwips by %d people, %d follows. Load generators share the cores." % (people, follows),
             "Medians of interleaved runs; wrk with 16 connections and one thread.", "",
             "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in bench.rows]
    return "\n".join(lines) + "\n"


PARTS = ("pages", "calls", "media", "streams", "memory", "growth", "fanout", "starts", "disk", "posts")


def main():
    began, load = time.monotonic(), os.getloadavg()
    parts = sys.argv[1:] or PARTS
    os.makedirs(os.path.join(box.ROOT, "build", "bench"), exist_ok=True)
    top = tempfile.mkdtemp(prefix="run-", dir=os.path.join(box.ROOT, "build", "bench"))
    bench = Bench(top)
    print("load average %.2f/%.2f/%.2f, %s" % (load + (box.BIN,)), flush=True)
    try:
        c = bench.community(100000)
        bench.facts = c.sql("SELECT count(*) FROM account")[0][0], c.sql("SELECT count(*) FROM follow")[0][0]
        for part in parts:
            if part not in PARTS:
                raise SystemExit("no such part: " + part)
            getattr(bench, part)()
        text = table(bench, began, load)
    finally:
        bench.close()
        shutil.rmtree(top, ignore_errors=True)
    print("\n" + text)
    with open(os.path.join(box.ROOT, "build", "bench.md"), "w") as f:
        f.write(text)


if __name__ == "__main__":
    main()
