# SPDX-License-Identifier: MIT
"""The API through a real client: Mastodon.py as Debian has it."""
import datetime
import os
import sys
import threading
import time

import pytest
from mastodon import Mastodon, MastodonError, StreamListener

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from kwipd import Kwipd, wait_for  # noqa: E402
from player import png  # noqa: E402

SCOPES = ["read", "write", "follow", "push"]


class Site:
    """Two people with a client each, and their accounts."""

    def __init__(self, k):
        self.k = k
        self.id, self.secret = Mastodon.create_app("client", api_base_url=k.url, scopes=SCOPES)
        self.ann, self.bob = self.login("ann"), self.login("bob")
        self.ann_id, self.bob_id = self.ann.me().id, self.bob.me().id

    def login(self, name):
        self.k.account(name, password="a long password of " + name)
        client = Mastodon(client_id=self.id, client_secret=self.secret, api_base_url=self.k.url)
        client.log_in(name, "a long password of " + name, scopes=SCOPES)
        return client


@pytest.fixture(scope="module")
def site():
    with Kwipd(password_grant="on") as k:
        yield Site(k)


def later(hours):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)


def test_app_instance_and_self(site):
    a = site.ann
    assert a.app_verify_credentials().name == "client"
    assert a.instance().uri == site.k.url.split("//")[1] and a.instance_health() is True
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
    app = Mastodon.create_app("client", api_base_url=k.url, scopes=SCOPES)
    client = Mastodon(client_id=app[0], client_secret=app[1], api_base_url=k.url)
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
    assert a.notifications(first.id).id == first.id
    a.notifications_dismiss(first.id)
    assert [n.type for n in a.notifications()] == ["favourite"]
    talk = a.conversations()[0]
    assert talk.unread and not a.conversations_read(talk).unread
    a.markers_set(["home"], [talk.last_status.id])
    assert int(a.markers_get(["home"]).home.last_read_id) == int(talk.last_status.id)


def test_push_subscriptions(site):
    a = site.ann
    _, public = a.push_subscription_generate_keys()
    made = a.push_subscription_set("https://push.example/x", public, follow_events=True)
    assert made.alerts.follow is True and made.server_key
    assert a.push_subscription().id == made.id
    assert a.push_subscription_update(mention_events=True).alerts.mention is True
    a.push_subscription_delete()
    with pytest.raises(MastodonError):
        a.push_subscription()


def test_pages(site):
    a = site.ann
    said = [a.status_post("number %d" % i).id for i in range(25)][::-1]
    page = a.timeline_home(limit=10)
    assert [x.id for x in page] == said[:10]
    assert [x.id for x in a.fetch_next(page)] == said[10:20]
    assert a.fetch_previous(page) == []
    assert [x.id for x in a.fetch_remaining(page)][:25] == said


def test_streaming(site):
    got = []

    class Listener(StreamListener):
        def on_update(self, status):
            got.append(status.id)

    handle = site.ann.stream_user(Listener(), run_async=True)
    time.sleep(0.5)
    said = site.ann.status_post("live")
    wait_for(lambda: got == [said.id])
    # It ends with the next thing that it hears.
    threading.Timer(0.2, site.ann.status_post, ["good bye"]).start()
    handle.close()
