"""The quick reading of plain Markdown, compared with markdown-it, which defines the dialect."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from msgspec.structs import replace

from builder.content.document import Document
from builder.content.limits import NO_LIMITS
from builder.content.markdown import engine, plain_blocks, plain_html, plain_inline
from builder.content.markdown.engine import Rendered
from builder.model.entity import CompanyNames
from support.sites import SETTINGS, build_site, write_site
from support.tools import NPM

ROOT = Path(__file__).resolve().parents[2]
MODULES = {"plain_blocks": plain_blocks, "plain_html": plain_html, "plain_inline": plain_inline}
_COMPANIES = tuple(
    CompanyNames(f"/companies/{slug}/", names)
    for slug, names in (
        ("scale-ai", ("Scale AI", "Scale")),
        ("meta", ("Meta", "Meta Platforms")),
        ("at-t", ("AT&T",)),
        ("hermes", ("Hermès",)),
    )
)
_LIMITS = replace(NO_LIMITS, paragraph=600)
# Beginnings of lines that are not plain, and pieces of lines.
_BEGINNINGS = (
    "* ", "+ ", "2. ", "2) ", "01. ", "# ", "#", "####### ", "| ", "[^2]: ", "[^n o]: ", "[x]: ",
    "  ", "   ", "    ", "---", "===", "***", "* * *", "- - ", "-", ":-", "`", "```", "<p>", "\t",
    "=", "_", "~~~", "![", "+", "100. ", "> - ", "*", "**", "- # ", "> > ", "#### ",
    "## ", "> ", "- ", "1. ", "[^1]: ", "• ", "\u2028", "\x85", "\ufeff",
    "- \ufeff", "- \x85", "## \ufeff",
)  # fmt: skip
_PLAIN_PIECES = (
    "word", "two words", "Scale AI", "*so*", "**so**", "it's", '"so"', "Scale", "Meta", "**so**.",
    "[[Meta]]", "[a](https://x.example/a?b=1#c)", "(*so*)", "*so.*", "*so.*,", "é",
    "[[brief:x|a text]]", "[a](/b)", "[a](/companies/meta/#top)", "[a](https://own.example/c)",
    "[a](other.md#x)", "[a_b](/c_d)", "[Scale AI](/b)", "*Scale AI*", '[a "b" c](/d)', "a--b",
    "...", '"a [b](/c) d"', "a[^1]", "{{figure:x}}", "{{ figure: y }}", "AT&T", "Hermès", "49%",
    "1986.", "a:", "'90s", "‘90s", "'24", "companies'", "'so'", "« so »", "so ;", "so !",
    "(*so*, *so*)",
    "a > b", "[[Meta|the {{figure:z}} firm]]", "**$5**", "a  b", '*"so"*',
)  # fmt: skip
_PIECES = (
    '"so', 'so"', "*not", '"*so*"', '("*so*")', "**", "*", "_so_", "***so***", "x*so*",
    "*so*x", "* so*", "[[ ]]", "[[a]",
    "[a](javascript:x)", "[a b](c d)", "[a](<b>)", "[a *b*](/c)", "![a](/media/b.png)",
    "![[a]]", "^[note]", "[^2]",
    "[a]", "]", "[", "]:", "!", "{{figure:}}", "&amp;", "&", "<b>", "`code`", "\\*", "\\|",
    "~~no~~", "a & b;", "\u00a0", "\u3000", "中文", "…", "1)", "#", "|", "| - |",
    "https://x.example/a", "'s", "\x0c", "\u2028", "<https://x.example>", "^[a](b)", 'x*"so"*',
    '*so."*x', "[^1](b)", "x^2^", "==so==", "$$x$$", ":smile:", ":::", "•", '1"', "'tis", "מלה",
    "Juni", "عربي", "[[ Meta ]]", "*a *b* c*", "**a *b* c**", "*so.*, so*", "**so.*, so*",
    "{{x}}", "{%x%}",
    "a**b", "`", "~", "a~5", "x_y", "*so _a_*", "[a {b}](/c)", "[a!](/b)", "[a](/b&copy;c)",
    "[[Meta and so",
    "*so {{figure:x}}*", "*so [[Meta*", "\x85a", "\ufeffa", "a\u2028b", "\ufeff",
    "\x85", "*so [a](/b)*", "[a {{figure:x}}](/c)", "[a _b_](/c)", "**so* b", "a\tb",
    "[a](https://x.example/a%zz)", "[a](#b)", "[a](mailto:a@b.example)", "[a](x)",
)  # fmt: skip
_EAST_ASIAN = (
    "**「重要」**です", "*「a」*", "**(a)**は", "(*「a」*", "(*「a」*, *a*", "は*a*", "*a*、",
    "*a*は*b*", "*「a」*", "**「重要」** です", "*a「* b*", "a *「b*",
)  # fmt: skip
_TABLES = (
    "| a | b |\n| --- | ---: |\n| 1 | *2* |\n", "| a |\n|:-:|\n", "| a | b |\n|---|\n| 1 |\n",
    "| a | b |\n|--|--|\n| 1 | 2 | 3 |\n| 4 |\n||\n", "a | b\n--|--\n1 | 2\n", "|\n|--|\n|x|\n",
    "| a \\| b |\n|---|\n", "| a | b |\n| - | - |\ntext\n", "| a |\n|---|\n- b\n",
    "a | b\n:-- | --:\n1 | 2\n", "| a |\n| : |\n| b |\n", "| a |\n|---| \n| b | \n",
    "|   | b |\n|:--|:-:|\n| Scale AI | [[Meta]] |\n|  | [[Meta]] |\n",
    "| [[x\\|y]] | [a](/b) \\| [[x]] |\n|---|---|\n| ##a | b |\n",
    "| a | b |\n|---|---|\n| [[Meta]] [[Meta]] | [[Meta]] |\n| \\\\| a |\n",
)  # fmt: skip
_WHOLE = (
    "Text\n=\n", "+\nText\n", "## a #\n", "# a\n", "a\u3000\n", "1. a\n\n\n1. b\n", "- a\n bc\n",
    "| a | b | c\n|---|---|\n", "• a\n", "a\n===\nb", "a\n---\nb", "> a\n>\n> — b, Scale AI\n",
    "> — Scale AI", "> a\n>\n> – Meta\n\nMeta",
    "1. Juni 2025\n", "1. June, Meta\n2. b\n", "1986. A year\n", "100. a\n101. b\n", "1.a\n2.b\n",
    "a[^1] b[^1]\n\nc[^2]\n\n[^2]: Meta\n[^1]: [[Meta]]\n", "a[^1]\n\n[^1]: b\n\n[^1]: c\n",
    "a[^1]\n\n[^1]: b[^1]\n", "[^1]: a\n\nb[^1]\n", "## a\n\n## a\n\n### b\n\n## fn1\n\n## why\n",
    "### a\n", "## a [[Meta]]\n", "## a [b](/c) *Meta*\n\nMeta", "## 谷歌\n",
    "## a[^1]\n\n[^1]: b\n",
    '"a b\n\n"c d"\n', '"a\nb" c\n', 'He said "a" and\n"b", it\'s\n', "x " * 400, "a  \nb", "a \nb",
    "- a\n  - b\n", "- a\n\n  b\n", "- a\nb\n- c\n  d\n", "*a\nb* c", "[a\nb](/c)", "*a*\n*b*",
    '*"a"* *"b"*', "'a *b' c* d'", "[a](x.md) {{figure:x}} [[b]] [c](y.md)", "*a*b\n*c*",
    "- a\n+ b\n", "1. a\n2) b\n", "- a\n1. b\n", "1. Juni 2025!\n", "1. June 20\n", ">\n",
    "> a\n>\n", "| [[x\\|y]] [a](/b) | [a](/b) |\n|---|---|\n",
    "|\u00a0a | b |\n|---|---|\n", "| a |\n|---|---|\n| b | c |\n", "| a\\#b |\n|---|\n",
    "[^1]: b[^2]\n\n[^2]: c\n\na[^1] d[^2]\n",
    "| [[b]]|c | [[b]]|c | [[b]]\\|c |\n|-|-|-|-|-|\n", "[^1]: b[^2]\n\n[^2]: c\n\na[^1]\n",
    '*"a* b" c', "a\t\nb", "[x]: /y\n\n[x]\n", "a[^1]\n\n[^1]: b\n\n  c\n", "a\n[^1]: b\n",
    "## a {{figure:x}}\n", "**\n", "*\n", "***\na", "* a\n* *b*\n", "a\x0bb", "a\x1cb",
    "عربي Meta -5% و *Scale AI*، [[Meta]] [the text](/b) [[x|عربي]] [عربي](/c)\n",
    "עברית Meta\n\nThe word עברית at [עברית](/b) [[x|עברית]]\n", "עברית",
    "English, עברית [עברית](/b) [[עברית]]\n\n> English\n>\n> — עברית\n",
    "| عربي | عربي | عربي |\n|:--|:-:|--:|\n| عربي 5 | عربي -5 | عربي |\n",
    "عربي\n\n> عربي\n>\n> — عربي [Meta](/b)\n",
    "## a\n#b\n", "[a](/b&copy;c)", "[a](/b&c=d)", "Meta *Scale* AI\nScale\nAI", "2. a\n3. b\n",
    "Scale AI and Scale\n\nScale", "a\n2. b\n2.c", "> [^1]: a\n", "- [^1]: a\n", "> a\n> [^1]\n",
)  # fmt: skip


@cache
def _texts() -> tuple[str, ...]:
    """Return texts that are nearly plain, and all bodies of this repository."""
    chance = random.Random(20250613)
    found = []
    for number in range(5000):
        lines = [line for _ in range(chance.randint(1, 5)) for line in _block(chance)]
        if "[^1]" in "".join(lines):
            lines += ["", "[^1]: A *note*"]
        if number % 2:  # something in it is not plain
            at = chance.randrange(len(lines))
            change = chance.randrange(4)
            if change == 0:
                lines[at] = chance.choice(_BEGINNINGS) + lines[at]
            elif change == 1:
                lines[at] += chance.choice(("  ", " ", "\n ", "\n  ", " #", "\n- ", "\\", ":"))
            elif change == 2:
                lines[at] += f" {chance.choice(_PIECES)}"
            else:
                del lines[at]
        found.append("\n".join(lines) + "\n" * chance.choice((0, 1, 1, 2)))
    every = (*_PLAIN_PIECES, *_PIECES)
    notes = [f"{text}\n\n[^1]: A note\n{end}" for text in every for end in ("", "\nEnd[^1]")]
    pairs = [f"a {one} {other} b" for one in every for other in _PLAIN_PIECES[::4]]
    return (*_WHOLE, *_TABLES, *_EAST_ASIAN, *every, *pairs, *notes, *_bodies(), *found)


def _block(chance: random.Random) -> list[str]:
    """Return the lines of a plain block and of the blank line after it."""

    kind, stroke = chance.randrange(6), "|"

    def text() -> str:
        found = [chance.choice(_PLAIN_PIECES) for _ in range(chance.randint(1, 3))]
        return " ".join(found).replace("|", stroke)

    count = range(chance.randint(1, 3))
    if kind == 0:
        lines = [f"{'#' * chance.choice((2,) * 9 + (3,))} {text()}"]
    elif kind == 1:
        lines = [*(f"- {text()}" for _ in count), "", "Text"]
    elif kind == 2:
        lines = [*(f"{n + 1}. {text()}" for n in count), "", "Text"]
    elif kind == 3:
        lines = [f"> {text()}", ">", f"> — {text()}"] if count[-1] else [f"> {text()}"]
    elif kind == 4:
        stroke = "\\|"
        rows = [f"| {text()} | {text()} |" for _ in count]
        lines = [f"| {text()} | b |", "|---|:-:|", *rows]
    else:
        lines = [text() for _ in count]
    return [*lines, ""] if chance.random() < 0.9 else lines


def _bodies() -> Iterator[str]:
    for folder in ("content", "tests/check/cases", "docs"):
        for path in sorted((ROOT / folder).rglob("*.md")):
            yield _body(path)


def _body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]


def _language(text: str) -> str:
    """Return one of several languages, with marks and spaces of their own."""
    if len(text) % 31 == 0 or "عرب" in text[:40]:
        return "ar"
    return ("en", "en", "en", "fr", "de")[len(text) % 5]


def _rendered(text: str) -> Rendered:
    document = Document("briefs/a.md", {}, {}, text, 1, text.split("\n"))
    given = "https://own.example", "off", (), _LIMITS, "ascii"
    return engine.render_text(document, _language(text), _COMPANIES, *given)


@cache
def _defined(text: str) -> Rendered:
    """Return what markdown-it and the rules make of a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "plain_html", lambda *given: None)
        return _rendered(text)


