"""Archives that are damaged or hostile: a clear error with its place, and nothing half written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from builder.importers.bad_archive import BadArchive
from builder.importers.notes import ImportNotes
from builder.importers.readers.files import FolderFiles, ZipFiles
from builder.importers.readers.xml_items import read_items
from support.imports import import_into, new_site, shown, write_files
from support.sites import picture, tree

BOMB = (
    '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<rss><channel><item><title>&b;</title></item></channel></rss>"
)
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>'


def refused(tmp_path: Path, kind: str, path: Path, match: str, **more: object) -> None:
    site = new_site(tmp_path / "site")
    before = tree(site)
    with pytest.raises(BadArchive, match=match):
        import_into(site, kind, path, **more)
    assert tree(site) == before


@pytest.mark.parametrize("kind", ["feed", "wordpress"])
@pytest.mark.parametrize(
    "text, match",
    [
        (BOMB, "line 1: entities of a file's own"),
        (OUTSIDE, "line 1: entities of a file's own"),
        ("<rss><channel>\n<item></channel></rss>", "line 2: this is not XML"),
        ("<a>" * 300, "more than 200 levels"),
        ("not xml", "this is not XML"),
        ("<rss></rss>", "no items|not an export"),
    ],
)
def test_bad_xml(kind: str, text: str, match: str, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(text)
    refused(tmp_path, kind, file, match)


def test_xml_that_can_be_mended(tmp_path: Path) -> None:
    """Control characters, references to them, undeclared entities, another encoding."""
    file = tmp_path / "x.xml"
    file.write_bytes(
        b'<?xml version="1.0" encoding="UTF-8"?><rss><item><title>a\x0b&#8;&nbsp;caf\xe9 \xc3\xa9'
        b"</title><guid>1</guid></item></rss>"
    )
    notes = ImportNotes()
    (item,) = read_items(file, ("item",), notes)
    assert item.get("title") == "a\xa0café é"
    assert dict(shown(notes)) == {"bad-xml": 2}
    file.write_bytes(
        '<?xml version="1.0" encoding="iso-8859-1"?><r><item>é</item></r>'.encode("latin-1")
    )
    assert [i.text for i in read_items(file, ("item",), notes)] == ["é"]
    file.write_bytes(
        '<?xml version="1.0" encoding="utf-16"?><r><item>é</item></r>'.encode("utf-16")
    )
    assert [i.text for i in read_items(file, ("item",), notes)] == ["é"]


@pytest.mark.parametrize("name", ["../x.html", "/x.html", "a/../../x", "a\\..\\x", "C:/x"])
def test_zip_files_that_lead_out(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("posts.csv", "post_id\n")
        packed.writestr(zipfile.ZipInfo(name), "x")
    refused(
        tmp_path, "substack", tmp_path / "x.zip", "not a path inside", base_url="https://o.example"
    )


def test_zip_bombs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("posts.csv", "post_id\n" + "0" * 50_000_000)
    refused(
        tmp_path, "substack", tmp_path / "x.zip", "bytes unpacked", base_url="https://o.example"
    )
    (tmp_path / "y.zip").write_bytes(b"PK\x03\x04 not a zip")
    refused(
        tmp_path, "substack", tmp_path / "y.zip", "not a zip file", base_url="https://o.example"
    )


def test_a_zip_file_that_lies_about_a_size(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("a.txt", "x" * 100)
    files = ZipFiles(tmp_path / "x.zip")
    files._members["a.txt"].file_size = 10
    with pytest.raises(BadArchive):
        files.read("a.txt")


def test_links_that_leave_the_folder(tmp_path: Path) -> None:
    secret = write_files(
        tmp_path / "out", {"secret.md": "---\ntitle: S\ndate: 2020-01-01\n---\nsecret"}
    )
    old = write_files(
        tmp_path / "old",
        {
            "hugo.toml": 'baseURL = "https://o.example"',
            "content/posts/a.md": "---\ndate: 2020-01-01\n---\nA",
        },
    )
    (old / "content/posts/s.md").symlink_to(secret / "secret.md")
    (old / "content/more").symlink_to(secret)
    (old / "content/posts/inside.md").symlink_to(old / "content/posts/a.md")
    found = import_into(new_site(tmp_path / "site"), "hugo", old)
    assert found.notes.count("outside") == 2
    assert sorted(p.name for p in (tmp_path / "site/content/briefs").iterdir()) == [
        "a.md",
        "inside.md",
    ]
    with pytest.raises(BadArchive):
        FolderFiles(old, ImportNotes()).read("content/posts/s.md")


def test_pictures_that_lead_out_or_cannot_be_shown(tmp_path: Path) -> None:
    body = (
        "![a](../../../../out/p.png) ![b](/bad.png) ![c](file:///etc/passwd) ![d](/huge.svg) "
        "![e](//cdn.example/x.png) ![f](/good%20one.png) ![](javascript:x) [g](javascript:x)"
    )
    write_files(tmp_path / "out", {"p.png": picture(9, 1)})
    old = write_files(
        tmp_path / "old",
        {
            "hugo.toml": 'baseURL = "https://old.example"',
            "content/posts/a.md": f"---\ndate: 2020-01-01\n---\n{body}\n",
            "static/bad.png": b"not a picture",
            "static/huge.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
            "static/good one.png": picture(9, 2),
        },
    )
    found = import_into(new_site(tmp_path / "site"), "hugo", old)
    assert found.brief("a").endswith(
        "\na b c d [e](https://cdn.example/x.png) ![f](/media/good-one.png)  g\n"
    )
    assert found.errors() == []


def test_posts_that_contradict_each_other(tmp_path: Path) -> None:
    """Two posts with one address, one guid or one slug; missing and impossible dates."""
    rss = "".join(
        f"<item><title>{t}</title><link>{link}</link><guid>{guid}</guid>{date}</item>"
        for t, link, guid, date in (
            (
                "One",
                "https://o.example/a/",
                "g1",
                "<pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate>",
            ),
            (
                "Two",
                "https://o.example/a/",
                "g2",
                "<pubDate>Fri, 03 Jan 2020 10:00:00 GMT</pubDate>",
            ),
            (
                "Three",
                "https://o.example/b/",
                "g1",
                "<pubDate>Sat, 04 Jan 2020 10:00:00 GMT</pubDate>",
            ),
            ("Four", "https://o.example/c/", "g4", ""),
            ("Five", "https://o.example/d/", "g5", "<pubDate>yesterday</pubDate>"),
            (
                "Six",
                "https://o.example/e/",
                "g6",
                "<pubDate>Sun, 32 Jan 2020 10:00:00 GMT</pubDate>",
            ),
        )
    )
    file = tmp_path / "feed.xml"
    file.write_text(f"<rss><channel>{rss}</channel></rss>")
    found = import_into(new_site(tmp_path / "site", "https://o.example"), "feed", file)
    assert found.errors() == []
    notes = dict(shown(found.notes))
    assert (
        notes["same-address"] == notes["same-guid"] == notes["undated"] == notes["taken-slug"] == 1
    )
    assert notes["unreadable"] == 2
    assert "guid" not in found.brief("b") and "status: draft" in found.brief("c")


@pytest.mark.parametrize(
    "text, match",
    [("{", "not JSON"), ("[]", "not an export"), ('{"db": [{"data": {"posts": []}}]}', "no posts"),
     ('{"data": {"posts": [1, null, {}]}}', "no posts")],
)  # fmt: skip
def test_bad_json(text: str, match: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    refused(tmp_path, "ghost", tmp_path / "x.json", match)


def test_values_of_the_wrong_type(tmp_path: Path) -> None:
    post = {
        "id": 5,
        "title": ["x"],
        "slug": {"a": 1},
        "html": 7,
        "status": None,
        "published_at": 1e9,
    }
    data = {"posts": [post, {"id": "6", "html": "<p>x", "status": "published", "type": 3,
                             "published_at": "2020-01-01T00:00:00Z"}],
            "tags": "x", "posts_tags": [None], "users": [3], "posts_meta": {}}  # fmt: skip
    (tmp_path / "x.json").write_text(json.dumps({"data": data}))
    found = import_into(new_site(tmp_path / "site"), "ghost", tmp_path / "x.json")
    assert found.errors() == [] and found.finished.counts.new == 1
    assert found.notes.count("unreadable") == 1


@pytest.mark.parametrize("kind", ["hugo", "jekyll", "astro", "eleventy", "pelican", "zola"])
def test_a_folder_without_an_archive(kind: str, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    refused(tmp_path, kind, tmp_path / "old", "has no ")
