"""A loader that prefers a site's own templates to Slugline's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import jinja2

from builder.content.template_files import TEMPLATES, leads_out
from builder.pages.kinds import CONTEXTS
from builder.render.asset_links import AssetAddress, link_assets

OWN = "slugline/"  # the names of Slugline's own templates begin with it


class Loader(jinja2.BaseLoader):
    """Reads templates from the first folder that has them, once each.

    A name such as `slugline/base.html` is Slugline's own template, which a site's template of the
    same name can extend. Assets that a template names get the addresses of `assets`.
    """

    def __init__(
        self, folders: tuple[Path, ...], assets: Mapping[str, AssetAddress] = MappingProxyType({})
    ) -> None:
        self.folders, self.assets = folders, assets
        self._written: dict[str, str] = {}
        self._linked: dict[str, str] = {}

    def find(self, name: str) -> Path | None:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return None
        folders = self.folders
        if name.startswith(OWN):
            folders, name = self.folders[-1:], name.removeprefix(OWN)
        for folder in folders:
            if (folder / name).is_file():
                return None if leads_out(folder, name) else folder / name
        return None

    def is_own(self, name: str) -> bool:
        """Return whether a template is the site's own."""
        found = self.find(name)
        return found is not None and not found.is_relative_to(self.folders[-1])

    def written(self, name: str) -> str:
        """Return a template as it is written."""
        if name not in self._written:
            file = self.find(name)
            if file is None:
                raise jinja2.TemplateNotFound(name)
            self._written[name] = file.read_text("utf-8")
        return self._written[name]

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        if template not in self._linked:
            self._linked[template] = link_assets(self.written(template), self.assets)
        # The name appears in tracebacks, which give the line of a mistake.
        return self._linked[template], f"{TEMPLATES}/{template}", lambda: True

    def list_templates(self) -> list[str]:
        return sorted(CONTEXTS)
