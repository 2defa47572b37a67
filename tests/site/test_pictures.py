"""Pictures in several sizes and formats: what is made, shown, kept and reported."""

from __future__ import annotations

import os
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from PIL import Image, ImageCms

from builder.diagnostics.diagnostic import ContentError
from builder.engine import pictures
from builder.engine.build import build, check, fingerprint, verify
from builder.engine.options import Options
from builder.media.encode import encode_variants
from builder.media.form import form_of
from builder.media.variants import Original, PictureRecipe, plan_variants
from support.sites import NOW, planned, png_chunk, write_site

BRIEF = """\
=== content/briefs/{0}.md
---
id: {0}2222
title: Google shows {0}
date: 2025-06-10
companies: [Google]
image: {{file: {0}.jpg, alt: A sign{1}}}
---
Text.{2}
"""
SMALL = """\
=== site.yaml
title: Test
base_url: https://test.example
pictures: {widths: [40, 80], largest: 120}
"""
OPTIONS = Options(NOW)


def photo(
    width: int = 200, height: int = 100, kind: str = "JPEG", mode: str = "RGB", **more
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    colours = {"RGB": ("#c00000", "#0000c0"), "RGBA": ("#c00000", "#0000c0"), "L": (90, 200)}
    left, right = colours.get(mode, ((0, 255, 255, 40), (255, 255, 0, 40)))
    image = Image.new(mode, (width, height), left)
    image.paste(right, (width // 2, 0, width, height))
    made = BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


def site(folder: Path, text: str, **files: bytes) -> Path:
    write_site(folder, SMALL + text)
    (folder / "content/media").mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / "content/media" / name.replace("_", ".")).write_bytes(data)
    return folder


def made(folder: Path) -> list[str]:
    """The published files of pictures, with `*` for each digest."""
    output = folder / "output"
    found = [*(output / "assets/pictures").glob("*"), *(output / "media").glob("*")]
    names = (path.relative_to(output).as_posix() for path in found)
    return sorted(re.sub(r"\.[0-9a-f]{16}\.", ".*.", name) for name in names)


def page(folder: Path, name: str) -> str:
    return (folder / "output" / name).read_text()


def test_a_shown_picture_is_published_in_its_sizes_and_formats(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", ", focus: top left", "\n\n![Another](wall.png)"),
         sign_jpg=photo(),
         wall_png=photo(100, 100, "PNG"), unused_jpg=photo(300, 300))  # fmt: skip
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert made(tmp_path) == [
        "assets/pictures/sign-120.*.jpg",  # instead of the picture, which is too large
        "assets/pictures/sign-40.*.jpg", "assets/pictures/sign-40.*.webp",
        "assets/pictures/sign-80.*.jpg", "assets/pictures/sign-80.*.webp",
        "assets/pictures/wall-40.*.png", "assets/pictures/wall-40.*.webp",
        "assets/pictures/wall-80.*.png", "assets/pictures/wall-80.*.webp",
        "media/wall.png",
    ]  # fmt: skip
    for path in (tmp_path / "output/assets/pictures").iterdir():
        with Image.open(path) as image:
            assert str(image.width) in path.name
            assert not image.getexif() and "icc_profile" not in image.info
    text = re.sub(r"\.[0-9a-f]{16}\.", ".*.", page(tmp_path, "briefs/sign/index.html"))
    pictures = re.findall(r"<picture>.*?</picture>", text)
    assert 'type="image/webp" srcset="../../assets/pictures/sign-40.*.webp 40w, ' in pictures[0]
    assert 'srcset="../../assets/pictures/sign-40.*.jpg 40w, ' in pictures[0]
    assert "sign-120.*.jpg 120w" in pictures[0]
    assert 'width="120" height="60" fetchpriority="high"' in pictures[0]
    assert "lazy" not in pictures[0]
    assert 'src="../../assets/pictures/sign-80.*.jpg"' in pictures[0]
    assert 'src="../../media/wall.png"' in pictures[1]
    assert '../../media/wall.png 100w"' in pictures[1]
    assert 'width="100" height="100" alt="Another" loading="lazy"' in pictures[1]
    assert "cropped" not in text, "a brief shows the whole picture"
    front = page(tmp_path, "index.html")
    assert 'class="cropped top-left" fetchpriority="high"' in front
    assert 'srcset="https://test.example/assets/pictures/wall-40' in page(tmp_path, "feed.xml")
    assert verify(tmp_path, tmp_path / "output", OPTIONS) == []


def test_a_picture_to_which_a_text_links_is_published_whole(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", "", "\n\n[Large](/media/sign.jpg)"), sign_jpg=photo())
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert (tmp_path / "output/media/sign.jpg").read_bytes() == photo()


def test_a_build_without_a_changed_picture_opens_none(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    output = tmp_path / "output"
    build(tmp_path, output, OPTIONS)
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    brief = tmp_path / "content/briefs/sign.md"
    brief.write_text(brief.read_text().replace("Text.", "Another text."))
    with patch.object(pictures, "_encode", side_effect=AssertionError):
        build(tmp_path, output, OPTIONS)
        build(tmp_path, tmp_path / "other", OPTIONS)  # from the store
    for path, data in before.items():
        if path.suffix in (".jpg", ".webp"):
            assert path.read_bytes() == data
            assert (tmp_path / "other" / path.relative_to(output)).read_bytes() == data


def test_the_store_has_only_variants_that_an_output_uses(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    output, stored = tmp_path / "output", tmp_path / ".slugline/pictures"
    build(tmp_path, output, OPTIONS)
    assert len([*stored.iterdir()]) == 6  # and the index
    (tmp_path / "content/media/sign.jpg").write_bytes(photo(60, 60))
    build(tmp_path, output, OPTIONS)
    assert len([*stored.iterdir()]) == 4
    assert made(tmp_path) == [
        "assets/pictures/sign-40.*.jpg", "assets/pictures/sign-40.*.webp",
        "assets/pictures/sign-60.*.webp", "media/sign.jpg",
    ]  # fmt: skip
    brief = tmp_path / "content/briefs/sign.md"
    brief.write_text(brief.read_text().replace("image:", "status: draft\nimage:"))
    build(tmp_path, output, OPTIONS._replace(allow_empty=True))
    assert made(tmp_path) == []
    assert [path.name for path in stored.iterdir()] == ["index"]


@pytest.mark.parametrize("damage", ["changed", "lost", "foreign", "link"])
def test_a_damaged_store_is_not_used(tmp_path: Path, damage: str) -> None:
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    build(tmp_path, tmp_path / "output", OPTIONS)
    stored = tmp_path / ".slugline/pictures"
    for path in [*stored.iterdir()]:
        if damage == "changed" and path.name != "index":
            path.write_bytes(path.read_bytes()[:-1] + b"x")
        elif damage == "lost" and path.name != "index":
            path.unlink()
        elif damage == "foreign" and path.name == "index":
            path.write_bytes(b"x" + path.read_bytes()[1:])
    if damage == "link":
        stored.rename(tmp_path / "elsewhere")
        stored.symlink_to(tmp_path / "elsewhere")
        before = {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()}
    build(tmp_path, tmp_path / "other", OPTIONS)
    assert verify(tmp_path, tmp_path / "other", OPTIONS) == []
    if damage == "link":
        after = {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()}
        assert after == before


def test_a_killed_build_keeps_what_it_made(tmp_path: Path) -> None:
    """It has not written the index, which comes last."""
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    build(tmp_path, tmp_path / "output", OPTIONS)
    (tmp_path / ".slugline/pictures/index").unlink()
    with patch.object(pictures, "_encode", side_effect=AssertionError):
        build(tmp_path, tmp_path / "other", OPTIONS)
    assert verify(tmp_path, tmp_path / "other", OPTIONS) == []


def test_a_variant_does_not_depend_on_the_others(tmp_path: Path) -> None:
    """Otherwise one that is stored differs from what a clean build makes."""
    noise = Image.effect_noise((200, 100), 90).convert("RGB")
    data = BytesIO()
    noise.save(data, "JPEG")
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=data.getvalue())
    build(tmp_path, tmp_path / "output", OPTIONS)
    settings = tmp_path / "site.yaml"
    settings.write_text(settings.read_text().replace("[40, 80]", "[40, 70, 110]"))
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert verify(tmp_path, tmp_path / "output", OPTIONS) == []


def test_pictures_of_one_name_in_two_folders(tmp_path: Path) -> None:
    text = "\n\n![A](a/sign.png) ![B](b/sign.png) ![C](c/sign.png)"
    site(tmp_path, BRIEF.format("sign", "", text), sign_jpg=photo())
    for folder, data in {"a": photo(kind="PNG"), "b": photo(99, 99, "PNG")}.items():
        (tmp_path / "content/media" / folder).mkdir()
        (tmp_path / "content/media" / folder / "sign.png").write_bytes(data)
    shutil.copytree(tmp_path / "content/media/a", tmp_path / "content/media/c")
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert made(tmp_path).count("assets/pictures/sign-40.*.png") == 2
    shown = re.findall(r'srcset="[^ ]*sign-40[^ ]*png', page(tmp_path, "briefs/sign/index.html"))
    assert shown[0] == shown[2] != shown[1]


def test_a_picture_replaced_by_one_of_its_size_and_time(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    build(tmp_path, tmp_path / "output", OPTIONS)
    before = page(tmp_path, "briefs/sign/index.html")
    path = tmp_path / "content/media/sign.jpg"
    old = path.stat()
    other = photo(quality=60)
    assert len(other) < old.st_size
    path.write_bytes(other.ljust(old.st_size, b"\0"))
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert page(tmp_path, "briefs/sign/index.html") != before
    assert verify(tmp_path, tmp_path / "output", OPTIONS) == []


def test_the_fingerprint_is_of_pictures_and_recipes(tmp_path: Path) -> None:
    site(tmp_path, BRIEF.format("sign", "", ""), sign_jpg=photo())
    build(tmp_path, tmp_path / "output", OPTIONS)
    first = fingerprint(tmp_path / "output")
    for path in (tmp_path / "output/assets/pictures").iterdir():
        path.write_bytes(b"made by another encoder")
    assert fingerprint(tmp_path / "output") == first
    settings = tmp_path / "site.yaml"
    settings.write_text(settings.read_text().replace("largest", "quality: 70, largest"))
    build(tmp_path, tmp_path / "output", OPTIONS)
    assert fingerprint(tmp_path / "output") != first


def test_a_picture_whose_pixels_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    whole = photo(300, 300, "PNG")
    at = whole.index(b"IDAT")
    broken = whole[: at - 4] + png_chunk(b"IDAT", b"not compressed") + png_chunk(b"IEND", b"")
    site(tmp_path, BRIEF.format("sign", "", "\n\n![Wall](wall.png)"), sign_jpg=photo(),
         wall_png=broken)  # fmt: skip
    for run in (
        lambda: build(tmp_path, tmp_path / "output", OPTIONS),
        lambda: check(tmp_path, OPTIONS),
    ):
        with pytest.raises(ContentError) as error:
            run()
        (found,) = (p for p in error.value.diagnostics if p.severity == "error")
        assert (found.path, found.code) == ("content/media/wall.png", "invalid-picture")
    assert not (tmp_path / "output").exists()


def test_a_picture_of_too_many_pixels_is_an_error(tmp_path: Path) -> None:
    bomb = bytearray(photo(8, 8, "PNG"))
    bomb[16:24] = (40_000).to_bytes(4, "big") * 2
    import zlib

    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    site(tmp_path, BRIEF.format("sign", "", "\n\n![Wall](wall.png)"), sign_jpg=photo(),
         wall_png=bytes(bomb))  # fmt: skip
    with pytest.raises(ContentError) as error:
        build(tmp_path, tmp_path / "output", OPTIONS)
    (found,) = (p for p in error.value.diagnostics if p.severity == "error")
    assert found.path == "content/briefs/sign.md"
    assert "1,600 million pixels" in found.message


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    found = BytesIO()
    frames[0].save(found, kind, save_all=True, append_images=frames[1:], duration=100)
    return found.getvalue()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (photo(), "JPEG"), (photo(mode="L"), "JPEG"), (photo(mode="CMYK"), "CMYK"),
        (photo(kind="PNG"), "PNG"), (photo(kind="WEBP"), "WebP"), (photo(kind="AVIF"), "AVIF"),
        (photo(kind="GIF"), ""), (moving("GIF"), ""), (moving("PNG"), ""), (moving("WEBP"), ""),
        (moving("AVIF"), ""), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""), (b"", ""),
    ],
)  # fmt: skip
def test_drawings_and_moving_pictures_have_no_variants(data: bytes, form: str) -> None:
    assert form_of(data) == form


WIDE = "480 jpg, 960 jpg, 1600 jpg; 480 webp, 960 webp, 1600 webp"


@pytest.mark.parametrize(
    ("form", "size", "formats", "expected"),
    [
        ("JPEG", (4000, 3000), ("webp",), f"2400 jpg; {WIDE}"),
        ("JPEG", (3000, 4000), ("webp",), f"1800 jpg; {WIDE}"),
        ("JPEG", (1000, 10), ("webp",), "; 480 jpg, 960 jpg; 480 webp, 960 webp, 1000 webp"),
        ("JPEG", (480, 300), ("webp",), "; "),  # tiny
        ("CMYK", (300, 300), ("webp",), "300 jpg; "),
        ("PNG", (600, 600), ("webp", "avif"), "; 480 png; 480 avif, 600 avif; 480 webp, 600 webp"),
        ("WebP", (600, 600), ("webp", "avif"), "; 480 webp; 480 avif, 600 avif"),
        ("AVIF", (4000, 100), ("webp",), "; ; 480 webp, 960 webp, 1600 webp"),
        ("", (4000, 3000), ("webp",), "; "),
    ],
)  # fmt: skip
def test_variants_are_known_from_the_size(
    form: str, size: tuple[int, int], formats: tuple[str, ...], expected: str
) -> None:
    recipe = PictureRecipe((480, 960, 1600), formats, 80, 2400)
    found = plan_variants(Original("x", "ab", form, *size), recipe)  # type: ignore[arg-type]

    def words(variants: object) -> str:
        return ", ".join(f"{v.width} {v.path.rpartition('.')[2]}" for v in variants)  # type: ignore[attr-defined]

    lists = [
        words([found.whole] if found.whole else []),
        words(found.own),
        *map(words, found.others),
    ]
    assert "; ".join(lists) == expected
    assert len({variant.path for variant in found.all()}) == len(found.all())


@pytest.mark.parametrize(
    ("form", "size", "heavy"),
    [("JPEG", 3_000_000, True), ("JPEG", 700_000, False), ("PNG", 3_000_000, False)],
)
def test_a_heavy_jpeg_is_not_published_as_it_is(form: str, size: int, heavy: bool) -> None:
    recipe = PictureRecipe((480, 960, 1600), ("webp",), 80, 2400)
    found = plan_variants(Original("x", "ab", form, 2000, 1000, size), recipe)  # type: ignore[arg-type]
    assert (found.whole is not None) == heavy
    small = plan_variants(Original("x", "ab", "JPEG", 300, 300, 250_000), recipe)
    assert small.whole is None, "too small to matter"


def encoded(data: bytes, widths: tuple[int, ...] = (100,), **more) -> list[Image.Image]:
    from builder.media.clean import clean

    picture = clean(data, ".x")
    formats = more.pop("formats", ("webp",))
    recipe = PictureRecipe(widths, formats, 80, 2400)
    original = Original("x", "ab", form_of(picture.data), picture.width, picture.height)
    return [
        Image.open(BytesIO(d))
        for d in encode_variants(picture, plan_variants(original, recipe).all())
    ]


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        photo(), photo(mode="CMYK"), photo(kind="PNG"), photo(kind="WEBP"), photo(kind="AVIF"),
        photo(kind="PNG", mode="RGBA"), photo(icc_profile=PROFILE), photo(icc_profile=b"damaged"),
    ],
)  # fmt: skip
def test_variants_look_like_the_picture(data: bytes) -> None:
    for image in encoded(data, formats=("webp", "avif")):
        assert image.size in ((100, 50), (200, 100))
        left, right = (image.convert("RGB").getpixel((x, 20)) for x in (10, image.width - 10))
        assert isinstance(left, tuple) and isinstance(right, tuple)
        assert left[0] > left[2] + 90 and right[2] > right[0] + 90
        assert image.mode in ("RGB", "RGBA", "P")


