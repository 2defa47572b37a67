"""Decides which requests may write: those of the preview's own forms, on this machine.

Every site that is open in a browser can post to a preview, and so can the scripts of the site that
it shows, which has the same origin. Each of the following refuses some of them:

- A preview that listens on the network writes nothing.
- `Host` is a name of this machine, so DNS rebinding does not help (`host_check`).
- `Origin` is the preview's own, and `Sec-Fetch-Site` says so too.
- The request opens a page in its own window. A script can send others (`protection`).
- The form has the token of this process. Only the desk's pages show it; their opener policy and
  the headers that they want of a request keep scripts of the site from reading them."""

from __future__ import annotations

import hmac
import secrets
from typing import NamedTuple, Protocol

from starlette.requests import Request

from builder.serve.desk.form_body import PostedForm
from builder.serve.host_check import is_loopback
from builder.serve.messages import PreviewOptions

TOKEN = "token"  # the name of the field


class WriteRefusal(NamedTuple):
    """Why a request may not write: a status of HTTP, and a sentence."""

    status: int
    text: str


class Gate(Protocol):
    """A rule on who may post to an address."""

    def refuse(self, request: Request) -> WriteRefusal | None:
        """Return why a request is refused by its headers, if it is."""

    def admits(self, form: PostedForm) -> bool:
        """Return whether the token of a form is right."""


def can_write(serving: PreviewOptions) -> bool:
    """Return whether a preview writes; one that others can reach does not."""
    return is_loopback(serving.host)


class OwnForms:
    """The gate of the desk's own forms, with a token for the life of the process."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)

    def refuse(self, request: Request) -> WriteRefusal | None:
        """Return why a request is refused, by its headers."""
        headers = request.headers
        origins = headers.getlist("origin")
        own = f"{request.scope['scheme']}://{headers['host']}".lower()
        if origins != [own] or headers.getlist("sec-fetch-site") != ["same-origin"]:
            return WriteRefusal(
                403, "Only the forms of the desk can write: open the desk, and use them."
            )
        return None

    def admits(self, form: PostedForm) -> bool:
        """Return whether a form has the token."""
        given = form.all(TOKEN)
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.token.encode())


def refuse_any(request: Request, serving: PreviewOptions) -> WriteRefusal | None:
    """Return why no request to this preview, or from there, may write."""
    if not can_write(serving):
        return WriteRefusal(
            403,
            "The preview is visible to the network (--host), so it is read-only. To write, start it"
            " without --host.",
        )
    client = request.client
    if client is None or not is_loopback(client.host):
        return WriteRefusal(403, "Only this computer can write.")
    return None
