"""Imports go left to right only, as ARCHITECTURE.md says; only the command prints or exits."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import REPOSITORY

PACKAGE = REPOSITORY / "builder"

# A module imports only what stands left of it.
LAYERS = (
    "codes credentials diagnostics clock measures model parallel store"
    " | frontmatter names addresses values units quantities amounts formulas arithmetic schema"
    " folding resemblance pairing"
    " | drawing axes plots charts neighbourhood columns maps"
    " | config dates markdown lints doubles figures ledger relations disputes wording translations"
    " threads corrections origins shares stakes | prose mentions tenses tongues proofreading"
    " | files reading content"
    " | site allowing hosting servers relinking references related sequels"
    " | view ordering attribution relating linking | pages | render"
    " | manifest job schedule looks survey output again built traces making session pipeline build"
    " | serve | deploy | new served spellings rewriting exchanging merging explaining reference"
    " | cli cli_deploy"
)
# The same inside deploy/: what a release is, what changes, each kind of target, the whole.
DEPLOY = (
    "commands release feeds target | plan order guards | revision keeping gathering"
    " | daemon rclone folder git | live telling | run"
)
# The same inside pages/: what all share, lists, kinds of page, kinds that point to other kinds.
PAGES = (
    "data page plan | lists numbers sources reports amended said ties circle"
    " | archive brief company corrections front hosting person publisher redirect relations"
    " section sitemap thread topic"
    " | digest feed plain"
)


def order(line: str) -> list[str]:
    return re.findall(r"\w+", line)


def modules(folder: Path) -> dict[str, Path]:
    """Each module of a folder; a package inside it counts as one."""
    found = {file.stem: file for file in folder.glob("*.py") if not file.stem.startswith("__")}
    found |= {file.parent.name: file.parent for file in folder.glob("*/__init__.py")}
    return found


def imports(tree: ast.AST, package: str = "builder") -> Iterator[tuple[str, int]]:
    """The dotted names below `package` that a module imports, and the lines."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            # `from builder import model` means builder.model.brief.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from ((n, node.lineno) for n in names if n.startswith(f"{package}."))


def part(name: str, depth: int) -> str:
    return name.split(".")[depth]


def wrong_way(source: str, own: str, allowed: list[str], depth: int, package: str) -> list[str]:
    """Imports of a module called `own` that do not go to the left."""
    left = set(allowed[: allowed.index(own)])
    return [
        f"{own}, line {line}: {name}"
        for name, line in imports(ast.parse(source), package)
        if (to := part(name, depth)) in allowed and to not in left and to != own
    ]


