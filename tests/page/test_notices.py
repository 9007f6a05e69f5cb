# SPDX-License-Identifier: MIT
"""The notices page: groups in words, people who are kept back; announcements on the home page."""
import pytest
from browser import Browser
from kwipd import Kwipd


@pytest.fixture(scope="module")
def k():
    with Kwipd() as k:
        yield k


def person(k, name):
    b = Browser(k).sign_up(name)
    b.name = name
    return b, k.token(name)


def test_groups_in_words(k):
    ann, token = person(k, "ann")
    said = k.say(token, "well said")
    fans = [person(k, "fan%d" % i)[1] for i in range(4)]
    for n, words in ((1, "likes what you said"), (2, "and 1 other like what you said"), (4, "and 3 others like what you said")):
        for fan in fans[:n]:
            k.api("POST", "/api/v1/statuses/%s/favourite" % said["id"], fan)
        assert ann.get("/notices").has(words)
    assert ann.get("/notices").html.count("like what you said") == 1
    k.api("POST", "/api/v1/statuses/%s/reblog" % said["id"], fans[0])
    assert ann.get("/notices").has("boosted what you said")


def test_reading_here_is_reading_there(k):
    bob, token = person(k, "bob")
    other = person(k, "oda")[1]
    k.say(other, "@bob look")
    page = bob.get("/notices").submit("/notices/read")
    assert not page.has("Mark all as read")
    newest = k.api("GET", "/api/v1/notifications", token).json()[0]["id"]
    marker = k.api("GET", "/api/v1/markers", token, params={"timeline[]": "notifications"}).json()["notifications"]
    assert (marker["last_read_id"], marker["version"]) == (newest, 1)


def test_people_who_are_kept_back(k):
    cat, token = person(k, "cat")
    k.api("PATCH", "/api/v2/notifications/policy", token, json={"for_not_following": "filter"})
    for name in "dan", "eve":
        k.say(person(k, name)[1], "@cat it is " + name)
    page = cat.get("/notices")
    assert page.has("notices of 2 people") and not page.has("it is dan")
    requests = {r["account"]["username"]: r["id"] for r in k.api("GET", "/api/v1/notifications/requests", token).json()}
    form = dict(cat.get("/compose").fields("/kwips"))
    for name, what in (("dan", "accept"), ("eve", "dismiss")):
        path = "/notices/waiting/%s/%s" % (requests[name], what)
        assert cat.raw("POST", path, data={"csrf": "x" * 43}).status_code == 403
        assert cat.raw("POST", path, data={"csrf": form["csrf"]}).headers["Location"] == "/notices"
        assert cat.raw("POST", path, data={"csrf": form["csrf"]}).status_code == 404
    page = cat.get("/notices")
    assert page.has("it is dan") and not page.has("it is eve") and not page.has("notices of")


def test_announcements_until_read(k):
    fay, _ = person(k, "fay")
    text = "Cake <b>tonight</b> at https://example.org/"
    number = k.run("announce", text).stdout.strip()
    for path in "/home", "/home/recent", "/":
        assert "Cake &lt;b&gt;tonight" in fay.get(path).html
    assert "Cake" not in Browser(k).get("/").html
    form = dict(fay.get("/compose").fields("/kwips"))
    path = "/announcements/%s/dismiss" % number
    assert 'formaction="%s"' % path in fay.get("/home").html
    assert fay.raw("POST", path, data={"csrf": form["csrf"], "back": "/home"}).headers["Location"] == "/home"
    assert "Cake" not in fay.get("/home").html
    assert fay.raw("POST", "/announcements/9/dismiss", data={"csrf": form["csrf"]}).status_code == 404
