"""Where a cursor is in front matter that is being written, and what may stand there."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from builder.language_server.completion import complete
from builder.language_server.cursor import Cursor, find_cursor
from builder.language_server.document import OpenDocument
from builder.language_server.hover import describe
from builder.language_server.index import (
    BriefCard,
    DeclaredName,
    ExpectationCard,
    Named,
    SiteIndex,
)
from builder.language_server.slots import find_slot
from builder.language_server.targets import FilePlace, defined_at, find_target
from builder.language_server.text import DocumentText
from builder.model.brief import Brief
from builder.model.settings import Settings
from support.tools import REPOSITORY

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
SITE = SiteIndex(
    companies=(
        Named("Scale AI", "scale-ai", "content/companies/scale-ai.md", ("Scale",), "vendor"),
        Named("Meta", "meta", "content/companies/meta.md", ("Facebook",)),
        Named("Smith, Jones: Labs", "smith", "content/companies/smith.md"),
    ),
    people=(Named("Ann Example", "ann-example", "", (), "director"),),
    topics=(Named("data labelling", "data-labelling", ""),),
    publishers=(Named("Reuters", "reuters", "", ("Thomson Reuters",)),),
    threads=(Named("Meta and Scale", "meta-scale", "content/threads/meta-scale.md"),),
    pages=(Named("About", "about", "content/pages/about.md"),),
    briefs=(
        BriefCard("older", "An older story", "2025-06-01", "content/briefs/older.md", "", ()),
        BriefCard("newer", "A newer story", "2025-06-20", "content/briefs/newer.md", "", ()),
    ),
    sections=(DeclaredName("deals", "Deals", 7),),
    authors=(DeclaredName("desk", "The desk", 5),),
    metrics=("revenue", "valuation"),
    languages=("en", "nl"),
    media=("sign.jpg",),
    expectations=(
        ExpectationCard("older#sale", "It is sold.", "2025-05", "overdue", "", "An older story",
                        "content/briefs/older.md"),
        ExpectationCard("older#move", "It moves.", "2025-06", "settled", "late, by newer",
                        "An older story", "content/briefs/older.md"),
        ExpectationCard("newer#plant", "It opens.", "2025-12", "open", "", "A newer story",
                        "content/briefs/newer.md"),
    ),
)  # fmt: skip


def at(marked: str) -> Cursor | None:
    """The cursor at `|` in some YAML."""
    offset = marked.index("|")
    return find_cursor(marked[:offset] + marked[offset + 1 :], offset)


@pytest.mark.parametrize(
    ("marked", "path", "in_key", "written"),
    [
        ("|", (), True, ""),
        ("ti|", (), True, "ti"),
        ("title: x\nsum|\ncompanies: []", (), True, "sum"),
        ("title: |", ("title",), False, ""),
        ("title: A word|", ("title",), False, "A word"),
        ("status: dra| # a comment", ("status",), False, "dra"),
        ('title: "A |', ("title",), False, "A "),
        # Lists.
        ("companies:\n  - Sca|", ("companies", 0), True, "Sca"),
        ("companies:\n- A\n- Sca|", ("companies", 1), True, "Sca"),
        ("companies:\n  |", ("companies",), True, ""),
        ("companies: [A, Sca|, B]", ("companies", 1), False, "Sca"),
        ("companies: [A,\n  Sca|", ("companies", 1), False, "Sca"),
        # Mappings in lists, in either style.
        ("sources:\n- publisher: Re|", ("sources", 0, "publisher"), False, "Re"),
        ("sources:\n  - publisher: R\n    ti|", ("sources", 0), True, "ti"),
        ("sources:\n  - publisher: R\n  - id: a\n    of: |", ("sources", 1, "of"), False, ""),
        ("sources:\n  - {publisher: Re|", ("sources", 0, "publisher"), False, "Re"),
        ("sources: [{id: a}, {id: b, |", ("sources", 1), True, ""),
        ('sources:\n  - {title: "a, {b", ro|', ("sources", 0), True, "ro"),
        # What is open on a line above is closed by the next item or field.
        ("figures:\n  - {of: A, value: 1\n  - {of: M|", ("figures", 1, "of"), False, "M"),
        ("companies: [A, B\ntopics: [x|", ("topics", 0), False, "x"),
        ('sources:\n  - {title: "x\n  - {id: |', ("sources", 1, "id"), False, ""),
        # Deeper ones.
        ("claims:\n  - text: x\n    by: {per|", ("claims", 0, "by"), True, "per"),
        ("claims:\n  - by:\n      person: A|", ("claims", 0, "by", "person"), False, "A"),
        ("deploy:\n  live:\n    ki|", ("deploy", "live"), True, "ki"),
        ("claims:\n  - text: x\n\n  # a comment\n  - st|", ("claims", 1), True, "st"),
    ],
)  # fmt: skip
def test_cursor(marked: str, path: tuple[object, ...], in_key: bool, written: str) -> None:
    found = at(marked)
    assert found is not None
    assert (found.path, found.in_key, found.written) == (path, in_key, written)


@pytest.mark.parametrize(
    "marked",
    ["title: x # a |", "# a|", "why: >\n  Some |", "title:|", "image: {file: a}|",
     'title: "x" |', "companies: [A] |", "- {a: 1, # b|"],
)  # fmt: skip
def test_no_cursor(marked: str) -> None:
    assert at(marked) is None


def test_keys_and_rest() -> None:
    found = at("sources:\n  - {publisher: R, ti|tle: x, url: y}\ntitle: z")
    assert found is not None
    assert (found.keys, found.rest) == ({"publisher", "url"}, "tle")
    found = at("id: a\nti|tle: b\ndate: c\n")
    assert found is not None
    assert (found.keys, found.rest) == ({"id", "date"}, "tle")


@pytest.mark.parametrize(
    ("record", "path", "name", "kind"),
    [
        (Brief, ("companies", 0), "companies", "CompanyName"),
        (Brief, ("claims", 0, "by", "of"), "of", "CompanyName"),
        (Brief, ("sources", "publisher"), "publisher", "Line"),  # one item, without its hyphen
        (Settings, ("deploy", "live", "kind"), "kind", "Literal"),
        (Settings, ("sections", 0, "slug"), "slug", "Slug"),
        (Brief, ("unheard-of", 0), "", ""),
    ],
)
def test_slots(record: type, path: tuple[str | int, ...], name: str, kind: str) -> None:
    slot = find_slot(record, path)
    assert (slot is None) is (kind == "")
    if slot:
        assert (slot.name, kind in str(slot.kind)) == (name, True)


def completed(marked: str, path: str = "content/briefs/this.md") -> dict[str, tuple[str, str]]:
    """By label, what a document is once it is completed at `|`, and the detail."""
    offset = marked.index("|")
    text = marked[:offset] + marked[offset + 1 :]
    document = OpenDocument("file:///x", path, DocumentText(text), 1)
    found = complete(document, offset, SITE, NOW)
    if found is None:
        return {}
    start, end = found.span
    assert start <= offset <= end
    return {p.label: (text[:start] + p.insert + text[end:], p.detail) for p in found.proposals}


def test_an_expectation_is_described_and_leads_to_its_brief() -> None:
    text = '---\nsettles:\n  - {what: "older#move", outcome: late}\n---\n'
    document = OpenDocument("file:///x", "content/briefs/this.md", DocumentText(text), 1)
    target = find_target(document, text.index("#move"), SITE)
    assert target and (target.kind, target.name) == ("expectation", "older#move")
    said = describe(target, document, SITE)
    assert said == "**It moves.**\n\nby 2025-06 · settled: late, by newer\n\nAn older story"
    assert defined_at(target, document, SITE) == FilePlace("content/briefs/older.md")


def field(marked: str) -> dict[str, tuple[str, str]]:
    """What `completed` says of one field, without the lines around it."""
    found = completed(f"---\n{marked}\n---\nText.\n")
    return {
        label: (text.removeprefix("---\n").removesuffix("\n---\nText.\n"), detail)
        for label, (text, detail) in found.items()
    }


def test_fields_are_completed() -> None:
    found = field("title: A\nda|")
    assert found["date"] == ("title: A\ndate: ", "date, or date and time (required)")
    assert "title" not in found
    assert field("sources:\n  - publisher: R\n    |")["role"][0].endswith("    role: ")
    assert field("sources:\n  |")["publisher"][0] == "sources:\n  - publisher: "
    assert field("dat|e: 2025")["date"][0] == "date: 2025"
    assert "no-sources" in field("allow:\n  |")


def test_values_are_completed() -> None:
    assert field("companies: [Sca|]")["Scale"] == ("companies: [Scale AI]", "alias of Scale AI")
    assert field("companies:\n  - |")["Meta"][0] == "companies:\n  - Meta"
    assert field("companies:\n  |")["Meta"][0] == "companies:\n  - Meta"
    assert field("companies: [S|]")["Smith, Jones: Labs"][0] == 'companies: ["Smith, Jones: Labs"]'
    assert field('companies: ["S|"]')["Smith, Jones: Labs"][0] == (
        'companies: ["Smith, Jones: Labs"]'
    )
    assert field("status: |")["draft"][0] == "status: draft"
    assert field("importance: |").keys() == {"1", "2", "3"}
    assert field("section: |")["deals"] == ("section: deals", "Deals")
    assert field("author: |")["desk"] == ("author: desk", "The desk")
    assert field("thread: |")["meta-scale"][0] == "thread: meta-scale"
    assert [*field("follows: [|]")] == ["newer", "older"]
    found = field("settles:\n  - what: |")
    assert [*found] == ["older#sale", "newer#plant"], "what is settled is left out"
    assert found["older#sale"] == (
        'settles:\n  - what: "older#sale"', "It is sold. · overdue, by 2025-05",
    )  # fmt: skip
    assert field("settles: [{what: x, outcome: |").keys() >= {"happened", "moot"}
    assert field("people: [|]").keys() == {"Ann Example"}
    assert field("topics: [|]").keys() == {"data labelling"}
    assert field("lang: |").keys() == {"en", "nl"}
    assert field("image: {file: |}").keys() == {"sign.jpg"}
    assert field("date: |")["2025-07-01 12:00"][0] == "date: 2025-07-01 12:00"
    assert field("responses:\n  - from: |").keys() >= {"Meta", "Ann Example"}
    assert field("quotes:\n  - {by: |").keys() == {"Ann Example"}
    assert field("claims:\n  - {text: a, by: |").keys() == {"Ann Example"}
    assert field("sources: [|]").keys() >= {"Reuters", "Thomson Reuters"}


OWN = """\
sources:
  - {publisher: Reuters, title: A report}
  - {publisher: Báo Dân trí, role: relay, of: reuters}
