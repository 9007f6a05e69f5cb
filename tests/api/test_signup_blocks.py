# SPDX-License-Identifier: MIT
"""Who may join: mail domains, addresses and networks that moderators keep out; being let in first."""
import re
import time

import pytest

from entities import check, check_error
from kwipd import Kwipd
from people import Site
from support import keep_no_cookies
from test_oauth import app_token

ADMIN = "/api/v1/admin/"
VERIFY = "/api/v1/accounts/verify_credentials"


class Door(Site):
    def __init__(self, k):
        super().__init__(k)
        keep_no_cookies(k)
        k.account("boss", "--admin")
        self.root = k.token("boss", "read write admin:read admin:write")
        self.by = app_token(k)

    def join(self, email="x@fine.example", name=None, at=None, **more):
        self.n += 1
        self.name = name or "j%d" % self.n
        form = dict({"username": self.name, "email": email.replace("x@", "x%d@" % self.n), "password": "correct-horse",
                     "agreement": True, "locale": "en"}, **more)
        return self.k.api("POST", "/api/v1/accounts", self.by, json=form, headers=self.origin(at))

    def origin(self, at):
        return {"Authorization": "Bearer " + self.by, **({"X-Forwarded-For": at} if at else {})}

    def page(self, at=None, email="", **more):
        self.n += 1
        self.name = "j%d" % self.n
        form = self.k.get("/signup", headers=self.origin(at))
        csrf = re.search(r'name="csrf" value="([^"]+)"', form.text).group(1)
        return self.k.request("POST", "/signup", cookies=form.cookies, headers={"X-Forwarded-For": at} if at else {}, allow_redirects=False,
                              data=dict({"csrf": csrf, "name": self.name, "email": email, "password": "correct-horse"}, **more))

    def block(self, kind, **body):
        made = self.post(ADMIN + kind, self.root, **body)
        return lambda: self.call("DELETE", "%s%s/%s" % (ADMIN, kind, made["id"]), self.root)

    def id_of(self, name):
        return self.get(ADMIN + "accounts", self.root, username=name)[0]["id"]


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        yield Door(k)


def blocked(answer, field):
    assert answer.status_code == 422, answer.text
    details = answer.json()["details"]
    assert [e["error"] for e in details[field]] == ["ERR_BLOCKED"], details
    assert answer.json()["error"].startswith("Validation failed: ")


def test_mail_domains_and_what_is_below_them(site):
    end = site.block("email_domain_blocks", domain="Trash.example")
    for mail in ("x@trash.example", "x@TRASH.example", "x@deep.down.trash.example"):
        blocked(site.join(mail), "email")
        answer = site.page(email=mail)
        assert answer.status_code == 422 and "not accepted here" in answer.text
    assert site.join("x@nottrash.example").status_code == 200
    assert site.page(email="y@nottrash.example").status_code in (302, 303)
    end()
    assert site.join("x@trash.example").status_code == 200


def test_single_mail_addresses_however_they_are_written(site):
    end = site.block("canonical_email_blocks", email="John.Doe@mail.example")
    for mail in ("johndoe+spam@mail.example", "JOHN.DOE@mail.example"):
        blocked(site.join(mail), "email")
        assert site.page(email=mail).status_code == 422
    assert site.join("johndo@mail.example").status_code == 200
    end()
    assert site.join("john.doe@mail.example").status_code == 200


def test_networks_that_may_not_sign_up(site):
    end = site.block("ip_blocks", ip="203.0.113.0/24", severity="sign_up_block")
    blocked(site.join(at="203.0.113.77"), "base")
    answer = site.page(at="203.0.113.77")
    assert answer.status_code == 422 and "from your address" in answer.text
    assert site.join(at="203.0.112.77").status_code == 200
    assert site.k.get("/everyone", headers={"X-Forwarded-For": "203.0.113.77"}).status_code == 200
    end()
    assert site.join(at="203.0.113.77").status_code == 200
    end = site.block("ip_blocks", ip="2001:db8:1::/48", severity="sign_up_block", expires_in=1)
    blocked(site.join(at="2001:db8:1:2::3"), "base")
    time.sleep(1.1)
    assert site.join(at="2001:db8:1:2::3").status_code == 200
    end()
    assert "IP" in site.fails(422, "POST", ADMIN + "ip_blocks", site.root, ip="300.1.1.1", severity="no_access")
    made = site.post(ADMIN + "ip_blocks", site.root, ip="198.51.100.9", severity="sign_up_block")
    assert made["ip"] == "198.51.100.9/32"
    site.call("DELETE", "%sip_blocks/%s" % (ADMIN, made["id"]), site.root)


