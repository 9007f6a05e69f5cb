#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many live streams on one server: memory of each, and how fast a kwip reaches them all.

    streams.py [N]      10,000 WebSockets on the public stream unless N says otherwise; loopback only, ends by itself
"""
import os
import resource
import select
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from kwipd import Kwipd  # noqa: E402

ROUNDS = 3


def number_in(path, name):
    with open(path) as f:
        return next(int(line.split()[1]) for line in f if line.startswith(name + ":"))


def connect(k, token):
    s = socket.create_connection(("127.0.0.1", k.port))
    s.sendall(("GET /api/v1/streaming?stream=public HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n"
               % (k.port, token)).encode())
    return s


def drain(s):
    try:
        while s.recv(65536):
            pass
    except BlockingIOError:
        pass


def one_round(k, token, sockets, epoll):
    """Seconds until each socket had the kwip, ascending."""
    begun, left, took = time.monotonic(), set(sockets), []
    k.say(token, "to all of them")
    while left and time.monotonic() - begun < 10:
        for fd, _ in epoll.poll(0.5, 2000):
            drain(sockets[fd])
            if fd in left:
                left.discard(fd)
                took.append(time.monotonic() - begun)
    assert not left, "%d streams heard nothing" % len(left)
    return sorted(took)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Kwipd(conns_per_addr="65000", conns_max="65000") as k:
        k.account("ann")
        token, web = k.token("ann"), k.pids()["web"]
        k.say(token, "first")
        time.sleep(1)
        rollup = "/proc/%d/smaps_rollup" % web
        pss, slab = number_in(rollup, "Pss"), number_in("/proc/meminfo", "Slab")
        made = [connect(k, token) for _ in range(count)]
        for s in made:
            assert s.recv(500).startswith(b"HTTP/1.1 101")
            s.setblocking(False)
        time.sleep(1)
        print("%d streams: %.2f KB of web's memory each, %.2f KB of the kernel's for both ends" % (
            count, (number_in(rollup, "Pss") - pss) / count, (number_in("/proc/meminfo", "Slab") - slab) / count))
        epoll, sockets = select.epoll(), {s.fileno(): s for s in made}
        for fd in sockets:
            epoll.register(fd, select.EPOLLIN)
        for _ in range(ROUNDS):
            took = one_round(k, token, sockets, epoll)
            print("a kwip at all of them: median %.0f ms, p99 %.0f ms, %.0f deliveries/s" % (
                took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000, len(took) / took[-1]))


main()
