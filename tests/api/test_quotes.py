# SPDX-License-Identifier: MIT
"""Quotes as Mastodon 4.5 defines them: who may, who sees, consent taken back, notices."""
import contextlib
import json
import os
import sys
import time

import pytest

from entities import check, check_error
from kwipd import Kwipd
from support import Db
from test_api import HOME, STATUSES, Site, links

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from wsclient import Socket  # noqa: E402


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


def test_a_boost_is_quoted_as_what_it_boosts(site):
    s = site.say(site.ann, "first")
    boost = site.api("POST", STATUSES + "/%s/reblog" % s["id"], site.bob).json()
    assert quote(site, site.person(), boost)["quote"]["quoted_status"]["id"] == s["id"]
    private = site.say(site.ann, "few", visibility="private")
    own = site.api("POST", STATUSES + "/%s/reblog" % private["id"], site.ann).json()
    refused(site, site.bob, own)


def test_why_it_cannot_be_quoted_or_answered(site):
    assert refused(site, site.bob, {"id": "12345"}) == "The post you are trying to quote does not appear to exist."
    answer = site.api("POST", STATUSES, site.bob, json={"status": "x", "in_reply_to_id": "12345"})
    assert check_error(answer, 404) == "The post you are trying to reply to does not appear to exist."


def test_a_quote_is_deleted_and_redrafted(site):
    s = site.say(site.ann, "mine")
    url = STATUSES + "/%s/quotes/%s/revoke"
    for how in ("plain", "revoked", "gone"):
        q = quote(site, site.bob, s, "see")
        if how == "revoked":
            site.api("POST", url % (s["id"], q["id"]), site.ann)
        if how == "gone":
            site.api("DELETE", STATUSES + "/" + s["id"], site.ann)
        was = check("Status of viewer", site.api("DELETE", STATUSES + "/" + q["id"], site.bob).json())
        assert was["text"] == "see"
        state, shown = was["quote"]["state"], was["quote"]["quoted_status"]
        assert (state, shown and shown["id"]) == {"plain": ("accepted", s["id"]), "revoked": ("revoked", s["id"]),
                                                  "gone": ("deleted", None)}[how]


def test_whose_words_are_quoted_to_followers_sees_it(site):
    author, quoter, other = site.person(), site.person(), site.person()
    s = site.say(author, "public words")
    q = quote(site, quoter, s, visibility="private")
    assert q["visibility"] == "private" and get(site, author, q)["quote"]["quoted_status"]["id"] == s["id"]
    check_error(site.api("GET", STATUSES + "/" + q["id"], other), 404)
    assert [x["id"] for x in site.api("GET", STATUSES + "/%s/quotes" % s["id"], author).json()] == [q["id"]]
    assert site.api("GET", STATUSES + "/%s/quotes" % s["id"], other).json() == []
    edited = site.api("PUT", STATUSES + "/" + q["id"], quoter, json={"status": "other words"}).json()
    assert edited["quote"]["state"] == "accepted" and get(site, author, q)["content"].endswith("<p>other words</p>")
    told = check("Notification", [n for n in site.api("GET", "/api/v1/notifications", author).json()])
    assert [(n["type"], n["status"]["id"]) for n in told] == [("quote", q["id"])]
    assert site.api("POST", STATUSES + "/%s/quotes/%s/revoke" % (s["id"], q["id"]), author).status_code == 200


def test_history_tells_of_the_quote(site):
    s = site.say(site.ann, "mine")
    q = quote(site, site.bob, s, "one")
    site.api("PUT", STATUSES + "/" + q["id"], site.bob, json={"status": "two", "quoted_status_id": "1"})
    history = check("StatusEdit", site.api("GET", STATUSES + "/%s/history" % q["id"], site.ann).json())
    assert [(e["content"], e["quote"]["state"], e["quote"]["quoted_status"]["id"]) for e in history] == [
        ("<p>%s</p>" % t, "accepted", s["id"]) for t in ("one", "two")]
    assert all("quote" not in e for e in site.api("GET", STATUSES + "/%s/history" % s["id"]).json())


def test_with_media_and_polls(site):
    s = site.say(site.ann, "mine")
    poll = {"options": ["a", "b"], "expires_in": 3600}
    q = quote(site, site.bob, s, "which?", poll=poll)
    assert q["quote"]["state"] == "accepted" and len(q["poll"]["options"]) == 2