def test_no_access_is_for_every_request_at_once(site):
    at = {"X-Forwarded-For": "192.0.2.66"}
    paths = ["/", "/everyone", "/static/nothing", "/api/v1/instance", "/nope", "/media/x"]

    def answers(headers=at):
        return [site.k.request("GET", p, headers=headers).status_code for p in paths]

    free = answers()
    assert 403 not in free
    end = site.block("ip_blocks", ip="192.0.2.64/26", severity="no_access")
    assert answers() == [403] * len(paths)
    answer = site.k.request("GET", "/api/v1/instance", headers=at)
    check_error(answer, 403)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert site.k.request("POST", "/api/v1/apps", headers=at, json={}).status_code == 403
    assert site.k.request("GET", "/healthz", headers=at).status_code == 200
    assert answers({"X-Forwarded-For": "192.0.2.63"}) == free
    blocks = site.get(ADMIN + "ip_blocks", site.root)
    site.put("%sip_blocks/%s" % (ADMIN, blocks[0]["id"]), site.root, severity="sign_up_block")
    assert answers() == free
    site.put("%sip_blocks/%s" % (ADMIN, blocks[0]["id"]), site.root, severity="no_access", expires_in=2)
    assert answers() == [403] * len(paths)
    time.sleep(2.1)
    assert answers() == free, "it is over by itself"
    site.put("%sip_blocks/%s" % (ADMIN, blocks[0]["id"]), site.root, expires_in=3600)
    assert 200 not in answers()
    site.k.restart()
    assert answers() == [403] * len(paths), "also after a restart"
    end()
    assert answers() == free


@pytest.mark.parametrize("kind,body,mail,at", [
    ("email_domain_blocks", {"domain": "maybe.example", "allow_with_approval": True}, "x@sub.maybe.example", None),
    ("ip_blocks", {"ip": "198.51.100.0/24", "severity": "sign_up_requires_approval"}, "x@fine.example", "198.51.100.3"),
])
def test_some_are_looked_at_first(site, kind, body, mail, at):
    end = site.block(kind, **body)
    token = check("Token", site.join(mail, at=at).json())["access_token"]
    assert site.fails(403, "GET", VERIFY, token) == "Your login is currently pending approval"
    site.call("POST", "%saccounts/%s/approve" % (ADMIN, site.id_of(site.name)), site.root)
    assert site.get(VERIFY, token)["username"] == site.name
    end()


# -- sign-up by approval --

@pytest.fixture(scope="module")
def door():
    with Kwipd(signups="approval") as k:
        yield Door(k)


def test_it_says_so(door):
    one = door.get("/api/v2/instance")["registrations"]
    assert one["enabled"] is True and one["approval_required"] is True
    two = door.get("/api/v1/instance")
    assert two["registrations"] is True and two["approval_required"] is True
    assert door.get("/nodeinfo/2.0")["openRegistrations"] is True
    assert 'name="reason"' in door.k.get("/signup").text and "lets people in" in door.k.get("/signup").text
    assert "/signup" in door.k.get("/everyone").text and "let people in" in door.k.get("/about").text


