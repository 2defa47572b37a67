"""A message as a file that e-mail programs and servers take (RFC 5322, MIME).

The same message is the same bytes: its date is that of the news, and its identity and the boundary
of its parts come from its content. Pictures stay on the site, by their absolute addresses: inside,
they would make each copy larger than what Gmail shows, and services take no attachments."""

from __future__ import annotations

from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from builder.content.mail_fields import MailAddress, in_ascii
from builder.mail.message import Message
from builder.model.mail import MailSettings


def message_bytes(
    message: Message,
    html: str,
    text: str,
    host: str,
    sender: MailAddress | None,
    mail: MailSettings,
    to: MailAddress | None = None,
) -> bytes:
    """Return a message with its headers.

    Lines end with CRLF. Without a sender it is from `no-reply` at the site's host."""
    made = EmailMessage(policy=SMTP)
    made["From"] = _address(sender or MailAddress("", f"no-reply@{host}"))
    if to:
        made["To"] = _address(to)
    if mail.reply_to:
        made["Reply-To"] = in_ascii(mail.reply_to)
    made["Subject"] = message.subject
    made["Date"] = format_datetime(message.at.astimezone(UTC))
    made["Message-ID"] = message_id(message, host)
    if mail.unsubscribe:
        made["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
    made.set_content(text, cte="quoted-printable")
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = message.lang
    made.set_boundary(f"=_{message.digest}")
    return made.as_bytes()


def message_id(message: Message, host: str) -> str:
    """Return the identity by which programs notice a second copy."""
    return f"<{message.key}.{message.digest[:16]}@{host}>"


def _address(address: MailAddress) -> Address:
    return Address(address.name, addr_spec=address.bare)
