# SPDX-License-Identifier: MIT
"""Quotes as Mastodon 4.5 defines them: who may, who sees, consent taken back, notices."""
import time

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db
from test_api import HOME, STATUSES, Site, links


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def get(site, token, s):
    name = "Status of viewer" if token else "Status"
    return check(name, site.api("GET", STATUSES + "/" + s["id"], token).json())


def quote(site, token, s, text="look", **more):
    return site.say(token, text, quoted_status_id=s["id"], **more)


def refused(site, token, s, status=404, **more):
    return check_error(site.api("POST", STATUSES, token, json=dict({"status": "x", "quoted_status_id": s["id"]}, **more)),
                       status)


def relate(site, token, verb, other):
    assert site.api("POST", "/api/v1/accounts/%s/%s" % (site.id_of(other), verb), token).status_code == 200


def notices(site, kind, s):
    with Db(site.k.dir) as db:
        return [r["account"] for r in db.rows("SELECT account FROM notice WHERE kind = ? AND kwip = ?", kind, int(s["id"]))]


def test_a_quote_shows_what_it_quotes(site):
    first = site.say(site.ann, "first")
    q = quote(site, site.bob, first)
    assert q["quote"]["state"] == "accepted" and q["quote"]["quoted_status"]["content"] == "<p>first</p>"
    assert q["quote"]["quoted_status"]["quotes_count"] == 1 and get(site, site.ann, first)["quotes_count"] == 1
    assert get(site, None, q)["quote"]["quoted_status"]["id"] == first["id"]
    assert site.api("GET", HOME, site.bob).json()[0]["quote"]["quoted_status"]["id"] == first["id"]
    assert notices(site, 12, q) == [int(site.id_of(site.ann))]
    deep = quote(site, site.person(), q)["quote"]["quoted_status"]
    assert deep["id"] == q["id"] and deep["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    boost = check("Status of viewer", site.api("POST", STATUSES + "/%s/reblog" % q["id"], site.ann).json())
    assert boost["quote"] is None and boost["reblog"]["quote"]["quoted_status"]["id"] == first["id"]
    assert quote(site, site.ann, first)["quote"]["state"] == "accepted" and not notices(site, 12, first)


def test_policies(site):
    author, fan, stranger = site.person(), site.person(), site.person()
    relate(site, fan, "follow", author)
    said = {p: site.say(author, p, quote_approval_policy=p) for p in ("public", "followers", "nobody")}

    def may(token):
        return {p: get(site, token, s)["quote_approval"]["current_user"] for p, s in said.items()}
    assert {p: s["quote_approval"]["automatic"] for p, s in said.items()} == {
        "public": ["public"], "followers": ["followers"], "nobody": []}
    assert set(may(author).values()) == {"automatic"} and set(may(None).values()) == {"denied"}
    assert may(fan) == {"public": "automatic", "followers": "automatic", "nobody": "denied"}
    assert may(stranger) == {"public": "automatic", "followers": "denied", "nobody": "denied"}
    for token in (author, fan, stranger):
        for p, s in said.items():
            if may(token)[p] == "automatic":
                quote(site, token, s)
            else:
                refused(site, token, s)
    check_error(site.api("POST", STATUSES, author, json={"status": "x", "quote_approval_policy": "friends"}), 422)
    assert site.say(author, "x")["quote_approval"]["automatic"] == ["public"]
    assert site.say(author, "x", visibility="private", quote_approval_policy="public")["quote_approval"]["automatic"] == []


def test_the_policy_changes(site):
    s = site.say(site.ann, "mine")
    url = STATUSES + "/%s/interaction_policy" % s["id"]
    for method, policy, automatic in (("PUT", "nobody", []), ("PATCH", "followers", ["followers"])):
        answer = site.api(method, url, site.ann, json={"quote_approval_policy": policy})
        assert check("Status of viewer", answer.json())["quote_approval"]["automatic"] == automatic
        assert get(site, None, s)["quote_approval"]["automatic"] == automatic
    refused(site, site.bob, s)
    check_error(site.api("PUT", url, site.bob, json={"quote_approval_policy": "public"}), 403)
    check_error(site.api("PUT", url, site.ann, json={"quote_approval_policy": "all"}), 422)
    edited = site.api("PUT", STATUSES + "/" + s["id"], site.ann,
                      json={"status": "mine", "quote_approval_policy": "public"}).json()
    assert edited["quote_approval"]["automatic"] == ["public"] and edited["edited_at"] is None


def test_what_is_private_is_quoted_by_its_author_alone(site):
    private = site.say(site.ann, "private", visibility="private")
    own = quote(site, site.ann, private, visibility="public")
    assert own["visibility"] == "private"
    fan = site.person()
    relate(site, fan, "follow", site.ann)
    refused(site, fan, private)
    direct = site.say(site.ann, "@bob for you", visibility="direct")
    refused(site, site.bob, direct)
    refused(site, site.ann, direct)
    refused(site, site.bob, {"id": "12345"})
    boost = site.api("POST", STATUSES + "/%s/reblog" % site.say(site.bob, "b")["id"], site.ann).json()
    refused(site, site.bob, boost)


def test_a_private_quote_tells_whom_it_quotes(site):
    s = site.say(site.ann, "public")
    assert "non-mentioned" in refused(site, site.bob, s, 422, visibility="direct")
    assert get(site, None, s)["quotes_count"] == 0
    assert quote(site, site.bob, s, "@ann look", visibility="direct")["quote"]["state"] == "accepted"
    assert get(site, None, s)["quotes_count"] == 0, "nobody else learns of it"


def test_blocked_ones_do_not_quote(site):
    a, b = site.person(), site.person()
    s = site.say(a, "x")
    relate(site, a, "block", b)
    refused(site, b, s)


def test_what_a_viewer_sees(site):
    author, viewer = site.person(), site.person()
    s = site.say(author, "quoted")
    q = quote(site, site.bob, s)

    def seen(token=viewer):
        return get(site, token, q)["quote"]
    relate(site, viewer, "mute", author)
    assert seen()["state"] == "muted_account" and seen()["quoted_status"]["id"] == s["id"]
    relate(site, viewer, "block", author)
    assert seen()["state"] == "blocked_account"
    relate(site, viewer, "unblock", author)
    relate(site, viewer, "unmute", author)
    assert seen()["state"] == "accepted"
    relate(site, author, "block", viewer)
    assert seen() == {"state": "unauthorized", "quoted_status": None} and seen(None)["state"] == "accepted"
    private = site.say(author, "private", visibility="private")
    own = quote(site, author, private, "@bob look", visibility="direct")
    assert get(site, site.bob, own)["quote"] == {"state": "unauthorized", "quoted_status": None}
    site.api("DELETE", STATUSES + "/" + s["id"], author)
    assert seen() == {"state": "deleted", "quoted_status": None} == seen(None)


def test_consent_is_taken_back(site):
    s = site.say(site.ann, "mine")
    q, other = quote(site, site.bob, s), quote(site, site.person(), s)
    url = STATUSES + "/%s/quotes/%s/revoke"
    check_error(site.api("POST", url % (s["id"], q["id"]), site.bob), 403)
    check_error(site.api("POST", url % (q["id"], s["id"]), site.bob), 404)
    for _ in range(2):
        answer = check("Status of viewer", site.api("POST", url % (s["id"], q["id"]), site.ann).json())
        assert answer["id"] == q["id"] and answer["quote"] == {"state": "revoked", "quoted_status": None}
    assert get(site, None, q)["quote"]["state"] == "revoked" and get(site, None, s)["quotes_count"] == 1
    site.api("DELETE", STATUSES + "/" + other["id"], site.bob)
    assert get(site, None, s)["quotes_count"] == 1


def test_the_count_follows_deletion(site):
    s = site.say(site.ann, "mine")
    q = quote(site, site.bob, s)
    assert get(site, None, s)["quotes_count"] == 1
    site.api("DELETE", STATUSES + "/" + q["id"], site.bob)
    assert get(site, None, s)["quotes_count"] == 0


def test_the_list_of_quotes(site):
    s = site.say(site.ann, "mine")
    quotes = [quote(site, site.bob, s, "q %d" % i) for i in range(3)]
    site.api("POST", STATUSES + "/%s/quotes/%s/revoke" % (s["id"], quotes[1]["id"]), site.ann)
    url = STATUSES + "/%s/quotes" % s["id"]
    got = check("Status of viewer", site.api("GET", url, site.ann).json())
    assert [x["id"] for x in got] == [quotes[2]["id"], quotes[0]["id"]]
    page = site.api("GET", url, site.ann, params={"limit": 1})
    assert [rel for rel, _ in links(page)] == ["next", "prev"]
    rest = site.api("GET", links(page)[0][1].removeprefix(site.k.url), site.ann)
    assert [x["id"] for x in rest.json()] == [quotes[0]["id"]]
    check_error(site.api("GET", url), 401)


def test_who_quoted_is_told_of_edits(site):
    s = site.say(site.ann, "before")
    q = quote(site, site.bob, s)
    site.api("PUT", STATUSES + "/" + s["id"], site.ann, json={"status": "after"})
    assert notices(site, 13, q) == [int(site.id_of(site.bob))]
    assert get(site, None, q)["quote"]["quoted_status"]["content"] == "<p>after</p>"


def test_a_quote_without_words(site):
    q = quote(site, site.bob, site.say(site.ann, "mine"), "")
    assert q["content"].startswith('<p class="quote-inline">RE: ') and q["quote"]["state"] == "accepted"


def test_who_knows_no_quotes_finds_a_link(site):
    s = site.say(site.ann, "mine")
    q = quote(site, site.bob, s)
    assert q["content"].endswith("</p><p>look</p>") and 'class="quote-inline">RE: <a href="%s"' % s["url"] in q["content"]
    assert "quote-inline" not in quote(site, site.bob, s, "see " + s["url"])["content"]
    time.sleep(0.5)  # the cache has the card
    site.api("DELETE", STATUSES + "/" + s["id"], site.ann)
    assert get(site, None, q)["content"] == "<p>look</p>"
    assert site.api("GET", STATUSES + "/%s/source" % q["id"], site.bob).json()["text"] == "look"
