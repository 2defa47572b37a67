"""The sources of a site's templates, with their dependencies and digests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import jinja2
import msgspec
from jinja2 import nodes

from builder.content.template_files import TEMPLATES, template_folders
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.hosting.headers import inline_digests
from builder.model.settings import Settings
from builder.pages.kinds import CONTEXTS
from builder.render.asset_links import named_files
from builder.render.assets import ASSETS, find_assets, missing_asset, missing_media, place_at
from builder.render.compile import (
    CompiledTemplates,
    SealedStore,
    TemplateStore,
    source_digest,
)
from builder.render.environment import Environment, make_environment
from builder.render.identity import make_identity
from builder.render.installed import keep_installed
from builder.render.loader import Loader
from builder.render.outline import TemplateOutline, children_of, outline_template
from builder.render.versions import versions

_Outlines = dict[str, TemplateOutline]
EnvironmentFactory = Callable[[jinja2.BaseLoader], Environment]


class TemplateSources:
    """The templates of a site, each read and parsed once.

    The site's own folder takes precedence over Slugline's.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        store: TemplateStore | None = None,
        environment_factory: EnvironmentFactory = make_environment,
    ) -> None:
        folders = template_folders(root)
        self.assets = find_assets(folders)
        identity = make_identity(root, settings, self.assets, store)
        self.look, self.findings = identity.look, identity.findings
        self.assets |= identity.assets
        addresses = {name: asset.address for name, asset in self.assets.items()}
        self.loader = Loader(folders, addresses)
        self.store = SealedStore(store) if store is not None else None
        self.environment = environment_factory(self.loader)
        if self.store is not None:
            self.environment.bytecode_cache = CompiledTemplates(self.store)
        self.closures: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.said: dict[str, tuple[str, ...]] = {}  # the messages of closures
        self._trees: dict[str, nodes.Template] = {}
        self._outlines: dict[str, TemplateOutline] = {}  # by name
        self._stored: dict[str, TemplateOutline] | None = None  # by digest of the source

    def text(self, name: str) -> str:
        return self.loader.get_source(self.environment, name)[0]

    def missing_assets(self, name: str) -> Iterator[Diagnostic]:
        """Yield the problems of missing assets that a template names."""
        text = self.loader.written(name)
        for file in named_files(text):
            if file.folder == ASSETS and file.name not in self.assets:
                place = place_at(text, file.start, file.width)
                yield missing_asset(f"{TEMPLATES}/{name}", text, place, file.name, self.assets)

    def named_media(self) -> Iterator[tuple[str, Diagnostic]]:
        """Yield the files of content/media/ that templates name.

        With each comes the diagnostic in case that it does not exist.
        """
        for name in sorted({file for kind in CONTEXTS for file in self.closure(kind)[1]}):
            text = self.loader.written(name)
            for file in named_files(text):
                if file.folder != ASSETS:
                    place = place_at(text, file.start, file.width)
                    yield file.name, missing_media(f"{TEMPLATES}/{name}", text, place, file.name)

    def tree(self, name: str) -> nodes.Template:
        """Return the parsed template; raise TemplateSyntaxError for deep nesting."""
        if name not in self._trees:
            text = self.text(name)
            try:
                tree = self.environment.parse(text, name)
            except RecursionError:
                raise jinja2.TemplateSyntaxError(_TOO_DEEP, 1, name) from None
            except ValueError as error:  # a number with thousands of digits
                raise jinja2.TemplateSyntaxError(str(error), 1, name) from None
            if line := _too_deep(tree):
                raise jinja2.TemplateSyntaxError(_TOO_DEEP, line, name)
            self._trees[name] = tree
        return self._trees[name]

    def outline(self, name: str) -> TemplateOutline:
        """Return the outline of a template; raise as `tree` does."""
        if name not in self._outlines:
            if self._stored is None:
                data = self.store.get(outlines_key()) if self.store is not None else None
                self._stored = msgspec.msgpack.decode(data, type=_Outlines) if data else {}
            known = self._stored.get(source_digest(self.text(name)))
            self._outlines[name] = known or outline_template(
                self.tree(name), lambda tree: self._generate(tree, name)
            )
        return self._outlines[name]

    def _generate(self, tree: nodes.Template, name: str) -> set[str]:
        source, filename, _ = self.loader.get_source(self.environment, name)
        return self.environment.generate(tree, source, name, filename)

    def keep_outlines(self) -> None:
        """Store the outlines of the templates that were read."""
        if self.store is None:
            return
        found = {source_digest(self.text(name)): made for name, made in self._outlines.items()}
        if self._stored is None or found.keys() != self._stored.keys():
            self.store.put(outlines_key(), msgspec.msgpack.encode(found))

    def closure(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Return a digest of a template and its dependencies, and these files."""
        if name not in self.closures:
            digest = hashlib.blake2b(digest_size=8)
            files = tuple(sorted(self._files(name, set())))
            for file in files:
                digest.update(f"{file}\0{self.text(file)}\0".encode())
            self.closures[name] = digest.hexdigest(), files
        return self.closures[name]

    def messages(self, name: str) -> tuple[str, ...]:
        """Return the keys of all messages of a template's closure."""
        if name not in self.said:
            found = {key for file in self.closure(name)[1] for key in self.outline(file).messages}
            self.said[name] = tuple(sorted(found))
        return self.said[name]

    def own_files(self) -> list[str]:
        """Return the site's own templates among those that pages use."""
        if len(self.loader.folders) == 1:
            return []
        used = {file for name in CONTEXTS for file in self.closure(name)[1]}
        return sorted(filter(self.loader.is_own, used))

    def own_messages(self) -> frozenset[str]:
        """Return the keys of all messages of the site's own templates."""
        return frozenset(key for file in self.own_files() for key in self.outline(file).messages)

    def _files(self, name: str, seen: set[str]) -> set[str]:
        if name not in seen:
            seen.add(name)
            for other, _ in self.outline(name).used:
                if other is not None:
                    self._files(other, seen)
        return seen

    def inline(self) -> tuple[tuple[str, str], ...]:
        """Return the digests of inline scripts and style sheets in templates."""
        # Messages and books are not on the site: its policy need not allow what stands in them.
        pages = (
            n for n in CONTEXTS if n.endswith(".html") and not n.startswith(("mail/", "epub/"))
        )
        files = {file for name in pages for file in self.closure(name)[1]}
        return inline_digests(self.text(file) for file in sorted(files))

    def prepare(self, templates: Iterable[str]) -> None:
        """Load templates and what they use, before processes are forked."""
        for name in sorted({file for template in templates for file in self.closure(template)[1]}):
            # A mistake in one is reported with the page that it would render.
            with suppress(Exception):
                self.environment.get_template(name)

    def keep_installed(self) -> None:
        """Keep the code of the program's templates for other sites.

        Nothing is kept if the site has templates of its own."""
        if self.store is not None and self.store.new and len(self.loader.folders) == 1:
            keep_installed(self.store.new)

    def lines(self, name: str) -> list[str]:
        """Return the lines of a template, even of a damaged one."""
        file = self.loader.find(name)
        return file.read_text("utf-8", "replace").split("\n") if file else []

    def problem(self, name: str, line: int, code: Code, message: str, hint: str = "") -> Diagnostic:
        """Return the diagnostic for a line of a template."""
        lines = self.lines(name)
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        indent = len(excerpt) - len(excerpt.lstrip())
        place = Place(line, indent + 1, max(1, len(excerpt.strip())))
        return Diagnostic.of(f"{TEMPLATES}/{name}", place, code, message, hint, excerpt)


def outlines_key() -> str:
    """Return the key of the outlines of all templates in a store."""
    return f"outlines {versions()}"


# Tags and operators inside each other; the compiler of Jinja calls itself for each.
_DEEPEST = 100
_TOO_DEEP = f"tags or operators are nested more than {_DEEPEST} levels deep"


def _too_deep(tree: nodes.Node) -> int:
    """Return the first line that is nested too deep, or 0."""
    level: list[nodes.Node] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in children_of(node)]
        if not level:
            return 0
    return min(node.lineno for node in level)
