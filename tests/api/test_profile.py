# SPDX-License-Identifier: MIT
"""Editing one's own profile: every parameter in every way of sending, pictures, preferences, scopes."""
import os

import pytest

from entities import check, check_error
from kwipd import Kwipd
from player import Player, png

UPDATE = "/api/v1/accounts/update_credentials"
VERIFY = "/api/v1/accounts/verify_credentials"
PROFILE = "/api/v1/profile"
PREFERENCES = "/api/v1/preferences"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k, Player(k.dir):
        k.account("ann")
        k.ann = k.token("ann")
        yield k


@pytest.fixture
def token(site):
    """Somebody new."""
    name = "p" + os.urandom(5).hex()
    site.account(name)
    return site.token(name)


def edit(k, token, method="PATCH", path=UPDATE, **options):
    answer = k.api(method, path, token, **options)
    assert answer.status_code == 200, answer.text
    return check("CredentialAccount" if path == UPDATE else "Profile", answer.json())


FLAT = {"display_name": "Ann A.", "note": "first\nsecond", "locked": "true", "bot": "1", "discoverable": "false",
        "indexable": "off", "hide_collections": "on", "source[privacy]": "unlisted", "source[sensitive]": "true",
        "source[language]": "de", "source[quote_policy]": "followers", "attribution_domains[]": ["a.example", "b.example"],
        "fields_attributes[0][name]": "web", "fields_attributes[0][value]": "https://a.example/",
        "fields_attributes[1][name]": "x", "fields_attributes[1][value]": "y"}
DEEP = {"display_name": "Ann A.", "note": "first\nsecond", "locked": True, "bot": 1, "discoverable": False,
        "indexable": "off", "hide_collections": True, "attribution_domains": ["https://a.example/", "b.example"],
        "source": {"privacy": "unlisted", "sensitive": True, "language": "de", "quote_policy": "followers"},
        "fields_attributes": [{"name": "web", "value": "https://a.example/"}, {"name": "x", "value": "y"}]}
NUMBERED = dict(DEEP, fields_attributes={"0": {"name": "web", "value": "https://a.example/"},
                                         "1": {"name": "x", "value": "y"}, "2": {"name": "", "value": ""}})


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("how", [{"data": FLAT}, {"json": DEEP}, {"json": NUMBERED}, {"params": FLAT},
                                 {"data": FLAT, "files": {"ignored": ("x", b"", "text/plain")}}])
def test_every_parameter_in_every_way(site, token, method, how):
    me = edit(site, token, method, **how)
    assert (me["display_name"], me["locked"], me["bot"], me["discoverable"]) == ("Ann A.", True, True, False)
    assert (me["indexable"], me["hide_collections"]) == (False, True)
    assert me["note"] == "<p>first<br>second</p>" or "first" in me["note"]
    source = me["source"]
    assert source["note"] == "first\nsecond"
    assert (source["privacy"], source["sensitive"], source["language"], source["quote_policy"]) == (
        "unlisted", True, "de", "followers")
    assert source["attribution_domains"] == ["a.example", "b.example"]
    assert [(f["name"], f["value"]) for f in source["fields"]] == [("web", "https://a.example/"), ("x", "y")]
    assert "<a " in me["fields"][0]["value"]
    assert check("CredentialAccount", site.api("GET", VERIFY, token).json()) == me


def test_what_is_not_sent_stays(site, token):
    edit(site, token, json=DEEP)
    before = site.api("GET", VERIFY, token).json()
    assert edit(site, token, json={}) == before
    after = edit(site, token, json={"note": ""})
    assert after["source"]["note"] == "" and after["display_name"] == "Ann A."
    after = edit(site, token, json={"fields_attributes": [], "attribution_domains": [], "source": {"language": ""}})
    assert (after["fields"], after["source"]["attribution_domains"], after["source"]["language"]) == ([], [], None)
    assert after["source"]["privacy"] == "unlisted"


@pytest.mark.parametrize("wrong", [
    {"display_name": "x" * 61}, {"note": "x" * 2001}, {"locked": "perhaps"}, {"source": {"privacy": "secret"}},
    {"source": {"quote_policy": "maybe"}}, {"source": {"language": "!!"}}, {"attribution_domains": ["no domain"]},
    {"attribution_domains": ["d%d.example" % i for i in range(11)]}, {"avatar_description": "x" * 151},
    {"fields_attributes": [{"name": "n%d" % i, "value": "v"} for i in range(5)]},
    {"fields_attributes": [{"name": "n", "value": "x" * 256}]},
])
def test_wrong_values_change_nothing(site, token, wrong):
    before = site.api("GET", VERIFY, token).json()
    check_error(site.api("PATCH", UPDATE, token, json=dict({"display_name": "changed"}, **wrong)), 422)
    assert site.api("GET", VERIFY, token).json() == before


