# SPDX-License-Identifier: MIT
"""What should be found, said once more and plainly: texts as Python splits them, people and kwips as plain objects."""
import unicodedata

PAIRED = ((0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x3041, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7FF))


def fold(text):
    """Without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def is_paired(c):
    return any(low <= ord(c) <= high for low, high in PAIRED)


def words(text):
    """Words; a script without spaces gives one word per character."""
    out, word = [], ""
    for c in unicodedata.normalize("NFC", text.lower()) + " ":
        if is_paired(c) or not c.isalnum():
            if word:
                out.append(fold(word))
            word = ""
            if is_paired(c):
                out.append(c)
        else:
            word += c
    return out


def has_phrase(text, phrase):
    have, want = words(text), words(phrase)
    return bool(want) and any(have[i:i + len(want)] == want for i in range(len(have) - len(want) + 1))


class Said:
    """A kwip as the model knows it."""

    def __init__(self, id, author, texts, visibility, named=(), reply=False, sensitive=False, language="en"):
        self.id, self.author, self.texts, self.visibility = id, author, texts, visibility
        self.named, self.reply, self.sensitive, self.language = set(named), reply, sensitive, language
        self.poll, self.liked, self.gone = len(texts) > 2, set(), False


class Model:
    def __init__(self):
        self.kwips, self.follows, self.hidden, self.blocks, self.mutes = [], set(), set(), set(), set()

    def sees(self, viewer, k):
        if (viewer, k.author) in self.blocks or (k.author, viewer) in self.blocks or (viewer, k.author) in self.mutes:
            return False
        return (k.visibility in ("public", "unlisted") or viewer == k.author or viewer in k.named
                or k.visibility == "private" and (viewer, k.author) in self.follows)

    def may_find(self, viewer, k, scope):
        own = viewer == k.author or viewer in k.named or viewer in k.liked
        everybody = k.visibility == "public" and k.author not in self.hidden
        return scope != "public" and own or scope != "library" and everybody

    def found(self, viewer, scope="all", wanted=(), unwanted=(), **of):
        """Ids, newest first: all wanted phrases, none of the unwanted, and these qualities."""
        return [k.id for k in sorted(self.kwips, key=lambda k: -int(k.id)) if not k.gone
                and self.sees(viewer, k) and self.may_find(viewer, k, scope)
                and all(any(has_phrase(t, w) for t in k.texts) for w in wanted)
                and not any(has_phrase(t, w) for w in unwanted for t in k.texts)
                and all(getattr(k, name) == value for name, value in of.items())]


def search(k, token, q, **more):
    """All pages: ids, newest first; only when the index knows everything."""
    ids, offset = [], 0
    while True:
        answer = k.api("GET", "/api/v2/search", token, params=dict(q=q, type="statuses", limit=7, offset=offset, **more))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert "kwipd_search_behind" not in page, page["kwipd_search_behind"]
        ids += [s["id"] for s in page["statuses"]]
        offset += 7
        if len(page["statuses"]) < 7:
            return ids


def is_known(k):
    """Has the index everything?"""
    s = k.status()
    return s["search"] is not None and s["search"]["ready"] and s["search"]["seq"] == s["newest"] and s["search"]["behind"] == 0
