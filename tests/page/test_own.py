# SPDX-License-Identifier: MIT
"""What members arrange for themselves, without JavaScript: portraits, lists, filters, hashtags, whom they keep away."""
import io
import re

import pytest
from PIL import Image

from browser import Browser
from kwipd import Kwipd


def picture(format="PNG", colour=(30, 90, 60)):
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, format)
    return out.getvalue()


class Site:
    def __init__(self, k):
        self.k = k
        self.tokens, self.of = {}, {}
        for name in ("ann", "bob", "eve"):
            k.account(name)
            self.tokens[name] = k.token(name)
            self.of[name] = Browser(k).log_in(name, k.passwords[name])
        for name in ("bob", "eve"):
            self.of["ann"].get("/@" + name).click("/@%s/follow" % name)

    def api(self, path, name="ann"):
        return self.k.api("GET", path, self.tokens[name]).json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


@pytest.fixture
def ann(site):
    return site.of["ann"]


def files(**given):
    out = {n: ("", b"", "application/octet-stream") for n in ("avatar", "header")}
    out.update({n: (n + ".png", data, "image/png") for n, data in given.items()})
    return out


def test_portraits(site, ann):
    page = ann.get("/settings").submit("/settings/profile", files=files(avatar=picture(), header=picture("JPEG")),
                                       avatar_about="me in green", header_about="a meadow")
    assert page.has("Your profile is saved") and 'alt="me in green"' in page.html and 'alt="a meadow"' in page.html
    me = site.api("/api/v1/accounts/verify_credentials")
    assert "/media/" in me["avatar"] and "/media/" in me["header"] and site.api("/api/v1/profile")["avatar_description"] == "me in green"
    page = ann.get("/settings").submit("/settings/profile", expect=422, files=files(avatar=b"GIF89a broken"), about="kept words",
                                       avatar_about="kept too")
    fields = dict(page.fields("/settings/profile"))
    assert fields["about"] == "kept words" and fields["avatar_about"] == "kept too" and 'role="alert"' in page.html
    assert site.api("/api/v1/accounts/verify_credentials")["avatar"] == me["avatar"], "the old one stays"
    page = ann.get("/settings").submit("/settings/profile", files=files(), avatar_remove="1")
    assert "avatar_remove" not in page.html and "header_remove" in page.html
    now = site.api("/api/v1/accounts/verify_credentials")
    assert "/media/" not in now["avatar"] and now["header"] == me["header"]


def test_preferences_of_apps(site, ann):
    page = ann.get("/settings").submit("/settings/preferences", quotes="followers", media="hide", expand_warned="1")
    fields = dict(page.fields("/settings/preferences"))
    assert (fields["quotes"], fields["media"], fields["expand_warned"]) == ("followers", "hide", "1")
    assert site.api("/api/v1/preferences")["reading:expand:media"] == "hide_all"
    assert site.api("/api/v1/accounts/verify_credentials")["source"]["quote_policy"] == "followers"


def test_lists(site, ann):
    for name in ("bob", "eve"):
        site.k.say(site.tokens[name], "by %s, of bread" % name)
    page = ann.get("/lists").submit("/lists", title="Bakers", replies="none")
    assert page.has("Bakers") and page.has("Saved.") and page.has("Nobody stands in it yet")
    edit = page.path
    address = edit[:-len("/edit")]
    page = page.submit(address + "/people", name="@bob")
    assert page.has("@bob") and not page.has("Nobody stands")
    page = ann.get(address)
    assert page.has("by bob, of bread") and not page.has("by eve")
    assert ann.get("/home/recent").has("by bob")
    page = ann.get(edit).submit(address, title="Bread", exclusive="1")
    assert page.has("Bread") and not ann.get("/home/recent").has("by bob")
    assert ann.get(edit).submit(address + "/people", expect=422, name="nobody_here").has("Nobody here has that name")
    site.k.account("ted")
    assert ann.get(edit).submit(address + "/people", expect=422, name="ted").has("whom you follow")
    assert ann.get(edit).submit(address, expect=422, title=" ").has("People")
    take = [a["formaction"] for a, _ in ann.get(edit).reader.buttons if a.get("formaction", "").endswith("/end")][0]
    assert ann.get(edit).click(take).has("Nobody stands in it yet")
    for path in (address, edit):
        site.of["bob"].get(path, expect=404)
    site.of["bob"].open("POST", address + "/delete", expect=404, data=site.of["bob"].get("/home").fields("/logout"))
    page = ann.get(edit).click(address + "/delete")
    assert page.path == "/lists" and page.has("You have none yet")
    assert ann.get("/lists").submit("/lists", expect=422, title=" ").has("A new list")


