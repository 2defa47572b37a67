"""The rules of the rooms, as scripts/house checks them; who prints; what a start loads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import click
import pytest

from builder import errors
from builder.cli.app import COMMANDS, main
from builder.errors import SluglineError
from support.tools import REPOSITORY, TESTS

PACKAGE = REPOSITORY / "builder"


def load_script(name: str) -> ModuleType:
    """A script of scripts/ as a module."""
    loader = SourceFileLoader(name, str(REPOSITORY / "scripts" / name))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


house = load_script("house")


OURS = house.read_house(PACKAGE)
FAULTS = [*house.faults(OURS)]


@pytest.mark.parametrize("module", [*OURS.trees, *OURS.faces])
def test_a_module_keeps_the_rules(module: str) -> None:
    name = f"{module}/__init__.py" if module in OURS.faces else module
    assert [fault for fault in FAULTS if re.match(rf"{re.escape(name)}[:,]", fault)] == []


def test_no_rule_is_broken() -> None:
    assert FAULTS == []


def test_every_room_says_what_it_is() -> None:
    """A room's docstring has one or two lines."""
    for folder, tree in OURS.faces.items():
        said = ast.get_docstring(tree)
        assert said, f"{folder}/__init__.py has no docstring"
        assert len(said.splitlines()) <= 2, folder


SOUND = {
    "store.py": "",
    "names/__init__.py": '"""Names."""',
    "names/keys.py": "def key(): ...\n_fold = key",
    "output/__init__.py": "",
    "output/tree.py": "from builder.names.keys import key",
    "quantity/parse.py": "import builder.store",
    "cli/app.py": "def run():\n    from builder.output import tree\n    return tree",
}


def faults_with(folder: Path, changed: Mapping[str, str]) -> list[str]:
    for name, source in {**SOUND, **changed}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "utf-8")
    return [*house.faults(house.read_house(folder))]


def test_a_sound_house_has_no_fault(tmp_path: Path) -> None:
    assert faults_with(tmp_path, {}) == []


