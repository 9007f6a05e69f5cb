# SPDX-License-Identifier: MIT
"""Letting an app in and out again, as somebody at a browser does it."""
import re

from browser import Browser

OOB = "urn:ietf:wg:oauth:2.0:oob"


def register(k, redirect=OOB, scopes="read write follow push"):
    return k.api("POST", "/api/v1/apps", data={"client_name": "Pocket <b>Kwips</b>", "redirect_uris": redirect, "scopes": scopes,
                                               "website": "https://pocket.example"}).json()


def address(app, redirect=OOB, scope="read+write+follow+push"):
    return "/oauth/authorize?response_type=code&client_id=%s&redirect_uri=%s&scope=%s" % (app["client_id"], redirect, scope)


def trade(k, app, code):
    return k.api("POST", "/oauth/token", data={
        "grant_type": "authorization_code", "client_id": app["client_id"], "client_secret": app["client_secret"], "code": code,
        "redirect_uri": OOB})


def test_in_and_out_again(kwipd):
    password = kwipd.account("ann")
    app = register(kwipd)
    ann = Browser(kwipd)
    page = ann.get(address(app))
    assert page.has("Log in") and not page.has("Pocket")
    page = page.submit("/login", name="ann", password=password)
    assert page.has("Pocket <b>Kwips</b> asks for access") and page.has("@ann") and page.has("https://pocket.example")
    for words in ("private messages included", "say things in your name", "follow, mute and block", "told of your notices"):
        assert page.has(words), words
    assert page.has("You will get a code")
    shown = page.submit("/oauth/authorize", decision="allow")
    assert shown.has("Your code") and shown.has("Pocket <b>Kwips</b>")
    code = re.search(r'name="code" value="([\w-]+)"', shown.html).group(1)
    token = trade(kwipd, app, code).json()["access_token"]
    assert kwipd.api("GET", "/api/v1/accounts/verify_credentials", token).json()["username"] == "ann"

    page = ann.get("/settings")
    assert "/settings/apps" in page.reader.links
    page = ann.get("/settings/apps")
    assert page.has("Pocket <b>Kwips</b>") and page.has("read write follow push") and page.has("this one")
    page = page.click("/settings/apps/%s/end" % app["id"])
    assert page.has("The app has no access any more.") and page.has("No app can act for you")
    assert kwipd.api("GET", "/api/v1/accounts/verify_credentials", token).status_code == 401


def test_somebody_else_at_the_same_browser(kwipd):
    kwipd.account("ann")
    bob = kwipd.account("bob")
    app = register(kwipd)
    browser = Browser(kwipd).log_in("ann", kwipd.passwords["ann"])
    page = browser.get(address(app, scope="read:statuses"))
    assert page.has("Not @ann?") and page.has("read all that you can read") and not page.has("in your name")
    page = page.submit("/logout") if len([f for f in page.reader.forms if f["action"] == "/logout"]) == 1 else \
        browser.open("POST", "/logout", data=[(n, v) for n, v in page.reader.forms[-1]["fields"]])
    page = page.submit("/login", name="bob", password=bob)
    assert page.has("Pocket") and page.has("@bob")


def test_what_is_wrong_is_said(kwipd):
    browser = Browser(kwipd)
    kwipd.account("ann")
    browser.log_in("ann", kwipd.passwords["ann"])
    app = register(kwipd)
    assert browser.get(address(dict(app, client_id="nobody")), expect=400).has("No app with this id")
    assert browser.get(address(app, redirect="https://evil.example/"), expect=400).has("has not registered")
    assert browser.get(address(app, scope="admin:write"), expect=400).has("asks for more")


def test_two_browsers(kwipd):
    password = kwipd.account("ann")
    one, two = Browser(kwipd).log_in("ann", password), Browser(kwipd).log_in("ann", password)
    page = one.get("/settings/apps")
    ends = re.findall(r"/settings/sessions/\w+/end", page.html)
    assert len(ends) == 1
    assert page.click(ends[0]).has("That browser is logged out.")
    assert two.get("/settings").has("Log in")
    assert one.get("/settings").has("@ann")


def test_joining_on_the_way(kwipd):
    """Who has no account yet makes one, and is asked then."""
    new = Browser(kwipd)
    page = new.get(address(register(kwipd)))
    link = next(link for link in page.reader.links if link.startswith("/signup?next="))
    page = new.get(link).submit("/signup", expect=422, name="x", password="correct-horse")
    page = page.submit("/signup", name="newbie", password="correct-horse")
    assert page.has("asks for access") and page.has("@newbie")
    page = Browser(kwipd).get("/signup?next=https://evil.example/").submit("/signup", name="second", password="correct-horse")
    assert page.answer.url.startswith(kwipd.url)
