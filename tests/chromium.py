# SPDX-License-Identifier: MIT
"""A real Chromium without a window, spoken to by its DevTools protocol: clicks, types, looks, and hears every complaint.

Every tab has cookies of its own. Only the process that was started here is ended, with its empty profile.
"""
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from kwipd import wait_for
from wsclient import Socket

PHONE, DESKTOP = (375, 667), (1280, 800)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars", "--in-process-gpu",
         "--proxy-server=direct://", "--lang=en-US", "--remote-debugging-port=0"]


class Chromium:
    def __init__(self):
        program = shutil.which("chromium")
        assert program, "chromium is missing: lib/gen/deps.sh test installs it"
        self.dir = tempfile.mkdtemp(prefix="kwipd-chromium-")
        self.log = open(os.path.join(self.dir, "log"), "wb")
        self.process = subprocess.Popen([program] + FLAGS + ["--user-data-dir=" + self.dir + "/profile", "about:blank"],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        try:
            self.port, path = wait_for(self._address, 20)
            self.socket = Socket(self.port, path, timeout=20)
        except BaseException:
            self.close()
            raise
        self.number, self.tabs = 0, {}

    def _address(self):
        assert self.process.poll() is None, "chromium ended:\n" + open(self.log.name, errors="replace").read()[-2000:]
        try:
            port, path = open(self.dir + "/profile/DevToolsActivePort").read().split()
            return int(port), path
        except (FileNotFoundError, ValueError):
            return None

    def close(self):
        # Its own group: the program is the parent of helpers that it may leave behind.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def hear(self):
        """Takes one message in; answers go to their call, events to their tab."""
        message = self.socket.next_of_any()
        if "id" not in message and message.get("sessionId") in self.tabs:
            self.tabs[message["sessionId"]].event(message["method"], message["params"])
        return message

    def call(self, method, session=None, **params):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.socket.say(**message)
        while True:
            heard = self.hear()
            if heard.get("id") == number:
                assert "error" not in heard, (method, heard["error"])
                return heard["result"]

    def tab(self, url, size=DESKTOP, dark=False):
        return Tab(self, url, size, dark)


class Tab:
    def __init__(self, chromium, url, size, dark):
        self.chromium, self.url, self.complaints, self.loads, self.downloads = chromium, url, [], 0, []
        self.context = chromium.call("Target.createBrowserContext")["browserContextId"]
        self.target = chromium.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = chromium.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        chromium.tabs[self.session] = self
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.call(domain + ".enable")
        self.resize(*size)
        self.colours(dark)

    def close(self):
        self.chromium.call("Target.disposeBrowserContext", browserContextId=self.context)
        del self.chromium.tabs[self.session]

    def call(self, method, **params):
        return self.chromium.call(method, self.session, **params)

    def event(self, method, params):
        if method == "Page.loadEventFired":
            self.loads += 1
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str([a.get("value") for a in params["args"]]))

    def resize(self, width, height):
        self.size = (width, height)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def colours(self, dark):
        """Nothing glides, so that what is looked for lies still."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                                                          {"name": "prefers-reduced-motion", "value": "reduce"}])

    def at_every_page(self, script):
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def without_script(self):
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    def loaded(self, before):
        end = time.monotonic() + 20
        while self.loads <= before:
            assert time.monotonic() < end, "the page does not come"
            self.chromium.hear()

    def go(self, path):
        before = self.loads
        answer = self.call("Page.navigate", url=path if path.startswith("http") else self.url + path)
        assert not answer.get("errorText"), (path, answer)
        self.loaded(before)
        return self

    def leads(self, do):
        """Does something that leads to another page, and waits for that."""
        before = self.loads
        do()
        self.loaded(before)
        return self

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        assert "exceptionDetails" not in answer, (expression, answer["exceptionDetails"])
        return answer["result"].get("value")

    def wait(self, expression, seconds=10):
        try:
            return wait_for(lambda: self.js(expression), seconds, 0.03)
        except AssertionError:
            raise AssertionError("%s never came at %s:\n%s" % (expression, self.path, self.text[:1500])) from None

    @property
    def path(self):
        return self.js("location.pathname")

    @property
    def text(self):
        return self.js("document.body.innerText")

    def has(self, words):
        return words in self.text

    def place_of(self, selector):
        place = self.js("""(() => { const e = [...document.querySelectorAll(%s)].find(e => e.checkVisibility() && e.getClientRects().length);
            if (!e) return null;
            e.scrollIntoView({block: "center", behavior: "instant"});
            const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2, on = document.elementFromPoint(x, y);
            return [x, y, e === on || e.contains(on) || !!(on && on.closest("label") && on.closest("label").contains(e))]; })()"""
                        % json.dumps(selector))
        assert place, "no %s to be seen at %s" % (selector, self.path)
        assert place[2], "something lies over %s at %s" % (selector, self.path)
        return place[:2]

    def click(self, selector):
        x, y = self.place_of(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        return self

    def type(self, selector, text):
        self.click(selector)
        self.js("(e => e.select && e.select())(document.activeElement)")
        self.call("Input.insertText", text=text)
        return self

    def press(self, key, code=0, modifiers=0, text=""):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, modifiers=modifiers, text=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code, modifiers=modifiers)
        return self

    def choose_files(self, selector, *paths):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        assert node, selector
        self.call("DOM.setFileInputFiles", nodeId=node, files=list(paths))
        return self

    def picture(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=False)["data"]))
