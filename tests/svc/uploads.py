# SPDX-License-Identifier: MIT
"""Uploads as web hands them to the media service: a file in DIR/spool, a row, an event. And pictures to send."""
import io
import math
import os
import time

from PIL import Image

from kwipd import wait_for
from support import Db

WAITING, READY, FAILED = 0, 1, 2
ATTACHMENT, AVATAR, HEADER, EMOJI = 0, 1, 2, 3
IMAGE, GIFV, VIDEO, AUDIO = 1, 2, 3, 4
EVENT_MEDIA_NEW = "media_new"


class Uploads:
    """k: a running Kwipd. Ids count up from a time long past, so that no other row has them."""

    def __init__(self, k, event_kinds):
        self.k, self.kinds, self.last = k, event_kinds, 1000
        k.account("ann")
        self.ann = k.token("ann")
        with Db(k.dir) as db:
            self.account = db.one("SELECT id FROM account WHERE name = 'ann'")

    def put(self, data, role=ATTACHMENT):
        """Returns the id. data None: the file is missing."""
        self.last += 1
        os.makedirs(self.k.dir + "/spool", mode=0o700, exist_ok=True)
        if data is not None:
            with open("%s/spool/%d.in" % (self.k.dir, self.last), "wb") as f:
                f.write(data)
        with Db(self.k.dir, write=True) as db:
            db.rows("INSERT INTO media (id, account, role) VALUES (?, ?, ?)", self.last, self.account, role)
            db.rows("INSERT INTO event (at, kind, actor, extra) VALUES (?, ?, ?, ?)", int(time.time() * 1000),
                    self.kinds["MEDIA_NEW"], self.account, self.last)
        return self.last

    def row(self, id):
        with Db(self.k.dir) as db:
            return dict(db.rows("SELECT * FROM media WHERE id = ?", id)[0])

    def nudge(self):
        self.k.say(self.ann, "look")

    def wait(self, id, seconds=60):
        """The row once it is no longer waiting."""
        self.nudge()
        return wait_for(lambda: (lambda r: r if r["state"] != WAITING else None)(self.row(id)), seconds)

    def make(self, data, role=ATTACHMENT):
        row = self.wait(self.put(data, role))
        assert row["state"] == READY, row["why"]
        assert not os.path.exists("%s/spool/%d.in" % (self.k.dir, row["id"]))
        return row

    def fail(self, data, role=ATTACHMENT):
        row = self.wait(self.put(data, role))
        assert row["state"] == FAILED and row["file"] == "", row
        return row["why"]

    def read(self, path):
        with open("%s/media/%s" % (self.k.dir, path), "rb") as f:
            return f.read()

    def open(self, path):
        picture = Image.open(io.BytesIO(self.read(path)))
        picture.load()
        return picture


def scene(width, height, mode="RGB"):
    """Something smooth with a bright corner (the upper left), so that turning and mirroring show."""
    small = Image.new("RGB", (64, 48))
    for y in range(48):
        for x in range(64):
            small.putpixel((x, y), (4 * x, 5 * y, 255 if x < 20 and y < 12 else 40 + (x * y) % 60))
    return small.resize((width, height), Image.BICUBIC).convert(mode)


def bytes_of(picture, format, **options):
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def exif_of(orientation=None, secret="Secret Camera"):
    exif = Image.Exif()
    exif[0x010F] = secret
    if orientation:
        exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.5), 3: "E", 4: (13.0, 24.0, 17.9), 29: "2026:11:24"})
    return exif.tobytes()


def difference(a, b):
    """The mean difference of two pictures' bytes, 0..255."""
    a, b = a.convert("RGBA"), b.convert("RGBA")
    assert a.size == b.size, (a.size, b.size)
    return sum(abs(x - y) for x, y in zip(a.tobytes(), b.tobytes())) / (len(a.tobytes()))


def blurhash(picture, nx=4, ny=3):
    """By the words of the algorithm's description (https://github.com/woltapp/blurhash), slowly."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
    picture = picture.convert("RGB")
    width, height = picture.size
    linear = [[((v / 255) / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4) for v in p]
              for p in picture.getdata()]

    def factor(i, j):
        scale = (1 if i == j == 0 else 2) / (width * height)
        sums = [0, 0, 0]
        for y in range(height):
            for x in range(width):
                basis = math.cos(math.pi * i * x / width) * math.cos(math.pi * j * y / height)
                for c in range(3):
                    sums[c] += basis * linear[y * width + x][c]
        return [scale * s for s in sums]

    def encode(value, length):
        return "".join(letters[value // 83 ** (length - 1 - i) % 83] for i in range(length))

    def to_srgb(v):
        v = max(0, min(1, v))
        return int(v * 12.92 * 255 + 0.5) if v <= 0.0031308 else int((1.055 * v ** (1 / 2.4) - 0.055) * 255 + 0.5)

    factors = [factor(i, j) for j in range(ny) for i in range(nx)]
    most = max(abs(v) for f in factors[1:] for v in f)
    level = int(max(0, min(82, math.floor(most * 166 - 0.5))))
    real = (level + 1) / 166
    out = encode(nx - 1 + (ny - 1) * 9, 1) + encode(level, 1)
    r, g, b = (to_srgb(v) for v in factors[0])
    out += encode((r << 16) + (g << 8) + b, 4)
    for f in factors[1:]:
        q = [int(max(0, min(18, math.floor(math.copysign(math.sqrt(abs(v / real)), v) * 9 + 9.5)))) for v in f]
        out += encode(q[0] * 361 + q[1] * 19 + q[2], 2)
    return out


def hash_parts(text):
    """(form, level, red, green, blue, then three steps of 0..18 for each component) of a blurhash."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

    def number(part):
        n = 0
        for c in part:
            n = n * 83 + letters.index(c)
        return n
    mean = number(text[2:6])
    parts = [number(text[0]), number(text[1]), mean >> 16, mean >> 8 & 255, mean & 255]
    for i in range(6, len(text), 2):
        n = number(text[i:i + 2])
        parts += [n // 361, n // 19 % 19, n % 19]
    return parts


def hashes_agree(a, b, most=2):
    """The same form, and no number further apart than the rounding of scaled pixels makes it."""
    a, b = hash_parts(a), hash_parts(b)
    return len(a) == len(b) and a[0] == b[0] and all(abs(x - y) <= most for x, y in zip(a, b))
