"""Reads site.yaml into `Settings`, with the site's time zone and base path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from posixpath import normpath
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from builder.appearance.colours import ENOUGH, lowest_contrast, nearest_legible
from builder.appearance.look import DARK, LIGHT
from builder.content.document import Document, read_yaml, report_secrets
from builder.content.edition_rules import check_editions, with_bases
from builder.content.feed_rules import check_feeds, with_hub
from builder.content.mail_fields import check_mail
from builder.content.schema import read_record
from builder.content.text_fields import note_findings, text_fields
from builder.content.time_zones import load_zone
from builder.content.urls import host_of, split_address
from builder.content.watchlist_rules import check_watchlists
from builder.diagnostics.diagnostic import ContentError, Diagnostic, Finding, Place, place_of
from builder.model.author import Author
from builder.model.settings import Limits, Pictures, Section, Settings
from builder.model.targets import TARGET_RULES, TargetSettings, target_rules
from builder.model.values import Url
from builder.names.keys import SlugStyle, name_key
from builder.names.suggest import did_you_mean
from builder.patterns import pattern
from builder.safe_files import regular_bytes

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
    def gift_links(self) -> tuple[tuple[str, str], ...]:
        """Return the hosts and parameters of gift links that site.yaml adds."""
        return tuple((link.host, link.parameter) for link in self.settings.gift_links)

    def problem(self, finding: Finding) -> Diagnostic:
        """Return the diagnostic for a finding at a field of site.yaml."""
        assert isinstance(finding.at, str)
        place = place_of(self.places, finding.at) or Place()
        return Diagnostic.of(FILE, place, finding.code, finding.message, finding.hint)

    @property
    def slugs(self) -> SlugStyle:
        """The style of slugs and default ids."""
        return self.settings.slug_style

    @property
    def base_path(self) -> str:
        """Return the path of the base URL, between slashes: `/` or `/news/`."""
        parts = split_address(self.settings.base_url)
        return f"{parts.path if parts else ''}/"


_LIMITS = Limits(items=5000)  # of site.yaml itself


def read_config(
    root: Path, base_url: str = "", preview: bool = False, unsaved: bytes | None = None
) -> Config:
    """Read site.yaml in the site's folder.

    `base_url` overrides its own; `preview` marks pages as a preview for colleagues; `unsaved` is
    read instead of the file. Raises ContentError if none of it can be read."""
    data = _settings_bytes(root) if unsaved is None else unsaved
    config = read_settings(data, base_url)
    return config._replace(settings=replace(config.settings, preview=True)) if preview else config


def _settings_bytes(root: Path) -> bytes:
    if _leads_away(root):
        message, hint = "this link points out of the site's folder", "replace it with the file"
        raise ContentError([Diagnostic.of(FILE, Place(), "symlink", message, hint)])
    hint = "run `slugline init DIR` to create a site with one"
    try:
        return regular_bytes(root / FILE)
    except OSError as error:
        message = f"site.yaml cannot be read: {error.strerror}"
        raise ContentError(
            [Diagnostic.of(FILE, Place(), "unreadable-file", message, hint)]
        ) from None


def read_settings(data: bytes, base_url: str = "") -> Config:
    """Read the bytes of a site.yaml.

    Raises ContentError if none of it can be read."""
    document, problems = read_yaml(FILE, data)
    if document is None or (problems and not document.fields):
        raise ContentError([*problems, *report_secrets(FILE, data)])
    # The zone and the style of slugs are read first because other fields depend on them. An
    # invalid zone is reported with the other fields.
    written = document.fields.get("time_zone")
    zone = (load_zone(written) if isinstance(written, str) else None) or UTC
    slugs: SlugStyle = "unicode" if document.fields.get("slugs") == "unicode" else "ascii"
    settings, more = read_record(Settings, document, zone, limits=_LIMITS, slugs=slugs)
    problems += [*more, *_check(document, settings)]
    address = (base_url or settings.base_url).rstrip("/")
    settings = with_bases(with_hub(replace(settings, base_url=Url(address))))
    places = document.places_with_keys("editions", "messages")
    config = Config(settings, zone, tuple(problems), places)
    secrets = report_secrets(FILE, data, config.gift_links)
    return config._replace(problems=(*config.problems, *secrets)) if secrets else config


def for_preview(config: Config) -> Config:
    """Return the settings of a preview, without AVIF, which takes long."""
    pictures = config.settings.pictures
    formats = tuple(format_ for format_ in pictures.formats if format_ != "avif")
    if formats == pictures.formats:
        return config
    settings = replace(config.settings, pictures=replace(pictures, formats=formats))
    return config._replace(settings=settings)


def _leads_away(root: Path) -> bool:
    """Return whether site.yaml is a link out of the site's folder, or to what is hidden in it."""
    if not (root / FILE).is_symlink():
        return False
    target, folder = os.path.realpath(root / FILE), os.path.realpath(root)
    return any(name.startswith(".") for name in Path(os.path.relpath(target, folder)).parts)