figures:
  - {of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-06, source: reuters}
"""


def test_entries_of_the_file_are_completed() -> None:
    assert field(f"{OWN}claims:\n  - {{source: |").keys() == {"reuters", "bao-dan-tri"}
    assert field(f"{OWN}expects:\n  - {{says: |").keys() == {"reuters", "bao-dan-tri"}
    assert field(f"{OWN}relations:\n  - figure: |")["stake"][1] == "stake of Meta to Scale AI, 49%"
    text = f"---\n{OWN}---\nIt paid {{{{fi|}}}} for it."
    assert completed(text)["figure:stake"] == (
        f"---\n{OWN}---\nIt paid {{{{figure:stake}}}} for it.", "49%, 2025-06",
    )  # fmt: skip


def test_entries_are_kept_while_other_lines_are_invalid() -> None:
    text = f"---\n{OWN}claims:\n  - source: \n---\n"
    document = OpenDocument("file:///x", "content/briefs/x.md", DocumentText(text), 1)
    offset = text.index("source: \n") + len("source: ")
    first = complete(document, offset, SITE, NOW)
    document.update(DocumentText(text.replace("role: relay", 'role: "relay')), 2)
    second = complete(document, offset + 1, SITE, NOW)
    assert first and second
    assert [p.label for p in second.proposals] == [p.label for p in first.proposals] != []


def test_references_are_completed() -> None:
    found = completed("---\ntitle: x\n---\nSee [[Sc|")
    assert found["Scale"] == ("---\ntitle: x\n---\nSee [[Scale]]", "alias of Scale AI")
    assert found["brief:"][0].endswith("[[brief:")
    found = completed("---\ntitle: x\n---\nSee [[brief:n|ew]] and")
    assert found["brief:newer"][0].endswith("See [[brief:newer]] and")
    assert completed("---\ntitle: x\n---\n[[thread:|")["thread:meta-scale"]
    assert completed("---\ntitle: x\n---\nPlain te|xt") == {}


def test_settings_are_completed() -> None:
    found = completed("title: x\nhos|", "site.yaml")
    assert found["hosting"][0] == "title: x\nhosting: "
    assert completed("hosting: |", "site.yaml").keys() >= {"netlify", "caddy"}
    assert completed("author: [|]", "site.yaml").keys() == {"desk"}


@pytest.mark.parametrize(("end", "step"), [("\n", 149), ("\r\n", 307), ("\r", 307)])
def test_every_position_answers(end: str, step: int) -> None:
    """Completion has an answer at cursors in sample briefs, whole or cut there.

    With SLUGLINE_STEPS, at every cursor: that takes minutes."""
    step = 1 if "SLUGLINE_STEPS" in os.environ else step
    files = sorted((REPOSITORY / "content" / "briefs").glob("*.md"))
    assert files
    for number, file in enumerate(files):
        whole = file.read_text("utf-8").replace("\n", end)
        document = OpenDocument("file:///x", "content/briefs/x.md", DocumentText(whole), 1)
        for offset in range(number % step, len(whole) + 1, step):
            for text in (whole, whole[:offset]):
                document.update(DocumentText(text), 1)  # its entries are read once
                found = complete(document, offset, SITE, NOW)
                assert found is None or found.span.start <= offset <= found.span.end
