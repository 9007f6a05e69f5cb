# SPDX-License-Identifier: MIT
"""The small print of statuses: whose application, marks and pins are told to whom, how much of a thread, which errors."""
import pytest

from entities import check, check_error
from kwipd import Kwipd
from test_api import STATUSES, Site

OOB = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture(scope="module")
def site():
    with Kwipd(password_grant="on") as k:
        yield Site(k)


def context(site, token, id):
    got = site.api("GET", STATUSES + "/%s/context" % id, token).json()
    check("Status of viewer" if token else "Status", got["ancestors"] + got["descendants"])
    return [[s["id"] for s in got[way]] for way in ("ancestors", "descendants")]


def test_by_which_app_it_was_said(site):
    for website in ("https://app.example/about", ""):
        app = site.api("POST", "/api/v1/apps", json={"client_name": "Chatter", "redirect_uris": OOB, "scopes": "read write",
                                                     "website": website}).json()
        token = site.api("POST", "/oauth/token", json={
            "grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"],
            "scope": "read write", "username": "ann", "password": site.k.passwords["ann"]}).json()["access_token"]
        s = site.say(token, "by an app")
        for who in (site.ann, site.bob, None):
            seen = site.api("GET", STATUSES + "/" + s["id"], who).json()
            assert seen["application"] == {"name": "Chatter", "website": website or None}


def test_marks_are_for_who_brings_a_token_and_pins_for_the_author(site):
    s = site.say(site.ann, "marked")
    marks = ("favourited", "reblogged", "muted", "bookmarked", "filtered")
    own, other, visitor = (site.api("GET", STATUSES + "/" + s["id"], t).json() for t in (site.ann, site.bob, None))
    assert all(m in own and m in other and m not in visitor for m in marks)
    assert own["pinned"] is False and "pinned" not in other and "pinned" not in visitor
    assert "text" not in own and "text" in site.api("DELETE", STATUSES + "/" + s["id"], site.ann).json()


def test_a_deep_thread(site):
    chain = [site.say(site.ann, "0")["id"]]
    for i in range(1, 70):
        chain.append(site.say(site.ann, str(i), in_reply_to_id=chain[-1])["id"])
    assert context(site, site.bob, chain[0]) == [[], chain[1:]]
    assert context(site, site.bob, chain[-1]) == [chain[:-1], []]
    assert context(site, None, chain[0]) == [[], chain[1:21]], "twenty deep"
    assert context(site, None, chain[-1]) == [chain[29:69], []], "the nearest forty"


def test_a_wide_thread(site):
    root = site.say(site.ann, "wide")["id"]
    first = site.say(site.bob, "first", in_reply_to_id=root)["id"]
    others = [site.say(site.ann, str(i), in_reply_to_id=root)["id"] for i in range(70)]
    last = site.say(site.ann, "to the first", in_reply_to_id=first)["id"]
    assert context(site, None, root) == [[], [first, last] + others[:58]], "sixty, answers below what they answer"
    assert context(site, site.bob, root) == [[], [first, last] + others]
    assert context(site, None, first) == [[root], [last]], "however much was said between"


def test_the_history_of_what_never_changed(site):
    s = site.say(site.ann, "once", spoiler_text="w")
    only, = check("StatusEdit", site.api("GET", STATUSES + "/%s/history" % s["id"]).json())
    assert (only["content"], only["spoiler_text"], only["created_at"]) == (s["content"], "w", s["created_at"])
    assert only["account"]["id"] == s["account"]["id"]


def test_there_is_no_translation(site):
    s = site.say(site.ann, "hallo", language="de")
    check_error(site.api("POST", STATUSES + "/%s/translate" % s["id"], site.bob, json={"lang": "en"}), 404)
    assert site.api("GET", "/api/v2/instance").json()["configuration"]["translation"] == {"enabled": False}
    assert site.api("GET", "/api/v1/instance/translation_languages").json() == {}


def test_what_is_not_ones_own_is_not_found(site):
    s = site.say(site.ann, "mine")
    for method in ("PUT", "DELETE"):
        check_error(site.api(method, STATUSES + "/" + s["id"], site.bob, json={"status": "yours"}), 404)


@pytest.mark.parametrize("path", ["/api/v2/search", "/api/v1/accounts/lookup", "/api/v1/timelines/link",
                                  "/api/v1/domain_blocks/preview"])
def test_a_question_without_its_object(site, path):
    assert check_error(site.api("GET", path, site.ann), 400).endswith("is missing")


def test_answers_know_whom_they_answer(site):
    root = site.say(site.ann, "root", language="fr")
    reply = site.say(site.bob, "reply", in_reply_to_id=root["id"])
    assert root["language"] == "fr" and root["edited_at"] is None
    assert (reply["in_reply_to_id"], reply["in_reply_to_account_id"]) == (root["id"], root["account"]["id"])
    site.api("DELETE", STATUSES + "/" + root["id"], site.ann)
    orphan = check("Status", site.api("GET", STATUSES + "/" + reply["id"]).json())
    assert context(site, None, orphan["id"]) == [[], []]


def test_who_marked_it_pages_and_keeps_out_whom_one_blocks(site):
    s = site.say(site.ann, "liked")
    fans = [site.person() for _ in range(4)]
    for fan in fans:
        site.api("POST", STATUSES + "/%s/favourite" % s["id"], fan)
        site.api("POST", STATUSES + "/%s/reblog" % s["id"], fan)
    ids = [site.id_of(f) for f in fans][::-1]
    site.api("POST", "/api/v1/accounts/%s/block" % ids[0], site.bob)
    site.api("POST", "/api/v1/accounts/%s/mute" % ids[1], site.bob)
    site.api("POST", "/api/v1/accounts/%s/block" % site.id_of(site.bob), fans[1])
    for kind in ("favourited_by", "reblogged_by"):
        path = STATUSES + "/%s/%s" % (s["id"], kind)
        assert [a["id"] for a in check("Account", site.api("GET", path).json())] == ids
        assert [a["id"] for a in site.api("GET", path, site.bob).json()] == ids[3:]
    followers = "/api/v1/accounts/%s/followers" % site.id_of(site.ann)
    for fan in fans:
        site.api("POST", "/api/v1/accounts/%s/follow" % site.id_of(site.ann), fan)
    assert ids[0] in [a["id"] for a in site.api("GET", followers).json()]
    assert not set(ids[:3]) & {a["id"] for a in site.api("GET", followers, site.bob).json()}
