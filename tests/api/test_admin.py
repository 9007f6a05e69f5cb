# SPDX-License-Identifier: MIT
"""The admin API: who may, people and what is done to them, reports, what the site keeps out, figures."""
import pytest

from entities import check, check_error
from kwipd import Kwipd

ADMIN = "/api/v1/admin"
SCOPES = "read write admin:read admin:write"


class Site:
    def __init__(self, k):
        self.k = k
        k.account("boss", "--admin")
        self.root = k.token("boss", SCOPES)
        self.n = 0

    def person(self):
        self.n += 1
        self.k.account("p%d" % self.n, "--email", "p%d@mail.example" % self.n)
        token = self.k.token("p%d" % self.n)
        return token, self.call("GET", "/api/v1/accounts/verify_credentials", token)["id"]

    def call(self, method, path, token=None, status=200, **options):
        answer = self.k.api(method, path, token or self.root, **options)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        return answer.json()


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Site(k)


@pytest.mark.parametrize("path", ["/accounts", "/reports", "/domain_blocks", "/ip_blocks"])
def test_for_moderators_with_the_scope_only(site, path):
    token, _ = site.person()
    member = site.k.token("p%d" % site.n, SCOPES)
    check_error(site.k.api("GET", ADMIN + path), 401)
    check_error(site.k.api("GET", ADMIN + path, member), 403)
    check_error(site.k.api("GET", ADMIN + path, site.k.token("boss", "read write")), 403)
    assert site.k.api("GET", ADMIN + path, site.k.token("boss", "admin:read" + path.replace("/", ":"))).status_code == 200
    check_error(site.k.api("GET", ADMIN + path, site.k.token("boss", "admin:read:canonical_email_blocks")), 403)


def test_people_are_found(site):
    _, x = site.person()
    name = "p%d" % site.n
    all_of_them = check("Admin::Account", site.call("GET", ADMIN + "/accounts"))
    assert all_of_them[0]["id"] == x and all_of_them[0]["email"] == name + "@mail.example"
    for query in ({"username": name}, {"email": name + "@"}, {"local": True, "username": name}, {"active": True, "username": name}):
        assert [w["id"] for w in site.call("GET", ADMIN + "/accounts", params=query)] == [x]
    for query in ({"remote": True}, {"suspended": True, "username": name}, {"disabled": True}, {"username": "%"}):
        assert site.call("GET", ADMIN + "/accounts", params=query) == []
    assert [w["username"] for w in site.call("GET", "/api/v2/admin/accounts?permissions=staff")] == ["boss"]
    assert site.call("GET", "/api/v2/admin/accounts?status=active&origin=local&limit=1")[0]["id"] == x
    check_error(site.k.api("GET", ADMIN + "/accounts/1", site.root), 404)


def test_limits_suspends_and_restores(site):
    token, x = site.person()
    base = "%s/accounts/%s" % (ADMIN, x)

    def now():
        return check("Admin::Account", site.call("GET", base))

    assert site.call("POST", base + "/action", json={"type": "silence"}) == {}
    assert now()["silenced"] is True
    assert check("Admin::Account", site.call("POST", base + "/unsilence"))["silenced"] is False
    site.call("POST", base + "/action", json={"type": "sensitive"})
    assert now()["sensitized"] is True and site.call("POST", base + "/unsensitive")["sensitized"] is False
    check_error(site.k.api("DELETE", base, site.root), 403)
    site.call("POST", base + "/action", json={"type": "suspend", "text": "spam"})
    assert now()["suspended"] is True
    assert site.k.api("GET", "/api/v1/accounts/verify_credentials", token).status_code in (401, 403)
    assert site.call("POST", base + "/unsuspend")["suspended"] is False
    assert site.call("POST", base + "/enable")["disabled"] is False
    check_error(site.k.api("POST", base + "/approve", site.root), 422)
    check_error(site.k.api("POST", base + "/action", site.root, json={"type": "tickle"}), 422)
    site.call("POST", base + "/action", json={"type": "suspend"})
    assert check("Admin::Account", site.call("DELETE", base))["id"] == x
    check_error(site.k.api("GET", base, site.root), 404)


def test_nobody_acts_on_equals(site):
    me = site.call("GET", "/api/v1/accounts/verify_credentials")["id"]
    check_error(site.k.api("POST", "%s/accounts/%s/action" % (ADMIN, me), site.root, json={"type": "suspend"}), 403)


