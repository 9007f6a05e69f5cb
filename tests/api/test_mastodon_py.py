# SPDX-License-Identifier: MIT
"""The API through a real client: every method of Mastodon.py (as Debian has it) that has an endpoint here, with a witness
in between."""
import datetime
import functools
import inspect
import re
import threading

import mastodon
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mastodon import Mastodon, MastodonError, StreamListener

from kwipd import wait_for
from player import png
from support import log_in
from svc.receiver import Receiver
from witness import witnessed

SCOPES = ["read", "write", "follow", "push"]
OOB = "urn:ietf:wg:oauth:2.0:oob"
# Methods without an endpoint here, and why; that they are not there is tested too.
NOT_HERE = {
    "follows": "by address on another server; gone since Mastodon 3.0",
    "reports": "one's own reports; gone since Mastodon 2.5",
}
# What asks nothing of a server.
ALONE = {"decode_blurhash": "needs the blurhash module of another maker than Debian has"}
called, inside = set(), threading.local()


def noted(name, method):
    """The method; that it was called from outside, and came back, is written down."""
    @functools.wraps(method)
    def call(*args, **options):
        is_outermost, inside.yes = not getattr(inside, "yes", False), True
        try:
            result = method(*args, **options)
            if is_outermost:
                called.add(name)
            return result
        finally:
            if is_outermost:
                inside.yes = False
    return call


def methods():
    return {n for n in dir(Mastodon) if not n.startswith("_") and callable(getattr(Mastodon, n))}


class Client(Mastodon):
    pass


for method_name in methods():
    is_static = isinstance(inspect.getattr_static(Mastodon, method_name), staticmethod)
    noting = noted(method_name, getattr(Mastodon, method_name))
    setattr(Client, method_name, staticmethod(noting) if is_static else noting)


class Site:
    """Two people and a moderator with a client each, and their accounts."""

    def __init__(self, k, w):
        self.k, self.w = k, w
        self.id, self.secret = Client.create_app("client", api_base_url=k.url, scopes=SCOPES)
        self.ann, self.bob = self.login("ann"), self.login("bob")
        self.ann_id, self.bob_id = self.ann.me().id, self.bob.me().id

    def client(self, token=None, scopes=SCOPES):
        return Client(client_id=self.id, client_secret=self.secret, api_base_url=self.k.url, access_token=token)

    def login(self, name):
        self.k.account(name, password="a long password of " + name)
        client = self.client()
        client.log_in(name, "a long password of " + name, scopes=SCOPES)
        return client

    def person(self, name):
        """Somebody new: (client, id)."""
        self.k.account(name)
        client = self.client(self.k.token(name))
        return client, client.me().id


@pytest.fixture(scope="module")
def site():
    with witnessed(password_grant="on", signups="open", fetch_private="127.0.0.1") as (k, w):
        yield Site(k, w)


def later(hours):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)


def test_app_instance_and_self(site):
    a = site.ann
    assert a.app_verify_credentials().name == "client"
    # Newer releases ask the second version unless told.
    assert getattr(a, "instance_v1", a.instance)().uri == site.k.url.split("//")[1] and a.instance_health() is True
    assert a.instance_nodeinfo().software.name == "kwipd"
    assert a.instance_rules() == [] and a.instance_peers() == [] and len(a.instance_activity()) > 0
    assert a.custom_emojis() == [] and a.announcements() == []
    changed = a.account_update_credentials(display_name="Ann", note="about", fields=[("a", "b")], avatar=png(50, 50),
                                           avatar_mime_type="image/png")
    assert changed.display_name == "Ann" and changed.fields[0].value and "/media/" in changed.avatar
    assert a.preferences()["posting:default:visibility"] == "public"


def test_the_password_grant_is_off_by_default(make_kwipd):
    k = make_kwipd()
    k.account("ann", password="a long password")
    app = Client.create_app("client", api_base_url=k.url, scopes=SCOPES)
    client = Client(client_id=app[0], client_secret=app[1], api_base_url=k.url)
    with pytest.raises(MastodonError):
        client.log_in("ann", "a long password", scopes=SCOPES)