@pytest.mark.parametrize(
    "changed, fault",
    [
        (
            {"names/keys.py": "from builder.quantity.parse import x"},
            "names.keys, line 1: imports upward from quantity.parse",
        ),
        (
            {"names/keys.py": "def f():\n    from builder.quantity import parse"},
            "names.keys, line 2: imports upward from quantity.parse",
        ),
        (
            {"names/keys.py": "import builder.quantity.parse"},
            "names.keys, line 1: imports upward from quantity.parse",
        ),
        (
            {"quantity/parse.py": "from builder.output.tree import x"},
            "quantity.parse, line 1: imports sideways from output.tree",
        ),
        (
            {"names/a.py": "from builder.names import b", "names/b.py": "import builder.names.a"},
            "a circle: names.a -> names.b",
        ),
        (
            {"output/tree.py": "from builder.names.keys import _fold"},
            "output.tree, line 1: imports the private name _fold of names.keys",
        ),
        (
            {"names/__init__.py": '"""Names."""\nfrom builder.names.keys import key'},
            "names/__init__.py: holds more than a docstring",
        ),
        ({"cellar/x.py": ""}, "cellar.x: the room `cellar` has no storey"),
        ({"names/long.py": "\n" * 451}, "names.long: 451 lines, more than 450"),
        (
            {"names/long.py": "def f():\n" + "    f()\n" * 60},
            "names.long: f has 61 lines, more than 60",
        ),
        (
            {"names/a.py": "class Name: ...", "output/b.py": "class Name: ..."},
            "output.b: the class Name is in names.a too",
        ),
        (
            {"names/a.py": "from urllib.parse import quote, urlsplit"},
            "names.a, line 1: urlsplit, not split_address",
        ),
        (
            {"names/a.py": "import urllib.parse\nx = urllib.parse.urljoin"},
            "names.a, line 2: urljoin, not split_address",
        ),
        (
            {"names/a.py": "def f():\n    from http import client"},
            "names.a, line 2: imports http.client, which reaches the network",
        ),
        (
            {"quantity/a.py": "from builder.fetch.client import get", "fetch/client.py": "get = 1"},
            "quantity.a, line 1: imports builder.fetch.client, which reaches the network",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_fault_is_found(
    changed: Mapping[str, str], fault: str, tmp_path: Path
) -> None:
    assert faults_with(tmp_path, changed) == [fault]


def test_the_script_prints_its_figures() -> None:
    ran = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / "house", "--trace"],
        capture_output=True,
        text=True,
        check=True,
    )
    line, traced, entered = ran.stdout.splitlines()
    assert re.fullmatch(r"house: \d+ modules in \d+ folders, .*", line)
    assert "0 circles, 0 upward and 0 sideways imports" in line
    assert re.match(r"an edit of one text enters \d+ modules in \d+ rooms:", traced)
    assert "content.markdown.engine" in entered.split()


# --- tests -------------------------------------------------------------------------------------

TEST_MODULES = {
    file.relative_to(TESTS).as_posix(): file.read_text("utf-8")
    for file in sorted(TESTS.rglob("*.py"))
    if "node_modules" not in file.parts
}


def imported_tests(source: str) -> list[str]:
    """The test modules that a module imports, wherever in it, and conftest modules."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names):
                found += [f"{module}.{alias.name}" for alias in names]
    return [name for name in found if re.search(r"(^|\.)(test_\w+|conftest)\b", name)]


@pytest.mark.parametrize("module", TEST_MODULES)
def test_no_module_imports_a_test_module(module: str) -> None:
    """What tests share is in tests/support/."""
    assert imported_tests(TEST_MODULES[module]) == []


@pytest.mark.parametrize(
    "source, imported",
    [
        ("import test_site", "test_site"),
        ("from test_site import words", "test_site.words"),
        ("from site import test_site", "site.test_site"),
        ("def f():\n    from tests.web.test_feeds import RSS", "tests.web.test_feeds.RSS"),
        ("from conftest import OpenPage", "conftest.OpenPage"),
    ],
)
def test_an_imported_test_module_is_found(source: str, imported: str) -> None:
    assert imported_tests(f"import pytest\nfrom support.sites import brief\n{source}") == [imported]


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
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.parent.name != "cli" and (spoken := speaks(file.read_text("utf-8")))
    }
    forked = found.pop("parallel.py")  # ends the processes that it forks, and no other
    assert [spoken.partition(": ")[2] for spoken in forked] == ["os._exit"]
    begun = found.pop("__main__.py")  # ends at once on Ctrl-C while modules load
    assert [spoken.partition(": ")[2] for spoken in begun] == ["os._exit"]
    assert not found


@pytest.mark.parametrize(
    "source",
    ["print(1)", "sys.exit(1)", "sys.stderr.write('')", "raise SystemExit", "import click"],
)
def test_speaking_is_noticed(source: str) -> None:
    assert speaks(source)


# --- a quick start -----------------------------------------------------------------------------


def modules_loaded(*command: str) -> set[str]:
    """The modules that Python has loaded when a command ends."""
    script = (
        "import sys\nfrom builder.cli.app import main\n"
        f"try: main({[*command]!r})\n"
        "except SystemExit as end: assert not end.code, end\n"
        "print('loaded', *sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.rpartition("loaded ")[2].split())


def test_help_loads_one_module_of_the_program() -> None:
    """`slugline --help` answers at once: a command is imported when it runs."""
    loaded = modules_loaded("--help")
    assert {name for name in loaded if name.startswith("builder")} == {
        "builder",
        "builder.cli",
        "builder.cli.app",
    }
    heavy = {"jinja2", "markdown_it", "yaml", "babel", "msgspec", "PIL", "asyncio"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_a_commands_module_loads_only_the_command_line() -> None:
    """What a command needs of the program is imported when it runs, not for its help."""
    for name in COMMANDS:
        program = {n for n in modules_loaded(name, "--help") if n.startswith("builder.")}
        rooms = {n.split(".")[1] for n in program}
        assert rooms == {"cli"}, f"{name}: {sorted(program)}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_line_in_the_list(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(200) == COMMANDS[name].summary


# --- exceptions --------------------------------------------------------------------------------


def all_below(kind: type[Exception]) -> set[type[Exception]]:
    return {kind, *(found for below in kind.__subclasses__() for found in all_below(below))}


def test_the_tree_of_exceptions_is_as_it_is_printed() -> None:
    """Every exception of the program has one root, and stands in the tree with its room."""
    for module in OURS.trees:
        import_module(f"builder.{module}")
    ours = {kind.__name__: kind for kind in all_below(SluglineError)}
    defined = {
        node.name: (module, ast.unparse(node.bases[0]))
        for module, tree in OURS.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.bases
        if re.search(r"(Exception|Error)$", ast.unparse(node.bases[0])) or node.name in ours
    }
    assert {name for name in defined if not name.startswith("_")} == set(ours)
    printed: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    [│├└─ ]*(\w+)", line):
            printed[match[1]] = line
    assert set(printed) == set(ours)
    for name, line in printed.items():
        if room := re.search(r"\((\w+)\)$", line):
            assert defined[name][0].split(".")[0] == room[1]
