# SPDX-License-Identifier: MIT
"""What a viewer must see, computed from the tables alone: the text of core/timeline.h once more, in Python.

Written independently of the server's SQL: sets and loops over everything, no index, no cache, no cleverness."""

PUBLIC, UNLISTED, FOLLOWERS, DIRECT = range(4)
NAMES = ("public", "unlisted", "private", "direct")


class World:
    """A snapshot of every table that decides on timelines."""

    def __init__(self, db):
        db.db.execute("BEGIN")
        try:
            self.kwips = {r["id"]: dict(r) for r in db.rows("SELECT * FROM kwip")}
            self.people = {r["id"]: dict(r) for r in db.rows("SELECT * FROM account")}
            self.repeats_shown = {r["account"] for r in db.rows("SELECT account FROM login WHERE show_repeats = 1")}
            self.follows = {(r["actor"], r["target"]): dict(r) for r in db.rows("SELECT * FROM follow")}
            self.blocks = {(r["actor"], r["target"]) for r in db.rows("SELECT * FROM block")}
            self.mutes = {(r["actor"], r["target"]) for r in db.rows("SELECT * FROM mute")}
            self.mentions = {(r["kwip"], r["account"]) for r in db.rows("SELECT * FROM mention")}
            self.favourites = {(r["account"], r["kwip"]): r["id"] for r in db.rows("SELECT * FROM favourite")}
            self.bookmarks = {(r["account"], r["kwip"]): r["id"] for r in db.rows("SELECT * FROM bookmark")}
            self.quiet = {(r["account"], r["kwip"]) for r in db.rows("SELECT * FROM conversation_mute")}
            self.tags = {}
            for r in db.rows("SELECT kwip, tag FROM kwip_tag"):
                self.tags.setdefault(r["kwip"], set()).add(r["tag"])
            self.tag_follows = {(r["account"], r["tag"]) for r in db.rows("SELECT * FROM tag_follow")}
            self.lists = {r["id"]: dict(r) for r in db.rows("SELECT * FROM list")}
            self.members = {(r["list"], r["account"]) for r in db.rows("SELECT * FROM list_member")}
        finally:
            db.db.execute("COMMIT")

    def follows_now(self, who, whom):
        f = self.follows.get((who, whom))
        return f is not None and not f["pending"]

    def is_blocked(self, x, y):
        return (x, y) in self.blocks or (y, x) in self.blocks

    def sees_itself(self, viewer, k):
        author = k["author"]
        if self.people[author]["state"] != 0 or self.is_blocked(viewer, author):
            return False
        if k["visibility"] <= UNLISTED or author == viewer:
            return True
        if k["visibility"] == FOLLOWERS and self.follows_now(viewer, author):
            return True
        return (k["id"], viewer) in self.mentions

    def sees(self, viewer, k):
        if not self.sees_itself(viewer, k):
            return False
        if k["boost_of"] is None:
            return True
        return k["boost_of"] in self.kwips and self.sees_itself(viewer, self.kwips[k["boost_of"]])

    def is_disliked(self, viewer, who):
        return self.is_blocked(viewer, who) or (viewer, who) in self.mutes

    def is_shelved(self, viewer, author):
        return any(self.lists[list]["account"] == viewer and self.lists[list]["exclusive"]
                   for list, who in self.members if who == author)

    def has_loved_tag(self, viewer, k):
        return (k["visibility"] == PUBLIC and k["boost_of"] is None and not self.people[k["author"]]["limited"]
                and any((viewer, tag) in self.tag_follows for tag in self.tags.get(k["id"], ())))

    def comes_by_follow(self, viewer, k):
        author, answered = k["author"], k["reply_to_author"]
        if author != viewer and not self.follows_now(viewer, author):
            return False
        wanted = author != viewer and self.follows[viewer, author]["languages"].split()
        if wanted and k["language"] and k["language"] not in wanted:
            return False
        if k["reply_to"] is not None and author != viewer:
            if answered not in (viewer, author) and not self.follows_now(viewer, answered):
                return False
        if k["boost_of"] is not None and author != viewer and not self.follows[viewer, author]["boosts"]:
            return False
        return True

    def is_wanted(self, viewer, k):
        """What holds for home and lists alike, whatever way it comes."""
        if not self.sees(viewer, k):
            return False
        concerned = [k["author"], k["reply_to_author"]]
        if k["boost_of"] is not None:
            concerned.append(self.kwips[k["boost_of"]]["author"])
        if any(self.is_disliked(viewer, who) for who in concerned if who is not None):
            return False
        return k["repeat_of"] is None or viewer in self.repeats_shown

    def in_home(self, viewer, k):
        if k["author"] != viewer and self.is_shelved(viewer, k["author"]):
            return False
        return ((self.comes_by_follow(viewer, k) or self.has_loved_tag(viewer, k)) and self.is_wanted(viewer, k))

    def in_list(self, viewer, list, k):
        author, answered = k["author"], k["reply_to_author"]
        if (list, author) not in self.members or not self.comes_by_follow(viewer, k) or not self.is_wanted(viewer, k):
            return False
        if k["reply_to"] is None or author == viewer or answered in (viewer, author):
            return True
        policy = self.lists[list]["replies"]  # 0 list, 1 followed, 2 none
        return policy == 1 or (policy == 0 and (list, answered) in self.members)

    def listed(self, viewer, list):
        return sorted((k["id"] for k in self.kwips.values() if self.in_list(viewer, list, k)), reverse=True)

    def home(self, viewer):
        return sorted((k["id"] for k in self.kwips.values() if self.in_home(viewer, k)), reverse=True)

    def home_active(self, viewer):
        roots = [k for k in self.kwips.values()
                 if k["reply_to"] is None and k["boost_of"] is None and self.in_home(viewer, k)]
        return [k["id"] for k in sorted(roots, key=lambda k: -k["activity"])]

    def everyone(self, viewer):
        return sorted((k["id"] for k in self.kwips.values()
                       if k["visibility"] == PUBLIC and k["reply_to"] is None and k["boost_of"] is None
                       and self.people[k["author"]]["state"] == 0 and not self.people[k["author"]]["limited"]
                       and not self.is_disliked(viewer, k["author"])
                       and (k["repeat_of"] is None or viewer in self.repeats_shown)), reverse=True)

    def everyone_active(self, viewer):
        return sorted(self.everyone(viewer), key=lambda id: -self.kwips[id]["activity"])

    def said_by(self, viewer, account):
        return sorted((k["id"] for k in self.kwips.values()
                       if k["author"] == account and self.sees(viewer, k)
                       and (k["repeat_of"] is None or viewer in self.repeats_shown)), reverse=True)

    def marked(self, viewer, marks):
        """[(relation id, kwip id)], newest relation first."""
        return sorted(((at, kwip) for (who, kwip), at in marks.items()
                       if who == viewer and self.sees(viewer, self.kwips[kwip])), reverse=True)

    def counts(self, id):
        """replies_count, reblogs_count, favourites_count, repeats of a kwip that is no boost."""
        k = self.kwips[id]
        is_root = k["reply_to"] is None
        replies = sum(1 for c in self.kwips.values() if c["reply_to"] is not None
                      and (c["conversation"] if is_root else c["reply_to"]) == id
                      and c["visibility"] <= k["visibility"])
        return (replies, sum(1 for c in self.kwips.values() if c["boost_of"] == id),
                sum(1 for _, kwip in self.favourites if kwip == id),
                sum(1 for c in self.kwips.values() if c["repeat_of"] == id))

    def check_status(self, viewer, s):
        """Counts, flags and texts of one Status for one viewer; boosts show those of what they boost."""
        k = self.kwips[int(s["id"])]
        assert s["visibility"] == NAMES[k["visibility"]]
        assert s["in_reply_to_id"] == (str(k["reply_to"]) if k["reply_to"] else None)
        assert int(s["account"]["id"]) == k["author"]
        marked = bool(k["sensitive"]) or (viewer != k["author"] and bool(self.people[k["author"]]["sensitized"]))
        assert s["sensitive"] == marked, "sensitive of %s: %s" % (s["id"], s["sensitive"])
        self.check_account(s["account"])
        if k["boost_of"] is not None:
            assert int(s["reblog"]["id"]) == k["boost_of"]
            self.check_status(viewer, s["reblog"])
            k = self.kwips[k["boost_of"]]
        else:
            assert s["reblog"] is None
            seen = (s["replies_count"], s["reblogs_count"], s["favourites_count"], s["kwipd_repeats_count"])
            assert seen == self.counts(k["id"]), "counts of %d: %s" % (k["id"], seen)
            assert k["body"].split(" ")[0] in s["content"], (k["body"], s["content"])
            assert (s["edited_at"] is None) == (k["edited_at"] is None)
            assert {int(m["id"]) for m in s["mentions"]} == {a for i, a in self.mentions if i == k["id"]}
        flags = (s["favourited"], s["reblogged"], s["bookmarked"], s["muted"])
        expected = ((viewer, k["id"]) in self.favourites,
                    any(b["boost_of"] == k["id"] and b["author"] == viewer for b in self.kwips.values()),
                    (viewer, k["id"]) in self.bookmarks, (viewer, k["conversation"]) in self.quiet)
        assert flags == expected, "favourited, reblogged, bookmarked, muted of %s (%s): %s, not %s" % (
            s["id"], {n: k[n] for n in ("id", "conversation", "reply_to", "repeat_of")}, flags, expected)

    def check_account(self, a):
        id = int(a["id"])
        assert a["display_name"] == self.people[id]["display_name"]
        assert a.get("limited", False) == bool(self.people[id]["limited"])
        assert a["locked"] == bool(self.people[id]["locked"])
        said = [k for k in self.kwips.values() if k["author"] == id and k["visibility"] != DIRECT]
        seen = (a["statuses_count"], a["followers_count"], a["following_count"])
        assert seen == (len(said), sum(1 for f in self.follows.values() if f["target"] == id and not f["pending"]),
                        sum(1 for f in self.follows.values() if f["actor"] == id and not f["pending"])), \
            "counts of account %s: %s" % (a["username"], seen)
