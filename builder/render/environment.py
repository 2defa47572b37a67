"""The Jinja environment of templates: strict, escaping, with pure filters only."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from functools import cache
from io import StringIO
from typing import Any, cast

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, LoopContext

from builder.appearance.card_fonts import composed
from builder.appearance.card_lines import CardLine, fit_lines, width_of
from builder.content.urls import host_of
from builder.language import dates
from builder.language.capitals import with_capital
from builder.language.direction import (
    direction,
    isolated,
    language_attributes,
    opened,
    signs_kept,
    text_direction,
)
from builder.language.lists import comma, list_names
from builder.language.terms import term_key
from builder.language.words import ENGLISH, Words, without_marks
from builder.model.time import Moment
from builder.render.addresses import with_prefix
from builder.render.compile import (
    QuickGenerator,
    as_markup,
    called_names,
    escape_text,
    escaped,
    is_internal,
    printed_call,
)
from builder.render.marks import with_elements
from builder.render.once import RenderedParts, once
from builder.render.sayings import Sayings
from builder.render.word_tags import WordTags, replace_functions


class Environment(Sayings, jinja2.Environment):
    """Templates reach the values of their context, and no further into Python."""

    code_generator_class: type[CodeGenerator] = QuickGenerator
    escaped = staticmethod(escaped)
    escape_text = staticmethod(escape_text)
    html = markupsafe.Markup
    called = staticmethod(called_names)
    printed_call = staticmethod(printed_call)
    rendered: RenderedParts
    generated: dict[tuple[str, str], str]  # by name and source: code that is not compiled yet
    modules: dict[str, Any]  # the macros of imported templates
    loaded: dict[str, jinja2.Template]

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> jinja2.Template:
        """Return a template, looked up once: no name is relative to another."""
        found = self.loaded.get(name) if globals is None else None
        if found is None:
            found = self.loaded[name] = super().get_template(name, parent, globals)
        return found

    def imported(self, name: str, parent: str) -> Any:
        """Return the macros of an imported template, which is looked up once."""
        found = self.modules.get(name)
        if found is None:
            found = self.modules[name] = self.get_template(name, parent).module
        return found

    def generate(self, tree: nodes.Template, source: str, name: str, filename: str) -> set[str]:
        """Generate a template's code; return the names that its context must have."""
        generator = QuickGenerator(self, name, filename, code := StringIO())
        generator.visit(tree)
        self.generated[name, source] = code.getvalue()
        return generator.free - self.globals.keys()

    def compile(  # type: ignore[override]
        self, source: Any, name: Any = None, filename: Any = None, **more: Any
    ) -> Any:
        """Return a template's code, which its outline may have generated."""
        code = self.generated.pop((name, source), None)
        if code is None or self.code_generator_class is not QuickGenerator:
            return super().compile(source, name, filename, **more)
        return compile(code, filename, "exec")

    def _parse(self, source: str, name: Any, filename: Any) -> nodes.Template:
        return replace_functions(super()._parse(source, name, filename), source)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if is_internal(attribute):
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        # Jinja looks for an attribute where there is no such item.
        if isinstance(argument, str) and is_internal(str(argument)):
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)


def make_environment(loader: jinja2.BaseLoader) -> Environment:
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        extensions=[WordTags],
    )
    environment.rendered, environment.generated = RenderedParts(), {}
    environment.words_in = cache(Words)
    environment.words = environment.words_in(ENGLISH)
    environment.modules, environment.loaded = {}, {}
    # Templates cannot reach anything that differs between runs.
    environment.globals.clear()
    # They cannot reach attributes by a name that is a value either.
    for name in ("random", "attr"):
        del environment.filters[name]
    environment.filters.update(FILTERS)
    return environment


@jinja2.pass_environment
def _in_words(environment: Environment, moment: Moment, language: str = "") -> str:
    """Return a date in the language of the words around it."""
    return dates.in_words(moment, language or environment.words.language)


@jinja2.pass_environment
def _in_short(environment: Environment, moment: Moment, language: str = "") -> str:
    return dates.in_short(moment, language or environment.words.language)


@jinja2.pass_environment
def _with_time(environment: Environment, moment: Moment, language: str = "") -> str:
    return dates.with_time(moment, language or environment.words.language)


@jinja2.pass_environment
def _comma(environment: Environment, more: Any, part: str = "") -> str:
    """Return the comma that more follows: in a loop, after all items but the last.

    `part` is `mark` for the comma alone, or `space` for what follows it."""
    if more.last if type(more) is LoopContext else not more:
        return ""
    return _part_of_comma(environment.words.language, part)


@cache
def _part_of_comma(language: str, part: str) -> str:
    whole = comma(language)
    mark = whole.rstrip()
    return {"mark": mark, "space": whole[len(mark) :]}.get(part, whole)


@jinja2.pass_environment
def _joined(environment: Environment, texts: Iterable[str]) -> markupsafe.Markup:
    """Return texts with commas between them."""
    return as_markup(comma(environment.words.language).join(map(escaped, texts)))