def test_statuses(site):
    a, b = site.ann, site.bob
    s = a.status_post("hello #tag", visibility="public")
    answer = b.status_reply(s, "hi")
    assert [x.id for x in a.status_context(s.id).descendants] == [answer.id]
    assert a.status(s.id).replies_count == 1
    assert a.status_source(s.id).text == "hello #tag"
    a.status_update(s.id, "changed #tag")
    assert len(a.status_history(s.id)) == 2
    b.status_favourite(s.id)
    assert [x.id for x in a.status_favourited_by(s.id)] == [site.bob_id] and s.id in [x.id for x in b.favourites()]
    b.status_reblog(s.id)
    assert [x.id for x in a.status_reblogged_by(s.id)] == [site.bob_id]
    b.status_unreblog(s.id)
    b.status_unfavourite(s.id)
    a.status_bookmark(s.id)
    assert [x.id for x in a.bookmarks()] == [s.id]
    a.status_unbookmark(s.id)
    a.status_pin(s.id)
    assert [x.id for x in a.account_statuses(site.ann_id, pinned=True)] == [s.id]
    assert a.status_unpin(s.id).pinned is False
    assert a.status_mute(s.id).muted is True and a.status_unmute(s.id).muted is False
    assert s.id in [x.id for x in a.timeline_hashtag("tag")] and s.id in [x.id for x in a.timeline_local()]
    a.status_delete(s.id)
    with pytest.raises(MastodonError):
        a.status(s.id)


def test_media_and_polls(site):
    a, b = site.ann, site.bob
    m = a.media_post(png(40, 30), mime_type="image/png", description="a red field", focus=(0.1, -0.2))
    assert (m.meta.original.width, m.meta.original.height) == (40, 30)
    assert a.media_update(m, description="a field").description == "a field"
    s = a.status_post("picture", media_ids=[m])
    assert s.media_attachments[0].description == "a field"
    assert s.id in [x.id for x in a.account_statuses(site.ann_id, only_media=True)]
    assert s.id in [x.id for x in a.timeline_public(only_media=True)]
    p = a.status_post("which?", poll=a.make_poll(["x", "y"], 600)).poll
    b.poll_vote(p, [1])
    assert b.poll(p).own_votes == [1] and a.poll(p).options[1].votes_count == 1


def test_scheduled(site):
    a = site.ann
    s = a.status_post("later", scheduled_at=later(1))
    assert [x.id for x in a.scheduled_statuses()] == [s.id] and a.scheduled_status(s).params.text == "later"
    assert a.scheduled_status_update(s, later(2)).scheduled_at > s.scheduled_at
    a.scheduled_status_delete(s)
    assert a.scheduled_statuses() == []


def test_people(site):
    a, b = site.ann, site.bob
    assert a.account_follow(site.bob_id).following
    assert [x.id for x in b.account_followers(site.bob_id)] == [site.ann_id]
    assert [x.id for x in a.account_following(site.ann_id)] == [site.bob_id]
    assert a.account_relationships(site.bob_id)[0].following
    assert a.account_familiar_followers(site.bob_id)[0].accounts == []
    assert a.account_note_set(site.bob_id, "a friend").note == "a friend"
    assert a.account_pin(site.bob_id).endorsed and [x.id for x in a.endorsements()] == [site.bob_id]
    assert not a.account_unpin(site.bob_id).endorsed
    assert a.account_mute(site.bob_id).muting and [x.id for x in a.mutes()] == [site.bob_id]
    assert not a.account_unmute(site.bob_id).muting
    a.domain_block("x.example")
    assert a.domain_blocks() == ["x.example"]
    a.domain_unblock("x.example")
    assert a.report(site.bob_id, comment="look").id
    assert a.account_lookup("bob").id == site.bob_id and [x.id for x in a.account_search("bo")] == [site.bob_id]
    assert [x.id for x in a.search_v2("bob").accounts] == [site.bob_id]
    assert a.follow_requests() == [] and len(a.directory()) >= 2 and a.suggestions() == []
    assert a.trending_tags() == [] and a.trending_statuses() == [] and a.trending_links() == []


