"""Inputs that are no plain text: other encodings, odd files, links, templates that go wrong."""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import builder.content.walk
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.report import as_github, as_json, as_text
from support.sites import (
    USUAL,
    brief,
    build_site,
    files,
    picture,
    problems,
    read,
    small_site,
    tree,
    write_site,
)
from support.tools import REPOSITORY

GOOD = """\
---
id: aaaa2222
title: Scale AI hires
date: 2025-06-15
summary: It hires.
companies: [Scale AI]
sources: [{id: reuters, publisher: Reuters}]
---
Text.
"""
SECRET = "the-secret-of-the-target"


def good(field: str) -> str:
    """A valid brief with one more field."""
    return GOOD.replace("id: aaaa", f"{field}\nid: aaaa", 1)


def put(site: Path, path: str, data: bytes | str) -> Path:
    """Write a file of a site."""
    target = site / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return target


def only(found: tuple[Diagnostic, ...]) -> Diagnostic:
    """The one diagnostic that there is."""
    assert len(found) == 1, found
    return found[0]


def brief_problem(folder: Path, data: bytes | str) -> Diagnostic:
    """The one diagnostic of a site with this brief."""
    site = small_site(folder)
    put(site, "content/briefs/a.md", data)
    found = only(tuple(d for d in problems(site) if d.code != "hidden-character"))
    assert found.path == "content/briefs/a.md"
    assert found.hint
    return found


