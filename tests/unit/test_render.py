"""Quick code and what is kept between builds: the same bytes and the same mistakes as without."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta
from jinja2.compiler import CodeGenerator

from builder.language.dates import as_rfc822, with_time
from builder.model.settings import Settings
from builder.model.time import Moment
from builder.model.values import Line, Url
from builder.pages.kinds import CONTEXTS
from builder.pages.page import Link, Page
from builder.pages.redirect import RedirectPage
from builder.pages.sitemap import Robots
from builder.render import compile, renderer
from builder.render.addresses import place_addresses
from builder.render.compile import QuickGenerator, SealedStore
from builder.render.environment import Environment, make_environment
from builder.render.outline import outline_template
from builder.render.renderer import TEMPLATES, Renderer
from support.sites import build_site, planned, write_site
from support.tools import REPOSITORY

BASE = "https://test.example/news"
SETTINGS = Settings(title=Line("Test"), base_url=Url(BASE))
SITE = "=== templates/robots.txt\n"


def made(folder: Path, template: str = "", store: dict[str, bytes] | None = None) -> Renderer:
    """The templates of a site whose robots.txt is `template`."""
    write_site(folder, f"{SITE}{template}" if template else "")
    return Renderer(folder, SETTINGS, "/news/", None if store is None else Stored(store))


def robots(renderer: Renderer, text: str = "https://x.example/") -> object:
    return renderer.render(Page("/robots.txt", "robots.txt", Robots(text, (), "")))


class Stored:
    """A store that tells what was asked for and put."""

    def __init__(self, values: dict[str, bytes]) -> None:
        self.values = values
        self.put_keys: list[str] = []

    def get(self, key: str, /) -> bytes | None:
        return self.values.get(key)

    def put(self, key: str, value: bytes, /) -> None:
        self.put_keys.append(key)
        self.values[key] = value


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find no code beside the modules of the program, which other builds have kept."""
    monkeypatch.setattr(compile, "installed", dict)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that are parsed, as they are; without the memory of quick.py."""
    names: list[str] = []

    class Telling(Environment):
        def _parse(self, source, name, filename):  # type: ignore[no-untyped-def]
            names.append(name)
            return super()._parse(source, name, filename)

    remembering = renderer.make_environment

    def environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
        found = remembering(loader)
        found.__class__ = Telling
        return found

    monkeypatch.setattr(renderer, "make_environment", environment)
    return names


# --- quick code --------------------------------------------------------------------------------


def test_quick_code_prints_what_jinja_prints() -> None:
    """Every page of the repository's own site, by our code and by Jinja's."""
    renderer, pages = planned(REPOSITORY)
    plain = make_environment(renderer.sources.loader)
    plain.code_generator_class = CodeGenerator
    for page in pages:
        values = {name: getattr(page.context, name) for name in page.context.__struct_fields__}
        wanted = plain.get_template(page.template).render(values)
        found = renderer.sources.environment.get_template(page.template).render(values)
        assert found == wanted, page.url
    assert not renderer._slow


@pytest.mark.parametrize(
    "template",
    [
        "{{ sitemap }} {{ sitemap|safe }} {{ 1 }} {{ 1.5 }} {{ true }} {{ none }}",
        "{{ sitemap.nothing is defined }} {{ {'a': sitemap}.a }}",
        "{{ (1).real }} {{ sitemap.upper() }} {{ 'x'.upper() }} {{ (sitemap ~ '<').upper() }}",
        "{% for c in sitemap %}{{ loop.index }}{% if loop.last %}.{% endif %}{% endfor %}",
        "{% macro m(a) %}<b>{{ a }}{{ caller() }}</b>{% endmacro %}{% call m('<') %}&{% endcall %}",
        "{% filter upper %}a{{ sitemap }}{% endfilter %}"
        "{% set x %}<{{ sitemap }}{% endset %}{{ x }}",
        "{% autoescape false %}{{ sitemap }}{% endautoescape %}{{ sitemap }}",
        "{% block a %}1{% block b %}{{ sitemap }}{% endblock %}{{ self.b() }}{% endblock %}",
        "{% for c in 'ab' %}{% block c scoped %}{{ c }}{% endblock %}{% endfor %}",
        "{% include 'sitemap-index.xml' ignore missing %}{{ sitemap }}"
        "{% if false %}{% include 'nothing' ignore missing %}{% endif %}",
        "{% if sitemap %}{% extends 'frame.html' %}{% endif %}a"
        "{% block a %}<{{ super() }}>{% endblock %}",
        "{% extends 'frame.html' %}{% block a %}{{ super() }}{{ sitemap }}{% endblock %}",
        "{% import 'parts.html' as parts with context %}{{ parts.of(sitemap) }}{{ parts.here }}",
        "{% from 'parts.html' import of %}{{ of('<') }}",
        "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}"
        "{{ m('<', 3, 4, c=sitemap) }}{{ m(b=1, a=2) }}{{ m(*[sitemap]) }}{{ m(**{'a': '&'}) }}",
        "{% macro m(a) %}<{{ a }}{% endmacro %}{% for c in 'aab' %}{{ loop.changed(c) }}"
        "{{ m(c) ~ '<' }}{% autoescape false %}{{ m(c) ~ '<' }}{% endautoescape %}{% endfor %}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
        "{{ sitemap() }}",
        "{% for c in [1, [2, [3]]] recursive %}{{ loop(c) if c is iterable else c }}{% endfor %}",
    ],
)
def test_quick_code_prints_all_that_a_template_can_say(template: str, tmp_path: Path) -> None:
    """Also what our own templates do not use."""
    more = {
        "frame.html": "[{% block a %}{{ sitemap }}{% endblock %}]",
        "parts.html": "{% macro of(x) %}<i>{{ x }}</i>{% endmacro %}{% set here = sitemap %}",
        "sitemap-index.xml": "{{ sitemap }}",
    }
    text = "".join(f"=== {TEMPLATES}/{name}\n{source}\n" for name, source in more.items())
    write_site(tmp_path, f"{text}{SITE}{template}\n")
    renderer = Renderer(tmp_path, SETTINGS, "/news/")
    plain = make_environment(renderer.sources.loader)
    plain.code_generator_class = CodeGenerator
    value = "https://x.example/?a=<1>&b='\""
    try:
        wanted: object = plain.get_template("robots.txt").render(sitemap=value).encode()
    except Exception as error:
        wanted = f"{error} (while rendering /robots.txt)"
    for _ in range(2):
        found = robots(renderer, value)
        assert (found if isinstance(found, bytes) else found.message) == wanted


def test_template_that_is_not_for_quick_code_is_rendered_by_jinja(tmp_path: Path) -> None:
    renderer = made(tmp_path, "{{ {'a': sitemap}.a }}\n")
    assert robots(renderer, "x") == b"x\n"
    assert renderer._slow == {"robots.txt"}
    assert robots(renderer, "y") == b"y\n"


def test_addresses_are_made_to_fit() -> None:
    text = (
        '<a href="/">1</a><img src="/a.png" alt="/"><a title="/x" data-href="/y" href="//z">'
        '<meta content="0; url=/t/"><p>="/ href=/ ="/'
    )

    def fitted(**more: object) -> str:
        page = Page("/a/b/", "x", RedirectPage("", "", ""), **more)
        return place_addresses(page, text, BASE, "/news/")

    prefixes = {"relative": "../../", "absolute": f"{BASE}/", "path": "/news/"}
    for kind, prefix in prefixes.items():
        wanted = text
        for attribute in ('href="', 'src="', 'content="0; url='):
            wanted = wanted.replace(f"{attribute}/", f"{attribute}{prefix}")
        assert fitted(addresses=kind) == wanted
    page = Page("/robots.txt", "x", RedirectPage("", "", ""))
    assert place_addresses(page, '<a href="/">', BASE, "/news/") == '<a href="./">'
    assert place_addresses(page, "", BASE, "/news/") == ""


# --- moments -----------------------------------------------------------------------------------


def test_equal_moments_of_two_zones_are_two_dates() -> None:
    here = Moment(datetime(2025, 6, 13, 14, 39, tzinfo=timezone(timedelta(hours=2))), "minute")
    there = Moment(datetime(2025, 6, 13, 12, 39, tzinfo=UTC), "minute")
    assert here == there
    assert with_time(here, "en-GB") == "13 June 2025, 14:39"
    assert with_time(there, "en-GB") == "13 June 2025, 12:39"
    assert as_rfc822(here) == "Fri, 13 Jun 2025 14:39:00 +0200"
    assert as_rfc822(there) == "Fri, 13 Jun 2025 12:39:00 +0000"


def test_babel_is_loaded_with_the_first_date() -> None:
    script = "import sys, builder.language.dates; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "builder.language.dates" in ran.stdout.split()
    assert not any(name.startswith("babel") for name in ran.stdout.split())


# --- what is kept ------------------------------------------------------------------------------


def test_templates_are_neither_parsed_nor_compiled_again(
    tmp_path: Path, compiled: list[str]
) -> None:
    kept: dict[str, bytes] = {}
    first = made(tmp_path, "{{ sitemap }}\n", kept)
    assert not first.check()
    closures = {name: first.closure(name) for name in CONTEXTS}
    first.prepare(CONTEXTS)
    assert set(compiled) >= set(CONTEXTS)
    compiled.clear()
    again = made(tmp_path, "{{ sitemap }}\n", kept)
    assert not again.check()
    assert {name: again.closure(name) for name in CONTEXTS} == closures
    again.prepare(CONTEXTS)
    assert robots(again, "<") == b"&lt;\n"
    assert not compiled


def test_without_a_store_all_is_as_it_was(tmp_path: Path, compiled: list[str]) -> None:
    for _ in range(2):
        compiled.clear()
        renderer = made(tmp_path, "{{ sitemap }}\n")
        assert not renderer.check()
        assert robots(renderer, "<") == b"&lt;\n"
        assert "robots.txt" in compiled and "base.html" in compiled


@pytest.mark.parametrize("changed", ["robots.txt", "base.html", "parts/cards.html"])
def test_changed_template_is_checked_and_compiled(
    changed: str, tmp_path: Path, compiled: list[str]
) -> None:
    """Also where a site puts its own in the place of one that comes with Slugline."""
    kept: dict[str, bytes] = {}
    first = made(tmp_path, store=kept)
    assert not first.check()
    first.prepare(CONTEXTS)
    users = [name for name in CONTEXTS if changed in first.sources.closure(name)[1]]
    assert users
    before = {name: first.closure(name) for name in users}
    source = (REPOSITORY / TEMPLATES / changed).read_text("utf-8")
    write_site(tmp_path, f"=== {TEMPLATES}/{changed}\n{source}\nMore.\n")
    compiled.clear()
    again = made(tmp_path, store=kept)
    assert not again.check()
    assert all(again.closure(name) != before[name] for name in users)
    again.prepare(CONTEXTS)
    assert changed in compiled
    write_site(tmp_path, f"=== {TEMPLATES}/{changed}\n{{% if %}}\n{source}\n")
    assert {p.code for p in made(tmp_path, store=kept).check()} == {"template-syntax"}
    (tmp_path / TEMPLATES / changed).unlink()
    last = made(tmp_path, store=kept)
    assert not last.check()
    assert {name: last.closure(name) for name in users} == before


def test_mistakes_are_found_anew_each_time(tmp_path: Path) -> None:
    kept: dict[str, bytes] = {}
    for _ in range(2):
        renderer = made(tmp_path, "A\n{{ nothing }}\n", kept)
        assert [(p.code, p.line) for p in renderer.check()] == [("template-name", 2)]
    for _ in range(2):  # and what only rendering shows, by stored code
        renderer = made(tmp_path, "A\n{{ sitemap.nothing }}\n", kept)
        assert not renderer.check()
        found = robots(renderer)
        assert (found.code, found.line) == ("template-error", 2)
        assert found.message == (
            "'str object' has no attribute 'nothing' (while rendering /robots.txt)"
        )


def test_other_context_field_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, bytes] = {}
    assert not made(tmp_path, "{{ sitemap }}\n", kept).check()
    compile.versions.cache_clear()
    monkeypatch.setitem(CONTEXTS, "robots.txt", Link)
    try:
        assert [p.code for p in made(tmp_path, "{{ sitemap }}\n", kept).check()] == [
            "template-name"
        ]
    finally:
        compile.versions.cache_clear()


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: b"",
        lambda value: value[:-1],
        lambda value: value[:16],
        lambda value: value[:-3] + bytes([value[-3] ^ 1]) + value[-2:],
        lambda value: bytes(16) + value[16:],
        lambda value: value + b"\0",
    ],
)
def test_damaged_values_are_as_good_as_none(damage: Callable[[bytes], bytes]) -> None:
    store = Stored({})
    kept = SealedStore(store)
    assert kept.get("a key") is None
    for data in (b"a value", b""):
        kept.put("a key", data)
        assert kept.get("a key") == data
    kept.put("a key", b"a value")
    sealed = store.values["a key"]
    store.values["a key"] = damage(sealed)
    assert kept.get("a key") is None
    store.values["another key"] = sealed
    assert kept.get("another key") is None


def test_damaged_code_is_never_run(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, bytes] = {}
    first = made(tmp_path, "{{ sitemap }}\n", kept)
    first.check()
    first.prepare(["robots.txt"])
    assert {key.split()[0] for key in kept} == {"faultless", "outlines", "template"}
    for key, value in kept.items():
        kept[key] = value[:-20] + bytes([value[-20] ^ 1]) + value[-19:]
    compiled.clear()

    def refuse(*_: object) -> None:
        raise AssertionError("a damaged value was read")

    with monkeypatch.context() as patched:
        patched.setattr(jinja2.bccache.Bucket, "bytecode_from_string", refuse)
        again = made(tmp_path, "{{ sitemap }}\n", kept)
        assert not again.check()
        assert robots(again, "<") == b"&lt;\n"
    assert "robots.txt" in compiled
    compiled.clear()
    last = made(tmp_path, "{{ sitemap }}\n", kept)  # what is damaged is replaced
    assert not last.check()
    assert robots(last, "<") == b"&lt;\n"
    assert not compiled


def test_only_a_changed_template_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, bytes] = {}
    made(tmp_path, "{{ sitemap }}\n", kept).check()
    parsed: list[str] = []
    monkeypatch.setattr(
        "builder.render.templates.outline_template",
        lambda *given: parsed.append("one") or outline_template(*given),
    )
    assert not made(tmp_path, "Also {{ sitemap }}\n", kept).check()
    assert parsed == ["one"]
    (mistake,) = made(tmp_path, "Also {{ sitmap }}\n", kept).check()
    assert mistake.code == "template-name" and parsed == ["one", "one"]
    assert made(tmp_path, "Also {{ sitmap }}\n", kept).check() == [mistake]
    assert parsed == ["one", "one"]


def test_keys_name_what_makes_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Jinja, or another Python: nothing of what is kept is used."""
    kept: dict[str, bytes] = {}
    made(tmp_path, "{{ sitemap }}\n", kept).check()
    before = set(kept)
    for what, name in ((jinja2, "__version__"), (sys.implementation, "cache_tag")):
        compile.versions.cache_clear()
        monkeypatch.setattr(what, name, "another")
        made(tmp_path, "{{ sitemap }}\n", kept).check()
    compile.versions.cache_clear()
    monkeypatch.undo()
    assert len(kept) == 3 * len(before)
    assert all(re.fullmatch(r"[a-z]+( [0-9a-f]+)+", key) for key in kept)


