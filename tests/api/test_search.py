# SPDX-License-Identifier: MIT
"""Search: people, addresses, hashtags, and kwips by their words."""
import re

import pytest

from entities import check, check_error
from kwipd import Kwipd, wait_for
from people import Site
from player import png

SEARCH = "/api/v2/search"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        for name in "ann", "anna", "bob":
            k.account(name)
        k.ann, k.bob = k.token("ann"), k.token("bob")
        k.kwip = k.say(k.bob, "hello #Rain and #rainbow")
        k.secret = k.say(k.bob, "for few", visibility="private")
        yield k


def find(site, q, token=None, **more):
    answer = site.api("GET", SEARCH, token, params=dict(q=q, **more))
    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert set(got) - {"kwipd_search_behind"} == {"accounts", "statuses", "hashtags"}
    check("Account", got["accounts"])
    check("Tag of viewer" if token else "Tag", got["hashtags"])
    return [a["acct"] for a in got["accounts"]], [s["id"] for s in got["statuses"]], [t["name"] for t in got["hashtags"]]


def test_people_by_the_beginning_of_their_names(site):
    assert find(site, "ann") == (["ann", "anna"], [], [])
    assert find(site, "@Anna", site.bob)[0] == ["anna"]
    assert find(site, "ann", site.bob, type="hashtags")[0] == []
    assert find(site, "zoe")[0] == []
    assert [a["acct"] for a in site.api("GET", "/api/v1/accounts/search?q=ann&limit=1", site.bob).json()] == ["ann"]


def test_addresses_of_this_site(site):
    host = site.url.split("//")[1]
    for q in site.url + "/@bob", "@bob@" + host, "bob@" + host:
        assert find(site, q, site.ann, resolve=True)[0] == ["bob"], q
    assert find(site, site.kwip["url"], site.ann, resolve=True)[1] == [site.kwip["id"]]
    assert find(site, site.kwip["url"])[1] == [site.kwip["id"]]
    assert find(site, site.secret["url"], site.ann)[1] == []
    assert find(site, site.secret["url"], site.bob)[1] == [site.secret["id"]]
    assert find(site, site.kwip["url"].replace("@bob", "@ann"), site.ann)[1] == []
    assert find(site, "@bob@elsewhere.example", site.ann)[0] == []


def test_hashtags_by_their_beginning(site):
    assert find(site, "#rain")[2] == ["rain", "rainbow"] == find(site, "RAIN", site.ann)[2]
    assert find(site, "rain", site.ann, limit=1, offset=1)[2] == ["rainbow"]


def test_who_may(site):
    for query in {"q": "a", "resolve": True}, {"q": "a", "offset": 1}:
        check_error(site.api("GET", SEARCH, params=query), 401)
    check_error(site.api("GET", SEARCH), 400)
    check_error(site.api("GET", SEARCH, site.ann, params={"q": "a", "type": "planets"}), 422)
    check_error(site.api("GET", "/api/v1/accounts/search?q=a"), 401)
    assert site.api("GET", "/api/v1/search?q=ann", site.bob).json()["accounts"]


def test_following_and_blocks(site):
    ids = {a["acct"]: a["id"] for a in site.api("GET", SEARCH + "?q=ann").json()["accounts"]}
    assert find(site, "ann", site.bob, following=True)[0] == []
    site.api("POST", "/api/v1/accounts/%s/follow" % ids["anna"], site.bob)
    assert find(site, "ann", site.bob, following=True)[0] == ["anna"]
    site.api("POST", "/api/v1/accounts/%s/block" % ids["anna"], site.bob)
    assert find(site, "ann", site.bob)[0] == ["ann"]
    assert find(site, "anna", site.bob)[0] == ["anna"], "by the whole name, to be unblocked"
    assert find(site, "bob", site.token("anna"))[0] == []


@pytest.mark.parametrize("q", ["%", "'", "\"", "#", "@", "@@", "http://", "a" * 900, "\u00e4", "(", "-x", "*",
                               "a OR", "NOT b", "NEAR(a, 1", "{text} : x", "^x + y", '"', '"" ""', "x*\u200d", "from:", "-" * 400, "\u6771 -\u4eac"])
def test_odd_questions_are_answered(site, q):
    find(site, q, site.ann)




# -- kwips by their words --

