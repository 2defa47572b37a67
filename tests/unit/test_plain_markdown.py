"""The quick reading of plain Markdown, compared with markdown-it, which defines the dialect."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from markdown_it.token import Token

from builder.content.markdown import engine, plain_blocks, plain_inline
from support.sites import SETTINGS, build_site, write_site
from support.tools import NPM

ROOT = Path(__file__).resolve().parents[2]
_BEGINNINGS = (
    "", "", "", "", "- ", "- ", "* ", "+ ", "1. ", "2. ", "2) ", "01. ", "> ", "> ", ">", "## ",
    "# ", "#", "####### ", "| ", "[^1]: ", "[^2]: ", "[^n o]: ", "[x]: ", "  ", "   ", "    ",
    "---", "===", "***", "* * *", "- - ", "-", ":-", "`", "```", "<p>", "\t", "=", "_", "~~~",
    "![", "+",
)  # fmt: skip
_PIECES = (
    "word", "two words", "Scale AI", "*so*", "**so**", "*not", "**", "*", "_so_", "***so***",
    "(*so*)", "x*so*", "*so*x", "**so**.", '"*so*"', "*so.*", "*so.*,", "* so*", "[[Meta]]",
    "[[brief:x|a text]]", "[[ ]]", "[[a]", "[a](https://x.example/a?b=1#c)", "[a](/b)",
    "[a b](c d)",
    "[a](<b>)", "[a *b*](c)", "![a](b.png)", "^[note]", "[^1]", "[^2]", "[a]", "]", "[", "]:", "!",
    "{{figure:x}}", "{{ figure: y }}", "{{figure:}}", "&amp;", "&", "<b>", "`code`", "\\*",
    "~~no~~",
    "\u00a0", "\u3000", "é", "中文", "…", "--", "...", "49%", "1986.", "1)", "#", "|", "| - |", ":",
    "https://x.example/a", "'s", "\x0c", "\u2028", "<https://x.example>", "^[a](b)", 'x*"so"*',
    '*so."*x',
    "[[ Meta ]]", "*a *b* c*", "**a *b* c**", "(*so*, *so*)", '("*so"*)', "*so.*, so*",
    "**so.*, so*",
)  # fmt: skip
_EAST_ASIAN = (
    "**「重要」**です", "*「a」*", "**(a)**は", "(*「a」*", "(*「a」*, *a*", "は*a*", "*a*、",
    "*a*は*b*", "*「a*」*", "**「重要」** です", "*a「* b*", "a *「b*",
)  # fmt: skip
_TABLES = (
    "| a | b |\n| --- | ---: |\n| 1 | *2* |\n", "| a |\n|:-:|\n", "| a | b |\n|---|\n| 1 |\n",
    "| a | b |\n|--|--|\n| 1 | 2 | 3 |\n| 4 |\n||\n", "a | b\n--|--\n1 | 2\n", "|\n|--|\n|x|\n",
    "| a \\| b |\n|---|\n", "| a | b |\n| - | - |\ntext\n", "| a |\n|---|\n- b\n",
    "a | b\n:-- | --:\n1 | 2\n", "| a |\n| : |\n| b |\n", "| a |\n|---| \n| b | \n",
)  # fmt: skip


@cache
def _texts() -> tuple[str, ...]:
    """Return texts that are nearly plain, and all bodies of this repository."""
    chance = random.Random(20250613)
    found = []
    for number in range(6000):
        lines = []
        for _ in range(chance.randint(1, 9)):
            if chance.random() < 0.06:
                lines.append(chance.choice(_TABLES))
                continue
            beginning = chance.choice(_BEGINNINGS[: 17 if number % 3 else None])
            pieces = [chance.choice(_PIECES[: 12 if number % 2 else None]) for _ in range(3)]
            text = "" if chance.random() < 0.3 else " ".join(pieces[: chance.randint(1, 3)])
            lines.append(beginning + text if text or chance.random() < 0.2 else "")
            if chance.random() < 0.05:
                lines[-1] += "  "
        found.append("\n".join(lines) + "\n" * chance.choice((0, 1, 1, 2)))
    notes = [f"{text}\n\n[^1]: A note\n{end}" for text in _PIECES for end in ("", "\nEnd")]
    return (*_bodies(), *_TABLES, "a\n===\nb", "a\n---\nb", *notes, *found, *_EAST_ASIAN)


def _bodies() -> Iterator[str]:
    for folder in ("content", "tests/check/cases", "docs"):
        for path in sorted((ROOT / folder).rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            yield text.split("\n---\n", 1)[-1]


def _env() -> dict[str, Any]:
    return {"work": SimpleNamespace(brackets=False)}


@cache
def _engine() -> Any:
    return engine._engine("en")


@cache
def _parsed(text: str) -> tuple[list[Token], dict[str, Any]]:
    """Return the blocks that markdown-it finds, and what it notes."""
    env, tokens = _env(), list[Token]()
    _engine().block.parse(text, _engine(), env, tokens)
    return tokens, env


@cache
def _parsed_inline(text: str) -> tuple[list[Token], bool]:
    """Return the inline tokens, and whether a bracket is left that begins nothing."""
    env = _env()
    return _engine().inline.parse(text, _engine(), env, []), env["work"].brackets


def _difference(
    blocks: ModuleType, inline: ModuleType, seen: Counter[str], texts: Iterable[str] = ()
) -> str:
    """Return the first text that is read differently, or nothing."""
    for text in texts or _texts():
        tokens, env = _parsed(text)
        mine = _env()
        found = blocks.plain_blocks(text, mine)
        seen["text" if found is not None else "text left"] += 1
        if found is not None:
            seen.update(token.type for token in found)
            # Without this no label of a footnote is known.
            if found != tokens or mine.get("footnotes") != env.get("footnotes"):
                return text
            if env.get("references"):
                return text
        for token in tokens:
            if token.type == "inline" and token.content and "footnotes" not in env:
                children = inline.plain_inline(token.content, _engine().normalizeLink)
                seen["inline" if children is not None else "inline left"] += 1
                if children is None:
                    continue
                seen.update(child.type for child in children)
                if (children, False) != _parsed_inline(token.content):
                    return token.content
    return ""


def test_plain_texts_are_read_as_markdown_it_reads_them() -> None:
    seen: Counter[str] = Counter()
    assert _difference(plain_blocks, plain_inline, seen) == ""
    assert seen["text"] > 2000 and seen["text left"] > 2000
    for kind in (
        "heading_open", "bullet_list_open", "ordered_list_open", "blockquote_open", "table_open",
        "tbody_open", "footnote_reference_open", "strong_open", "em_open", "link_open",
        "reference", "figure", "softbreak",
    ):  # fmt: skip
        assert seen[kind] > 20, kind


_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_commonmark_are_read_as_markdown_it_reads_them() -> None:
    file = NPM / "commonmark-spec" / "spec.txt"
    if not file.is_file():
        pytest.skip("commonmark-spec is not installed: run scripts/install-test-tools")
    written = _EXAMPLE.findall(file.read_text(encoding="utf-8"))
    examples = [text.replace("→", "\t") for text in written]
    assert len(examples) > 600
    seen: Counter[str] = Counter()
    assert _difference(plain_blocks, plain_inline, seen, examples) == ""
    assert seen["text"] > 50 and seen["text left"] > 400 and seen["inline"] > 100


def test_a_build_counts_the_texts_that_were_read_quickly(tmp_path: Path) -> None:
    plain, other = "A *plain* text.", "A list:\n\n   - with an indentation"
    site = "".join(
        f"=== content/briefs/{name}.md\n---\ntitle: A title of {name}\nsection: deals\n"
        f"date: 2025-06-13\nsummary: A summary.\n---\n{text}\n"
        for name, text in (("a", plain), ("b", plain), ("c", other))
    )
    write_site(tmp_path, f"{SETTINGS}{site}")
    site_read = build_site(tmp_path).site
    assert site_read is not None
    assert site_read.content.texts == (1, 2)


def test_most_of_our_own_briefs_are_plain() -> None:
    texts = [
        path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        for path in (ROOT / "content").rglob("*.md")
    ]
    plain = [text for text in texts if plain_blocks.plain_blocks(text, {}) is not None]
    assert len(plain) >= 0.9 * len(texts)


# What each rule of the quick reading is for: without it some text is read differently.
MUTATIONS = {
    "plain_blocks": (
        (r"(?!\d{1,9}[.)](?: |$))", ""),  # a numbered list
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\s#>|:_`~<+*\\&-]"),  # the underline of a heading
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\s#>|=:_~<+*\\&-]"),  # code
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\s#>|=:_`~<*\\&-]"),  # a list
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\n#>|=:_`~<+*\\&-]"),  # indentation
        (r"([^\s#](?:.*[^\s#])?)", r"(\S(?:.*\S)?)"),  # closing marks of a heading
        (r"[*_]{1,2}[^\W_]", r"[*_]{1,3}"),  # a rule of asterisks
        (r"|:[^\W_]", "|:"),  # the second row of a table without lines at its sides
        (r"\|(?: *:?-+:? *\|)+", r"\|(?: *:?-*:? *\|)+"),  # an empty delimiter
        ('text = text.removesuffix("\\n")', "pass"),  # the number of lines
        ('text[0] == "[" and "]:" in text', "False"),  # the definition of an address
        ("if text[-1].isspace():", "if False:"),  # a no-break space at the end
        ("if not inner[-1]:", "if False:"),  # a quotation that ends with an empty line
        ("attrs = {\"start\": int(number)}", "attrs = {}"),  # a list that begins with 2
        ("int(number) != 1", "int(number) != 2"),
        ("opened_item.info = item[1]", "pass"),  # the number of an item
        ("following[0][-2] != mark", "False"),  # a list with another mark
        ('self.lines[after][0] == " " or _ITEM.match(self.lines[after])', "False"),  # loose lists
        ("line.startswith(indent)", 'line.startswith(" ")'),  # half an indentation
        ("hidden=True", "hidden=False"),  # a tight list
        ("len(head) != len(sides)", "False"),  # a table whose rows differ
        ("self.labels.append", "str"),  # the label of a footnote
        ('if "\\\\" in line:', "if False:"),  # an escaped line between cells
        ('"center" if cell[0] == ":" else "right"', '"right"'),
    ),
    "plain_inline": (
        (r"[\\`&<~_\t]", r"[`&<~_\t]"),  # an escape
        (r"[\\`&<~_\t]", r"[\\&<~_\t]"),  # code
        (r"[\\`&<~_\t]", r"[\\`<~_\t]"),  # an entity
        (r"[\\`&<~_\t]", r"[\\`&~_\t]"),  # an address or a tag
        (r"[\\`&<~_\t]", r"[\\`&<_\t]"),  # struck text
        (r"[\\`&<~_\t]", r"[\\`&<~\t]"),  # emphasis by lines
        ('"![", ', ""),  # a picture
        ('"^[", ', ""),  # a footnote
        ('"  ", " \\n", "\\n "', ""),  # a hard break
        ("text[start - 1 : start] not in _BEFORE", "False"),  # an asterisk within a word
        ("text[end : end + 1] not in _AFTER", "False"),
        ("_LEFT.search(token.content)", "None"),  # what is left over
        ("target.strip(),", "target,"),
        ('if name == "strong" and not', "if False and not"),  # empty text
        ('{"href": address(match["url"])}', "{}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [(name, *change) for name, changes in MUTATIONS.items() for change in changes],
)
def test_every_rule_of_the_quick_reading_is_needed(module: str, old: str, new: str) -> None:
    modules = {"plain_blocks": plain_blocks, "plain_inline": plain_inline}
    path = Path(str(modules[module].__file__))
    source = path.read_text(encoding="utf-8")
    assert old in source, "the rule has changed: change this list too"
    changed = ModuleType(module)
    changed.__dict__["__name__"] = f"changed_{module}"
    exec(compile(source.replace(old, new), str(path), "exec"), changed.__dict__)
    try:
        wrong = _difference(*{**modules, module: changed}.values(), Counter())
    except (IndexError, RecursionError) as error:
        wrong = str(error)
    assert wrong, f"no text shows what `{old}` is for"
