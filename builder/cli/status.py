"""`slugline status` and `slugline hosting`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.build import due_line
from builder.cli.console import ProgressBar, list_allowed, relative, say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.site.desk import DeskBrief, DeskName


@click.command()
@click.option(
    "--at", metavar="MOMENT", help="Show the status as of this time, such as 2025-06-15 09:00."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Output folder (default: output/ in the site's folder).",
)
@click.pass_obj
def status(folder: Path | None, at: str | None, output: Path | None) -> None:
    """Show drafts, scheduled changes and the last build.

    Checks the site without writing it, and counts the problems that `slugline check` lists.
    """
    from builder.diagnostics.report import summary
    from builder.engine.status import read_status

    root = find_root(folder)
    target = output or root / "output"
    bar = ProgressBar()
    try:
        found = read_status(root, target, make_options(root, at, False, None, None, bar))
    finally:
        bar.close()
    wrong = Counter(d.path for d in found.desk.problems if d.severity == "error")
    say(found.desk.now)
    if found.desk.problems:
        say(f"{summary(found.desk.problems)}; run `slugline check`")
    list_allowed(found.secrets)
    if found.built is None:
        say(f"{relative(target)}/ does not contain a build yet")
    else:
        when = f"{found.built:%Y-%m-%d %H:%M}"
        say(f"{relative(target)}/ has {found.files} files; last change: {when}")
    for due in found.missed:
        say(f"  since then: {due_line(due)}")
    if found.missed:
        say("  Run `slugline build` to publish these changes.")
    say("")
    say("Scheduled changes" if found.due else "No scheduled changes.")
    for due in found.due[:_MOST_DUE]:
        say(f"  {due_line(due)}  {due.path}")
        if due.event == "is published" and (number := wrong[due.path]):
            errors = f"{number} error{'' if number == 1 else 's'}"
            say(f"    It has {errors}: from then on, no build will succeed.")
    if len(found.due) > _MOST_DUE:
        say(f"  and {len(found.due) - _MOST_DUE} more")
    _list_briefs("Waiting for review", found.desk.review)
    _list_briefs("Drafts", found.desk.drafts)
    _list_briefs("Scheduled briefs", found.desk.scheduled)
    _list_briefs("Expiring soon", found.desk.expiring)
    _list_briefs("Leading briefs that rest on one report", found.desk.one_report)
    _list_briefs("Overdue expectations, to settle in a later brief", found.desk.overdue)
    _list_waiting(found.desk.waiting)
    _list_briefs("Recently saved", found.desk.changed[:5])
    for title, names in (
        ("Companies without a profile", found.desk.companies),
        ("Topics used once", found.desk.topics),
    ):
        if names:
            shown = ", ".join(name.name for name in names[:_MOST_DUE])
            more = f" and {len(names) - _MOST_DUE} more" if len(names) > _MOST_DUE else ""
            say("")
            say(f"{title} ({len(names)})")
            say(f"  {shown}{more}")


_MOST_DUE = 10  # lines of a list


def _list_lines(title: str, lines: Sequence[str]) -> None:
    if lines:
        say("")
        say(f"{title} ({len(lines)})")
    for line in lines[:_MOST_DUE]:
        say(f"  {line}")
    if len(lines) > _MOST_DUE:
        say(f"  and {len(lines) - _MOST_DUE} more")


def _list_briefs(title: str, briefs: Iterable[DeskBrief]) -> None:
    lines = ([b.date, f"“{b.title}” {b.note}".strip(), b.path] for b in briefs)
    _list_lines(title, ["  ".join(line) for line in lines])


def _list_waiting(records: Iterable[DeskName]) -> None:
    _list_lines("Unpublished records", [f"{r.name}: {r.note}  {r.path}" for r in records])


@click.command()
@click.argument("server", type=click.Choice(["caddy", "nginx"]), required=False)
@click.option(
    "--root",
    "served",
    metavar="DIR",
    default="/var/www/site",
    show_default=True,
    help="Folder of the site's files on the server.",
)
@click.option("--base-url", metavar="URL", help="Base URL of the site (default: from site.yaml).")
@click.option("--preview", is_flag=True, help="For a preview, which search engines may not list.")
@click.pass_obj
def hosting(
    folder: Path | None, server: str | None, served: str, base_url: str | None, preview: bool
) -> None:
    """Print the configuration of a web server.

    SERVER is caddy or nginx (default: `hosting` in site.yaml). The configuration sets media types,
    caching, redirects and security headers. Run the command again after you add a redirect, or a
    script to a template.
    """
    from builder.content.config import read_config
    from builder.engine.status import read_hosted
    from builder.hosting.servers import CONFIGURATIONS, HOST_FILES

    root = find_root(folder)
    server = server or read_config(root).settings.hosting or ""
    if server in HOST_FILES:
        raise click.UsageError(
            f"nothing to print for {server}: `slugline build` writes"
            f" {' and '.join(HOST_FILES[server])} to output/"
        )
    if not server:
        raise click.UsageError("give a server (caddy or nginx), or set `hosting` in site.yaml")
    if re.search(r"[\s;{}\"'#$]", served):
        raise click.BadParameter(
            "it contains a character with a meaning in the configuration", param_hint="--root"
        )
    hosted = read_hosted(root, make_options(root, None, False, None, base_url, None, preview))
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?", hosted.base_url):
        raise click.ClickException(
            f"{hosted.base_url} contains characters with a meaning in the configuration;"
            " write it in ASCII, as in xn--…"
        )
    click.echo(CONFIGURATIONS[server](hosted, served.rstrip("/")), nl=False)
