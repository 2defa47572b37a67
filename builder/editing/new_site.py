"""Creation of a new site, with the answers of its editor."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from builder.content.config import FILE, read_settings
from builder.content.starter import ENGLISH, starter_words
from builder.content.template_files import STARTER, TEMPLATES
from builder.diagnostics.diagnostic import ContentError
from builder.editing.new import CannotCreate, cannot_write, mint_id, scalar
from builder.editing.starter_words import in_language
from builder.media.clean import PICTURES, clean
from builder.media.picture import BadPictureError
from builder.render.assets import ASSETS
from builder.safe_files import rename_new
from builder.store import remove


class SiteAnswers(NamedTuple):
    """The settings of a new site; those that are empty stay as in the starter."""

    title: str = ""
    language: str = ""
    time_zone: str = ""
    address: str = ""
    sections: tuple[str, ...] = ()
    accent: str = ""
    logo: Path | None = None

    @property
    def words(self) -> dict[str, Any] | None:
        """The texts of the site in its language; English needs none."""
        return starter_words(self.language)

    @property
    def foreign(self) -> bool:
        """Whether the site is in another language than its texts."""
        is_english = self.language.lower().partition("-")[0] in ("", ENGLISH)
        return not is_english and self.words is None

    @property
    def logo_name(self) -> str:
        """The name of the logo in templates/assets/."""
        return f"logo{self.logo.suffix.lower()}" if self.logo else ""


_FIELDS = {
    "title": "title", "language": "language", "time_zone": "time_zone", "address": "base_url",
}  # fmt: skip


def _settings_text(answers: SiteAnswers) -> str:
    """Return site.yaml with the answers in their places."""
    text = (STARTER / FILE).read_text("utf-8")
    text = in_language(FILE, text, answers.words) if answers.words else text
    for answer, field in _FIELDS.items():
        if value := getattr(answers, answer):
            # With the value goes the comment behind it, which explains the placeholder.
            line = f"{field}: {scalar(value)}".replace("\\", r"\\")
            text = re.sub(rf"^{field}:.*$", line, text, flags=re.M)
    if answers.foreign:
        text = re.sub(r"^(?:tagline|description): .*\n", "", text, flags=re.M)
    if answers.sections:
        lines = [f"  - {{name: {scalar(name)}}}\n" for name in answers.sections]
        block = f"sections:\n{''.join(lines)}".replace("\\", r"\\")
        text = re.sub(r"^sections:\n(?:  .*\n)*", block, text, flags=re.M)
    look = [f"logo: {answers.logo_name}\n"] if answers.logo else []
    look += [f'accent: "{answers.accent}"\n'] if answers.accent else []
    return text.replace("\nauthor:", f"\n{''.join(look)}\nauthor:", 1) if look else text


def check_answers(answers: SiteAnswers) -> None:
    """Check answers without writing a site.

    Raises CannotCreate for the first one that is wrong."""
    if answers.logo:
        _read_logo(answers.logo)
    try:
        problems = read_settings(_settings_text(answers).encode()).problems
    except ContentError as error:
        problems = tuple(error.diagnostics)
    for problem in problems:
        if problem.severity == "error":
            raise CannotCreate(f"{problem.message}; {problem.hint}".rstrip("; "))


def _read_logo(path: Path) -> bytes:
    """Return the bytes of a logo. Raises CannotCreate if it is not a picture."""
    if path.suffix.lower() not in PICTURES:
        raise CannotCreate(f"{path} is not a picture; use one of: {' '.join(sorted(PICTURES))}")
    try:
        data = path.read_bytes()
        clean(data, path.suffix.lower())
    except BadPictureError as bad:
        raise CannotCreate(f"{path} cannot be the logo: {bad}") from None
    except OSError as error:
        raise CannotCreate(f"{path} cannot be read: {error.strerror}") from None
    return data


_NONE = SiteAnswers()


# A new site, until it is whole.
_STAGED = ".slugline-init"


def write_site(directory: Path, answers: SiteAnswers = _NONE) -> int:
    """Write a new site, and return the number of its files.

    It is whole or not there. Completes what an interrupted command has begun. Raises CannotCreate
    if the folder is not empty or an answer is wrong."""
    if answers != _NONE:
        check_answers(answers)
    staged, there = directory / _STAGED, os.path.lexists(directory)
    try:
        found = {*os.listdir(directory)} - {_STAGED} if there else set()  # noqa: PTH208
        whole = {*_starter(), *({TEMPLATES} if answers.logo else ())}
        if found and not (found < whole and found | _names_in(staged) == whole):
            raise CannotCreate(f"{directory} is not empty; choose a new or empty folder")
        directory.mkdir(parents=True, exist_ok=True)
        try:
            if not found:
                remove(staged)
                _stage_site(staged, answers)
            for name in sorted(whole - found, key=lambda name: name == FILE):
                rename_new(staged / name, directory / name)
            staged.rmdir()
        except BaseException:
            _withdraw_site(directory, whole - found, there)
            raise
    except OSError as error:
        raise cannot_write(directory, error) from error
    return sum(1 for file in directory.rglob("*") if file.is_file())


def _starter() -> dict[str, Path]:
    """Return the files and folders of a new site: each name, and its source."""
    skipped = (TEMPLATES, "ci", "languages", "__pycache__")
    found = {file.name: file for file in STARTER.iterdir() if file.name not in skipped}
    found = {name: file for name, file in found.items() if file.suffix != ".py"}
    return {**found, ".gitignore": Path()}


def _names_in(folder: Path) -> set[str]:
    return {*os.listdir(folder)} if folder.is_dir() and not folder.is_symlink() else set()  # noqa: PTH208


def _stage_site(staged: Path, answers: SiteAnswers) -> None:
    logo = _read_logo(answers.logo) if answers.logo else b""
    staged.mkdir()
    for name, source in _starter().items():
        if name == ".gitignore":
            (staged / name).write_text("/output/\n/.output.*\n", "utf-8")
        elif source.is_dir():
            _copy_folder(source, staged / name)
        else:
            shutil.copyfile(source, staged / name)
    (staged / FILE).write_text(_settings_text(answers), "utf-8")
    if answers.logo:
        (staged / TEMPLATES / ASSETS).mkdir(parents=True)
        (staged / TEMPLATES / ASSETS / answers.logo_name).write_bytes(logo)
    for file in (staged / "content").rglob("*.md"):
        text = file.read_text("utf-8")
        if answers.words:
            text = in_language(file.as_posix(), text, answers.words)
        if answers.foreign and file.parent.name == "briefs":  # the sample is in English
            text = text.replace("\nsection:", "\nlang: en\nsection:", 1)
        if answers.sections:
            section = f"section: {scalar(answers.sections[0])}".replace("\\", r"\\")
            text = re.sub(r"^section: \S+", section, text, flags=re.M)
        file.write_text(
            re.sub(r"^id: minted\b", lambda _: f"id: {mint_id()}", text, flags=re.M), "utf-8"
        )


def _copy_folder(source: Path, target: Path) -> None:
    """Copy the files of a folder, except programs; stops at the first error."""
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            _copy_folder(entry, target / entry.name)
        elif entry.is_file() and entry.suffix != ".py":
            shutil.copyfile(entry, target / entry.name)


def _withdraw_site(directory: Path, names: set[str], there: bool) -> None:
    """Remove what was written of a new site."""
    for name in (_STAGED, *names):
        remove(directory / name)
    if not there:
        with suppress(OSError):
            directory.rmdir()