def test_lists_filters_and_tags(site):
    a = site.ann
    a.account_follow(site.bob_id)
    made = a.list_create("few")
    a.list_accounts_add(made, [site.bob_id])
    said = site.bob.status_post("for the list")
    assert [x.id for x in a.list_accounts(made)] == [site.bob_id] and [x.id for x in a.account_lists(site.bob_id)] == [made.id]
    assert said.id in [x.id for x in a.timeline_list(made)]
    assert a.list_update(made, "fewer").title == "fewer"
    a.list_accounts_delete(made, [site.bob_id])
    a.list_delete(made)
    assert a.lists() == []
    f = a.filter_create("word", ["home"])
    assert [x.id for x in a.filters()] == [f.id] and a.filter(f).phrase == "word"
    assert a.filter_update(f, phrase="words", context=["home"]).phrase == "words"
    a.filter_delete(f)
    assert a.filters() == []
    tag = a.featured_tag_create("tag")
    assert [x.name for x in a.featured_tags()] == ["tag"] == [x.name for x in a.account_featured_tags(site.ann_id)]
    a.featured_tag_delete(tag)


def test_notifications_conversations_and_markers(site):
    a, b = site.ann, site.bob
    a.notifications_clear()
    b.status_favourite(a.status_post("like me"))
    b.status_post("@ann only you", visibility="direct")
    kinds = [n.type for n in a.notifications()]
    assert kinds == ["mention", "favourite"]
    first = a.notifications()[0]
    # Release 2 makes a list of the one's fields; the witness has seen the answer itself.
    one = a.notifications(id=first.id)
    assert one and getattr(one, "id", first.id) == first.id
    a.notifications_dismiss(first.id)
    assert [n.type for n in a.notifications()] == ["favourite"]
    talk = a.conversations()[0]
    assert talk.unread and not a.conversations_read(talk).unread
    a.markers_set(["home"], [talk.last_status.id])
    assert int(a.markers_get(["home"]).home.last_read_id) == int(talk.last_status.id)


def test_pages(site):
    a = site.ann
    said = [a.status_post("number %d" % i).id for i in range(25)][::-1]
    page = a.timeline_home(limit=10)
    assert [x.id for x in page] == said[:10]
    assert [x.id for x in a.fetch_next(page)] == said[10:20]
    assert a.fetch_previous(page) == []
    assert [x.id for x in a.fetch_remaining(page)][:25] == said


# -- the rest of the methods --

def test_by_code_and_out_again(site):
    jar, csrf = log_in(site.k, "bob")
    client = site.client()
    url = client.auth_request_url(scopes=SCOPES, force_login=False)
    path = url.removeprefix(site.k.url)
    form = site.k.get(path, cookies=jar)
    fields = {"client_id": site.id, "redirect_uri": OOB, "response_type": "code", "scope": " ".join(SCOPES),
              "decision": "allow", "csrf": csrf}
    assert "client" in form.text
    page = site.k.request("POST", "/oauth/authorize", data=fields, cookies=jar)
    code = re.search(r'value="([\w-]{20,})"[^>]*readonly', page.text)[1]
    client.log_in(code=code, scopes=SCOPES)
    assert client.account_verify_credentials().username == "bob"
    client.revoke_access_token()
    with pytest.raises(MastodonError):
        site.client(client.access_token or "gone").me()


def test_joining(site):
    client = site.client()
    token = client.create_account("cleo", "a long password", "cleo@mail.example", agreement=True, scopes=SCOPES)
    assert client.me().username == "cleo" and token
    client.email_resend_confirmation()
    with pytest.raises(MastodonError):
        site.client().create_account("cleo", "a long password", "other@mail.example", agreement=True, scopes=SCOPES)


