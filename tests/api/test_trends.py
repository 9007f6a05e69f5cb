# SPDX-License-Identifier: MIT
"""What is talked about: hashtags, kwips and links, counted by the search service, and what moderators say to it."""
import os
import sys
import time

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "svc"))

from entities import check, check_error  # noqa: E402
from kwipd import Kwipd, wait_for  # noqa: E402
from people import Site  # noqa: E402
from receiver import Receiver  # noqa: E402

TRENDS = "/api/v1/trends/"
ADMIN = "/api/v1/admin/trends/"
HTML = {"Content-Type": "text/html; charset=utf-8"}
SOON = {"KWIPD_TEST_TRENDS_MS": "150", "KWIPD_TEST_PACE_MS": "20"}


@pytest.fixture(scope="module")
def world():
    with Receiver({"/a": [(200, HTML, b"<title>A page</title>")], "/b": [(200, HTML, b"<title>Another</title>")]},
                  standard=(404, HTML, b"")) as r:
        yield r


@pytest.fixture(scope="module")
def site(world):
    with Kwipd(env=SOON, link_previews="on", fetch_private="127.0.0.1") as k:
        s = Site(k)
        k.account("boss", "--admin")
        s.boss = k.token("boss", "read write admin:read admin:write")
        s.people = [s.person() for _ in range(6)]
        yield s


def names(site, token=None, **query):
    got = site.get(TRENDS + "tags", token, **query)
    check("Tag of viewer" if token else "Tag", got)
    return [t["name"] for t in got]


def counted(site):
    """A full count has begun and ended since: tags come first, links last."""
    n = getattr(site, "counts", 0) + 1
    site.counts = n
    for token, _ in site.people[:2]:
        site.say(token, "#mark%d" % n)
    wait_for(lambda: "mark%d" % n in names(site, limit=20))
    time.sleep(0.4)


def test_nothing_talked_about(shared):
    for path in ("", "/tags", "/statuses", "/links"):
        answer = shared.api("GET", "/api/v1/trends" + path)
        assert answer.json() == [] and "Link" not in answer.headers


def test_tags_by_people_not_by_uses(site):
    (a, _), (b, _), (c, _), (d, _), shy, _ = site.people
    for token in (a, b, c):
        site.say(token, "#three #two" if token != c else "#three")
    for _ in range(5):
        site.say(a, "#alone")
    for token in (a, b):
        site.say(token, "#hidden", visibility="unlisted")
    site.k.api("PATCH", "/api/v1/accounts/update_credentials", shy[0], json={"discoverable": False})
    site.say(shy[0], "#shy")
    site.say(a, "#shy")
    counted(site)
    got = [n for n in names(site, limit=20) if not n.startswith("mark")]
    assert got == ["three", "two"]
    tag = [t for t in site.get(TRENDS + "tags", limit=20) if t["name"] == "three"][0]
    assert (tag["history"][0]["uses"], tag["history"][0]["accounts"]) == ("3", "3")
    assert [t["name"] for t in site.get("/api/v1/trends", limit=20)] == names(site, limit=20)
    assert all("following" in t for t in site.get(TRENDS + "tags", a))


def test_pages(site):
    every = names(site, limit=20)
    answer = site.call("GET", TRENDS + "tags?limit=1")
    assert answer.json()[0]["name"] == every[0]
    assert answer.links["next"]["url"] == site.k.url + TRENDS + "tags?limit=1&offset=1" and "prev" not in answer.links
    assert sum(([t["name"] for t in page] for page in site.pages(TRENDS + "tags", None, limit=1)), []) == every
    last = site.call("GET", TRENDS + "tags?offset=%d&limit=1" % (len(every) - 1))
    assert "next" not in last.links and last.links["prev"]["url"].endswith("offset=%d" % (len(every) - 2))
    assert names(site, offset=1000) == []


def statuses(site, token=None):
    got = site.get(TRENDS + "statuses", token, limit=40)
    check("Status of viewer" if token else "Status", got)
    return [s["id"] for s in got]


