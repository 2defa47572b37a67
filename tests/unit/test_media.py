"""Pictures lose their metadata and nothing else, as ExifTool and Pillow see it."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo

from builder.media.clean import clean
from builder.media.described import metadata_of
from builder.media.picture import ActivePictureError, BadPictureError
from support.sites import brief, build_site, png_chunk, problems, read, tree, urls, write_site

# The second picture that a planted segment promises is none.
pytestmark = pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")

WORD = "Zanzibar"  # in every slot of metadata
KEPT = {"creators": ("Ann Author", "Bo"), "rights": "© 2025 A & B", "credit": "Wire <x>"}
XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="6,9{WORD}S" photoshop:City="{WORD}"
 photoshop:Credit="Wire &lt;x&gt;"><dc:creator><rdf:Seq>
<rdf:li>Ann Author</rdf:li><rdf:li>Bo</rdf:li></rdf:Seq></dc:creator><dc:rights><rdf:Alt>
<rdf:li xml:lang="x-default">© 2025 A &amp; B</rdf:li>
</rdf:Alt></dc:rights><dc:title><rdf:Alt><rdf:li>{WORD}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>{" " * 1000}<?xpacket end="w"?>""".encode()


def exif(orientation: int, credit: bool = False) -> bytes:
    found = Image.Exif()
    found[0x0112], found[0x010E], found[0x013C] = orientation, WORD, WORD
    if credit:
        found[0x013B], found[0x8298] = "Ann Author", "(c) Ann"
    found.get_ifd(0x8825).update(
        {1: "S", 2: (6.0, 9.0, 0.0), 3: "E", 4: (39.0, 11.0, 0.0), 29: WORD}
    )
    return found.tobytes()


def image(mode: str = "RGB") -> Image.Image:
    """A picture without symmetry: turned wrongly, it differs."""
    made = Image.new("RGB", (48, 32), (250, 250, 250))
    made.paste((200, 0, 0), (0, 0, 24, 16))
    made.paste((0, 0, 200), (32, 8, 48, 32))
    return made.convert(mode)


def saved(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    stream = BytesIO()
    image(mode).save(stream, kind, **how)
    return stream.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def iptc() -> bytes:
    """Photoshop's resources with IPTC: a city, and the credit."""
    rows = ((90, WORD), (80, "Ann Author"), (80, "Bo"), (110, "Wire <x>"), (116, "© 2025 A & B"))
    sets = b"".join(
        b"\x1c\x02" + bytes((n,)) + len(text.encode()).to_bytes(2, "big") + text.encode()
        for n, text in rows
    )
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(sets).to_bytes(4, "big") + sets


def jpeg(orientation: int = 1, credit: bytes = XMP, **how: Any) -> bytes:
    data = saved("JPEG", exif=exif(orientation), comment=WORD.encode(), quality=95, **how)
    thumbnail = b"JFIF\0\1\2\0\0\1\0\1\2\1" + b"Zanziba"[:6]
    more = [
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + credit) if credit else b"",
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + WORD.encode()),
        segment(0xED, iptc()),
        segment(0xE2, b"MPF\0" + WORD.encode()),
        segment(0xE0, b"JFXX\0\x10" + WORD.encode()),
        segment(0xEB, b"JP" + WORD.encode()),  # content credentials
        segment(0xFE, WORD.encode()),
    ]
    second = b"\xff\xd8" + segment(0xFE, WORD.encode()) + b"\xff\xd9"
    return (
        b"\xff\xd8" + segment(0xE0, thumbnail) + b"".join(more) + data[2:] + second + WORD.encode()
    )


def png(orientation: int = 1, **how: Any) -> bytes:
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    texts.add_text("Comment", WORD * 9, zip=True)
    texts.add_text("Software", WORD)
    data = saved("PNG", exif=exif(orientation), pnginfo=texts, **how)
    more = png_chunk(b"tIME", b"\x07\xe9" + bytes(5)) + png_chunk(b"zAnz", WORD.encode())
    more += png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(WORD.encode() * 9))
    return data[:33] + more + data[33:] + WORD.encode()


