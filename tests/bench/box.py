# SPDX-License-Identifier: MIT
"""What the bench starts and asks: kwipd, nginx, wrk, the bare disk. Loopback only; ends only what it started."""
import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("KWIPD_BIN", os.path.join(ROOT, "build", "kwipd")))
NGINX = os.environ.get("NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
POST = os.path.join(ROOT, "build", "bench", "post")
ENV = dict({k: v for k, v in os.environ.items() if k != "NOTIFY_SOCKET" and not k.startswith("KWIPD_")},
           KWIPD_RATE_LIMIT="off")
PROCESSES = 3  # supervisor, web, timeline at least
KWIPS_SQL = "SELECT count(*), avg(length(body)) FROM kwip"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end(process, sig=signal.SIGTERM, seconds=15):
    """Ends a process of ours and says how many seconds that took."""
    began = time.perf_counter()
    if process and process.poll() is None:
        process.send_signal(sig)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return time.perf_counter() - began


def descendants(pid):
    found = [pid]
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task)) as f:
                for child in f.read().split():
                    found += descendants(int(child))
    except FileNotFoundError:
        pass
    return found


def disk_bytes(*paths):
    """What the files take on the disk: the cache's file is sparse."""
    total = 0
    for path in paths:
        for folder, _, names in os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [], [os.path.basename(path)])]:
            total += sum(os.stat(os.path.join(folder, n)).st_blocks * 512 for n in names if os.path.exists(os.path.join(folder, n)))
    return total


class Community:
    """A data folder with so many kwips, made by `kwipd fill`, and the kwipd that serves it."""

    def __init__(self, top, kwips, people):
        self.dir, self.kwips, self.people = os.path.join(top, "k%d" % kwips), kwips, people
        self.process, self.log = None, os.path.join(top, "k%d.log" % kwips)
        self.port = free_port()
        args = ["fill", "--people", str(people), "--kwips", str(kwips), "--seed", "1"]
        for option, name in (("--graph", "BENCH_GRAPH"), ("--texts", "BENCH_TEXTS")):
            if os.environ.get(name):
                args += [option, os.environ[name]]
        began = time.perf_counter()
        self.command(*args)
        self.fill_s = time.perf_counter() - began

    def command(self, *args):
        done = subprocess.run([BIN, "-d", self.dir] + list(args), env=ENV, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit("kwipd %s: %s" % (" ".join(args), done.stderr))
        return done.stdout.strip()

    def sql(self, query):
        db = sqlite3.connect("file:%s/kwipd.db?mode=ro" % self.dir, uri=True, timeout=10)
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def names(self, n):
        """Those whom most kwips reach, so that their homes are full."""
        return [r[0] for r in self.sql("SELECT name FROM account WHERE domain = '' AND state = 0"
                                       " ORDER BY following_count DESC, id LIMIT %d" % n)]

    def tokens(self, n):
        return [self.command("token", name) for name in self.names(n)]

    def start(self, more_env=None):
        """Seconds from the start to the first answer; /healthz is asked as soon as somebody listens."""
        began = time.perf_counter()
        self.process = subprocess.Popen([BIN, "-d", self.dir, "-l", "127.0.0.1:%d" % self.port], env=dict(ENV, **(more_env or {})),
                                        stdout=open(self.log, "w"), stderr=subprocess.STDOUT, start_new_session=True)
        while time.perf_counter() - began < 60:
            try:
                if self.get("/healthz")[0] == 200:
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.0005)
        raise SystemExit("kwipd does not answer; see " + self.log)

    def stop(self):
        return end(self.process)

    def said(self, pattern):
        with open(self.log, errors="replace") as f:
            return re.findall(pattern, f.read())

    def wait_made(self, seconds=240):
        """Until the timeline service has nothing to make any more."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.said(r"timeline cache made"):
                return True
            time.sleep(0.1)
        return False

    def get(self, path, token=None, seconds=10):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            c.request("GET", path, headers={"Authorization": "Bearer " + token} if token else {})
            r = c.getresponse()
            return r.status, r.read()
        finally:
            c.close()

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def memory(self):
        """Anonymous memory and PSS in MB over all processes, and n of them. Ends the bench when one is missing."""
        sums = {"Anonymous": 0, "Pss": 0}
        pids = descendants(self.process.pid)
        for pid in pids:
            with open("/proc/%d/smaps_rollup" % pid) as f:
                for line in f:
                    key = line.split(":")[0]
                    if key in sums:
                        sums[key] += int(line.split()[1]) / 1024
        if len(pids) < PROCESSES:
            raise SystemExit("only %d processes, %d expected:\n%s" % (len(pids), PROCESSES, open(self.log).read()[-3000:]))
        return dict(sums, n=len(pids))


class Nginx:
    """Serves the very same bytes as static files, with its own usual settings."""

    CONF = """worker_processes auto; pid {top}/nginx.pid; error_log {top}/nginx.log; daemon off;