def like(site, kwip, *people):
    for n, (token, _) in enumerate(people):
        site.post("/api/v1/statuses/%s/%s" % (kwip, ("favourite", "reblog")[n % 2]), token)


def test_kwips_by_people(site):
    a, b, c, d, _, e = site.people
    three, two, one, rude, warned, hidden = (site.say(who[0], "kwip %d" % n, **more) for n, (who, more) in enumerate((
        (a, {}), (b, {}), (a, {}), (a, {"sensitive": True}), (e, {"spoiler_text": "careful"}), (a, {"visibility": "unlisted"}))))
    like(site, three, b, c, d)
    like(site, two, c, d)
    like(site, one, d)
    for kwip in (rude, warned, hidden):
        like(site, kwip, b, c, d)
    # The same person counts once, and the author not at all.
    site.post("/api/v1/statuses/%s/reblog" % one, d[0])
    site.post("/api/v1/statuses/%s/favourite" % one, a[0])
    wait_for(lambda: statuses(site) == [three, two])
    site.post("/api/v1/accounts/%s/mute" % a[1], e[0])
    site.post("/api/v1/accounts/%s/block" % b[1], e[0])
    assert statuses(site, e[0]) == [], "at once, for who does not want to see them"
    site.post("/api/v1/accounts/%s/unmute" % a[1], e[0])
    site.post("/api/v1/accounts/%s/unblock" % b[1], e[0])
    site.call("DELETE", "/api/v1/statuses/" + two, b[0])
    assert statuses(site) == [three]
    site.call("POST", "/api/v1/admin/accounts/%s/action" % a[1], site.boss, json={"type": "silence"})
    assert statuses(site) == [], "limited people do not trend"
    site.call("POST", "/api/v1/admin/accounts/%s/unsilence" % a[1], site.boss)
    wait_for(lambda: statuses(site) == [three])


def test_links_by_people(site, world):
    a, b, c, d, _, _ = site.people
    for token, _ in (a, b, c):
        site.say(token, "look: %s/a" % world.url)
    for token, _ in (a, b):
        site.say(token, "see %s/b" % world.url)
    site.say(a[0], "only me: %s/b?x=1" % world.url)
    urls = lambda: [link["url"] for link in site.get(TRENDS + "links")]  # noqa: E731
    wait_for(lambda: urls() == [world.url + "/a", world.url + "/b"], 20)
    links = check("Trends::Link", site.get(TRENDS + "links"))
    assert links[0]["title"] == "A page" and links[0]["history"][0]["uses"] == links[0]["history"][0]["accounts"] == "3"
    assert len(links[0]["history"]) == 7
    kwips = site.get("/api/v1/timelines/link", a[0], url=world.url + "/a")
    assert len(kwips) == 3


# -- moderators --

@pytest.mark.parametrize("path", ["tags", "statuses", "links", "links/publishers"])
def test_for_moderators_only(site, path):
    check_error(site.k.api("GET", ADMIN + path), 401)
    check_error(site.k.api("GET", ADMIN + path, site.people[0][0]), 403)
    for verb in ("approve", "reject"):
        check_error(site.k.api("POST", "%s%s/1/%s" % (ADMIN, path, verb), site.people[0][0]), 403)
        check_error(site.k.api("POST", "%s%s/999999/%s" % (ADMIN, path, verb), site.boss), 404)
    assert site.get(ADMIN + path, site.boss)


def test_tags_are_rejected_and_approved(site):
    tags = check("Admin::Tag", site.get(ADMIN + "tags", site.boss, limit=40))
    three = [t for t in tags if t["name"] == "three"][0]
    assert three["trendable"]
    assert site.call("POST", ADMIN + "tags/%s/reject" % three["id"], site.boss).json() == {}
    site.call("POST", ADMIN + "tags/%s/reject" % three["id"], site.boss)
    assert "three" not in names(site, limit=20) and "two" in names(site, limit=20)
    assert not [t for t in site.get(ADMIN + "tags", site.boss, limit=40) if t["name"] == "three"][0]["trendable"]
    site.call("POST", ADMIN + "tags/%s/approve" % three["id"], site.boss)
    assert "three" in names(site, limit=20)


