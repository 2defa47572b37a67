"""`slugline mail`: a digest, a brief or the latest news as an e-mail, and its sending."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from builder.cli.console import relative, say
from builder.cli.options import find_root, make_options

if TYPE_CHECKING:
    from builder.engine.opened import OpenSite
    from builder.mail.message import Choice, Message
    from builder.mail.send import Sending
    from builder.mail.services import DraftService
    from builder.model.mail import MailSettings
    from builder.model.settings import Settings

_SENDERS = ("buttondown", "listmonk", "smtp")


class MailOptions(NamedTuple):
    """The options that all kinds of messages share."""

    folder: Path | None
    without: tuple[str, ...]
    most: int | None
    edition: str
    subject: str
    sender: str | None
    address: str | None
    now: bool
    again: bool
    untested: bool
    unsubscribe: str
    yes: bool


def _mail_options(command: Any) -> Any:
    """Add the options of `MailOptions` to a command."""
    for option in (
        click.option(
            "--to",
            "folder",
            type=click.Path(path_type=Path, file_okay=False),
            help="Folder to write into (default: .slugline/mail/ in the site's folder).",
        ),
        click.option(
            "--without",
            multiple=True,
            metavar="PART",
            help="Leave out a part, such as numbers or summaries. Can be repeated.",
        ),
        click.option(
            "--most",
            type=click.IntRange(1, 1000),
            help="Show only this many briefs, the most important ones.",
        ),
        click.option(
            "--edition",
            default="",
            metavar="TAG",
            help="Edition, such as nl (default: the main one).",
        ),
        click.option("--subject", default="", help="Subject (default: the headline)."),
        click.option(
            "--send",
            "sender",
            type=click.Choice(_SENDERS),
            help="Hand the message to this service, as a draft if it has drafts.",
        ),
        click.option("--test", "address", metavar="ADDRESS", help="Send it to this address alone."),
        click.option("--now", is_flag=True, help="Send the draft to all readers."),
        click.option(
            "--again", is_flag=True, help="Send an edition that was sent, or may have been."
        ),
        click.option(
            "--untested", is_flag=True, help="Send it to readers although no test was sent."
        ),
        click.option(
            "--unsubscribe",
            default="",
            metavar="ADDRESS",
            help="Where readers of a mailing list unsubscribe (for smtp).",
        ),
        click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation."),
    ):
        command = option(command)
    return command


@click.group()
def mail() -> None:
    """Make an e-mail of a digest or a brief, and send it.

    Writes the message as HTML, as text, as .eml, and as the requests that Buttondown, listmonk,
    Ghost and Mailgun take. With --send, hands it to a service: first as a draft, then with --test
    to yourself, then with --now to all readers, and never twice. Keys are read from the
    environment.
    """


@mail.command()
@click.argument("week", required=False)
@_mail_options
@click.pass_obj
def digest(folder: Path | None, /, week: str | None, **given: Any) -> None:
    """Make the digest of a week.

    WEEK is written as in 2025-w24 (default: the last week that is over and has briefs).
    """
    from builder.mail.message import last_week, make_digest

    def make(site: OpenSite, choice: Choice) -> Message:
        return make_digest(site, week or last_week(site), choice)

    _run(folder, given, make)


@mail.command()
@click.argument("slug")
@_mail_options
@click.pass_obj
def brief(folder: Path | None, /, slug: str, **given: Any) -> None:
    """Make a message of one brief.

    SLUG is its slug, or its file.
    """
    from builder.mail.message import make_brief

    name = Path(slug).stem

    def home(site: OpenSite) -> OpenSite:
        """Return the edition that has the brief."""
        editions = (site, *site.others.values())
        return next((edition for edition in editions if f"brief {name}" in edition.tasks), site)

    _run(folder, given, lambda site, choice: make_brief(site, name, choice), home)


@mail.command()
@click.argument("date")
@_mail_options
@click.pass_obj
def since(folder: Path | None, /, date: str, **given: Any) -> None:
    """Make a message of all briefs since a day.

    DATE is written as in 2025-06-09.
    """
    from datetime import date as day

    from builder.mail.message import make_news

    try:
        first = day.fromisoformat(date)
    except ValueError:
        raise click.UsageError(f"`{date}` is not a day; write it as in 2025-06-09") from None
    _run(folder, given, lambda site, choice: make_news(site, first, choice))


def _run(
    folder: Path | None,
    given: dict[str, Any],
    make: Callable[[OpenSite, Choice], Message],
    home: Callable[[OpenSite], OpenSite] = lambda site: site,
) -> None:
    """Make a message, write its files, and send it if that is asked for.

    `home` returns the edition of what the message is about."""
    from msgspec.structs import replace

    from builder.engine.opened import open_site
    from builder.mail.message import Choice
    from builder.mail.services import test_address
    from builder.model.values import Line

    root, options = find_root(folder), MailOptions(**given)
    if not options.sender and (options.address or options.now or options.again):
        services = f"{', '.join(_SENDERS[:-1])} or {_SENDERS[-1]}"
        raise click.UsageError(f"--test, --now and --again need --send with {services}")
    if options.address and options.now:
        raise click.UsageError("--test and --now are two steps: read the test first")
    if options.address:
        test_address(options.address)
    site = open_site(root, make_options(root, None, False, None))
    site = home(in_edition(site, options.edition))
    settings = site.plan.settings.mail
    if options.unsubscribe:
        settings = replace(settings, unsubscribe=Line(_leaving(options.unsubscribe)))
    message = make(site, Choice(options.without, options.most or 0, options.subject))
    _write(root, options.folder, message, settings, site.plan.settings)
    for note in _unpublished(root, site, message):
        click.echo(f"note: {note}", err=True)
    if options.sender:
        _send(root, site, message, settings, options)


def in_edition(site: OpenSite, tag: str) -> OpenSite:
    """Return an edition of a site by its language tag."""
    from builder.names.suggest import did_you_mean

    found = site.edition(tag)
    if found is None:
        known = [site.plan.language, *site.others]
        hint = did_you_mean(tag, known) or f"the editions are {', '.join(known)}"
        raise click.UsageError(f"there is no edition `{tag}`; {hint}")
    return found


def _leaving(text: str) -> str:
    from builder.content.mail_fields import is_leaving_address

    if not is_leaving_address(text):
        raise click.UsageError(
            "--unsubscribe takes an address that begins with https:// or mailto:"
        )
    return text


# --- files -------------------------------------------------------------------------------------


def _write(
    root: Path, folder: Path | None, message: Message, mail: MailSettings, settings: Settings
) -> None:
    from builder.content.urls import host_of
    from builder.mail.payloads import files_of
    from builder.safe_files import make_folders, replace_file
    from builder.store import FOLDER, MAIL, make_folder

    if folder is None:
        make_folder(root / FOLDER)
        place = make_folders(root / FOLDER, f"{MAIL}/{message.key}")
    else:
        place = own_folder(root, folder)
    files = files_of(message, mail, host_of(settings.base_url) or "localhost")
    for name, data in files.items():
        replace_file(place / name, [data])
    size = len(files[f"{message.key}.html"])
    say(f"{message.key}: {message.subject}")
    say(f"  {size / 1024:.0f} KB of HTML; Gmail shows up to 102 KB")
    say(f"  written to {relative(place)}/: {', '.join(n.removeprefix(message.key) for n in files)}")


def own_folder(root: Path, folder: Path) -> Path:
    """Return the folder of --to, which is not part of the site."""
    place, site = folder.resolve(), root.resolve()
    for name in ("output", ".output.spare", "content", "templates"):
        if place.is_relative_to(site / name):
            raise click.UsageError(
                f"{relative(place)} is in {name}/, which a build reads or writes; choose another"
            )
    place.mkdir(parents=True, exist_ok=True)
    return place


def _unpublished(root: Path, site: OpenSite, message: Message) -> Iterator[str]:
    """Yield notes on pages that the message leads to, and that readers do not have."""
    from builder.output.inventory import holds
    from builder.output.manifest import read_manifest

    output = root / "output"
    built = read_manifest(output).files
    pages = dict(map(site.written, message.tasks))
    old = [p for p, digest in pages.items() if p not in built or built[p].digest != digest]
    if old:
        yield f"output/ lacks the present version of {_named(old)}; build and deploy it first"
        return
    from builder.deploy.archive import ReleaseArchive

    for name, target in site.plan.settings.deploy.items():
        if target.preview:
            continue
        archive = ReleaseArchive(root, name)
        ids = sorted(archive.releases())
        last = archive.read_record(ids[-1]) if ids else None
        if last is None:
            yield f"this machine has deployed nothing to {name}; is the site there up to date?"
            continue
        late = [
            path
            for path in pages
            if path not in last.files or not holds(output / path, last.files[path].digest)
        ]
        if late:
            yield f"{name} lacks the present version of {_named(late)}; deploy it first"


def _named(paths: list[str]) -> str:
    first = f"/{paths[0].removesuffix('index.html')}"
    more = len(paths) - 1
    return f"{first} and {more} more page{'s' if more > 1 else ''}" if more else first


# --- sending -----------------------------------------------------------------------------------


def _send(
    root: Path, site: OpenSite, message: Message, mail: MailSettings, options: MailOptions
) -> None:
    from builder.mail.problem import UnknownOutcome
    from builder.mail.send import SERVICES, prepare

    name = options.sender or ""
    service = SERVICES[name](mail) if name in SERVICES else None
    try:
        if service:
            sending = prepare(root, name, service, message, options.again)
            _to_service(sending, service, options)
        else:
            _to_server(root, site, message, mail, options)
    except UnknownOutcome as error:
        raise click.ClickException(
            f"{error}. Nobody knows yet whether it was carried out. Run the same command again: it"
            " looks first, and sends nothing twice"
        ) from None


def _to_service(sending: Sending, service: DraftService, options: MailOptions) -> None:
    from builder.mail.send import keep_draft, send_test, send_to_readers

    has = "the draft that it has is replaced" if sending.remote else "a new draft"
    say(f"{service.name}: {has}")
    if options.address:
        say(f"  then a test to {options.address}")
    if options.now:
        _need_test(sending, options)
        say(f"  then to {service.readers}")
    if not _is_confirmed(options):
        return
    sending = keep_draft(sending, service)
    if options.address:
        sending = send_test(sending, service, options.address)
        say(f"{service.name} sends a test to {options.address}.")
    if options.now:
        send_to_readers(sending, service)
        say(f"{service.name} sends {sending.message.key} to {service.readers}.")
    elif not options.address:
        say(f"{service.name} has the draft. Send it there, or with --test ADDRESS and then --now.")


def _to_server(
    root: Path, site: OpenSite, message: Message, mail: MailSettings, options: MailOptions
) -> None:
    from builder.content.urls import host_of
    from builder.mail.send import deliver_message, prepare, prepare_delivery

    host = host_of(site.plan.settings.base_url) or "localhost"
    delivery = prepare_delivery(mail, host, options.address or "")
    is_test = options.address is not None
    sending = prepare(root, "smtp", None, message, options.again or is_test)
    say(f"{delivery.server.host}: one message from {delivery.sender} to {delivery.to}")
    if not is_test:
        _need_test(sending, options)
    if not _is_confirmed(options):
        return
    deliver_message(sending, delivery, is_test)
    say(f"{delivery.server.host} has taken {'the test' if is_test else message.key}.")


def _need_test(sending: Sending, options: MailOptions) -> None:
    """Exit if readers would be the first to see this very message."""
    tested = sending.known.tested == sending.message.digest
    if not tested and not options.untested:
        raise click.ClickException(
            "nobody has seen a test of this very message: send one with --test ADDRESS, or add"
            " --untested"
        )


def _is_confirmed(options: MailOptions) -> bool:
    if options.yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("Nothing was sent; add --yes to send it.")
        return False
    return click.confirm("Go on?", default=False)