events {{ worker_connections 2048; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;
client_body_temp_path {top}/b; proxy_temp_path {top}/p; fastcgi_temp_path {top}/f; uwsgi_temp_path {top}/u; scgi_temp_path {top}/s;
server {{ listen 127.0.0.1:{port}; root {top}/www; }} }}
"""

    def __init__(self, top):
        self.top, self.port, self.process = top, free_port(), None
        os.makedirs(os.path.join(top, "www"), exist_ok=True)

    def put(self, name, data):
        with open(os.path.join(self.top, "www", name), "wb") as f:
            f.write(data)

    def start(self):
        path = os.path.join(self.top, "nginx.conf")
        # The workers run as another user when root starts it: they must get at the files.
        user = "user root;\n" if os.geteuid() == 0 else ""
        with open(path, "w") as f:
            f.write(user + self.CONF.format(top=self.top, port=self.port))
        self.process = subprocess.Popen([NGINX, "-c", path, "-p", self.top], stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise SystemExit("nginx does not start; see %s/nginx.log" % self.top)

    def stop(self):
        end(self.process)

    def url(self, name):
        return "http://127.0.0.1:%d/%s" % (self.port, name)


def wrk(url, token=None, conns=16, seconds=1.0, script=None):
    """Requests per second and p99 in ms; anything but success ends the bench."""
    args = ["wrk", "-t1", "-c%d" % conns, "-d%ds" % max(1, round(seconds)), "--latency"]
    args += ["-H", "Authorization: Bearer " + token] if token else []
    args += ["-s", script] if script else []
    out = subprocess.run(args + [url], capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", out)
    if not rate or "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit("wrk %s:\n%s" % (url, out))
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", out)
    scale = {"us": 1e-3, "ms": 1, "s": 1e3}[p99[2]]
    return float(rate[1]), float(p99[1]) * scale


def interleaved(cases, rounds=3):
    """Runs the cases in turn, so that a noisy moment meets all of them; the median of each."""
    got = {name: [] for name in cases}
    for _ in range(rounds):
        for name, run in cases.items():
            got[name].append(run())
    return {name: tuple(map(statistics.median, zip(*values))) for name, values in got.items()}, got


def ratio(runs, over):
    """The median of the ratios of neighbouring runs: what slows both does not count."""
    return statistics.median(a[0] / b[0] for a, b in zip(runs, over))


def post(port, tokens, clients, seconds):
    done = subprocess.run([POST, str(port), str(clients), str(seconds)] + tokens, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit("post: %s %s" % (done.stdout, done.stderr))
    return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", done.stdout)}


def disk_rates(top, seconds=1.0):
    """fsyncs a second of a page within a file, and SQLite transactions a second of one kwip's row each."""
    path, pages = os.path.join(top, "fsync.dat"), 1000
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(fd, b"y" * 4096 * pages)
    os.fsync(fd)
    syncs, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        os.pwrite(fd, b"x" * 4096, syncs % pages * 4096)
        os.fdatasync(fd)
        syncs += 1
    os.close(fd)
    os.unlink(path)
    folder = tempfile.mkdtemp(dir=top)
    db = sqlite3.connect(os.path.join(folder, "one.db"), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE kwip (id INTEGER PRIMARY KEY, author INTEGER, body TEXT)")
    commits, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        db.execute("INSERT INTO kwip (author, body) VALUES (?, ?)", (commits % 50, "x" * 150))
        commits += 1
    db.close()
    shutil.rmtree(folder)
    return syncs / seconds, commits / seconds


def slow_env(us):
    """The environment in which every fsync takes so much longer (slowsync.c)."""
    return {"LD_PRELOAD": os.path.join(ROOT, "build", "bench", "slowsync.so"), "SLOWSYNC_US": str(us)}


def slow_disk_rates(top, us):
    """disk_rates() on such a disk; in a process of its own, because the bench itself must not be slowed."""
    done = subprocess.run([sys.executable, os.path.abspath(__file__), top], env=dict(os.environ, **slow_env(us)),
                          capture_output=True, text=True, check=True)
    return tuple(map(float, done.stdout.split()))


if __name__ == "__main__":
    print(*disk_rates(sys.argv[1]))
