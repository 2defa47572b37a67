"""What the server process and the build process of a site send each other.

The server sends work, and gets one result for each; it sends no more until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from builder.diagnostics.diagnostic import Diagnostic
from builder.language_server.index import SiteIndex


class Edited(NamedTuple):
    """The text of an open document; None once it is closed."""

    path: str
    version: int
    data: bytes | None


class Question(NamedTuple):
    """A function that the build process calls with itself and some arguments.

    It must be one of a module, since its name is sent."""

    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Work(NamedTuple):
    """Changes to build, and questions to answer after the build."""

    edits: tuple[Edited, ...]
    questions: tuple[Question, ...]
    builds: bool = True  # unless nothing can have changed


class QuestionAnswer(NamedTuple):
    """The value of a question, or why there is none."""

    number: int
    value: Any
    refusal: str = ""


class Built(NamedTuple):
    """The result of some work.

    `found` has the diagnostics of each open document, and `versions` what it was built from.
    `site` is None if it has not changed, and `failure` what kept the build from its end."""

    versions: dict[str, int]
    found: dict[str, tuple[Diagnostic, ...]]
    site: SiteIndex | None
    answers: tuple[QuestionAnswer, ...]
    failure: str = ""


class BuildProgress(NamedTuple):
    """How far a build is, which is sent while it runs."""

    stage: str
    done: int
    total: int
