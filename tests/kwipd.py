# SPDX-License-Identifier: MIT
"""A real kwipd for a test: started in a folder of its own on a free loopback port, always cleaned up.

    with Kwipd() as k:
        k.account("ann"); t = k.token("ann")
        k.api("POST", "/api/v1/statuses", t, json={"status": "hi"}).json()

The binary is build/kwipd unless KWIPD_BIN names another. Only processes that it started are ended.
"""
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import requests

from answers import Answer, check_answer

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.abspath(os.environ.get("KWIPD_BIN", os.path.join(ROOT, "build", "kwipd")))


def free_port():
    """One below those that outgoing connections are given: it is still free when a killed server starts again."""
    for _ in range(1000):
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port")


def wait_for(what, seconds=10, every=0.01):
    """Calls what() until it gives something true; returns that. Fails the test when it never does."""
    end = time.monotonic() + seconds
    while True:
        got = what()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError("waited %s s in vain for %s" % (seconds, what))
        time.sleep(every)


def is_alive(pid):
    """Is there such a process, and is it more than a zombie?"""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def answer_of(response, is_stream=False):
    """What requests received, to be checked."""
    asked = response.request
    target = asked.path_url if asked.path_url.startswith("/") else "/" + asked.path_url
    answer = Answer(asked.method, target, asked.headers, response.status_code, response.headers,
                    None if is_stream else response.content)
    answer.sent = asked.body.encode() if isinstance(asked.body, str) else asked.body if isinstance(asked.body, bytes) else b""
    return answer


class Kwipd:
    """settings: by name, as in the settings file, e.g. Kwipd(signups="open", rate_limit="on")."""

    def __init__(self, dir=None, start=True, env=None, args=(), command=("run",), **settings):
        self.own_dir = dir is None
        self.dir = dir or tempfile.mkdtemp(prefix="kwipd-test-")
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        self.args, self.command = list(args), list(command)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("KWIPD_") and k != "NOTIFY_SOCKET"}
        self.env.update(KWIPD_ARGON_KIB="8", KWIPD_ARGON_PASSES="1", KWIPD_RATE_LIMIT="off", KWIPD_LINK_PREVIEWS="off")
        self.env.update({"KWIPD_" + k.upper(): str(v) for k, v in settings.items()})
        self.env.update(env or {})
        self.http = requests.Session()
        self.http.trust_env = False
        self.process, self.lines, self.reader = None, [], None
        self.passwords = {}
        self.checked = True  # what the API answers must be like its entities
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # -- the process --

    def start(self, wait=True, seconds=20):
        self.lines = []
        self.process = subprocess.Popen(
            [BIN, "-d", self.dir, "-l", "127.0.0.1:%d" % self.port] + self.command + self.args,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.env)
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        if wait:
            try:
                self.wait_log(r"\bready\b", seconds)
            except AssertionError:
                self.kill()
                raise
        return self

    def _read(self, stream):
        for line in stream:
            self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))

    @property
    def log(self):
        return "\n".join(self.lines)

    def wait_log(self, pattern, seconds=10):
        """The first match of pattern in what the server has said since its start."""
        def look():
            found = re.search(pattern, self.log)
            if not found and self.process.poll() is not None:
                self.reader.join(2)
                found = re.search(pattern, self.log)
                if not found:
                    raise AssertionError("kwipd ended (%s) before %r:\n%s" % (self.process.returncode, pattern, self.log))
            return found
        try:
            return wait_for(look, seconds)
        except AssertionError as e:
            raise AssertionError("%s\nno %r in the log:\n%s" % (e, pattern, self.log)) from None

    def stop(self, seconds=5):
        """SIGTERM. Returns (exit code, seconds it took)."""
        if self.process is None or self.process.poll() is not None:
            return (self.process.returncode if self.process else None), 0.0
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        took = time.monotonic() - begun
        self.reader.join(2)
        return self.process.returncode, took

    def restart(self):
        self.stop()
        return self.start()

    def kill(self):
        """kill -9 of the supervisor, and of whatever of ours is left."""
        if self.process is None:
            return
        children = self._children()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in children:
            if is_alive(pid) and self._is_ours(pid):
                os.kill(pid, signal.SIGKILL)
        # What still ends could make files again behind the folder's removal.
        end = time.monotonic() + 2
        while any(is_alive(pid) and self._is_ours(pid) for pid in children) and time.monotonic() < end:
            time.sleep(0.005)

    def _children(self):
        try:
            with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)) as f:
                return [int(p) for p in f.read().split()]
        except OSError:
            return []

    def _is_ours(self, pid):
        try:
            with open("/proc/%d/cmdline" % pid, "rb") as f:
                return self.dir.encode() in f.read()
        except OSError:
            return False

    def close(self):
        self.http.close()
        self.stop()
        self.kill()
        if self.own_dir:
            shutil.rmtree(self.dir, ignore_errors=True)

    # -- commands beside it --

    def run(self, *args, input=None, check=True, timeout=120):
        """`kwipd -d DIR ARGS...`; the CompletedProcess with text output."""
        done = subprocess.run([BIN, "-d", self.dir, "-l", "127.0.0.1:%d" % self.port] + [str(a) for a in args],
                              input=input, capture_output=True, text=True, env=self.env, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError("kwipd %s: exit %d\n%s%s" % (" ".join(map(str, args)), done.returncode, done.stdout, done.stderr))
        return done

    def account(self, name, *options, password=None):
        """Makes one; returns its password."""
        if password is not None:
            self.run("account", "add", name, "--password-stdin", *options, input=password + "\n")
        else:
            password = self.run("account", "add", name, *options).stdout.strip()
        self.passwords[name] = password
        return password

    def token(self, name, scopes=None):
        return self.run("token", name, *(("--scopes", scopes) if scopes else ())).stdout.strip()

    def status(self):
        return json.loads(self.run("status", "--json").stdout)

    def pids(self):
        """{"kwipd": supervisor, "web": ..., "timeline": ...} of what runs at this moment."""
        found = re.findall(r"^(\w+) pid=(\d+)", self.run("status").stdout, re.M)
        return {name: int(pid) for name, pid in found if int(pid)}

    # -- requests --

    def request(self, method, path, **options):
        options.setdefault("timeout", 20)
        options.setdefault("allow_redirects", False)
        answer = self.http.request(method, self.url + path, **options)
        if self.checked:
            check_answer(answer_of(answer, options.get("stream")))
        return answer

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def api(self, method, path, token=None, **options):
        headers = dict(options.pop("headers", None) or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        return self.request(method, path, headers=headers, **options)

    def say(self, token, text, **more):
        """Posts a kwip through the API; returns the status."""
        answer = self.api("POST", "/api/v1/statuses", token, json=dict(status=text, **more))
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()

    def home(self, token, **query):
        answer = self.api("GET", "/api/v1/timelines/home", token, params=query)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()
