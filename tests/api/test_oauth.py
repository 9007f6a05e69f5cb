# SPDX-License-Identifier: MIT
"""OAuth 2 as apps use it, and as attackers do: registration, consent, codes, PKCE, tokens, revocation, sign-up by apps."""
import base64
import hashlib
import html
import re
import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from entities import check, check_error
from support import Db, cookies_of, csrf_of, keep_no_cookies, log_in

BACK = "https://client.example/callback"
OOB = "urn:ietf:wg:oauth:2.0:oob"
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}\Z")
EVENT_TOKENS = 23  # store/event.h
VERIFY = "/api/v1/accounts/verify_credentials"


class Site:
    def __init__(self, k):
        self.k = k
        for name in ("ann", "bob"):
            k.account(name)
        keep_no_cookies(k)
        self.jar, self.csrf = log_in(k, "ann")

    def app(self, redirect=BACK, scopes="read write follow push", **more):
        answer = self.k.api("POST", "/api/v1/apps", data=dict(
            client_name="Tester", redirect_uris=redirect, scopes=scopes, **more))
        assert answer.status_code == 200, answer.text
        return check("CredentialApplication", answer.json())

    def ask(self, app, redirect=BACK, jar=None, **more):
        query = dict(response_type="code", client_id=app["client_id"], redirect_uri=redirect, scope="read write", **more)
        return self.k.get("/oauth/authorize", params=query, cookies=self.jar if jar is None else jar)

    def decide(self, page, decision="allow", **changes):
        """Sends the consent page's own form."""
        assert page.status_code == 200, page.text
        form = page.text.split('action="/oauth/authorize"', 1)[1].split("</form>", 1)[0]
        fields = {html.unescape(n): html.unescape(v)
                  for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)}
        fields.update(decision=decision, **changes)
        return self.k.request("POST", "/oauth/authorize", data=fields, cookies=self.jar)

    def code(self, app, redirect=BACK, **more):
        answer = self.decide(self.ask(app, redirect, **more))
        assert answer.status_code in (302, 303), answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def trade(self, app, code, redirect=BACK, **more):
        return self.k.api("POST", "/oauth/token", data=dict(
            grant_type="authorization_code", client_id=app["client_id"], client_secret=app["client_secret"],
            code=code, redirect_uri=redirect, **more))

    def token(self, app, redirect=BACK, **more):
        answer = self.trade(app, self.code(app, redirect, **more), redirect)
        assert answer.status_code == 200, answer.text
        return check("Token", answer.json())["access_token"]

    def is_good(self, token):
        return self.k.api("GET", VERIFY, token).status_code == 200


@pytest.fixture(scope="module")
def site(shared):
    return Site(shared)


def check_oauth_error(answer, status, error):
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["error"] == error and answer.json()["error_description"]


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


# -- apps --

@pytest.mark.parametrize("send", [
    {"data": {"client_name": "x", "redirect_uris": OOB}},
    {"json": {"client_name": "x", "redirect_uris": OOB}},
    {"json": {"client_name": "x", "redirect_uris": [OOB, "app://cb"]}},
    {"data": {"client_name": "x", "redirect_uris": OOB + "\r\napp://cb\n"}},
    {"data": {"client_name": "x", "redirect_uris[]": [OOB, "app://cb"]}},
    {"files": {"client_name": (None, "x"), "redirect_uris": (None, OOB)}},
])
def test_apps_register_by_all_kinds_of_bodies(site, send):
    answer = site.k.api("POST", "/api/v1/apps", **send)
    app = check("CredentialApplication", answer.json())
    assert app["redirect_uris"][0] == OOB and app["redirect_uri"] == "\n".join(app["redirect_uris"])
    assert app["scopes"] == ["read"] and app["name"] == "x" and app["website"] is None
    assert TOKEN.match(app["client_id"]) and TOKEN.match(app["client_secret"])


@pytest.mark.parametrize("uri", [
    "oauth2redirect://com.keylesspalace.tusky/", "icecubesapp://", "com.example.app:/oauth", "http://localhost:3000/x?y=1",
    "https://elk.example/api/x.example/oauth/https%3A%2F%2Felk.example", "org.joinmastodon.android-auth://callback"])
