"""The command `clip`: what it prints and writes, and pages of a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli.app import main
from builder.clip import clipping, into
from builder.clip.decode import ClipError
from builder.clip.fetched import fetch_page
from builder.clip.reading import read_page
from builder.clips import find_clips, read_clip
from builder.content.urls import same_address
from builder.extras import MissingExtra
from builder.fetch.exchange import Wire
from support.clipped import PAGES, clip_html, clip_site
from support.tools import REPOSITORY, serve

DUTCH = PAGES / "vietnam-vn.html"
ADDRESS = "https://www.vietnam.vn/nl/google-tinh-dut-ao-voi-scale-ai-sau-khi-meta-thau-tom-gan-nua-co-phan"


@pytest.fixture
def site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A site, and a command that reads pages in this process."""
    for room in (clipping.clip_page, into.add_to_brief):
        defaults = tuple(
            read_page if value is clipping.read_apart else value
            for value in room.__defaults__ or ()
        )
        monkeypatch.setattr(room, "__defaults__", defaults)
    root, _ = clip_site(tmp_path)
    monkeypatch.chdir(root)
    yield root


def run(*arguments: object, code: int = 0, sent: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, ["clip", *map(str, arguments)], input=sent)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_draft_of_the_relay(site: Path) -> None:
    said = run(DUTCH).stdout.splitlines()
    path = site / "content/briefs/google-scale-ai-meta.md"
    assert said == [
        "Wrote content/briefs/google-scale-ai-meta.md",
        "  page       “Google overweegt een einde te maken aan Schaalbare AI nadat Meta bijna de"
        " helft van de aandelen heeft verworven”, Vietnam.vn, 132 words",
        "  chain      Reuters (en) → Báo Dân trí (vi) → Vietnam.vn (machine translation, nl)",
        "  published  2025-06-15, from its text (“15/06/2025” read day first)",
        "  lost name  “Schaalbare AI” stands for Scale AI",
        "  companies  Google, Scale AI, Meta; also named: Microsoft, OpenAI, Turing, xAI",
        "  people     Jonathan Siddharth",
        "  stubs      6 figures, 1 quotation, 4 responses: remove the # of what you use",
        "  earlier    meta-takes-49: Scale AI, Meta, 2 days apart",
        "Next: write title and summary, then run `slugline check`",
    ]
    text = path.read_text("utf-8")
    (kept,) = (site / ".slugline/clips").iterdir()
    assert f".slugline/clips/{kept.name}" in text
    again = run(DUTCH, code=1)
    assert "already a source of the draft content/briefs/google-scale-ai-meta.md" in again.stderr
    run(DUTCH, "--slug", "second")
    assert (site / "content/briefs/second.md").is_file()


def test_text_is_kept_with_its_digest(site: Path) -> None:
    run(DUTCH)
    (found,) = find_clips(site, same_address(ADDRESS))
    assert (found.url, found.lang) == (ADDRESS, "nl")
    assert found.text.startswith("Google overweegt een einde te maken aan Schaalbare AI")
    assert "\n\nGoogle, Microsoft en OpenAI weigerden commentaar te geven." in found.text
    (kept,) = (site / ".slugline/clips").iterdir()
    assert read_clip(kept.read_bytes()) == found
    kept.write_bytes(kept.read_bytes().replace(b"weigerden", b"gaven"))
    assert find_clips(site, same_address(ADDRESS)) == []


def test_dry_run_writes_nothing(site: Path) -> None:
    ran = run(
        "-", "--dry-run", "--lang", "nl", "--published", "2025-06-16", sent=DUTCH.read_bytes()
    )
    assert ran.stdout.startswith("---\nid: ")
    assert "published: from --published\n" in ran.stdout
    assert "published: its text says 2025-06-15" in ran.stdout
    assert "  chain      Reuters (en) → " in ran.stderr
    assert not (site / ".slugline/clips").exists()
    assert not (site / "content/briefs/google-scale-ai-meta.md").exists()


def test_into_a_brief(site: Path) -> None:
    said = run(PAGES / "dantri.html", "--into", "meta-takes-49", "--dry-run").stdout
    assert "+  - {id: dantri, publisher: Báo Dân trí" in said
    said = run(PAGES / "dantri.html", "--into", "content/briefs/meta-takes-49.md").stdout
    assert said.startswith("Added to content/briefs/meta-takes-49.md\n")
    assert "  added      reuters, original\n  added      dantri, relay of reuters\n" in said
    again = run(PAGES / "dantri.html", "--into", "meta-takes-49", code=1)
    assert "has this page already: it is its source `dantri`" in again.stderr
    run(PAGES / "dantri.html", "--into", "meta-takes-49", "--slug", "x", code=2)


@pytest.mark.parametrize(
    ("page", "code", "message"),
    [
        ("nowhere.html", 2, "there is no file nowhere.html; give an address, a saved page, or -"),
        ("site.yaml", 1, "this is not HTML"),
        ("http://127.0.0.1:1/", 1, "is not a public address"),
        ("http://u:p@x.example/", 1, "contains a user name or a password"),
    ],
)
def test_what_is_refused(page: str, code: int, message: str, site: Path) -> None:
    assert message in run(page, code=code).stderr


def test_page_of_a_server(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes((PAGES / "windows-1252-nl.html").read_bytes())
    (tmp_path / "b.pdf").write_bytes(b"%PDF-")
    with serve(tmp_path) as address:
        page = fetch_page(f"{address}a.html", "https://test.example", Wire(private=True))
        assert page.address == f"{address}a.html"
        root, known = clip_site(tmp_path / "site")
        found = clip_html(root, known, page.data, page.address)
        assert "één jaar" in found.clip.text
        with pytest.raises(ClipError, match=r"c\.html does not exist \(404\)"):
            fetch_page(f"{address}c.html", "", Wire(private=True))
        with pytest.raises(ClipError, match="leads to application/pdf, not to HTML"):
            fetch_page(f"{address}b.pdf", "", Wire(private=True))


def test_missing_extra_names_the_command(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builder.clip import isolation

    monkeypatch.setattr(isolation, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r'pip install "slugline\[clip\]"'):
        isolation.read_apart("<p>x</p>")


def test_program_reads_a_page_in_a_process_of_its_own(tmp_path: Path) -> None:
    root, _ = clip_site(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "builder", "clip", "-"],
        input=DUTCH.read_bytes(), cwd=root, capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"Wrote content/briefs/google-scale-ai-meta.md\n")
