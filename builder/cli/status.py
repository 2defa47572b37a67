"""`slugline status` and `slugline hosting`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.build import due_line
from builder.cli.console import relative, say
from builder.cli.options import find_root, options_of

if TYPE_CHECKING:
    from builder.site.desk import DeskBrief


@click.command()
@click.option("--at", metavar="MOMENT", help="As of this moment: 2025-06-15 09:00.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site was built. Without it: output/ in the site's folder.",
)
@click.pass_obj
def status(folder: Path | None, at: str | None, output: Path | None) -> None:
    """Show drafts, scheduled changes and the last build.

    Builds nothing. `slugline check` reports problems.
    """
    from builder.diagnostics.report import summary
    from builder.engine.status import read_status

    root = find_root(folder)
    target = output or root / "output"
    found = read_status(root, target, options_of(root, at, False, None))
    say(found.desk.now)
    if found.desk.problems:
        say(f"{summary(found.desk.problems)}: see `slugline check`")
    if found.built is None:
        say(f"{relative(target)}/ has not been built yet")
    else:
        when = f"{found.built:%Y-%m-%d %H:%M}"
        say(f"{relative(target)}/ has {found.files} files and last changed {when}")
    for due in found.missed:
        say(f"  since then: {due_line(due)}")
    if found.missed:
        say("  `slugline build` makes it so")
    say("")
    say("Due next" if found.due else "Nothing falls due.")
    for due in found.due[:_MOST_DUE]:
        say(f"  {due_line(due)}  {due.path}")
    if len(found.due) > _MOST_DUE:
        say(f"  and {len(found.due) - _MOST_DUE} more")
    _list_briefs("Drafts", found.desk.drafts)
    _list_briefs("Scheduled", found.desk.scheduled)
    _list_briefs("About to expire", found.desk.expiring)
    _list_briefs("Saved last", found.desk.changed[:5])
    for title, names in (
        ("Companies without a profile", found.desk.companies),
        ("Topics of one brief", found.desk.topics),
    ):
        if names:
            shown = ", ".join(name.name for name in names[:_MOST_DUE])
            more = f" and {len(names) - _MOST_DUE} more" if len(names) > _MOST_DUE else ""
            say("")
            say(f"{title} ({len(names)})")
            say(f"  {shown}{more}")


_MOST_DUE = 10  # lines of a list


def _list_briefs(title: str, briefs: tuple[DeskBrief, ...]) -> None:
    if briefs:
        say("")
        say(f"{title} ({len(briefs)})")
    for brief in briefs[:_MOST_DUE]:
        say(f"  {brief.date}  “{brief.title}”  {brief.path}")
    if len(briefs) > _MOST_DUE:
        say(f"  and {len(briefs) - _MOST_DUE} more")


@click.command()
@click.argument("server", type=click.Choice(["caddy", "nginx"]), required=False)
@click.option(
    "--root",
    "served",
    metavar="DIR",
    default="/var/www/site",
    show_default=True,
    help="The site's folder on the server.",
)
@click.option(
    "--base-url", metavar="URL", help="The site's address (default: `base_url` of site.yaml)."
)
@click.pass_obj
def hosting(folder: Path | None, server: str | None, served: str, base_url: str | None) -> None:
    """Print the configuration of a web server.

    SERVER is caddy or nginx; without it, the one that site.yaml names as `hosting`. The
    configuration sets types, caching, redirects and security headers. Print it again after adding
    a redirect, or a script to a template.
    """
    from builder.content.config import read_config
    from builder.engine.status import read_hosted
    from builder.hosting.servers import CONFIGURATIONS, HOST_FILES

    root = find_root(folder)
    server = server or read_config(root).settings.hosting or ""
    if server in HOST_FILES:
        raise click.UsageError(
            f"for {server}, `slugline build` writes {' and '.join(HOST_FILES[server])} into"
            " output/; there is nothing to print"
        )
    if not server:
        raise click.UsageError("name a server, caddy or nginx, or set `hosting` in site.yaml")
    if re.search(r"[\s;{}\"'#$]", served):
        raise click.BadParameter("it has a character that a server reads", param_hint="--root")
    hosted = read_hosted(root, options_of(root, None, False, None, base_url))
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?", hosted.base_url):
        raise click.ClickException(
            f"{hosted.base_url} has a character that a server reads; write it in ASCII, as in xn--…"
        )
    click.echo(CONFIGURATIONS[server](hosted, served.rstrip("/")), nl=False)
