# SPDX-License-Identifier: MIT
"""Plays the media service by its contract with web: reads DIR/spool/<id>.in, puts finished files below DIR/media and
changes the row as core's media_finish and media_fail do. Takes PNG pictures, refuses everything else. Pictures made
here are real, so that a real service beside it comes to the same."""
import hashlib
import os
import sqlite3
import struct
import threading
import time
import zlib


def png(width=4, height=3, color=(200, 30, 30), salt=b""):
    """A real PNG of one colour; salt makes its bytes, not its looks, its own."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = b"\0" + bytes(color) * width
    text = chunk(b"tEXt", b"Comment\0" + salt) if salt else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + text +
            chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))


def put_file(dir, data, ending="png"):
    """Puts bytes where finished files are; the path below /media."""
    name = hashlib.sha256(data).hexdigest()[:32]
    folder = os.path.join(dir, "media", name[:2], name[2:4])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "%s.%s" % (name, ending)), "wb") as f:
        f.write(data)
    return "%s/%s/%s.%s" % (name[:2], name[2:4], name, ending)


class Player:
    """with Player(k.dir): ... ; wait_s delays each answer."""

    def __init__(self, dir, wait_s=0.0):
        self.dir, self.wait_s, self.ended, self.seen = dir, wait_s, False, []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()

    def run(self):
        self.db = sqlite3.connect(os.path.join(self.dir, "kwipd.db"), timeout=10, isolation_level=None)
        while not self.ended:
            for row in self.db.execute("SELECT id, account, role, parent FROM media WHERE state = 0").fetchall():
                time.sleep(self.wait_s)
                self.finish(*row)
            time.sleep(0.01)
        self.db.close()

    def finish(self, id, account, role, parent):
        try:
            with open(os.path.join(self.dir, "spool", "%d.in" % id), "rb") as f:
                data = f.read()
        except FileNotFoundError:
            return
        self.seen.append(data)
        self.db.execute("BEGIN IMMEDIATE")
        if not data.startswith(b"\x89PNG"):
            self.db.execute("UPDATE media SET state = 2, why = 'This kind of file is not supported' "
                            "WHERE id = ? AND state = 0", (id,))
            self.db.execute("COMMIT")
            return
        path = put_file(self.dir, data)
        width, height = struct.unpack(">II", data[16:24])
        changed = self.db.execute(
            "UPDATE media SET state = 1, kind = 1, type = 'image/png', file = ?, bytes = ?, width = ?, height = ?, "
            "blurhash = 'L00000' WHERE id = ? AND state = 0", (path, len(data), width, height, id)).rowcount
        if changed:
            self.db.execute("UPDATE media SET preview = ?, preview_width = ?, preview_height = ? "
                            "WHERE id = ? AND preview = ''", (path, width, height, id))
            self.tell(id, account, role, parent, path, width, height)
        self.db.execute("COMMIT")

    def tell(self, id, account, role, parent, path, width, height):
        if role in (1, 2):
            column = {1: "avatar", 2: "header"}[role]
            self.db.execute("UPDATE account SET %s = ? WHERE id = ?" % column, (path, account))
            self.db.execute("DELETE FROM media WHERE account = ? AND role = ? AND id < ?", (account, role, id))
            self.event("account_edit", account, 0)
        if role == 4:
            self.db.execute("UPDATE media SET preview = ?, preview_width = ?, preview_height = ? WHERE id = ?",
                            (path, width, height, parent))
            self.db.execute("DELETE FROM media WHERE id = ?", (id,))
        self.event("media", account, id)

    def event(self, name, actor, extra):
        kind = {"account_edit": 15, "media": 25}[name]
        self.db.execute("INSERT INTO event (at, kind, actor, kwip, target, extra) VALUES (?, ?, ?, 0, 0, ?)",
                        (int(time.time() * 1000), kind, actor, extra))
