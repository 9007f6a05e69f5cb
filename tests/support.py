# SPDX-License-Identifier: MIT
"""Helpers beside kwipd.py for the black-box tests: looking into the database, signals, rounds, raw sockets."""
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
from http.cookiejar import DefaultCookiePolicy

from kwipd import BIN, is_alive

# `make soak` gives 200.
ROUNDS = int(os.environ.get("ROUNDS", "20"))
VISIBILITIES = ("public", "unlisted", "private", "direct")


class Db:
    """The database of a running kwipd, read-only."""

    def __init__(self, dir):
        self.db = sqlite3.connect("file:%s/kwipd.db?mode=ro" % dir, uri=True, isolation_level=None, timeout=10)
        self.db.row_factory = sqlite3.Row

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.db.close()

    def rows(self, sql, *args):
        return self.db.execute(sql, args).fetchall()

    def one(self, sql, *args):
        row = self.db.execute(sql, args).fetchone()
        return row[0] if row else None

    def version(self):
        """Another number whenever another connection has committed."""
        return self.one("PRAGMA data_version")


def change_at_rest(dir, sql, *args):
    """Changes a database that nobody serves: for what no command or request can set (yet)."""
    db = sqlite3.connect("%s/kwipd.db" % dir)
    try:
        with db:
            return db.execute(sql, args).rowcount
    finally:
        db.close()


def routes():
    """The route table as the binary tells it."""
    return json.loads(subprocess.run([BIN, "--routes", "--json"], capture_output=True, check=True, text=True).stdout)


def children(pid):
    """Pids of the direct children, with the name of the service each one is."""
    found = {}
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        pids = [int(p) for p in f.read().split()]
    for child in pids:
        try:
            with open("/proc/%d/cmdline" % child, "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if b"--service" in words and is_alive(child):
            found[words[words.index(b"--service") + 1].decode()] = child
    return found


def send_signal(pid, number):
    """False when there is no such process any more."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def kill_nine(pid):
    return send_signal(pid, signal.SIGKILL)


def keep_no_cookies(k):
    """k.get and the others then send exactly the cookies a test gives them."""
    k.http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))


def cookies_of(answer):
    """Read by hand: the jar would keep Secure ones back."""
    return dict(re.match(r"\s*([^=;]+)=([^;]*)", line).groups()
                for line in answer.raw.headers.getlist("Set-Cookie"))


def csrf_of(answer):
    found = re.search(r'name="csrf"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf"', answer.text)
    return (found.group(1) or found.group(2)) if found else None


def log_in(k, name):
    """The session cookie, and a good CSRF token for it."""
    keep_no_cookies(k)
    form = k.get("/login")
    jar = cookies_of(form)
    answer = k.request("POST", "/login", data={"name": name, "password": k.passwords[name], "csrf": csrf_of(form)},
                       cookies=jar)
    assert answer.status_code in (302, 303), (answer.status_code, answer.text[:500])
    jar.update(cookies_of(answer))
    assert "kwipd_session" in jar
    page = k.get("/", cookies=jar)
    return jar, csrf_of(page) or csrf_of(k.get("/settings", cookies=jar))


class Raw:
    """A connection that sends whatever bytes one likes."""

    def __init__(self, k, timeout=10, address=None, family=socket.AF_INET):
        self.s = socket.socket(family, socket.SOCK_STREAM)
        self.s.settimeout(timeout)
        self.s.connect(address or ("127.0.0.1", k.port))
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def send(self, data):
        """False when the other side has closed already."""
        try:
            self.s.sendall(data if isinstance(data, bytes) else data.encode())
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def more(self):
        try:
            data = self.s.recv(65536)
        except ConnectionResetError:
            data = b""
        self.rest += data
        return data != b""

    def answer(self, head_only=False):
        """(status, {header: value}, body) of the next answer; None when the connection is closed instead."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                assert self.rest == b"", "half an answer: %r" % self.rest
                return None
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        version, status = lines[0].split(" ")[:2]
        assert version in ("HTTP/1.1", "HTTP/1.0"), lines[0]
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        if int(status) < 200 or int(status) in (204, 304) or head_only:
            return int(status), headers, b""
        return int(status), headers, self.body(headers)

    def body(self, headers):
        if headers.get("transfer-encoding") == "chunked":
            return self.chunks()
        if "content-length" not in headers:
            while self.more():
                pass
            out, self.rest = self.rest, b""
            return out
        return self.take(int(headers["content-length"]))

    def take(self, n):
        while len(self.rest) < n:
            assert self.more(), "closed in the middle of a body"
        out, self.rest = self.rest[:n], self.rest[n:]
        return out

    def chunks(self):
        out = b""
        while True:
            while b"\r\n" not in self.rest:
                assert self.more(), "closed in the middle of a body"
            size, self.rest = self.rest.split(b"\r\n", 1)
            part = self.take(int(size, 16) + 2)
            if len(part) == 2:
                return out
            out += part[:-2]

    def is_closed(self):
        """Has the other side hung up? Waits for it as long as the timeout is."""
        try:
            return not self.more()
        except socket.timeout:
            return False
