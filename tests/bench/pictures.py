#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long an upload takes until it is ready, and how much memory its decoder needs at most:
`/usr/bin/python3 tests/bench/pictures.py [MEGAPIXELS]` (12). KWIPD_BIN names another binary."""
import os
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kwipd import Kwipd  # noqa: E402
from pictures import bytes_of, exif_of, scene  # noqa: E402

ROUNDS = 5
KINDS = (("JPEG", "JPEG", {"quality": 92}), ("JPEG, progressive", "JPEG", {"quality": 92, "progressive": True}),
         ("JPEG, to be turned", "JPEG", {"quality": 92, "exif": 6}), ("PNG", "PNG", {"compress_level": 3}))


class Watch(threading.Thread):
    """The highest VmHWM of any child of pid."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak_kib, self.over = pid, 0, False

    def run(self):
        while not self.over:
            with open("/proc/%d/task/%d/children" % (self.pid, self.pid)) as f:
                children = f.read().split()
            for child in children:
                try:
                    with open("/proc/%s/status" % child) as f:
                        self.peak_kib = max([self.peak_kib] + [int(line.split()[1]) for line in f if line.startswith("VmHWM")])
                except OSError:
                    pass
            time.sleep(0.002)


def measure(k, token, data):
    took = []
    watch = Watch(k.pids()["media"])
    watch.start()
    for n in range(ROUNDS):
        begun = time.monotonic()
        answer = k.api("POST", "/api/v1/media", token, files={"file": ("a", data, "image/jpeg")}, timeout=60)
        assert answer.status_code == 200 and answer.json()["url"], answer.text
        took.append(time.monotonic() - begun)
    watch.over = True
    watch.join()
    return statistics.median(took), watch.peak_kib


def main():
    pixels = float(sys.argv[1] if len(sys.argv) > 1 else 12) * 1e6
    size = round((pixels * 4 / 3) ** 0.5), round((pixels * 3 / 4) ** 0.5)
    picture = scene(*size)
    with Kwipd() as k:
        k.account("ann")
        token = k.token("ann")
        for name, format, options in KINDS:
            if "exif" in options:
                options = dict(options, exif=exif_of(options["exif"]))
            data = bytes_of(picture, format, **options)
            took, peak = measure(k, token, data)
            print("%-20s %dx%d %6.1f MB  ready after %5.0f ms  decoder at most %4.0f MB"
                  % (name, *size, len(data) / 1e6, took * 1000, peak / 1024))


if __name__ == "__main__":
    main()
