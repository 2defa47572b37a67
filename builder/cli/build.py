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
from builder.cli.console import ProgressBar, list_allowed, relative, say, show
from builder.cli.options import build_options, find_root, make_options

if TYPE_CHECKING:
    from builder.engine.options import Options
    from builder.engine.result import RenderedPage, Result
    from builder.site.due import Due


@click.command()
@build_options
@click.option("--base-url", metavar="URL", help="Base URL of the site (default: from site.yaml).")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Output folder (default: output/ in the site's folder).",
)
@click.option(
    "--explain",
    metavar="[PATH]",
    is_flag=False,
    flag_value="",
    help="Explain why each page was rendered, or list the inputs of one page or file.",
)
@click.option(
    "--preview",
    is_flag=True,
    help="Build for colleagues: with a banner, closed to search engines.",
)
@click.option("--allow-empty", is_flag=True, help="Let the site lose its last brief.")
@click.option("--clean", is_flag=True, help="Discard the cache and build everything.")
@click.option(
    "--verify",
    "verified",
    is_flag=True,
    help="Build again in a temporary folder, from scratch, and compare every byte.",
)
@click.option(
    "--fingerprint",
    "printed",
    is_flag=True,
    help="Print a digest of all output files, to compare builds on different machines.",
)
@click.option("--profile", is_flag=True, help="Print how long each stage took.")
@click.option(
    "--until-due",
    is_flag=True,
    help="Print only the time of the next scheduled change; exit with 3 if there is none.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing except problems.")
@click.pass_obj
def build(
    folder: Path | None,
    at: str | None,
    drafts: bool,
    jobs: int | None,
    base_url: str | None,
    output: Path | None,
    explain: str | None,
    preview: bool,
    allow_empty: bool,
    clean: bool,
    verified: bool,
    printed: bool,
    profile: bool,
    until_due: bool,
    quiet: bool,
) -> None:
    """Build the site into output/.

    Reads, plans and renders only what has changed since the last build. If the content or a
    template has errors, reports all of them and leaves output/ unchanged.
    """
    from builder.engine.build import build as run

    # A build creates many small objects and frees few, so collecting cycles is wasted time.
    gc.disable()
    started = time.perf_counter()
    root = find_root(folder)
    quiet = quiet or until_due
    # Not resolved, so that a symbolic link as the output folder is refused, not followed.
    target = Path(os.path.abspath(output or root / "output"))  # noqa: PTH100
    bar = None if quiet else ProgressBar()
    options = make_options(root, at, drafts, jobs, base_url, bar, preview)
    options = options._replace(allow_empty=allow_empty, clean=clean, explain=explain is not None)
    try:
        result = run(root, target, options)
    finally:
        if bar:
            bar.close()
    # Keep the result alive until the command exits; see `run`.
    click.get_current_context().meta["slugline.result"] = result
    if not quiet:
        show_fresh(result, root)
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
    if until_due or not quiet:
        warn_of_due(result)
    if until_due:
        if result.due is None:
            raise click.exceptions.Exit(NOTHING_DUE)
        say(result.due.instant)


def _report(result: Result, target: Path, seconds: float) -> None:
    """Print what the user should know of a build, and a closing line."""
    list_allowed(result.allowed.errors())
    for path in result.foreign:
        say(f"note: {target.name}/{path} was not written by Slugline; it stays unchanged")
    say(_closing_line(result, relative(target), seconds))
    if result.due:
        say(f"Next scheduled change: {due_line(result.due)}")


def show_fresh(result: Result, root: Path) -> None:
    """Print the problems of what was built, and count the others."""
    from builder.diagnostics.report import summary

    fresh, rest = result.problems.within(result.fresh), result.problems.outside(result.fresh)
    if fresh:
        show(fresh, root)
    if rest:
        more = "more " if fresh else ""
        click.echo(
            f"{summary(rest, more)} that this build did not read again; to see all,"
            " run `slugline check`",
            err=True,
        )


