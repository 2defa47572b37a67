"""The messages between the build process and the server process of a preview."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from builder.diagnostics.diagnostic import Diagnostic
from builder.site.desk import Desk


class PreviewOptions(NamedTuple):
    """The options of a preview."""

    root: Path  # the site's folder
    folder: Path  # the preview's output
    host: str  # to listen on
    port: int
    reload: bool  # whether pages reload automatically
    poll: bool  # compare all files regularly instead of using file system events
    editor: str  # a URL that opens a file, with {path} (absolute), {line} and {column}


# --- to the build process ----------------------------------------------------------------------


class Changed(NamedTuple):
    """The files or folders that were saved, moved or deleted.

    Paths are relative to the site's folder, with `/`; None if any file may have changed."""

    paths: tuple[str, ...] | None


class DeskRequest(NamedTuple):
    """A request for the desk."""

    number: int  # repeated in the response


class Polling(NamedTuple):
    """A notice that file system events are unavailable and polling has started."""

    why: str


# --- to the server process ---------------------------------------------------------------------


class Progress(NamedTuple):
    """The progress of a build; `total` is 0 if it is unknown."""

    stage: str  # in words, such as `Rendering`
    done: int
    total: int


class Badge(NamedTuple):
    """A label on a page that is not published yet."""

    kind: str  # draft, scheduled or unpublished
    date: str  # when a scheduled brief is published, as text; empty for a draft
    path: str  # its file, below the site's folder


class BuildSucceeded(NamedTuple):
    """The result of a successful build, after its files are in place."""

    number: int  # of the build, starting at 1
    seconds: float
    pages: int
    rendered: int
    changed: tuple[str, ...]  # modified and new files, relative to the preview's folder
    # deleted files, each with the address of the nearest list above it (without `base_path`)
    gone: dict[str, str]
    badges: dict[str, Badge]  # by the page's file, relative to the preview's folder
    warnings: int  # including the held errors
    held: tuple[Diagnostic, ...]  # errors of unpublished records, with excerpts
    base_path: str  # the path of the site on its server, such as `/news`, or empty
    sources: dict[str, str] = {}  # noqa: RUF012 - file of a page with problems -> its source
    policy: str = ""  # the Content-Security-Policy of the site


class BuildFailed(NamedTuple):
    """The result of a failed build, which leaves the preview's folder unchanged."""

    number: int
    seconds: float
    problems: tuple[Diagnostic, ...]  # errors and warnings, with excerpts
    message: str  # the error if it is not in the content, otherwise empty
    sources: dict[str, str] = {}  # noqa: RUF012 - as in BuildSucceeded


class PageProblems(NamedTuple):
    """The problems that the overlay of a page shows."""

    own: tuple[Diagnostic, ...]  # in the source of the page
    others: tuple[Diagnostic, ...]
    failed: bool  # whether the last build failed
    message: str = ""  # the error if it is not in the content


# None, or the end of the pipe, means that the preview ends.
ToServer = Progress | BuildSucceeded | BuildFailed | Desk
ToBuilder = Changed | DeskRequest | Polling
