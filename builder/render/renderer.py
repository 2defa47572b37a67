"""The renderer: pages become bytes through their templates.

A template sees only its page's context and pure filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator
from msgspec.structs import asdict

from builder.appearance.look import Look
from builder.content.template_files import TEMPLATES
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.language.catalogs import Catalogs, digest_words
from builder.language.words import is_marked, without_marks
from builder.model.settings import Settings
from builder.pages.page import Page, language_of
from builder.render.addresses import place_addresses, readable
from builder.render.assets import Asset
from builder.render.check import check_templates
from builder.render.compile import TemplateStore
from builder.render.environment import Environment, make_environment
from builder.render.marks import with_elements
from builder.render.templates import EnvironmentFactory, TemplateSources
from builder.store import digest


class Renderer:
    """The templates of a site, ready to render pages.

    With a store, templates that have not changed since they were stored are neither checked nor
    compiled again. `environment_factory` makes the Jinja environment of a loader.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        base_path: str,
        store: TemplateStore | None = None,
        environment_factory: EnvironmentFactory | None = None,
    ) -> None:
        self.settings, self.base_path = settings, base_path
        self._make_environment = environment_factory or make_environment
        self.sources = TemplateSources(root, settings, store, self._make_environment)
        self.catalogs = Catalogs()
        self._slow: set[str] = set()  # templates that need Jinja's own code
        self._digests: dict[tuple[str, frozenset[str]], bytes] = {}
        self._plain: Environment | None = None

    def check(self) -> list[Diagnostic]:
        """Return the mistakes in templates that can be found without rendering."""
        return check_templates(self.sources)

    def assets(self) -> dict[str, Asset]:
        """Return the assets of the site and of Slugline by name."""
        return self.sources.assets

    @property
    def look(self) -> Look:
        """The look of the site."""
        return self.sources.look

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The mistakes in the files that site.yaml names for the look."""
        return self.sources.findings

    def media(self) -> dict[str, Diagnostic]:
        """Return the files of content/media/ that templates and style sheets name.

        With each, the diagnostic in case that it does not exist.
        """
        found = dict(self.sources.named_media())
        for asset in self.sources.assets.values():
            found |= dict(asset.media)
        return found

    def closure(self, name: str) -> str:
        """Return a digest of a template and everything that it uses."""
        return self.sources.closure(name)[0]

    def speak(self, catalogs: Catalogs) -> None:
        """Render with these catalogs from now on."""
        self.catalogs, self._digests = catalogs, {}

    def words_digest(self, template: str, languages: frozenset[str]) -> bytes:
        """Return a digest of what a template may say in some languages."""
        found = self._digests.get((template, languages))
        if found is None:
            keys = self.sources.messages(template)
            parts = (digest_words(self.catalogs.words(tag), keys) for tag in sorted(languages))
            found = self._digests[template, languages] = digest(b"".join(parts), 8)
        return found

    def own_messages(self) -> frozenset[str]:
        """Return the keys of all messages of the site's own templates."""
        return self.sources.own_messages()

    def inline(self) -> tuple[tuple[str, str], ...]:
        """Return the digests of inline scripts and style sheets in templates."""
        return self.sources.inline()

    def prepare(self, templates: Iterable[str]) -> None:
        """Load templates and what they use, before processes are forked."""
        self.sources.prepare(templates)

    def render(self, page: Page) -> bytes | Diagnostic:
        """Return a page's bytes, or a diagnostic with the template's line."""
        context = page.context
        values = asdict(context)
        try:
            language = language_of(context)
            text = self._print(page.template, values, language)
            if is_marked(text):
                text = _resolved(page, text, language)
            if page.template == "card.svg":
                from builder.render.card_raster import draw_card  # an edit rarely draws one

                return draw_card(text, self._picture)
            if page.url.endswith(".png"):
                from builder.render.raster import draw_png  # few builds draw a chart

                return draw_png(text)
            if page.url.endswith(".sqlite"):
                from builder.render.database import make_database

                return make_database(text)
        except Exception as error:
            return self._mistake(page, error)
        root_url, root_path = self.settings.base_url, self.base_path
        placed = place_addresses(page, text, root_url, root_path)
        if self.settings.slugs and page.addresses == "relative":
            placed = readable(placed)
        return placed.encode("utf-8")

    def _print(self, name: str, values: Mapping[str, Any], language: str) -> str:
        if name not in self._slow:
            with suppress(Exception):
                environment = self.sources.environment
                environment.begin(self.catalogs.words, language)
                return environment.get_template(name).render(values)
        # Jinja's own code either reports the mistake or renders what the faster code cannot.
        if self._plain is None:
            self._plain = self._make_environment(self.sources.loader)
            self._plain.code_generator_class = CodeGenerator
        self._plain.begin(self.catalogs.words, language)
        text = self._plain.get_template(name).render(values)
        self._slow.add(name)
        return text

    def _picture(self, url: str) -> tuple[bytes, bool] | None:
        """Return the bytes of an asset by its address, and whether it is an SVG."""
        for asset in self.sources.assets.values():
            if asset.url == url:
                data = asset.clean() if asset.clean else asset.source.read_bytes()
                return data, url.endswith(".svg")
        return None

    def _mistake(self, page: Page, error: Exception) -> Diagnostic:
        import traceback

        name, line = page.template, 1
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(f"{TEMPLATES}/"):
                name, line = frame.filename.removeprefix(f"{TEMPLATES}/"), frame.lineno or 1
        if isinstance(error, jinja2.TemplateSyntaxError):
            name, line = error.name or name, error.lineno
        message = f"{error or type(error).__name__} (while rendering {page.url})"
        return self.sources.problem(name, line, "template-error", message)


def _resolved(page: Page, text: str, language: str) -> str:
    """Return a printed text in which parts in another language are elements, if it is HTML."""
    return with_elements(text, language) if page.template.endswith(".html") else without_marks(text)
