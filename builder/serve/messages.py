"""What the process that builds and the process that serves tell each other, through a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from builder.diagnostics.diagnostic import Diagnostic
from builder.site.desk import Desk


class PreviewOptions(NamedTuple):
    """What a preview is told."""

    root: Path  # the site's folder
    folder: Path  # where the preview's files are
    host: str  # on which it listens
    port: int
    reload: bool  # whether pages reload by themselves
    poll: bool  # look at all files every now and then, where the system tells of no changes
    editor: str  # an address that opens a file: with {path} (absolute), {line} and {column}


# --- to the process that builds ----------------------------------------------------------------


class Changed(NamedTuple):
    """Files were saved, moved or deleted: their paths below the site's folder, with `/`, folders
    too; None where it is not known which, and everything has to be looked at."""

    paths: tuple[str, ...] | None


class DeskWanted(NamedTuple):
    """Somebody asks for the desk."""

    number: int  # of the question; the answer has it too


class Polling(NamedTuple):
    """The system tells of no changes: from now on all files are looked at every now and then."""

    why: str


# --- to the process that serves ----------------------------------------------------------------


class Progress(NamedTuple):
    """How far a build is. `total` may be 0 where it is not known."""

    stage: str  # in words, such as `Rendering`
    done: int
    total: int


class Badge(NamedTuple):
    """What a reader of the real site would not see."""

    kind: str  # draft or scheduled
    date: str  # when a scheduled brief goes live, in words; nothing for a draft
    path: str  # its file, below the site's folder


class BuildSucceeded(NamedTuple):
    """A build succeeded, and the preview's folder holds what it made."""

    number: int  # of the build, from 1 on
    seconds: float
    pages: int
    rendered: int
    changed: tuple[str, ...]  # files below the preview's folder whose bytes changed or that came
    # files that went, each with the address of a list to look at instead (without `base_path`)
    gone: dict[str, str]
    badges: dict[str, Badge]  # by the page's file below the preview's folder
    problems: tuple[Diagnostic, ...]  # warnings, with their lines
    base_path: str  # below which the site lies on its server, such as `/news`; or nothing


class BuildFailed(NamedTuple):
    """A build failed: the preview's folder is as it was."""

    number: int
    seconds: float
    problems: tuple[Diagnostic, ...]  # errors and warnings, with their lines
    message: str  # what went wrong where it is nothing in the content; else nothing


# None, or the end of the pipe, says that the preview ends.
ToServer = Progress | BuildSucceeded | BuildFailed | Desk
ToBuilder = Changed | DeskWanted | Polling
