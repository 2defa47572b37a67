"""The pipeline, read top to bottom: read, link, plan, compare, render, write."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from builder.config import Config, read_config
from builder.content import MediaFile, read_content
from builder.diagnostics import ContentError, Diagnostic
from builder.manifest import (
    Entry,
    Fingerprints,
    Manifest,
    bytes_digest,
    program,
    read_manifest,
    reasons,
)
from builder.output import (
    OutputError,
    check_place,
    foreign_files,
    heal,
    locked,
    present,
    publish,
    refuse_foreign,
)
from builder.pages import plan_site
from builder.pages.page import Page
from builder.parallel import default_jobs, map_ordered
from builder.render import Asset, Renderer
from builder.site import Site, link

# Told which stage runs, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


class Options(NamedTuple):
    """What a build is told besides the site's folder."""

    now: datetime
    base_url: str = ""  # instead of site.yaml's
    drafts: bool = False
    jobs: int = 0  # 0: as many as there are processors
    progress: Progress | None = None


class Checked(NamedTuple):
    """A site that can be built, and what is to be said of it (warnings)."""

    config: Config
    site: Site
    pages: list[Page]
    assets: dict[str, Asset]
    renderer: Renderer
    problems: tuple[Diagnostic, ...]


class Stale(NamedTuple):
    """A page to render, and why."""

    page: Page
    reasons: tuple[str, ...]


class Result(NamedTuple):
    """What a build did."""

    site: Site
    pages: int
    rendered: tuple[Stale, ...]
    dropped: tuple[str, ...]
    foreign: tuple[str, ...]
    problems: tuple[Diagnostic, ...]
    size: int  # bytes of the whole output


def check(root: Path, options: Options) -> Checked:
    """Read, link and plan the site in `root`. Raises ContentError with every diagnostic, the
    warnings too, when there is an error."""
    try:
        return _check(root, options)
    except ContentError as error:
        raise ContentError(with_excerpts(root, error.diagnostics)) from None


def _check(root: Path, options: Options) -> Checked:
    config = read_config(root, options.base_url)
    jobs = options.jobs or default_jobs()
    content = read_content(root, config, jobs, _stage(options.progress, "Reading"))
    site, problems = link(content, config, options.now, options.drafts)
    problems = [*config.problems, *content.problems, *problems]
    renderer = Renderer(root, config.settings.base_url, config.base_path)
    problems += renderer.check()
    assets = renderer.assets()
    pages, more = plan_site(site, {name: asset.url for name, asset in assets.items()})
    problems = with_excerpts(root, sorted({*problems, *more}))
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(problems)
    return Checked(config, site, pages, assets, renderer, tuple(problems))


def build(root: Path, output: Path, options: Options) -> Result:
    """Build the site in `root` into `output`. Raises ContentError when there is an error in the
    content or a template, OutputError when the output cannot be written; both times the output
    is as it was."""
    checked = check(root, options)
    with locked(output):
        heal(output)
        check_place(output)
        old = read_manifest(output)
        return _write(output, checked, old, options)


def _write(output: Path, checked: Checked, old: Manifest, options: Options) -> Result:
    there = present(output, old)
    stale, entries = compare(checked, old, there)
    jobs = options.jobs or default_jobs()
    progress = _stage(options.progress, "Rendering", len(stale))
    renderer = checked.renderer
    rendered = map_ordered(lambda item: renderer.render(item.page), stale, jobs, progress)
    _raise_failures(checked, rendered)
    changed: dict[str, bytes] = {}
    for item, data in zip(stale, rendered, strict=True):
        assert isinstance(data, bytes)
        path = item.page.path
        entry = entries[path] = replace(entries[path], digest=bytes_digest(data), size=len(data))
        # What was rendered anew and came out the same is not written again.
        if path not in there or old.files[path].digest != entry.digest:
            changed[path] = data
    for path, source in _copies(checked):
        try:
            data = source.read_bytes()
        except OSError as error:
            raise OutputError(
                f"{source} cannot be read any more ({error.strerror}); {output.name}/ is as it was"
            ) from error
        entry = entries[path] = Entry(bytes_digest(data), len(data))
        if path not in there or old.files[path].digest != entry.digest:
            changed[path] = data
    new = Manifest(program=program(), base_url=checked.config.settings.base_url, files=entries)
    dropped = tuple(sorted(old.files.keys() - new.files.keys()))
    foreign = foreign_files(output, old, new)
    if changed or new != old:
        refuse_foreign(output, old, new)
        publish(output, new, changed, foreign)
    size = sum(entry.size for entry in entries.values())
    return Result(
        checked.site, len(checked.pages), tuple(stale), dropped, foreign, checked.problems, size
    )


