"""Checks that skip most texts: what they skip has nothing to report."""

from __future__ import annotations

import random
from datetime import UTC

import pytest

from builder.check.context import FileContext
from builder.check.placeholders import check_placeholders
from builder.check.plain_text import check_markup_in_fields
from builder.content.document import read_document
from builder.content.schema import read_record
from builder.content.starter import starter_paragraphs
from builder.diagnostics.secrets import find_secrets
from builder.language.editors_notes import USUAL, find_notes, may_have_notes
from builder.model.brief import Brief

PIECES = (
    *USUAL, "tk", "Todo", "LOREM", "Ipsum", "[", "]", "\\[", "\\]", "(", ":", " ", "  ", "\n", "x",
    "[CHECK]", "[\u017fource?]", "[c\u0130tation needed]", "[c\u0131tation needed]", "[chec\u212a]",
    "[add", "link]", "à revoir", "À REVOIR", "ß", "\u1e9e", "zu prüfen", "PRÜFEN", "prüfen", "»",
)  # fmt: skip
LISTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), ()),
    (("À REVOIR", "zu prüfen", "skip this"), ("[check]", "TK")),
    (("[ask]", "PRÜFEN"), ("lorem ipsum",)),
    (("(sic!)",), USUAL),
)


@pytest.mark.parametrize(("add", "ignore"), LISTS)
def test_a_text_with_a_note_is_never_skipped(add: tuple[str, ...], ignore: tuple[str, ...]) -> None:
    chance, found = random.Random(1), 0
    for _ in range(4000):
        text = "".join(chance.choices((*PIECES, *add, *map(str.swapcase, add)), k=4))
        if any(find_notes(text, "en", add, ignore)):
            found += 1
            assert may_have_notes(text, add, ignore), text
    assert found > 100


def test_an_ordinary_text_is_skipped() -> None:
    assert not may_have_notes("A [link](https://a.example) and [[Another]]: 20 todos, tk-9, Xx.")


def _context(front: str, body: str = "") -> FileContext:
    data = f"---\ntitle: A title\n{front}\n---\n{body}"
    document, _ = read_document("content/briefs/a.md", data.encode())
    assert document is not None
    record, _ = read_record(Brief, document, UTC)
    return FileContext(record, document, "en", ())


@pytest.mark.parametrize(
    ("front", "written"),
    [
        ('summary: "Twice \\x2a\\x2abold\\x2a\\x2a"', "**bold**"),
        ('thread: "\\x60code\\x60"', "the backticks"),
        ('summary: "A \\"b\\" is \\x60c\\x60"', "the backticks"),
        ('summary: "A [b]\\\n  (https://a.example)"', "[b](https://"),
        ("thread: a `code` b", "the backticks"),
        ("summary: 'See :rocket: now'", ":rocket:"),
        ("summary: An &nbsp; here", "&nbsp;"),
        ("summary: A <b>bold</b> word", "<b>"),
        ("summary: A _word_ in italics", "_word_"),
        ("summary: A ~~word~~ struck", "~~word~~"),
        ("summary: It is [sic]\nwhats_next: ['[a] (https://a.example/x)']", "[a] (https://a.exa"),
        ("summary: A ==word==, marked", "==word=="),
    ],
)
def test_markup_in_a_field_is_found_by_its_signs(front: str, written: str) -> None:
    found = [finding.message for finding in check_markup_in_fields(_context(front))]
    assert any(written[:12] in message for message in found), found


def test_plain_fields_have_no_markup() -> None:
    assert not [*check_markup_in_fields(_context("summary: 'Plain: 2*3 [sic], a & b, C:\\d'"))]


def test_each_paragraph_of_the_starter_is_found() -> None:
    for text in starter_paragraphs():
        wrapped = "First.\n\n" + text.replace(" ", "\n", 3) + "\n"
        assert [*check_placeholders(_context("summary: b", wrapped))], text


def test_a_private_key_is_found_in_any_case_of_its_neighbours() -> None:
    assert find_secrets("x\n-----BEGIN RSA PRIVATE KEY-----\n")
    assert not find_secrets("A private key is a secret thing.")
