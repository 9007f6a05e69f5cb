# SPDX-License-Identifier: MIT
"""Pictures to send, made by Pillow or by hand, and what is expected of them: the independent decoder of the tests."""
import io
import math
import struct
import zlib

from PIL import Image


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


def with_segment(jpeg, marker, data):
    """A JPEG with one more segment behind its first one."""
    at = 4 + struct.unpack(">H", jpeg[4:6])[0]
    return jpeg[:at] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + jpeg[at:]


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_by_hand(picture, depth=8, interlaced=False, extra=()):
    """Of RGB or RGBA, as Pillow cannot write it: with 16 bits (the lower ones are noise), in Adam7 passes, with more chunks."""
    channels, (width, height) = len(picture.getbands()), picture.size
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    pixels, data = picture.load(), b""
    for x0, y0, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        for y in range(y0, height, dy):
            row = [v for x in range(x0, width, dx) for v in pixels[x, y]]
            if row:
                data += b"\0" + (bytes(row) if depth == 8 else b"".join(bytes((v, (v * 7 + y) % 256)) for v in row))
    head = struct.pack(">IIBBBBB", width, height, depth, {3: 2, 4: 6}[channels], 0, 0, interlaced)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(data)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(n, d) for n, d in chunks)


def fitted(width, height, area):
    """The size of the same shape with at most so many pixels."""
    ratio = min(1, math.sqrt(area / (width * height)))
    return max(1, math.floor(width * ratio)), max(1, math.floor(height * ratio))


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
