"""`slugline build`."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder import __version__
from builder.cli.app import NOTHING_DUE
from builder.cli.console import ProgressBar, relative, say, show
from builder.cli.options import build_options, find_root, options_of

if TYPE_CHECKING:
    from builder.engine.options import Options
    from builder.engine.result import RenderedPage, Result
    from builder.site.due import Due


@click.command()
@build_options
@click.option("--base-url", metavar="URL", help="The site's address, instead of site.yaml's.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write. Without it: output/ in the site's folder.",
)
@click.option(
    "--explain",
    metavar="[PATH]",
    is_flag=False,
    flag_value="",
    help="Say why each page was rendered; or, of one page or file, what it is made of.",
)
@click.option("--clean", is_flag=True, help="Forget all earlier builds first.")
@click.option(
    "--verify",
    "verified",
    is_flag=True,
    help="Build again from nothing, elsewhere, and compare every byte.",
)
@click.option(
    "--fingerprint",
    "printed",
    is_flag=True,
    help="Print one digest of all files, to compare machines by.",
)
@click.option("--profile", is_flag=True, help="Print where the time went.")
@click.option(
    "--until-due",
    is_flag=True,
    help="Print only the moment when the next brief appears or expires; exit with 3 if none does.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
@click.pass_obj
def build(
    folder: Path | None,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    base_url: str | None,
    output: Path | None,
    explain: str | None,
    clean: bool,
    verified: bool,
    printed: bool,
    profile: bool,
    until_due: bool,
    quiet: bool,
) -> None:
    """Build the site into output/.

    Only what changed since the last build is read, planned and rendered. When there is a mistake
    in the content or in a template, every mistake is shown and output/ stays as it was.
    """
    from builder.engine.build import build as run

    # A build makes many small values and drops few: looking for cycles among them only costs.
    gc.disable()
    started = time.perf_counter()
    root = find_root(folder)
    quiet = quiet or until_due
    # Not resolved: an output folder that is a symbolic link is refused, not followed.
    target = Path(os.path.abspath(output or root / "output"))  # noqa: PTH100
    bar = None if quiet else ProgressBar()
    options = options_of(root, at, drafts, jobs, base_url, bar)
    options = options._replace(clean=clean, explain=explain is not None)
    try:
        result = run(root, target, options)
    finally:
        if bar:
            bar.close()
    # It lasts as long as the command: see `run`.
    click.get_current_context().meta["slugline.result"] = result
    if not quiet:
        _report(result, target, time.perf_counter() - started)
    if explain is not None:
        _explain(result, explain, root, target)
    if profile:
        _profile(result, started)
    if verified:
        _verify(root, target, options, quiet)
    if printed:
        from builder.engine.build import fingerprint

        say(fingerprint(target))
    if until_due:
        if result.due is None:
            raise click.exceptions.Exit(NOTHING_DUE)
        say(result.due.instant)


def _report(result: Result, target: Path, seconds: float) -> None:
    """Print the problems of a build, and a line that says what it did."""
    if result.problems:
        show(result.problems)
    for path in result.foreign:
        say(f"note: {target.name}/{path} is not Slugline's; it was left as it is")
    say(_closing_line(result, relative(target), seconds))
    if result.due:
        say(f"Due next: {due_line(result.due)}")


def _verify(root: Path, target: Path, options: Options, quiet: bool) -> None:
    from builder.engine.build import verify

    differing = verify(root, target, options._replace(progress=None))
    if differing:
        shown = "\n".join(f"  {line}" for line in differing[:20])
        more = f"\n  and {len(differing) - 20} more" if len(differing) > 20 else ""
        raise click.ClickException(
            f"{target.name}/ is not what a build from nothing makes:\n{shown}{more}\n"
            "`slugline build --clean` mends it. Please report it: it should never happen."
        )
    if not quiet:
        say(f"Verified: a build from nothing makes the same {target.name}/, byte for byte.")


# What each stage of a build does, for --profile.
_STAGES = {
    "look": "looking at files: what changed, what is in the output",
    "read": "reading and parsing content",
    "link": "linking names",
    "templates": "checking templates",
    "arrange": "lists, orders, related briefs",
    "compare": "finding what changed",
    "make": "planning and rendering pages",
    "check": "checking links between pages, sitemap",
    "write": "writing and publishing",
    "remember": "keeping what the next build needs",
}


def _profile(result: Result, started: float) -> None:
    """A table for bug reports."""
    import platform

    total = time.perf_counter() - started
    rows = [(name, result.seconds.get(name, 0.0), text) for name, text in _STAGES.items()]
    rows.append(("start", max(0.0, total - sum(result.seconds.values())), "starting, loading"))
    for name, seconds, text in rows:
        say(f"{seconds:8.3f} s {100 * seconds / total:4.0f}%  {name:<10} {text}")
    say(
        f"{total:8.3f} s in all; {result.parsed} files parsed, {len(result.rendered)} of"
        f" {result.pages} pages rendered; Slugline {__version__}, Python"
        f" {platform.python_version()}, {platform.system()}"
    )


def _explain(result: Result, path: str, root: Path, target: Path) -> None:
    """Why pages were rendered; of one page, or what comes from one file, also what it is made
    of."""
    rendered = {stale.url: stale for stale in result.rendered}
    if not path:
        for stale in result.rendered:
            say(f"{stale.url}: {_why(stale)}")
        for file in result.dropped:
            say(f"/{file.removesuffix('index.html')}: removed, nothing makes it any more")
        return
    asked = _asked(path, result, root, target)
    found = {
        url: made
        for url, made in result.made_of.items()
        if asked in (url, f"{url}index.html", made.origin, made.path)
    }
    if not found and asked in result.hidden:
        say(f"{asked} makes no page now: it is a draft, waits for its day, or has expired.")
        return
    if not found:
        from builder.names.suggest import did_you_mean

        origins = (made.origin for made in result.made_of.values())
        hint = did_you_mean(asked, [*result.made_of, *origins])
        hint = hint or "name a page (/briefs/…/) or a file of content/"
        raise click.UsageError(f"no page is called {path}, or comes from it; {hint}")
    for url, made in found.items():
        state = f"rendered: {_why(rendered[url])}" if url in rendered else "not rendered: as it was"
        say(f"{url}: {state}")
        say(f"  template {made.template}; made of:")
        for fact in made.facts:
            say(f"  - {fact}")


def _asked(path: str, result: Result, root: Path, target: Path) -> str:
    """A page's address, or a file's path below the site's folder, however it was written."""
    base_url = result.manifest.base_url if result.manifest else ""
    if base_url and path.startswith(f"{base_url}/"):
        return path.removeprefix(base_url)
    for folder, lead in ((target, "/"), (root, "")):
        try:
            below = Path(path).absolute().relative_to(folder.absolute()).as_posix()
        except ValueError:
            continue
        if Path(path).exists():
            return f"{lead}{below}".removesuffix("index.html")
    if (root / path).is_file() and not path.startswith("/"):
        return Path(path).as_posix()
    return path if path.startswith("/") else f"/{path}"


def _why(stale: RenderedPage) -> str:
    text = ", ".join(stale.reasons)
    if not stale.causes:
        return text
    more = f" and {len(stale.causes) - 3} more" if len(stale.causes) > 3 else ""
    return f"{text} (from: {'; '.join(stale.causes[:3])}{more})"


def _closing_line(result: Result, target: str, seconds: float) -> str:
    briefs = result.briefs
    rendered = len(result.rendered)
    what = f"{result.pages} pages from {briefs} brief{'' if briefs == 1 else 's'}"
    if rendered == result.pages:
        how = "all rendered"
    elif rendered:
        how = f"{rendered} rendered, {result.pages - rendered} unchanged"
    else:
        how = "nothing to render"
    removed = f", {len(result.dropped)} removed" if result.dropped else ""
    return f"Built {what} in {seconds:.1f} s ({how}{removed}). Open {target}/index.html"


def due_line(due: Due) -> str:
    """What falls due, and when in the site's time zone."""
    return f"{due.at:%Y-%m-%d %H:%M}  “{due.title}” {due.event}"
