"""The contract between pages and templates: a template uses nothing that its context lacks, and
nothing that differs from one run to the next."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import jinja2
import pytest
from jinja2 import nodes
from msgspec import Struct

from builder.appearance.card_lines import CardLine
from builder.content.schema import fields_of
from builder.diagnostics.diagnostic import ContentError
from builder.model.body import PAGE_ANCHORS
from builder.model.settings import Settings
from builder.model.values import Line, Url
from builder.pages.kinds import CONTEXTS, KINDS
from builder.pages.page import Page
from builder.render.environment import FILTERS
from builder.render.renderer import Renderer
from support.pages import read_page
from support.sites import brief, build_site, planned, problems, read, write_site
from support.tools import REPOSITORY

TEMPLATES = REPOSITORY / "templates"


@cache
def renderer() -> Renderer:
    return Renderer(
        REPOSITORY, Settings(title=Line("Test"), base_url=Url("https://test.example")), "/"
    )


# --- what a template may use -------------------------------------------------------------------


class Unknown(Exception):
    """A name or an attribute that is not there."""


class _Anything:
    """A value whose type is not followed any further."""


class _Loop:
    """Jinja's own `loop`."""


class Module(NamedTuple):
    """An imported template: its macros."""

    template: str
    macros: dict[str, nodes.Macro]


class Choice(NamedTuple):
    """One of several types, such as what a condition gives."""

    kinds: tuple[Any, ...]


LOOP = {"index", "index0", "first", "last", "length", "changed", "previtem", "nextitem", "cycle"}
# What filters give; those that are not here give text.
SAME = {"safe", "sort", "reverse", "list", "unique", "trim", "upper", "lower", "cdata", "replace"}
NUMBERS = {"card_width", "length", "count", "int", "round", "sum", "abs"}


def plain(kind: Any) -> Any:
    """A type without `None`."""
    if get_origin(kind) in (Union, types.UnionType):
        rest = [part for part in get_args(kind) if part is not type(None)]
        return rest[0] if len(rest) == 1 else Choice(tuple(rest))
    if get_origin(kind) is Literal:
        return str
    return getattr(kind, "__supertype__", kind)


def attribute(kind: Any, name: str) -> Any:
    """The type of an attribute. Raises Unknown when there is none."""
    kind = plain(kind)
    if isinstance(kind, Choice):
        found = [attribute(k, name) for k in kind.kinds]
        return found[0] if all(f == found[0] for f in found) else Choice(tuple(found))
    if kind is _Anything:
        return _Anything
    if kind is _Loop:
        if name in LOOP:
            return _Anything
    elif isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        if name in hints:
            return hints[name]
        if isinstance(getattr(kind, name, None), property):
            return get_type_hints(getattr(kind, name).fget)["return"]
    elif kind in (str, int, bool) and hasattr(kind, name):
        return _Anything  # a method of text, such as `startswith`
    raise Unknown(f"{getattr(kind, '__name__', kind)} has no `{name}`")


def element(kind: Any) -> Any:
    """What one gets when one goes through a value."""
    kind = plain(kind)
    if kind is _Anything:
        return _Anything
    if get_origin(kind) is tuple and len(get_args(kind)) == 2 and get_args(kind)[1] is ...:
        return get_args(kind)[0]
    if kind is str:
        return str
    raise Unknown(f"{kind} is no list")


