"""Delivers a message to a mail server: to a mailing list, or to a test address."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import suppress
from typing import NamedTuple

from builder.diagnostics.report import printable
from builder.mail.problem import MailError, UnknownOutcome
from builder.mail.services import LOOPBACK, key_from

SECONDS = 60  # of silence
_TLS = 465  # the port on which a connection is secure from its beginning (RFC 8314)


class MailServer(NamedTuple):
    """A server that takes messages, from the environment."""

    host: str
    port: int
    user: str
    password: str


def mail_server() -> MailServer:
    """Return the server that SMTP_HOST names. Raises MailError if none is named."""
    (host,) = key_from("SMTP_HOST")
    port = os.environ.get("SMTP_PORT", "").strip() or "587"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise MailError("SMTP_PORT is not the number of a port, such as 587")
    user = os.environ.get("SMTP_USER", "").strip()
    return MailServer(host, int(port), user, os.environ.get("SMTP_PASSWORD", ""))


def deliver(server: MailServer, sender: str, to: str, message: bytes, name: str) -> None:
    """Deliver a message once.

    `name` is that of this machine for the server. Raises MailError if the server refuses it, and
    UnknownOutcome if it may have taken it."""
    try:
        session = _connect(server, name)
    except (OSError, smtplib.SMTPException) as error:
        why = _why(error)
        where = f"{server.host}:{server.port}"
        raise MailError(f"{where} cannot be used: {why}; nothing was sent") from None
    try:
        _hand_over(session, server, sender, to, message)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            session.quit()


def _connect(server: MailServer, name: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.port == _TLS:
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=SECONDS, context=context
        )
    else:
        session = smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)
    try:
        _log_in(session, server, context)
    except (OSError, smtplib.SMTPException):
        session.close()
        raise
    return session


def _log_in(session: smtplib.SMTP, server: MailServer, context: ssl.SSLContext) -> None:
    """Secure a connection and log in. A password never travels unencrypted to another machine."""
    session.ehlo()
    if server.port != _TLS and session.has_extn("starttls"):
        session.starttls(context=context)
        session.ehlo()
    elif server.port != _TLS and server.host not in LOOPBACK:
        raise smtplib.SMTPException("it offers no encryption (STARTTLS)")
    if server.user:
        session.login(server.user, server.password)


def _hand_over(
    session: smtplib.SMTP, server: MailServer, sender: str, to: str, message: bytes
) -> None:
    try:
        for code, reply in (session.mail(sender), session.rcpt(to)):
            if code not in (250, 251):
                raise MailError(f"{server.host} refuses {_reply(code, reply)}; nothing was sent")
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            f"{server.host} ended the connection: {_why(error)}; nothing was sent"
        ) from None
    try:
        code, reply = session.data(message)
    except smtplib.SMTPDataError as error:
        said = _reply(error.smtp_code, error.smtp_error)
        raise MailError(f"{server.host} refuses {said}; nothing was sent") from None
    except (OSError, smtplib.SMTPException) as error:
        raise UnknownOutcome(f"{server.host} gave no answer: {_why(error)}") from None
    if code != 250:
        raise MailError(f"{server.host} refuses {_reply(code, reply)}; nothing was sent")


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"it: {code} {' '.join(printable(text).split())[:200]}"


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "it refuses SMTP_USER and SMTP_PASSWORD"
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "it takes too long"
    return " ".join(printable(str(error) or type(error).__name__).split())[:200]