# --- templates and Python ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        'value["__cl" ~ "ass__"]',
        'value["__class__"|string]',
        '([value]|map(attribute="__class__")|first)',
        '([value]|sort(attribute="__class__")|first)',
        '([value]|groupby("__class__")|first)[0]',
        '([value]|selectattr("__class__")|first)',
        '([value]|sum(attribute="__class__", start=""))',
        '(value|list|map("upper"))["gi_" ~ "frame"]',
        'value["for" ~ "mat"]("x")',
        'cycler["__in" ~ "it__"]',
        'self["_TemplateReference__context"]',
    ],
)
@pytest.mark.parametrize("slow", [False, True])
def test_no_name_leads_from_a_value_into_python(expression: str, slow: bool) -> None:
    """Neither through Jinja's own code nor through ours, however the name is put together."""
    environment = make_environment(jinja2.DictLoader({"t": f"{{{{ {expression} }}}}"}))
    if slow:
        environment.code_generator_class = CodeGenerator
    try:
        text = environment.get_template("t").render(value="text")
    except (jinja2.UndefinedError, jinja2.TemplateSyntaxError, TypeError):
        return
    assert text == "text"


def test_contexts_hold_values_only() -> None:
    """What a template can call does nothing but compute: no context holds a path or a file."""
    plain = {
        str, bytes, int, float, bool, type(None), Decimal, Fraction, datetime, date
    }  # fmt: skip
    seen: set[object] = set()

    def walk(kind: object, where: str) -> None:
        origin = typing.get_origin(kind)
        if origin is typing.Literal or kind is Ellipsis or kind in seen or kind in plain:
            return
        seen.add(kind)
        if origin is not None:
            for part in typing.get_args(kind):
                if origin is not typing.Annotated or part is typing.get_args(kind)[0]:
                    walk(part, where)
        elif isinstance(kind, type) and issubclass(kind, (str, int)):
            return
        elif isinstance(kind, type) and typing.get_type_hints(kind):
            for name, part in typing.get_type_hints(kind).items():
                walk(part, f"{where}.{name}")
                assert not compile.is_internal(name) or name.startswith("__struct"), where
        else:
            assert isinstance(kind, typing.NewType), f"{where}: {kind}"

    for name, context in CONTEXTS.items():
        walk(context, name)