def webp(orientation: int = 1, **how: Any) -> bytes:
    data = saved("WEBP", exif=exif(orientation), xmp=XMP, **how)
    extra = b"ZANZ" + (8).to_bytes(4, "little") + WORD.encode()
    whole = data[12:] + extra
    size = (len(whole) + 4).to_bytes(4, "little")
    return b"RIFF" + size + b"WEBP" + whole + WORD.encode()


def avif(orientation: int = 1, **how: Any) -> bytes:
    data = saved("AVIF", exif=exif(orientation), xmp=XMP, **how)
    free = (16).to_bytes(4, "big") + b"free" + WORD.encode()
    return data + free + WORD.encode()


def gif(orientation: int = 1, **how: Any) -> bytes:
    data = saved("GIF", comment=WORD.encode(), **how)
    magic = bytes((1, *range(255, -1, -1), 0))
    more = b"!\xff\x0bXMP DataXMP" + XMP + magic
    more += (
        b"!\xff\x0bZANZIBAR1.0\x08" + WORD.encode() + b"\0" + b"!\x01\x08" + WORD.encode() + b"\0"
    )
    return data[:-1] + more + b";" + WORD.encode()


SVG = f"""<?xml version="1.0" encoding="iso-8859-1"?>
<?{WORD} x?><!-- {WORD} --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
   xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename='/home/{WORD}/é.png'
   xmlns:dc="http://purl.org/dc/elements/1.1/" width="48" height="32">
  <metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:cc="http://creativecommons.org/ns#"><cc:Work><dc:title>{WORD}</dc:title>
    <dc:creator><cc:Agent><dc:title>Ann Author</dc:title></cc:Agent></dc:creator>
    <dc:rights><cc:Agent><dc:title>© A &amp; B</dc:title></cc:Agent></dc:rights></cc:Work>
  </r:RDF></metadata>
  <i:view note="{WORD}"><i:grid/></i:view><i:empty a="{WORD}"/>
  <title>é &gt; ü</title><g i:label="{WORD}" id="a" ><path d="M0 0h9"/><!--{WORD}--></g>
  <image xlink:href="data:image/jpeg;base64,EMBEDDED" width="9"/>
</svg>
<!-- {WORD} -->
"""


def svg(orientation: int = 1) -> bytes:
    inner = base64.b64encode(jpeg()).decode()
    return SVG.replace("EMBEDDED", inner).encode("latin-1")


MAKERS: dict[str, Callable[..., bytes]] = {
    ".jpg": jpeg, ".png": png, ".webp": webp, ".avif": avif, ".gif": gif, ".svg": svg,
}  # fmt: skip


def tags(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    """What ExifTool finds in a file, its own words about it left out."""
    (folder / name).write_bytes(data)
    command = ["exiftool", "-json", "-G1", "-a", "-u", "-U", "-ee", "-n", "-charset", "UTF8"]
    done = subprocess.run([*command, str(folder / name)], capture_output=True, check=False)
    assert done.stdout, done.stderr
    (found,) = json.loads(done.stdout)
    return {
        k: v for k, v in found.items() if not k.startswith(("System", "ExifTool", "SourceFile"))
    }


def texts(data: bytes) -> bytes:
    """All bytes of a file, and those that are packed in it."""
    found = [data]
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            found.append(zlib.decompressobj().decompress(data[match.start() :]))
        except zlib.error:
            continue
    found += [base64.b64decode(m[1]) for m in re.finditer(rb"base64,([A-Za-z0-9+/=]+)", data)]
    return b"\n".join(found)


@pytest.mark.parametrize("suffix", MAKERS)
def test_only_the_credit_stays(suffix: str, tmp_path: Path) -> None:
    """A word and a place in every slot: nothing of them is left, whoever looks."""
    data = MAKERS[suffix]()
    assert WORD.encode() in data
    if suffix != ".svg":
        assert [k for k in tags(tmp_path, f"a{suffix}", data) if "GPS" in k or "Comment" in k]
    made = clean(data, suffix)
    assert not re.search(rb"(?i)zanz|GPS|Exif", texts(made.data))
    found = tags(tmp_path, f"b{suffix}", made.data)
    assert not [
        key for key in found if re.search("GPS|IFD|IPTC|Photoshop:|Comment|Trailer|MPF", key)
    ]
    if suffix == ".svg":
        assert made.credit[:2] == (("Ann Author",), "© A & B")
    else:
        assert found["XMP-dc:Creator"] == ["Ann Author", "Bo"]
        assert found["XMP-dc:Rights"] == KEPT["rights"]
        assert found["XMP-photoshop:Credit"] == KEPT["credit"]
    assert {key.partition(":")[0] for key in found if key.startswith("XMP-")} <= {
        "XMP-dc", "XMP-photoshop", "XMP-x", "XMP-rdf",
    }  # fmt: skip
    assert clean(made.data, suffix).data == made.data


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".gif"])
def test_pixels_and_colours_stay(suffix: str) -> None:
    """Of a picture that is upright nothing is encoded again."""
    profile = b"A colour profile " * 99
    how = {} if suffix == ".gif" else {"icc_profile": profile}
    data = MAKERS[suffix](**how)
    made = clean(data, suffix)
    before, after = Image.open(BytesIO(data)), Image.open(BytesIO(made.data))
    assert after.size == (made.width, made.height) == (48, 32)
    assert not ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    if how:
        assert after.info["icc_profile"] == profile


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_without_metadata_stays_the_same(kind: str, tmp_path: Path) -> None:
    """Byte for byte, but for the names of parts in AVIF."""
    data = saved(kind)
    made = clean(data, ".x")
    assert kind == "AVIF" or made.data == data
    before, after = Image.open(BytesIO(data)), Image.open(BytesIO(made.data))
    assert not ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()


