#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much a few hundred hostile connections slow everybody else down.

Against a running kwipd (KWIPD_RATE_LIMIT=off): wrk measures ordinary clients, first undisturbed and then
under each attack, in turns, and the medians are compared. Prints p99 and requests/s of each, and the ratio of
the p99s; ends with 1 when a ratio reaches --most. Bounded: about half a minute for each round.
"""
import argparse
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

UNIT = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


class Attack:
    """Holds sockets, and lets each send or read a little every half second until closed."""

    def __init__(self, where, host):
        self.where, self.host = where, host
        self.readers, self.senders, self.silent = [], [], []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.trickle)

    def dial(self, first=b"", small=False):
        s = socket.socket()
        if small:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.settimeout(5)
        s.connect(self.where)
        if first:
            s.sendall(first)
        return s

    def head(self, method, path, *lines):
        return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {self.host}", *lines, "", ""]).encode()

    def add_silent(self, n, page):
        for i in range(n):
            s = self.dial(self.head("GET", page) if i % 2 else b"")
            if i % 2:
                s.recv(65536)  # idle from now on, the rest of its answer unread
            self.silent.append(s)

    def add_readers(self, n, page):
        # Twenty at once: more than any socket's buffer takes.
        self.readers += [self.dial(self.head("GET", page) * 20, small=True) for _ in range(n)]

    def add_senders(self, n):
        for i in range(n):
            how = "Transfer-Encoding: chunked" if i % 2 else "Content-Length: 400000"
            s = self.dial(self.head("POST", "/api/v1/statuses", "Content-Type: application/json", how))
            s.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n" if i % 2 else b"x" * 270000)
            self.senders.append((s, b"1\r\nx\r\n" if i % 2 else b"x"))

    def trickle(self):
        while not self.over.wait(0.5):
            for s in self.readers:
                self.quietly(lambda s=s: s.recv(4))
            for s, some in self.senders:
                self.quietly(lambda s=s, some=some: s.send(some))

    @staticmethod
    def quietly(do):
        try:
            do()
        except OSError:
            pass  # closed by its time limit: that is how it should end

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        for s in [*self.readers, *self.silent, *(s for s, _ in self.senders)]:
            s.close()


def measure(url, seconds, clients):
    """p99 in ms and requests/s."""
    out = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", url],
                         capture_output=True, text=True, check=True).stdout
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", out).groups()
    errors = re.search(r"(Socket errors|Non-2xx).*", out)
    if errors:
        print("  " + errors.group(0), file=sys.stderr)
    return float(value) * UNIT[unit], float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("url", nargs="?", default="http://127.0.0.1:8080/")
    p.add_argument("--big", default="/api/v1/timelines/public?limit=40", help="path that slow readers read")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--seconds", type=int, default=2)
    p.add_argument("--clients", type=int, default=16)
    p.add_argument("--most", type=float, default=2.0)
    args = p.parse_args()
    u = urllib.parse.urlsplit(args.url)
    where = (u.hostname, u.port or 80)
    attacks = {
        "1,000 silent or idle": lambda a: a.add_silent(1000, u.path or "/"),
        "100 slow readers": lambda a: a.add_readers(100, args.big),
        "50 slow senders": lambda a: a.add_senders(50),
        "all of them": lambda a: (a.add_silent(1000, u.path or "/"), a.add_readers(100, args.big),
                                  a.add_senders(50)),
    }
    calm, hit = {name: [] for name in attacks}, {name: [] for name in attacks}
    for _ in range(args.rounds):
        for name, begin in attacks.items():
            calm[name].append(measure(args.url, args.seconds, args.clients))
            with Attack(where, u.netloc) as a:
                begin(a)
                time.sleep(0.5)
                hit[name].append(measure(args.url, args.seconds, args.clients))
    worst = 0.0
    print(f"{'attack':22} {'p99 calm':>10} {'p99 hit':>10} {'ratio':>6} {'calm/s':>8} {'hit/s':>8}")
    for name in attacks:
        c99, c = (statistics.median(x) for x in zip(*calm[name]))
        h99, h = (statistics.median(x) for x in zip(*hit[name]))
        worst = max(worst, h99 / c99)
        print(f"{name:22} {c99:7.2f} ms {h99:7.2f} ms {h99 / c99:6.2f} {c:8.0f} {h:8.0f}")
    return 1 if worst >= args.most else 0


if __name__ == "__main__":
    sys.exit(main())
