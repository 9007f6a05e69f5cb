# SPDX-License-Identifier: MIT
"""Every list that pages: its standard and greatest length, its Link header, and where these lead."""
import time
import urllib.parse

import pytest

from kwipd import Kwipd
from test_api import links

MANY, SOME = 82, 42

# path -> (who asks, standard, most); {x} is filled from the site's facts.
STATUS_LISTS = {
    "/api/v1/timelines/home": ("ann", 20, 40),
    "/api/v1/timelines/public": (None, 20, 40),
    "/api/v1/timelines/public?local=true": ("ann", 20, 40),
    "/api/v1/timelines/tag/paging": (None, 20, 40),
    "/api/v1/timelines/list/{list}": ("ann", 20, 40),
    "/api/v1/accounts/{ann}/statuses": (None, 20, 40),
    "/api/v1/accounts/{ann}/statuses?exclude_replies=true&exclude_reblogs=true": ("ann", 20, 40),
    "/api/v1/favourites": ("ann", 20, 40),
    "/api/v1/bookmarks": ("ann", 20, 40),
    "/api/v1/statuses/{said}/quotes": ("ann", 20, 40),
}
PEOPLE_LISTS = {
    "/api/v1/accounts/{ann}/followers": (None, 40, 80),
    "/api/v1/accounts/{ann}/following": ("ann", 40, 80),
    "/api/v1/accounts/{ann}/endorsements": (None, 40, 80),
    "/api/v1/endorsements": ("ann", 40, 80),
    "/api/v1/lists/{list}/accounts": ("ann", 40, 80),
    "/api/v1/statuses/{said}/favourited_by": (None, 40, 80),
    "/api/v1/statuses/{said}/reblogged_by": ("ann", 40, 80),
    "/api/v1/follow_requests": ("lena", 40, 80),
    "/api/v1/blocks": ("mia", 40, 80),
    "/api/v1/mutes": ("mia", 40, 80),
}
OTHER_LISTS = {
    "/api/v1/notifications": ("ann", 40, 80),
    "/api/v2/notifications?types[]=mention": ("ann", 40, 80),
    "/api/v1/notifications/requests": ("pia", 40, 80),
    "/api/v1/conversations": ("ann", 20, 40),
    "/api/v1/scheduled_statuses": ("ann", 20, 40),
    "/api/v1/followed_tags": ("lena", 100, 200),
    "/api/v1/domain_blocks": ("lena", 100, 200),
}
LISTS = {**STATUS_LISTS, **PEOPLE_LISTS, **OTHER_LISTS}


