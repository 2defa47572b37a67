"""Mistakes in the settings of e-mail: what a form lacks, addresses that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from builder.content.mailboxes import read_mailbox
from builder.diagnostics.diagnostic import Finding
from builder.model.mail import FORM_FIELDS, ORIGIN, MailSettings, Subscribe
from builder.model.settings import Settings
from builder.patterns import pattern

_NAMES = {
    "name": pattern(r"[A-Za-z0-9_.-]+"),
    "list": pattern(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
}
_HINTS = {
    "name": "write it as in the address of the newsletter: `buttondown.com/NAME`",
    "list": "copy the UUID that listmonk shows under Lists: `1f2e3d4c-…`",
}


def check_mail(settings: Settings, subscribe: object = None) -> Iterator[Finding]:
    """Yield the mistakes in `subscribe` and `mail`.

    `subscribe` is the former as it is written: a value that cannot be read is not missing."""
    if settings.subscribe and isinstance(subscribe, Mapping) and subscribe.get("sender"):
        yield from _check_form(settings.subscribe, subscribe)
    yield from _check_sender(settings.mail)


def _check_form(form: Subscribe, given: Mapping[str, object]) -> Iterator[Finding]:
    needed, allowed = FORM_FIELDS[form.sender]
    every = {field for one, other in FORM_FIELDS.values() for field in (*one, *other)}
    for field in sorted(needed):
        if not getattr(form, field) and not given.get(field):
            message = f"`sender: {form.sender}` needs `{field}`"
            yield Finding("subscribe", "missing-key", message, f"add `{field}`")
    for field in sorted(every - needed - allowed):
        if getattr(form, field):
            message = f"`{field}` is not a field of `sender: {form.sender}`"
            yield Finding(f"subscribe.{field}#", "unknown-key", message, "remove it")
    for field in ("name", "list"):
        written = getattr(form, field)
        if written and field in needed and not _NAMES[field].fullmatch(written):
            what = "the name of a newsletter" if field == "name" else "the UUID of a list"
            message = f"`{written}` is not {what}"
            yield Finding(f"subscribe.{field}", "invalid-mail", message, _HINTS[field])
    if form.url and not ORIGIN.match(form.url):
        yield Finding("subscribe.url", "invalid-url", *_no_origin(form.url))


def _no_origin(url: str) -> tuple[str, str]:
    """Return why a form cannot be sent to an address, and what to write instead."""
    if not url.startswith("https://"):
        message = f"`{url}` cannot take the addresses of readers: it is not a secure address"
        return message, "write an address that begins with `https://` and a host"
    host = url.split("/")[2]
    if "@" in host:
        message = "the address has a user name or a password, which every reader would see"
        return message, "write the address without it"
    with suppress(UnicodeError):
        if not host.isascii():
            plain = host.encode("idna").decode()
            return f"the content security policy cannot name `{host}`", f"write it as `{plain}`"
    message = f"`{url}` cannot take the addresses of readers: `{host}` is not a host"
    return message, "write an address that begins with `https://` and a host"


def _check_sender(mail: MailSettings) -> Iterator[Finding]:
    given = (("from", mail.sender), ("reply_to", mail.reply_to), ("to", mail.to))
    for field, written in given:
        if written and not mail_address(written):
            message = f"`{written}` is not an e-mail address"
            hint = "write it as `news@example.org` or `Name <news@example.org>`"
            yield Finding(f"mail.{field}", "invalid-mail", message, hint)
    link = mail.unsubscribe
    if link and not is_leaving_address(link):
        message = f"`{link}` is not an address at which readers can unsubscribe"
        hint = "write one that begins with `https://` or `mailto:`"
        yield Finding("mail.unsubscribe", "invalid-mail", message, hint)


def is_leaving_address(text: str) -> bool:
    """Return whether readers can unsubscribe at an address (RFC 2369, 3.2)."""
    return text.isascii() and bool(re.fullmatch(r"(https://|mailto:)[!-;=?-~]+", text))


class MailAddress(NamedTuple):
    """An e-mail address and the name of its owner, which may be empty."""

    name: str
    bare: str  # such as `news@example.org`


_ADDRESS = pattern(r"(?:\"?(?P<name>[^<>\"]*?)\"? *<(?P<bare>[^<>]+)>|(?P<only>[^<> ]+))")


def mail_address(text: str) -> MailAddress | None:
    """Return an e-mail address, with or without a name, or None.

    Refuses what could add a header or a recipient (RFC 5322, 3.4, without comments and quoted
    names of mailboxes), and names of mailboxes beyond ASCII, which services do not take."""
    found = _ADDRESS.fullmatch(text.strip(" "))
    if found is None or not text.isprintable():
        return None
    bare = read_mailbox(found["bare"] or found["only"])
    return MailAddress(found["name"] or "", bare) if bare and bare.isascii() else None


def in_ascii(text: str) -> str:
    """Return an e-mail address, with any name, whose host is in ASCII."""
    found = mail_address(text)
    if found is None or text.isascii():
        return text
    before, _, host = text.rpartition("@")
    return f"{before}@{found.bare.partition('@')[2]}{'>' if host.rstrip().endswith('>') else ''}"