# An origin, as a Content-Security-Policy can list it: a scheme, a host and an optional port.
_HOST = pattern(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::[0-9]+)?")
_SITE = pattern(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?")

_GIFT_LINK = {
    "host": pattern(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    "parameter": pattern(r"[\w.-]+"),
}


def _no_host(at: str, written: str) -> Finding:
    parts = split_address(written if "//" in written else f"//{written}")
    meant = parts.netloc.lower() if parts else ""
    hint = f"write `{meant}`" if _HOST.fullmatch(meant) else "write it as in `video.example`"
    return Finding(at, "invalid-url", f"`{written}` is not a host", hint)


def _check(document: Document, settings: Settings) -> list[Diagnostic]:
    problems = [*map(document.problem, _same_slugs(settings))]
    authors: dict[str, str] = {author.slug: author.name for author in settings.authors}
    for n, name in enumerate(settings.author):
        if match_author(name, settings) is None:
            hint = did_you_mean(name, authors) or "declare it under `authors`"
            message = f"`{name}` is not declared in `authors`"
            problems.append(
                document.problem(Finding(f"author.{n}", "unknown-author", message, hint))
            )
    for n, address in enumerate(settings.trusted):
        if not _SITE.fullmatch(address):
            message = f"`{address}` is not an origin: a scheme and a host"
            hint = "end it after the host, as in `https://stats.example`"
            problems.append(document.problem(Finding(f"trusted.{n}", "invalid-url", message, hint)))
    for n, link in enumerate(settings.gift_links):
        for field, form in _GIFT_LINK.items():
            if not form.fullmatch(written := getattr(link, field)):
                message = f"`{written}` is not the {field} of a web address"
                hint = "write it as in `{host: news.example, parameter: shareToken}`"
                at = f"gift_links.{n}.{field}"
                problems.append(document.problem(Finding(at, "invalid-url", message, hint)))
    problems += [
        document.problem(_no_host(f"embeds.{n}", host))
        for n, host in enumerate(settings.embeds)
        if not _HOST.fullmatch(host)
    ]
    problems += _check_targets(document, settings)
    problems += map(document.problem, _check_colours(document, settings))
    problems += map(document.problem, _check_pictures(settings.pictures))
    problems += map(document.problem, check_mail(settings, document.fields.get("subscribe")))
    problems += map(document.problem, check_feeds(settings))
    problems += map(document.problem, check_watchlists(settings))
    problems += map(document.problem, check_editions(settings))
    if _SECRET.search(settings.hub):
        problems.append(document.problem(_secret("hub", "hub")))
    texts = {key: value for key, value in document.fields.items() if key not in _WORDS}
    read = document._replace(fields=texts)
    said = dict(text_fields(Settings, read.fields))
    notes = note_findings(said, read, settings.language, settings.editors_notes)
    problems += map(document.problem, notes)
    parts = split_address(settings.base_url)
    if parts and (parts.query or parts.fragment):
        hint = "end it after the path"
        message = "the base URL has a query or a fragment"
        problems.append(document.problem(Finding("base_url", "invalid-url", message, hint)))
    return problems


def _same_slugs(settings: Settings) -> Iterator[Finding]:
    """Yield the sections and the authors that have another one's slug."""
    for field in ("sections", "authors"):
        slugs = [str(item.slug) for item in getattr(settings, field)]
        for n, slug in enumerate(slugs):
            if slug in slugs[:n]:
                message = f"two {field} have the slug `{slug}`"
                yield Finding(f"{field}.{n}.slug", "duplicate-slug", message, "choose another")


_WIDTHS = range(40, 10_001)  # pixels
_MOST_WIDTHS = 8


def _check_pictures(pictures: Pictures) -> Iterator[Finding]:
    """Yield numbers with which no picture can be made."""
    sizes = [(f"widths.{n}", width) for n, width in enumerate(pictures.widths)]
    for at, size in (*sizes, ("largest", pictures.largest)):
        if size not in _WIDTHS:
            message = f"{size} pixels are not a usable size of a picture"
            hint = f"write a number from {_WIDTHS[0]} to {_WIDTHS[-1]}"
            yield Finding(f"pictures.{at}", "expected-number", message, hint)
    if len(pictures.widths) > _MOST_WIDTHS:
        message = f"{len(pictures.widths)} widths make a site large and help no reader"
        hint = f"keep up to {_MOST_WIDTHS}"
        yield Finding("pictures.widths", "expected-number", message, hint)
    if pictures.quality > 100:
        message = f"{pictures.quality} is not a quality"
        yield Finding("pictures.quality", "expected-number", message, "write 1 to 100")


def _check_colours(document: Document, settings: Settings) -> Iterator[Finding]:
    for field, backgrounds in (("accent", LIGHT), ("accent_dark", DARK)):
        colour = getattr(settings, field)
        if field in document.keys and document.fields.get(field) is None:
            message, hint = f"`{field}` has no value: `#` begins a comment", "quote the colour"
            yield Finding(f"{field}#", "invalid-colour", message, hint)
        if colour and (found := lowest_contrast(colour, backgrounds)) < ENOUGH:
            dark = " dark" if backgrounds == DARK else ""
            message = (
                f"{colour} has a contrast of {found:.1f} : 1 with the{dark} background; text needs"
                f" {ENOUGH} : 1"
            )
            hint = f'the nearest colour with enough is "{nearest_legible(colour, backgrounds)}"'
            yield Finding(field, "low-contrast", message, hint)


_WORDS = ("editors_notes", "distinct", "deploy")  # no reader sees these
# Fields that only some kinds of target have.
_SPECIAL = sorted({field for rules in TARGET_RULES.values() for field in rules.fields})
# Fields with an address, and what to do with a secret in one.
_SECRET_HINTS = {
    "to": "move it to the environment, or to the configuration of rclone or Git",
    "url": "write the address without it; `slugline deploy --no-check` does not request it",
    "hub": "write the address without it",
}
# Secrets: a URL with a password or a token, an option of rclone that holds one, and the prefixes of
# the tokens of well-known services.
_SECRET = re.compile(
    r"://[^/@\s]*:[^/@\s]+@|https?://[^/@\s]{16,}@"
    r"|(?i:secret|passw(?:or)?d|token|access_?key|account_?key|sas_url|\bpass\b|\bkey"
    r"|credentials|connection_string)[a-z_]*\s*=\s*\S|(?i:\bauthorization\W)"
    r"|\bAKIA[0-9A-Z]{12}|\bgh[pousr]_\w{20}|\bgithub_pat_\w{20}|\bglpat-\w{10}"
)


def _check_targets(document: Document, settings: Settings) -> list[Diagnostic]:
    """Return the problems of the deploy targets."""
    problems = []
    for name, target in settings.deploy.items():
        at, rules = f"deploy.{name}", target_rules(target.kind)
        for field in _SPECIAL:
            if getattr(target, field) and field not in rules.fields:
                kinds = (
                    f"`kind: {k}`" for k, other in TARGET_RULES.items() if field in other.fields
                )
                message = f"`{field}` is not a field of `kind: {target.kind}`"
                hint = f"remove it; it belongs to {' and '.join(kinds)}"
                problems.append(
                    document.problem(Finding(f"{at}.{field}#", "unknown-key", message, hint))
                )
        secret = [field for field in _SECRET_HINTS if _SECRET.search(getattr(target, field))]
        for field in secret:
            problems.append(document.problem(_secret(f"{at}.{field}", field)))
        if "to" in secret:
            continue
        problems += [*map(document.problem, _check_preview(name, target, settings))]
        if not re.fullmatch(rules.location, target.to):
            message = f"`{target.to}` is not a location for `kind: {target.kind}`"
            finding = Finding(f"{at}.to", "invalid-target", message, rules.hint)
            problems.append(document.problem(finding))
    return problems


def _secret(at: str, field: str) -> Finding:
    message = "this looks like a password or a key, which must not be in site.yaml"
    return Finding(at, "secret-looking", message, _SECRET_HINTS[field])


def _check_preview(name: str, target: TargetSettings, settings: Settings) -> Iterator[Finding]:
    """Yield what would mix a preview up with the site itself."""
    at, hint = f"deploy.{name}", "give the preview a place of its own"
    if not target.preview:
        if "{name}" in target.to + target.url:
            message = "`{name}` stands for the name of a change, which only previews have"
            field = "to" if "{name}" in target.to else "url"
            yield Finding(f"{at}.{field}", "invalid-target", message, "add `preview: true`")
        return
    public = [other for other in settings.deploy.values() if not other.preview]
    if any(_overlap(other, target) for other in public):
        yield Finding(f"{at}.to", "invalid-target", "the site itself is published there", hint)
    hosts = {host_of(url) for url in (settings.base_url, *(other.url for other in public))} - {""}
    if target.url and host_of(target.url) in hosts:
        message = "readers see the site itself at this host"
        hint = "give the preview a host of its own, so that its scripts cannot act for the site"
        yield Finding(f"{at}.url", "invalid-target", message, hint)


def _overlap(site: TargetSettings, preview: TargetSettings) -> bool:
    """Return whether one target is the other's place, or inside it."""
    if (site.kind, site.branch) != (preview.kind, preview.branch):
        return False
    a, b = (normpath(target.to) for target in (site, preview))
    is_tree = site.kind in ("folder", "rclone")
    return a == b or (is_tree and (a.startswith(f"{b}/") or b.startswith(f"{a}/")))


def match_declared(name: str, declared: dict[str, str]) -> str | None:
    """Return the slug of a declared name (`declared`: slug -> printed name)."""
    key = name_key(name)
    return next((s for s, n in declared.items() if key in (name_key(s), name_key(n))), None)


def declared_names(parts: Iterable[Section | Author]) -> dict[str, str]:
    """Return names by slug as site.yaml has them, in an edition too."""
    return {part.slug: part.declared or part.name for part in parts}


def match_author(name: str, settings: Settings) -> str | None:
    """Return the slug of an author, by slug, name or former name."""
    if found := match_declared(name, declared_names(settings.authors)):
        return found
    key = name_key(name)
    former = (author for author in settings.authors if key in map(name_key, author.formerly))
    return next((str(author.slug) for author in former), None)
