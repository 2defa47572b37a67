"""Finds keys and passwords in text, and masks them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from builder.patterns import pattern


class Secret(NamedTuple):
    """A credential, and its place in the text."""

    kind: str
    start: int
    end: int


class _Form(NamedTuple):
    """The form of a kind of secret.

    Only text that contains one of `leads`, in lower case, is searched, which is fast. The secret is
    the group of `pattern`; with `random`, a match that may consist of words is not a secret. A
    `public` form is also that of the tokens of gift links."""

    kind: str
    leads: tuple[str, ...]
    pattern: re.Pattern[str]
    random: bool = False
    public: bool = False


def _form(kind: str, leads: str, pattern: str, random: bool = False, public: bool = False) -> _Form:
    form = re.compile(rf"(?<![A-Za-z0-9])({pattern})")
    return _Form(kind, tuple(leads.split()), form, random, public)


# As the services document them.
_FORMS = (
    _form("an AWS access key", "akia", r"AKIA[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("a GitHub token", "ghp_", r"ghp_[A-Za-z0-9]{36,255}"),
    _form("a GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}"),
    _form("an API key of a language model", "sk-", r"sk-[A-Za-z0-9_-]{20,255}", random=True),
    _form("a Slack token", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,255}"),
    _form("a Google API key", "aiza", r"AIza[A-Za-z0-9_-]{35}"),
    _form("a private key", "-----begin", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    _form(
        "a signed token",
        "eyj",
        r"eyJ[A-Za-z0-9_-]{8,500}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{10,1000}",
        public=True,
    ),
    _Form(
        "a password or key",
        ("passw", "secret", "token", "_key"),
        pattern(
            r"(?i:passw(?:or)?d|secret|token|_key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
            r"([A-Za-z0-9+/_.=~!@#$%^&*-]{16,200})"
        ),
        random=True,
        public=True,
    ),
)
_SERVICES = tuple(form for form in _FORMS if not form.public)
_LEADS_IN_TEXT = tuple(lead for form in _FORMS for lead in form.leads)
_LEADS = tuple(lead.encode() for lead in _LEADS_IN_TEXT)
_MOST = 20  # secrets to report in one text
_KEY_LINE = pattern(r"[A-Za-z0-9+/=]{60,}")  # a line of a private key in PEM


def may_have_secrets(data: bytes) -> bool:
    """Return whether data contains a prefix of any kind of secret."""
    lowered = data.lower()
    for lead in _LEADS:  # noqa: SIM110 - `any` takes twice as long
        if lead in lowered:
            return True
    return False


def may_hide_secrets(text: str) -> bool:
    """Return whether `hide_secrets` may mask something in one of a text's lines."""
    lowered = text.lower()
    for lead in _LEADS_IN_TEXT:
        if lead in lowered:
            return True
    return _KEY_LINE.search(text) is not None


def find_secrets(text: str) -> list[Secret]:
    """Return the first secrets in a text, without duplicates."""
    found: dict[int, Secret] = {}
    lowered = text.lower()
    for form in _FORMS:
        if any(lead in lowered for lead in form.leads):
            for secret in _of_form(form, text):
                found.setdefault(secret.start, secret)
    return [found[start] for start in sorted(found)][:_MOST]


def has_key_of_service(text: str) -> bool:
    """Return whether a text has a key that no gift link has."""
    lowered = text.lower()
    return any(
        any(_of_form(form, text))
        for form in _SERVICES
        if any(lead in lowered for lead in form.leads)
    )


def _of_form(form: _Form, text: str) -> Iterator[Secret]:
    for match in form.pattern.finditer(text):
        if not form.random or _is_random(match[1]):
            yield Secret(form.kind, match.start(1), match.end(1))


def _is_random(text: str) -> bool:
    """Return whether a text is random rather than words.

    It is if digits, lower-case and upper-case letters mix in one run, or if it has a long
    hexadecimal number, with high entropy. `sk-hynix-raises-its-forecast-for-2025` is an address."""
    if re.search(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])", text):
        return _bits(text) >= 3
    for run in re.findall(r"[A-Za-z0-9]{12,}", text):
        kinds = (re.search(kind, run) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
        if all(kinds) and _bits(run) >= 3:
            return True
    return False


def _bits(text: str) -> float:
    """Return the Shannon entropy of a text, in bits per character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def hide_secrets(text: str) -> str:
    """Return a text of the same length with all secrets masked.

    The first four characters of each stay visible."""
    for secret in reversed(find_secrets(text)):
        shown = min(secret.start + 4, secret.end)
        text = text[:shown] + "•" * (secret.end - shown) + text[secret.end :]
    return _KEY_LINE.sub(lambda match: "•" * len(match[0]), text)
