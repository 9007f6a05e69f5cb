# SPDX-License-Identifier: MIT
"""The parts of the bench that look at what apps ask for: the usual calls beside the bare server with the same bytes,
uploads, and many live streams beside a bare loop of sends. Called by bench.py."""
import http.client
import os
import subprocess
import threading
import time

import box

STREAMS = 10000
ROUNDS = 5
UPLOAD_CLIENTS, UPLOAD_S = 4, 4
PICTURE = os.path.join(box.ROOT, "docs", "screenshot.png")
BUSIEST_SQL = ("SELECT a.name FROM notice n JOIN account a ON a.id = n.account WHERE a.domain = '' AND a.state = 0"
               " GROUP BY a.id ORDER BY count(*) DESC, a.id LIMIT 1")
ROOM_SQL = "SELECT id FROM kwip WHERE reply_to IS NULL AND boost_of IS NULL AND visibility = 0 AND comments_count <= 40 ORDER BY comments_count DESC, id LIMIT 1"
WORD_SQL = "SELECT body FROM kwip WHERE visibility = 0 AND length(body) > 20 ORDER BY id LIMIT 50"


def bare_program(name, *args):
    """Started, with a standard input whose end ends it."""
    return subprocess.Popen([os.path.join(box.ROOT, "build", "bench", name)] + [str(a) for a in args],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def leave(process):
    process.stdin.close()
    process.wait(10)


class Bare:
    """CivetWeb with nothing behind it: serves given bytes, puts bodies on the disk."""

    def __init__(self, top):
        self.folder, self.port, self.process = os.path.join(top, "bare"), box.free_port(), None
        os.makedirs(self.folder)

    def put(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as f:
            f.write(data)

    def start(self):
        self.process = bare_program("bare", self.port, self.folder)
        for _ in range(500):
            try:
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=1).connect()
                return
            except OSError:
                time.sleep(0.01)
        raise SystemExit("the bare server does not start")

    def url(self, name):
        return "http://127.0.0.1:%d/%s" % (self.port, name)


def word_of(texts):
    """One that stands in several of them, so that there is something to find."""
    seen = {}
    for (text,) in texts:
        for word in {w for w in text.lower().split() if w.isascii() and w.isalpha() and len(w) > 3}:
            seen[word] = seen.get(word, 0) + 1
    return max(sorted(seen), key=seen.get)


def calls(bench):
    c, token = bench.community(100000), bench.tokens[100000][0]
    name = c.sql(BUSIEST_SQL)[0][0]
    busiest = c.command("token", name)
    account = c.sql("SELECT id FROM account WHERE name = '%s' AND domain = ''" % c.names(1)[0])[0][0]
    asked = {
        "verify_credentials": ("/api/v1/accounts/verify_credentials", token),
        "notifications, 40": ("/api/v1/notifications?limit=40", busiest),
        "notifications, grouped": ("/api/v2/notifications?limit=40", busiest),
        "statuses of an account, 20": ("/api/v1/accounts/%d/statuses?limit=20" % account, token),
        "context of a conversation": ("/api/v1/statuses/%d/context" % c.sql(ROOM_SQL)[0][0], token),
        "search, 20 statuses": ("/api/v2/search?type=statuses&limit=20&q=" + word_of(c.sql(WORD_SQL)), token),
        "search, everything": ("/api/v2/search?limit=20&q=" + c.names(1)[0][:3], token),
    }
    bare, cases, sizes = Bare(bench.top), {}, {}
    for i, (what, (path, user)) in enumerate(asked.items()):
        status, body = c.get(path, user)
        if status != 200:
            raise SystemExit("%s: %d" % (path, status))
        bare.put(str(i), body)
        sizes[what] = len(body)
        cases[what] = lambda p=path, u=user: box.wrk(c.url(p), u)
        cases["bare", what] = lambda i=i: box.wrk(bare.url(str(i)))
    bare.start()
    got, runs = box.interleaved(cases)
    leave(bare.process)
    for what, size in sizes.items():
        bench.row("%s (%d bytes)" % (what, size), "%.0f/s, p99 %.1f ms" % got[what], "bare server, same bytes: %.0f/s" % got["bare", what][0],
                  "%.2f" % box.ratio(runs[what], runs["bare", what]))


# -- uploads --

def multipart(data):
    mark = "a-line-between-the-parts"
    head = ('--%s\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n' % mark).encode()
    return head + data + ("\r\n--%s--\r\n" % mark).encode(), "multipart/form-data; boundary=" + mark


def upload_for(port, token, body, kind, took, until):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.perf_counter() < until:
        began = time.perf_counter()
        c.request("POST", "/api/v2/media", body, {"Content-Type": kind, "Authorization": "Bearer " + token})
        r = c.getresponse()
        r.read()
        if r.status not in (200, 202):
            raise SystemExit("upload: %d" % r.status)
        took.append(time.perf_counter() - began)
    c.close()


def uploads(port, token):
    """Uploads per second by several clients, and the p99 of one in ms."""
    with open(PICTURE, "rb") as f:
        body, kind = multipart(f.read())
    took, until = [], time.perf_counter() + UPLOAD_S
    threads = [threading.Thread(target=upload_for, args=(port, token, body, kind, took, until)) for _ in range(UPLOAD_CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took.sort()
    return len(took) / UPLOAD_S, took[len(took) * 99 // 100] * 1000


def media(bench):
    c, token, bare = bench.community(10000), bench.tokens[10000][0], Bare(os.path.join(bench.top, "media"))
    bare.start()
    got, runs = box.interleaved({"kwipd": lambda: uploads(c.port, token), "bare": lambda: uploads(bare.port, token)})
    leave(bare.process)
    bench.row("uploads of a picture of %d bytes, %d clients, ready when answered" % (os.path.getsize(PICTURE), UPLOAD_CLIENTS),
              "%.0f/s, p99 %.0f ms" % got["kwipd"], "bare server, body on the disk: %.0f/s" % got["bare"][0], "%.3f" % box.ratio(runs["kwipd"], runs["bare"]))


# -- live streams --

def tell_all(holder, tell):
    """Seconds until the median, the p99 and the last stream had what tell() says."""
    holder.stdin.write("\n")
    holder.stdin.flush()
    time.sleep(0.2)
    began = time.monotonic()
    tell()
    line = holder.stdout.readline()
    if not line:
        raise SystemExit("the streams' reader has failed")
    return [float(x) - began for x in line.split()]


def held(port, token):
    holder = bare_program("streams", "hold", port, STREAMS, token)
    if holder.stdout.readline() != "ready\n":
        raise SystemExit("%d streams cannot be opened" % STREAMS)
    return holder


def kb_of(pid):
    with open("/proc/%d/smaps_rollup" % pid) as f:
        return next(int(line.split()[1]) for line in f if line.startswith("Pss:"))


def web_of(c):
    for pid in box.descendants(c.process.pid):
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            if b"--service\0web\0" in f.read():
                return pid
    raise SystemExit("there is no web process")


def say(c, token, n):
    body = "status=to+all+of+them+%d+%d" % (n, time.monotonic_ns())
    h = http.client.HTTPConnection("127.0.0.1", c.port, timeout=10)
    h.request("POST", "/api/v1/statuses", body, {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer " + token})
    r = h.getresponse()
    r.read()
    if r.status != 200:
        raise SystemExit("POST: %d" % r.status)


def streams(bench):
    c, token = bench.community(3000), bench.tokens[3000][0]
    c.stop()
    c.start({"KWIPD_CONNS_PER_ADDR": "65000", "KWIPD_CONNS_MAX": "65000"})
    say(c, token, 0)
    time.sleep(1)
    web = web_of(c)
    before, holder = kb_of(web), held(c.port, token)
    time.sleep(1)
    each = (kb_of(web) - before) / STREAMS
    ours = sorted(tell_all(holder, lambda i=i: say(c, token, i)) for i in range(1, 1 + ROUNDS))[ROUNDS // 2]
    leave(holder)
    c.stop()
    c.start()
    size = len(c.get("/api/v1/timelines/public?limit=1", token)[1]) * 11 // 10  # a payload's quotes are escaped
    port = box.free_port()
    bare = bare_program("streams", "bare", port, size)
    bare.stdout.readline()
    holder = held(port, token)

    def tell():
        bare.stdin.write("\n")
        bare.stdin.flush()
    least = sorted(tell_all(holder, tell) for _ in range(ROUNDS))[ROUNDS // 2]
    leave(holder)
    leave(bare)
    bench.row("a kwip at all of %d live streams" % STREAMS, "median %.0f, p99 %.0f, last %.0f ms; %.0f deliveries/s" % (
        ours[0] * 1000, ours[1] * 1000, ours[2] * 1000, STREAMS / ours[2]),
        "a bare loop of sends: last %.0f ms, %.0f/s" % (least[2] * 1000, STREAMS / least[2]), "%.2f" % (least[2] / ours[2]))
    bench.row("memory of web a live stream", "%.2f KB" % each, "", "", "< 20 KB", each < 20)
