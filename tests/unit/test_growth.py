"""No function is called more often than a text or a list has grown.

Each notation of Markdown and front matter, and each list field of the model, is repeated in a file
of its own, all in one site."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

from builder.content.schema import fields_of, is_part, without_none
from builder.model.brief import Brief
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from support.sites import brief, problems, small_site

# What a file repeats; `{}` is a number.
NOTATIONS = (
    '"a" ', "'a", "` ", "``a`", "*", "**a", "_a ", "*a* ", "a**b ", "~~a~~ ", "[", "![", "[[a",
    "[[a{}]] ", "[[a|b]] ", "{{", "{{figure:x{}}} ", "[a](", "[a](/b{}/) ", "[a](b{}.md) ",
    "![a](/media/x{}.jpg) ", "[a](#b{}) ", "[a][b{}] ", "[a{}]: /b\n\n", "[^a{}] ",
    "[^a{}]: b\n\n[^a{}] ", "[a](<", '[a](/b "', "<", "<b>*x* ", "<!--", "<!-- a -->", "<div>\n\n",
    "<td>a</td>", '<a href="/b{}/">c</a> ', "<https://a{}.example> ", "https://a{}.example/(",
    "&amp;", "\\", "a\n", "a\n\n", "# a{}\n\n", "#a\n", "- a\n", "- [ ] a\n", "1.a\n", "> a\n\n",
    "> — a\n\n", "```\n", "~~~\n", "    a\n", "---\n", "| a | b |\n", "a|b\n-|-\nc|d\n\n", "|-",
    "$$", ":::\n", "[!NOTE] ", "[toc]\n", "1,000 ", "$1bn ", "12 million people ", "1 people ",
    "Google will hire in 2020. ", "TK ", "[check] ", "Scale AI ", "people inside Meta ", "“", "„a ",
    "«", "‘a’ ", "...", "--", "\u202e", "<<<<<<< a\n", "=======\n", "token: aaaaaaaaaaaaaaaaaaaa ",
    "https://nytimes.com/?gift=a{} ", "TODO ", "<iframe>", "<script>", "{#a{}}", "{% a %}",
)  # fmt: skip
# The folder of each other kind of record, and the field that it must have.
RECORDS = {
    Company: ("companies", "name"),
    Person: ("people", "name"),
    Topic: ("topics", "name"),
    Publisher: ("publishers", "name"),
    Thread: ("threads", "title"),
    PlainPage: ("pages", "title"),
}
FIELDS = ("a{}x: a\n", "Title{}: a\n", "title: a\n", "x{}: [a, b]\n", "x{}: {{a: b}}\n", "# a\n")
LIST_ITEMS = ("~", "[a]", "{{zz: a}}", "Name {}", "name-{}", "Google", "https://a{}.example/")


def texts(n: int) -> Iterator[str]:
    for number, notation in enumerate(NOTATIONS):
        body = "".join(notation.replace("{}", str(i)) for i in range(n))
        yield brief(f"text-{number}", body=f"{body}\n\nGoogle will hire in 2020.\n")


def fields(n: int) -> Iterator[str]:
    for number, line in enumerate(FIELDS):
        lines = "".join(line.format(i) for i in range(n))
        yield f"=== content/briefs/fields-{number}.md\n---\nid: fi{number}\n{lines}---\nText.\n"


def lists(n: int) -> Iterator[str]:
    for field in fields_of(Brief):
        kind = without_none(field.type)
        if get_origin(kind) is not tuple:
            continue
        items = LIST_ITEMS[:3] if is_part(get_args(kind)[0]) else LIST_ITEMS
        for number, item in enumerate((*items, part(get_args(kind)[0]))):
            rows = "".join(f"\n  - {item.format(i)}" for i in range(n))
            name = f"list-{field.name.replace('_', '-')}-{number}"
            yield brief(name, **{field.name: rows})
    for record, (folder, title) in RECORDS.items():
        for field in fields_of(record):
            kind = without_none(field.type)
            if get_origin(kind) is not tuple:
                continue
            items = LIST_ITEMS[:1] if is_part(get_args(kind)[0]) else LIST_ITEMS[:4]
            for number, item in enumerate((*items, part(get_args(kind)[0]))):
                rows = "".join(f"\n  - {item.format(i).replace('Name', 'Other')}" for i in range(n))
                name = f"{field.name.replace('_', '-')}-{number}"
                front = f"{title}: {folder} {name}\n{field.name}: {rows}\n"
                yield f"=== content/{folder}/{name}.md\n---\n{front}---\nText.\n"


def part(kind: object) -> str:
    """The fields that a part must have, each with a text of its own."""
    if not is_part(kind):
        return "Same"
    needed = [field.name for field in fields_of(kind) if field.required]
    return "{{" + ", ".join(f"{name}: Name {{0}}" for name in needed) + "}}"


def calls_of(folder: Path, text: str) -> Counter[object]:
    """How often each function is called when a site is checked."""
    folder.mkdir()
    root, calls = small_site(folder, text), Counter[object]()

    def count(frame: object, event: str, argument: object) -> None:
        if event == "call":
            calls[frame.f_code] += 1  # type: ignore[attr-defined]
        elif event == "c_call":
            calls[getattr(argument, "__qualname__", "")] += 1

    sys.setprofile(count)
    try:
        problems(root)
    finally:
        sys.setprofile(None)
    return calls


# Called only for lines of some length, of which the smaller texts have none.
LATE = ("find_secrets.<locals>.<genexpr>",)


def test_nothing_is_called_more_often_than_texts_and_lists_grow(tmp_path: Path) -> None:
    n = 16
    small, large = (
        calls_of(tmp_path / str(k), "".join([*texts(k), *fields(k), *lists(k)])) for k in (n, 4 * n)
    )
    grown = {
        (getattr(code, "co_filename", ""), name): (small[code], much)
        for code, much in large.items()
        if small[code] >= n * n / 2 and much > 8 * small[code]
        if (name := getattr(code, "co_qualname", code)) not in LATE
    }
    assert not grown, "\n".join(map(str, grown.items()))
