"""Reads site.yaml into `Settings`, with the site's time zone and base path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from builder.content.document import Document, read_yaml, report_secrets
from builder.content.schema import read_record
from builder.content.time_zones import load_zone
from builder.diagnostics.diagnostic import ContentError, Diagnostic, Finding, Place
from builder.model.settings import Settings
from builder.model.values import Url
from builder.names.keys import name_key
from builder.names.suggest import did_you_mean

FILE = "site.yaml"


class Config(NamedTuple):
    """Settings that the whole site shares.

    `settings.base_url` has no trailing slash. `problems` holds the mistakes in site.yaml; wrong
    values are replaced by defaults."""

    settings: Settings
    zone: tzinfo
    problems: tuple[Diagnostic, ...] = ()
    places: Mapping[str, Place] = MappingProxyType({})

    @property
    def base_path(self) -> str:
        """Return the path of the base URL, between slashes: `/` or `/news/`."""
        return f"{urlsplit(self.settings.base_url).path}/"


def read_config(root: Path, base_url: str = "") -> Config:
    """Read site.yaml in the site's folder.

    Raises ContentError if none of it can be read."""
    try:
        data = (root / FILE).read_bytes()
    except OSError as error:
        hint = "run `slugline init DIR` to create a site with one"
        message = f"site.yaml cannot be read: {error.strerror}"
        raise ContentError(
            [Diagnostic.of(FILE, Place(), "unreadable-file", message, hint)]
        ) from None
    document, problems = read_yaml(FILE, data)
    secrets = report_secrets(FILE, data)
    if document is None or (problems and not document.fields):
        raise ContentError([*problems, *secrets])
    # The zone is read first because other fields may be dates. An invalid zone is reported with the
    # other fields.
    written = document.fields.get("time_zone")
    zone = (load_zone(written) if isinstance(written, str) else None) or UTC
    settings, more = read_record(Settings, document, zone)
    problems += [*more, *secrets, *_check(document, settings)]
    address = (base_url or settings.base_url).rstrip("/")
    settings = replace(settings, base_url=Url(address))
    return Config(settings, zone, tuple(problems), document.places)


# An origin, as a Content-Security-Policy can list it: a scheme, a host and an optional port.
_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?")


def _check(document: Document, settings: Settings) -> list[Diagnostic]:
    problems = []
    for n, section in enumerate(settings.sections):
        at = f"sections.{n}.slug"
        if any(other.slug == section.slug for other in settings.sections[:n]):
            message = f"two sections have the slug `{section.slug}`"
            problems.append(
                document.problem(Finding(at, "duplicate-slug", message, "choose another"))
            )
    authors: list[str] = [author.slug for author in settings.authors]
    if settings.author and settings.author not in authors:
        hint = did_you_mean(settings.author, authors) or "declare it under `authors`"
        message = f"`{settings.author}` is not declared in `authors`"
        problems.append(document.problem(Finding("author", "unknown-author", message, hint)))
    for n, address in enumerate(settings.trusted):
        if not _SITE.fullmatch(address):
            message = f"`{address}` is not an origin: a scheme and a host"
            hint = "end it after the host, as in `https://stats.example`"
            problems.append(document.problem(Finding(f"trusted.{n}", "invalid-url", message, hint)))
    problems += _check_targets(document, settings)
    parts = urlsplit(settings.base_url)
    if parts.query or parts.fragment:
        hint = "end it after the path"
        message = "the base URL has a query or a fragment"
        problems.append(document.problem(Finding("base_url", "invalid-url", message, hint)))
    return problems


# Fields that only one kind of target has.
_FIELDS_OF = {"branch": "git", "cname": "git"}
# Fields that hold an address, each with a hint on where its credentials belong.
_PLACES = {
    "to": "set it in the environment or in the configuration of rclone or git",
    "url": "remove it from the address, or skip the check with `slugline deploy --no-check`",
    "hub": "remove it from the address",
}
# Credentials: an address with a password or token, an rclone option that holds one, and the
# prefixes of well-known services' keys.
_SECRET = re.compile(
    r"://[^/@\s]*:[^/@\s]+@|https?://[^/@\s]{16,}@"
    r"|(?i:secret|passw(?:or)?d|token|access_?key|account_?key|sas_url|\bpass\b|\bkey"
    r"|credentials|connection_string)[a-z_]*\s*=\s*\S|(?i:\bauthorization\W)"
    r"|\bAKIA[0-9A-Z]{12}|\bgh[pousr]_\w{20}|\bgithub_pat_\w{20}|\bglpat-\w{10}"
)


def _check_targets(document: Document, settings: Settings) -> list[Diagnostic]:
    """Return the problems in the deploy targets."""
    problems = []
    for name, target in settings.deploy.items():
        at = f"deploy.{name}"
        for field, kind in _FIELDS_OF.items():
            if getattr(target, field) and target.kind != kind:
                message = f"`{field}` is not a field of a {target.kind} target"
                hint = f"remove it; only {kind} targets have it"
                problems.append(
                    document.problem(Finding(f"{at}.{field}#", "unknown-key", message, hint))
                )
        secret = [field for field in _PLACES if _SECRET.search(getattr(target, field))]
        for field in secret:
            message = "this looks like a password or a key, which does not belong in site.yaml"
            found = document.problem(
                Finding(f"{at}.{field}", "secret-looking", message, _PLACES[field])
            )
            problems.append(found)
        if "to" in secret:
            continue
        if target.to.startswith("-") or (target.kind == "rclone" and ":" not in target.to):
            hint = (
                "write `remote:bucket/path` as rclone does, or use the kind `folder` for a folder"
            )
            message = f"`{target.to}` is not a valid destination for the kind `{target.kind}`"
            problems.append(document.problem(Finding(f"{at}.to", "invalid-target", message, hint)))
    return problems


def match_declared(name: str, declared: dict[str, str]) -> str | None:
    """Return the slug of a declared name (`declared`: slug -> printed name)."""
    key = name_key(name)
    return next((s for s, n in declared.items() if key in (name_key(s), name_key(n))), None)
