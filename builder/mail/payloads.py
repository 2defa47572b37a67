"""A message in the form that each service takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from builder.content.mail_fields import in_ascii, mail_address
from builder.mail.elements import Element, as_html, parse
from builder.mail.eml import message_bytes
from builder.mail.message import Message
from builder.mail.text import message_text
from builder.model.mail import MailSettings
from builder.pages.mail import UNSUBSCRIBE

# What services replace in a message: expressions of Django and Go templates, and variables between
# percent signs. A text that has such signs must stay text.
_BRACES = re.compile(r"\{(?=[{%#])")
_PERCENT = re.compile(r"%(?=[a-z_]*(?:recipient|unsubscribe))|%(?=%\{)", re.IGNORECASE)
_STYLE = re.compile(r"(<style\b.*?</style>)", re.DOTALL | re.IGNORECASE)


class Placeholder(NamedTuple):
    """How a service writes the address to unsubscribe, and the signs that it replaces."""

    unsubscribe: str  # empty if the service adds the sentence itself
    signs: re.Pattern[str]


PLACEHOLDERS: Mapping[str, Placeholder] = MappingProxyType(
    {
        "buttondown": Placeholder("{{ unsubscribe_url }}", _BRACES),
        "listmonk": Placeholder("{{ UnsubscribeURL }}", _BRACES),
        "mailgun": Placeholder("%unsubscribe_url%", _PERCENT),
        "ghost": Placeholder("", _PERCENT),
    }
)


class ServiceCopy(NamedTuple):
    """The subject, the HTML and the text of a message for one service."""

    subject: str
    html: str
    text: str


def copy_for(message: Message, service: str) -> ServiceCopy:
    """Return a message for a service, with its placeholder.

    The service leaves the signs in its texts alone."""
    place = PLACEHOLDERS[service]
    html = message.html if place.unsubscribe else without_unsubscribe(message.html)
    text = message.text if place.unsubscribe else message_text(html)
    pieces = _STYLE.split(html)
    for n, piece in enumerate(pieces):
        is_style = n % 2 == 1  # which has no character references
        pieces[n] = place.signs.sub(
            lambda found: f"{found[0]} " if is_style else f"&#{ord(found[0])};",  # noqa: B023
            piece,
        )
    return ServiceCopy(
        place.signs.sub(_apart, message.subject),
        "".join(pieces).replace(UNSUBSCRIBE, place.unsubscribe),
        place.signs.sub(_apart, text).replace(UNSUBSCRIBE, place.unsubscribe),
    )


def _apart(found: re.Match[str]) -> str:
    return f"{found[0]}\u2060"  # a word joiner, which has no width


def plain_copy(message: Message, unsubscribe: str) -> ServiceCopy:
    """Return a message with a fixed address to unsubscribe, or none."""
    if unsubscribe:
        html = message.html.replace(UNSUBSCRIBE, unsubscribe.replace("&", "&amp;"))
        return ServiceCopy(message.subject, html, message.text.replace(UNSUBSCRIBE, unsubscribe))
    html = without_unsubscribe(message.html)
    return ServiceCopy(message.subject, html, message_text(html))


def without_unsubscribe(html: str) -> str:
    """Return HTML without the sentence that has the address to unsubscribe."""
    root = parse(html)
    for element in root.walk():
        element.inside = [
            child
            for child in element.inside
            if not (isinstance(child, Element) and child.tag == "p" and _leaves(child))
        ]
    return as_html(root)


def _leaves(paragraph: Element) -> bool:
    return any(e.given.get("href") == UNSUBSCRIBE for e in paragraph.walk())


# --- the bodies of requests --------------------------------------------------------------------


def buttondown(message: Message, mail: MailSettings, key: str) -> dict[str, Any]:
    """Return the body of `POST /v1/emails` of Buttondown, for a draft."""
    copy = copy_for(message, "buttondown")
    return {
        "subject": copy.subject,
        "body": f"<!-- buttondown-editor-mode: fancy -->{copy.html}",
        "status": "draft",
        "template": "naked",
        "slug": key,
        "description": message.preview[:300],
        "canonical_url": message.url,
        "metadata": {"slugline": key},
    }


def listmonk(message: Message, mail: MailSettings, key: str) -> dict[str, Any]:
    """Return the body of `POST /api/campaigns` of listmonk."""
    copy = copy_for(message, "listmonk")
    reply = [{"Reply-To": in_ascii(mail.reply_to)}] if mail.reply_to else []
    return {
        "name": f"slugline {key}",
        "subject": copy.subject,
        "lists": [*mail.lists],
        "type": "regular",
        "content_type": "html",
        "body": copy.html,
        "altbody": copy.text,
        "messenger": "email",
        "tags": ["slugline", key],
        **({"from_email": in_ascii(mail.sender)} if mail.sender else {}),
        **({"template_id": mail.template} if mail.template else {}),
        **({"headers": reply} if reply else {}),
    }


def ghost(message: Message, mail: MailSettings, key: str) -> dict[str, Any]:
    """Return the body of `POST /ghost/api/admin/posts/?source=html` of Ghost, for a draft."""
    copy = copy_for(message, "ghost")
    card = f"<!--kg-card-begin: html-->\n{copy.html}\n<!--kg-card-end: html-->"
    post = {
        "title": copy.subject,
        "slug": key,
        "html": card,
        "status": "draft",
        "email_only": True,
        "custom_excerpt": message.preview[:300],
        "canonical_url": message.url,
    }
    return {"posts": [post]}


def mailgun(message: Message, mail: MailSettings, key: str) -> dict[str, Any]:
    """Return the form fields of `POST /v3/DOMAIN/messages` of Mailgun."""
    copy = copy_for(message, "mailgun")
    return {
        "from": in_ascii(mail.sender),
        "to": in_ascii(mail.to),
        "subject": copy.subject,
        "html": copy.html,
        "text": copy.text,
        "o:tag": key,
        "h:List-Unsubscribe": "<%unsubscribe_url%>",
        **({"h:Reply-To": in_ascii(mail.reply_to)} if mail.reply_to else {}),
    }


Body = Callable[[Message, MailSettings, str], dict[str, Any]]
BODIES: Mapping[str, Body] = MappingProxyType(
    {"buttondown": buttondown, "listmonk": listmonk, "ghost": ghost, "mailgun": mailgun}
)


def encoded(body: dict[str, Any]) -> bytes:
    """Return a body as JSON."""
    return json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def files_of(message: Message, mail: MailSettings, host: str) -> dict[str, bytes]:
    """Return every form of a message by the name of its file.

    `host` is that of the site, for the identity of the message."""
    plain = plain_copy(message, mail.unsubscribe)
    sender = mail_address(mail.sender)
    eml = message_bytes(message, plain.html, plain.text, host, sender, mail)
    files = {
        f"{message.key}.html": plain.html.encode("utf-8"),
        f"{message.key}.txt": plain.text.encode("utf-8"),
        f"{message.key}.eml": eml,
    }
    for name, body in BODIES.items():
        files[f"{message.key}.{name}.json"] = encoded(body(message, mail, message.key))
    return files