def test_filters(site, ann):
    site.k.say(site.tokens["bob"], "the match was cold")
    page = ann.get("/settings/filters").submit("/settings/filters", words="match\n\ncold fish\nmatch", where=["home", "rooms"], action="hide",
                                               life="3600")
    assert page.has("match, cold fish") and page.has("Leaves out") and page.has("until")
    assert not ann.get("/home/recent").has("the match was cold")
    assert ann.get("/@bob").has("the match was cold"), "not there"
    edit = [a for a in page.reader.links if re.match(r"/settings/filters/\d+$", a)][0]
    form = ann.get(edit)
    fields = form.fields(edit)
    assert ("words", "match\ncold fish") in fields and ("title", "match") in fields and ("life", "keep") in fields
    assert [v for n, v in fields if n == "where"] == ["home", "rooms"] and ("whole", "1") in fields
    before = site.api("/api/v2/filters")[0]
    page = form.submit(edit, words="match\nwarm", action="warn", without=("whole",), title="Sports")
    after = site.api("/api/v2/filters")[0]
    assert page.has("Sports") and after["expires_at"] == before["expires_at"] and after["filter_action"] == "warn"
    assert sorted((w["keyword"], w["whole_word"]) for w in after["keywords"]) == [("match", False), ("warm", False)]
    assert 'Filtered: Sports' in ann.get("/home/recent").html
    page = ann.get("/settings/filters").submit("/settings/filters", expect=422, words=" ", title="Kept")
    assert page.has("at least one word") and dict(page.fields("/settings/filters"))["title"] == "Kept"
    page = ann.get("/settings/filters").submit("/settings/filters", expect=422, words="a", without=("where",))
    assert dict(page.fields("/settings/filters"))["words"] == "a"
    site.of["bob"].get(edit, expect=404)
    assert ann.get(edit).click(edit + "/delete").has("You have none yet")


def test_hashtags(site, ann):
    site.k.account("zoe")
    site.k.say(site.k.token("zoe"), "my #garden where it grows")
    assert not ann.get("/home/recent").has("where it grows")
    page = ann.get("/tags/garden").click("/tags/garden/follow")
    assert page.path == "/tags/garden" and page.has("Unfollow")
    assert ann.get("/home/recent").has("where it grows")
    assert ann.get("/settings/tags").has("#garden")
    assert ann.get("/settings/tags").submit("/settings/tags", tag="#Straßenbahn").has("bahn")
    assert ann.get("/settings/tags").submit("/settings/tags", expect=422, tag="no tag").has("Hashtag")
    assert not ann.get("/settings/tags").click("/tags/garden/unfollow").has("#garden Unfollow")
    assert not ann.get("/home/recent").has("where it grows")
    assert "formaction" not in Browser(site.k).get("/tags/garden").html, "visitors follow nothing"


def test_muted_blocked_and_servers(site, ann):
    ann.get("/@bob").click("/@bob/mute")
    ann.get("/@eve").click("/@eve/block")
    page = ann.get("/settings/unwanted")
    assert page.has("@bob") and page.has("@eve")
    page = page.click("/@bob/unmute")
    assert page.path == "/settings/unwanted" and page.has("You mute nobody")
    assert page.click("/@eve/unblock").has("You block nobody")
    page = ann.get("/settings/servers").submit("/settings/servers", domain="Loud.Example")
    assert page.has("loud.example") and site.api("/api/v1/domain_blocks") == ["loud.example"]
    page = page.submit("/settings/servers", expect=422, domain="no name")
    assert 'role="alert"' in page.html and dict(page.fields("/settings/servers"))["domain"] == "no name"
    assert ann.get("/settings/servers").click("/settings/servers/loud.example/end").has("You block none")


def test_whose_notices(site, ann):
    page = ann.get("/settings/notices").submit("/settings/notices", new="drop", not_followed="wait")
    fields = dict(page.fields("/settings/notices"))
    assert (fields["new"], fields["not_followed"], fields["private"]) == ("drop", "wait", "show")
    policy = site.api("/api/v2/notifications/policy")
    assert (policy["for_new_accounts"], policy["for_not_following"]) == ("drop", "filter")


def test_what_is_new_is_for_its_owner(site, ann):
    assert Browser(site.k).raw("GET", "/fresh").status_code == 401
    newest = site.k.say(site.tokens["ann"], "the newest by now")["id"]
    assert ann.raw("GET", "/fresh?since=" + newest).text.split()[0] == "0"
    site.k.api("POST", "/api/v1/accounts/%s/follow" % site.api("/api/v1/accounts/verify_credentials", "bob")["id"], site.tokens["ann"])
    site.k.say(site.tokens["bob"], "one more")
    root = site.k.say(site.tokens["bob"], "and one for @ann")
    site.k.say(site.tokens["bob"], "a reply to myself", in_reply_to_id=root["id"])
    assert ann.raw("GET", "/fresh?since=" + newest).text.split()[0] == "2", "replies wait in their rooms"


@pytest.mark.parametrize("path", ["/lists", "/later/1", "/settings/filters", "/settings/servers", "/settings/notices", "/settings/tags",
                                  "/tags/tea/follow", "/drafts/1/end", "/settings/profile", "/lists/1/people"])
def test_no_form_works_from_elsewhere(site, ann, path):
    ann.open("POST", path, expect=403, data={"csrf": "stolen", "title": "x", "words": "x", "domain": "x.example", "tag": "tea"})
