# SPDX-License-Identifier: MIT
"""A browser without JavaScript for the page tests: keeps cookies, checks every page's HTML, fills in forms."""
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import requests

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reader(HTMLParser):
    """Forms, links and words of a page; notes what is not well nested."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.forms, self.by_id = [], [], [], {}
        self.links, self.words, self.ids, self.buttons, self.tags = [], [], [], [], []
        self.form = self.field = self.select = None
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append("never closed: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.tags.append((tag, a))
        if len(a) != len(attrs):
            self.wrong.append("an attribute twice in <%s>" % tag)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in a:
            self.ids.append(a["id"])
        if any(name.startswith("on") or name == "style" for name in a):
            self.wrong.append("inline script or style in <%s>" % tag)
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag == "form":
            self.form = {"action": a.get("action", ""), "method": a.get("method", "get"), "fields": [], "id": a.get("id")}
            self.forms.append(self.form)
            self.by_id[a.get("id")] = self.form
        if tag == "button":
            self.buttons.append((a, self.form))
        if self.form is not None and tag in ("input", "textarea", "select") and "name" in a:
            self.field = [a["name"], a.get("value", "")]
            if tag == "input" and a.get("type") in ("checkbox", "radio") and "checked" not in a:
                self.field = None
            if self.field:
                self.form["fields"].append(self.field)
        if tag == "textarea" and self.field:
            self.field[1] = None
        if tag == "select":
            self.select = self.field
        if tag == "option" and self.select is not None and ("selected" in a or self.select[1] == ""):
            self.select[1] = a.get("value", "")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.wrong.append("<%s/>" % tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append("</%s> closes %s at %s" % (tag, self.open[-3:], self.getpos()))
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
            return
        self.open.pop()
        if tag == "form":
            self.form = None
        if tag in ("textarea", "select"):
            self.field = self.select = None

    def handle_data(self, data):
        self.words.append(data)
        if self.open and self.open[-1] == "textarea" and self.field:
            self.field[1] = (self.field[1] or "") + data


class Page:
    def __init__(self, browser, answer):
        self.browser, self.answer = browser, answer
        self.status, self.html = answer.status_code, answer.text
        self.path = urlsplit(answer.url).path
        self.reader = Reader(self.html)
        assert self.html.lower().startswith("<!doctype html>"), self.html[:200]
        assert not self.reader.wrong, (self.path, self.reader.wrong)
        assert len(set(self.reader.ids)) == len(self.reader.ids), (self.path, "an id twice", self.reader.ids)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.reader.words))

    def has(self, words):
        return words in self.text

    def form(self, action):
        found = [f for f in self.reader.forms if f["action"] == action]
        assert found, (action, [f["action"] for f in self.reader.forms])
        return found[0]

    def fields(self, action):
        """What a browser would send of the form as it stands."""
        out = []
        for name, value in self.form(action)["fields"]:
            value = value or ""
            out.append((name, value[1:] if value.startswith("\n") else value))
        return out

    def submit(self, action, /, expect=200, without=(), files=None, **values):
        sent = [(n, v) for n, v in self.fields(action) if n not in values and n not in without]
        for name, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    sent.append((name, one))
        return self.browser.open("POST", action, expect, data=sent, files=files)

    def click(self, formaction, expect=200):
        """A button that sends the page's one hidden form somewhere else."""
        assert any(a.get("formaction") == formaction and a.get("form") == "act" for a, _ in self.reader.buttons), \
            (formaction, [a.get("formaction") for a, _ in self.reader.buttons])
        sent = [(n, v) for n, v in self.reader.by_id["act"]["fields"]]
        return self.browser.open("POST", formaction, expect, data=sent)


class Browser:
    def __init__(self, kwipd):
        self.url = kwipd.url
        self.http = requests.Session()
        self.http.trust_env = False

    def raw(self, method, path, **options):
        options.setdefault("timeout", 20)
        options.setdefault("allow_redirects", False)
        return self.http.request(method, self.url + path, **options)

    def open(self, method, path, expect=200, **options):
        answer = self.raw(method, path, allow_redirects=True, **options)
        assert answer.status_code == expect, (method, path, answer.status_code, answer.text[-1500:])
        return Page(self, answer)

    def get(self, path, expect=200, **options):
        return self.open("GET", path, expect, **options)

    def log_in(self, name, password):
        page = self.get("/login").submit("/login", name=name, password=password)
        assert page.has("@" + name)
        return self

    def sign_up(self, name, password="correct-horse"):
        page = self.get("/signup").submit("/signup", name=name, password=password)
        assert page.has("@" + name)
        return self

    def say(self, body, **more):
        """Says it by the form of /compose; returns the kwip's id."""
        page = self.get("/compose").submit("/kwips", body=body, back="", **more)
        return re.search(r"/(\d+)$", page.path).group(1)