def test_addresses_that_apps_use(site, uri):
    assert site.app(uri)["redirect_uris"] == [uri]


@pytest.mark.parametrize("uri", [
    "", "   ", "not a uri", "/relative", "localhost:3000/x", "javascript:alert(1)", "data:text/html,x", "JavaScript:x", "vbscript:x",
    "https://x.example/#frag", "https://", "https:///x", "http:x.example", "file:///etc/passwd", "https://x.example/\x01", "x" * 3000,
    "app://ok\njavascript:alert(1)", "https://x.example/ä"])
def test_addresses_that_nobody_gets(site, uri):
    answer = site.k.api("POST", "/api/v1/apps", data={"client_name": "x", "redirect_uris": uri})
    assert check_error(answer, 422).startswith("Validation failed")


@pytest.mark.parametrize("bad", [{"client_name": ""}, {"client_name": "x" * 61}, {"scopes": "read everything"},
                                 {"website": "javascript:alert(1)"}])
def test_apps_that_are_refused(site, bad):
    check_error(site.k.api("POST", "/api/v1/apps", data=dict({"client_name": "x", "redirect_uris": OOB}, **bad)), 422)


def test_an_app_knows_itself(site):
    app = site.app(website="https://client.example", scopes="profile admin:read:accounts write:media")
    granted = site.k.api("POST", "/oauth/token", data={
        "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "scope": "write:media"})
    token = check("Token", granted.json())
    assert token["scope"] == "write:media" and TOKEN.match(token["access_token"])
    mine = check("Application", site.k.api("GET", "/api/v1/apps/verify_credentials", token["access_token"]).json())
    assert mine["name"] == "Tester" and mine["website"] == "https://client.example" and mine["id"] == app["id"]
    assert "client_secret" not in mine
    check_error(site.k.api("GET", "/api/v1/apps/verify_credentials"), 401)
    assert check_error(site.k.api("GET", "/api/v1/apps/verify_credentials", "x" * 43), 401) == "The access token is invalid"


# -- the whole way --

def test_the_whole_way(site):
    app = site.app()
    page = site.ask(app, state="a b&c=\"ü")
    assert "Tester" in page.text and "@ann" in page.text and "client.example" in page.text
    assert "say things in your name" in page.text
    answer = site.decide(page)
    assert answer.status_code in (302, 303) and answer.headers["Location"].startswith(BACK + "?code=")
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["a b&c=\"ü"]
    granted = check("Token", site.trade(app, back["code"][0]).json())
    assert granted["scope"] == "read write" and granted["token_type"] == "Bearer" and TOKEN.match(granted["access_token"])
    me = site.k.api("GET", VERIFY, granted["access_token"]).json()
    assert me["username"] == "ann"
    said = site.k.say(granted["access_token"], "by an app")
    assert said["application"]["name"] == "Tester"


def test_saying_no(site):
    app = site.app()
    answer = site.decide(site.ask(app, state="s1"), "deny")
    assert answer.headers["Location"] == BACK + "?error=access_denied&state=s1"
    with Db(site.k.dir) as db:
        assert db.one("SELECT count(*) FROM grant_code WHERE app = ?", int(app["id"])) == 0


def test_a_visitor_logs_in_first_and_comes_back(site):
    app = site.app()
    first = site.ask(app, jar={}, state="x y")
    assert first.status_code in (302, 303) and first.headers["Location"].startswith("/login?next=")
    form = site.k.get(first.headers["Location"])
    jar = cookies_of(form)
    next_ = html.unescape(re.search(r'name="next" value="([^"]*)"', form.text).group(1))
    answer = site.k.request("POST", "/login", cookies=jar, data={
        "name": "ann", "password": site.k.passwords["ann"], "csrf": csrf_of(form), "next": next_})
    assert answer.headers["Location"].startswith("/oauth/authorize?")
    page = site.k.get(answer.headers["Location"], cookies=dict(jar, **cookies_of(answer)))
    assert page.status_code == 200 and "Tester" in page.text and 'value="x y"' in page.text


def test_out_of_band(site):
    app = site.app(OOB)
    answer = site.decide(site.k.get("/oauth/authorize/", cookies=site.jar, params={
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": OOB, "scope": "read", "state": "None",
        "force_login": "False", "lang": "None"}))
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    code = re.search(r'name="code" value="([^"]+)"', answer.text).group(1)
    assert site.trade(app, code, OOB).status_code == 200


@pytest.mark.parametrize("uri", ["https://elk.example/api/x.example/oauth/https%3A%2F%2Felk.example", "icecubesapp://",
                                 "http://localhost:1/x?y=%20z"])
def test_the_address_stays_as_it_was_registered(site, uri):
    app = site.app(uri)
    answer = site.decide(site.ask(app, uri))
    assert answer.headers["Location"].startswith(uri + ("&" if "?" in uri else "?") + "code=")
    decoded = uri.replace("%3A%2F%2F", "://").replace("%20", " ")
    if decoded != uri:
        assert site.ask(app, decoded).status_code == 400
    assert site.token(app, uri)


def test_json_and_basic(site):
    app = site.app()
    body = {"grant_type": "authorization_code", "code": site.code(app), "redirect_uri": BACK, "oauth_info": "ignored",
            "client_id": app["client_id"], "client_secret": app["client_secret"], "scope": "read"}
    assert check("Token", site.k.api("POST", "/oauth/token/", json=body).json())["scope"] == "read write"
    answer = site.k.request("POST", "/oauth/token", auth=(app["client_id"], app["client_secret"]),
                            data={"grant_type": "client_credentials"})
    assert check("Token", answer.json())["scope"] == "read"
    wrong = site.k.request("POST", "/oauth/token", auth=(app["client_id"], "x"), data={"grant_type": "client_credentials"})
    check_oauth_error(wrong, 401, "invalid_client")


def test_userinfo(site):
    app = site.app(scopes="profile")
    code = parse_qs(urlsplit(site.decide(site.k.get("/oauth/authorize", cookies=site.jar, params={
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK,
        "scope": "profile"})).headers["Location"]).query)["code"][0]
    token = site.trade(app, code).json()["access_token"]
    for method in ("GET", "POST"):
        me = check("UserInfo", site.k.api(method, "/oauth/userinfo", token).json())
        assert me["preferred_username"] == "ann"
    assert site.k.api("GET", VERIFY, token).status_code == 200, "profile is enough to know oneself"
    check_error(site.k.api("GET", "/api/v1/timelines/home", token), 403)
    check_error(site.k.api("GET", "/oauth/userinfo", site.k.token("ann")), 403)


# -- attacks --

def test_a_code_works_once_and_reuse_ends_its_token(site):
    app, other = site.app(), site.app()
    code, bystander = site.code(app), site.token(app)
    token = site.trade(app, code).json()["access_token"]
    assert site.is_good(token)
    check_oauth_error(site.trade(other, code), 400, "invalid_grant")
    assert site.is_good(token), "another app's try ends nothing"
    check_oauth_error(site.trade(app, code), 400, "invalid_grant")
    assert not site.is_good(token) and site.is_good(bystander)


def test_another_apps_code(site):
    app, thief = site.app(), site.app()
    code = site.code(app)
    check_oauth_error(site.trade(thief, code), 400, "invalid_grant")
    check_oauth_error(site.trade(dict(app, client_secret=thief["client_secret"]), code), 401, "invalid_client")
    assert site.trade(app, code).status_code == 200


@pytest.mark.parametrize("redirect", ["https://evil.example/", BACK + "/", BACK + "?x=1", BACK.upper(), BACK + "/../x",
                                      "https://client.example@evil.example/callback", "", "//evil.example", OOB])
def test_wrong_redirects_lead_nowhere(site, redirect):
    app = site.app()
    page = site.ask(app, redirect, state="s")
    assert page.status_code == 400 and "Location" not in page.headers
    forged = site.decide(site.ask(app), redirect_uri=redirect)
    assert forged.status_code == 400 and "Location" not in forged.headers
    check_oauth_error(site.trade(app, site.code(app), redirect), 400, "invalid_grant")


@pytest.mark.parametrize("change", [{"client_id": "nobody"}, {"scope": "read admin:write"}, {"scope": "nonsense"},
                                    {"response_type": "token"}, {"code_challenge": "short", "code_challenge_method": "S256"},
                                    {"code_challenge": challenge("x"), "code_challenge_method": "plain"},
                                    {"code_challenge": challenge("x")}, {"code_challenge_method": "S256"}])
def test_mistakes_are_told_here_not_there(site, change):
    """No redirect without somebody's consent: the page cannot be used to lead people elsewhere."""
    app = site.app()
    query = dict({"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "scope": "read"}, **change)
    page = site.k.get("/oauth/authorize", params=query, cookies=site.jar)
    assert page.status_code == 400 and "Location" not in page.headers and "cannot be allowed" in page.text
    forged = site.decide(site.ask(app), **change)
    assert forged.status_code == 400 and "Location" not in forged.headers


def test_pkce(site):
    app, verifier = site.app(), "v" * 50
    asked = {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
    code = site.code(app, **asked)
    for wrong in ({}, {"code_verifier": "w" * 50}, {"code_verifier": challenge(verifier)}, {"code_verifier": ""}):
        check_oauth_error(site.trade(app, code, **wrong), 400, "invalid_grant")
    assert site.trade(app, code, code_verifier=verifier).status_code == 200
    check_oauth_error(site.trade(app, site.code(app), code_verifier=verifier), 400, "invalid_grant")


def test_scopes_cannot_grow(site):
    app = site.app(scopes="read:accounts follow")
    ask = lambda scope: site.k.get("/oauth/authorize", cookies=site.jar, params={  # noqa: E731
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "scope": scope})
    assert [ask(s).status_code for s in ("read", "write:follows", "read:accounts", "push", "write:follows read:statuses")] \
        == [400, 200, 200, 400, 400]
    check_oauth_error(site.k.api("POST", "/oauth/token", data={
        "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "scope": "write"}), 400, "invalid_scope")
    forged = site.decide(ask("read:accounts"), scope="read write")
    assert forged.status_code == 400
    code = parse_qs(urlsplit(site.decide(ask("read:accounts")).headers["Location"]).query)["code"][0]
    granted = site.trade(app, code, scope="read write admin:write").json()
    assert granted["scope"] == "read:accounts", "what was allowed counts, not what the trade asks"
    check_error(site.k.api("POST", "/api/v1/statuses", granted["access_token"], json={"status": "x"}), 403)


def test_consent_needs_the_pages_own_form(site):
    app, count = site.app(), "SELECT count(*) FROM grant_code g JOIN app a ON a.id = g.app WHERE a.client_id = ?"
    page = site.ask(app)
    for changes, headers in (({"csrf": ""}, {}), ({"csrf": "x" * 43}, {}), ({}, {"Origin": "https://evil.example"}),
                             ({}, {"Sec-Fetch-Site": "cross-site"})):
        fields = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "scope": "read",
                  "decision": "allow", "csrf": site.csrf}
        fields.update(changes)
        answer = site.k.request("POST", "/oauth/authorize", data=fields, cookies=site.jar, headers=headers)
        assert answer.status_code == 403 and "Location" not in answer.headers
    bob, _ = log_in(site.k, "bob")
    stolen = site.k.request("POST", "/oauth/authorize", cookies=bob, data={
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "decision": "allow", "csrf": csrf_of(page)})
    assert stolen.status_code == 403
    token = site.k.token("ann")
    assert site.k.api("POST", "/oauth/authorize", token, data={
        "response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK, "decision": "allow"}).status_code in (401, 403)
    with Db(site.k.dir) as db:
        assert db.one(count, app["client_id"]) == 0


def test_the_consent_pages_headers(site):
    page = site.ask(site.app())
    policy = page.headers["Content-Security-Policy"]
    assert "form-action" not in policy, "it would hold against the redirect back to the app"
    assert "frame-ancestors 'none'" in policy and page.headers["X-Frame-Options"] == "DENY"
    assert "Cross-Origin-Opener-Policy" not in page.headers and "no-store" in page.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in page.headers
    assert "form-action 'self'" in site.k.get("/login").headers["Content-Security-Policy"]


def test_names_of_apps_are_only_text(site):
    answer = site.k.api("POST", "/api/v1/apps", data={"client_name": "<script>x</script>", "redirect_uris": BACK})
    page = site.ask(answer.json(), state="\"><script>y</script>")
    assert "<script>x" not in page.text and "<script>y" not in page.text


def test_a_code_grows_old(make_kwipd):
    k = make_kwipd()
    site = Site(k)
    app = site.app()
    codes = [site.code(app), site.code(app)]
    for minutes, status in ((9, 200), (11, 400)):
        k.stop()
        k.env["KWIPD_TEST_CLOCK_MS"] = str(int(time.time() * 1000) + minutes * 60 * 1000)
        k.start()
        assert site.trade(app, codes.pop()).status_code == status


@pytest.mark.parametrize("body, status, error", [
    ({}, 400, "invalid_request"), ({"grant_type": "authorization_code"}, 401, "invalid_client"),
    ({"grant_type": "password", "username": "ann", "password": "x"}, 401, "invalid_client")])
def test_bad_trades(site, body, status, error):
    check_oauth_error(site.k.api("POST", "/oauth/token", data=body), status, error)


def test_bad_trades_of_a_good_client(site):
    app = site.app()
    who = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    send = lambda **body: site.k.api("POST", "/oauth/token", data=dict(who, **body))  # noqa: E731
    check_oauth_error(send(grant_type="refresh_token"), 400, "unsupported_grant_type")
    check_oauth_error(send(grant_type="password", username="ann", password=site.k.passwords["ann"]), 400,
                      "unsupported_grant_type")
    check_oauth_error(send(grant_type="authorization_code"), 400, "invalid_grant")
    check_oauth_error(send(grant_type="authorization_code", code="x" * 43, redirect_uri=BACK), 400, "invalid_grant")
    for own in ("kwipd-web", "kwipd-api"):
        check_oauth_error(send(client_id=own, client_secret="", grant_type="client_credentials"), 401, "invalid_client")


def test_password_grant_where_it_is_allowed(make_kwipd):
    k = make_kwipd(password_grant="on")
    site = Site(k)
    app = site.app()
    send = lambda **body: k.api("POST", "/oauth/token", data=dict(  # noqa: E731
        {"grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"], "scope": "read"}, **body))
    granted = check("Token", send(username="ann", password=k.passwords["ann"]).json())
    assert k.api("GET", VERIFY, granted["access_token"]).json()["username"] == "ann"
    check_oauth_error(send(username="ann", password="wrong"), 400, "invalid_grant")
    check_oauth_error(send(username="nobody", password="wrong"), 400, "invalid_grant")
    check_oauth_error(send(username="ann", password=k.passwords["ann"], scope="admin:read"), 400, "invalid_scope")
    assert "password" in k.get("/.well-known/oauth-authorization-server").json()["grant_types_supported"]


def test_guessing_passwords_is_limited(make_kwipd):
    k = make_kwipd(password_grant="on", rate_limit="on")
    k.account("ann")
    app = k.api("POST", "/api/v1/apps", data={"client_name": "x", "redirect_uris": OOB}).json()
    statuses = [k.api("POST", "/oauth/token", data={
        "grant_type": "password", "client_id": app["client_id"], "client_secret": app["client_secret"], "username": "ann",
        "password": "wrong%d" % i}).status_code for i in range(12)]
    assert statuses == [400] * 10 + [429] * 2


# -- ending --

def test_revoking(site):
    app, other = site.app(), site.app()
    token = site.token(app)
    send = lambda by, token: site.k.api("POST", "/oauth/revoke", data={  # noqa: E731
        "client_id": by["client_id"], "client_secret": by["client_secret"], "token": token})
    check_oauth_error(send(other, token), 403, "unauthorized_client")
    check_oauth_error(send(dict(app, client_secret="x"), token), 403, "unauthorized_client")
    assert site.is_good(token)
    with Db(site.k.dir) as db:
        ended = "SELECT count(*) FROM event WHERE kind = %d" % EVENT_TOKENS
        before = db.one(ended)
        for _ in range(2):
            answer = send(app, token)
            assert answer.status_code == 200 and answer.json() == {}
        assert not site.is_good(token)
        assert db.one(ended) == before + 1
    assert send(app, "never-was").json() == {}
    assert check_error(site.k.api("GET", VERIFY, token), 401) == "The access token is invalid"


def test_apps_in_the_settings(site):
    app = site.app(website="https://client.example/about")
    token, second, other = site.token(app), site.token(app), site.token(site.app())
    code = site.code(app)
    page = site.k.get("/settings/apps", cookies=site.jar)
    assert "Tester" in page.text and "https://client.example/about" in page.text and "read write" in page.text
    end = "/settings/apps/%s/end" % app["id"]
    assert page.text.count(end) == 1
    bob, bobs = log_in(site.k, "bob")
    assert site.k.request("POST", end, data={"csrf": bobs}, cookies=bob).status_code == 404
    assert site.k.request("POST", end, data={"csrf": "x"}, cookies=site.jar).status_code == 403
    assert site.is_good(token)
    answer = site.k.request("POST", end, data={"csrf": site.csrf}, cookies=site.jar)
    assert answer.headers["Location"] == "/settings/apps?done=app"
    assert not site.is_good(token) and not site.is_good(second) and site.is_good(other)
    check_oauth_error(site.trade(app, code), 400, "invalid_grant")
    assert end not in site.k.get("/settings/apps", cookies=site.jar).text


def test_browsers_in_the_settings(site):
    second, _ = log_in(site.k, "ann")
    page = site.k.get("/settings/apps", cookies=site.jar).text
    assert "this one" in page
    for key in re.findall(r"/settings/sessions/(\w+)/end", page):
        site.k.request("POST", "/settings/sessions/%s/end" % key, data={"csrf": site.csrf}, cookies=site.jar)
    assert site.k.get("/settings", cookies=second).status_code in (302, 303)
    assert site.k.get("/settings", cookies=site.jar).status_code == 200


# -- sign-up by apps --

def app_token(k, scopes="read write"):
    app = k.api("POST", "/api/v1/apps", data={"client_name": "Joiner", "redirect_uris": OOB, "scopes": scopes}).json()
    return k.api("POST", "/oauth/token", data={
        "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "scope": scopes}).json()["access_token"]


NEW = {"username": "newbie", "email": "n@x.example", "password": "correct-horse", "agreement": True, "locale": "de"}


def test_joining_through_an_app(site):
    by = app_token(site.k)
    answer = site.k.api("POST", "/api/v1/accounts", by, json=NEW)
    token = check("Token", answer.json())["access_token"]
    me = site.k.api("GET", VERIFY, token).json()
    assert me["username"] == "newbie" and me["source"]["language"] == "de"
    assert site.k.api("POST", "/api/v1/emails/confirmations", token).json() == {}
    taken = site.k.api("POST", "/api/v1/accounts", by, json=dict(NEW, username="NEWBIE"))
    assert check_error_details(taken) == {"username": "ERR_TAKEN", "email": "ERR_TAKEN"}


def check_error_details(answer):
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["error"].startswith("Validation failed: ")
    assert all(faults and fault["description"] for faults in body["details"].values() for fault in faults)
    return {field: faults[0]["error"] for field, faults in body["details"].items()}


@pytest.mark.parametrize("change, faults", [
    ({"username": ""}, {"username": "ERR_BLANK"}), ({"username": "a b"}, {"username": "ERR_INVALID"}),
    ({"username": "admin"}, {"username": "ERR_RESERVED"}), ({"username": "x" * 31}, {"username": "ERR_TOO_LONG"}),
    ({"email": ""}, {"email": "ERR_BLANK"}), ({"email": "nonsense"}, {"email": "ERR_INVALID"}),
    ({"password": ""}, {"password": "ERR_BLANK"}), ({"password": "short"}, {"password": "ERR_TOO_SHORT"}),
    ({"agreement": False}, {"agreement": "ERR_ACCEPTED"}), ({"invite_code": "nonsense"}, {"invite_code": "ERR_INVALID"}),
    ({"username": "", "email": "", "password": "", "agreement": False},
     {"username": "ERR_BLANK", "email": "ERR_BLANK", "password": "ERR_BLANK", "agreement": "ERR_ACCEPTED"}),
])
def test_mistakes_in_joining(site, change, faults):
    new = dict(NEW, username="other", email="o@x.example", **{})
    new.update(change)
    assert check_error_details(site.k.api("POST", "/api/v1/accounts", app_token(site.k), json=new)) == faults


def test_who_may_make_accounts(site):
    check_error(site.k.api("POST", "/api/v1/accounts", json=NEW), 401)
    assert "outside" in check_error(site.k.api("POST", "/api/v1/accounts", app_token(site.k, "read"), json=NEW), 403)
    check_error(site.k.api("POST", "/api/v1/accounts", site.k.token("ann"), json=NEW), 403)


@pytest.mark.parametrize("mode", ["invite", "closed"])
def test_joining_by_mode(make_kwipd, mode):
    k = make_kwipd(signups=mode)
    k.account("ann")
    by = app_token(k)
    check_error(k.api("POST", "/api/v1/accounts", by, json=NEW), 403)
    jar, csrf = log_in(k, "ann")
    k.request("POST", "/invites", data={"uses": 1, "days": 3, "csrf": csrf}, cookies=jar)
    code = re.search(r"signup\?invite=(\w+)", k.get("/invites", cookies=jar).text).group(1)
    answer = k.api("POST", "/api/v1/accounts", by, json=dict(NEW, invite_code=code))
    if mode == "closed":
        check_error(answer, 403)
        return
    check("Token", answer.json())
    again = k.api("POST", "/api/v1/accounts", by, json=dict(NEW, username="second", email="s@x.example", invite_code=code))
    assert check_error_details(again) == {"invite_code": "ERR_INVALID"}


# -- conventions --

def test_what_an_apps_own_token_cannot_do(site):
    answer = site.k.api("GET", "/api/v1/timelines/home", app_token(site.k))
    assert check_error(answer, 422) == "This method requires an authenticated user"
    assert site.k.api("GET", "/api/v1/timelines/public", app_token(site.k)).status_code == 200


def test_a_suspended_account(make_kwipd):
    k = make_kwipd()
    site = Site(k)
    token = site.token(site.app())
    with_code = site.app()
    code = site.code(with_code)
    k.run("account", "suspend", "ann")
    check_error(k.api("GET", VERIFY, token), 403)
    check_oauth_error(site.trade(with_code, code), 400, "invalid_grant")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/.well-known/oauth-authorization-server", "/api/v1/apps",
                                  "/api/nothing", "/nodeinfo/2.0", "/media/x", "/.well-known/nothing"])
def test_browsers_may_ask_from_anywhere(site, path):
    asked = site.k.request("OPTIONS", path, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "PUT"})
    assert asked.status_code in (200, 204) and asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "PUT" in asked.headers["Access-Control-Allow-Methods"]
    assert site.k.request("DELETE", path).headers["Access-Control-Allow-Origin"] == "*"


def test_put_where_patch_is(site):
    token, said = site.k.token("ann"), site.k.say(site.k.token("ann"), "first")
    answer = site.k.api("PATCH", "/api/v1/statuses/%s/" % said["id"], token, json={"status": "second"})
    assert answer.status_code == 200 and "second" in answer.json()["content"]


def test_get_with_a_body(site):
    token = site.k.token("ann")
    me = site.k.api("GET", VERIFY, token).json()["id"]
    got = site.k.api("GET", "/api/v1/accounts/relationships", token, json={"id": [int(me)]})
    assert [r["id"] for r in got.json()] == [me]


def test_quoting_is_undone_once(site):
    uri = "https://client.example/x?to=" + quote("https://a.example/?b=c", safe="")
    app = site.app(uri)
    assert site.decide(site.ask(app, uri)).headers["Location"].startswith(uri + "&code=")
