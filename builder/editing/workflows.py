"""Workflows that check, build and deploy a site, and the program that they install.

They install what lies beside them in the repository, by its hash: nothing rests on a name in an
index that somebody else could take."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from builder.content.template_files import STARTER
from builder.editing.new import CannotCreate, cannot_write
from builder.editing.wheel import make_wheel, pinned_requirements
from builder.errors import SluglineError
from builder.safe_files import create_file, make_folders, replace_file

WORKFLOW_FOLDER = STARTER / "ci"


class Workflows(NamedTuple):
    """The files of a CI service: workflows by their source, and the folder of the program."""

    files: dict[str, str]
    program: str


WORKFLOWS = {
    "github": Workflows(
        {
            "github.yml": ".github/workflows/site.yml",
            "github-preview.yml": ".github/workflows/preview.yml",
        },
        ".github/slugline",
    ),
    "gitlab": Workflows({"gitlab.yml": ".gitlab-ci.yml"}, ".gitlab/slugline"),
}


# Those that ask the sources of a site every week (`slugline evidence --ci`).
EVIDENCE_WORKFLOWS = {
    "github": Workflows(
        {"evidence-github.yml": ".github/workflows/evidence.yml"}, WORKFLOWS["github"].program
    ),
    "gitlab": Workflows(
        {"evidence-gitlab.yml": "evidence.gitlab-ci.yml"}, WORKFLOWS["gitlab"].program
    ),
}


class Written(NamedTuple):
    """The paths of what was written, and of workflows that existed and stay as they are."""

    new: tuple[str, ...]
    kept: tuple[str, ...]


def write_workflows(root: Path, chosen: Workflows) -> Written:
    """Write the missing workflows of a site, and what they install.

    The program is the running one, so that a site moves to a new version by running the command
    again. Raises CannotCreate if the running program cannot be packed."""
    new: list[str] = []
    kept: list[str] = []
    for source, path in chosen.files.items():
        data = (WORKFLOW_FOLDER / source).read_bytes()
        (new if _create(root, path, data) else kept).append(path)
    return Written((*new, *_write_program(root, chosen.program)), tuple(kept))


def _create(root: Path, path: str, data: bytes) -> bool:
    """Create a file of the site; return False if it exists."""
    folder, _, name = path.rpartition("/")
    try:
        create_file(make_folders(root, folder) / name, data)
    except FileExistsError:
        return False
    except OSError as error:
        raise cannot_write(root / path, error) from error
    return True


def _write_program(root: Path, folder: str) -> tuple[str, str]:
    """Write the wheel of the running program and the list of what to install."""
    try:
        name, data = make_wheel()
        pins = pinned_requirements()
    except SluglineError as error:
        raise CannotCreate(str(error)) from None
    wheel, listed = f"{folder}/{name}", f"{folder}/requirements.txt"
    digest = hashlib.sha256(data).hexdigest()
    text = f"{pins.rstrip()}\n./{wheel} --hash=sha256:{digest}\n"
    try:
        place = make_folders(root, folder)
        for old in place.glob("slugline-*.whl"):
            if old.name != name:
                old.unlink()
        replace_file(place / name, [data])
        replace_file(place / "requirements.txt", [text.encode("utf-8")])
    except OSError as error:
        raise cannot_write(root / folder, error) from error
    return wheel, listed