def test_reports_are_worked_through(site):
    me, my_id = site.person()
    other, x = site.person()
    said = site.k.say(other, "buy now")
    made = site.call("POST", "/api/v1/reports", me, json={"account_id": x, "status_ids": [said["id"]], "comment": "look"})
    base = "%s/reports/%s" % (ADMIN, made["id"])
    got = check("Admin::Report", site.call("GET", base))
    assert got["account"]["id"] == my_id and got["target_account"]["id"] == x
    assert [s["id"] for s in got["statuses"]] == [said["id"]] and got["comment"] == "look"
    assert made["id"] in [r["id"] for r in site.call("GET", ADMIN + "/reports", params={"target_account_id": x})]
    assert site.call("POST", base + "/assign_to_self")["assigned_account"]["username"] == "boss"
    assert site.call("POST", base + "/unassign")["assigned_account"] is None
    assert site.call("PUT", base, json={"category": "spam"})["category"] == "spam"
    done = check("Admin::Report", site.call("POST", base + "/resolve"))
    assert done["action_taken"] and done["action_taken_by_account"]["username"] == "boss"
    assert site.call("GET", ADMIN + "/reports", params={"target_account_id": x}) == []
    assert site.call("GET", ADMIN + "/reports", params={"target_account_id": x, "resolved": True})[0]["id"] == made["id"]
    assert site.call("POST", base + "/reopen")["action_taken"] is False
    site.call("POST", "%s/accounts/%s/action" % (ADMIN, x), json={"type": "none", "report_id": made["id"]})
    assert site.call("GET", base)["action_taken"] is True
    check_error(site.k.api("POST", ADMIN + "/reports/1/resolve", site.root), 404)


@pytest.mark.parametrize("path,entity,body,change", [
    ("domain_blocks", "Admin::DomainBlock", {"domain": "Bad.example", "severity": "suspend", "reject_media": True}, {"public_comment": "spam"}),
    ("domain_allows", "Admin::DomainAllow", {"domain": "good.example"}, None),
    ("email_domain_blocks", "Admin::EmailDomainBlock", {"domain": "trash.example"}, None),
    ("ip_blocks", "Admin::IpBlock", {"ip": "192.0.2.0/24", "severity": "no_access", "expires_in": 3600}, {"comment": "noise"}),
    ("canonical_email_blocks", "Admin::CanonicalEmailBlock", {"email": "No.One+x@mail.example"}, None),
])
def test_what_the_site_keeps_out(site, path, entity, body, change):
    base = "%s/%s" % (ADMIN, path)
    made = check(entity, site.call("POST", base, json=body))
    check_error(site.k.api("POST", base, site.root, json=body), 422)
    assert check(entity, site.call("GET", base)) == [made]
    one = "%s/%s" % (base, made["id"])
    assert site.call("GET", one) == made
    if change:
        assert check(entity, site.call("PUT", one, json=change)) == dict(made, **change)
    if path == "domain_blocks":
        assert made["domain"] == "bad.example" and made["severity"] == "suspend" and made["reject_media"] is True
        check_error(site.k.api("POST", base, site.root, json={"domain": "x.example", "severity": "hard"}), 422)
    if path == "canonical_email_blocks":
        assert [b["id"] for b in site.call("POST", base + "/test", json={"email": "noone@mail.example"})] == [made["id"]]
        assert site.call("POST", base + "/test", json={"email": "other@mail.example"}) == []
    assert site.call("DELETE", one) == {}
    check_error(site.k.api("GET", one, site.root), 404)
    check_error(site.k.api("POST", base, site.root, json={}), 422)


def test_figures(site):
    site.person()
    got = check("Admin::Measure", site.call("POST", ADMIN + "/measures", json={"keys": ["new_users", "moon_phase"]}))
    assert [m["key"] for m in got] == ["new_users"] and int(got[0]["total"]) >= site.n
    assert sum(int(d["value"]) for d in got[0]["data"]) == int(got[0]["total"]) and len(got[0]["data"]) == 30
    kinds = check("Admin::Dimension", site.call("POST", ADMIN + "/dimensions", json={"keys": ["software_versions"]}))
    assert kinds[0]["data"][0]["key"] == "kwipd"
    assert site.call("POST", ADMIN + "/retention", json={}) == []


def test_the_account_is_told_what_was_done(site):
    token, x = site.person()
    other, _ = site.person()
    base = "%s/accounts/%s" % (ADMIN, x)
    said = site.k.say(token, "spam")
    report = site.call("POST", "/api/v1/reports", other, json={"account_id": x, "status_ids": [said["id"]]})

    def told():
        return check("Notification", site.call("GET", "/api/v1/notifications", token, params={"types[]": "moderation_warning"}))

    site.call("POST", base + "/action", json={"type": "none", "text": "be kind", "report_id": report["id"]})
    one = told()[0]
    warning = one["moderation_warning"]
    assert one["account"]["id"] == x and (warning["action"], warning["text"]) == ("none", "be kind")
    assert warning["status_ids"] == [said["id"]] and warning["target_account"]["id"] == x and warning["appeal"] is None
    groups = site.call("GET", "/api/v2/notifications", token)["notification_groups"]
    assert [(g["type"], g["moderation_warning"]["id"]) for g in groups] == [("moderation_warning", warning["id"])]
    site.call("POST", base + "/action", json={"type": "silence"})
    site.call("POST", base + "/action", json={"type": "sensitive", "send_email_notification": False})
    site.call("POST", base + "/unsilence")
    site.call("POST", base + "/unsensitive")
    site.call("POST", base + "/enable")
    assert [n["moderation_warning"]["action"] for n in told()] == ["silence", "none"], "taking back is no warning"
    site.call("POST", base + "/action", json={"type": "suspend", "text": "enough"})
    site.call("POST", base + "/unsuspend")
    assert [n["moderation_warning"]["action"] for n in told()] == ["suspend", "silence", "none"]
    from support import log_in
    jar, _ = log_in(site.k, "p%d" % (site.n - 1))
    assert "A warning. be kind" in site.k.get("/notices", cookies=jar).text


