# SPDX-License-Identifier: MIT
"""Everything that lists something, and a community in which each of them has enough to list. For test_statements.py.

A GET route of the API stands either in LISTS, with what to ask and as whom, or in ONES, which answer one thing or
always the same. Whoever adds a route adds it here; what it lists is made in Crowd."""
import datetime
import os
import sqlite3

from people import Site
from player import png

# Asked for; and how much there is of everything.
MANY, FEW, ALL = 20, 5, 40


class Row:
    """by: how it is asked for FEW or MANY entries: "limit"; "ids", where {ids} in the query becomes id[]=..; "all",
    which always answers all it has, and has many. per_entry: looks that one entry may cost. some: how many entries
    are there at least, when fewer than asked for."""

    def __init__(self, route, query="", who="me", by="limit", per_entry=0, cold_per_entry=0, some=FEW + 1, key=None):
        self.route, self.query, self.who, self.by, self.some, self.key = route, query, who, by, some, key
        self.per_entry, self.cold_per_entry = per_entry, max(cold_per_entry, per_entry)
        self.name = route + (" " + query if query else "")


V1, V2, OWN = "/api/v1/", "/api/v2/", "/api/kwipd/v1/"
# What is merged from streams costs so many looks per entry (core/timeline_merge.c); home only without a cache.
MERGED = 3
LISTS = [
    Row(V1 + "timelines/public"), Row(V1 + "timelines/home", cold_per_entry=MERGED),
    Row(V1 + "timelines/list/:list", per_entry=MERGED), Row(V1 + "timelines/tag/counted"),
    Row(V1 + "timelines/tag/counted", "any[]=other", per_entry=MERGED),
    Row(V1 + "timelines/link", "url=https://example.org/"),
    Row(OWN + "timelines/home", cold_per_entry=2 * MERGED), Row(OWN + "timelines/public"), Row(OWN + "drafts", by="all"),
    Row(OWN + "statuses/:root/comments"), Row(OWN + "statuses/:said_again/repeats", who="bob"),
    Row(V1 + "accounts/:bob/statuses"), Row(V1 + "accounts/:bob/statuses", "pinned=true", who="bob", by="all", some=5),
    Row(V1 + "accounts/:bob/statuses", "only_media=true", some=5), Row(V1 + "statuses", "{kwips}", by="ids"),
    Row(V1 + "favourites"), Row(V1 + "bookmarks"), Row(V1 + "statuses/:root/context", by="all", key="descendants"),
    Row(V1 + "statuses/:root/reblogged_by"), Row(V1 + "statuses/:root/favourited_by"),
    Row(V1 + "statuses/:root/quotes", who="bob"), Row(V1 + "statuses/:edited/history", by="all"),
    Row(V1 + "notifications"), Row(V1 + "notifications", who="bob"), Row(V2 + "notifications", key="notification_groups"),
    Row(V2 + "notifications", who="bob", key="notification_groups", some=2), Row(V1 + "notifications/requests", who="picky"),
    Row(V2 + "notifications/:group/accounts", who="bob", by="all"), Row(V1 + "conversations", who="talker"),
    Row(V1 + "scheduled_statuses"), Row(V1 + "announcements", by="all"),
    Row(V1 + "lists/:list/accounts"), Row(V1 + "lists", by="all"), Row(V1 + "accounts/:bob/lists", by="all"),
    Row(V1 + "followed_tags"), Row(V1 + "featured_tags", by="all"), Row(V1 + "featured_tags/suggestions", by="all"),
    Row(V1 + "accounts/:me/featured_tags", by="all"),
    Row(V2 + "filters", by="all"), Row(V1 + "filters", by="all"), Row(V2 + "filters/:filter/keywords", by="all"),
    Row(V2 + "filters/:filter/statuses", by="all"),
    Row(V1 + "accounts/:me/followers"), Row(V1 + "accounts/:me/following"), Row(V1 + "accounts/:me/endorsements"),
    Row(V1 + "endorsements"), Row(V1 + "follow_requests", who="shy"), Row(V1 + "blocks"), Row(V1 + "mutes"),
    Row(V1 + "domain_blocks"), Row(V1 + "suggestions", who="fan"), Row(V2 + "suggestions", who="fan"),
    Row(V1 + "directory"), Row(V1 + "accounts", "{people}", by="ids"), Row(V1 + "accounts/relationships", "{people}", by="ids"),
    Row(V1 + "accounts/familiar_followers", "{people}", by="ids"),
    Row(V1 + "accounts/search", "q=p"), Row(V2 + "search", "q=p&type=accounts", key="accounts"),
    Row(V2 + "search", "q=t&type=hashtags", key="hashtags"), Row(V2 + "search", "q=kwip&type=statuses", key="statuses"),
    Row(V1 + "search", "q=p&type=accounts", key="accounts"),
    Row(V1 + "custom_emojis", by="all"), Row(V1 + "instance/rules", by="all", some=0),
    Row(V1 + "trends"), Row(V1 + "trends/tags"), Row(V1 + "trends/statuses"), Row(V1 + "trends/links", some=0),
    Row(V1 + "admin/accounts", who="boss"), Row(V2 + "admin/accounts", who="boss"), Row(V1 + "admin/reports", who="boss"),
    Row(V1 + "admin/domain_blocks", who="boss"), Row(V1 + "admin/domain_allows", who="boss", some=0),
    Row(V1 + "admin/email_domain_blocks", who="boss"), Row(V1 + "admin/ip_blocks", who="boss"),
    Row(V1 + "admin/canonical_email_blocks", who="boss"), Row(V1 + "admin/tags", who="boss"),
    Row(V1 + "admin/trends/tags", who="boss"), Row(V1 + "admin/trends/statuses", who="boss"),
    Row(V1 + "admin/trends/links", who="boss", some=0), Row(V1 + "admin/trends/links/publishers", who="boss", some=0),
]

