"""Reads the body of a form, within limits on its size, its fields and the time it takes."""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from builder.errors import SluglineError

BODY_TIME = 10.0  # seconds for a whole body
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_LENGTH = re.compile(r"[0-9]{1,12}", re.ASCII)
_BOUNDARY = re.compile(r";\s*boundary=(?:\"([^\"]{1,70})\"|([\w'()+,./:=?-]{1,70}))", re.ASCII)
# Browsers escape quotation marks and line breaks in a name (HTML, multipart form data).
_NAME = re.compile(rb"content-disposition:\s*form-data;\s*name=\"([^\"\r\n]*)\"", re.IGNORECASE)


class FormLimits(NamedTuple):
    """The limits of a form."""

    body: int = 256 * 1024  # bytes
    fields: int = 200
    value: int = 64 * 1024  # characters


LIMITS = FormLimits()


class FormRefused(SluglineError):
    """A body that is not read, or not a form; `status` is the status of the response."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class PostedForm:
    """The fields of a form, in their order."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.fields = fields

    def all(self, name: str) -> list[str]:
        """Return the values of a field."""
        return [value for field, value in self.fields if field == name]

    def get(self, name: str) -> str:
        """Return the first value of a field, stripped; empty without one."""
        return next(iter(self.all(name)), "").strip()


async def read_form(request: Request, limits: FormLimits = LIMITS) -> PostedForm:
    """Read the form in a request's body.

    Raises FormRefused, before anything is read if the headers say that it is too large."""
    length = _length(request.headers, limits)
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in (_URLENCODED, _MULTIPART):
        raise FormRefused(415, "The body is not a form.")
    try:
        async with asyncio.timeout(BODY_TIME):
            body = await _body(request, length)
    except (TimeoutError, ClientDisconnect):
        raise FormRefused(408, "The form did not arrive in time.") from None
    try:
        if kind == _URLENCODED:
            fields = _urlencoded(body, limits)
        else:
            fields = _multipart(body, f";{parameters}", limits)
    except ValueError:  # not UTF-8, or too many fields
        raise FormRefused(400, "The form cannot be read.") from None
    if any(len(value) > limits.value or len(name) > 100 for name, value in fields):
        raise FormRefused(413, f"A field has more than {limits.value:,} characters.")
    return PostedForm([(name, re.sub(r"\r\n?", "\n", value)) for name, value in fields])


def _length(headers: Headers, limits: FormLimits) -> int:
    """Return the length that the headers promise."""
    given = headers.getlist("content-length")
    if "transfer-encoding" in headers or len(given) != 1 or not _LENGTH.fullmatch(given[0]):
        raise FormRefused(411, "The request does not say how long its body is.")
    if int(given[0]) > limits.body:
        raise FormRefused(413, f"The form is larger than {limits.body // 1024} KB.")
    return int(given[0])


async def _body(request: Request, length: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > length:
            raise FormRefused(400, "The body is longer than its length.")
        parts.append(part)
    return b"".join(parts)


def _urlencoded(body: bytes, limits: FormLimits) -> list[tuple[str, str]]:
    return parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        errors="strict",
        max_num_fields=limits.fields,
    )


def _multipart(body: bytes, parameters: str, limits: FormLimits) -> list[tuple[str, str]]:
    """Return the fields of a body in parts (RFC 7578); files are fields too."""
    found = _BOUNDARY.search(parameters)
    if found is None:
        raise ValueError(parameters)
    parts = (b"\r\n" + body).split(b"\r\n--" + (found[1] or found[2]).encode())
    if len(parts) - 2 > limits.fields or parts[0].strip() or not parts[-1].startswith(b"--"):
        raise ValueError(len(parts))
    fields = []
    for part in parts[1:-1]:
        head, gap, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            raise ValueError(head)
        fields.append((name[1].decode("utf-8"), value.decode("utf-8")))
    return fields
