"""Addresses at which readers report errors and reply: of a mailbox or a form."""

from __future__ import annotations

import re
from typing import Any

from builder.content.mailboxes import read_mailbox
from builder.content.urls import split_address
from builder.diagnostics.misread import Misread
from builder.names.suggest import did_you_mean
from builder.patterns import pattern

PLACEHOLDERS = ("id", "title", "anchor", "about", "url")
FEEDBACK_SCHEMA: dict[str, Any] = {"type": "string", "pattern": "^(https?://|mailto:|[^@/]+@)"}
_PLACEHOLDER = pattern(r"\{([^{}]*)\}")


def read_feedback(text: str) -> str:
    """Return a mailbox or the address of a form.

    Raises Misread for anything else."""
    mailbox = text.removeprefix("mailto:")
    if "://" not in text and "@" in mailbox:
        found = read_mailbox(mailbox)
        if found and "." in found.partition("@")[2]:
            return found
        hint = "write a single address, as in `desk@news.example`; the site adds the subject"
        raise Misread("invalid-url", f"`{text}` is not an e-mail address", hint)
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            named = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
            near = did_you_mean(name, PLACEHOLDERS) or f"use one of {named}"
            raise Misread("invalid-url", f"`{{{name}}}` stands for nothing in this address", near)
    plain = _PLACEHOLDER.sub("x", text)
    parts = split_address(plain)
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "write an e-mail address, or the address of a form with https://"
        raise Misread("invalid-url", f"`{text}` is not an address for readers", hint)
    if re.search(r"[\s<>\"{}|\\^`]", plain):
        hint = "copy it from the browser"
        raise Misread("invalid-url", f"`{text}` is not a web address", hint)
    if parts.username is not None:
        message = "the address has a user name or a password, which every reader would see"
        raise Misread("invalid-url", message, "write the address without it")
    host = text.partition("://")[2]
    if "{" in re.split(r"[/?#]", host, maxsplit=1)[0]:
        hint = "use placeholders after the host only"
        raise Misread("invalid-url", "a placeholder cannot be part of a host", hint)
    return text
