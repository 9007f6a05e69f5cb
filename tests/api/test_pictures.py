# SPDX-License-Identifier: MIT
"""Pictures of every kind through the real service, compared pixel by pixel with what Pillow makes of the same bytes:
the file, its preview, its blurhash; and nothing left in them of who took them where."""
import io
import struct

import blurhash as reference
import pytest
from PIL import Image, ImageCms, ImageOps, ImageSequence

from entities import check, check_error
from kwipd import Kwipd
from pictures import bytes_of, blurhash, difference, exif_of, fitted, hashes_agree, png_by_hand, scene, with_segment

MEDIA = "/api/v1/media"
LARGEST, PREVIEW, BLUR = 3840 * 2160, 640 * 360, 48 * 48
SECRETS = (b"Secret Camera", b"52 deg North", b"adobe:ns:meta", b"Exif", b"http://ns.adobe.com/xap", b"a secret comment")
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>52 deg North</x:xmpmeta>"


@pytest.fixture(scope="module")
def site():
    with Kwipd() as k:
        k.account("ann")
        k.ann = k.token("ann")
        yield k


def upload(k, data, **form):
    answer = k.api("POST", MEDIA, k.ann, files={"file": ("a", data, "image/x-any")}, data=form)
    assert answer.status_code == 200, answer.text
    return check("MediaAttachment", answer.json())


def fetch(k, url):
    answer = k.get(url[len(k.url):])
    assert answer.status_code == 200
    return answer.content


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def upright(data):
    """What a person sees who opens these bytes."""
    return ImageOps.exif_transpose(opened(data))


def plain(picture):
    """As eight bits of RGB, or RGBA when it has any alpha."""
    if picture.mode in ("I;16", "I"):
        return picture.point(lambda v: v / 256).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else "RGB")


def scaled(picture, size):
    """Colours are weighed by their alpha, as they are seen."""
    if picture.mode != "RGBA":
        return picture.resize(size, Image.LANCZOS)
    return picture.convert("RGBa").resize(size, Image.LANCZOS).convert("RGBA")


def seen(picture):
    """On white: what is transparent has no colour to compare."""
    picture = plain(picture)
    if picture.mode == "RGB":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def meta_of(width, height):
    return {"width": width, "height": height, "size": "%dx%d" % (width, height), "aspect": pytest.approx(width / height, rel=1e-6)}


def check_picture(k, data, format, most=0.0, preview_most=3.0, **form):
    """Everything about one upload; most: the mean difference that its file may have. Returns the entity and the file."""
    media = upload(k, data, **form)
    file, small = fetch(k, media["url"]), fetch(k, media["preview_url"])
    expected = plain(upright(data))
    width, height = fitted(*expected.size, LARGEST)
    if expected.size != (width, height):
        expected = scaled(expected, (width, height))
    got = opened(file)
    assert got.format == format and media["type"] == "image"
    assert got.size == (width, height)
    assert difference(seen(got), seen(expected)) <= most
    preview = opened(small)
    assert preview.size == fitted(width, height, PREVIEW)
    assert difference(seen(preview), seen(scaled(expected, preview.size))) <= preview_most
    assert media["meta"]["original"] == meta_of(width, height)
    assert media["meta"]["small"] == meta_of(*preview.size)
    check_blur(media["blurhash"], seen(scaled(expected, preview.size)))
    for secret in SECRETS:
        assert secret not in file and secret not in small, secret
    return media, file


def check_blur(text, preview):
    """By two computations of others: in Python by the words of its description, and in C by its authors."""
    tiny = preview.resize(fitted(*preview.size, BLUR), Image.LANCZOS)
    assert hashes_agree(text, blurhash(tiny))
    assert hashes_agree(text, reference.encode(io.BytesIO(bytes_of(tiny, "PNG")), 4, 3))


# -- JPEG --

@pytest.mark.parametrize("name, mode, options", [
    ("baseline", "RGB", {}), ("progressive", "RGB", {"progressive": True}), ("4:4:4", "RGB", {"subsampling": 0}),
    ("poor", "RGB", {"quality": 20}), ("gray", "L", {}), ("optimized", "RGB", {"optimize": True}),
])
def test_jpeg_keeps_its_data(site, name, mode, options):
    data = bytes_of(scene(701, 503, mode), "JPEG", **options)
    _, file = check_picture(site, with_segment(data, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), "JPEG")
    assert opened(file).tobytes() == opened(data).tobytes() and opened(file).mode == mode


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("progressive", [False, True])
def test_every_way_a_camera_was_held(site, orientation, progressive):
    data = bytes_of(scene(402, 300), "JPEG", quality=95, exif=exif_of(orientation), progressive=progressive)
    data = with_segment(data, 0xFE, b"a secret comment")
    _, file = check_picture(site, data, "JPEG", most=0 if orientation == 1 else 2.0)
    assert opened(file).getexif().get(0x0112) is None
    assert upright(file).size == ((300, 402) if orientation > 4 else (402, 300))


