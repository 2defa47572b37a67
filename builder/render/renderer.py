"""Templates and pages -> bytes. A template sees the fields of its page's context and pure filters.

Templates are looked for in the site's own folder first and then among those that come with
Slugline, so a site need only have those that it changes."""

from __future__ import annotations

import hashlib
import importlib.util
import keyword
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import jinja2
import markupsafe
import msgspec
from jinja2 import meta, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from msgspec import Struct
from msgspec.structs import fields as struct_fields

from builder.content.walk import TEMPLATES, template_folders
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.hosting.headers import inline_digests
from builder.language import dates
from builder.model.brief import Moment
from builder.pages.kinds import CONTEXTS
from builder.pages.page import Page

ASSETS = "assets"
_ASSET_TYPES = (".css", ".svg", ".png", ".ico", ".woff2", ".js", ".jpg", ".webp", ".txt")


# Where a template writes an address of this site: in these attributes, and in the refresh of a page
# that leads elsewhere. Text cannot hold these: its quotation marks are escaped.
_LINKING = ("href", "src")
_LEADING = 'content="0; url='


class Asset(NamedTuple):
    """A file of templates/assets/, with a digest of its content in its address."""

    url: str
    source: Path
    digest: str


class TemplateMissing(Exception):
    """Neither the site nor Slugline has a template of this name."""


class Store(Protocol):
    """Keeps values from one build to the next. It may lose any of them."""

    def get(self, key: str, /) -> bytes | None: ...

    def put(self, key: str, value: bytes, /) -> None: ...