class Reader:
    """Walks through a template with the types of what it sees."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self.environment = environment
        self.faults: list[str] = []
        self.blocks: dict[str, tuple[str, nodes.Block]] = {}
        self.file = ""
        self.depth = 0

    def parse(self, name: str) -> nodes.Template:
        assert self.environment.loader is not None
        source, _, _ = self.environment.loader.get_source(self.environment, name)
        return self.environment.parse(source, name)

    def template(self, name: str, scope: dict[str, Any]) -> None:
        """A page's template, and whatever it extends: blocks of the first win."""
        tree = self.parse(name)
        for block in tree.find_all(nodes.Block):
            self.blocks.setdefault(block.name, (name, block))
        parents = list(tree.find_all(nodes.Extends))
        self.file = name
        if parents:
            # Outside its blocks a template that extends another only sets and imports.
            for node in tree.body:
                if isinstance(node, (nodes.Assign, nodes.Import, nodes.FromImport)):
                    self.statement(node, scope)
            self.template(parents[0].template.value, scope)
            self.file = name
        else:
            self.body(tree.body, scope)

    def fault(self, node: nodes.Node, text: str) -> None:
        self.faults.append(f"{self.file}:{node.lineno}: {text}")

    def body(self, statements: list[nodes.Node], scope: dict[str, Any]) -> None:
        for node in statements:
            self.statement(node, scope)

    def statement(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    self.type_of(part, scope)
            case nodes.Block():
                file, block = self.blocks[node.name]
                before, self.file = self.file, file
                self.body(block.body, dict(scope))
                self.file = before
            case nodes.If():
                self.type_of(node.test, scope)
                self.body(node.body, scope)
                for other in node.elif_:
                    self.statement(other, scope)
                self.body(node.else_, scope)
            case nodes.For():
                try:
                    kind = element(self.type_of(node.iter, scope))
                except Unknown as error:
                    self.fault(node, str(error))
                    kind = _Anything
                inner = {**scope, "loop": _Loop}
                if isinstance(node.target, nodes.Tuple):
                    inner |= self.columns(node, scope)
                else:
                    assert isinstance(node.target, nodes.Name)
                    inner[node.target.name] = kind
                if node.test:
                    self.type_of(node.test, inner)
                self.body(node.body, inner)
                self.body(node.else_, dict(scope))
            case nodes.Assign():
                assert isinstance(node.target, nodes.Name)
                scope[node.target.name] = self.type_of(node.node, scope)
            case nodes.AssignBlock():
                self.body(node.body, dict(scope))
                scope[node.target.name] = str
            case nodes.CallBlock():
                self.type_of(node.call, scope)
                self.body(node.body, dict(scope))
            case nodes.With():
                values = [self.type_of(value, scope) for value in node.values]
                names = [target.name for target in node.targets]
                self.body(node.body, {**scope, **dict(zip(names, values, strict=True))})
            case nodes.Import():
                scope[node.target] = self.module(node.template.value)
            case nodes.FromImport():
                module = self.module(node.template.value)
                for name in node.names:
                    there, here = (name, name) if isinstance(name, str) else name
                    if there in module.macros:
                        scope[here] = (module, module.macros[there])
                    else:
                        self.fault(node, f"{module.template} has no macro `{there}`")
            case nodes.Include():
                before, self.file = self.file, node.template.value
                self.body(self.parse(node.template.value).body, dict(scope))
                self.file = before
            case nodes.Macro():
                module = Module(self.file, {node.name: node})
                scope[node.name] = (module, node)
            case nodes.Scope() | nodes.FilterBlock():
                self.body(node.body, dict(scope))
            case _:
                raise AssertionError(f"{self.file}:{node.lineno}: {node!r} is not followed yet")

    def columns(self, loop: nodes.For, scope: dict[str, Any]) -> dict[str, Any]:
        """The type of each name of a loop over rows that are written out."""
        assert isinstance(loop.iter, (nodes.Tuple, nodes.List)), "the rows are not written out"
        rows = [[self.type_of(value, scope) for value in row.items] for row in loop.iter.items]
        names = [name.name for name in loop.target.items]
        return {
            name: kinds[0] if all(kind == kinds[0] for kind in kinds) else Choice(tuple(kinds))
            for name, *kinds in zip(names, *rows, strict=True)
        }

    def module(self, name: str) -> Module:
        tree = self.parse(name)
        return Module(name, {macro.name: macro for macro in tree.find_all(nodes.Macro)})

    def type_of(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        """The type of an expression; faults on the way are noted."""
        try:
            return self._type_of(node, scope)
        except Unknown as error:
            self.fault(node, str(error))
            return _Anything

    def _type_of(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        match node:
            case nodes.TemplateData():
                return str
            case nodes.Const(value=value):  # `none` is a default, for what some callers give
                return _Anything if value is None else type(value)
            case nodes.Name(name=name):
                if name not in scope:
                    raise Unknown(f"`{name}` is not in the context")
                return scope[name]
            case nodes.Getattr(node=of, attr=name):
                kind = self.type_of(of, scope)
                if isinstance(kind, Module):
                    if name not in kind.macros:
                        raise Unknown(f"{kind.template} has no macro `{name}`")
                    return kind, kind.macros[name]
                return attribute(kind, name)
            case nodes.Getitem(node=of, arg=arg):
                kind = plain(self.type_of(of, scope))
                if isinstance(arg, nodes.Slice):
                    return kind
                if isinstance(arg, nodes.Const) and isinstance(arg.value, str):
                    return attribute(kind, arg.value)
                return element(kind)
            case nodes.Filter(node=of, name=name, args=args, kwargs=kwargs):
                return self.filtered(of, name, args, kwargs, scope)
            case nodes.Test(node=of, args=args):
                self.type_of(of, scope)
                for arg in args:
                    self.type_of(arg, scope)
                return bool
            case nodes.CondExpr(test=test, expr1=one, expr2=other):
                self.type_of(test, scope)
                kinds = [self.type_of(part, scope) for part in (one, other) if part]
                return kinds[0] if all(k == kinds[0] for k in kinds) else Choice(tuple(kinds))
            case nodes.Or() | nodes.And():
                self.type_of(node.left, scope)
                self.type_of(node.right, scope)
                return _Anything
            case nodes.Call(node=nodes.EnvironmentAttribute()):  # a message
                for arg in node.args:
                    self.type_of(arg, scope)
                return str
            case nodes.Dict():
                for pair in node.items:
                    self.type_of(pair.value, scope)
                return _Anything
            case nodes.MarkSafe():
                return self.type_of(node.expr, scope)
            case nodes.Call():
                return self.call(node, scope)
            case nodes.Concat() | nodes.List() | nodes.Tuple():
                for part in node.nodes if isinstance(node, nodes.Concat) else node.items:
                    self.type_of(part, scope)
                return str if isinstance(node, nodes.Concat) else _Anything
            case nodes.Compare():
                self.type_of(node.expr, scope)
                for operand in node.ops:
                    self.type_of(operand.expr, scope)
                return bool
            case nodes.Not():
                self.type_of(node.node, scope)
                return bool
            case nodes.BinExpr():
                self.type_of(node.left, scope)
                return self.type_of(node.right, scope)
            case nodes.UnaryExpr():
                return self.type_of(node.node, scope)
        raise AssertionError(f"{self.file}:{node.lineno}: {node!r} is not followed yet")

    def filtered(
        self,
        of: nodes.Node | None,
        name: str,
        args: list[nodes.Node],
        kwargs: list[nodes.Keyword],
        scope: dict[str, Any],
    ) -> Any:
        kind = self.type_of(of, scope) if of is not None else str
        for arg in (*args, *(k.value for k in kwargs)):
            self.type_of(arg, scope)
        if name not in self.environment.filters:
            raise Unknown(f"there is no filter `{name}`")
        by_attribute = {k.key: k.value for k in kwargs}.get("attribute")
        if name in ("map", "selectattr", "rejectattr", "sort", "groupby") and (
            by_attribute or name in ("selectattr", "rejectattr")
        ):
            wanted = by_attribute or args[0]
            assert isinstance(wanted, nodes.Const)
            found = attribute(element(kind), wanted.value)
            return tuple[found, ...] if name == "map" else kind
        if name in ("first", "last"):
            return element(kind)
        if name == "iso" and plain(kind) is not _Anything:
            attribute(kind, "iso")
        if name == "card_lines":
            return tuple[CardLine, ...]
        if name in SAME:
            return kind
        return int if name in NUMBERS else str

    def call(self, node: nodes.Call, scope: dict[str, Any]) -> Any:
        called = self.type_of(node.node, scope)
        given = [self.type_of(arg, scope) for arg in node.args]
        named = {k.key: self.type_of(k.value, scope) for k in node.kwargs}
        if called is _Anything:
            return _Anything
        if not (isinstance(called, tuple) and isinstance(called[0], Module)):
            raise Unknown("what is called is no macro")
        module, macro = called
        names = [arg.name for arg in macro.args]
        if len(given) > len(names) or set(named) - set(names[len(given) :]):
            raise Unknown(f"the macro `{macro.name}` takes {', '.join(names)}")
        # A macro of another file sees its arguments, its neighbours and what its file imports.
        inner: dict[str, Any] = {n: (module, m) for n, m in module.macros.items()}
        for found in self.parse(module.template).body:
            if isinstance(found, nodes.Import):
                inner[found.target] = self.module(found.template.value)
        if module.template == self.file:
            inner = {**scope, **inner}
        defaults = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
        bound = {**dict(zip(names, given, strict=False)), **named}
        for name in names:
            if name in bound:
                inner[name] = bound[name]
            elif name in defaults:
                inner[name] = self.type_of(defaults[name], inner)
            else:
                raise Unknown(f"the macro `{macro.name}` is not given `{name}`")
        self.depth += 1
        assert self.depth < 20, "macros call each other in a circle"
        before, self.file = self.file, module.template
        self.body(macro.body, inner)
        self.file = before
        self.depth -= 1
        return str


def faults(environment: jinja2.Environment, name: str, context: type[Struct]) -> list[str]:
    reader = Reader(environment)
    reader.template(name, dict(get_type_hints(context)))
    return sorted(set(reader.faults))


@pytest.mark.parametrize("name", CONTEXTS)
def test_template_uses_only_its_context(name: str) -> None:
    """Every name, and every attribute of every value inside it, also in loops and macros."""
    assert not faults(renderer().sources.environment, name, CONTEXTS[name])


PARTS = """
{% import 'more' as more %}{% macro through(card) %}{{ more.title(card) }}{% endmacro %}
{% macro shown(card, lang) %}{{ card.title }} {{ card.date|in_short(lang) }}{% endmacro %}
{% macro wrong(card) %}{{ card.titel }}{% endmacro %}
{% macro deep(card) %}{{ wrong(card) }}{% endmacro %}
{% macro outside(card) %}{{ site.title }}{% endmacro %}
"""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{{ site.title }}{% for card in cards %}{{ card.title }}{% endfor %}", ""),
        ("{% import 'parts' as p %}{% for c in cards %}{{ p.shown(c, 'en') }}{% endfor %}", ""),
        ("{{ sitee }}", "`sitee` is not in the context"),
        ("{{ site.menus }}", "SiteInfo has no `menus`"),
        ("{{ head.feeds[0].uri }}", "Link has no `uri`"),
        ("{% for item in site.menu %}{{ item.title }}{% endfor %}", "Link has no `title`"),
        ("{% for x in site %}{% endfor %}", "is no list"),
        ("{% for x in cards[1:] %}{{ x.nope }}{% endfor %}", "Card has no `nope`"),
        ("{% for x in cards %}{{ loop.indx }}{% endfor %}", "_Loop has no `indx`"),
        ("{% for x in cards %}{% endfor %}{{ x }}", "`x` is not in the context"),
        ("{% set at = cards[0].date %}{{ at.nope }}", "Moment has no `nope`"),
        ("{% set t %}{{ site.nope }}{% endset %}{{ t }}", "SiteInfo has no `nope`"),
        ("{% if site.nope %}{% endif %}", "SiteInfo has no `nope`"),
        ("{{ 1 if site.nope else 2 }}", "SiteInfo has no `nope`"),
        ("{{ (cards[0].section or 1) and site.nope }}", "SiteInfo has no `nope`"),
        ("{{ site.menu|map(attribute='nope')|join }}", "Link has no `nope`"),
        ("{{ cards[0].section.nope }}", "Link has no `nope`"),
        ("{{ site|iso }}", "SiteInfo has no `iso`"),
        ("{{ cards|nonsense }}", "there is no filter `nonsense`"),
        ("{% import 'parts' as p %}{{ p.nope(1) }}", "parts has no macro `nope`"),
        ("{% import 'parts' as p %}{{ p.shown(cards[0]) }}", "is not given `lang`"),
        ("{% import 'parts' as p %}{{ p.shown(cards[0], 'en', 1) }}", "takes card, lang"),
        ("{% import 'parts' as p %}{{ p.wrong(cards[0]) }}", "Card has no `titel`"),
        ("{% import 'parts' as p %}{{ p.deep(cards[0]) }}", "Card has no `titel`"),
        ("{% import 'parts' as p %}{{ p.outside(cards[0]) }}", "`site` is not in the context"),
        ("{% import 'parts' as p %}{{ p.through(cards[0]) }}", "Card has no `titles`"),
        ("{% from 'parts' import wrong %}{{ wrong(cards[0]) }}", "Card has no `titel`"),
        ("{% macro m(a) %}{{ a.nope }}{% endmacro %}{{ m(head) }}", "Head has no `nope`"),
        ("{% extends 'frame' %}{% block a %}{{ site.nope }}{% endblock %}", "has no `nope`"),
        ("{% extends 'bad-frame' %}", "SiteInfo has no `bad`"),
        ("{% include 'bad-frame' %}", "SiteInfo has no `bad`"),
    ],
)
def test_faults_are_found(source: str, found: str) -> None:
    """A reader that follows nothing finds nothing, so it is shown a fault of each kind."""
    environment = jinja2.Environment()
    environment.filters.update(FILTERS)
    environment.loader = jinja2.DictLoader(
        {
            "page": source,
            "parts": PARTS,
            "more": "{% macro title(card) %}{{ card.titles }}{% endmacro %}",
            "frame": "{% block a %}{% endblock %}",
            "bad-frame": "{{ site.bad }}",
        }
    )
    reported = faults(environment, "page", CONTEXTS["list.html"])
    assert (found in "\n".join(reported)) if found else not reported


# --- which templates there are -----------------------------------------------------------------


def template_files() -> set[str]:
    return {
        file.relative_to(TEMPLATES).as_posix()
        for file in TEMPLATES.rglob("*")
        if file.is_file() and "assets" not in file.relative_to(TEMPLATES).parts
    }


def test_every_template_is_there() -> None:
    assert not set(CONTEXTS) - template_files()
    assert not renderer().check()


def test_every_template_is_used() -> None:
    used: set[str] = set()
    for name in CONTEXTS:
        used |= {*renderer().sources.closure(name)[1]}
    assert template_files() == used


def test_every_kind_of_page_is_planned(real_pages: tuple[Renderer, list[Page]]) -> None:
    """CONTEXTS says what each template gets, and the planned pages give just that."""
    for page in real_pages[1]:
        assert type(page.context) is CONTEXTS[page.template], page.url
    planned = {page.template for page in real_pages[1]}
    # No brief of the real site has a history (tests/site/test_history.py has some).
    # The real site has no withdrawn brief, one desk as its author, and no file of the record. It is
    # not large enough for an index of sitemaps, for a second page of a publisher's reports or of
    # corrections, or for an A–Z of names on several pages.
    rare = {
        "withdrawn.html", "author.html", "authors.html", "record.html", "sitemap-index.xml",
        "history.html", "reports.html", "older-corrections.html", "search-letter.html",
        "watchlist.html", "watchlists.html", "news-sitemap.xml",  # by settings that it lacks
    }  # fmt: skip
    # No build plans messages, books (tests/mail renders them) and dossiers (tests/cli).
    elsewhere = {n for n in CONTEXTS if n.startswith(("mail/", "epub/")) or n == "dossier.html"}
    assert set(CONTEXTS) - planned <= rare | elsewhere
    assert len(KINDS) == len({kind.tasks for kind in KINDS})


# --- contexts ----------------------------------------------------------------------------------


def structs(kind: Any) -> Iterator[type[Struct]]:
    """Every Struct that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from structs(hint)
    for inner in get_args(kind):
        yield from structs(inner)


EVERY = sorted({s for c in CONTEXTS.values() for s in structs(c)}, key=lambda s: s.__qualname__)


@pytest.mark.parametrize("context", EVERY, ids=lambda c: c.__name__)
def test_context_is_frozen_and_explained(context: type[Struct]) -> None:
    """Law 3: a context does not change; docs/templates.md says what each field is."""
    assert context.__struct_config__.frozen
    assert (context.__doc__ or "").strip(), "it has no docstring"
    helps = {field.name: field.help for field in fields_of(context)}
    assert set(helps) == set(context.__struct_fields__), "a field has no help text"
    assert all(text.endswith(".") for text in helps.values())


@pytest.mark.parametrize("context", EVERY, ids=lambda c: c.__name__)
def test_context_holds_only_values(context: type[Struct]) -> None:
    """Tuples, text, numbers and other contexts: nothing that could change or be asked."""

    def allowed(kind: Any) -> bool:
        if get_origin(kind) is tuple:
            return all(part is ... or allowed(part) for part in get_args(kind))
        if get_origin(kind) in (Union, types.UnionType):
            return all(allowed(part) for part in get_args(kind))
        if get_origin(kind) is Literal:
            return True
        simple = kind in (str, int, bool, float, datetime, type(None))
        return simple or (isinstance(kind, type) and issubclass(kind, Struct))

    wrong = {name: k for name, k in get_type_hints(context).items() if not allowed(k)}
    assert not wrong


# --- what a template cannot reach --------------------------------------------------------------


def test_undefined_names_are_errors() -> None:
    environment = renderer().sources.environment
    assert environment.undefined is jinja2.StrictUndefined
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ nothing }}").render()


def test_nothing_that_varies_is_within_reach() -> None:
    """No clock, no chance, no environment: neither as a global nor as a filter."""
    environment = renderer().sources.environment
    assert not environment.globals
    assert "random" not in environment.filters
    assert environment.autoescape is True


def test_text_is_escaped() -> None:
    made = renderer().sources.environment.from_string("{{ x }}").render(x="<b>\"'&")
    assert made == "&lt;b&gt;&#34;&#39;&amp;"


@pytest.mark.parametrize(
    ("template", "code", "line"),
    [
        ("A\n{{ nothing }}", "template-name", 2),
        ("A\n{% if %}", "template-syntax", 2),
        ("A\n{% include sitemap %}", "template-dynamic", 2),
        ("A\n{% include 'nothing.html' %}", "template-missing", 2),
        ("A\n{{ sitemap.nothing }}", "template-error", 2),
        ("A\n{{ sitemap|random }}", "template-syntax", 2),
        ("A\n{{ range(3) }}", "template-name", 2),
    ],
)
def test_template_mistake_is_reported_with_its_line(
    template: str, code: str, line: int, tmp_path: Path
) -> None:
    write_site(tmp_path, f"=== templates/robots.txt\n{template}\n")
    found = [d for d in problems(tmp_path) if d.severity == "error"]
    assert [(d.path, d.code, d.line) for d in found] == [("templates/robots.txt", code, line)]
    with pytest.raises(ContentError):
        build_site(tmp_path)
    assert not (tmp_path / "output").exists()


# --- anchors -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_pages() -> tuple[Renderer, list[Page]]:
    """Every page of the repository's own site, planned."""
    return planned(REPOSITORY, datetime.now(UTC))


def test_anchors_are_on_their_pages(real_pages: tuple[Renderer, list[Page]]) -> None:
    """A link to an anchor is checked against `Page.anchors`: they must be in the HTML."""
    made, pages = real_pages
    missing, seen = [], 0
    for page in pages:
        if page.anchors:
            ids = read_page(made.render(page).decode()).ids
            missing += [f"{page.url}#{anchor}" for anchor in page.anchors if anchor not in ids]
            seen += len(page.anchors)
    assert seen > 200
    assert not missing


def test_ids_are_unique(real_pages: tuple[Renderer, list[Page]]) -> None:
    made, pages = real_pages
    for page in pages:
        if page.path.endswith(".html"):
            found = re.findall(r'\sid="([^"]*)"', made.render(page).decode())
            assert len(found) == len(set(found)), page.url


def test_page_anchors_are_all_that_a_template_gives(tmp_path: Path) -> None:
    """Headings keep clear of PAGE_ANCHORS. So every id that a template gives to a part of a page
    with a Markdown body has to be one of them, or a heading of the same name doubles it."""
    ids: set[str] = set()
    for name in (
        "brief.html",
        "company.html",
        "topic.html",
        "thread.html",
        "person.html",
        "page.html",
    ):
        for file in renderer().sources.closure(name)[1]:
            source = (TEMPLATES / file).read_text("utf-8")
            ids |= set(re.findall(r'\sid="([^"{}]+)"', source))
    assert "content" in ids
    assert not ids - set(PAGE_ANCHORS), "a heading of this name doubles the id of the template"


def test_reserved_headings_do_not_double_an_id(tmp_path: Path) -> None:
    """The same from outside: headings named like a part of the page."""
    names = ("Sources", "Why", "Companies", "Why heading", "Beside", "fn1", "Content", "Coverage")
    body = "\n\n".join([*(f"## {name}" for name in names), "A note[^1].", "[^1]: It."])
    text = brief("a", body=body, why="Because.", companies="[Scale AI, Google]")
    company = "=== content/companies/google.md\n---\nid: goog2222\nname: Google\n---\n" + body
    write_site(tmp_path, text + company)
    build_site(tmp_path)
    for path in ("briefs/a/index.html", "companies/google/index.html"):
        found = re.findall(r'\sid="([^"]*)"', read(tmp_path, path))
        double = {name for name in found if found.count(name) > 1}
        assert not double, path


def test_the_site_may_replace_one_template(tmp_path: Path) -> None:
    """A site needs only those templates that it changes."""
    write_site(tmp_path, "=== templates/robots.txt\nMine. {{ sitemap }}\n")
    build_site(tmp_path)
    assert read(tmp_path, "robots.txt") == "Mine. https://test.example/sitemap.xml\n"
    assert "<title>Test</title>" in read(tmp_path, "index.html")