class Site:
    def __init__(self, k):
        self.k, self.facts, self.tokens = k, {}, {}
        for name in ("ann", "lena", "mia", "pia"):
            k.account(name)
            self.tokens[name] = k.token(name)
            self.facts[name] = self.me(self.tokens[name])
        self.others = []
        for i in range(MANY):
            k.account("o%d" % i)
            self.others.append(k.token("o%d" % i))
        self.ids = [self.me(t) for t in self.others]
        self.say_things()
        self.relate()
        self.call("GET", "/api/v1/timelines/home", "ann")

    def me(self, token):
        return self.k.api("GET", "/api/v1/accounts/verify_credentials", token).json()["id"]

    def call(self, method, path, who, **options):
        token = self.tokens.get(who, who)
        answer = self.k.api(method, path, token, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer

    def say_things(self):
        ann = self.tokens["ann"]
        self.facts["said"] = said = self.k.say(ann, "quote me")["id"]
        later = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))
        for i in range(SOME):
            s = self.k.say(ann, "number %d #paging" % i)
            for verb in ("favourite", "bookmark"):
                self.call("POST", "/api/v1/statuses/%s/%s" % (s["id"], verb), "ann")
            self.call("POST", "/api/v1/statuses", "ann", json={"status": "later %d" % i, "scheduled_at": later})
            self.k.say(self.others[i], "look", quoted_status_id=said)
        for token in self.others:
            for verb in ("favourite", "reblog"):
                self.call("POST", "/api/v1/statuses/%s/%s" % (said, verb), token)
            self.k.say(token, "@ann psst", visibility="direct")

    def relate(self):
        self.facts["list"] = self.call("POST", "/api/v1/lists", "ann", json={"title": "all"}).json()["id"]
        self.call("PATCH", "/api/v1/accounts/update_credentials", "lena", json={"locked": True})
        self.call("PATCH", "/api/v2/notifications/policy", "pia", json={"for_not_following": "filter"})
        for token, id in zip(self.others, self.ids):
            self.call("POST", "/api/v1/accounts/%s/follow" % id, "ann")
            self.call("POST", "/api/v1/accounts/%s/endorse" % id, "ann")
            for verb in ("mute", "block"):
                self.call("POST", "/api/v1/accounts/%s/%s" % (id, verb), "mia")
            for name in ("ann", "lena"):
                self.call("POST", "/api/v1/accounts/%s/follow" % self.facts[name], token)
            self.k.say(token, "hello @pia")
        self.call("POST", "/api/v1/lists/%s/accounts" % self.facts["list"], "ann", json={"account_ids": self.ids})
        for i in range(202):
            self.call("POST", "/api/v1/tags/t%d/follow" % i, "lena")
            self.call("POST", "/api/v1/domain_blocks", "lena", data={"domain": "d%d.example" % i})

    def ask(self, path, who, **params):
        return self.call("GET", path.format(**self.facts), who and self.tokens[who], params=params)


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


def things(answer):
    """What the items of a page are known by."""
    got = answer.json()
    if isinstance(got, dict):
        return [g["group_key"] for g in got["notification_groups"]]
    return [x if isinstance(x, str) else x.get("id") or x["name"] for x in got]


@pytest.mark.parametrize("path", LISTS)
def test_standard_and_most(site, path):
    who, standard, most = LISTS[path]
    assert len(things(site.ask(path, who))) == standard
    assert len(things(site.ask(path, who, limit=100000))) == most
    assert len(things(site.ask(path, who, limit=3))) == 3


@pytest.mark.parametrize("path", LISTS)
def test_links_lead_on_and_back(site, path):
    who, _, _ = LISTS[path]
    plain, _, query = path.format(**site.facts).partition("?")
    pages, answers = [], []
    answer = site.ask(path, who, limit=7, hello="w\u00f6rld")
    for _ in range(3):
        found = links(answer)
        assert [rel for rel, _ in found] == ["next", "prev"], answer.headers.get("Link")
        for _, url in found:
            assert url.startswith(site.k.url + plain + "?"), url
            assert all(part in urllib.parse.unquote(url) for part in query.split("&")) and "limit=7" in url and "hello=w%C3%B6rld" in url
        pages.append(things(answer))
        answers.append(answer)
        answer = site.call("GET", found[0][1].removeprefix(site.k.url), who and site.tokens[who])
    seen = [x for page in pages for x in page]
    assert len(set(seen)) == 21 and seen == things(site.ask(path, who, limit=21))
    back = site.call("GET", links(answers[2])[1][1].removeprefix(site.k.url), who and site.tokens[who])
    assert things(back) == pages[1]


@pytest.mark.parametrize("path", LISTS)
def test_the_end_has_no_next_and_nothing_has_no_link(site, path):
    who, _, most = LISTS[path]
    answer, n = site.ask(path, who, limit=most), 0
    while links(answer) and links(answer)[0][0] == "next":
        answer = site.call("GET", links(answer)[0][1].removeprefix(site.k.url), who and site.tokens[who])
        n += 1
        assert n < 10
    assert n > 0
    if things(answer):
        assert [rel for rel, _ in links(answer)] == ["prev"] and len(things(answer)) < most
    else:
        assert "Link" not in answer.headers
    empty = site.ask(path, who, max_id=1)
    assert things(empty) == [] and "Link" not in empty.headers