class _Loader(jinja2.BaseLoader):
    """Reads templates from the first folder that has them, each once."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self._read: dict[str, str] = {}

    def find(self, name: str) -> Path | None:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return None
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        if template not in self._read:
            file = self.find(template)
            if file is None:
                raise jinja2.TemplateNotFound(template)
            self._read[template] = file.read_text("utf-8")
        # The name stands in tracebacks, from which a mistake's line is read.
        return self._read[template], f"{TEMPLATES}/{template}", lambda: True

    def list_templates(self) -> list[str]:
        return sorted(CONTEXTS)


# --- what is kept from one build to the next ---------------------------------------------------


class _Faultless(Struct, frozen=True):
    """Templates in which no mistake was found: a digest of each source, and of each closure its
    own digest and its files."""

    sources: dict[str, str]
    closures: dict[str, tuple[str, tuple[str, ...]]]


class _Kept:
    """Values of a store, each under a digest of itself and its key: a damaged one, or another's,
    is as good as none. (Who may write the store may run code here: it is no place for what comes
    from elsewhere.)"""

    def __init__(self, store: Store) -> None:
        self.store = store

    def get(self, key: str) -> bytes | None:
        sealed = self.store.get(key)
        if sealed is None:
            return None
        data = sealed[_SEAL:]
        return data if sealed[:_SEAL] == self._seal(key, data) else None

    def put(self, key: str, data: bytes) -> None:
        self.store.put(key, self._seal(key, data) + data)

    def _seal(self, key: str, data: bytes) -> bytes:
        return hashlib.blake2b(f"{key}\0".encode() + data, digest_size=_SEAL).digest()


_SEAL = 32  # bytes


class _Compiled(jinja2.BytecodeCache):
    """The code of templates, by their names and sources."""

    def __init__(self, kept: _Kept) -> None:
        self.kept = kept

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        code = self.kept.get(self._key(bucket))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.kept.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: jinja2.bccache.Bucket) -> str:
        return f"template {bucket.key} {bucket.checksum} {_versions()}"


@cache
def _versions() -> str:
    """A digest of what makes code of a template: this module with its settings and filters,
    Jinja and Python; and of what a template may name."""
    state = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=16)
    python = f"{sys.implementation.cache_tag} {importlib.util.MAGIC_NUMBER.hex()}"
    state.update(f"\0{jinja2.__version__}\0{python}\0".encode())
    state.update(repr([(n, c.__struct_fields__) for n, c in CONTEXTS.items()]).encode())
    return state.hexdigest()


def _digest(source: str) -> str:
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()


# --- templates and pages -----------------------------------------------------------------------


class Renderer:
    """The templates of a site, ready to render pages. With a store, templates that have not
    changed since they were stored are neither checked nor compiled again."""

    def __init__(
        self, root: Path, base_url: str, base_path: str, store: Store | None = None
    ) -> None:
        self.root, self.base_url, self.base_path = root, base_url, base_path
        self._kept = _Kept(store) if store is not None else None
        self.loader = _Loader(template_folders(root))
        self.environment = _environment(self.loader)
        if self._kept is not None:
            self.environment.bytecode_cache = _Compiled(self._kept)
        self._slow: set[str] = set()  # templates that the quick code cannot render
        self._plain: jinja2.Environment | None = None
        self._closures: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._trees: dict[str, nodes.Template] = {}
        self._uses: dict[str, set[str]] = {}  # by file: the files that it names

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

    def inline(self) -> tuple[tuple[str, str], ...]:
        """The digests of scripts and style sheets that stand in the templates of pages."""
        pages = (name for name in CONTEXTS if name.endswith(".html"))
        files = {file for name in pages for file in self._closure(name)[1]}
        return inline_digests(self._text(file) for file in sorted(files))

    # --- templates -----------------------------------------------------------------------------

    def check(self) -> list[Diagnostic]:
        """Every mistake in the templates that can be seen without rendering: syntax, a template
        that is not there, an include that depends on a value, a name that the context lacks."""
        if self._known_faultless():
            return []
        problems: list[Diagnostic] = []
        parsed: dict[str, nodes.Template | None] = {}
        free: dict[str, set[str]] = {}  # by template: the names that it takes from outside
        for name, context in CONTEXTS.items():
            found = [*self._parse(name, (), parsed)]
            whole = [file for file in self._chain(name, parsed) if parsed.get(file) is None]
            problems += found
            if not found and not whole:
                problems += self._unknown_names(name, context, parsed, free)
        if not problems:
            self._keep_faultless()
        return sorted(set(problems))

    def _known_faultless(self) -> bool:
        """Whether every template is the same as when no mistake was found; then their closures
        are known too. (The same sources use the same templates, so none is forgotten.)"""
        if self._kept is None or (data := self._kept.get(self._faultless_key())) is None:
            return False
        found = msgspec.msgpack.decode(data, type=_Faultless)
        try:
            same = all(_digest(self._text(name)) == old for name, old in found.sources.items())
        except (jinja2.TemplateNotFound, OSError, UnicodeDecodeError):
            return False
        if same:
            self._closures = dict(found.closures)
        return same

    def _keep_faultless(self) -> None:
        if self._kept is None:
            return
        for name in CONTEXTS:
            self.closure(name)
        files = sorted({file for _, files in self._closures.values() for file in files})
        sources = {file: _digest(self._text(file)) for file in files}
        data = msgspec.msgpack.encode(_Faultless(sources, self._closures))
        self._kept.put(self._faultless_key(), data)

    def _faultless_key(self) -> str:
        return f"faultless {_versions()}"

    def _text(self, name: str) -> str:
        return self.loader.get_source(self.environment, name)[0]

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
            self._trees[name] = self.environment.parse(self._text(name), name)
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
                import difflib

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
        return self._closure(name)[0]

    def _closure(self, name: str) -> tuple[str, tuple[str, ...]]:
        """That digest, and the names of the files."""
        if name not in self._closures:
            digest = hashlib.blake2b(digest_size=8)
            files = tuple(sorted(self._files(name, set())))
            for file in files:
                digest.update(f"{file}\0{self._text(file)}\0".encode())
            self._closures[name] = digest.hexdigest(), files
        return self._closures[name]

    def _files(self, name: str, seen: set[str]) -> set[str]:
        if name not in seen:
            seen.add(name)
            if name not in self._uses:
                self._uses[name] = {other for other, _ in _used(self._tree(name)) if other}
            for other in self._uses[name]:
                self._files(other, seen)
        return seen

    # --- pages ---------------------------------------------------------------------------------

    def prepare(self, templates: Iterable[str]) -> None:
        """Load templates and what they use, so that processes forked after this need not."""
        for name in sorted({file for template in templates for file in self._closure(template)[1]}):
            # What is wrong with one is said by the page that it should render.
            with suppress(Exception):
                self.environment.get_template(name)

    def render(self, page: Page) -> bytes | Diagnostic:
        """The bytes of a page, or its template's mistake, with the template's own line."""
        context = page.context
        values = {name: getattr(context, name) for name in context.__struct_fields__}
        try:
            text = self._print(page.template, values)
        except Exception as error:
            return self._mistake(page, error)
        return self.address(page, text).encode("utf-8")

    def _print(self, name: str, values: Mapping[str, Any]) -> str:
        if name not in self._slow:
            with suppress(Exception):
                return self.environment.get_template(name).render(values)
        # Jinja's own code says what is wrong; or nothing is, and this template is not for the
        # quick code.
        if self._plain is None:
            self._plain = _environment(self.loader)
            self._plain.code_generator_class = CodeGenerator
        text = self._plain.get_template(name).render(values)
        self._slow.add(name)
        return text

    def address(self, page: Page, text: str) -> str:
        """Make the site's own addresses fit: `href="/x/"` is written for a site at the root of a
        host."""
        if page.addresses == "absolute":
            prefix = f"{self.base_url}/"
        elif page.addresses == "path":
            prefix = self.base_path
        else:
            prefix = "../" * page.url.count("/", 1) or "./"
        if f"{_LEADING}/" in text:
            text = text.replace(f"{_LEADING}/", f"{_LEADING}{prefix}")
        # In one pass: a page has many addresses, and is long.
        fitting = f'="{prefix}'
        pieces: list[str] = []
        for part in text.split('="/'):
            pieces += (part, fitting if part.endswith(_LINKING) else '="/')
        return "".join(pieces[:-1])

    def _mistake(self, page: Page, error: Exception) -> Diagnostic:
        import traceback

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


# --- how templates become code -----------------------------------------------------------------


def _escaped(value: object) -> str:
    """As Jinja escapes what a template prints, without a wrapper around each short text."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is markupsafe.Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else markupsafe.escape(value)


# MarkupSafe's own function from text to text, where it has one (since 3.0).
_escape_text = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def _called(context: Context, function: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
    """As Jinja calls what a template calls. Of what is within a template's reach only a macro
    wants to know where it is called."""
    if type(function) is Macro:
        return function(context.eval_ctx, *args, **named)
    return function(*args, **named)


class _Quick(CodeGenerator):
    """Code that takes for granted what holds in our templates: values have the attributes that
    are asked for, and a page is wanted as a whole. Where that does not hold the code fails, and
    Jinja's own is used. What is printed is the same."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escape = environment.escaped")
        self.writeline("called = environment.called")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        # Jinja hands on each piece of text through all the templates that extend each other;
        # here a block is collected and handed on at once.
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        name = node.attr
        if name.isascii() and name.isidentifier() and not keyword.iskeyword(name):
            self.write("(")
            self.visit(node.node, frame)
            self.write(f").{name}")
        else:
            super().visit_Getattr(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller)
            return
        self.write("called(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")


class _Environment(jinja2.Environment):
    code_generator_class = _Quick
    escaped = staticmethod(_escaped)
    called = staticmethod(_called)


def _environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    environment = _Environment(
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