def test_pictures(site, token):
    avatar, header = png(4, 4, salt=b"avatar"), png(12, 4, salt=b"header")
    drawn = site.api("GET", VERIFY, token).json()
    me = edit(site, token, files={"avatar": ("a.png", avatar, "image/png"), "header": ("h.png", header, "image/png")},
              data={"display_name": "with pictures", "avatar_description": "a square"})
    for url in (me["avatar"], me["avatar_static"], me["header"], me["header_static"]):
        assert url.startswith(site.url + "/media/") and site.get(url[len(site.url):]).status_code == 200
    assert me["display_name"] == "with pictures" and me["avatar"] != me["header"]
    profile = check("Profile", site.api("GET", PROFILE, token).json())
    assert (profile["avatar"], profile["avatar_description"]) == (me["avatar"], "a square")
    said = site.say(token, "who am I")
    assert said["account"]["avatar"] == me["avatar"]
    second = edit(site, token, files={"avatar": ("a.png", png(5, 5, salt=b"second"), "image/png")})
    assert second["avatar"] not in (me["avatar"], drawn["avatar"]) and second["header"] == me["header"]
    gone = check("CredentialAccount", site.api("DELETE", PROFILE + "/avatar", token).json())
    assert (gone["avatar"], gone["header"]) == (drawn["avatar"], me["header"])
    gone = check("CredentialAccount", site.api("DELETE", PROFILE + "/header", token).json())
    assert gone["header"] == drawn["header"]
    profile = check("Profile", site.api("GET", PROFILE, token).json())
    assert (profile["avatar"], profile["header"], profile["avatar_description"]) == (None, None, "")


def test_a_picture_that_is_none(site, token):
    before = site.api("GET", VERIFY, token).json()
    check_error(site.api("PATCH", UPDATE, token, files={"avatar": ("a.png", b"no picture", "image/png")},
                         data={"display_name": "changed"}), 422)
    assert site.api("GET", VERIFY, token).json() == before


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_profile(site, token, method):
    profile = check("Profile", site.api("GET", PROFILE, token).json())
    assert profile["show_media"] and profile["show_media_replies"] and profile["show_featured"]
    profile = edit(site, token, method, PROFILE, json={
        "show_media": False, "show_media_replies": False, "show_featured": False, "header_description": "hills",
        "note": "raw *text*", "fields_attributes": [{"name": "a", "value": "https://b.example/"}]})
    assert not (profile["show_media"] or profile["show_media_replies"] or profile["show_featured"])
    assert (profile["note"], profile["header_description"]) == ("raw *text*", "hills")
    assert profile["fields"] == [{"name": "a", "value": "https://b.example/", "verified_at": None}]


def test_preferences(site, token):
    assert check("Preferences", site.api("GET", PREFERENCES, token).json()) == {
        "posting:default:visibility": "public", "posting:default:sensitive": False, "posting:default:language": None,
        "posting:default:quote_policy": "public", "reading:expand:media": "default",
        "reading:expand:spoilers": False, "reading:autoplay:gifs": False}
    edit(site, token, json={"source": {"privacy": "private", "sensitive": True, "language": "nl",
                                       "quote_policy": "nobody"}})
    now = check("Preferences", site.api("GET", PREFERENCES, token).json())
    assert [now["posting:default:" + x] for x in ("visibility", "sensitive", "language", "quote_policy")] == [
        "private", True, "nl", "nobody"]
    assert site.say(token, "by default")["visibility"] == "private"


def test_scopes(site):
    reader, writer = site.token("ann", "read:accounts"), site.token("ann", "write:accounts")
    check_error(site.api("PATCH", UPDATE, reader, json={"note": "x"}), 403)
    check_error(site.api("DELETE", PROFILE + "/avatar", reader), 403)
    check_error(site.api("GET", PREFERENCES, writer), 403)
    check_error(site.api("GET", PROFILE, site.token("ann", "read:statuses")), 403)
    for method, path in (("PATCH", UPDATE), ("GET", PROFILE), ("GET", PREFERENCES), ("DELETE", PROFILE + "/header")):
        check_error(site.api(method, path), 401)
