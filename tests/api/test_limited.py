# SPDX-License-Identifier: MIT
"""Limited accounts are shown to their followers alone; of sensitized ones all media count as sensitive."""
import io

import pytest
from PIL import Image

from kwipd import Kwipd
from people import Site
from support import keep_no_cookies

ACTION = "/api/v1/admin/accounts/%s/action"
ACCOUNT = "/api/v1/admin/accounts/%s/%s"


class Ruled(Site):
    def __init__(self, k):
        super().__init__(k)
        k.account("boss", "--admin")
        self.root = k.token("boss", "read write admin:read admin:write")

    def act(self, whom, what):
        self.post(ACTION % whom, self.root, type=what)

    def undo(self, whom, what):
        self.call("POST", ACCOUNT % (whom, what), self.root)

    def picture(self, token):
        out = io.BytesIO()
        Image.linear_gradient("L").save(out, "PNG")
        sent = {"file": ("x", out.getvalue())}
        return self.call("POST", "/api/v2/media", token, files=sent).json()["id"]


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Ruled(k)


PUBLIC = ["/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/kwipd/v1/timelines/public", "/api/v1/timelines/tag/quiet", "/api/v1/timelines/tag/quiet?any[]=other", "/api/v1/timelines/link?url=https://quiet.example/"]


def everywhere(site, token):
    return {path: site.ids(path, token) for path in PUBLIC}


def test_what_everybody_is_shown_leaves_them_out_and_has_them_back(site):
    me, _ = site.person()
    fan, _ = site.person()
    quiet, q = site.person()
    site.follow(fan, q)
    said = site.say(quiet, "hear #quiet at https://quiet.example/")
    keep_no_cookies(site.k)
    pages = ["/everyone", "/everyone/recent", "/everyone/feed.atom", "/tags/quiet"]
    for token in (None, me, fan, quiet):
        assert all(said in ids for ids in everywhere(site, token).values())
    assert all("#<span>quiet" in site.k.get(p).text or "quiet.example" in site.k.get(p).text for p in pages)
    site.act(q, "silence")
    for token in (None, me, fan, quiet):
        assert not any(said in ids for ids in everywhere(site, token).values()), token
    assert not any("quiet.example" in site.k.get(p).text for p in pages)
    # Followers and the author have it at home, everybody who goes there has it.
    assert said in site.ids("/api/v1/timelines/home", fan) and said in site.ids("/api/v1/timelines/home", quiet)
    for token in (None, me, fan):
        assert site.get("/api/v1/statuses/" + said, token)["id"] == said
        assert site.ids("/api/v1/accounts/%s/statuses" % q, token) == [said]
        assert site.get("/api/v1/accounts/" + q, token)["limited"] is True
    assert 'name="robots"' in site.k.get("/@p%d" % site.n).text
    assert "quiet.example" in site.k.get("/@p%d" % site.n).text
    site.undo(q, "unsilence")
    for token in (None, me, fan, quiet):
        assert all(said in ids for ids in everywhere(site, token).values())
    assert "limited" not in site.get("/api/v1/accounts/" + q)
    assert all("quiet.example" in site.k.get(p).text for p in pages)


def test_followed_tags_lists_and_boosts(site):
    me, my_id = site.person()
    friend, f = site.person()
    quiet, q = site.person()
    site.follow(me, f)
    site.post("/api/v1/tags/soft/follow", me)
    early = site.say(quiet, "early #soft")
    assert early in site.ids("/api/v1/timelines/home", me)
    site.act(q, "silence")
    late = site.say(quiet, "late #soft")
    home = site.ids("/api/v1/timelines/home", me)
    assert early not in home and late not in home
    boost = site.post("/api/v1/statuses/%s/reblog" % late, friend)["id"]
    assert boost in site.ids("/api/v1/timelines/home", me), "what a friend boosts is shown"
    site.follow(me, q)
    made = site.post("/api/v1/lists", me, title="some")["id"]
    site.post("/api/v1/lists/%s/accounts" % made, me, account_ids=[q])
    assert site.ids("/api/v1/timelines/list/" + made, me) == [late, early]
    site.undo(q, "unsilence")
    assert early in site.ids("/api/v1/timelines/home", me)