@pytest.fixture(scope="module")
def texts():
    """People: ann (asks), bob, cat (not indexable), dan (blocked by ann). Everything is indexed."""
    with Kwipd() as k:
        s = Site(k)
        s.ann, s.bob, s.cat, s.dan = (s.person() for _ in range(4))
        k.api("PATCH", "/api/v1/accounts/update_credentials", s.cat[0], json={"indexable": False})
        s.post("/api/v1/accounts/%s/block" % s.dan[1], s.ann[0])
        s.said = {
            "public": s.say(s.bob[0], "Needles of pine, caf\u00e9"),
            "unlisted": s.say(s.bob[0], "needles unlisted", visibility="unlisted"),
            "private": s.say(s.bob[0], "needles private", visibility="private"),
            "named": s.say(s.bob[0], "needles for @p1", visibility="direct"),
            "direct": s.say(s.bob[0], "needles for nobody", visibility="direct"),
            "shy": s.say(s.cat[0], "needles of a shy one"),
            "liked": s.say(s.cat[0], "needles liked"),
            "kept": s.say(s.cat[0], "needles kept", visibility="unlisted"),
            "boosted": s.say(s.cat[0], "needles boosted"),
            "dan": s.say(s.dan[0], "needles of dan"),
            "own": s.say(s.ann[0], "needles of mine", visibility="private"),
        }
        s.post("/api/v1/statuses/%s/favourite" % s.said["liked"], s.ann[0])
        s.post("/api/v1/statuses/%s/bookmark" % s.said["kept"], s.ann[0])
        s.post("/api/v1/statuses/%s/reblog" % s.said["boosted"], s.ann[0])
        voted = s.k.say(s.cat[0], "a poll", poll={"options": ["pins", "Needles"], "expires_in": 3600})
        s.said["voted"] = voted["id"]
        s.post("/api/v1/polls/%s/votes" % voted["poll"]["id"], s.ann[0], choices=[0])
        yield s


def kwips(site, q, who=None, **more):
    """Names of what is found, newest first; waits until everything is indexed."""
    def ask():
        got = site.get(SEARCH, (who or site.ann)[0], q=q, type="statuses", **more)
        return None if "kwipd_search_behind" in got else got
    got = wait_for(ask)
    check("Status of viewer", got["statuses"])
    assert got["accounts"] == got["hashtags"] == []
    names = {id: name for name, id in site.said.items()}
    return [names.get(s["id"], s["id"]) for s in got["statuses"]]


OWN = ["voted", "own", "boosted", "kept", "liked", "named"]


def test_public_ones_and_ones_own(texts):
    assert kwips(texts, "needles") == OWN + ["public"]
    assert kwips(texts, "needles in:all") == OWN + ["public"]
    assert kwips(texts, "needles in:library") == OWN
    assert kwips(texts, "needles in:public") == ["public"]
    assert kwips(texts, "needles", texts.cat) == ["voted", "dan", "boosted", "kept", "liked", "shy", "public"]
    assert kwips(texts, "needles", texts.dan) == ["dan"] + ["public"]
    # To follow somebody makes more visible, not found: it is not one's own.
    stranger = texts.person()
    texts.follow(stranger[0], texts.bob[1])
    assert kwips(texts, "needles", stranger) == ["dan", "public"]


def test_nothing_for_visitors(texts):
    got = texts.get(SEARCH, q="needles")
    assert got == {"accounts": [], "statuses": [], "hashtags": []}


@pytest.mark.parametrize("q, found", [
    ("NEEDLES pine", ["public"]), ("cafe", ["public"]), ("Caf\u00c9", ["public"]), ('"needles of pine"', ["public"]),
    ('"pine needles"', []), ('"needles of"', ["own", "public"]), ("needles -of -in", OWN[:1] + OWN[2:]),
    ("need", []), ("need*", OWN + ["public"]), ("ne*", []), ("from:me", ["own"]), ("from:me -needles", []),
    ("from:@p1 needles", ["own"]), ("-from:p3 needles", ["own", "named", "public"]), ("from:nobody needles", []),
    ("has:poll", ["voted"]), ("needles -has:poll in:library", OWN[1:]), ("pins", ["voted"]), ("has:media", []),
])
def test_words_and_operators(texts, q, found):
    assert kwips(texts, q) == found


def test_paging(texts):
    every = OWN + ["public"]
    assert sum((kwips(texts, "needles", limit=3, offset=n) for n in (0, 3, 6)), []) == every
    assert kwips(texts, "needles", max_id=texts.said["kept"]) == ["liked", "named", "public"]
    assert kwips(texts, "needles", min_id=texts.said["kept"]) == ["voted", "own", "boosted"]
    assert kwips(texts, "needles", account_id=texts.bob[1]) == ["named", "public"]