def test_metadata_that_exiftool_wrote(tmp_path: Path) -> None:
    """ExifTool appends the metadata of AVIF, and names no part of it."""
    file = tmp_path / "a.avif"
    file.write_bytes(saved("AVIF"))
    told = ["-XMP-dc:Creator=Ann", f"-XMP-photoshop:City={WORD}", f"-IFD0:ImageDescription={WORD}"]
    subprocess.run(["exiftool", "-q", *told, "-overwrite_original", str(file)], check=True)
    made = clean(file.read_bytes(), ".avif")
    assert WORD.encode() in file.read_bytes() and WORD.encode() not in made.data
    assert made.credit.creators == ("Ann",)
    assert tags(tmp_path, "b.avif", made.data)["XMP-dc:Creator"] == "Ann"


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
def test_a_picture_on_its_side_is_turned(suffix: str, orientation: int) -> None:
    """The pixels are as a viewer showed them before; the credit and the colours stay."""
    profile = b"A colour profile " * 9
    how = {"lossless": True} if suffix == ".webp" else {}
    data = MAKERS[suffix](orientation, icc_profile=profile, **how)
    made = clean(data, suffix)
    after = Image.open(BytesIO(made.data))
    wanted = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    shown = ImageOps.exif_transpose(after)
    assert wanted is not None and shown is not None
    assert (made.width, made.height) == shown.size == wanted.size
    assert after.info["icc_profile"] == profile
    difference = ImageChops.difference(wanted.convert("RGB"), shown.convert("RGB"))
    worst = max(high for _, high in difference.getextrema())
    assert worst <= (40 if suffix == ".jpg" else 0)
    assert made.credit._asdict() == KEPT
    if suffix != ".avif":  # whose own property turns it
        assert after.getexif().get(0x0112, 1) == 1
    assert clean(data, suffix).data == made.data


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_kinds_of_jpeg(mode: str, progressive: bool) -> None:
    for orientation in (1, 6):
        data = saved("JPEG", mode, exif=exif(orientation), progressive=progressive, subsampling=0)
        made = Image.open(BytesIO(clean(data, ".jpg").data))
        assert (made.mode, made.info.get("progressive", 0)) == (mode, int(progressive))
        wanted = ImageOps.exif_transpose(Image.open(BytesIO(data)))
        assert wanted is not None
        difference = ImageChops.difference(wanted.convert("RGB"), made.convert("RGB"))
        assert max(high for _, high in difference.getextrema()) <= 40


def test_the_credit_of_iptc_and_exif() -> None:
    assert clean(jpeg(credit=b""), ".jpg").credit._asdict() == KEPT
    made = clean(saved("JPEG", exif=exif(1, credit=True)), ".jpg")
    assert made.credit[:2] == (("Ann Author",), "(c) Ann")
    bomb = b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + XMP.partition(b"?>")[2]
    assert not any(clean(saved("WEBP", xmp=bomb), ".webp").credit)