def test_a_first_build_generates_the_code_of_a_template_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of templates and their compilation use the same code."""
    generated: list[str | None] = []
    visit = QuickGenerator.visit_Template
    monkeypatch.setattr(
        QuickGenerator,
        "visit_Template",
        lambda self, *given: generated.append(self.name) or visit(self, *given),
    )
    monkeypatch.setattr(renderer, "make_environment", make_environment)  # that keeps none
    write_site(tmp_path, fresh=True)
    assert build_site(tmp_path).rendered
    assert sorted(generated) == sorted({*generated}) and "base.html" in generated


def test_the_names_that_a_template_wants_are_those_that_jinja_finds() -> None:
    sources = planned(REPOSITORY)[0].sources
    for name in sorted({file for kind in CONTEXTS for file in sources.closure(kind)[1]}):
        tree, text = sources.tree(name), sources.text(name)
        free = sources.environment.generate(tree, text, name, name)
        assert free == meta.find_undeclared_variables(tree), name


def test_a_site_of_a_test_begins_with_compiled_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without them, each of thousands of builds takes five times as long."""
    write_site(tmp_path)
    monkeypatch.setattr("builder.render.templates.outline_template", None)
    monkeypatch.setattr(Environment, "compile", None)
    assert build_site(tmp_path).rendered