def test_pixels_stand_upright_and_the_credit_stays() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x8298], exif[0x010F] = 6, "Photo: A. Example", "A camera"
    found = encoded(photo(exif=exif), widths=(40,))
    for image in found:
        assert image.height == 2 * image.width
        assert not image.getexif()
    (jpeg,) = (image for image in found if image.format == "JPEG")
    assert "A. Example" in str(jpeg.info["xmp"])


def test_transparency_and_palettes_stay() -> None:
    drawn = Image.new("P", (200, 100), 0)
    drawn.putpalette([200, 0, 0, 0, 0, 200])
    drawn.info["transparency"] = 0
    made = BytesIO()
    drawn.save(made, "PNG", transparency=0)
    for image in encoded(made.getvalue()):
        assert image.convert("RGBA").getpixel((10, 10))[3] == 0  # type: ignore[index]


def test_a_figure_in_a_text_has_its_formats(tmp_path: Path) -> None:
    text = '\n\n![A wall](wall.png "The wall | A. Example")'
    site(tmp_path, BRIEF.format("sign", "", text), sign_jpg=photo(), wall_png=photo(kind="PNG"))
    for html in ("off", "safe"):
        with (tmp_path / "site.yaml").open("a") as settings:
            settings.write(f"html: {html}\n" if html == "safe" else "")
        build(tmp_path, tmp_path / "output", OPTIONS)
        (figure,) = re.findall(
            r"<figure><picture>.*?</figure>", page(tmp_path, "briefs/sign/index.html")
        )
        assert figure.endswith(
            "</picture><figcaption>The wall"
            ' <span class="credit">Picture: A. Example</span></figcaption></figure>'
        )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("credit: R", "Picture: R"), ("made: photo", ""), ("made: illustration", "Illustration"),
        ("made: illustration, credit: R", "Illustration: R"),
        ("made: composite, credit: R", "Composite picture: R"),
        ("made: generated", "AI-generated picture"),
    ],
)  # fmt: skip
def test_a_page_says_how_a_picture_was_made(tmp_path: Path, fields: str, expected: str) -> None:
    folder = site(tmp_path, BRIEF.format("sign", f", {fields}", ""), sign_jpg=photo())
    context: dict[str, Any] = {page.url: page.context for page in planned(folder)[1]}
    assert context["/briefs/sign/"].picture.origin == expected
    assert context["/"].lead.picture.origin == expected
    assert context["/feed.xml"].items[0].picture.origin == expected
