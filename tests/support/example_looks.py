"""The example looks of docs/looks/: the repository's own briefs under another name."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from support.tools import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "looks"
LOOK = ("icon", "logo", "mark", "tagline", "accent", "fonts")  # fields of our own look


def example_looks() -> list[str]:
    return sorted(path.parent.name for path in EXAMPLES.glob("*/site.yaml"))


def write_look(name: str, folder: Path) -> Path:
    """Write a site with the settings of an example, and nothing else of its own.

    It has the main edition alone: a look is the same in all."""
    shutil.copytree(REPOSITORY / "content", folder / "content")
    (folder / "content" / "pages" / "about.md").unlink()  # it is about Ground Truth
    settings = yaml.safe_load((REPOSITORY / "site.yaml").read_text("utf-8"))
    example = yaml.safe_load((EXAMPLES / name / "site.yaml").read_text("utf-8"))
    for tag in settings.pop("editions"):
        for file in (folder / "content").rglob("*.md"):
            if file.stem.endswith(f".{tag}") or f"\nlang: {tag}\n" in file.read_text("utf-8"):
                file.unlink()
    settings = {key: value for key, value in settings.items() if key not in LOOK}
    settings |= {**example, "publisher": example["title"], "description": example["tagline"]}
    (folder / "site.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    (folder / "templates" / "assets").mkdir(parents=True)
    for file in (EXAMPLES / name).iterdir():
        if file.name != "site.yaml":
            shutil.copy(file, folder / "templates" / "assets")
    return folder
