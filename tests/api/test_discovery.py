# SPDX-License-Identifier: MIT
"""What the server tells about itself: nodeinfo, webfinger, host-meta, OAuth's metadata, oEmbed, the instance's parts."""
import re
import xml.etree.ElementTree as tree

import pytest
from entities import check, check_error
from support import change_at_rest


class Site:
    def __init__(self, k):
        self.k = k
        k.account("ann", "--admin")
        self.token = k.token("ann")
        self.host = k.url.split("//")[1]

    def get(self, path, **options):
        answer = self.k.get(path, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer


@pytest.fixture(scope="module")
def site(shared):
    return Site(shared)


def test_oauth_metadata(site):
    told = check("OAuthMetadata", site.get("/.well-known/oauth-authorization-server").json())
    assert told["issuer"] == site.k.url + "/" and told["authorization_endpoint"] == site.k.url + "/oauth/authorize"
    assert told["code_challenge_methods_supported"] == ["S256"] and "admin:write:reports" in told["scopes_supported"]
    assert "password" not in told["grant_types_supported"]


def test_nodeinfo(site):
    link = site.get("/.well-known/nodeinfo").json()["links"][0]
    assert link == {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": site.k.url + "/nodeinfo/2.0"}
    told = check("NodeInfo", site.get("/nodeinfo/2.0").json())
    assert told["software"]["name"] == "kwipd" and told["metadata"]["upstream"]["name"] == "mastodon"
    assert told["openRegistrations"] is True and told["usage"]["users"]["total"] == 1
    site.k.say(site.token, "counted")
    assert site.get("/nodeinfo/2.0").json()["usage"]["localPosts"] == told["usage"]["localPosts"] + 1


def test_host_meta(site):
    answer = site.get("/.well-known/host-meta")
    assert answer.headers["Content-Type"].startswith("application/xrd+xml")
    link = tree.fromstring(answer.content).find("{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link")
    assert link.get("rel") == "lrdd" and link.get("template") == site.k.url + "/.well-known/webfinger?resource={uri}"


def test_webfinger(site):
    for resource in ("acct:ann@" + site.host, "acct:ANN@" + site.host, site.k.url + "/@ann", "ann@" + site.host):
        answer = site.get("/.well-known/webfinger", params={"resource": resource})
        assert answer.headers["Content-Type"].startswith("application/jrd+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        told = answer.json()
        assert told["subject"] == "acct:ann@" + site.host and site.k.url + "/@ann" in told["aliases"]
        assert {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": site.k.url + "/@ann"} in told["links"]
    for resource in ("acct:ann@other.example", "acct:nobody@" + site.host, "nonsense", "https://other.example/@ann"):
        check_error(site.k.get("/.well-known/webfinger", params={"resource": resource}), 404)
    check_error(site.k.get("/.well-known/webfinger"), 400)


def test_health(site):
    answer = site.get("/health")
    assert answer.text == "OK" and answer.headers["Content-Type"].startswith("text/plain")


def test_instances(site):
    v2 = check("Instance", site.get("/api/v2/instance").json())
    v1 = check("V1::Instance", site.get("/api/v1/instance/").json())
    assert v2["domain"] == v1["uri"] == site.host
    assert re.match(r"4\.5\.0 \(compatible; kwipd \d+\.\d+\.\d+\)$", v2["version"]) and v1["version"] == v2["version"]
    assert v2["api_versions"] == {"mastodon": 7}
    assert v2["contact"]["account"]["username"] == v1["contact_account"]["username"] == "ann"
    limits = v2["configuration"]
    assert limits["polls"] == {"max_options": 8, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746}
    assert limits["media_attachments"] == v1["configuration"]["media_attachments"]
    assert "image/webp" in limits["media_attachments"]["supported_mime_types"]
    for url in (v2["thumbnail"]["url"], v2["icon"][0]["src"]):
        assert site.get(url[len(site.k.url):]).headers["Content-Type"].startswith("image/")


def test_lists_of_the_instance(site):
    for part in ("rules", "peers", "domain_blocks"):
        assert site.get("/api/v1/instance/" + part).json() == []
    assert site.get("/api/v1/instance/translation_languages").json() == {}
    languages = site.get("/api/v1/instance/languages").json()
    assert {"code": "en", "name": "English"} in languages and len({x["code"] for x in languages}) == len(languages)


def test_activity(site):
    before = site.get("/api/v1/instance/activity").json()
    assert len(before) == 12 and all(set(w) == {"week", "statuses", "logins", "registrations"} for w in before)
    assert all(re.fullmatch(r"\d+", v) for w in before for v in w.values())
    weeks = [int(w["week"]) for w in before]
    assert all(a - b == 7 * 86400 for a, b in zip(weeks, weeks[1:])) and all((w // 86400 + 3) % 7 == 0 for w in weeks)
    site.k.say(site.token, "busy")
    site.k.say(site.token, "not counted", visibility="private")
    after = site.get("/api/v1/instance/activity").json()
    assert int(after[0]["statuses"]) == int(before[0]["statuses"]) + 1 and after[0]["registrations"] == "1"


def test_texts(site):
    for part in ("extended_description", "privacy_policy"):
        told = check("Text", site.get("/api/v1/instance/" + part).json())
        assert told["content"].startswith("<p>")
    for part in ("terms_of_service", "terms_of_service/2026-01-01"):
        assert check_error(site.k.get("/api/v1/instance/" + part), 404) == "Record not found"


def test_rules_and_push_key_from_the_database(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    k.stop()
    change_at_rest(k.dir, "INSERT INTO rule (place, text, hint) VALUES (2, 'Second', ''), (1, 'Be kind', 'Always')")
    change_at_rest(k.dir, "INSERT OR REPLACE INTO meta (key, value) VALUES ('vapid_public', 'BKey')")
    k.start()
    rules = k.get("/api/v1/instance/rules").json()
    assert [(r["text"], r["hint"]) for r in rules] == [("Be kind", "Always"), ("Second", "")]
    v2 = check("Instance", k.get("/api/v2/instance").json())
    assert v2["rules"] == rules == k.get("/api/v1/instance").json()["rules"]
    assert v2["configuration"]["vapid"]["public_key"] == "BKey"


def test_oembed(site):
    said = site.k.say(site.token, "shown <b>elsewhere</b>")
    told = check("OEmbed", site.get("/api/oembed", params={"url": said["url"], "maxwidth": "300", "format": "json"}).json())
    assert told["author_name"] == "ann" and told["title"] == "A kwip of @ann" and told["width"] == 300 and said["url"] in told["html"]
    assert "shown &lt;b&gt;elsewhere" in told["html"]
    hidden = site.k.say(site.token, "hidden", visibility="private")
    for url in (hidden["url"], site.k.url + "/@ann", site.k.url + "/@ann/1", "https://other.example/@ann/1", ""):
        check_error(site.k.get("/api/oembed", params={"url": url}), 404)
