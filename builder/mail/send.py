"""Sends a message: a draft first, then a test, then readers, and never twice.

What was sent is known from two places: the ledger of this machine, and the service itself, which
knows an edition by its key. The service has the last word. A mailing list behind a mail server has
none, so there only the ledger, and the identity of the message, keep readers from a second copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from builder.content.mail_fields import mail_address
from builder.mail.eml import message_bytes
from builder.mail.ledger import Ledger, Sent, Stage
from builder.mail.message import Message
from builder.mail.payloads import plain_copy
from builder.mail.problem import MailError, UnknownOutcome
from builder.mail.services import Buttondown, DraftService, Listmonk, Remote
from builder.mail.smtp import MailServer, deliver, mail_server
from builder.model.mail import MailSettings

SERVICES: Mapping[str, Callable[[MailSettings], DraftService]] = MappingProxyType(
    {"buttondown": Buttondown, "listmonk": Listmonk}
)
SENDERS = (*SERVICES, "smtp")


class Sending(NamedTuple):
    """An edition that may be sent: its message, and what is known of it."""

    message: Message
    ledger: Ledger
    key: str  # under which the service knows it
    known: Sent
    remote: Remote | None  # the draft that the service has


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _again(what: str) -> str:
    return f"{what}. To send it once more all the same, add --again"


def prepare(
    root: Path, name: str, service: DraftService | None, message: Message, again: bool
) -> Sending:
    """Return what is known of an edition at a service.

    Raises MailError if it was sent, or may have been, unless it is to be sent `again`."""
    ledger, key = Ledger(root, message.key, name), message.key
    known = ledger.read() or Sent(stage="draft", at="")
    title = service.name if service else "the mail server"
    if known.stage == "damaged" and not again:
        raise MailError(
            _again(
                f"{ledger.place} is damaged or was not written by you, so nobody knows whether"
                f" {key} was sent; look at {title}"
            )
        )
    key = known.key or key
    remote = service.find(key) if service else None
    is_sent = known.stage == "sent" or (remote is not None and remote.state == "sent")
    if is_sent and not again:
        if known.stage != "sent" and remote:
            known = Sent(stage="sent", at=_now(), id=remote.id, key=key)
            ledger.write(known)
            raise MailError(_again(f"{title} has already sent {message.key}, as it says itself"))
        raise MailError(_again(f"{message.key} was sent on {known.at[:10]} with {title}"))
    if known.stage == "sending" and not again:
        there = "still has a draft of it" if remote else "cannot be asked"
        at = known.at[:16].replace("T", " ")
        raise MailError(
            _again(
                f"at {at} UTC {title} got the request to send {message.key}, and gave no answer; it"
                f" {there}. Look there whether readers have it"
            )
        )
    if is_sent and service:  # a service takes no second message under one key
        key = f"{message.key}-again-{message.digest[:8]}"
        remote, known = service.find(key), Sent(stage="draft", at="")
        if remote and remote.state == "sent":
            raise MailError(f"{title} has sent this very message a second time already")
    return Sending(message, ledger, key, known, remote)


def keep_draft(sending: Sending, service: DraftService) -> Sending:
    """Create or update the draft at a service."""
    message, key = sending.message, sending.key
    tested = sending.known.tested if sending.known.tested == message.digest else ""
    known = _note(sending, "creating", sending.remote.id if sending.remote else "", tested)
    remote = sending.remote
    if remote is None:
        remote = service.create(message, key)
    else:
        service.update(remote.id, message, key)
    known = _note(sending, "draft", remote.id, tested)
    return sending._replace(remote=remote, known=known)


def send_test(sending: Sending, service: DraftService, address: str) -> Sending:
    """Send the draft to a test address."""
    assert sending.remote
    service.test(sending.remote.id, sending.message, sending.key, address)
    known = _note(sending, "draft", sending.remote.id, sending.message.digest)
    return sending._replace(known=known)


def send_to_readers(sending: Sending, service: DraftService) -> None:
    """Send the draft to all readers."""
    assert sending.remote
    number, tested = sending.remote.id, sending.known.tested
    _note(sending, "sending", number, tested)
    try:
        service.send(number)
    except UnknownOutcome:
        raise
    except MailError:
        _note(sending, "draft", number, tested)
        raise
    _note(sending, "sent", number, tested)


def _note(sending: Sending, stage: Stage, number: str, tested: str) -> Sent:
    known = Sent(
        stage=stage,
        at=_now(),
        id=number,
        key=sending.key,
        digest=sending.message.digest,
        tested=tested,
    )
    sending.ledger.write(known)
    return known


# --- a mail server -----------------------------------------------------------------------------


class Delivery(NamedTuple):
    """A message for a mail server, with the addresses on its envelope."""

    server: MailServer
    sender: str
    to: str
    host: str  # of the site
    mail: MailSettings


def prepare_delivery(mail: MailSettings, host: str, address: str = "") -> Delivery:
    """Return how a message is delivered.

    It goes to the mailing list, or to a test address. Raises MailError if site.yaml or the
    environment lacks something."""
    sender = mail_address(mail.sender)
    if sender is None:
        raise MailError("site.yaml lacks the sender: `mail: {from: Name <news@example.org>}`")
    to = mail_address(address or mail.to)
    if to is None:
        raise MailError("site.yaml lacks the address of a mailing list: `mail: {to: …}`")
    if not mail.unsubscribe and not address:
        raise MailError(
            "readers must be able to unsubscribe: give --unsubscribe ADDRESS, or set"
            " `mail: {unsubscribe: …}` in site.yaml"
        )
    return Delivery(mail_server(), sender.bare, to.bare, host, mail)


def deliver_message(sending: Sending, delivery: Delivery, is_test: bool) -> None:
    """Deliver a message to a mailing list, or a test."""
    message, mail = sending.message, delivery.mail
    copy = plain_copy(message, mail.unsubscribe)
    data = message_bytes(
        message,
        copy.html,
        copy.text,
        delivery.host,
        mail_address(mail.sender),
        mail,
        mail_address(delivery.to),
    )
    known = sending.known
    to = (delivery.server, delivery.sender, delivery.to, data, delivery.host)
    if is_test:
        deliver(*to)
        sending.ledger.write(
            replace(known, at=known.at or _now(), tested=message.digest)
            if known.stage != "damaged"
            else Sent(stage="draft", at=_now(), tested=message.digest)
        )
        return
    _note(sending, "sending", "", known.tested)
    try:
        deliver(*to)
    except UnknownOutcome:
        raise
    except MailError:
        _note(sending, "draft", "", known.tested)
        raise
    _note(sending, "sent", "", known.tested)