def test_cmyk_becomes_rgb(site):
    data = bytes_of(scene(300, 200).convert("CMYK"), "JPEG", quality=95)
    _, file = check_picture(site, data, "JPEG", most=3.0)
    assert opened(file).mode == "RGB"


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_one_is_made_smaller(site, orientation):
    data = bytes_of(scene(4200, 2800), "JPEG", quality=92, exif=exif_of(orientation))
    media, _ = check_picture(site, data, "JPEG", most=2.0)
    assert media["meta"]["original"]["width"] * media["meta"]["original"]["height"] <= LARGEST


# -- PNG --

def test_png_of_every_kind(site):
    alpha = scene(321, 200).convert("RGBA")
    alpha.putalpha(scene(321, 200, "L"))
    for picture in (scene(321, 200), scene(321, 200).convert("L"), scene(321, 200).convert("LA"), alpha,
                    scene(321, 200).convert("P", palette=Image.ADAPTIVE, colors=16), scene(321, 200).convert("1")):
        _, file = check_picture(site, bytes_of(picture, "PNG"), "PNG")
        assert plain(opened(file)).tobytes() == plain(picture).tobytes(), picture.mode


def test_a_palette_with_a_transparent_colour(site):
    picture = scene(200, 100).convert("P", palette=Image.ADAPTIVE, colors=8)
    check_picture(site, bytes_of(picture, "PNG", transparency=3), "PNG")
    check_picture(site, bytes_of(picture, "PNG", transparency=bytes(range(0, 256, 32))), "PNG")


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_png_by_hand(site, depth, interlaced, mode):
    picture = scene(203, 151, mode)
    if mode == "RGBA":
        picture.putalpha(scene(203, 151, "L"))
    extra = [(b"tEXt", b"Comment\0a secret comment"), (b"eXIf", exif_of()[6:]), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)]
    check_picture(site, png_by_hand(picture, depth, interlaced, extra), "PNG", most=0.6 if depth == 16 else 0)


def test_png_of_16_bits_of_gray(site):
    gray = Image.new("I;16", (256, 64))
    for x in range(256):
        for y in range(64):
            gray.putpixel((x, y), x * 256 + y)
    check_picture(site, bytes_of(gray, "PNG"), "PNG", most=0.6)


@pytest.mark.parametrize("orientation", [3, 6, 7])
def test_png_that_is_to_be_turned(site, orientation):
    data = png_by_hand(scene(203, 151), extra=[(b"eXIf", exif_of(orientation)[6:])])
    check_picture(site, data, "PNG")


# -- WebP --