def test_in_conversations_strangers_do_not_hear_them(site):
    me, _ = site.person()
    fan, _ = site.person()
    quiet, q = site.person()
    other, o = site.person()
    site.follow(fan, q)
    root = site.say(me, "a question")
    theirs = site.say(quiet, "my loud answer", in_reply_to_id=root)
    below = site.say(fan, "indeed", in_reply_to_id=theirs)
    site.act(q, "silence")
    site.act(o, "silence")
    keep_no_cookies(site.k)

    def context(token, of=root):
        return {k: [s["id"] for s in v] for k, v in site.get("/api/v1/statuses/%s/context" % of, token).items()}

    for token in (None, me):
        assert context(token) == {"ancestors": [], "descendants": [below]}
        assert context(token, below)["ancestors"] == [root]
    for token in (fan, quiet, other):
        assert context(token) == {"ancestors": [], "descendants": [theirs, below]}
        assert context(token, below)["ancestors"] == [root, theirs]
    room = "/@%s/%s" % (site.get("/api/v1/statuses/" + root)["account"]["username"], root)
    assert "my loud answer" not in site.k.get(room).text and "indeed" in site.k.get(room).text
    site.undo(q, "unsilence")
    assert "my loud answer" in site.k.get(room).text and theirs in context(me)["descendants"]


def test_search_directory_and_suggestions(site):
    me, _ = site.person()
    fan, _ = site.person()
    quiet, q = site.person()
    name = "p%d" % site.n
    site.follow(fan, q)

    def found(token, q_, path="/api/v2/search"):
        return [a["id"] for a in site.get(path, token, q=q_, type="accounts")["accounts"]]

    def listed(token):
        return [a["id"] for a in site.get("/api/v1/directory", token, limit=80, order="new")]

    assert q in found(me, name) and q in listed(me)
    site.act(q, "silence")
    assert q not in found(me, name) and q not in listed(me) and q not in listed(fan)
    assert q in found(fan, name) and q in found(quiet, name)
    host = site.k.url.split("://")[1]
    assert q in found(me, "@%s@%s" % (name, host)), "who knows the whole address finds them"
    assert q not in [a["id"] for a in site.get("/api/v1/accounts/search", me, q=name)]
    assert q not in [s["account"]["id"] for s in site.get("/api/v2/suggestions", me, limit=80)]
    site.undo(q, "unsilence")
    assert q in found(me, name) and q in listed(me)


def test_their_notices_follow_the_policy(site):
    me, my_id = site.person()
    fan, _ = site.person()
    quiet, q = site.person()
    site.follow(fan, q)
    site.act(q, "silence")
    site.say(quiet, "hey @p%d and @p%d" % (site.n - 2, site.n - 1))
    assert site.get("/api/v1/notifications", me, types=["mention"]) == []
    assert [r["account"]["id"] for r in site.get("/api/v1/notifications/requests", me)] == [q]
    assert len(site.get("/api/v1/notifications", fan, **{"types[]": "mention"})) == 1
    site.call("PATCH", "/api/v2/notifications/policy", me, json={"for_limited_accounts": "accept"})
    site.say(quiet, "hey again @p%d" % (site.n - 2))
    assert len(site.get("/api/v1/notifications", me, **{"types[]": "mention"})) == 1


def test_all_media_of_sensitized_accounts_count_as_sensitive(site):
    me, _ = site.person()
    loud, x = site.person()
    name = "p%d" % site.n
    media = site.picture(loud)
    old = site.say(loud, "a picture", media_ids=[media])
    keep_no_cookies(site.k)

    def is_sensitive(token, id=old):
        return site.get("/api/v1/statuses/" + id, token)["sensitive"]

    def is_hidden():
        return "<details" in site.k.get("/@%s/%s" % (name, old)).text.split('class="text"')[1].split("</article>")[0]

    assert not is_sensitive(None) and not is_sensitive(me) and not is_hidden()
    boost = site.post("/api/v1/statuses/%s/reblog" % old, me)
    assert boost["reblog"]["sensitive"] is False
    site.act(x, "sensitive")
    assert is_sensitive(None) and is_sensitive(me) and is_hidden()
    assert [s["reblog"]["sensitive"] for s in site.get("/api/v1/timelines/home", me) if s["reblog"]] == [True]
    assert site.get("/api/v1/timelines/public?only_media=true", me)[0]["sensitive"] is True
    assert is_sensitive(loud) is False, "the author sees what the author marked, so that an edit keeps it"
    site.put("/api/v1/statuses/" + old, loud, status="a picture still", media_ids=[media])
    assert all(e["sensitive"] for e in site.get("/api/v1/statuses/%s/history" % old, me))
    site.undo(x, "unsensitive")
    assert not is_sensitive(None) and not is_sensitive(me) and not is_hidden()
    assert site.get("/api/v1/timelines/public?only_media=true", me)[0]["sensitive"] is False