@pytest.mark.parametrize("suffix", [".png", ".gif", ".webp"])
def test_an_animation_stays_one(suffix: str) -> None:
    kind = {".png": "PNG", ".gif": "GIF", ".webp": "WEBP"}[suffix]
    frames = [image().rotate(90 * n) for n in (1, 2)]
    how: dict[str, Any] = {"exif": exif(6)} if suffix != ".gif" else {"comment": WORD.encode()}
    data = saved(kind, save_all=True, append_images=frames, duration=100, loop=3, **how)
    made = clean(data, suffix)
    after: Any = Image.open(BytesIO(made.data))
    assert (after.n_frames, after.info["loop"], after.size) == (3, 3, (48, 32))
    assert WORD.encode() not in texts(made.data)


@pytest.mark.parametrize("suffix", MAKERS)
def test_any_end_of_a_file_is_an_error_or_a_picture(suffix: str) -> None:
    """A file that is cut, or has a wrong byte, never ends the program."""

    data = MAKERS[suffix](1)
    step = max(1, len(data) // 120)
    for at in range(0, len(data), step):
        for broken in (data[:at], data[:at] + bytes((data[at] ^ 0xFF,)) + data[at + 1 :]):
            try:
                assert WORD.encode() not in clean(broken, suffix).data or suffix == ".svg"
            except BadPictureError as bad:
                assert str(bad) and bad.hint


def test_a_large_picture_is_not_turned() -> None:
    """The size in the header is not believed by the memory."""

    data = png(6)
    size = (60_000).to_bytes(4, "big") * 2
    head = b"IHDR" + size + data[24:29]
    sealed = zlib.crc32(head).to_bytes(4, "big")
    with pytest.raises(BadPictureError, match="3600 million pixels are too many to turn"):
        clean(data[:12] + head + sealed + data[33:], ".png")


def test_svg_text_is_what_it_was() -> None:
    made = clean(svg(), ".svg").data.decode()
    assert made.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg')
    assert '<title>é &gt; ü</title><g id="a" ><path d="M0 0h9"/></g>' in made
    assert "inkscape" not in made and "creativecommons" not in made


# --- documents and films -----------------------------------------------------------------------


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


PLACE = box(b"\xa9xyz", b"\0\x0e\0\0-06.1+039.2/")
FILES = {
    "a.pdf": (b"%PDF-1.4\n<< /Author (Ann) /Title (C:\\\\Users\\\\x) >>",
              ("its author", "a path on a computer")),
    "b.pdf": (b"%PDF << /Type /ObjStm /N 1 >>\nstream\n" + zlib.compress(b"<< /Author <FEFF> >>"),
              ("its author",)),
    "c.pdf": (b"%PDF-1.4\n<< /Author () /Producer (x) >>", ()),
    "a.mp4": (box(b"ftyp", b"mp42") + box(b"moov", box(b"udta", PLACE)), ("a place",)),
    "b.mp4": (box(b"moov", box(b"meta", b"com.apple.quicktime.location.ISO6709")), ("a place",)),
    "c.mp4": (box(b"ftyp", b"mp42") + box(b"moov", box(b"mvhd", b"")) + b"\0\0\0\0mdat", ()),
    "d.mp4": (b"\0\0\0\1moov\0\0\0\0\0\0\0\0" * 9, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_documents_and_films(name: str, tmp_path: Path) -> None:
    data, wanted = FILES[name]
    (tmp_path / name).write_bytes(data)
    assert metadata_of(tmp_path / name, name[1:]) == wanted


# --- in a site ---------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Path:
    media = tmp_path / "content/media"
    media.mkdir(parents=True)
    (tmp_path / "templates/assets").mkdir(parents=True)
    (tmp_path / "templates/assets/logo.jpg").write_bytes(jpeg())
    for suffix, make in MAKERS.items():
        (media / f"p{suffix}").write_bytes(make(6))
    (media / "film.mp4").write_bytes(FILES["a.mp4"][0])
    body = "".join(f"![A](/media/p{suffix})\n" for suffix in MAKERS) + "[F](/media/film.mp4)"
    return write_site(tmp_path, brief("a", body=body, image="{file: p.jpg, alt: A}"))


def test_a_site_publishes_no_metadata(site: Path) -> None:
    """Neither in content nor in assets; a page has the size as turned; of a film `check` warns."""
    result = build_site(site)
    assert [p.code for p in result.problems] == ["file-metadata"]
    names = {f"media/p{suffix}" for suffix in MAKERS} | {"media/film.mp4"}
    output = tree(site / "output")
    assert names <= output.keys()
    for path, data in output.items():
        assert WORD.encode() not in texts(data), path
    assert result.manifest is not None
    for path in names:
        assert result.manifest.files[path].size == len(output[path])
    assert 'src="../../media/p.jpg" alt="A" width="32" height="48"' in read(
        site, "briefs/a/index.html"
    )
    assert any(path.startswith("assets/logo.") for path in output)


def test_a_picture_is_cleaned_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build reads none of them, only one that has changed; a lost cache is made again."""
    build_site(site)
    before, cleaned = tree(site / "output"), []

    def counted(data: bytes, suffix: str) -> Any:
        cleaned.append(suffix)
        return clean(data, suffix)

    monkeypatch.setattr("builder.content.media.clean", counted)
    (site / "content/briefs/b.md").write_text(brief("b").partition("\n")[2], "utf-8")
    build_site(site)
    assert cleaned == []
    (site / "content/media/p.png").touch()
    assert urls(build_site(site)) == set()
    assert cleaned == []
    (site / "content/media/p.png").write_bytes(png(1))
    assert "/briefs/a/" in urls(build_site(site))
    assert cleaned == [".png", ".png"]  # to learn its digest, and to write it
    (site / "content/media/p.png").write_bytes(png(6))
    for lost in ("media", "output/media/p.webp"):
        cleaned.clear()
        (site / (f".slugline/{lost}" if lost == "media" else lost)).unlink()
        build_site(site)
        assert cleaned
        now = tree(site / "output")
        assert {k: v for k, v in now.items() if k.startswith("media")} == {
            k: v for k, v in before.items() if k.startswith("media")
        }


def test_a_wrong_cache_is_not_believed(site: Path) -> None:
    """The digest of a picture that the cache describes otherwise is found again."""
    from builder.content.media import MediaCache
    from builder.output.manifest import ManifestEntry
    from builder.program import program
    from builder.store import opened

    build_site(site)
    before = tree(site / "output")
    path = "content/media/p.jpg"
    from msgspec.structs import replace

    with opened(site / ".slugline", program()) as store:
        cache = MediaCache(store)
        cache.rows[path] = replace(cache.rows[path], entry=ManifestEntry("0" * 32, 5))
        cache.changed = True
        cache.keep()
    (site / "content/briefs/b.md").write_text(brief("b").partition("\n")[2], "utf-8")
    build_site(site)
    assert tree(site / "output/media") == {
        k.removeprefix("media/"): v for k, v in before.items() if k.startswith("media/")
    }


def test_an_unused_broken_picture_stops_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a") + brief("b", status="draft", image="{file: x.jpg, alt: A}"))
    (tmp_path / "content/media").mkdir()
    (tmp_path / "content/media/y.jpg").write_bytes(b"")
    assert problems(tmp_path, drafts=False) != ()  # the draft names a file that is not there
    (tmp_path / "content/briefs/b.md").unlink()
    assert problems(tmp_path) == ()


# --- drawings that act -------------------------------------------------------------------------

XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"
ACTING = {
    "script": "<script>alert(1)</script>",
    "script of another prefix": "<s:script xmlns:s='http://www.w3.org/2000/svg'>x</s:script>",
    "script of HTML": "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>x</h:script>",
    "script without namespace": "<script xmlns=''>x</script>",
    "handler": "<g onload='x()'/>",
    "handler in capitals": "<g ONCLICK='x()'/>",
    "handler element": "<handler>x</handler>",
    "frame": "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
    "MathML": "<math xmlns='http://www.w3.org/1998/Math/MathML'><mtext/></math>",
    "unknown element": "<portal/>",
    "script in a link": "<a href='java&#9;script:x()'/>",
    "script in a link of XLink": f"<a {XLINK} xlink:href=' JavaScript:x()'/>",
    "data in a link": "<a href='data:text/html,x'/>",
    "animated link": "<a><set attributeName='xlink:href' to='javascript:x()'/></a>",
    "animated handler": "<animate attributeName=' onload ' values='x()'/>",
    "picture elsewhere": "<image href='https://evil.example/x.png'/>",
    "picture beside": f"<image {XLINK} xlink:href='photo.jpg'/>",
    "drawing in a drawing": "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
    "drawing as text": "<image href='data:image/svg+xml,&lt;svg/&gt;'/>",
    "use of a file": "<use href='other.svg#x'/>",
    "use of data": "<use href='data:image/png;base64,AAAA'/>",
    "filter of a file": "<feImage href='//evil.example/x'/>",
    "base of addresses": "<g xml:base='https://evil.example/'/>",
    "fill of a file": "<path fill='url(https://evil.example/x#a)'/>",
    "fill of a file, spelt": "<path fill='u\\72l(x#a)'/>",
    "style attribute": "<path style='fill:URL( \"x.svg#a\")'/>",
    "style attribute, spelt": "<path style='fill:u\\72 l(x)'/>",
    "style sheet": "<style>@import 'https://evil.example/';</style>",
    "style sheet in CDATA": "<style><![CDATA[a{background:url(x)}]]></style>",
    "style sheet with a comment": "<style>a{background:image-set/**/('x' 1x)}</style>",
    "style sheet, spelt": "<style>@\\69mport 'x';</style>",
}
DECLARED = {
    "defaults": "<!ATTLIST svg onload CDATA 'x()'>",
    "a text with an address": "<!ENTITY a 'javascript:x()'>",
    "a text elsewhere": "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
    "declarations in a text": "<!ENTITY % p '<!ENTITY a \"x\">'> %p;",
    "a text that is not there": "<!ENTITY % p SYSTEM 'x'> %p;",
}


@pytest.mark.parametrize("inner", ACTING.values(), ids=ACTING)
def test_a_drawing_that_acts_is_not_published(inner: str) -> None:
    text = f"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'>\n{inner}\n</svg>"
    with pytest.raises(ActivePictureError) as found:
        clean(text.encode(), ".svg")
    assert found.value.line == 3


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
def test_a_drawing_declares_texts_only(declared: str) -> None:
    inner = "<a href='&a;'/>" if " a " in declared else "<a>&a;</a>"
    text = f"<!DOCTYPE svg [{declared}]><svg xmlns='http://www.w3.org/2000/svg'>{inner}</svg>"
    with pytest.raises(ActivePictureError, match=r"its DOCTYPE defines|links to `javascript:`"):
        clean(text.encode(), ".svg")


def test_a_drawing_names_no_style_sheet() -> None:
    sheet = b"<?xml-stylesheet type='text/xsl' href='x'?>"
    for declared in (b"", b"<?xml version='1.0'?>"):
        data = declared + sheet + b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        assert b"stylesheet" not in clean(data, ".svg").data


def test_a_drawing_may_look_at_itself() -> None:
    """Links between its parts, links to pages, fonts in it: as programs write them."""
    text = (
        f"<svg xmlns='http://www.w3.org/2000/svg' {XLINK} width='4' height='3'>"
        "<style>.a{fill:url(#g)} @font-face{src:url(data:font/woff2;base64,AAAA)}</style>"
        "<defs><linearGradient id='g'/></defs><use href='#p'/><use xlink:href='#p'/>"
        "<path id='p' class='a' style='stroke:url(\"#g\")' data-onload='1'/>"
        "<a href='https://web.example/'><text>Web (1)</text></a><a href='/companies/meta/'/>"
        "<text aria-label='a\\b'><animate attributeName='x' values='1;2'/></text></svg>\n"
    ).encode()
    assert clean(text, ".svg").data == text


def test_html_beside_a_drawn_alternative_goes() -> None:
    text = (
        b"<svg xmlns='http://www.w3.org/2000/svg'><switch><foreignObject>"
        b"<p xmlns='http://www.w3.org/1999/xhtml' onclick='x()'>one</p></foreignObject>"
        b"<text>two</text></switch></svg>"
    )
    assert b"<switch><text>two</text></switch>" in clean(text, ".svg").data
