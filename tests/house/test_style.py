"""The English of docs/style.md: old turns that nobody may write again, and first lines."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "builder"

# Turns of translated German, and what to write instead. `_` stands for white space, in which a line
# may end.
TURNS = {
    r"(is|are|was|were|be|been)_told": "name the action: `receives`, `reports`, `is notified`",
    r"(?!(one|two|three|each|both|all|any|some|most|many|none|half|part)\b)\w+_of_which":
        "start a new sentence, or name the thing: `its`, `whose`",
    r"who(so)?ever": "name the actor, or write `anyone who`",
    r"anew": "`again`, or a verb with `re-`: `restart`, `reconnect`",
    r"in_the_end": "`finally`, or leave it out",
    r"looks?_different": "`has changed`, `is modified`",
    r"(stands?|stood)_there": "`is`, `exists`, or name the place",
    r"that_there_(is|are)_not": "`missing`, or `that do not exist`",
    r"(is|are)_there_already": "`already exists`",
    r"(?<!here_)(is|are)_no_(?!longer\b|more\b|less\b|other\b|such\b|\w+er_than\b)[a-z]+":
        "`is not a …`; `there is no …` is fine",
    r"(came|comes?)_of_it": "`the result`",
    r"brok(e|en)_off": "`interrupted`",
    r"puts?_right": "`fix`",
    r"every_now_and_then": "`regularly`, or the interval",
    r"without_it:": "`(default: …)`",
}  # fmt: skip
MOST_WORDS = 12  # of a docstring's first line


def compiled(turn: str) -> re.Pattern[str]:
    turn = turn.replace("here_", r"here\s").replace("_", r"[\s*/]+")
    return re.compile(rf"\b({turn})(?!\w)", re.IGNORECASE)


PATTERNS = {compiled(turn): advice for turn, advice in TURNS.items()}


class Passage(NamedTuple):
    """A text that people read, and the line of its file on which it begins."""

    line: int
    text: str


def passages_of_python(source: str) -> Iterator[Passage]:
    """Yield the comments and strings of a module, with those that continue each other joined."""
    kind, line, parts = 0, 0, list[str]()
    skipped = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type in skipped:
            continue
        name = tokenize.tok_name[token.type]
        text = token.string
        if name == "COMMENT":
            text = f"{text.lstrip('#: ')}\n"
        elif name == "STRING":
            text = re.sub(r"^\w*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$", "", text)
        elif not name.startswith("FSTRING"):
            text = ""
        if parts and token.type != kind and not (name.startswith("FSTRING")):
            yield Passage(line, "".join(parts))
            parts = []
        if text:
            kind, line = token.type, line if parts else token.start[0]
            parts.append(text)
    if parts:
        yield Passage(line, "".join(parts))


def passages_of_text(text: str) -> Iterator[Passage]:
    """Yield the paragraphs of a text, without fenced blocks of code."""
    line = 1
    for n, block in enumerate(re.split(r"^(?:```|~~~).*$", text, flags=re.MULTILINE)):
        for part in re.split(r"(\n\s*\n)", block):
            if n % 2 == 0 and part.strip():
                yield Passage(line + len(part) - len(part.lstrip("\n")), part)
            line += part.count("\n")


def old_turns(path: str, text: str) -> list[str]:
    """Return every old turn in a file, each with its place and what to write instead."""
    read = passages_of_python if path.endswith(".py") else passages_of_text
    found = []
    for line, passage in read(text):
        for pattern, advice in PATTERNS.items():
            for match in pattern.finditer(passage):
                at = line + passage.count("\n", 0, match.start())
                turn = re.sub(r"[\s*/]+", " ", match[0])
                found.append(f"{path}:{at}: `{turn}`: {advice}")
    return found


def checked_files() -> Iterator[Path]:
    for folder, patterns in (
        ("builder", ("*.py",)),
        ("builder/serve", ("*.html", "*.js", "*.css")),
        ("templates", ("*.html", "*.xml", "*.xsl", "*.js", "*.css")),
        ("docs", ("*.md",)),
    ):
        for pattern in patterns:
            yield from sorted((REPOSITORY / folder).rglob(pattern))
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        yield REPOSITORY / name


def room(path: Path) -> str:
    """Return the part of the repository by which violations are listed."""
    *folders, name = path.relative_to(REPOSITORY).parts
    return "/".join(folders[:2]) if folders[:1] == ["builder"] else "".join(folders[:1]) or name


FILES = [path for path in checked_files() if path != REPOSITORY / "docs/style.md"]
ROOMS = sorted({room(path) for path in FILES})


@pytest.mark.parametrize("name", ROOMS)
def test_no_old_turn(name: str) -> None:
    found = [
        fault
        for path in FILES
        if room(path) == name
        for fault in old_turns(path.relative_to(REPOSITORY).as_posix(), path.read_text("utf-8"))
    ]
    assert not found, "see docs/style.md:\n" + "\n".join(found)


def test_the_check_reads_every_kind_of_file() -> None:
    """A moved folder must not leave the check without files."""
    kinds = {(room(path).partition("/")[0], path.suffix) for path in FILES}
    assert kinds >= {
        ("builder", ".py"), ("builder", ".html"), ("builder", ".js"), ("templates", ".html"),
        ("docs", ".md"), ("README.md", ".md"), ("ARCHITECTURE.md", ".md"),
    }  # fmt: skip
    assert len(ROOMS) > 15


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("a.py", '"""A module.\n\nThe other one is\n    told of it."""\n', "a.py:3: `is told`"),
        ("a.py", "x = 1  # begin anew\n", "a.py:1: `anew`"),
        ("a.py", "x = 1\n\n# Whoever comes\n# first.\n", "a.py:3: `Whoever`"),
        ("a.py", "# a file that looks\n# different\n", "a.py:1: `looks different`"),
        ("a.py", 'say(\n    "it is there "\n    "already"\n)\n', "a.py:2: `is there already`"),
        ("a.py", 'say(f"{name} is no list")\n', "a.py:1: `is no list`"),
        ("a.py", 'say("a site, " f"{n} pages of which")\n', "a.py:1: `pages of which`"),
        ("a.html", "<p>one</p>\n\n<p>In the\nend</p>", "a.html:3: `In the end`"),
        ("a.js", "f();\n// files that stand\n// there\n", "a.js:2: `stand there`"),
        ("a.md", "# A\n\n```\nanew\n```\n\nNames that there are not.\n",
         "a.md:7: `that there are not`"),
    ],
)  # fmt: skip
def test_an_old_turn_is_found(path: str, text: str, place: str) -> None:
    (found,) = old_turns(path, text)
    assert found.startswith(f"{place}: "), found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "told = x is told\n"),
        ("a.py", '"""There is no heading, it is no longer used, and two of which are kept."""\n'),
        ("a.py", 'a = "in the"\nb = "end"\n'),
        ("a.md", "```\nanew\n```\n"),
        ("a.md", "If there are no sources, it is no larger than before.\n"),
    ],
)
def test_good_english_passes(path: str, text: str) -> None:
    assert old_turns(path, text) == []


@pytest.mark.parametrize("turn", TURNS)
def test_every_turn_has_advice_without_old_turns(turn: str) -> None:
    assert old_turns("advice.md", TURNS[turn]) == []


# --- first lines -------------------------------------------------------------------------------


def long_first_lines(path: str, source: str) -> list[str]:
    """Return the public functions whose docstring begins with more than a short sentence."""
    found = []

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            if child.name.startswith("_"):
                continue
            if isinstance(child, ast.ClassDef):
                visit(child, f"{child.name}.")
            elif text := ast.get_docstring(child):
                first = text.split("\n")[0]
                words = len(first.split())
                if words > MOST_WORDS or not re.search(r"[.?!:]['\")]?$", first):
                    found.append(f"{path}:{child.lineno}: {prefix}{child.name}: {first}")

    visit(ast.parse(source), "")
    return found


PACKAGE_ROOMS = sorted({room(path) for path in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("name", PACKAGE_ROOMS)
def test_a_docstring_begins_with_one_short_sentence(name: str) -> None:
    found = [
        fault
        for path in sorted(PACKAGE.rglob("*.py"))
        if room(path) == name
        for fault in long_first_lines(
            path.relative_to(REPOSITORY).as_posix(), path.read_text("utf-8")
        )
    ]
    advice = f"end the first line after a sentence of at most {MOST_WORDS} words:\n"
    assert not found, advice + "\n".join(found)


@pytest.mark.parametrize(
    ("docstring", "is_found"),
    [
        ("Return the page.", False),
        ("Return the page.\n\n    More about it.", False),
        (f"Return {'x ' * 11}.".replace(" .", "."), False),
        (f"Return {'x ' * 12}.".replace(" .", "."), True),
        ("Return the page that goes\n    on in the next line.", True),
    ],
)
def test_a_long_first_line_is_found(docstring: str, is_found: bool) -> None:
    function = f'def f():\n    """{docstring}"""\n'
    method = "class A:\n" + "".join(f"    {line}\n" for line in function.splitlines())
    private = function.replace("f()", "_f()")
    assert bool(long_first_lines("a.py", function)) is is_found
    assert bool(long_first_lines("a.py", method)) is is_found
    assert long_first_lines("a.py", private) == []