def compare(
    checked: Checked, old: Manifest, there: set[str]
) -> tuple[list[Stale], dict[str, Entry]]:
    """The stale pages with the reasons, and an entry for every page."""
    stale: list[Stale] = []
    entries: dict[str, Entry] = {}
    fingerprints = Fingerprints()
    other_program = bool(old.files) and old.program != program()
    for page in checked.pages:
        path = page.path
        before = old.files.get(path)
        fields = fingerprints.of(page)
        closure = checked.renderer.closure(page.template)
        why = reasons(before, page, closure, fields)
        if before is not None and path not in there:
            why.append("its file was missing or had changed")
        if before is not None and other_program:
            why.append("the program changed")
        if why or before is None:
            stale.append(Stale(page, tuple(why)))
            entries[path] = Entry("", 0, page.template, closure, fields)
        else:
            entries[path] = before
    return stale, entries


def _copies(checked: Checked) -> Iterable[tuple[str, Path]]:
    """Files that are published as they are: path in the output, and source."""
    site = checked.site
    media: Iterable[MediaFile] = (site.media[name] for name in sorted(site.published_media))
    yield from ((f"media/{file.path}", file.source) for file in media)
    yield from ((asset.url.lstrip("/"), asset.source) for asset in checked.assets.values())


def _stage(progress: Progress | None, name: str, total: int = 0) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda done: progress(name, done, total)


def with_excerpts(root: Path, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics, each with the line that it is about."""
    lines: dict[str, list[str]] = {}
    found = []
    for d in diagnostics:
        if not d.excerpt:
            if d.path not in lines:
                try:
                    # What a link leads to is nobody's business, and a pipe would be waited for.
                    if not stat.S_ISREG((root / d.path).lstat().st_mode):
                        raise OSError
                    text = (root / d.path).read_bytes()[: 1 << 20].decode("utf-8", "replace")
                except OSError:
                    text = ""
                lines[d.path] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            if 0 < d.line <= len(lines[d.path]) and "\0" not in lines[d.path][d.line - 1]:
                d = replace(d, excerpt=lines[d.path][d.line - 1])
        found.append(d)
    return found


def check_pages(root: Path, options: Options) -> tuple[Diagnostic, ...]:
    """Everything that `build` would find, without writing: every page is rendered."""
    checked = check(root, options)
    render = checked.renderer.render
    jobs = options.jobs or default_jobs()
    _raise_failures(checked, map_ordered(lambda page: _failure(render(page)), checked.pages, jobs))
    return checked.problems


def _failure(rendered: bytes | Diagnostic) -> Diagnostic | None:
    return rendered if isinstance(rendered, Diagnostic) else None


def _raise_failures(checked: Checked, rendered: Iterable[object]) -> None:
    """Raise ContentError when pages could not be rendered: one diagnostic for each line of a
    template that failed, with the first page on which it did."""
    failures: dict[tuple[str, int], Diagnostic] = {}
    for found in rendered:
        if isinstance(found, Diagnostic):
            failures.setdefault((found.path, found.line), found)
    if failures:
        raise ContentError([*checked.problems, *failures.values()])