def test_reports_and_sign_ups_are_notices_of_moderators(site):
    me, _ = site.person()
    _, x = site.person()
    report = site.call("POST", "/api/v1/reports", me, json={"account_id": x, "comment": "look"})
    got = check("Notification", site.call("GET", "/api/v1/notifications", params={"types[]": "admin.report"}))
    assert got[0]["report"]["id"] == report["id"] and got[0]["report"]["target_account"]["id"] == x
    assert site.call("GET", "/api/v1/notifications", me, params={"types[]": "admin.report"}) == []


def test_a_suspended_account_is_blank_and_comes_back(site):
    me, my_id = site.person()
    token, x = site.person()
    name = "p%d" % site.n
    base = "%s/accounts/%s" % (ADMIN, x)
    site.k.api("PATCH", "/api/v1/accounts/update_credentials", token, json={
        "display_name": "Loud", "note": "me me me", "locked": False, "bot": True, "fields_attributes": [{"name": "a", "value": "b"}]})
    site.call("POST", "/api/v1/accounts/%s/follow" % x, me)
    said = site.k.say(token, "hello #loudness @p%d" % (site.n - 1))["id"]
    answer = site.k.say(me, "an answer", in_reply_to_id=said)["id"]
    site.call("POST", "/api/v1/statuses/%s/favourite" % said, me)
    lists = ["/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/loudness", "/api/v1/favourites"]

    def seen():
        return [said in [s["id"] for s in site.call("GET", path, me)] for path in lists]

    assert all(seen())
    assert site.call("GET", "/api/v1/statuses/%s/context" % answer, me)["ancestors"]
    site.call("POST", base + "/action", json={"type": "suspend"})
    assert not any(seen())
    check_error(site.k.api("GET", "/api/v1/statuses/" + said, me), 404)
    assert site.call("GET", "/api/v1/statuses/%s/context" % answer, me)["ancestors"] == []
    assert site.call("GET", "/api/v1/notifications", me, params={"types[]": "mention"}) == []
    assert site.k.get("/@%s/%s" % (name, said)).status_code in (404, 410) and site.k.get("/@" + name).status_code in (404, 410)
    assert check_error(site.k.api("GET", "/api/v1/accounts/verify_credentials", token), 403) == "Your login is currently disabled"
    check_error(site.k.api("POST", "/api/v1/statuses", token, json={"status": "no"}), 403)
    blank = check("Account", site.call("GET", "/api/v1/accounts/" + x, me))
    assert blank["suspended"] is True and (blank["display_name"], blank["note"], blank["fields"]) == ("", "", [])
    assert blank["bot"] is False and blank["username"] == name and "/static/" in blank["avatar"]
    assert site.call("GET", "/api/v1/accounts/%s/statuses" % x, me) == []
    assert site.call("GET", "/api/v2/search", me, params={"q": name, "type": "accounts"})["accounts"] == []
    site.call("POST", base + "/unsuspend")
    assert all(seen()) and site.call("GET", "/api/v1/accounts/" + x, me)["display_name"] == "Loud"
    assert site.call("GET", "/api/v1/accounts/verify_credentials", token)["username"] == name
    assert len(site.call("GET", "/api/v1/notifications", me, params={"types[]": "mention"})) == 1


def test_lists_page_up_from_where_one_was(site):
    """min_id gives those just above it, still newest first; since_id the newest ones."""
    about = site.person()[1]
    for n in range(6):
        site.call("POST", ADMIN + "/domain_blocks", json={"domain": "page%d.example" % n})
        site.call("POST", "/api/v1/reports", site.person()[0], json={"account_id": about})
    for path in "/domain_blocks", "/reports", "/accounts":
        ids = [int(e["id"]) for e in site.call("GET", ADMIN + path + "?limit=6")]
        assert len(ids) == 6 and ids == sorted(ids, reverse=True)
        up = site.call("GET", "%s%s?limit=2&min_id=%d" % (ADMIN, path, ids[5]))
        newest = site.call("GET", "%s%s?limit=2&since_id=%d" % (ADMIN, path, ids[5]))
        assert [int(e["id"]) for e in up] == ids[3:5] and [int(e["id"]) for e in newest] == ids[:2], path
