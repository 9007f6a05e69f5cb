# SPDX-License-Identifier: MIT
"""The JavaScript clients against the real binary: masto.js and megalodon, as tests/node pins them. What they do stands in
tests/node/*.mjs; every step of a script is a test here, which fails with what the client said."""
import json
import os
import re
import shutil
import subprocess
import threading

import pytest

from consent import code_of, consent
from kwipd import ROOT
from player import png
from witness import COMPLAINTS, witnessed

SOURCE = os.path.join(ROOT, "tests", "node")
PLACE = os.path.join(ROOT, "build", "node")
CLIENTS = ("masto", "megalodon")
SECONDS = 120


def steps_of(client):
    with open(os.path.join(SOURCE, client + ".mjs"), encoding="utf-8") as f:
        return re.findall(r'^step\("([^"]+)"', f.read(), re.M)


class Script:
    """Runs one client's script to its end and keeps what it told of each step."""

    def __init__(self, client, k, picture):
        self.k, self.told, self.noise = k, {}, []
        self.process = subprocess.Popen(
            [os.environ.get("NODE", "node"), os.path.join(PLACE, client + ".mjs")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, SERVER_URL=k.url, PICTURE=picture))
        killer = threading.Timer(SECONDS, self.process.kill)
        killer.start()
        try:
            for line in self.process.stdout:
                self.hear(line)
            self.code = self.process.wait()
        finally:
            killer.cancel()

    def hear(self, line):
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if not isinstance(said, dict) or not {"ask", "step"} & set(said):
            self.noise.append(line)
        elif "ask" in said:
            self.process.stdin.write(json.dumps(self.answer(**said)) + "\n")
            self.process.stdin.flush()
        else:
            self.told[said["step"]] = said.get("error") or ("" if said["ok"] else "it failed")

    def answer(self, ask, name=None, url=None):
        if ask == "restart":
            self.k.restart()
            return True
        shown = consent(self.k, name, url)
        return shown if ask == "consent" else code_of(shown)

    def error(self, step):
        if step in self.told:
            return self.told[step]
        return "never reached; the script ended with %s after saying:\n%s" % (self.code, "".join(self.noise[-20:]))


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("node") / "red.png"
    path.write_bytes(png(40, 30))
    return str(path)


@pytest.fixture(scope="module")
def scripts(picture):
    """Runs a client's script when its first test asks for it."""
    done = {}

    def run(client):
        if client not in done:
            assert os.path.isdir(os.path.join(PLACE, "node_modules", client)), "no npm packages: run make test-deps"
            for name in os.listdir(SOURCE):
                if name.endswith(".mjs"):
                    shutil.copy(os.path.join(SOURCE, name), PLACE)
            with witnessed() as (k, w):
                k.account("ann")
                k.account("bob")
                done[client] = Script(client, k, picture)
                done[client].witness = w
                # They are told by a test of their own, not by the one that happens to run now.
                COMPLAINTS.clear()
        return done[client]

    return run


@pytest.mark.parametrize("client,step", [(c, s) for c in CLIENTS for s in steps_of(c)])
def test_step(scripts, client, step):
    error = scripts(client).error(step)
    if error:
        pytest.fail("%s, %s: %s" % (client, step, error), pytrace=False)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_answer_was_like_its_entity(scripts, client):
    w = scripts(client).witness
    assert ("POST", "/api/v1/statuses") in w.asked() and len(w.asked()) > 100 and w.events
    if w.complaints:
        pytest.fail("%s was told:\n%s" % (client, "\n".join(w.complaints)), pytrace=False)
