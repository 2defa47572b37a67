"""A loader that prefers a site's own templates to Slugline's."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import jinja2

from builder.content.template_files import TEMPLATES, leads_out
from builder.pages.kinds import CONTEXTS


class Loader(jinja2.BaseLoader):
    """Reads templates from the first folder that has them, once each."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self._read: dict[str, str] = {}

    def find(self, name: str) -> Path | None:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return None
        for folder in self.folders:
            if (folder / name).is_file():
                return None if leads_out(folder, name) else folder / name
        return None

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        if template not in self._read:
            file = self.find(template)
            if file is None:
                raise jinja2.TemplateNotFound(template)
            self._read[template] = file.read_text("utf-8")
        # The name appears in tracebacks, which give the line of a mistake.
        return self._read[template], f"{TEMPLATES}/{template}", lambda: True

    def list_templates(self) -> list[str]:
        return sorted(CONTEXTS)
