"""`slugline evidence`."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.console import ProgressBar, relative, say
from builder.cli.options import find_root

if TYPE_CHECKING:
    import threading

    from builder.content.config import Config
    from builder.evidence.finding import ReportFinding
    from builder.evidence.reports import CitedReport
    from builder.evidence.run import EvidenceOptions, EvidenceRun

NEEDS_EDITOR = 3  # an exit code


@click.command()
@click.argument("brief", nargs=-1)
@click.option("--since", metavar="DATE", help="Ask only about briefs of this day or later.")
@click.option("--save", is_flag=True, help="Have the Internet Archive capture what has no copy.")
@click.option("--keep", is_flag=True, help="Keep copies of your own in evidence/.")
@click.option("--no-archive", is_flag=True, help="Look for no copies in the Internet Archive.")
@click.option("--again", is_flag=True, help="Ask also what was asked within the last 20 hours.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@click.option(
    "--ci",
    "runner",
    type=click.Choice(["github", "gitlab"]),
    help="Ask nothing, and add a workflow that does so every week.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.pass_obj
def evidence(
    folder: Path | None,
    brief: tuple[str, ...],
    since: str | None,
    save: bool,
    keep: bool,
    no_archive: bool,
    again: bool,
    dry_run: bool,
    runner: str | None,
    style: str,
) -> None:
    """Check that sources exist, and still say what you quote.

    Asks the address of each source, finds a copy in the Internet Archive, and writes it into the
    record as `archive`. Lists what is gone, has moved, or no longer says the `words` that you
    quote. BRIEF limits this to some records, given by slug or file.

    An interrupted run goes on where it stopped. Exits with code 3 if an editor must look at
    something.
    """
    from builder.content.config import read_config
    from builder.evidence.reports import cited_reports
    from builder.evidence.run import EvidenceOptions
    from builder.evidence.services import ACCESS_KEY, SECRET_KEY, authorization

    if save and not authorization():
        raise click.UsageError(
            f"--save needs your keys of archive.org in {ACCESS_KEY} and {SECRET_KEY};"
            " https://archive.org/account/s3.php shows them"
        )
    root = find_root(folder)
    if runner:
        _add_workflow(root, runner)
        return
    config = read_config(root)
    now = datetime.now(UTC)
    options = EvidenceOptions(now, not dry_run, not no_archive, save, keep, again)
    reports = cited_reports(root, config, now, _paths(root, brief), _day(since, config))
    for path in reports.unreadable:
        click.echo(f"note: {path} cannot be read; run `slugline check`", err=True)
    findings = _ask(root, config, options, reports.found)
    _print(findings, style, dry_run, now)
    answered = {f.verdict.outcome for f in findings} - {"no-host", "unavailable"}
    if findings and not answered:
        raise click.ClickException("no source gave an answer; is this computer online?")
    if any(finding.urgent for finding in findings):
        click.get_current_context().exit(NEEDS_EDITOR)


def _add_workflow(root: Path, runner: str) -> None:
    from builder.editing.new import CannotCreate
    from builder.editing.workflows import EVIDENCE_WORKFLOWS, write_workflows

    try:
        written = write_workflows(root, EVIDENCE_WORKFLOWS[runner])
    except CannotCreate as error:
        raise click.UsageError(str(error)) from None
    for path in written.new:
        say(f"Wrote {relative(root / path)}")
    for path in written.kept:
        say(f"Kept {relative(root / path)}, which exists")
    say("`slugline help evidence` describes what the workflow needs.")


def _paths(root: Path, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of records that are given by slug or file."""
    from builder.content.files import record_files
    from builder.content.walk import walk_content
    from builder.names.suggest import did_you_mean

    if not given:
        return ()
    known = [file.path for file in record_files(walk_content(root), [])]
    stems = {Path(path).stem: path for path in known}
    found = []
    for name in given:
        here = Path(name).resolve()
        path = here.relative_to(root.resolve()).as_posix() if _is_below(here, root) else name
        if path not in known and name not in stems:
            hint = did_you_mean(name, stems)
            raise click.UsageError(f"no record is called `{name}`{f'; {hint}' if hint else ''}")
        found.append(path if path in known else stems[name])
    return tuple(found)


def _is_below(path: Path, root: Path) -> bool:
    return path.is_relative_to(root.resolve())


def _day(text: str | None, config: Config) -> datetime | None:
    """Return --since as a moment in the site's time zone."""
    from builder.content.time_fields import read_moment
    from builder.diagnostics.misread import Misread

    if text is None:
        return None
    try:
        return read_moment(text, config.zone).at
    except Misread as misread:
        raise click.BadParameter(f"{misread}; {misread.hint}", param_hint="--since") from None


def _ask(
    root: Path, config: Config, options: EvidenceOptions, reports: tuple[CitedReport, ...]
) -> list[ReportFinding]:
    """Ask about every report, with a progress bar."""
    import threading

    stop = threading.Event()
    run = _run(root, config, options, stop)
    findings: list[ReportFinding] = []
    bar = ProgressBar()
    try:
        for finding in run.ask(reports):
            findings.append(finding)
            bar.show("asking sources", len(findings), len(reports))
    except KeyboardInterrupt:
        bar.close()
        done = f"{len(findings)} of {len(reports)}"
        click.echo(f"\n{done} reports are done; run the command again to go on.", err=True)
        raise
    finally:
        stop.set()
        bar.close()
        if run.asker.cache:
            run.asker.cache.tidy()
    return findings


def _run(
    root: Path, config: Config, options: EvidenceOptions, stop: threading.Event
) -> EvidenceRun:
    """Return a run with its clients."""
    from builder.evidence import services
    from builder.evidence.clipped import clipped_texts
    from builder.evidence.run import EvidenceRun, Stopped
    from builder.evidence.wayback import Wayback
    from builder.fetch.cache import ReplyCache
    from builder.fetch.client import Client, user_agent
    from builder.store import FETCHED, FOLDER, make_folder

    def wait(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopped

    agent = user_agent(str(config.settings.base_url))
    cache = None
    if options.write:
        with suppress(OSError):
            make_folder(root / FOLDER)
            cache = ReplyCache(root / FOLDER / FETCHED)
    wire, manners = services.WIRE, services.MANNERS
    asker = Client(agent, robots=True, cache=cache, wire=wire, manners=manners.asked, wait=wait)
    client = Client(agent, wire=wire, manners=manners.archive, wait=wait)
    archive = Wayback(client, services.SERVICES, services.authorization(), wait)
    return EvidenceRun(root, asker, archive, options, stop, lambda key: clipped_texts(root, key))


def _print(findings: list[ReportFinding], style: str, dry: bool, now: datetime) -> None:
    from builder.evidence.finding import as_data
    from builder.evidence.summary import summary, totals

    if style == "json":
        data = {"asked_at": now.isoformat(), "reports": [as_data(f) for f in findings]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in summary(findings, now):
        say(line)
    say(totals(findings, dry))