@pytest.mark.parametrize("options, most", [({"lossless": True}, 0), ({"lossless": True, "exact": True}, 0), ({"quality": 90}, 2.5),
                                           ({"quality": 30}, 2.5)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp(site, options, most, mode):
    picture = scene(321, 200, mode)
    if mode == "RGBA":
        picture.putalpha(scene(321, 200, "L"))
    check_picture(site, bytes_of(picture, "WEBP", exif=exif_of()[6:], xmp=XMP, **options), "WEBP", most=most)


@pytest.mark.parametrize("orientation", [2, 5, 8])
def test_webp_that_is_to_be_turned(site, orientation):
    data = bytes_of(scene(321, 200), "WEBP", lossless=True, exif=exif_of(orientation)[6:])
    check_picture(site, data, "WEBP")


# -- what moves --

def frames_of(data):
    """(pixels, milliseconds) of every picture as it stands on its canvas."""
    picture = Image.open(io.BytesIO(data))
    return [(f.convert("RGBA").tobytes(), f.info.get("duration")) for f in ImageSequence.Iterator(picture)], picture.info.get("loop")


def moving(n=5, size=(120, 90)):
    return [scene(*size).rotate(72 * i) for i in range(n)]


@pytest.mark.parametrize("disposal", [0, 1, 2, 3, [1, 2, 3, 1, 2]])
def test_gif_that_moves(site, disposal):
    pictures = [p.convert("P", palette=Image.ADAPTIVE, colors=32) for p in moving()]
    data = bytes_of(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=[50, 100, 150, 200, 250], loop=3,
                    disposal=disposal, comment=b"a secret comment", optimize=False)
    assert b"a secret comment" in data
    check_moving(site, data, "GIF")


def test_webp_that_moves(site):
    pictures = moving()
    data = bytes_of(pictures[0], "WEBP", save_all=True, append_images=pictures[1:], duration=80, loop=2, lossless=True,
                    exif=exif_of()[6:], xmp=XMP)
    assert b"Secret Camera" in data
    check_moving(site, data, "WEBP")


def check_moving(k, data, format):
    media = upload(k, data)
    file, small = fetch(k, media["url"]), fetch(k, media["preview_url"])
    assert opened(file).format == format and frames_of(file) == frames_of(data)
    first = seen(opened(data))
    assert difference(seen(opened(small)), first) < 4 and getattr(opened(small), "n_frames", 1) == 1
    check_blur(media["blurhash"], first)
    assert media["meta"]["original"] == meta_of(*first.size) and media["meta"]["small"] == meta_of(*first.size)
    # "gifv" is a film without sound to every client, which shows it by <video>: this is a picture.
    assert media["type"] == "image"
    for secret in SECRETS:
        assert secret not in file and secret not in small


def test_gif_that_stands_still(site):
    """It is kept as PNG, to the pixel."""
    picture = scene(200, 100).convert("P", palette=Image.ADAPTIVE, colors=64)
    check_picture(site, bytes_of(picture, "GIF", comment=b"a secret comment"), "PNG")
    check_picture(site, bytes_of(picture, "GIF", transparency=5, interlace=1), "PNG")


# -- colours, sizes, focus --

# Made once: it holds the time.
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("format, options", [("JPEG", {}), ("JPEG", {"exif": 6}), ("PNG", {}), ("PNG", {"large": True})])
def test_a_small_profile_of_colours_stays(site, format, options):
    picture = scene(4400, 2400) if options.pop("large", False) else scene(300, 200)
    if "exif" in options:
        options["exif"] = exif_of(options["exif"])
    data = bytes_of(picture, format, icc_profile=PROFILE, **options)
    file = fetch(site, upload(site, data)["url"])
    assert opened(file).info.get("icc_profile") == PROFILE


def test_a_large_or_foreign_profile_goes(site):
    large = struct.pack(">I", 60000) + PROFILE[4:] + b"Secret Camera".ljust(60000 - len(PROFILE), b"\0")
    file = fetch(site, upload(site, bytes_of(scene(300, 200), "JPEG", icc_profile=large))["url"])
    assert "icc_profile" not in opened(file).info and b"Secret Camera" not in file
    odd = PROFILE[:16] + b"CMYK" + PROFILE[20:]
    file = fetch(site, upload(site, bytes_of(scene(300, 200), "JPEG", icc_profile=odd))["url"])
    assert "icc_profile" not in opened(file).info


@pytest.mark.parametrize("width, height", [(1, 1), (1, 700), (700, 1), (640, 360), (641, 360), (360, 640), (2, 3), (1000, 10)])
def test_sizes_to_the_pixel(site, width, height):
    few = min(width, height) < 4
    # A preview halves the colours of its JPEG, which two pixels show.
    media, _ = check_picture(site, bytes_of(scene(width, height), "PNG"), "PNG", preview_most=25.0 if few else 4.0)
    assert media["meta"]["original"]["aspect"] > 0


@pytest.mark.parametrize("sent, focus", [
    ("0,0", (0, 0)), ("-1.0,1.0", (-1, 1)), ("0.123,-0.456", (0.123, -0.456)), (" 0.5 , -0.5 ", (0.5, -0.5)), ("", (0, 0)),
    ("7,-7", (1, -1)), (".5,-.25", (0.5, -0.25)), ("1e-1,0", (0.1, 0)),
])
def test_focus(site, sent, focus):
    media = upload(site, bytes_of(scene(40, 30), "PNG"), focus=sent)
    assert media["meta"]["focus"] == {"x": focus[0], "y": focus[1]}


@pytest.mark.parametrize("sent", ["left", "0.5", "0.5,", ",0.5", "0.5,0.5,0.5", "nan,0", "inf,0", "0x1,0", "1 2,3"])
def test_what_is_no_focus(site, sent):
    answer = site.api("POST", MEDIA, site.ann, files={"file": ("a", bytes_of(scene(40, 30), "PNG"), "image/png")}, data={"focus": sent})
    check_error(answer, 422)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_ends_early_is_refused(site, format):
    data = bytes_of(scene(300, 200), format)
    for part in (len(data) // 2, len(data) - 40, 30):
        answer = site.api("POST", MEDIA, site.ann, files={"file": ("a", data[:part], "image/png")})
        assert len(check_error(answer, 422)) > 10, part
    assert upload(site, data)["url"]


@pytest.mark.parametrize("where, size", [("avatar", (400, 400)), ("header", (1500, 500))])
@pytest.mark.parametrize("orientation", [1, 6])
def test_portraits_are_cut_to_their_shape(site, where, size, orientation):
    data = bytes_of(scene(1900, 1300), "JPEG", quality=95, exif=exif_of(orientation))
    answer = site.api("PATCH", "/api/v1/accounts/update_credentials", site.ann, files={where: ("a", data, "image/jpeg")})
    got = opened(fetch(site, answer.json()[where]))
    assert size[0] / size[1] == pytest.approx(got.width / got.height, rel=0.01) and got.width <= size[0]
    expected = ImageOps.fit(upright(data), got.size, Image.LANCZOS)
    assert difference(got, expected) < 3 and b"Secret Camera" not in fetch(site, answer.json()[where])