def test_waiting_and_being_let_in(door):
    token = check("Token", door.join(reason="I like kwips").json())["access_token"]
    name, id = door.name, door.id_of(door.name)
    # What who waits may do: as Mastodon, nothing that needs a person.
    for path in (VERIFY, "/api/v1/timelines/home", "/api/v1/notifications", "/api/v1/preferences"):
        assert door.fails(403, "GET", path, token) == "Your login is currently pending approval"
    assert check_error(door.k.api("POST", "/api/v1/statuses", token, json={"status": "let me in"}), 403)
    assert door.fails(403, "POST", "/api/v1/accounts", token, username="two", email="two@fine.example", password="correct-horse", agreement=True)
    assert door.get("/api/v1/apps/verify_credentials", token)["name"]
    assert door.get("/api/v1/emails/check_confirmation", token) is True
    assert door.get("/api/v1/timelines/public", token) == []
    # Nobody sees them, but moderators.
    door.fails(404, "GET", "/api/v1/accounts/" + id)
    door.fails(404, "GET", "/api/v1/accounts/lookup?acct=" + name)
    assert door.k.get("/@" + name).status_code == 404
    assert door.get("/api/v2/search", door.root, q=name, type="accounts")["accounts"] == []
    waiting = check("Admin::Account", door.get("/api/v2/admin/accounts", door.root, status="pending"))
    assert [(w["username"], w["approved"], w["invite_request"]) for w in waiting] == [(name, False, "I like kwips")]
    told = check("Notification", door.get("/api/v1/notifications", door.root))
    assert [(n["type"], n["account"]["username"]) for n in told] == [("admin.sign_up", name)]
    assert door.get("/api/v2/notifications", door.root)["notification_groups"][0]["type"] == "admin.sign_up"
    done = check("Admin::Account", door.call("POST", "%saccounts/%s/approve" % (ADMIN, id), door.root).json())
    assert done["approved"] is True and done["invite_request"] is None
    assert door.get(VERIFY, token)["username"] == name
    said = door.say(token, "thank you")
    assert door.ids("/api/v1/timelines/home", token) == [said]
    door.fails(422, "POST", "%saccounts/%s/approve" % (ADMIN, id), door.root)


def test_the_page_waits_as_well(door):
    answer = door.page(reason="a page's reason")
    assert answer.status_code in (302, 303) and "kwipd_session" not in answer.cookies
    assert "Somebody will look at it" in door.k.get(answer.headers["Location"]).text
    name = door.name
    assert door.get(ADMIN + "accounts", door.root, username=name)[0]["invite_request"] == "a page's reason"

    def log_in():
        form = door.k.get("/login")
        csrf = re.search(r'name="csrf" value="([^"]+)"', form.text).group(1)
        return door.k.request("POST", "/login", cookies=form.cookies, allow_redirects=False,
                              data={"csrf": csrf, "name": name, "password": "correct-horse"})

    refused = log_in()
    assert refused.status_code == 403 and "let you in first" in refused.text
    door.k.run("account", "approve", name)
    assert log_in().status_code in (302, 303)
    assert door.k.run("account", "approve", name, check=False).returncode == 1
    assert door.page(reason="x" * 421).status_code == 422
    assert door.join(reason="x" * 421).json()["details"]["reason"][0]["error"] == "ERR_TOO_LONG"


def test_turned_away_leaves_nothing(door):
    token = door.join(name="hopeful").json()["access_token"]
    door.call("POST", "%saccounts/%s/reject" % (ADMIN, door.id_of("hopeful")), door.root)
    door.fails(401, "GET", VERIFY, token)
    assert door.get(ADMIN + "accounts", door.root, username="hopeful") == []
    assert "hopeful" not in [n["account"]["username"] for n in door.get("/api/v1/notifications", door.root)]
    again = door.join(name="hopeful").json()["access_token"]
    door.k.run("account", "reject", "hopeful")
    door.fails(401, "GET", VERIFY, again)


def test_invited_people_do_not_wait(door):
    me, my_id = door.person()
    from support import log_in
    jar, csrf = log_in(door.k, "p%d" % door.n)
    door.k.request("POST", "/invites", data={"uses": 3, "days": 3, "csrf": csrf}, cookies=jar)
    code = re.search(r"signup\?invite=(\w+)", door.k.get("/invites", cookies=jar).text).group(1)
    token = door.join(invite_code=code).json()["access_token"]
    assert door.get(VERIFY, token)["username"] == door.name
    # One who has to wait all the same meets the inviter when let in.
    end = door.block("ip_blocks", ip="198.51.100.0/24", severity="sign_up_requires_approval")
    later = door.join(invite_code=code, at="198.51.100.7").json()["access_token"]
    assert door.fails(403, "GET", VERIFY, later)
    door.k.run("account", "approve", door.name)
    them = door.get(VERIFY, later)["id"]
    assert [a["id"] for a in door.get("/api/v1/accounts/%s/following" % them, later)] == [my_id]
    end()


def test_moderators_hear_of_everybody_who_joins(site):
    site.post("/api/v1/notifications/clear", site.root)
    site.join("x@hello.example")
    assert [(n["type"], n["account"]["username"]) for n in site.get("/api/v1/notifications", site.root)] == [("admin.sign_up", site.name)]
