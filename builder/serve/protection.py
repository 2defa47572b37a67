"""What other sites, frames and a page's own scripts may do with a preview: nothing.

Only forms of the desk post anywhere, and only to the desk (`desk/gate`).

A browser requests any address of the preview for any site that is open beside it. That site cannot
read the answer, but whether it loads, and how long that takes, says whether a draft exists. And
the scripts of a page, which its templates bring along, could read the desk, which has the same
origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from starlette.types import Message, Send

from builder.hosting.headers import DRAWING_POLICY, type_of
from builder.serve.page_templates import DESK, PREFIX

_FRAMES = "frame-ancestors 'none'"
_OWN = f"default-src 'none'; style-src 'self'; base-uri 'none'; {_FRAMES}"
# What a browser says of a request (W3C, Fetch Metadata Request Headers). `same-site` is another
# port of this machine, where somebody else's program may listen.
_ELSEWHERE = ("cross-site", "same-site")


def is_visit(headers: Mapping[str, str]) -> bool:
    """Return whether a browser opens a page in its own window.

    It also does if the program that asks is not a browser, or one that says nothing."""
    said = headers.get("sec-fetch-dest", "document"), headers.get("sec-fetch-mode", "navigate")
    return said == ("document", "navigate") and "sec-purpose" not in headers


def is_refused(headers: Mapping[str, str]) -> bool:
    """Return whether another site asks, and it is not a visit.

    A service worker is refused too: it would outlive the preview and see the next one."""
    worker = "service-worker" in headers or headers.get("sec-fetch-dest") == "serviceworker"
    return worker or (headers.get("sec-fetch-site") in _ELSEWHERE and not is_visit(headers))


class Protection(NamedTuple):
    """The headers of responses. `origin` is the scheme and host that the browser asked."""

    origin: str
    policy: str  # of the site
    is_own: bool  # whether the preview itself, not the site, has the address
    path: str

    def headers(self) -> dict[str, str]:
        """Return the headers that every response to this request has.

        A site's page and one of the preview are opened in groups of windows that cannot reach each
        other, since their opener policies differ (HTML, Cross-origin opener policies)."""
        return {
            "cross-origin-resource-policy": "same-origin",
            "cross-origin-opener-policy": (
                "same-origin" if self.is_own else "same-origin-allow-popups"
            ),
            "x-frame-options": "DENY",
            "content-security-policy": self._content_policy(),
        }

    def _content_policy(self) -> str:
        if self.is_own:
            forms = f"{self.origin}{DESK}" if self.path.startswith(DESK) else "'none'"
            return with_preview(f"{_OWN}; form-action {forms}", self.origin)
        if type_of(self.path).startswith("image/svg"):
            return DRAWING_POLICY
        return with_preview(self.policy, self.origin) if self.policy else _FRAMES


def with_preview(policy: str, origin: str) -> str:
    """Return a policy that also allows what the preview adds."""
    added = {
        "script-src": f"{origin}{PREFIX}/client.js",
        "connect-src": f"{origin}{PREFIX}/events",
        "style-src": f"{origin}{PREFIX}/",
    }
    directives = dict(part.partition(" ")[::2] for part in policy.split("; "))
    for name, source in added.items():
        directives[name] = f"{directives.get(name, '')} {source}".strip()
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


def protected(send: Send, protection: Protection) -> Send:
    """Return a function that sends responses with protective headers."""
    headers = protection.headers().items()
    more = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return sending