def test_said_later(site):
    s, secret = site.say(site.ann, "mine"), site.say(site.ann, "for few", visibility="private")
    site.api("PATCH", "/api/v1/accounts/update_credentials", site.bob, json={"source": {"quote_policy": "followers"}})
    later = {"scheduled_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))}
    got = site.api("POST", STATUSES, site.bob, json=dict(later, status="later", quoted_status_id=s["id"])).json()
    params = check("ScheduledStatus", got)["params"]
    assert (params["quoted_status_id"], params["quote_approval_policy"]) == (s["id"], "followers")
    refused(site, site.bob, secret, **later)
    answer = site.api("POST", STATUSES, site.bob, json=dict(later, status="later", in_reply_to_id=secret["id"]))
    check_error(answer, 404)
    assert site.say(site.bob, "now")["quote_approval"]["automatic"] == ["followers"]
    site.api("PATCH", "/api/v1/accounts/update_credentials", site.bob, json={"source": {"quote_policy": "public"}})


def test_filters_look_at_what_is_quoted(site):
    viewer = site.person()
    s = site.say(site.ann, "about turnips")
    q = quote(site, site.bob, s, "quoting")
    assert site.api("POST", "/api/v2/filters", viewer, json={
        "title": "roots", "context": ["home", "public"], "filter_action": "warn",
        "keywords_attributes": [{"keyword": "turnips", "whole_word": True}]}).status_code == 200
    got = get(site, viewer, q)
    assert got["filtered"] == [] and [f["filter"]["title"] for f in got["quote"]["quoted_status"]["filtered"]] == ["roots"]


def test_notices_of_quotes_in_all_forms(site):
    author, quoter = site.person(), site.person()
    s = site.say(author, "before")
    q = quote(site, quoter, s)
    site.api("PUT", STATUSES + "/" + s["id"], author, json={"status": "after"})
    for who, kind, by in (author, "quote", quoter), (quoter, "quoted_update", author):
        told = check("Notification", site.api("GET", "/api/v1/notifications", who, params={"types[]": kind}).json())
        assert [(n["status"]["id"], n["account"]["id"]) for n in told] == [(q["id"], site.id_of(by))]
        assert site.api("GET", "/api/v1/notifications", who, params={"exclude_types[]": kind}).json() == []
        grouped = check("GroupedNotificationsResults", site.api("GET", "/api/v2/notifications", who).json())
        group = grouped["notification_groups"][0]
        assert (group["type"], group["status_id"], group["notifications_count"]) == (kind, q["id"], 1)
        assert group["group_key"].startswith("ungrouped-") and grouped["statuses"][0]["quote"]["state"] == "accepted"


def test_the_policy_keeps_quotes_of_strangers_back(site):
    author, stranger = site.person(), site.person()
    answer = site.api("PATCH", "/api/v2/notifications/policy", author, json={"for_not_following": "filter"})
    assert answer.status_code == 200
    quote(site, stranger, site.say(author, "mine"))
    assert site.api("GET", "/api/v1/notifications", author).json() == []
    held = check("NotificationRequest", site.api("GET", "/api/v1/notifications/requests", author).json())
    assert [r["account"]["id"] for r in held] == [site.id_of(stranger)]


def test_a_suspended_author_is_not_shown(site):
    site.k.account("gone")
    s = site.say(site.k.token("gone"), "words")
    q = quote(site, site.bob, s)
    site.k.run("account", "suspend", "gone")
    assert get(site, None, q)["quote"] == {"state": "unauthorized", "quoted_status": None}


def test_the_list_keeps_from_each_what_is_not_for_him(site):
    author, quoter, viewer = site.person(), site.person(), site.person()
    s = site.say(author, "mine")
    q = quote(site, quoter, s)
    url = STATUSES + "/%s/quotes" % s["id"]
    assert [x["id"] for x in site.api("GET", url, viewer).json()] == [q["id"]]
    relate(site, viewer, "block", quoter)
    assert site.api("GET", url, viewer).json() == []
    private = site.say(author, "few", visibility="private")
    check_error(site.api("GET", STATUSES + "/%s/quotes" % private["id"], viewer), 404)
    quotes = [quote(site, quoter, s, str(i)) for i in range(42)]
    assert len(site.api("GET", url, author).json()) == 20
    assert len(site.api("GET", url, author, params={"limit": 80}).json()) == 40
    newer = site.api("GET", url, author, params={"since_id": quotes[-2]["id"]})
    assert [x["id"] for x in newer.json()] == [quotes[-1]["id"]] and [rel for rel, _ in links(newer)] == ["prev"]


def test_a_policy_that_is_not_sent_is_the_standard(site):
    s = site.say(site.ann, "mine", quote_approval_policy="nobody")
    answer = site.api("PUT", STATUSES + "/%s/interaction_policy" % s["id"], site.ann, json={})
    assert answer.json()["quote_approval"]["automatic"] == ["public"]
    direct = site.say(site.ann, "@bob psst", visibility="direct", quote_approval_policy="public")
    assert direct["quote_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}


def test_streams_tell_of_consent(site):
    author, quoter = site.person(), site.person()
    relate(site, quoter, "follow", author)
    s = site.say(author, "mine")
    q = quote(site, quoter, s)
    with contextlib.closing(Socket(site.k.port, "/api/v1/streaming?stream=user", {"Authorization": "Bearer " + quoter})) as stream:
        site.api("PUT", STATUSES + "/%s/interaction_policy" % s["id"], author, json={"quote_approval_policy": "nobody"})
        got = stream.next()
        shown = check("Status of viewer", json.loads(got["payload"]))
        assert (got["event"], shown["id"], shown["quote_approval"]["current_user"]) == ("status.update", s["id"], "denied")
        site.api("POST", STATUSES + "/%s/quotes/%s/revoke" % (s["id"], q["id"]), author)
        got = stream.next()
        shown = json.loads(got["payload"])
        assert (got["event"], shown["id"], shown["quote"]["state"]) == ("status.update", q["id"], "revoked")