def test_kwips_are_rejected_and_approved(site):
    (kwip,) = statuses(site)
    check("Admin::Trends::Status", site.get(ADMIN + "statuses", site.boss))
    site.call("POST", ADMIN + "statuses/%s/reject" % kwip, site.boss)
    assert statuses(site) == [] and [s["id"] for s in site.get(ADMIN + "statuses", site.boss)] == [kwip]
    site.call("POST", ADMIN + "statuses/%s/approve" % kwip, site.boss)
    assert statuses(site) == [kwip]


def test_links_and_their_hosts_are_rejected_and_approved(site, world):
    links = check("Admin::Trends::Link", site.get(ADMIN + "links", site.boss))
    site.call("POST", ADMIN + "links/%s/reject" % links[0]["id"], site.boss)
    assert [x["url"] for x in site.get(TRENDS + "links")] == [world.url + "/b"]
    site.call("POST", ADMIN + "links/%s/approve" % links[0]["id"], site.boss)
    (host,) = check("Admin::Trends::Publisher", site.get(ADMIN + "links/publishers", site.boss))
    assert host["domain"] == world.url.split("//")[1] and host["trendable"]
    gone = check("Admin::Trends::Publisher", site.post(ADMIN + "links/publishers/%s/reject" % host["id"], site.boss))
    assert not gone["trendable"] and site.get(TRENDS + "links") == []
    assert len(site.get(ADMIN + "links", site.boss)) == 2
    site.post(ADMIN + "links/publishers/%s/approve" % host["id"], site.boss)
    assert len(site.get(TRENDS + "links")) == 2


def test_admin_tags(site):
    tags = check("Admin::Tag", site.get("/api/v1/admin/tags", site.boss))
    ids = [int(t["id"]) for t in tags]
    assert ids == sorted(ids, reverse=True) and {"three", "alone", "hidden"} <= {t["name"] for t in tags}
    assert sum(([t["id"] for t in page] for page in site.pages("/api/v1/admin/tags", site.boss, limit=2)), []) == [t["id"] for t in tags]
    path = "/api/v1/admin/tags/" + [t["id"] for t in tags if t["name"] == "two"][0]
    assert check("Admin::Tag", site.get(path, site.boss))["trendable"]
    assert not check("Admin::Tag", site.put(path, site.boss, trendable=False))["trendable"]
    assert "two" not in names(site, limit=20)
    assert site.put(path, site.boss, listable=True)["trendable"] is False
    assert site.put(path, site.boss, trendable=True)["trendable"]
    site.fails(404, "GET", "/api/v1/admin/tags/999999", site.boss)
    site.fails(404, "PUT", "/api/v1/admin/tags/999999", site.boss, trendable=True)
    site.fails(403, "GET", "/api/v1/admin/tags", site.people[0][0])


def test_what_is_old_counts_less(make_kwipd):
    """A clock that stands at another day makes kwips of that day: three people then, two of today."""
    k = make_kwipd(env=SOON)
    s = Site(k)
    people = [s.person()[0] for _ in range(3)]
    k.stop()
    now = int(time.time() * 1000)
    k.env["KWIPD_TEST_CLOCK_MS"] = str(now - 3 * 86400000)
    k.start()
    for token in people:
        s.say(token, "#old #both")
    k.stop()
    k.env["KWIPD_TEST_CLOCK_MS"] = str(now)
    k.start()
    for token in people[:2]:
        s.say(token, "#new #both")
    wait_for(lambda: names(s) == ["both", "new", "old"])
    k.stop()
    k.env["KWIPD_TEST_CLOCK_MS"] = str(now + 5 * 86400000)
    k.start()
    wait_for(lambda: names(s) == ["both", "new"], 20)
