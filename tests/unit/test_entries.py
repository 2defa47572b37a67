"""Values set and items appended in front matter: only they change, in the style of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.document import read_document
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor

Change = Callable[[EntryEditor], None]
SOURCE = {"publisher": "Reuters", "url": "https://a.example/x", "published": "2025-06-13"}
WRITTEN = '{publisher: Reuters, url: "https://a.example/x", published: 2025-06-13}'


def edited(front: str, change: Change) -> str:
    """Return front matter after a change, without its fences."""
    editor = EntryEditor("content/briefs/a.md", f"---\n{front}---\nText.\n".encode())
    change(editor)
    text = editor.result().decode()
    assert text.endswith("\n---\nText.\n")
    return text.removeprefix("---\n").removesuffix("---\nText.\n")


def appended(*entries: Any, field: str = "sources") -> Change:
    def change(editor: EntryEditor) -> None:
        for entry in entries:
            editor.append(field, entry)

    return change


def set_to(at: str, value: Any) -> Change:
    return lambda editor: editor.set(at, value)


@pytest.mark.parametrize(
    "before, change, after",
    [
        # A list in every style.
        ("title: T\n", appended(SOURCE), f"title: T\nsources:\n  - {WRITTEN}\n"),
        (
            "title: T\nwhy: W  # because\n",
            appended(SOURCE, "https://b.example/"),
            f'title: T\nsources:\n  - {WRITTEN}\n  - "https://b.example/"\nwhy: W  # because\n',
        ),
        (
            "sources: []         # by address:\n#  - https://…\nwhy:\n",
            appended(SOURCE),
            f"sources:         # by address:\n  - {WRITTEN}\n#  - https://…\nwhy:\n",
        ),
        ("sources:  # none\nwhy:\n", appended("R"), "sources:  # none\n  - R\nwhy:\n"),
        ("sources: null\n", appended("R"), "sources: \n  - R\n"),
        ("sources: []\n", appended("R "), 'sources:\n  - "R "\n'),  # YAML drops a final space
        ("sources: [ # none\n]\n", appended("R", "S"), "sources: [R, S # none\n]\n"),
        ("sources: [a, b,]\n", appended("c"), "sources: [a, b, c,]\n"),
        ("sources: [a,  # first\n  b]\n", appended("c"), "sources: [a,  # first\n  b, c]\n"),
        ("sources:\n- a\n- b\n", appended("c"), "sources:\n- a\n- b\n- c\n"),
        ("sources:\n    -   a # 1\n\n# x\nwhy:\n", appended("c"),
         "sources:\n    -   a # 1\n    -   c\n\n# x\nwhy:\n"),
        (
            "sources:\n  - {url: u}\n",
            appended(SOURCE),
            f"sources:\n  - {{url: u}}\n  - {WRITTEN}\n",
        ),
        (
            "sources:\n  - url: u\n    archive:\n      url: v  # kept\nwhy: W\n",
            appended({"url": "w", "archive": {"url": "x"}}),
            "sources:\n  - url: u\n    archive:\n      url: v  # kept\n"
            "  - url: w\n    archive: {url: x}\nwhy: W\n",
        ),
        (
            "sources:\n  - title: |\n      Two\n      lines\n\nwhy: W\n",
            appended("c"),
            "sources:\n  - title: |\n      Two\n      lines\n\n  - c\nwhy: W\n",
        ),
        # A value.
        ("title: T\nstatus: draft  # now\n", set_to("status", "review"),
         "title: T\nstatus: review  # now\n"),
        ("title: 'It''s'\n", set_to("title", "He's"), "title: 'He''s'\n"),
        ("title: T\nsummary:                   # one sentence\n", set_to("summary", "All."),
         "title: T\nsummary: All.              # one sentence\n"),
        ("summary: # s\n", set_to("summary", "All."), "summary: All. # s\n"),
        ("summary:\n", set_to("summary", "a: b"), 'summary: "a: b"\n'),
        ("why: |\n  Old\n  words\n\nlang: nl\n", set_to("why", "New"), "why: New\n\nlang: nl\n"),
        ("why: Old\n  words\ntopics: []\n", set_to("why", "New"), "why: New\ntopics: []\n"),
        ("companies:\n  - A\n  - B\nwhy: W\n", set_to("companies", ["A", "C, D"]),
         'companies: [A, "C, D"]\nwhy: W\n'),
        ("companies: [A,\n  B] # c\n", set_to("companies", []), "companies: [] # c\n"),
        # A field that is not there follows the last one before it in the usual order.
        ("id: x\ntitle: T\ndate: 2025\nwhy: W\n", set_to("updated", "2026"),
         "id: x\ntitle: T\ndate: 2025\nupdated: 2026\nwhy: W\n"),
        ("title: T\n# end\n", set_to("image", {"file": "a.jpg"}),
         "title: T\nimage: {file: a.jpg}\n# end\n"),
        ("title: T\n", set_to("id", "x"), "id: x\ntitle: T\n"),
        # Inside an item.
        ("sources:\n  - {url: u}  # r\n", set_to("sources.0.archive", {"url": "v", "at": "2025"}),
         "sources:\n  - {url: u, archive: {url: v, at: 2025}}  # r\n"),
        ("sources:\n  - url: u # r\n  - b\n", set_to("sources.0.title", "T"),
         "sources:\n  - url: u # r\n    title: T\n  - b\n"),
        ("sources: [u, v]\n", set_to("sources.1", {"url": "v", "lang": "nl"}),
         "sources: [u, {url: v, lang: nl}]\n"),
        ("image: {}\n", set_to("image.file", "a.jpg"), "image: {file: a.jpg}\n"),
        ("claims:\n  - {text: t, by: {person: P, of: O}}\n", set_to("claims.0.by.of", "Q"),
         "claims:\n  - {text: t, by: {person: P, of: Q}}\n"),
        ("sources: [{a: 1, b: 2, c: 3}]\n", lambda e: e.unset("sources.0.b"),
         "sources: [{a: 1, c: 3}]\n"),
        ("sources: [{a: 1, b: 2}]\n", lambda e: e.unset("sources.0.a"), "sources: [{b: 2}]\n"),
        ("sources:\n  - a: 1\n    b: 2\n    c: 3\n", lambda e: e.unset("sources.0.b"),
         "sources:\n  - a: 1\n    c: 3\n"),
        ("sources:\n  - a: 1\n    b: 2\n", lambda e: e.unset("sources.0.a"),
         "sources:\n  - b: 2\n"),
    ],
)  # fmt: skip
def test_only_the_entry_changes(before: str, change: Change, after: str) -> None:
    assert edited(before, change) == after
    windows = before.replace("\n", "\r\n")
    editor = EntryEditor("content/a.md", f"\ufeff---\r\n{windows}---\r\nText.".encode())
    change(editor)
    expected = after.replace("\n", "\r\n")
    assert editor.result().decode() == f"\ufeff---\r\n{expected}---\r\nText."


@pytest.mark.parametrize(
    "before, change, says",
    [
        ("sources: Reuters\n", appended("R"), ":2: `sources` is not a list"),
        ("sources: [u]\n", set_to("sources.0.lang", "nl"), ":2: this has no fields; write it as"),
        ("companies:\n  - A  # who\n  - B\n", set_to("companies", ["C"]), "has comments"),
        ("image: {file: a}\n", lambda e: e.unset("image.file"), "remove `file` by hand"),
        ("sources:\n  - a: 1\n    b: 2 # why\n", lambda e: e.unset("sources.0.b"), "its comment"),
    ],
)
def test_what_needs_a_hand_is_refused(before: str, change: Change, says: str) -> None:
    with pytest.raises(EditError, match=says.replace("[", r"\[").replace(".", r"\.")):
        edited(before, change)


def test_a_file_of_settings_has_no_fences() -> None:
    editor = EntryEditor("site.yaml", b"title: T # t\nsections: [A]")
    editor.append("sections", {"name": "B"})
    editor.append("authors", "desk")
    assert editor.result() == b"title: T # t\nsections: [A, {name: B}]\nauthors:\n  - desk"


# --- whatever is written -----------------------------------------------------------------------

_TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\ufffe\uffff"),
    max_size=12,
)  # fmt: skip
_ENTRY = st.one_of(_TEXT, st.dictionaries(st.sampled_from(["url", "lang", "of"]), _TEXT))
_STYLES: tuple[Callable[[str, Iterable[str]], str], ...] = (
    lambda field, items: f"{field}: [{', '.join(items)}] # c1\n",
    lambda field, items: f"{field}: [  # c1\n  " + ",\n  ".join(items) + "\n]\n",
    lambda field, items: f"{field}: # c1\n" + "".join(f"  - {item} # i\n" for item in items),
    lambda field, items: f"{field}: # c1\n\n" + "".join(f"- {item}\n\n" for item in items),
    lambda field, items: f"{field}: # c1\n" + "".join(f"  -  k: {i}\n     l: x\n" for i in items),
)


@given(
    st.sampled_from(_STYLES),
    st.sampled_from(["first: 1 # c0\n", "", "# c0\n\ntitle: |\n  a\n\n"]),
    st.lists(st.sampled_from(["a", '"b, c"', "{x: y, z: [1, 2]}", "'d''e'"]), max_size=3),
    st.lists(_ENTRY, min_size=1, max_size=3),
    st.sampled_from(["# c2\nwhy: W # c3\n", "", "\n\nlast:\n"]),
)
def test_every_other_line_stays(
    style: Callable[[str, Iterable[str]], str],
    head: str,
    items: list[str],
    entries: list[Any],
    tail: str,
) -> None:
    front = head + style("sources", items) + tail
    data = f"---\n{front}---\nText: {{{{ x }}}}\n".encode()
    before, problems = read_document("a.md", data)
    assert before is not None
    assert problems == []
    editor = EntryEditor("a.md", data)
    for entry in entries:
        editor.append("sources", entry)
    editor.set("summary", "s")
    result = editor.result().decode()
    after, problems = read_document("a.md", result.encode())
    assert after is not None
    assert problems == []
    listed = before.fields["sources"] or []
    assert after.fields == {**before.fields, "sources": [*listed, *entries], "summary": "s"}
    for line in front.splitlines():
        kept = line.partition("#")[2] if line.startswith("sources:") else line.removesuffix("]")
        assert kept in result