def sources(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def test_every_module_has_its_place() -> None:
    assert sorted(modules(PACKAGE)) == sorted(order(LAYERS))
    assert sorted(modules(PACKAGE / "pages")) == sorted(order(PAGES))
    assert sorted(modules(PACKAGE / "deploy")) == sorted(order(DEPLOY))


@pytest.mark.parametrize("name", order(LAYERS))
def test_imports_go_left(name: str) -> None:
    found = []
    for file in sources(modules(PACKAGE)[name]):
        found += wrong_way(file.read_text("utf-8"), name, order(LAYERS), 1, "builder")
    assert not found


@pytest.mark.parametrize("name", order(PAGES))
def test_imports_go_left_inside_pages(name: str) -> None:
    """page < plan < kinds < __init__: no kind imports the package that gathers the kinds."""
    file = PACKAGE / "pages" / f"{name}.py"
    source = file.read_text("utf-8")
    assert not wrong_way(source, name, order(PAGES), 2, "builder.pages")
    gathered = [
        n
        for n, _ in imports(ast.parse(source))
        if n.startswith("builder.pages.") and part(n, 2) not in order(PAGES)
    ]
    assert not gathered, f"{name} imports from builder.pages itself: {gathered}"


@pytest.mark.parametrize("name", order(DEPLOY))
def test_imports_go_left_inside_deploy(name: str) -> None:
    source = (PACKAGE / "deploy" / f"{name}.py").read_text("utf-8")
    types = (
        "if TYPE_CHECKING:\n    from builder.deploy.plan import Plan\n"  # what a target is given
    )
    source = source.replace(types, "") if name == "target" else source
    assert not wrong_way(source, name, order(DEPLOY), 2, "builder.deploy")


def test_architecture_shows_this_order() -> None:
    """ARCHITECTURE.md promises that this test holds its line."""
    text = (REPOSITORY / "ARCHITECTURE.md").read_text("utf-8")
    line = re.search(r"^`(codes [^`]*)`", text, re.MULTILINE)
    assert line, "ARCHITECTURE.md has no line of layers"
    assert line[1] == LAYERS


def test_a_wrong_import_is_found() -> None:
    layers = order(LAYERS)
    for source in (
        "from builder.site.link import Site",
        "from builder import site",
        "import builder.site.link",
        "def f():\n    from builder.site.link import Site",
    ):
        assert wrong_way(source, "markdown", layers, 1, "builder")
    assert not wrong_way("from builder.model.brief import Brief", "markdown", layers, 1, "builder")
    kinds = order(PAGES)
    source = "from builder.pages import feed"
    assert wrong_way(source, "company", kinds, 2, "builder.pages")


# --- who prints --------------------------------------------------------------------------------

_SPEAKING = {"stdout", "stderr", "__stdout__", "__stderr__", "exit"}


def speaks(source: str) -> list[str]:
    """What in a module prints, ends the process, or asks for a terminal."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="print" | "exit" | "quit" | "input" as name)):
                found.append(f"line {node.lineno}: {name}()")
            case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in _SPEAKING:
                found.append(f"line {node.lineno}: sys.{name}")
            case ast.Attribute(value=ast.Name(id="os"), attr="_exit" | "abort" as name):
                found.append(f"line {node.lineno}: os.{name}")
            case ast.Name(id="SystemExit"):
                found.append(f"line {node.lineno}: SystemExit")
            case ast.Import(names=names) if {"click", "logging"} & {n.name for n in names}:
                found.append(f"line {node.lineno}: import {names[0].name}")
            case ast.ImportFrom(module="click" | "sys" | "logging" as name):
                found.append(f"line {node.lineno}: from {name}")
    return found


def test_only_the_command_prints_or_exits() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix(): spoken
        for file in sources(PACKAGE)
        if file.name not in ("cli.py", "cli_deploy.py")
        and (spoken := speaks(file.read_text("utf-8")))
    }
    forked = found.pop("parallel.py")  # ends the processes that it forks, and no other
    assert [spoken.partition(": ")[2] for spoken in forked] == ["os._exit"]
    assert not found


@pytest.mark.parametrize(
    "source",
    ["print(1)", "sys.exit(1)", "sys.stderr.write('')", "raise SystemExit", "import click"],
)
def test_speaking_is_noticed(source: str) -> None:
    assert speaks(source)


# --- a quick start -----------------------------------------------------------------------------


def test_the_command_imports_nothing_of_the_program() -> None:
    """`slugline --help` answers at once: what a command needs is imported when it runs."""
    tree = ast.parse((PACKAGE / "cli.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    outside = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and not any(
            node in ast.walk(function)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
        )
    ]
    names = {name for node in outside for name, _ in imports(node)}
    assert names == {"builder.__version__"}


def test_help_loads_no_library() -> None:
    """What Jinja, Markdown, YAML, Babel and msgspec cost is not paid for `--help`."""
    script = "import sys, builder.cli; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert "click" in loaded
    assert not loaded & {"jinja2", "markdown_it", "yaml", "babel", "msgspec", "imagesize"}
    program = {name for name in ran.stdout.split() if name.startswith("builder")}
    assert program == {"builder", "builder.cli.app"}
    # Nor does the list of all commands load what single ones need.
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "builder", "--help"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = set(re.findall(r"builder\.\S+", ran.stderr))
    assert found == {
        "builder.cli.app"
    }  # (what is imported by name is not noted, what it imports is)