# One thing, or always the same few.
ONES = """
apps/verify_credentials emails/check_confirmation instance instance/activity instance/peers instance/domain_blocks
instance/extended_description instance/privacy_policy instance/terms_of_service instance/terms_of_service/:date
instance/translation_languages instance/languages accounts/verify_credentials accounts/lookup accounts/:id statuses/:id
statuses/:id/source statuses/:id/card streaming streaming/health streaming/:kind streaming/:kind/:part media/:id profile
preferences push/subscription polls/:id lists/:id filters/:id tags/:name notifications/unread_count notifications/policy
notifications/requests/merged notifications/requests/:id notifications/:id markers accounts/:id/identity_proofs
domain_blocks/preview admin/accounts/:id admin/reports/:id admin/domain_blocks/:id admin/domain_allows/:id
admin/email_domain_blocks/:id admin/ip_blocks/:id admin/canonical_email_blocks/:id admin/tags/:id annual_reports annual_reports/:year
annual_reports/:year/state accounts/:id/collections accounts/:id/in_collections scheduled_statuses/:id
/api/v2/instance /api/v2/filters/:id /api/v2/filters/keywords/:id /api/v2/filters/statuses/:id
/api/v2/notifications/unread_count /api/v2/notifications/policy /api/v2/notifications/:group_key
/api/oembed /api/proofs /api/v1_alpha/async_refreshes/:name /api/kwipd/v1/drafts/:id
""".split()


def is_route(pattern, path):
    """Is this path of a row, with its own names of parameters, one of the route table's?"""
    a, b = pattern.split("/"), path.split("/")
    return len(a) == len(b) and all(x == y or x[:1] == ":" for x, y in zip(a, b))