def _difference(texts: tuple[str, ...], seen: Counter[str]) -> str:
    """Return the first text that is read differently, or nothing."""
    for text in texts:
        found = _rendered(text)
        if not found.quick:
            seen["left"] += found.quick is False
            continue
        seen["quick"] += 1
        seen.update(re.findall(r"<(\w+)", found.body.html))
        seen.update(reference.kind for reference in found.body.references)
        if found[:2] != _defined(text)[:2]:
            return text
    return ""


def test_plain_texts_are_read_as_markdown_it_reads_them() -> None:
    seen: Counter[str] = Counter()
    assert _difference(_texts(), seen) == ""
    assert seen["quick"] > 2000 and seen["left"] > 2000
    for kind in (
        "h2", "ul", "ol", "blockquote", "footer", "table", "td", "tbody", "sup", "section",
        "strong", "em", "a", "name", "brief", "figure", "file",
    ):  # fmt: skip
        assert seen[kind] > 20, kind


_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_commonmark_are_read_as_markdown_it_reads_them() -> None:
    file = NPM / "commonmark-spec" / "spec.txt"
    if not file.is_file():
        pytest.skip("commonmark-spec is not installed: run scripts/install-test-tools")
    written = _EXAMPLE.findall(file.read_text(encoding="utf-8"))
    examples = tuple(text.replace("→", "\t") for text in written)
    assert len(examples) > 600
    seen: Counter[str] = Counter()
    assert _difference(examples, seen) == ""
    assert seen["quick"] > 20 and seen["left"] > 400


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
    texts = [_body(path) for path in (ROOT / "content" / "briefs").rglob("*.md")]
    plain = [text for text in texts if _rendered(text).quick]
    assert len(plain) >= 0.9 * len(texts)