def check_apart(site: Path, *codes: str) -> subprocess.CompletedProcess[str]:
    """`slugline check` in a process of its own: what could hang or crash does no harm here."""
    return subprocess.run(
        [sys.executable, "-m", "builder", "--site", str(site), "check", "--jobs", "1", *codes],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


def place(found: Diagnostic) -> tuple[int, int]:
    return found.line, found.column


# --- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_named(encoding: str, tmp_path: Path) -> None:
    data = GOOD.encode(encoding)
    if encoding.startswith("utf-16-"):  # with the mark that editors write
        data = "\ufeff".encode(encoding) + data
    found = brief_problem(tmp_path, data)
    assert found.code in ("not-utf8", "binary-file")
    if encoding != "utf-32":
        assert found.code == "not-utf8"
        assert "UTF-16" in found.message
    assert found.hint.startswith("save it as UTF-8")


def test_utf_16_without_a_mark_is_still_no_text(tmp_path: Path) -> None:
    assert brief_problem(tmp_path, GOOD.encode("utf-16-le")).code in ("binary-file", "not-utf8")


def test_latin_1_is_found_at_its_line_and_column(tmp_path: Path) -> None:
    text = GOOD.replace("It hires.", "Une société à Genève.")
    found = brief_problem(tmp_path, text.encode("latin-1"))
    assert (found.code, place(found)) == ("not-utf8", (5, 18))
    assert "0xe9" in found.message
    assert found.hint == "save it as UTF-8"


def test_a_bad_byte_after_wide_characters_is_counted_in_characters(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, GOOD.encode() + "谷歌 và Báo ".encode() + b"\x96 end\n")
    assert (found.code, place(found)) == ("not-utf8", (10, 11))


def test_a_bad_byte_in_a_file_with_a_mark_and_carriage_returns(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode() + b"caf\xe9\r\n"
    found = brief_problem(tmp_path, text)
    assert (found.code, place(found)) == ("not-utf8", (10, 4))


def test_a_bad_byte_in_a_file_with_carriage_returns_only(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, GOOD.replace("\n", "\r").encode() + b"caf\xe9\r")
    assert (found.code, place(found)) == ("not-utf8", (10, 4))


@pytest.mark.parametrize("data", [b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xc3"])
def test_what_only_looks_like_utf_8(data: bytes, tmp_path: Path) -> None:
    """Surrogates, overlong forms, what is past the last character, a character cut short."""
    found = brief_problem(tmp_path, GOOD.encode() + data)
    assert (found.code, place(found)) == ("not-utf8", (10, 1))


def test_a_nul_is_found_at_its_line(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, GOOD.replace("Text.", "Te\0xt."))
    assert (found.code, found.line) == ("binary-file", 9)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_where_editors_end_them(end: str, tmp_path: Path) -> None:
    """U+2028, U+2029 and U+0085 end no line; a mark at the beginning takes no column."""
    text = GOOD.replace("It hires.", "It\u2028hires\u2029and\x85fires.")
    token = "ghp_" + "a1B2" * 9
    for added, line, column in (("\0", 9, 1), (token, 9, 3), ("<<<<<<< HEAD\n", 9, 1)):
        lead = "- " if column == 3 else ""
        data = "\ufeff" + text.replace("Text.", lead + added)
        found = brief_problem(tmp_path, data.replace("\n", end))
        assert (found.line, found.column) == (line, column), added
        if added != token:
            assert found.code in ("binary-file", "conflict-markers")
    put(tmp_path, "content/briefs/a.md", "\ufefftitle" + end)
    found = only(problems(tmp_path))
    assert (found.excerpt, found.width) == ("title", 5)


def test_a_picture_with_the_name_of_a_text(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    assert found.code == "binary-file"


def test_line_ends_and_a_mark_change_nothing(tmp_path: Path) -> None:
    text = GOOD + "\n## A heading\n\n- one\n- two\n\n```\ncode\n```\n"
    site = write_site(tmp_path)
    found = []
    for mark, end in (("", "\n"), ("\ufeff", "\r\n"), ("", "\r"), ("\ufeff", "\r")):
        put(site, "content/briefs/a.md", mark + text.replace("\n", end))
        put(
            site,
            "content/companies/x.md",
            mark + "---\nname: X\nlisted: true\n---\n*Text*".replace("\n", end),
        )
        put(site, "site.yaml", mark + files(USUAL)["site.yaml"].replace("\n", end))
        assert problems(site) == ()
        build_site(site)
        found.append(tree(site / "output"))
    assert "code\n</code>" in found[0]["briefs/a/index.html"].decode()
    assert found[1:] == found[:1] * 3
    texts = {p: data for p, data in found[0].items() if not p.endswith(".csv")}  # RFC 4180 has CRLF
    assert not [p for p, data in texts.items() if b"\r" in data or b"\xef\xbb\xbf" in data]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_mistake_is_found_at_its_line_with_any_line_end(end: str, tmp_path: Path) -> None:
    text = GOOD.replace("2025-06-15", "15.06.2025").replace("\n", end)
    found = brief_problem(tmp_path, text)
    assert (found.code, place(found), found.excerpt) == (
        "invalid-date", (4, 7), "date: 15.06.2025",
    )  # fmt: skip


def test_site_yaml_in_another_encoding(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "site.yaml", "title: Café\nbase_url: https://test.example\n".encode("latin-1"))
    found = only(problems(site))
    assert (found.path, found.code, place(found)) == ("site.yaml", "not-utf8", (1, 11))
    put(site, "site.yaml", "title: Test\r\nbase_url: https://test.example\r\n")
    assert problems(site) == ()
    put(site, "site.yaml", "\ufefftitle: Test\nbase_url: https://test.example\n")
    assert problems(site) == ()


def test_a_template_in_another_encoding(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    put(site, "templates/page.html", "<p>\n<p>é</p>\n".encode("latin-1"))
    found = only(problems(site))
    assert found.path == "templates/page.html"
    assert found.code in ("not-utf8", "unreadable-file")
    assert "/" not in found.message.replace("</p>", ""), "no path of this machine"


# --- sizes -------------------------------------------------------------------------------------


def test_an_empty_file(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, "")
    assert (found.code, place(found)) == ("no-front-matter", (1, 1))


def test_only_front_matter(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    ends = ("---", "---\n", "---\n\n\n", "---   \n \t \n")
    for number, end in enumerate(ends):
        text = GOOD.removesuffix("---\nText.\n").replace("aaaa", f"{number:04}")
        put(site, f"content/briefs/a{number}.md", text + end)
    assert problems(site) == ()
    build_site(site)
    for number in range(len(ends)):
        assert "prose" not in read(site, f"briefs/a{number}/index.html"), "an empty box is shown"


def test_only_the_first_line(tmp_path: Path) -> None:
    assert brief_problem(tmp_path, "---").code == "front-matter-not-closed"


def test_a_file_of_17_mb(tmp_path: Path) -> None:
    found = brief_problem(tmp_path, GOOD.encode() + b"x" * (17 << 20))
    assert found.code == "file-too-large"
    assert "17 MB" in found.message
    assert "16 MB" in found.message


def test_front_matter_of_300_kb(tmp_path: Path) -> None:
    text = GOOD.replace("summary: It hires.", "summary: " + "It hires. " * 30_000)
    found = brief_problem(tmp_path, text)
    assert found.code == "front-matter-too-large"
    assert "256 KB" in found.message


def test_one_word_of_a_megabyte(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD + "x" * (1 << 20) + "\n")
    assert {problem.code for problem in problems(site)} == {"too-long"}
    found = small_site(tmp_path / "wrong")
    put(found, "content/briefs/a.md", GOOD + "x" * 20_000 + " [y](/nowhere/) " + "x" * 20_000)
    shown = as_text(problems(found))
    assert "[y](/nowhere/)" in shown
    assert len(shown) < 1000, "a long line is cut around the caret"


# --- depth -------------------------------------------------------------------------------------

# Each of these ends libyaml's composer with a fault of segmentation when it is not held back, so
# each runs in a process of its own.
DEEP = {
    "brackets": "topics: " + "[" * 60_000,
    "closed brackets": "topics: " + "[" * 60_000 + "]" * 60_000,
    "braces": "topics: " + "{a: " * 40_000,
    "mixed": "topics: " + "[{a: " * 30_000,
    "hyphens": "topics:\n" + "- " * 60_000 + "x",
    "question marks": "? " * 60_000 + "x",
    "mixed signs": "topics:\n" + "- ? " * 40_000 + "x",
    "indentation": "topics:\n" + "\n".join(" " * n + "a:" for n in range(1, 650)),
    "hyphens on lines of their own": "topics:\n" + "\n".join(" " * n + "-" for n in range(650)),
    "a key of brackets": "? " + "[" * 60_000,
    "behind a quotation": 'title: "[[[" \ntopics: ' + "[" * 60_000,
}


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    for number, text in enumerate(DEEP.values()):
        put(site, f"content/briefs/deep-{number}.md", f"---\n{text}\n---\nText.\n")
    done = check_apart(site)
    if done.returncode != 1:  # one of them killed it: find out which
        for number, kind in enumerate(DEEP):
            alone = small_site(tmp_path / "alone")
            path = f"content/briefs/deep-{number}.md"
            put(alone, path, (site / path).read_bytes())
            assert check_apart(alone).returncode == 1, kind
            (alone / path).unlink()
    assert done.returncode == 1, done.stderr[-500:]
    assert "bug in Slugline" not in done.stderr
    done = check_apart(site, "too-deep", "yaml-syntax")  # without codes, ten of each are shown
    for number, kind in enumerate(DEEP):
        found = re.findall(rf"/deep-{number}\.md:[0-9:]+ error\[([a-z-]+)\]: ", done.stdout)
        assert found in (["too-deep"], ["yaml-syntax"]), (kind, found)
    assert len(done.stdout) < 5000


def test_twenty_levels_are_still_read(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", good(f"topics: {'[' * 15}x{']' * 15}"))
    assert {p.code for p in problems(site)} == {"expected-text"}


def test_an_alias_bomb(tmp_path: Path) -> None:
    rows = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        rows.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    tracemalloc.start()
    found = brief_problem(tmp_path, "\n".join(["---", *rows, "---", "Text.", ""]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.code, place(found)) == ("yaml-alias", (2, 4))
    assert peak < 50 << 20


MUCH = (
    ">" * 20_000 + " x",
    "> " * 20_000 + "x",
    "- " * 5_000 + "x",
    "[" * 20_000,
    "![" * 10_000,
    "[[" * 10_000,
    "*a **a " * 5_000,
    "`" * 20_000 + "a" + "`" * 19_999,
    "<" * 20_000,
    "<a " * 5_000,
    "<!--" * 5_000,
    "[^1]" * 5_000 + "\n\n[^1]: note",
    "|" * 20_000 + "\n" + "|-" * 10_000,
    "[a](" * 5_000,
    "&" * 20_000,
    "\\" * 20_001,
    "# " * 5_000,
    '"' * 10_000 + "'" * 10_000,
    "Scale " * 10_000,
)


def test_markdown_that_asks_for_too_much(tmp_path: Path) -> None:
    """Signs repeated thousands of times end soon, and end in a page or in diagnostics."""
    site = small_site(tmp_path)
    for number, text in enumerate(MUCH):
        put(site, f"content/briefs/much-{number}.md", GOOD.replace("aaaa", f"{number:04}") + text)
    done = check_apart(site)
    assert done.returncode in (0, 1), done.stderr[-500:]
    assert "bug in Slugline" not in done.stderr


# --- what is no file ---------------------------------------------------------------------------


def special(place: Path, kind: str) -> None:
    """Put a special file in a place, where nothing else remains."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"/proc/self/fd/{os.open(place.parent, os.O_RDONLY)}/{place.name}")
    elif kind == "device":
        os.mknod(place, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # as /dev/zero
    elif kind == "link to a device":
        place.symlink_to("/dev/zero")
    else:
        place.mkdir()


SPECIAL = ("pipe", "socket", "link to a device") + ("device",) * (os.geteuid() == 0)
INSIDE = (
    "content/briefs/x.md", "content/media/x.png", "content/companies/x.md", "templates/404.html",
    "templates/brief.html", "templates/assets/x.css", "templates/parts/x.html",
)  # fmt: skip


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("moved", ["", "site.yaml", "content", "templates", "content/briefs"])
def test_a_special_file_is_an_error_with_a_place(moved: str, kind: str, tmp_path: Path) -> None:
    """It is not read, waited for, or passed over."""
    site = small_site(tmp_path)
    places = (moved,) if moved else INSIDE
    for place in places:
        special(site / place, kind)
    codes = {"unreadable-file", "symlink"}
    found = {(d.path, d.line) for d in problems(site) if d.code in codes and d.severity == "error"}
    assert {(place, 1) for place in places} <= found
    with pytest.raises(ContentError):
        build_site(site)


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    for place in ("templates/404.html", "templates/assets/style.css"):
        special(site / place, "folder")
        assert {(d.path, d.code) for d in problems(site)} == {(place, "unreadable-file")}
        (site / place).rmdir()


def test_a_folder_with_the_name_of_a_text(tmp_path: Path) -> None:
    """It is a folder like any other: what is in it is read."""
    site = write_site(tmp_path)
    put(site, "content/briefs/x.md/a.md", GOOD)
    (site / "content/briefs/empty.md").mkdir()
    assert problems(site) == ()
    build_site(site)
    assert "Scale AI hires" in read(site, "briefs/a/index.html")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = small_site(tmp_path)
    file = put(site, "content/briefs/a.md", GOOD)
    put(site, "content/briefs/b.md", GOOD.replace("aaaa", "bbbb") + "\n[a](/briefs/a/#more)\n")
    file.chmod(0)
    if os.access(file, os.R_OK):  # root reads everything: the system's answer is played
        whole = builder.content.record.bytes_of

        def refuse(source: str) -> object:
            if source.endswith("/a.md"):
                raise PermissionError(13, "Permission denied", source)
            return whole(source)

        monkeypatch.setattr(builder.content.record, "bytes_of", refuse)
    found = only(problems(site))
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert (found.path, found.code) == ("content/briefs/a.md", "unreadable-file")
    assert "Permission denied" in found.message
    assert str(tmp_path) not in found.message


def test_a_file_that_vanishes_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves by removing and renaming while the site is built."""
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    whole = builder.content.record.bytes_of

    def vanish(source: str) -> object:
        if source.endswith("/a.md"):
            Path(source).unlink(missing_ok=True)
        return whole(source)

    monkeypatch.setattr(builder.content.record, "bytes_of", vanish)
    found = only(problems(site))
    assert (found.path, found.code) == ("content/briefs/a.md", "unreadable-file")


class Listed(list):
    """The entries of a folder as `os.scandir` gives them: to be used with `with`, or without."""

    def __enter__(self) -> Listed:
        return self

    def __exit__(self, *error: object) -> None:
        pass


@pytest.mark.parametrize("path", ["content/briefs/a.md", "content/media/a.txt"])
def test_a_file_that_vanishes_while_folders_are_listed(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path)
    file = put(site, path, GOOD)
    scan = os.scandir

    class Vanishing(list[Any]):
        """The entries of a folder, as a list and as `with os.scandir(…)`."""

        def __enter__(self) -> Vanishing:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is open any more."""

    def vanish(folder: str | Path) -> Vanishing:
        with scan(folder) as entries:
            found = Vanishing(entries)
        if Path(folder) == file.parent:
            file.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(builder.content.walk.os, "scandir", vanish)
    found = problems(site)  # gone or unreadable: both are true
    assert all((p.path, p.code) == (path, "unreadable-file") for p in found), found


def test_a_picture_that_vanishes_before_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    build_site(site)
    before = tree(site / "output")
    put(site, "content/briefs/a.md", GOOD + "[a](/media/a.txt)\n")
    picture = put(site, "content/media/a.txt", "text")
    read_bytes, copy = Path.read_bytes, builder.output.tree.shutil.copyfile

    def vanish(path: Path) -> bytes:
        if path.name == "a.txt":
            path.unlink(missing_ok=True)
        return read_bytes(path)

    def vanish_copy(source: Path, target: Path) -> object:
        if Path(source) == picture:
            picture.unlink(missing_ok=True)
        return copy(source, target)

    monkeypatch.setattr(Path, "read_bytes", vanish)
    monkeypatch.setattr(builder.output.tree.shutil, "copyfile", vanish_copy)
    with pytest.raises((ContentError, builder.output.tree.OutputError)):
        build_site(site)
    assert tree(site / "output") == before


# --- links of the file system ------------------------------------------------------------------


def secret_site(folder: Path) -> tuple[Path, Path]:
    """A site with one brief, and a folder outside it with a secret in a valid brief."""
    site, outside = small_site(folder / "site"), folder / "outside"
    put(site, "content/briefs/a.md", GOOD)
    put(outside, "secret.md", GOOD.replace("aaaa", "ssss").replace("Scale AI hires", SECRET))
    put(outside, "secret.txt", f"{SECRET}: no front matter\n")
    put(outside, "secret.svg", f"<svg><desc>{SECRET}</desc></svg>")
    return site, outside


def nothing_leaks(site: Path, found: tuple[Diagnostic, ...]) -> None:
    shown = as_text(found) + as_json(found) + as_github(found)
    assert SECRET not in shown
    assert "outside" not in shown.replace("leads outside", "")
    with pytest.raises(ContentError):
        build_site(site)
    assert not (site / "output").exists()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("content/briefs/b.md", "secret.md"),
        ("content/briefs/b.md", "secret.txt"),
        ("content/companies/b.md", "secret.txt"),
        ("content/media/b.svg", "secret.svg"),
        ("content/media/b.txt", "secret.txt"),
        ("content/briefs/2025", ""),
        ("content/media/2025", ""),
        ("content/companies/old", ""),
        ("content/topics", ""),
        ("content/media", ""),
    ],
)
@pytest.mark.parametrize("relative", [False, True])
def test_a_link_out_of_the_tree(path: str, target: str, relative: bool, tmp_path: Path) -> None:
    site, outside = secret_site(tmp_path)
    link = site / path
    link.parent.mkdir(parents=True, exist_ok=True)
    to = outside / target if target else outside
    link.symlink_to(os.path.relpath(to, link.parent) if relative else to)
    found = problems(site)
    assert [(p.path, p.code) for p in found] == [(path, "symlink")]
    nothing_leaks(site, found)


def test_a_link_to_a_link_out_of_the_tree(tmp_path: Path) -> None:
    site, outside = secret_site(tmp_path)
    (site / "content/briefs/one.md").symlink_to(outside / "secret.md")
    (site / "content/briefs/two.md").symlink_to("one.md")
    found = problems(site)
    assert {p.code for p in found} == {"symlink"}
    nothing_leaks(site, found)


def test_a_link_to_the_site_s_own_settings(tmp_path: Path) -> None:
    """Out of content/ is out, also within the site."""
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    (site / "content/briefs/b.md").symlink_to(site / "site.yaml")
    assert only(problems(site)).code == "symlink"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("content/media/x.txt", "../briefs/a.md"),
        ("content/pages/x.md", "../briefs/a.md"),
        ("content/briefs/2025/x.md", "../../pages/about.md"),
        ("templates/404.html", "../site.yaml"),
        ("templates/404.html", "/etc/hostname"),
        ("templates/assets/x.txt", "../../content/briefs/a.md"),
        ("templates/parts", "../content"),
        ("templates/assets/again", "../assets"),
        ("site.yaml", "../outside/site.yaml"),
        ("site.yaml", ".git/config"),
    ],
)
def test_a_link_stays_in_its_own_folder(path: str, target: str, tmp_path: Path) -> None:
    """A link in media/ to a draft would publish it; one to settings would show them in errors."""
    site, outside = secret_site(tmp_path)
    put(outside, "site.yaml", f"title: {SECRET}\nbase_url: https://test.example\n")
    put(site, "content/pages/about.md", "---\ntitle: About\n---\n")
    put(site, ".git/config", f"[remote]\n{SECRET}\n")
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).unlink(missing_ok=True)
    (site / path).symlink_to(target)
    found = problems(site)
    assert (path, "symlink", 1) in [(p.path, p.code, p.line) for p in found]
    nothing_leaks(site, found)


def test_a_template_may_be_a_link_to_another(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    put(site, "templates/own.html", "<!doctype html><title>Own</title><p>Nothing here</p>\n")
    (site / "templates/404.html").unlink(missing_ok=True)
    (site / "templates/404.html").symlink_to("own.html")
    (site / "settings.yaml").write_bytes((site / "site.yaml").read_bytes())
    (site / "site.yaml").unlink()
    (site / "site.yaml").symlink_to("settings.yaml")
    assert not problems(site)
    build_site(site)
    assert "Nothing here" in read(site, "404.html")


def test_a_link_in_a_circle_and_one_to_nothing(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    (site / "content/briefs/one.md").symlink_to("two.md")
    (site / "content/briefs/two.md").symlink_to("one.md")
    (site / "content/briefs/gone.md").symlink_to("nothing.md")
    (site / "content/briefs/again").symlink_to("..")
    assert {(p.path.split("/")[-1], p.code) for p in problems(site)} == {
        ("one.md", "symlink"), ("two.md", "symlink"), ("gone.md", "symlink"), ("again", "symlink"),
    }  # fmt: skip


def test_a_link_to_nothing_is_not_said_to_lead_out(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    (site / "content/briefs/gone.md").symlink_to("nothing.md")
    assert "out of content/" not in only(problems(site)).message


def test_a_link_to_a_folder_of_content_is_not_said_to_lead_out(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/2025/a.md", GOOD)
    (site / "content/briefs/now").symlink_to("2025")
    found = only(problems(site))
    assert found.code == "symlink"
    assert "out of content/" not in found.message


def test_a_link_within_content_is_read(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD + "[two](/media/two.txt)\n")
    put(site, "content/media/one.txt", "one")
    (site / "content/media/two.txt").symlink_to("one.txt")
    assert problems(site) == ()
    build_site(site)
    assert read(site, "media/two.txt") == "one"
    assert not (site / "output/media/two.txt").is_symlink()
    (site / "content/briefs/b.md").symlink_to("a.md")
    found = only(problems(site))
    assert (found.path, found.code) == ("content/briefs/b.md", "duplicate-id")


@pytest.mark.parametrize("relative", [False, True])
def test_the_folder_of_the_content_may_be_a_link(relative: bool, tmp_path: Path) -> None:
    """Only the folder itself: links within it are refused as ever, and named."""
    site = small_site(tmp_path / "site")
    put(site, "content/briefs/a.md", GOOD)
    elsewhere = tmp_path / "elsewhere"
    (site / "content").rename(elsewhere)
    (site / "content").symlink_to("../elsewhere" if relative else elsewhere)
    assert build_site(site).briefs == 1
    walk = builder.content.walk.walk_content(site)
    assert builder.content.walk.walk_again(site, walk, ["content/briefs/a.md"]) == walk
    (elsewhere / "threads").symlink_to(tmp_path)
    found = only(problems(site))
    assert (found.path, found.code) == ("content/threads", "symlink")


def test_a_site_that_lost_its_briefs_does_not_replace_the_one_that_had_them(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert build_site(site).briefs == 0  # a new site may be empty
    put(site, "content/briefs/a.md", GOOD)
    build_site(site)
    before = tree(site / "output")
    (site / "content/briefs").rename(site / "moved")
    for _ in range(2):
        with pytest.raises(ContentError) as raised:
            build_site(site)
        assert [d.code for d in raised.value.diagnostics] == ["empty-site"]
    assert tree(site / "output") == before
    shutil.rmtree(site / "content")
    (site / "content").symlink_to("nothing")
    with pytest.raises(ContentError) as raised:
        build_site(site)
    assert {d.code for d in raised.value.diagnostics} == {"empty-site", "symlink"}
    assert tree(site / "output") == before
    (site / "content").unlink()
    assert build_site(site, allow_empty=True).briefs == 0


@pytest.mark.parametrize(
    ("field", "stops"),
    [
        ("status: draft", True),
        ("date: 2099-01-01", True),
        ("expires: 2025-06-20", False),
        ("status: withdrawn\nwithdrawn_because: It was wrong.", False),
    ],
)
def test_the_last_brief_may_expire_but_not_become_a_draft(
    field: str, stops: bool, tmp_path: Path
) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    build_site(site)
    before = tree(site / "output")
    lines = [line for line in GOOD.split("\n") if not line.startswith(field.partition(":")[0])]
    put(site, "content/briefs/a.md", "\n".join([lines[0], field, *lines[1:]]))
    if not stops:
        assert build_site(site).briefs == 0
        return
    with pytest.raises(ContentError) as raised:
        build_site(site)
    found = only([d for d in raised.value.diagnostics if d.severity == "error"])
    assert found.code == "empty-site" and "content/briefs/a.md" in found.hint
    assert tree(site / "output") == before
    assert build_site(site, allow_empty=True).briefs == 0


def test_a_site_whose_last_brief_is_no_longer_public_is_built(tmp_path: Path) -> None:
    """Otherwise a brief would stay public after it has expired."""
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    build_site(site)
    put(site, "content/briefs/a.md", GOOD.replace("date:", "expires: 2025-06-20\ndate:", 1))
    assert build_site(site).briefs == 0
    assert not (site / "output/briefs/a").exists()


@pytest.mark.parametrize("field", ["people", "topics", "publisher"])
@pytest.mark.parametrize("name", ["Aa" * 150, "Đ " * 120, "ß" * 200, "a b" * 35])
def test_a_name_that_is_too_long_for_an_address(field: str, name: str, tmp_path: Path) -> None:
    source = "[{id: a, publisher: %s}]" % name.strip()  # noqa: UP031 - braces of YAML
    fields = {"sources": source} if field == "publisher" else {field: f"[{name.strip()}]"}
    site = small_site(tmp_path, brief("a", **fields))
    found = only(problems(site))
    assert found.code == "invalid-slug"
    assert found.message.endswith("; the limit is 100")
    assert len(found.message) < 200
    with pytest.raises(ContentError):
        build_site(site)


def test_a_former_name_that_is_too_long_for_an_address_has_no_redirect(tmp_path: Path) -> None:
    former = "---\nname: A\nformerly: [" + "b" * 300 + "]\n---\n"
    site = small_site(tmp_path, f"=== content/companies/a.md\n{former}")
    put(site, "content/briefs/a.md", GOOD)
    assert problems(site) == ()
    build_site(site)


def test_an_asset_that_leads_out_of_the_site_is_not_published(tmp_path: Path) -> None:
    site, outside = secret_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD + "![A sign](/media/a.svg)\n")
    put(site, "content/media/a.svg", "<svg/>")
    (site / "templates/assets").mkdir(parents=True)
    (site / "templates/assets/notes.txt").symlink_to(outside / "secret.txt")
    try:
        build_site(site)
    except ContentError:
        return
    published = tree(site / "output")
    assert not [path for path, data in published.items() if SECRET.encode() in data]


# --- names -------------------------------------------------------------------------------------


def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    name = os.fsencode(site / "content/briefs") + b"/caf\xe9.md"
    put(site, "content/briefs/a.md", GOOD)
    with open(name, "wb") as file:  # noqa: PTH123 (pathlib takes no bytes)
        file.write(GOOD.replace("aaaa", "bbbb").encode())
    found = only(problems(site))
    assert found.code in ("invalid-slug", "unreadable-file")
    for shown in (as_text([found]), as_json([found]), as_github([found])):
        shown.encode("utf-8")  # a terminal or a file can take it


def test_a_picture_whose_name_is_no_utf_8(tmp_path: Path) -> None:
    """It has no address: it is reported, or published under one that works."""
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD + "[ok](/media/ok.txt)\n")
    put(site, "content/media/ok.txt", "x")
    with open(os.fsencode(site / "content/media") + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    found = problems(site)
    as_json(found).encode("utf-8")
    if not any(p.severity == "error" for p in found):
        build_site(site)
        assert (site / "output/media/ok.txt").is_file()


def test_names_in_the_two_forms_of_unicode(tmp_path: Path) -> None:
    """macOS stores é as two characters; a reference to it is written with one."""
    site = small_site(tmp_path)
    name = "café.txt"
    put(site, "content/media/" + unicodedata.normalize("NFD", name), "x")
    put(site, "content/briefs/a.md", good(f"image: {{file: {name}, alt: A}}"))
    assert problems(site) == ()


@pytest.mark.parametrize(
    "name",
    [".a.md", ".a.md.swp", "a.md~", "#a.md#", "4913", "a.md.bak", "a.md.tmp", ".git/a.md"],
)
def test_what_editors_leave_behind_is_ignored(name: str, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    put(site, f"content/briefs/{name}", "rubbish \0")
    put(site, f"content/media/{name}", "rubbish \0")
    assert problems(site) == ()


def test_a_name_of_255_bytes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    name = "a" * 252
    put(site, f"content/briefs/{name}.md", GOOD)
    found = only(problems(site))
    assert found.code == "invalid-slug"
    assert "252 characters" in found.message
    put(site, f"content/briefs/{name}.md", good("slug: short") + f"[b](/media/{'b' * 251}.txt)\n")
    put(site, f"content/media/{'b' * 251}.txt", "x")
    assert problems(site) == ()
    build_site(site)
    assert (site / "output/briefs/short/index.html").is_file()
    assert (site / f"output/media/{'b' * 251}.txt").is_file()


def test_an_ending_in_capital_letters(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD + "![A sign](/media/SIGN.JPG)\n")
    put(site, "content/briefs/b.MD", GOOD.replace("aaaa", "bbbb"))
    put(site, "content/media/SIGN.JPG", picture(2, 1))
    assert problems(site) == ()
    build_site(site)
    assert (site / "output/briefs/b/index.html").exists()
    assert (site / "output/media/SIGN.JPG").is_file()


PICTURES = (
    ("empty.png", b"", "it is empty"),
    ("short.png", b"\x89PNG\r\n\x1a\n", "it ends in the middle"),
    ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0", "it ends in the middle"),
    ("altered.png", picture(2, 1).replace(b"\x08\0\0\0\0", b"\x08\0\0\0\1", 1), "it is damaged"),
    ("end.png", picture(2, 1)[:-12], "it ends in the middle"),
    ("short.jpg", b"\xff\xd8\xff", "it ends in the middle"),
    ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "it ends in the middle"),
    ("odd.jpg", b"\xff\xd8\xff\xe0\0\0\0\0" + b"\xff" * 100, "it is damaged"),
    ("none.jpg", b"\xff\xd8\xff\xd9", "it has no picture"),
    ("short.gif", b"GIF89a", "it ends in the middle"),
    ("loop.gif", b"GIF89a" + b"\1\0\1\0\0\0\0" + b"!\xfe\1a" * 9, "it ends in the middle"),
    ("short.webp", b"RIFF\0\0\0\0WEBPVP8 ", "it has no picture"),
    ("cut.webp", b"RIFF\xff\0\0\0WEBPVP8X\0", "it ends in the middle"),
    ("short.avif", b"\0\0\0\x1cftypavif", "it ends in the middle"),
    ("endless.avif", b"\0\0\0\x10ftypavif\0\0\0\0\0\0\0\1meta" + b"\0" * 8, "it is damaged"),
    ("phone.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is HEIC, which browsers do not show"),
    ("tiff.png", b"II*\0\xff\xff\xff\xff", "it is TIFF, which browsers do not show"),
    ("words.jpg", b"No picture.", "it is not a picture"),
    ("broken.svg", b"<svg width='1'", "its XML is damaged in line 1"),
    ("html.svg", b"<html></html>", "it is not SVG"),
    ("not.svg", b"\0\1\2", "its XML is damaged in line 1"),
    ("bomb.svg", b"<!DOCTYPE s [<!ENTITY a '<g/>'>]><svg>&a;</svg>", "its DOCTYPE defines"),
    ("laughs.svg", b"<!DOCTYPE s [<!ENTITY a0 '" + b"a" * 1000 + b"'>"
     + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
     + b"]><svg>&a8;</svg>", "its XML is damaged in line 1"),
    ("photo.heic", b"", "browsers do not show HEIC"),
)  # fmt: skip


def test_pictures_that_are_none(tmp_path: Path) -> None:
    """Each is an error where it is used, and nothing of it is published; no file ends the program,
    runs for long or fills the memory."""
    site = write_site(tmp_path)
    for number, (name, data, _) in enumerate(PICTURES):
        put(site, f"content/media/{name}", data)
        text = good(f"image: {{file: {name}, alt: A sign}}").replace("aaaa", f"{number:04}")
        put(site, f"content/briefs/p{number}.md", f"{text}\n![A sign](/media/{name})\n")
    found = [p for p in problems(site) if p.path != "content/media/photo.heic"]
    acting = [p.path for p in found if p.code == "active-drawing"]
    assert acting == ["content/media/bomb.svg"]
    assert {problem.code for problem in found} == {"invalid-picture", "active-drawing"}
    for number, (name, _, why) in enumerate(PICTURES):
        told = [p.message for p in found if p.path == f"content/briefs/p{number}.md"]
        assert len(told) == 2
        assert told[0].startswith(f"content/media/{name} is not published: {why}"), told
    for number in range(len(PICTURES)):
        put(site, f"content/briefs/p{number}.md", good("").replace("aaaa", f"{number:04}"))
    (site / acting[0]).unlink()
    build_site(site)
    assert not (site / "output/media").exists()


DRAWINGS = (
    ("words.svg", b"<svg width='wide' height='high'></svg>", ""),
    ("percent.svg", b"<svg width='100%' height='50%' viewBox='0 0 20 10'></svg>", (20, 10)),
    ("bare.svg", b"<svg></svg>", ""),
    ("unit.svg", b"<svg width='1in' height='48px'></svg>", (96, 48)),
    ("entity.svg", b"<!DOCTYPE s [<!ENTITY a '7'>]><svg width='&a;' height='8'/>", (7, 8)),
)


def test_drawings_have_a_size_or_none(tmp_path: Path) -> None:
    """A drawing without a size of its own is published without one, byte for byte."""
    site = write_site(tmp_path)
    for number, (name, data, _) in enumerate(DRAWINGS):
        put(site, f"content/media/{name}", data)
        text = good(f"image: {{file: {name}, alt: A sign}}").replace("aaaa", f"{number:04}")
        put(site, f"content/briefs/p{number}.md", text)
    assert problems(site) == ()
    build_site(site)
    for number, (name, data, size) in enumerate(DRAWINGS):
        page = read(site, f"briefs/p{number}/index.html")
        assert bool(re.search(r'<img [^>]*width="', page)) is bool(size), name
        assert not size or f'width="{size[0]}" height="{size[1]}"' in page
        assert (site / f"output/media/{name}").read_bytes() == data


# --- the site's own files ----------------------------------------------------------------------


def test_no_site_yaml(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (site / "site.yaml").unlink()
    found = only(problems(site))
    assert (found.path, found.code) == ("site.yaml", "unreadable-file")
    assert "slugline init" in found.hint


def test_a_folder_in_the_place_of_site_yaml(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (site / "site.yaml").unlink()
    (site / "site.yaml").mkdir()
    assert only(problems(site)).code == "unreadable-file"


def test_an_empty_site_yaml(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "site.yaml", "")
    assert {(p.code, p.message) for p in problems(site)} == {
        ("missing-key", "site.yaml needs `title`"),
        ("missing-key", "site.yaml needs `base_url`"),
    }


def test_a_broken_site_yaml_leaves_the_output_as_it_is(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    build_site(site)
    before = tree(site / "output")
    put(site, "site.yaml", 'title: "Test\n')
    with pytest.raises(ContentError):
        build_site(site)
    assert tree(site / "output") == before


def test_a_site_without_content(tmp_path: Path) -> None:
    site = write_site(tmp_path, "=== site.yaml\ntitle: T\nbase_url: https://t.example\n", False)
    assert problems(site) == ()
    build_site(site)
    assert (site / "output/index.html").is_file()


# --- templates ---------------------------------------------------------------------------------

ABOUT = "=== content/pages/about.md\n---\ntitle: About\n---\n"


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("<p>\n{{ title.no.such }}\n", 2),
        ("<p>\n<p>\n{{ 1 // 0 }}\n", 3),
        ("{{ title + 1 }}\n", 1),
        ("{{ title() }}\n", 1),
        ("<p>\n{{ title[:(10 ** 3)] ~ (title|in_words) }}\n", 2),
        ("{% macro m(n) %}\n{{ m(n + 1) }}\n{% endmacro %}\n{{ m(1) }}\n", 2),
    ],
)
def test_a_template_that_fails(template: str, line: int, tmp_path: Path) -> None:
    site = small_site(tmp_path, ABOUT + brief("a"))
    build_site(site)
    before = tree(site / "output")
    put(site, "templates/page.html", template)
    found = only(problems(site))
    assert (found.path, found.code) == ("templates/page.html", "template-error")
    assert found.line == line
    assert found.excerpt.strip()
    assert "/about/" in found.message
    with pytest.raises(ContentError):
        build_site(site)
    assert tree(site / "output") == before


@pytest.mark.parametrize(
    "templates",
    [
        {"page.html": '{% include "page.html" %}'},
        {"page.html": '{% extends "page.html" %}'},
        {"page.html": '{% import "page.html" as own %}'},
        {"page.html": '{% include "parts/a.html" %}', "parts/a.html": '{% include "page.html" %}'},
        {
            "page.html": '{% extends "parts/a.html" %}',
            "parts/a.html": '{% include "parts/b.html" %}',
            "parts/b.html": '{% extends "parts/a.html" %}',
        },
    ],
    ids=["includes itself", "extends itself", "imports itself", "two", "three"],
)
@pytest.mark.parametrize("used", [True, False])
def test_a_template_that_leads_to_itself(
    templates: dict[str, str], used: bool, tmp_path: Path
) -> None:
    site = small_site(tmp_path, ABOUT if used else "")
    for name, text in templates.items():
        put(site, f"templates/{name}", text)
    found = problems(site)
    assert found, "it could never be rendered"
    assert all(p.code.startswith("template-") for p in found)
    assert {p.path.removeprefix("templates/") for p in found} <= templates.keys()
    assert len(as_text(found)) < 2000


def test_a_template_cannot_count_for_ever(tmp_path: Path) -> None:
    site = small_site(tmp_path, ABOUT)
    put(site, "templates/page.html", "{% for n in range(10 ** 12) %}{% endfor %}")
    assert {p.code for p in problems(site)} == {"template-name"}


def test_an_empty_template(tmp_path: Path) -> None:
    site = small_site(tmp_path, ABOUT)
    put(site, "templates/page.html", "")
    assert problems(site) == ()
    build_site(site)
    assert read(site, "about/index.html") == ""


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u202e"])
def test_a_name_with_a_line_break_is_an_error(sign: str, tmp_path: Path) -> None:
    """It would end all later deploys, or look like another name."""
    site = small_site(tmp_path)
    put(site, "content/briefs/a.md", GOOD)
    for path in ("content/media/{}.txt", "content/media/{}/x.txt",
                 "content/briefs/{}.md", "content/{}", "templates/assets/{}.css"):  # fmt: skip
        put(site, path.format(f"a{sign}b"), GOOD.replace("aaaa", "bbbb"))
    found = [d for d in problems(site) if d.code == "invalid-slug"]
    shown = "a\N{REPLACEMENT CHARACTER}b"
    assert {(d.path, d.severity) for d in found} == {
        (f"content/media/{shown}.txt", "error"),
        (f"content/media/{shown}", "error"),
        (f"content/briefs/{shown}.md", "error"),
        (f"content/{shown}", "error"),
        (f"templates/assets/{shown}.css", "error"),
    }
    with pytest.raises(ContentError):
        build_site(site)
    walk = builder.content.walk.walk_content(site)
    assert builder.content.walk.walk_again(site, walk, [f"content/media/a{sign}b.txt"]) == walk