class Crowd:
    """The names in rows are attributes; tokens by who."""

    def __init__(self, k):
        self.k, self.site = k, Site(k)
        k.account("boss", "--admin")
        self.tokens = {"boss": k.token("boss", "read write follow admin:read admin:write")}
        for who in ("me", "bob", "picky", "talker", "shy", "fan"):
            self.tokens[who], id = self.site.person()
            setattr(self, who, id)
        self.people = [self.site.person() for _ in range(ALL)]
        self.prepare()
        self.mark_and_follow()
        self.say_much()
        self.own()
        self.moderate()

    def post(self, path, who="me", **body):
        path = path if path.startswith("/") else V1 + path
        return self.site.post(path, self.tokens.get(who, who), **body)

    def prepare(self):
        self.site.follow(self.tokens["me"], self.bob)
        self.emoji()
        self.list = self.post("lists", title="all")["id"]
        self.post("lists/%s/accounts" % self.list, account_ids=[self.bob])
        self.site.call("PATCH", V1 + "accounts/update_credentials", self.tokens["shy"], json={"locked": True})
        self.site.call("PATCH", V2 + "notifications/policy", self.tokens["picky"], json={"for_not_following": "filter"})
        self.root = self.site.say(self.tokens["bob"], "root #counted #other https://example.org/")
        self.edited = self.site.say(self.tokens["bob"], "edited 0")
        for _, id in self.people[:3]:
            self.site.follow(self.tokens["fan"], id)

    def mark_and_follow(self):
        """Everybody follows, marks, boosts, answers and quotes; each follows the next three, so that all are familiar."""
        me, bob, root = self.tokens["me"], self.tokens["bob"], self.root
        for n, (who, id) in enumerate(self.people):
            self.site.follow(who, self.me)
            self.site.follow(me, id)
            self.site.follow(who, self.shy)
            for step in (1, 2, 3):
                self.site.follow(who, self.people[(n + step) % ALL][1])
            for verb in ("favourite", "reblog"):
                self.post("statuses/%s/%s" % (root, verb), who)
            self.site.say(who, "answer", in_reply_to_id=root)
            self.site.say(who, "quote %d" % n, quoted_status_id=root)
            self.site.say(who, "@p%d look" % 3, visibility="public")
            self.site.say(who, "@p%d psst %d" % (4, n), visibility="direct")
            self.post("lists/%s/accounts" % self.list, account_ids=[id])
            self.post("accounts/%s/endorse" % id)
            self.site.put(V1 + "statuses/" + self.edited, bob, status="edited %d" % (n + 1))
        groups = self.site.get(V2 + "notifications", bob)["notification_groups"]
        self.group = max(groups, key=lambda g: g["notifications_count"])["group_key"]
        for n in range(FEW + 4):
            for verb in ("block", "mute"):
                self.post("accounts/%s/%s" % (self.site.person()[1], verb))

    def emoji(self):
        picture = os.path.join(self.k.dir, "used.png")
        with open(picture, "wb") as f:
            f.write(png(20, 20))
        self.k.run("emoji", "add", "used", picture)

    def picture(self, token, n):
        answer = self.k.api("POST", V1 + "media", token, files={"file": ("a", png(4, 4, salt=b"%d" % n), "image/png")})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def say_much(self):
        me, bob = self.tokens["me"], self.tokens["bob"]
        self.kwips = []
        for n in range(ALL + 5):
            more = [{}, {"poll": {"options": ["a", "b"], "expires_in": 3600}}, {"quoted_status_id": self.root},
                    {"media_ids": [self.picture(bob, n)]}][n % 4]
            said = self.site.say(bob, "kwip %d #counted #t%d https://example.org/ @p1 :used: :e%d:" % (n, n, n), **more)
            self.kwips.append(said)
            for verb in ("favourite", "bookmark"):
                self.post("statuses/%s/%s" % (said, verb))
            self.site.say(me, "mine #mine%d #t%d" % (n, n))
            liked = self.site.say(self.people[n % ALL][0], "liked by two %d" % n)
            for who in (me, bob):
                self.post("statuses/%s/favourite" % liked, who)
            self.post("tags/t%d/follow" % n)
            again = self.site.say(bob, "the same again and again")
            self.said_again = again if n == 0 else self.said_again
        for said in self.kwips[:5]:
            self.post("statuses/%s/pin" % said, "bob")

    def own(self):
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).isoformat()
        self.filter = self.post("/api/v2/filters", title="whole", context=["home"])["id"]
        for n in range(ALL):
            if n < 10:
                self.post("featured_tags", name="mine%d" % n)
            another = self.post("lists", title="list %d" % n)["id"]
            if n % 2:
                self.post("lists/%s/accounts" % another, account_ids=[self.bob])
            self.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=[{"keyword": "w%d" % n}])
            self.post("/api/v2/filters/%s/keywords" % self.filter, keyword="v%d" % n)
            self.post("/api/v2/filters/%s/statuses" % self.filter, status_id=self.kwips[n])
            self.post("domain_blocks", domain="d%d.example" % n)
            self.post(OWN + "drafts", status="draft %d" % n, in_reply_to_id=self.root)
            self.post("statuses", status="later %d" % n, scheduled_at=later, media_ids=[self.picture(self.tokens["me"], 1000 + n)])

    def moderate(self):
        for n, (who, id) in enumerate(self.people):
            about = self.people[(n + 1) % ALL][1]
            self.post("reports", who, account_id=about, status_ids=self.site.ids(V1 + "accounts/%s/statuses" % about, who, limit=2))
            self.post("admin/domain_blocks", "boss", domain="kept%d.example" % n)
            self.post("admin/email_domain_blocks", "boss", domain="mail%d.example" % n)
            self.post("admin/ip_blocks", "boss", ip="192.0.2.%d" % n, severity="no_access")
            self.post("admin/canonical_email_blocks", "boss", email="a%d@mail.example" % n)
            if n < FEW + 5:
                self.k.run("announce", "announcement %d about @p1" % n)
        db = sqlite3.connect("%s/kwipd.db" % self.k.dir, timeout=10)
        with db:
            db.executemany("INSERT INTO emoji (shortcode, file, still) VALUES (?, 'aa/bb/12345678.png', 'aa/bb/12345678.png')",
                           [("e%d" % n,) for n in range(ALL)])
            db.executemany("INSERT INTO app (id, name, client_id, client_secret, created_at) VALUES (?, ?, ?, x'', 0)",
                           [(100 + n, "App %d" % n, "c%d" % n) for n in range(ALL)])
            db.executemany("INSERT INTO token (hash, account, app, scopes, created_at) VALUES (?, ?, ?, 'read', 0)",
                           [(b"%032d" % n, int(self.me), 100 + n) for n in range(ALL)])
        db.close()

    def path(self, row, n):
        """The URL that asks for n entries."""
        parts = [str(getattr(self, p[1:])) if p[:1] == ":" else p for p in row.route.split("/")]
        ids = {"people": [id for _, id in self.people[:n]], "kwips": self.kwips[:n]}
        query = row.query.format(**{name: "&".join("id[]=" + i for i in all) for name, all in ids.items()})
        if row.by == "limit":
            query += "&limit=%d" % n
        return "/".join(parts), query.strip("&")
