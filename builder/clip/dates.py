"""The date of a page: every date that it names, which of them counts, and what disagrees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from builder.clip.reading import Reading
from builder.content.date_hints import iso_dates


class When(NamedTuple):
    """A date that a page names, and where: `text` is as an editor writes it.

    `at` is the moment, if its offset from UTC is known."""

    text: str
    origin: str
    at: datetime | None = None
    note: str = ""

    @property
    def day(self) -> str:
        return self.text[:10]


_META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "itemprop:datepublished", "date", "pubdate", "publishdate", "publish-date", "publication_date",
    "publish_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "dcterms.issued",
    "og:pubdate", "originalpublicationdate", "rnews:datepublished",
)  # fmt: skip
_FIRST, _BEFORE = 8, 4  # blocks behind and before a headline in which its date stands
_EARLIEST = 1994  # no article on the web is older
_DAY = timedelta(days=1)


def choose_date(found: Iterable[When], now: datetime) -> tuple[When | None, list[When]]:
    """Return the date that counts, and each that disagrees with it.

    The first one that is possible counts. A date that lies in the future is not."""
    usable = [when for when in found if _possible(when, now)]
    if not usable:
        return None, []
    chosen = usable[0]
    others: dict[str, list[When]] = {}
    for when in usable[1:]:
        if not _agree(chosen, when):
            others.setdefault(when.day, []).append(when)
    return chosen, [_together(same) for same in others.values()]


def _together(same: list[When]) -> When:
    """Return dates of one day as one, with all places that name it."""
    places = [*dict.fromkeys(when.origin for when in same)][:3]
    origin = " and ".join(filter(None, (", ".join(places[:-1]), places[-1])))
    return same[0]._replace(origin=origin, text=same[0].day if places[1:] else same[0].text)


def _possible(when: When, now: datetime) -> bool:
    return when.text[:4] >= str(_EARLIEST) and when.day <= f"{now + _DAY:%Y-%m-%d}"


def _agree(a: When, b: When) -> bool:
    """Return whether two dates may be the same day, in any of their time zones."""
    return not _days(a, b).isdisjoint(_days(b, a))


def _days(when: When, other: When) -> set[str]:
    days = {when.day}
    if when.at:
        zones = (UTC, other.at.tzinfo if other.at else UTC)
        days.update(f"{when.at.astimezone(zone):%Y-%m-%d}" for zone in zones)
    return days


def dates_of(reading: Reading, address: str, tag: str) -> Iterator[When]:
    """Yield the dates that a page names, the best first.

    `tag` is the language of the page, by which 3/6/2025 is read."""
    if reading.linked and reading.linked.published:
        yield from stamp(reading.linked.published, "its JSON-LD", tag)
    for name in _META:
        if value := reading.markup.meta(name):
            yield from stamp(value, f"its meta element `{name.removeprefix('itemprop:')}`", tag)
    yield from in_address(address)
    yield from _in_text(reading, tag)


def stamp(text: str, origin: str, tag: str) -> Iterator[When]:
    """Yield the date of a value that is nothing but a date."""
    text = " ".join(text[:80].split())
    at: datetime | None = None
    if re.fullmatch(r"1\d{9}(\d{3})?", text):  # seconds or milliseconds since 1970
        at = datetime.fromtimestamp(int(text[:10]), UTC)
    else:
        with suppress(ValueError, OverflowError):
            at = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", text))
    if at is None:
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            at = parsedate_to_datetime(text)
    if at is not None:
        has_time = len(text) > 10 and (at.hour, at.minute) != (0, 0)
        yield _when(at, origin, has_time)
    else:
        yield from _read(text, origin, tag)


def _when(at: datetime, origin: str, has_time: bool = True) -> When:
    if at.tzinfo is None or not has_time:
        return When(f"{at:%Y-%m-%d}", origin)
    with suppress(ValueError, OverflowError):
        offset = at.strftime("%z")
        return When(f"{at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}", origin, at.astimezone(UTC))
    return When(f"{at:%Y-%m-%d}", origin)


_IN_PATH = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[/_-]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:\d{4}|\d{6}|\d{9})?(?!\d)"
)


def in_address(address: str, origin: str = "its address") -> Iterator[When]:
    """Yield the date in the path of an address: /2025/06/14/, -20250614143947."""
    path = re.sub(r"^https?://[^/?#]*", "", address[:2000])
    for found in _IN_PATH.finditer(path):
        with suppress(ValueError):
            day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            yield When(day.isoformat(), origin)
            return


# --- in the text -------------------------------------------------------------------------------

_WORD = r"[^\W\d_]+\.?"
_CLOCK = (
    r"(?:\s*[,–|-]?\s*(?:at|om|um|à|kl\.?|a las|alle|às|lúc)?\s*\d{1,2}[:.h]\d{2}"
    r"(?:\s*(?:[ap]\.?m\.?)?\s*(?:\(?(?:GMT|UTC)\s*[+-]?\d{0,2}(?::?\d{2})?\)?|[A-Z]{3,4}\b)?)?)?"
)
_WRITTEN = re.compile(
    r"(?<![\d/.-])(?:"
    rf"(?P<iso>\d{{4}}-\d\d-\d\d){_CLOCK}"
    rf"|(?P<numeric>\d{{1,2}}([./-])\d{{1,2}}\3\d{{4}}){_CLOCK}"
    r"|(?P<cjk>\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
    rf"|(?P<vi>\d{{1,2}}\s+tháng\s+\d{{1,2}},?(?:\s+năm)?\s+\d{{4}})"
    rf"|(?P<day>\d{{1,2}}(?:\.|º|er|st|nd|rd|th)?\s+(?:de\s+|d[e’'])?{_WORD}\s+(?:de[l]?\s+)?\d{{4}}){_CLOCK}"
    rf"|(?P<month>{_WORD}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}){_CLOCK}"
    r")(?![\d/])"
)


def _in_text(reading: Reading, tag: str) -> Iterator[When]:
    """Yield the dates near the beginning of an article: of time elements, then as written."""
    for machine, shown in reading.markup.times[:3]:
        yield from stamp(machine or shown, "a time element", tag)
    blocks = [block for block in reading.markup.blocks if not block.beside]
    heads = [n for n, block in enumerate(blocks) if block.tag == "h1"]
    begin = heads[0] if heads else 0
    near = (*blocks[begin : begin + _FIRST], *blocks[max(0, begin - _BEFORE) : begin])
    for text in dict.fromkeys((*(block.text for block in near), *reading.paragraphs[:3])):
        for match in _WRITTEN.finditer(text[:400]):
            yield from _read(match[0].strip(" ,"), "its text", tag, match.lastgroup or "")


def _read(text: str, origin: str, tag: str, form: str = "") -> Iterator[When]:
    """Yield the date that a text writes, by the order of days and months in its language."""
    bare = re.sub(r"(?<=\d)(?:º|er|st|nd|rd|th)\b|[()]", "", text)
    bare = re.sub(r"\s*[,–|-]\s+(?=\d{1,2}[:.h]\d{2})", " ", bare)
    found = iso_dates(bare) or iso_dates(re.split(r"\s+(?:\S{1,3}\s)?\d{1,2}[:.h]\d{2}", bare)[0])
    if not found:
        return
    first, note = found[0], ""
    if len(found) > 1 and re.match(r"\d", bare):  # iso_dates has the day-first reading first
        order = day_first(tag)
        first = found[0 if order is not False else 1]
        name = {True: "day", False: "month", None: "day"}[order]
        note = f"“{bare[:10]}” read {name} first"
        if order is None:
            note += f", but English also writes the month first: {found[1][:10]}"
    elif re.match(r"\d{1,2}[./-]\d{1,2}[./-]", bare):
        note = f"“{bare[:10]}” read {'day' if _reads_day_first(bare, first) else 'month'} first"
    if len(first) < 10:
        return
    at = None
    if len(first) > 16:
        at = datetime.fromisoformat(first.replace(" ", "T", 1).replace(" ", ""))
    yield When(first if at else first[:10], origin, at, note)


def _reads_day_first(written: str, iso: str) -> bool:
    return int(re.split(r"[./-]", written)[0]) == int(iso[8:10])


@cache
def day_first(tag: str) -> bool | None:
    """Return whether a language writes the day before the month.

    In numbers, by CLDR.

    None for English without a region, which does both."""
    if tag.casefold() in ("en", ""):
        return None
    from babel import Locale, UnknownLocaleError

    try:
        pattern = str(Locale.parse(tag, sep="-").date_formats["short"].pattern)
    except (ValueError, UnknownLocaleError):
        return None
    day, month = pattern.find("d"), pattern.find("M")
    return day < month
