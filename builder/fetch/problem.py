"""Why there is no response to a request."""

from __future__ import annotations

from typing import Literal

from builder.errors import SluglineError

FetchProblem = Literal[
    "address",  # not an address that can be requested
    "private",  # an address that is not public
    "robots",  # robots.txt disallows it
    "dns",  # the host does not exist
    "refused",  # the host refuses connections
    "network",  # the host cannot be reached
    "tls",  # the certificate is invalid, or there is no secure connection
    "timeout",  # the response takes too long
    "size",  # the response is too large
    "redirects",  # too many redirects, or a circle
    "invalid",  # not a valid response
    "busy",  # the host asks to wait for longer than is reasonable
]


class FetchError(SluglineError):
    """A request without a response; the message says why, in words for an editor."""

    def __init__(self, problem: FetchProblem, message: str) -> None:
        super().__init__(message)
        self.problem: FetchProblem = problem