@jinja2.pass_environment
def _listed(environment: Environment, texts: Iterable[str]) -> str:
    """Return texts as a sentence lists them: Ann and Bo."""
    return list_names([*texts], environment.words.language)


@jinja2.pass_environment
def _term(environment: Environment, value: str, kind: str) -> str:
    """Return the term for a fixed value of a kind, such as a role."""
    return environment.words.key(term_key(kind, value)) if value else ""


@jinja2.pass_environment
def _capital(environment: Environment, text: str) -> str:
    """Return a text of the content with a capital at its beginning."""
    found = with_capital(str(text), environment.words.language)
    return as_markup(found) if type(text) is markupsafe.Markup else found


@jinja2.pass_environment
def _absolute(
    environment: Environment, text: str, base_url: str, root_url: str = ""
) -> markupsafe.Markup:
    """Return HTML in which the site's addresses are absolute.

    `root_url` is the address of the whole site, if `base_url` is that of an edition."""
    whole = with_elements(str(text), environment.words.language)
    return markupsafe.Markup(with_prefix(whole, f"{base_url}/", f"{root_url or base_url}/"))


def _iso(moment: Moment) -> str:
    return moment.iso


def _host(url: str) -> str:
    """Return the host of an address without www."""
    return host_of(url) or url


@jinja2.pass_environment
def _lang_dir(environment: Environment, of: str, around: str = "") -> markupsafe.Markup:
    """Return the attributes `lang` and `dir` of a text, where they differ from the page's.

    `around` is the language of what surrounds the text; by default that of the words."""
    if of == around:
        return _NOTHING
    found = language_attributes(of, around or environment.words.language)
    return as_markup(found) if found else _NOTHING


_NOTHING = markupsafe.Markup()


@jinja2.pass_environment
def _bdi(environment: Environment, text: str) -> str:
    """Return a name or a value, as one piece if it may run against the words around it."""
    language = environment.words.language
    if not isolated(str(text), language):
        return text
    is_turned = type(text) is str and text_direction(text) == "rtl"
    return markupsafe.Markup("<bdi>{}</bdi>").format(signs_kept(text) if is_turned else text)


@jinja2.pass_context  # or a constant arrow would be turned once for all languages
def _onward(context: Context, arrow: str) -> str:
    """Return an arrow in the direction of the words around it."""
    turned = {"→": "←", "←": "→"}
    language = cast("Environment", context.environment).words.language
    return turned[arrow] if direction(language) == "rtl" else arrow


def _as_text(text: str, language: str) -> str:
    """Return plain text that a reader shows without knowing its direction (RSS, e-mail).

    It begins with a mark if its first letter would tell the other direction."""
    return opened(text, language)


def _plural(number: int, one: str, many: str) -> str:
    """Return a number and its noun: 1 brief, 3 briefs."""
    return f"{number} {one if number == 1 else many}"


def _cdata(text: str) -> str:
    """Return text that is safe in a CDATA section (XML 1.0, 2.7)."""
    return str(text).replace("]]>", "]]]]><![CDATA[>")


def _as_html(text: str) -> str:
    """Return plain text as HTML, where a document expects HTML in its text."""
    return html.escape(str(text), quote=False)


_PLAIN = str.maketrans({"&": "&#x26;", "<": "&#x3C;", ">": "&#x3E;"})


def _plain(text: str) -> markupsafe.Markup:
    """Return plain text for an element of an RSS feed (RSS profile, character data).

    Hexadecimal references are what most feed readers show as written."""
    plain = str(text)
    if "&" in plain or "<" in plain or ">" in plain:
        plain = plain.translate(_PLAIN)
    return as_markup(plain)


def _json(value: Any) -> markupsafe.Markup:
    """Return a value as JSON."""
    return markupsafe.Markup(json.dumps(value, ensure_ascii=False))


def _card_lines(
    text: str, font: str, width: float, height: float, sizes: list[int], leading: float = 1.14
) -> list[CardLine]:
    """Return the lines of a text in a font of cards, each with its size and place.

    They fit a width and a height; the first of the sizes that fits is used."""
    return fit_lines(
        composed(without_marks(str(text))), font, int(width), int(height), sizes, leading
    )


def _card_width(text: str, font: str, size: int) -> int:
    """Return the width of a text in a font of cards, in pixels."""
    return width_of(composed(without_marks(str(text))), font, size)


FILTERS: Mapping[str, Any] = {
    "in_words": _in_words,
    "in_short": _in_short,
    "with_time": _with_time,
    "comma": _comma,
    "direction": direction,
    "lang_dir": _lang_dir,
    "bdi": _bdi,
    "onward": _onward,
    "as_text": _as_text,
    "joined": _joined,
    "listed": _listed,
    "capital": _capital,
    "term": _term,
    "rfc822": dates.as_rfc822,
    "w3c": dates.as_w3c,
    "iso": _iso,
    "host": _host,
    "plural": _plural,
    "rfc3339": dates.as_rfc3339,
    "cdata": _cdata,
    "as_html": _as_html,
    "plain": _plain,
    "json": _json,
    "absolute": _absolute,
    "once": once,
    "card_lines": _card_lines,
    "card_width": _card_width,
}