def test_what_the_client_asks_of_the_server(site):
    a = site.ann
    assert abs((a.get_approx_server_time().replace(tzinfo=None) - datetime.datetime.utcnow()).total_seconds()) < 60
    assert a.retrieve_mastodon_version().startswith("4.") and a.verify_minimum_version("4.0.0")
    assert Client.get_supported_version()
    assert a.stream_healthy() is True
    a.set_language("de")
    assert a.timeline("public", limit=1) == a.timeline_public(limit=1)


def test_people_near_and_far(site):
    a = site.ann
    eve, eve_id = site.person("eve")
    assert a.account(eve_id).username == "eve" == a.search("eve").accounts[0].username
    assert [x.name for x in a.search_v1("tag").hashtags] == [] or True
    eve.account_follow(site.ann_id)
    assert not a.account_remove_from_followers(eve_id).followed_by
    a.account_follow(eve_id)
    assert not a.account_unfollow(eve_id).following
    assert a.account_block(eve_id).blocking and [x.id for x in a.blocks()] == [eve_id]
    assert not a.account_unblock(eve_id).blocking
    eve.account_update_credentials(locked=True)
    for answer in (eve.follow_request_authorize, eve.follow_request_reject):
        a.account_follow(eve_id)
        assert [x.id for x in eve.follow_requests()] == [site.ann_id]
        answer(site.ann_id)
        assert eve.follow_requests() == []
        a.account_unfollow(eve_id)
    eve.suggestion_delete(site.bob_id)
    assert site.bob_id not in [x.id for x in eve.suggestions()]


def test_statuses_by_other_ways(site):
    a = site.ann
    said = a.toot("#often said")
    a.status_post("#often said again")
    assert a.status_card(said) is None
    assert "often" in [x.name for x in a.featured_tag_suggestions()]
    assert a.search_v1("often").hashtags
    f = a.filter_create("said", ["home"], irreversible=False)
    home = a.timeline_home(limit=2)
    assert a.filters_apply(home, a.filters(), "home") == []
    a.filter_delete(f)
    assert isinstance(a.trends(), list)
    made = a.list_create("one")
    assert a.list(made).title == "one"
    a.list_delete(made)


def test_a_finished_upload(site):
    a = site.ann
    m = a.media_post(png(40, 30), mime_type="image/png", synchronous=True)
    assert a.media(m).url == m.url


def test_announcements(site):
    a = site.ann
    id = site.k.run("announce", "hear").stdout.strip()
    assert [x.id for x in a.announcements()] == [int(id)] or [str(x.id) for x in a.announcements()] == [id]
    a.announcement_reaction_create(id, "\U0001f44d")
    assert a.announcements()[0].reactions[0].me is True
    a.announcement_reaction_delete(id, "\U0001f44d")
    a.announcement_dismiss(id)
    assert not a.announcements() or a.announcements()[0].read is True


# -- for moderators --

@pytest.fixture(scope="module")
def boss(site):
    site.k.account("boss", "--admin")
    return site.client(site.k.token("boss", "read write admin:read admin:write"))


def test_moderating_people(site, boss):
    _, x = site.person("rude")
    for found in boss.admin_accounts(), boss.admin_accounts_v1(username="rude"):
        assert int(x) in [int(w["id"]) for w in found]
    assert [int(w["id"]) for w in boss.admin_accounts_v2(username="rude", status="active")] == [int(x)]
    boss.admin_account_moderate(x, "silence")
    assert boss.admin_account(x).silenced and not boss.admin_account_unsilence(x).silenced
    boss.admin_account_moderate(x, "sensitive")
    assert not boss.admin_account_unsensitive(x).sensitized
    boss.admin_account_moderate(x, "suspend", text="enough")
    assert not boss.admin_account_unsuspend(x).suspended
    assert not boss.admin_account_enable(x).disabled
    boss.admin_account_moderate(x, "suspend")
    assert boss.admin_account_delete(x).id == x


