"""Decides which requests may clip: those of the desk's own forms, and of its bookmarklet.

A bookmarklet runs in the page of another site, whose scripts can read its key. So the key lets
nobody write: it only makes the desk show what it found, in a window of its own. What is written is
what an editor then sends with the desk's own form and its token (`gate`). A page that has stolen
the key can make that window appear again, and no more.

The request of a bookmarklet opens a page in its own window (`protection`) and comes from the site
whose address it names. Its `Origin` is `null` if that site is secure, because the preview is not
(Fetch, 3.2.4)."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path

from starlette.requests import Request

from builder.content.urls import split_address
from builder.machine_key import machine_key, seal
from builder.serve.desk.form_body import PostedForm
from builder.serve.desk.gate import TOKEN, OwnForms, WriteRefusal

KEY = "key"  # the name of the field
_ELSEWHERE = ("cross-site", "same-site")
_ORIGIN = re.compile(r"https?://[^/?#\s]{1,300}", re.IGNORECASE)


class ClipGate:
    """The gate of the desk's clip form: its own posts, and those of the bookmarklet."""

    def __init__(self, own: OwnForms, root: Path) -> None:
        self._own = own
        self.key = _key_of(root)

    def refuse(self, request: Request) -> WriteRefusal | None:
        """Return why a request is refused, by its headers."""
        if not is_bookmarklet(request):
            return self._own.refuse(request)
        origins = request.headers.getlist("origin")
        own = f"{request.scope['scheme']}://{request.headers['host']}".lower()
        if len(origins) != 1 or origins[0].lower() == own or not _is_origin(origins[0]):
            return WriteRefusal(403, "Only the bookmarklet of the desk can clip from another site.")
        return None

    def admits(self, form: PostedForm) -> bool:
        """Return whether a form has the token, or some key.

        The form that gets it checks the key (`has_key`) and says what is wrong with it."""
        return self.has_token(form) or (bool(form.all(KEY)) and not form.all(TOKEN))

    def has_token(self, form: PostedForm) -> bool:
        """Return whether a form is the desk's own."""
        return self._own.admits(form)

    def has_key(self, form: PostedForm) -> bool:
        """Return whether a form has the key of this site's bookmarklet."""
        given = form.all(KEY)
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.key.encode())


def is_bookmarklet(request: Request) -> bool:
    """Return whether a browser says that a request comes from another site."""
    said = request.headers.getlist("sec-fetch-site")
    return len(said) == 1 and said[0] in _ELSEWHERE


def is_from(request: Request, address: str) -> bool:
    """Return whether the page of an address can have sent a request."""
    origin = request.headers.get("origin", "").lower()
    parts = split_address(address)
    return origin == "null" or (
        parts is not None and origin == f"{parts.scheme}://{parts.netloc}".lower()
    )


def _is_origin(text: str) -> bool:
    return text == "null" or _ORIGIN.fullmatch(text) is not None


def _key_of(root: Path) -> str:
    """Return the key of a site's bookmarklet, which lasts as long as the key of this user."""
    key = machine_key()
    if key is None:
        return secrets.token_urlsafe(16)
    return seal(key, "bookmarklet", os.fsencode(root.resolve())).hex()