def warn_of_due(result: Result) -> None:
    """Warn if the next scheduled brief has errors that will stop builds."""
    due = result.due
    held = result.problems.within({due.path}).number_held() if due else 0
    if due and held:
        number = f"{held} error{'' if held == 1 else 's'}"
        click.echo(
            f"warning: from {due.at:%Y-%m-%d %H:%M} on, no build will succeed: {due.path} is"
            f" published then and has {number}",
            err=True,
        )


def _verify(root: Path, target: Path, options: Options, quiet: bool) -> None:
    from builder.engine.build import verify

    differing = verify(root, target, options._replace(progress=None))
    if differing:
        shown = "\n".join(f"  {line}" for line in differing[:20])
        more = f"\n  and {len(differing) - 20} more" if len(differing) > 20 else ""
        raise click.ClickException(
            f"{target.name}/ differs from a build from scratch:\n{shown}{more}\n"
            "Run `slugline build --clean` to repair it, and please report this as a bug."
        )
    if not quiet:
        say(f"Verified: {target.name}/ is identical to a build from scratch.")


# The stages of a build, for --profile.
_STAGES = {
    "look": "finding modified files in content and output",
    "read": "reading and parsing content",
    "link": "linking names",
    "templates": "checking templates",
    "arrange": "sorting lists, finding related briefs",
    "compare": "finding stale pages",
    "make": "planning and rendering pages",
    "check": "checking links between pages and the sitemap",
    "write": "writing the output",
    "remember": "saving the cache",
}


def _profile(result: Result, started: float) -> None:
    """Print how long each stage took, as a table for bug reports."""
    import platform

    total = time.perf_counter() - started
    rows = [(name, result.seconds.get(name, 0.0), text) for name, text in _STAGES.items()]
    rows.append(
        (
            "start",
            max(0.0, total - sum(result.seconds.values())),
            "starting Python, loading modules",
        )
    )
    for name, seconds, text in rows:
        say(f"{seconds:8.3f} s {100 * seconds / total:4.0f}%  {name:<10} {text}")
    slow, quick = result.site.content.texts if result.site else (0, 0)
    if texts := slow + quick:
        say(f"{quick} of {texts} texts took the quick reading of Markdown")
    say(
        f"{total:8.3f} s in total; {result.parsed} files parsed, {len(result.rendered)} of"
        f" {result.pages} pages rendered; Slugline {__version__}, Python"
        f" {platform.python_version()}, {platform.system()}"
    )


def _explain(result: Result, path: str, root: Path, target: Path) -> None:
    """Print why pages were rendered, or the inputs of one page or file."""
    rendered = {stale.url: stale for stale in result.rendered}
    if not path:
        for stale in result.rendered:
            say(f"{stale.url}: {_why(stale)}")
        for file in result.dropped:
            say(f"/{file.removesuffix('index.html')}: removed: nothing generates it any more")
        return
    wanted = _normalize(path, result, root, target)
    found = {
        url: made
        for url, made in result.made_of.items()
        if wanted in (url, f"{url}index.html", made.origin, made.path)
    }
    if not found and wanted in result.hidden:
        say(f"{wanted} has no page now: it is a draft, is scheduled, or has expired.")
        return
    if not found:
        from builder.names.suggest import did_you_mean

        origins = (made.origin for made in result.made_of.values())
        hint = did_you_mean(wanted, [*result.made_of, *origins])
        hint = hint or "give the address of a page (/briefs/…/) or a file of content/"
        raise click.UsageError(f"`{path}` is neither a page nor the source of one; {hint}")
    for url, made in found.items():
        state = (
            f"rendered: {_why(rendered[url])}" if url in rendered else "not rendered: up to date"
        )
        say(f"{url}: {state}")
        say(f"  template {made.template}; inputs:")
        for fact in made.facts:
            say(f"  - {fact}")


def _normalize(path: str, result: Result, root: Path, target: Path) -> str:
    """Return a page's address or a file's path as the build names it."""
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
    """Return a scheduled change as text, in the site's time zone."""
    return f"{due.at:%Y-%m-%d %H:%M}  “{due.title}” {due.event}"