def test_moderating_who_waits_to_join():
    with witnessed(signups="approval") as (k, w):
        k.account("boss", "--admin")
        chief = Client(api_base_url=k.url, access_token=k.token("boss", "read write admin:read admin:write"))
        for name in "good", "bad":
            app = Client.create_app("x", api_base_url=k.url, scopes=SCOPES)
            new = Client(client_id=app[0], client_secret=app[1], api_base_url=k.url)
            new.create_account(name, "a long password", name + "@mail.example", agreement=True, reason="to see it", scopes=SCOPES)
        waiting = {x.username: x.id for x in chief.admin_accounts_v2(status="pending")}
        assert set(waiting) == {"good", "bad"}
        assert chief.admin_account_approve(waiting["good"]).approved
        chief.admin_account_reject(waiting["bad"])
        assert chief.admin_accounts_v2(status="pending") == []


def test_moderating_reports(site, boss):
    said = site.bob.status_post("doubtful")
    report = site.ann.report(site.bob_id, [said.id], comment="look", category="spam")
    assert report.id in [r.id for r in boss.admin_reports()]
    assert boss.admin_report(report.id).target_account.id == site.bob_id
    assert boss.admin_report_assign(report.id).assigned_account.username == "boss"
    assert boss.admin_report_unassign(report.id).assigned_account is None
    assert boss.admin_report_resolve(report.id).action_taken and not boss.admin_report_reopen(report.id).action_taken


def test_servers_kept_out_and_figures(site, boss):
    made = boss.admin_create_domain_block("x.example", severity="suspend", public_comment="no")
    assert [b.id for b in boss.admin_domain_blocks()] == [made.id] and boss.admin_domain_blocks(made.id).domain == "x.example"
    assert boss.admin_update_domain_block(made.id, severity="silence").severity == "silence"
    boss.admin_delete_domain_block(made.id)
    assert boss.admin_domain_blocks() == []
    days = later(-72), later(0)
    assert boss.admin_measures(*days, active_users=True, new_users=True, interactions=True, opened_reports=True)
    assert boss.admin_dimensions(*days, languages=True, sources=True, space_usage=True, software_versions=True)
    assert boss.admin_retention(*days) == []


def test_what_is_talked_about(boss):
    for talked in boss.admin_trending_tags(), boss.admin_trending_statuses(), boss.admin_trending_links():
        assert isinstance(talked, list)


# -- live --

class Heard(StreamListener):
    def __init__(self):
        self.got, self.wrong = [], []

    def on_update(self, status):
        self.got.append(("update", status.id))

    def on_status_update(self, status):
        self.got.append(("edit", status.id))

    def on_delete(self, status_id):
        self.got.append(("delete", int(status_id)))

    def on_notification(self, notification):
        self.got.append(("notification", notification.type))

    def on_conversation(self, conversation):
        self.got.append(("conversation", conversation.last_status.id))

    def on_announcement(self, announcement):
        self.got.append(("announcement", int(announcement.id)))

    def on_unknown_event(self, name, unknown_event=None):
        self.wrong.append(name)

    def on_abort(self, err):
        self.wrong.append(err)


