"""Templates and pages -> bytes. A template sees the fields of its page's context and pure filters.

Templates are looked for in the site's own folder first and then among those that come with
Slugline, so a site need only have those that it changes."""

from __future__ import annotations

import difflib
import hashlib
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jinja2
from jinja2 import meta, nodes
from msgspec import Struct
from msgspec.structs import fields as struct_fields

from builder import dates
from builder.diagnostics import Diagnostic, Place
from builder.model import Moment
from builder.pages import CONTEXTS
from builder.pages.page import Page

TEMPLATES = "templates"
ASSETS = "assets"
_ASSET_TYPES = (".css", ".svg", ".png", ".ico", ".woff2", ".js", ".jpg", ".webp", ".txt")


# Where a template writes an address of this site. Text cannot hold these: its quotation marks are
# escaped.
_LINKING = ('href="', 'src="', 'content="0; url=')


class Asset(NamedTuple):
    """A file of templates/assets/, with a digest of its content in its address."""

    url: str
    source: Path
    digest: str


class TemplateMissing(Exception):
    """Neither the site nor Slugline has a template of this name."""


class _Loader(jinja2.BaseLoader):
    """Reads templates from the first folder that has them, and remembers where that was."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders

    def find(self, name: str) -> Path | None:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return None
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        file = self.find(template)
        if file is None:
            raise jinja2.TemplateNotFound(template)
        # The name stands in tracebacks, from which a mistake's line is read.
        return file.read_text("utf-8"), f"{TEMPLATES}/{template}", lambda: True

    def list_templates(self) -> list[str]:
        return sorted(CONTEXTS)


class Renderer:
    """The templates of a site, ready to render pages."""

    def __init__(self, root: Path, base_url: str, base_path: str) -> None:
        self.root, self.base_url, self.base_path = root, base_url, base_path
        folders = tuple(f for f in (root / TEMPLATES, starter_folder() / TEMPLATES) if f.is_dir())
        self.loader = _Loader(folders)
        self.environment = _environment(self.loader)
        self._closures: dict[str, str] = {}
        self._trees: dict[str, nodes.Template] = {}

    # --- assets --------------------------------------------------------------------------------

    def assets(self) -> dict[str, Asset]:
        """By name: the files of templates/assets/ of the site and of Slugline."""
        found: dict[str, Asset] = {}
        for folder in reversed(self.loader.folders):
            base = folder / ASSETS
            for source in sorted(base.rglob("*")) if base.is_dir() else ():
                name = source.relative_to(base)
                hidden = any(part.startswith(".") for part in name.parts)
                inside = source.resolve().is_relative_to(base.resolve())
                if hidden or not inside or not source.is_file():
                    continue
                if source.suffix not in _ASSET_TYPES:
                    continue
                digest = hashlib.blake2b(source.read_bytes(), digest_size=5).hexdigest()
                marked = name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix()
                found[name.as_posix()] = Asset(f"/{ASSETS}/{marked}", source, digest)
        return found

    # --- templates -----------------------------------------------------------------------------

    def check(self) -> list[Diagnostic]:
        """Every mistake in the templates that can be seen without rendering: syntax, a template
        that is not there, an include that depends on a value, a name that the context lacks."""
        problems: list[Diagnostic] = []
        parsed: dict[str, nodes.Template | None] = {}
        free: dict[str, set[str]] = {}  # by template: the names that it takes from outside
        for name, context in CONTEXTS.items():
            found = [*self._parse(name, (), parsed)]
            whole = [file for file in self._chain(name, parsed) if parsed.get(file) is None]
            problems += found
            if not found and not whole:
                problems += self._unknown_names(name, context, parsed, free)
        return sorted(set(problems))

    def _parse(
        self, name: str, within: tuple[str, ...], parsed: dict[str, nodes.Template | None]
    ) -> Iterator[Diagnostic]:
        """Parse a template and those that it uses, into `parsed`: None for what is wrong."""
        if name in within:
            chain = " uses ".join([*within[within.index(name) :], name])
            line = self._line_of(within[-1], name)
            message = f"templates use each other in a circle: {chain}"
            yield self._problem(within[-1], line, "template-syntax", message, "break it")
            return
        if name in parsed:
            return
        parsed[name] = None
        try:
            tree = self._tree(name)
        except jinja2.TemplateNotFound:
            hint = f"correct the name, or put the file at {TEMPLATES}/{name}"
            message = f"there is no template `{name}`"
            where = within[-1] if within else name
            line = self._line_of(where, name)
            yield self._problem(where, line, "template-missing", message, hint)
            return
        except jinja2.TemplateSyntaxError as error:
            message = f"the template has a mistake: {error.message}"
            yield self._problem(name, error.lineno, "template-syntax", message, "")
            return
        except (OSError, UnicodeDecodeError) as error:
            yield self._problem(name, 1, "unreadable-file", f"cannot be read: {error}", "")
            return
        fine = True
        for wanted, line in _used(tree):
            if wanted is None:
                fine = False
                message = "the name of a template to include is a constant text"
                hint = "write it out: a page could not know what it depends on"
                yield self._problem(name, line, "template-dynamic", message, hint)
                continue
            for problem in self._parse(wanted, (*within, name), parsed):
                fine = False
                yield problem
        if fine:
            parsed[name] = tree

    def _tree(self, name: str) -> nodes.Template:
        if name not in self._trees:
            source, _, _ = self.loader.get_source(self.environment, name)
            self._trees[name] = self.environment.parse(source, name)
        return self._trees[name]

    def _line_of(self, file: str, text: str) -> int:
        """The first line of a template on which a text stands."""
        return next((n for n, line in enumerate(self._source(file), 1) if text in line), 1)

    def _unknown_names(
        self,
        name: str,
        context: type[Struct],
        parsed: dict[str, nodes.Template | None],
        free: dict[str, set[str]],
    ) -> Iterator[Diagnostic]:
        known = {field.name for field in struct_fields(context)}
        for file in self._chain(name, parsed):
            tree = parsed[file]
            assert tree is not None
            if file not in free:
                free[file] = set()
                try:
                    free[file] = meta.find_undeclared_variables(tree) - _own_names(tree)
                except jinja2.TemplateSyntaxError as error:  # such as an unknown filter
                    message = f"the template has a mistake: {error.message}".split("\n")[0]
                    hint = "docs/templates.md lists the filters"
                    yield self._problem(file, error.lineno, "template-syntax", message, hint)
            for wanted in sorted(free[file] - known):
                found = re.compile(rf"\b{wanted}\b")
                line = next((n for n, t in enumerate(self._source(file), 1) if found.search(t)), 1)
                near = difflib.get_close_matches(wanted, known, 1)
                hint = (
                    f"did you mean `{near[0]}`?" if near else f"it has: {', '.join(sorted(known))}"
                )
                message = f"`{wanted}` is not in the context of {name}"
                yield self._problem(file, line, "template-name", message, hint)

    def _chain(self, name: str, parsed: dict[str, nodes.Template | None]) -> Iterator[str]:
        """A template and those that it extends or includes: they see the same context."""
        yield name
        tree = parsed.get(name)
        if tree is None:
            return
        for kind in (nodes.Extends, nodes.Include):
            for node in tree.find_all(kind):
                yield from self._chain(_constant(node) or "", parsed)

    def closure(self, name: str) -> str:
        """A digest of a template and of all that it extends, includes or imports."""
        if name not in self._closures:
            digest = hashlib.blake2b(digest_size=8)
            for file in sorted(self._files(name, set())):
                source, _, _ = self.loader.get_source(self.environment, file)
                digest.update(f"{file}\0{source}\0".encode())
            self._closures[name] = digest.hexdigest()
        return self._closures[name]

    def _files(self, name: str, seen: set[str]) -> set[str]:
        if name not in seen:
            seen.add(name)
            for other, _ in _used(self._tree(name)):
                if other:
                    self._files(other, seen)
        return seen

    # --- pages ---------------------------------------------------------------------------------

    def render(self, page: Page) -> bytes | Diagnostic:
        """The bytes of a page, or its template's mistake, with the template's own line."""
        context = page.context
        values = {name: getattr(context, name) for name in context.__struct_fields__}
        try:
            text = self.environment.get_template(page.template).render(values)
        except Exception as error:
            return self._mistake(page, error)
        return self.address(page, text).encode("utf-8")

    def address(self, page: Page, text: str) -> str:
        """Make the site's own addresses fit: `href="/x/"` is written for a site at the root of a
        host."""
        if page.addresses == "absolute":
            prefix = f"{self.base_url}/"
        elif page.addresses == "path":
            prefix = self.base_path
        else:
            prefix = "../" * page.url.count("/", 1) or "./"
        for attribute in _LINKING:
            text = text.replace(f"{attribute}/", f"{attribute}{prefix}")
        return text

    def _mistake(self, page: Page, error: Exception) -> Diagnostic:
        name, line = page.template, 1
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(f"{TEMPLATES}/"):
                name, line = frame.filename.removeprefix(f"{TEMPLATES}/"), frame.lineno or 1
        if isinstance(error, jinja2.TemplateSyntaxError):
            name, line = error.name or name, error.lineno
        message = f"{error or type(error).__name__} (while rendering {page.url})"
        return self._problem(name, line, "template-error", message, "")

    def _source(self, name: str) -> list[str]:
        file = self.loader.find(name)
        return file.read_text("utf-8", "replace").split("\n") if file else []

    def _problem(self, name: str, line: int, code: str, message: str, hint: str) -> Diagnostic:
        lines = self._source(name)
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        indent = len(excerpt) - len(excerpt.lstrip())
        place = Place(line, indent + 1, max(1, len(excerpt.strip())))
        return Diagnostic.of(f"{TEMPLATES}/{name}", place, code, message, hint, excerpt)


def _constant(node: nodes.Node) -> str | None:
    """The name of the template that a tag uses, where it is written out."""
    wanted = getattr(node, "template", None)
    value = wanted.value if isinstance(wanted, nodes.Const) else None
    return value if isinstance(value, str) else None


def _used(tree: nodes.Template) -> Iterator[tuple[str | None, int]]:
    """The templates that a template extends, includes or imports, and the line of each; None for
    a name that depends on a value."""
    for kind in (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport):
        for node in tree.find_all(kind):
            yield _constant(node), node.lineno


def _own_names(tree: nodes.Template) -> set[str]:
    """The names that a template gives itself: its blocks see what it imports and sets."""
    names = {node.target for node in tree.find_all(nodes.Import)}
    for imported in tree.find_all(nodes.FromImport):
        names.update(n if isinstance(n, str) else n[1] for n in imported.names)
    names.update(node.name for node in tree.find_all(nodes.Macro))
    names.update(node.name for node in tree.find_all(nodes.Name) if node.ctx == "store")
    return names


def starter_folder() -> Path:
    """Where the templates that come with Slugline are: in the wheel, or in the checkout."""
    packaged = Path(__file__).parent / "starter"
    return packaged if (packaged / TEMPLATES).is_dir() else Path(__file__).parent.parent


def _environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    # Nothing that differs from one run to the next is within a template's reach.
    environment.globals.clear()
    del environment.filters["random"]
    environment.filters.update(FILTERS)
    return environment


def _iso(moment: Moment) -> str:
    return moment.iso


def _host(url: str) -> str:
    """The host of an address, as readers know it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def _plural(number: int, one: str, many: str) -> str:
    """A number and its word: 1 brief, 3 briefs."""
    return f"{number} {one if number == 1 else many}"


def _cdata(text: str) -> str:
    """Text that can stand in a CDATA section (XML 1.0, 2.7)."""
    return str(text).replace("]]>", "]]]]><![CDATA[>")


FILTERS: Mapping[str, Any] = {
    "in_words": dates.in_words,
    "in_short": dates.in_short,
    "with_time": dates.with_time,
    "rfc822": dates.as_rfc822,
    "w3c": dates.as_w3c,
    "iso": _iso,
    "host": _host,
    "plural": _plural,
    "cdata": _cdata,
}
