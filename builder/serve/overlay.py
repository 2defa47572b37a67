"""The HTML that a preview adds: overlay, badges, the desk and its other pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.report import excess_as_text, limited, printable, summary, window_of
from builder.serve.fix_links import FixLink, fix_links
from builder.serve.messages import Badge, PageProblems, PreviewOptions, Progress
from builder.serve.page_templates import DESK, render
from builder.site.desk import Desk


class Problem(NamedTuple):
    """A diagnostic as a template shows it."""

    severity: str
    code: str
    message: str
    hint: str
    path: str
    line: int
    column: int
    link: str  # opens the file at the line
    excerpt: str
    caret: str  # a line that underlines the error
    fixes: list[FixLink]


def problem_of(serving: PreviewOptions, found: Diagnostic, fixes: bool = True) -> Problem:
    """Return a diagnostic prepared for a template, with links to its fixes."""
    excerpt = caret = ""
    if found.excerpt.strip():
        excerpt, offset, width = window_of(found)
        caret = " " * offset + "^" * width
    return Problem(
        severity="error" if found.held else found.severity,
        code=found.code,
        message=printable(found.message),
        hint=printable(found.hint),
        path=printable(found.path),
        line=found.line,
        column=found.column,
        link=editor_link(serving, found.path, found.line, found.column),
        excerpt=excerpt,
        caret=caret,
        fixes=fix_links(serving, found) if fixes else [],
    )


def problems_of(serving: PreviewOptions, found: Iterable[Diagnostic]) -> list[Problem]:
    """Return diagnostics for a template, errors first, sorted by file and line."""
    in_order = sorted(set(found), key=lambda d: (d.severity != "error", d))
    return [problem_of(serving, d, n < _FIXED) for n, d in enumerate(in_order)]


_FIXED = 30  # problems of a list whose fixes are found


def editor_link(serving: PreviewOptions, path: str, line: int = 1, column: int = 1) -> str:
    """Return a URL that opens a file in the text editor."""
    place = quote((serving.root / path).as_posix(), safe="/", errors="surrogateescape")
    link = serving.editor.replace("{path}", place)
    return link.replace("{line}", str(line)).replace("{column}", str(column))


class ProblemGroup(NamedTuple):
    """Problems under one heading of the overlay."""

    heading: str
    problems: list[Problem]
    excess: list[str]  # lines on those that are not shown


def overlay(serving: PreviewOptions, shown: PageProblems | None, below: bool) -> str:
    """Return the overlay with the problems of a page, or "".

    `below` is whether a page of the site is visible behind the overlay."""
    if shown is None:
        return ""
    found = (*shown.own, *shown.others)
    said = as_errors(found) if found else "The build failed"
    if shown.failed:
        note = "The build failed, and all pages stay as they were." if below else ""
    else:
        note = "In unpublished files: they stop no build until they are published."
    own, others = _group(serving, shown.own), _group(serving, shown.others)
    groups = [
        ProblemGroup("On this page" if shown.own else "", *own),
        ProblemGroup("In other files" if shown.own else "", *others),
    ]
    return render(
        "overlay.html",
        groups=[group for group in groups if group.problems],
        summary=said,
        note=note,
        message=printable_lines(shown.message),
        quiet=not shown.failed and not shown.own,
    )


def as_errors(found: Iterable[Diagnostic]) -> str:
    """Return a summary in which errors of unpublished files are errors."""
    return summary(replace(d, decided="error") if d.held else d for d in found)


def _group(serving: PreviewOptions, found: Iterable[Diagnostic]) -> tuple[list[Problem], list[str]]:
    """Return the first problems of each code, and lines on the others."""
    ranks = ("error", "held", "warning")  # what stops the build comes first
    ranked = sorted(set(found), key=lambda d: (ranks.index("held" if d.held else d.severity), d))
    shown, excess = limited(ranked)
    lines = excess_as_text(excess).split("\n") if excess else []
    return [problem_of(serving, d) for d in shown], lines


def printable_lines(text: str) -> str:
    """Return text with control characters escaped in each line."""
    return "\n".join(map(printable, text.split("\n")))


class Attributes(NamedTuple):
    """The attributes of the script element on a page."""

    token: str  # identifies the page's content
    build: str  # the server's id and the number of its last build


def addition(
    serving: PreviewOptions,
    attributes: Attributes,
    badge: Badge | None = None,
    problems: PageProblems | None = None,
    below: bool = True,
) -> str:
    """Return the badge, overlay and script of a page, or ""."""
    if not (serving.reload or badge or problems):
        return ""
    return render(
        "addition.html",
        badge=badge,
        badge_link=editor_link(serving, badge.path) if badge else "",
        badge_desk=_page_at_desk(badge.path) if badge else "",
        overlay=overlay(serving, problems, below),
        script=attributes if serving.reload else None,
    )


def waiting_page(
    serving: PreviewOptions,
    attributes: Attributes,
    progress: Progress,
    problems: PageProblems | None,
) -> str:
    """Return the page to serve until the first build ends."""
    return render(
        "waiting.html",
        progress=progress,
        failed=problems is not None,
        reload=serving.reload,
        addition=addition(serving, attributes, problems=problems, below=False),
    )


def busy_page() -> str:
    """Return the page to serve if the desk is late."""
    return render("busy.html")


def desk_page(
    serving: PreviewOptions,
    attributes: Attributes,
    desk: Desk,
    base_path: str,
    token: str,
    created: str = "",
) -> str:
    """Return the page of the desk.

    Without a token, it has no forms."""
    problems = problems_of(serving, desk.problems)
    by_file = sorted(problems, key=lambda p: p.path)
    files = [(path, list(found)) for path, found in groupby(by_file, key=lambda p: p.path)]
    files.sort(key=lambda file: all(p.severity != "error" for p in file[1]))

    def link(path: str) -> str:
        return editor_link(serving, path)

    return render(
        "desk.html",
        brief_page=_page_at_desk,
        desk=desk,
        files=files,
        summary=summary(desk.problems) if problems else "",
        has_errors=any(p.severity == "error" for p in problems),
        base_path=base_path,
        editor=link,
        token=token,
        created=created if created.startswith("content/") else "",
        addition=addition(serving, attributes),
    )


def _page_at_desk(path: str, page: str = "brief/") -> str:
    """Return the address of a brief's page at the desk; empty for other records."""
    is_brief = path.startswith("content/briefs/")
    return f"{DESK}{page}?{urlencode({'file': path})}" if is_brief else ""


def with_addition(page: bytes, text: str) -> bytes:
    """Return a page with text inserted at the end of its body."""
    if not text:
        return page
    lower = page.lower()
    ends = (lower.rfind(b"</body>"), lower.rfind(b"</html>"), len(page))
    at = next(end for end in ends if end >= 0)
    return page[:at] + text.encode("utf-8", "replace") + page[at:]
