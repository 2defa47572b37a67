"""What a page is: its address, headline, publisher, language and date, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from builder.clip.dates import When, choose_date, dates_of, stamp
from builder.clip.known import Press, SiteKnowledge
from builder.clip.plain import plain_line
from builder.clip.reading import Reading
from builder.content.fields import READERS
from builder.content.urls import host_of, normal_address, split_address
from builder.diagnostics.misread import Misread
from builder.diagnostics.secrets import find_secrets
from builder.language.detect import language_of, name_of
from builder.model.values import LanguageTag
from builder.names.keys import name_key

_TRACKING = re.compile(r"(?:utm_\w*|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid|ocid|smid)=", re.I)
# Names of parameters that let somebody in. (Gift links, which may be public, have other names.)
_KEYS = re.compile(
    r"(?:(?:access|auth|id|session)?_?token|api_?key|auth|password|passwd|pwd|secret|session(?:_?id)?"
    r"|sid|sig|signature)=",
    re.I,
)
_PLAIN_PAGES = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?|index\.\w+)?", re.I)  # a front page
_COUNTRIES = {
    "uk": "GB", "au": "AU", "nz": "NZ", "in": "IN", "ie": "IE", "za": "ZA", "sg": "SG", "my": "MY",
    "ca": "CA", "ph": "PH", "ng": "NG", "ke": "KE", "pk": "PK", "hk": "HK",
}  # fmt: skip


class Datum(NamedTuple):
    """A value, and where the page has it."""

    value: str
    origin: str


class Facts(NamedTuple):
    """What a page is; what it does not say is empty."""

    address: str
    canonical: str  # of another site, whose report this is then a copy
    title: Datum
    publisher: Press
    publisher_from: str
    lang: Datum
    published: When | None
    authors: tuple[str, ...]
    notes: tuple[str, ...]  # what disagreed, in sentences
    other_dates: tuple[When, ...]
    is_free: bool


class Given(NamedTuple):
    """What the editor gives, which wins over what the page says."""

    address: str = ""
    lang: str = ""
    published: str = ""


NOTHING_GIVEN = Given()


def facts_of(reading: Reading, known: SiteKnowledge, given: Given, now: datetime) -> Facts:
    """Return what a page is."""
    notes: list[str] = []
    address, canonical = _addresses(reading, given, notes)
    lang = _language(reading, given, notes)
    publisher, publisher_from = _publisher(reading, known, address, notes)
    tag = _regional(lang.value, reading.markup.lang, address)
    dates = [*stamp(given.published, "--published", tag)] if given.published else []
    chosen, others = choose_date((*dates, *dates_of(reading, address, tag)), now)
    authors = reading.linked.authors if reading.linked else ()
    meta = reading.markup.meta("author", "article:author", "parsely-author", "byl")
    found = authors or ((meta,) if meta and "://" not in meta else ())
    names = (re.sub(r"(?i)^(by|door|von|par|por|di)\s+", "", name) for name in found)
    return Facts(
        address=address,
        canonical=canonical,
        title=_title(reading, publisher),
        publisher=publisher,
        publisher_from=publisher_from,
        lang=lang,
        published=chosen,
        authors=tuple(dict.fromkeys(plain_line(name, 80) for name in names if name.strip()))[:8],
        notes=tuple(notes),
        other_dates=tuple(others),
        is_free=reading.linked.is_free if reading.linked else True,
    )


# --- address -----------------------------------------------------------------------------------


def _addresses(reading: Reading, given: Given, notes: list[str]) -> tuple[str, str]:
    """Return the address of a page, and that of the report on another site that it names."""
    markup = reading.markup
    declared = [
        clean_address(value)
        for value in (markup.link("canonical"), markup.meta("og:url"),
                      reading.linked.url if reading.linked else "")
    ]  # fmt: skip
    declared = [one for one in declared if one and not _is_front_page(one)]
    here = clean_address(given.address) or clean_address(markup.saved_from)
    if not here:
        here = next((one for one in declared[1:] if one), "") or next(iter(declared), "")
    elsewhere = ""
    for one in declared:
        if not here:
            break
        if _site(one) == _site(here):
            if one is declared[0] and normal_address(one) != normal_address(here):
                here = one  # the same page without its parameters
        else:
            elsewhere = elsewhere or one
    for name in ("syndication-source", "original-source"):
        one = clean_address(markup.meta(name))
        if one and here and _site(one) != _site(here):
            elsewhere = elsewhere or one
    if not here:
        notes.append("the page names no address: give it with --address")
    return here, elsewhere


def clean_address(text: str) -> str:
    """Return a web address without fragment, tracking or secrets.

    Empty for any other text."""
    text = "".join(c for c in text.strip()[:2000] if c.isprintable())
    parts = split_address(text)
    if not parts or parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return ""
    if parts.username or parts.password:
        return ""
    given = parts.query.split("&")
    kept = [one for one in given if one and not _TRACKING.match(one) and not _KEYS.match(one)]
    host = parts.netloc.casefold()
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote("&".join(kept), safe="/%:@!$&'()*+,;=~-._?")
    found = f"{parts.scheme.lower()}://{host}{path}{'?' if query else ''}{query}"
    if find_secrets(found):
        found = f"{parts.scheme.lower()}://{host}{path}"
    if find_secrets(found) or not re.fullmatch(r"[^\s<>\"{}|\\^`]+", found):
        return ""
    return found


def _is_front_page(address: str) -> bool:
    parts = split_address(address)
    return parts is None or (_PLAIN_PAGES.fullmatch(parts.path) is not None and not parts.query)


def _site(address: str) -> str:
    """Return the domain of an address, without the labels in front."""
    labels = host_of(address).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])


# --- headline, publisher, language -------------------------------------------------------------


def _title(reading: Reading, publisher: Press) -> Datum:
    markup, linked = reading.markup, reading.linked
    heads = [block.text for block in markup.blocks if block.tag == "h1" and not block.beside]
    og = markup.meta("og:title", "twitter:title")
    found = (
        Datum(linked.headline if linked else "", "its JSON-LD"),
        Datum(og, "og:title"),
        Datum(heads[0] if heads else "", "its h1"),
        Datum(markup.title, "its title element"),
    )
    value = next((one for one in found if one.value.strip()), Datum("", ""))
    return Datum(_without_publisher(plain_line(value.value), publisher), value.origin)


def _without_publisher(title: str, publisher: Press) -> str:
    """Return a headline without the name of the publication behind it."""
    found = re.fullmatch(r"(.{8,}?)\s+[|–—·•-]\s+([^|–—·•]{2,60})", title)
    if not found:
        return title
    names = {name_key(name) for name in (publisher.name, publisher.domain, *publisher.names)}
    return found[1] if name_key(found[2]) in names else title


def _publisher(
    reading: Reading, known: SiteKnowledge, address: str, notes: list[str]
) -> tuple[Press, str]:
    """Return the publisher of a page: by its domain, else as the page says."""
    said = (
        Datum(reading.linked.publisher if reading.linked else "", "its JSON-LD"),
        Datum(reading.markup.meta("og:site_name"), "og:site_name"),
        Datum(reading.markup.meta("application-name", "dc.publisher"), "a meta element"),
    )
    named = next((one for one in said if one.value and "://" not in one.value), None)
    if by_domain := known.publisher_at(address):
        if named and not _is_same(by_domain, named.value, known):
            notes.append(
                f"the publisher of this domain is {by_domain.name}; {named.origin} says"
                f" {plain_line(named.value, 80)}"
            )
        where = "the register of publishers" if by_domain.registered else "its domain"
        return by_domain, f"{where}, by domain"
    host = host_of(address)
    if named:
        name = plain_line(named.value, 80)
        if found := known.publisher(name):
            return found, named.origin
        if name:
            return Press(name=name, names=(name,), domain=host), named.origin
    return Press(name=host, names=(host,), domain=host), "its address"


def _is_same(press: Press, name: str, known: SiteKnowledge) -> bool:
    keys = {name_key(one) for one in (press.name, press.domain, *press.names, *press.short)}
    return name_key(name) in keys or known.publisher(name) == press


def _language(reading: Reading, given: Given, notes: list[str]) -> Datum:
    """Return the language: as the editor says, as the text proves, as the page declares."""
    if given.lang:
        return Datum(given.lang, "--lang")
    declared = [*_declared(reading)]
    proved = language_of(" ".join(reading.paragraphs))
    if proved:
        same = next((one for one in declared if _base(one.value) == proved), None)
        other = next((one for one in declared if _base(one.value) != proved), None)
        if other and not same:
            notes.append(
                f"the text is in {name_of(proved)}, although {other.origin} says `{other.value}`"
            )
        return Datum(proved, "its text")
    return Datum(_base(declared[0].value), declared[0].origin) if declared else Datum("", "")


def _declared(reading: Reading) -> Iterator[Datum]:
    linked, markup = reading.linked, reading.markup
    for one in (
        Datum(linked.lang if linked else "", "its JSON-LD"),
        Datum(markup.lang, "the html element"),
        Datum(markup.meta("content-language"), "content-language"),
        Datum(markup.meta("og:locale"), "og:locale"),
    ):
        if tag := language_tag(one.value):
            yield one._replace(value=tag)


def language_tag(text: str) -> str:
    """Return a language tag in its usual form.

    Empty if the language is not known."""
    base, _, rest = text.strip().replace("_", "-").partition("-")
    tag = f"{base.casefold()}-{rest}" if rest else base.casefold()
    for one in (tag, base.casefold()):
        try:
            return str(READERS[LanguageTag].read(one, None))  # type: ignore[arg-type]
        except Misread:
            continue
    return ""


def _base(tag: str) -> str:
    return tag.partition("-")[0]


def _regional(lang: str, declared: str, address: str) -> str:
    """Return a language with its region, by which dates in numbers are read."""
    tag = language_tag(declared)
    if "-" in tag and _base(tag) == lang:
        return tag
    country = _COUNTRIES.get(host_of(address).rpartition(".")[2], "")
    return f"{lang}-{country}" if lang == "en" and country else lang