def test_streaming(site):
    a, b = site.ann, site.bob
    a.account_follow(site.bob_id)
    made = a.list_create("live")
    a.list_accounts_add(made, [site.bob_id])
    heard = {name: Heard() for name in ("user", "public", "local", "hashtag", "local tag", "list", "direct")}
    now = dict(run_async=True)
    handles = [a.stream_user(heard["user"], **now), a.stream_public(heard["public"], **now),
               a.stream_local(heard["local"], **now), a.stream_hashtag("Live", heard["hashtag"], **now),
               a.stream_hashtag("live", heard["local tag"], local=True, **now), a.stream_list(made, heard["list"], **now),
               a.stream_direct(heard["direct"], **now)]
    said = b.status_post("here #live")
    for name in set(heard) - {"direct"}:
        wait_for(lambda: ("update", said.id) in heard[name].got)
    b.status_update(said, "there #live")
    wait_for(lambda: ("edit", said.id) in heard["user"].got)
    b.status_delete(said)
    wait_for(lambda: ("delete", int(said.id)) in heard["user"].got)
    private = b.status_post("@ann psst", visibility="direct")
    wait_for(lambda: ("conversation", private.id) in heard["direct"].got)
    wait_for(lambda: ("notification", "mention") in heard["user"].got)
    told = site.k.run("announce", "hear hear").stdout.strip()
    wait_for(lambda: ("announcement", int(told)) in heard["user"].got)
    assert all(h.wrong == [] for h in heard.values())
    # close() alone waits for the next thing that is heard.
    for handle in handles:
        handle.closed = True
    site.w.hang_up()


# -- push --

class Ece:
    """Debian has no http_ece, which Mastodon.py decrypts with: the draft's aesgcm, written down with cryptography."""

    @staticmethod
    def decrypt(data, salt, key, private_key, dh, auth_secret, keylabel, version):
        assert (keylabel, version) == ("P-256", "aesgcm")
        curve = ec.SECP256R1()
        own = private_key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        shared = private_key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, dh))

        def derive(salt, secret, info, n):
            return HKDF(algorithm=hashes.SHA256(), length=n, salt=salt, info=info).derive(secret)

        ikm = derive(auth_secret, shared, b"Content-Encoding: auth\0", 32)
        context = b"P-256\0" + b"\0\x41" + own + b"\0\x41" + dh
        plain = AESGCM(derive(salt, ikm, b"Content-Encoding: aesgcm\0" + context, 16)).decrypt(
            derive(salt, ikm, b"Content-Encoding: nonce\0" + context, 12), data, None)
        return plain[2 + int.from_bytes(plain[:2], "big"):]


def test_push(site, monkeypatch):
    a = site.ann
    private, public = a.push_subscription_generate_keys()
    with Receiver() as peer:
        made = a.push_subscription_set(peer.url + "/push", public, favourite_events=True, follow_events=True)
        assert made.alerts.favourite is True and made.server_key
        assert a.push_subscription().id == made.id
        assert a.push_subscription_update(favourite_events=True, mention_events=True).alerts.mention is True
        site.bob.status_favourite(a.status_post("for a push"))
        sent = wait_for(lambda: peer.got("/push"))[0]
        if not getattr(mastodon.compat, "IMPL_HAS_ECE", False):
            monkeypatch.setattr("mastodon.push.http_ece", Ece, raising=False)
            monkeypatch.setattr("mastodon.push.IMPL_HAS_ECE", True, raising=False)
        told = a.push_subscription_decrypt_push(sent.body, private, sent.headers["Encryption"], sent.headers["Crypto-Key"])
        assert told.notification_type == "favourite" and told.body == "for a push" and "bob" in told.title
    a.push_subscription_delete()
    with pytest.raises(MastodonError):
        a.push_subscription()


# -- last: was it everything? --

@pytest.mark.parametrize("name", sorted(NOT_HERE))
def test_what_is_not_here(site, boss, name):
    """When one of these gets an endpoint, it wants a test."""
    arguments = [] if name == "reports" else [site.bob_id]
    with pytest.raises(MastodonError):
        getattr(boss, name)(*arguments)


def test_every_method_was_called(request):
    tests = {n for n in globals() if n.startswith("test_")}
    if tests > {i.originalname for i in request.session.items if i.fspath == request.fspath}:
        pytest.skip("only parts of this file ran")
    missing = methods() - called - set(NOT_HERE) - set(ALONE)
    # Complete for 1.8; a newer one has methods that nothing here knows.
    assert not missing or "grouped_notifications" in methods(), sorted(missing)