def test_parts_of_kwips(shared):
    site = Site(shared)
    site.ann = ann = site.person()
    site.said = {
        "reply": None, "link": site.say(ann[0], "see https://example.org/zebra"),
        "sensitive": site.say(ann[0], "zebra", sensitive=True, spoiler_text="stripes"),
        "german": site.say(ann[0], "ein zebra", language="de"),
        "japanese": site.say(ann[0], "\u6771\u4eac\u90fd\u306bzebra\u304c\u3044\u308b", language="ja"),
        "picture": site.say(ann[0], "a zebra", media_ids=[upload(site, ann[0], "grass all around")]),
    }
    site.said["reply"] = site.say(ann[0], "zebra too", in_reply_to_id=site.said["link"])
    for q, found in (("has:link", ["link"]), ("is:reply", ["reply"]), ("is:sensitive", ["sensitive"]), ("stripes", ["sensitive"]),
                     ("language:de", ["german"]), ("language:ja zebra", ["japanese"]), ("\u4eac\u90fd", ["japanese"]),
                     ("\u90fd", ["japanese"]), ("\u6771\u4eac\u90fdzebra", []), ("zebra\u304c", ["japanese"]),
                     ("has:media", ["picture"]), ("has:image", ["picture"]), ("has:video", []), ("grass", ["picture"]),
                     ("zebra -is:reply -has:link -has:media -language:de -language:ja", ["sensitive"])):
        assert kwips(site, q) == found, q
    edit = {"status": "a zebra", "media_ids": [], "language": "en"}
    site.call("PUT", "/api/v1/statuses/" + site.said["picture"], ann[0], json=edit)
    assert kwips(site, "grass") == kwips(site, "has:media") == []


def upload(site, token, description):
    answer = site.call("POST", "/api/v2/media", token, files={"file": ("x.png", png(), "image/png")},
                       data={"description": description})
    id = answer.json()["id"]
    wait_for(lambda: site.k.api("GET", "/api/v1/media/" + id, token).status_code == 200)
    return id


def test_dates(shared):
    site = Site(shared)
    site.n = 50
    site.ann = site.person()
    site.said = {"now": site.say(site.ann[0], "giraffe")}
    day = site.get("/api/v1/statuses/" + site.said["now"])["created_at"][:10]
    for q, found in (("during:" + day, ["now"]), ("after:" + day, []), ("before:" + day, []), ("before:2999-01-01", ["now"]),
                     ("after:2020-02-29", ["now"]), ("before:2020-01-01", []), ("during:1970-01-01", [])):
        assert kwips(site, "giraffe " + q) == found, q


def test_what_was_changed_hidden_or_deleted_is_not_found(shared):
    site = Site(shared)
    site.n = 100
    site.ann, bob = site.person(), site.person()
    site.said = {"bob": site.say(bob[0], "okapi")}
    assert kwips(site, "okapi") == ["bob"]
    site.call("PUT", "/api/v1/statuses/" + site.said["bob"], bob[0], json={"status": "quagga"})
    assert kwips(site, "okapi") == [] and kwips(site, "quagga") == ["bob"]
    site.post("/api/v1/accounts/%s/mute" % bob[1], site.ann[0])
    assert kwips(site, "quagga") == []
    site.post("/api/v1/accounts/%s/unmute" % bob[1], site.ann[0])
    site.post("/api/v1/accounts/%s/block" % site.ann[1], bob[0])
    assert kwips(site, "quagga") == []
    site.post("/api/v1/accounts/%s/unblock" % site.ann[1], bob[0])
    assert kwips(site, "quagga") == ["bob"]
    site.k.run("account", "suspend", "p102")
    assert kwips(site, "quagga") == []
    site.k.run("account", "restore", "p102")
    site.call("DELETE", "/api/v1/statuses/" + site.said["bob"], bob[0])
    assert kwips(site, "quagga") == []


# -- people by words --

def test_people_by_words_of_their_names(shared):
    site = Site(shared)
    site.n = 200
    me, one, two, shy = (site.person() for _ in range(4))
    for who, name, more in ((one, "Zo\u00eb Quill", {}), (two, "Quentin Zoeller", {}), (shy, "Zoe Hidden", {"discoverable": False})):
        site.k.api("PATCH", "/api/v1/accounts/update_credentials", who[0], json=dict(display_name=name, note="likes penguins", **more))

    def people(q, path="/api/v1/accounts/search", **more):
        got = site.get(path, me[0], q=q, **more)
        return [int(a["acct"][1:]) for a in (got["accounts"] if isinstance(got, dict) else got)]

    wait_for(lambda: people("zoe") == [202, 203])
    assert people("quill zo") == [202] and people("zoe hid") == [] and people("p204") == [204]
    site.follow(me[0], two[1])
    assert people("zoe") == [203, 202], "whom one follows comes first"
    assert people("zoe", following=True) == [203]
    assert people("zoe", limit=1, offset=1) == [202]
    for n in range(3):
        site.follow(site.person()[0], one[1])
    site.post("/api/v1/accounts/%s/unfollow" % two[1], me[0])
    wait_for(lambda: people("zoe") == [202, 203])
    assert sorted(people("penguins", SEARCH)) == [202, 203] and people("penguins") == []
    site.k.api("PATCH", "/api/v1/accounts/update_credentials", one[0], json={"display_name": "Somebody"})
    wait_for(lambda: people("zoe") == [203])
    assert site.get("/api/v1/accounts/search", me[0], q="p20", limit=80) == sorted(
        site.get("/api/v1/accounts/search", me[0], q="p20", limit=80), key=lambda a: -a["followers_count"])
    assert re.match(r"p20\d$", site.get(SEARCH, q="p20")["accounts"][0]["acct"]), "visitors find people too"