# What each rule of the quick reading is for: without it some text is read differently.
MUTATIONS = {
    "plain_blocks": (
        (r"(?!\d{1,9}[.)](?: |$))", ""),  # a numbered list
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\s#>|:_`~<+*\\&-]"),  # the underline of a heading
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\s#>|=:_`~<*\\&-]"),  # a list
        (r"[^\s#>|=:_`~<+*\\&-]", r"[^\n#>|=:_`~<+*\\&-]"),  # indentation
        (r"([^\s#](?:.*[^\s#])?)", r"(\S(?:.*\S)?)"),  # closing marks of a heading
        (r"|:[^\W_]", "|:"),  # the second row of a table without lines at its sides
        (r"\|(?: *:?-+:? *\|)+", r"\|(?: *:?-*:? *\|)+"),  # an empty delimiter
        ("#{2,6}", "#{1,6}"),  # the level of the title
        ("text[-1].isspace()", "False"),  # a no-break space at the end
        ('"\\\\" in text', "False"),  # an escape outside a table
        ("len(self.blocks) == count:", "False:"),  # a quotation of nothing
        ("len(self.blocks) > count + 1", "True"),  # an attribution of nothing
        ("last.content.startswith(_ATTRIBUTION)", "False"),
        ("attribution=True", "attribution=False"),  # a company in it
        ("""f' start="{int(number)}"'""", "''"),  # a list that begins with 2
        ("int(number) == 1", "int(number) == 2"),
        ("following[0][-2] != mark", "False"),  # a list with another mark
        ("_ITEM.match(self.lines[after])", "False"),  # loose lists
        ("line.startswith(indent)", 'line.startswith(" ")'),  # half an indentation
        ("number > _MOST_STEPS", "False"),  # a year
        ("(word and word[0].casefold()", '(word and ""'),  # a date
        ('mark == "."', "False"),
        ("len(cells) < len(classes)", "False"),  # a head that is too short
        ("len(cells) > len(classes)", "False"),  # a row that is too long
        ("if not cells[-1]:", "if True:"),  # a row without a line at its end
        ('text.startswith("#")', "False"),  # what is no heading
        ("text.strip() != text", "False"),  # other spaces in cells
        ('"td" if not text else tag', "tag"),  # an empty cell in the head
        ("start = text.replace(_STROKE, \"|\"), ESCAPED", 'start = text.replace(_STROKE, "|"), -1'),
        ('"center" if delimiter[0] == ":"', '"center" if False'),
        ('"right" if direction(language) == "rtl"', '"right" if False'),
        ("if text in line:", "if False:"),
        ('level=level)', "level=2)"),
        ('if line[0] != "|":', "if False:"),  # a table that ends without an empty line
    ),
    "plain_inline": (
        ("text[start - 1 : start] not in _BEFORE", "False"),  # an asterisk within a word
        ("text[end : end + 1] not in _AFTER", "False"),
        ("if sign in left", "if False"),
        *(('"*[{_"', f'"{signs}"') for signs in ("[{_", "*{_", "*[_", "*[{")),
        (r"(?![(\[:])", ""),  # a link whose text is like a note
        (r"[^*\[\]{_]*[^\s*\[\]{_]", r"[^*\[\]{]*[^\s*\[\]{]"),
        (r"[^*\[\]{_]*[^\s*\[\]{_]", r"[^*\[\]_]*[^\s*\[\]_]"),
        (r"[^*\[\]{_]*[^\s*\[\]{_]", r"[^*\]{_]*[^\s*\]{_]"),
        (r"[^\[\]*{_]+)\]\(", r"[^\[\]{_]+)\]\("),
        (r"[^\[\]*{_]+)\]\(", r"[^\[\]*_]+)\]\("),
        (r"[^\[\]*{_]+)\]\(", r"[^\[\]*{]+)\]\("),
        (r"(?(strong)\*)", ""),
    ),
    "plain_html": (
        *(('"`<~', f'"{signs}') for signs in ("<~", "`~", "`<")),
        *((sign, "") for sign in (r"\t", r"\x0b", r"\x0c", r"\x1c", "•")),
        *((f'"{pair}"', '"`"') for pair in ("![", r" \n", "==", "$$", "://")),
        ("_ENTITY.search(text)", "False"),
        ('text.count("^") != text.count("[^")', "False"),
        ('text.count("\\\\") != text.count("\\\\|")', "False"),
        ("_EMOJI.search(text)", "False"),
        ("_NUMBERS.search(text)", "False"),
        ('own == "rtl" or', ""),
        ("has_right_to_left(source)", "False"),
        ("signed_numbers(part, self.work.language)", "part"),
        ("turned_link(link, own) or", "link or"),
        ('if foreign_direction("".join(said), own)', "if False"),
        ("[turned_link(between, own) for between in inline.between]", "inline.between"),
        ("if other := foreign_direction(inline.texts[n], own)", 'if other := ""'),
        ("if self.own and not block.attribution", "if self.own"),
        ("len(content) > self.longest", "False"),
        ("len(self.numbers) < len(found.notes)", "False"),
        ('if "[^" in block.content', "if False"),
        ('source.isascii() and "  "', '"  "'),
        ('and "  " not in source', ""),
        ("for text in texts if text)", "for text in texts)"),
        ('"strong" if mark["strong"] else "em"', '"em"'),
        ("inline.links += (len(texts),)", "pass"),
        ("inline.inner += (len(texts),)", "pass"),
        ('mark["target"].strip()', 'mark["target"]'),
        ("if again is None:", "if False:"),
        ("if not again:", "if True:"),
        ("self.marks[label] += 1", "pass"),
        ("apostrophes(line, self.work.language)", "line"),
        ("if replace_quotes(tokens, self.quotes):", "if replace_quotes(tokens, self.quotes) == 0:"),
        ("punctuate(text, self.work.language)", "text"),
        ("level > self.last + 1", "False"),
        ('"[[" in content', "False"),
        ("if block.column == ESCAPED:", "if False:"),
        ("if column < 0:", "if True:"),
        ("not block.level", "True"),
        ("not block.attribution", "True"),
        ("if n in inline.links", "if False"),
        ("escapeHtml(text) if", "text if"),
        ("escapeHtml(href)", "href"),
        ("self.address(address)", "address"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [(name, *change) for name, changes in MUTATIONS.items() for change in changes],
)
def test_every_rule_of_the_quick_reading_is_needed(
    module: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(str(MODULES[module].__file__))
    source = path.read_text(encoding="utf-8")
    assert old in source, "the rule has changed: change this list too"
    changed = ModuleType(module)
    changed.__dict__["__name__"] = f"changed_{module}"
    exec(compile(source.replace(old, new), str(path), "exec"), changed.__dict__)
    if module == "plain_html":
        monkeypatch.setattr(engine, module, changed.plain_html)
    else:
        monkeypatch.setattr(plain_html, module, getattr(changed, module))
    try:
        wrong = _difference(_texts(), Counter())
    except (IndexError, KeyError, ValueError, RecursionError) as error:
        wrong = str(error)
    assert wrong, f"no text shows what `{old}` is for"
