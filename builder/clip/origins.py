"""Who a page says that it has its report from, with the sentence that says so.

A credit or a dateline names where a text comes from; a sentence names who reported first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from builder.clip.facts import Facts, clean_address
from builder.clip.known import NOTHING, Press, SiteKnowledge, names_pattern
from builder.clip.plain import plain_line
from builder.clip.reading import Reading
from builder.language.reporting import attributions, credit_of, is_picture_credit
from builder.language.sentences import split_sentences

Kind = Literal["canonical", "dateline", "author", "credit", "text"]


class Origin(NamedTuple):
    """A publisher that a page names as its source, and how."""

    press: Press
    kind: Kind
    words: str  # of the page
    url: str = ""
    weight: float = 1.0


_LEDE = 3  # paragraphs
_FIRST = 6  # the weight of who had the news before all others
_DATELINE = 120  # characters at the beginning of a text
_CITY = 60  # characters of a city and a date
_ADDRESS = re.compile(r"https?://[^\s<>\"”»)]+")


def origins_of(reading: Reading, facts: Facts, known: SiteKnowledge) -> list[Origin]:
    """Return who the page names as its sources, itself excluded."""
    found = [
        *_canonical(facts, known),
        *_authors(reading, facts, known),
        *_dateline(reading, known),
        *_credits(reading, facts, known),
        *_sentences(reading, facts, known),
    ]
    own = facts.publisher.key
    return [one for one in found if one.press.key != own]


def _canonical(facts: Facts, known: SiteKnowledge) -> Iterator[Origin]:
    if facts.canonical:
        press = known.publisher_at(facts.canonical) or _unknown(facts.canonical)
        yield Origin(press, "canonical", "its canonical address", facts.canonical, 10)


def _unknown(address: str) -> Press:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]+).*$", r"\1", address)
    return Press(name=host, names=(host,), domain=host)


def _authors(reading: Reading, facts: Facts, known: SiteKnowledge) -> Iterator[Origin]:
    """Yield agencies that are the author or the owner of the text."""
    linked = reading.linked
    owners = linked.owners if linked else ()
    for name in (*facts.authors, *owners, reading.author):
        for part in re.split(r"\s*(?:;|,|/|\bmet\b|\bmit\b|\bavec\b|\bcon\b|\bwith\b)\s*", name):
            press = known.publisher(part) if part else None
            if press and press.reports and press.agency:
                yield Origin(press, "author", f"by {part}")
    for text in linked.based_on if linked else ():
        if address := clean_address(text):
            press = known.publisher_at(address) or _unknown(address)
            yield Origin(press, "credit", "isBasedOn in its JSON-LD", address, 5)


def _dateline(reading: Reading, known: SiteKnowledge) -> Iterator[Origin]:
    """Yield the agency in a dateline: SAN FRANCISCO, June 13 (Reuters) -."""
    names = _names(known, lambda press: press.agency, short=True)
    for n, text in enumerate(reading.paragraphs[:4]):
        head = text[:_DATELINE]
        for match in names.finditer(head):
            before, after = head[: match.start()], head[match.end() :]
            bracketed = before[-1:] in ("(", "/", "[") and after[:1] in (")", "/", "]")
            opening = not before and re.match(r"\s*[-–—]\s", after)
            if opening or (bracketed and (n == 0 or len(before) < _CITY)):
                yield Origin(_press(known, match[0]), "dateline", head[: match.end() + 1])
                return
    for text in reading.paragraphs[-2:]:  # (Reuters) at the end, or /dpa
        bare = text.strip(" ().[]–—-/")
        if len(bare) < 40 and names.fullmatch(bare):
            yield Origin(_press(known, bare), "credit", text, weight=4)


def _credits(reading: Reading, facts: Facts, known: SiteKnowledge) -> Iterator[Origin]:
    """Yield what lines of their own give as the source: Bron: https://dantri.com.vn/…."""
    blocks = reading.markup.blocks
    lines = [(n, b.text) for n, b in enumerate(blocks) if not b.beside]
    lines += [(-1, text) for text in reading.paragraphs[-4:]]
    links = [(anchor.block, anchor) for anchor in reading.markup.anchors]
    seen: set[str] = set()
    for n, line in lines:
        credit = credit_of(line, facts.lang.value)
        if not credit or line in seen:
            continue
        seen.add(line)
        linked = [a.href for block, a in links if block == n and n >= 0]
        addresses = [clean_address(text) for text in (*_ADDRESS.findall(credit), *linked)]
        address = next((one for one in addresses if one), "")
        name = plain_line(_ADDRESS.sub("", credit), 60).strip(" ,.–-()/")
        press = (known.publisher(name) if name else None) or (
            known.publisher_at(address) if address else None
        )
        if press is None and address:
            press = _unknown(address)
        if press is None and re.match(r"[^\W\d_a-z]", name):
            press = Press(name=name, names=(name,))
        if press and press.reports:
            yield Origin(press, "credit", line, address, 5)


def _sentences(reading: Reading, facts: Facts, known: SiteKnowledge) -> Iterator[Origin]:
    """Yield the publishers that sentences of the article name as their source."""
    companies = frozenset(name for company in known.companies for name in company.names)
    names = _names(known, lambda press: press.reports, leave_out=companies)
    links = {
        anchor.href: known.publisher_at(address)
        for anchor in reading.markup.anchors
        if (address := clean_address(anchor.href))
    }
    for n, paragraph in enumerate(reading.paragraphs):
        if is_picture_credit(paragraph, facts.lang.value) or credit_of(paragraph, facts.lang.value):
            continue
        for sentence in split_sentences(paragraph):
            for found in attributions(sentence, names, facts.lang.value):
                press = _press(known, found.name)
                url = next((clean_address(href) for href, to in links.items() if to == press), "")
                if "/" not in url.removeprefix("https://").rstrip("/"):
                    url = ""  # the front page of a publisher
                weight = _FIRST if found.is_first else 2 if n < _LEDE else 1
                yield Origin(press, "text", sentence, url, weight)


def _press(known: SiteKnowledge, name: str) -> Press:
    return known.publisher(name) or Press(name=name, names=(name,))


def _names(
    known: SiteKnowledge,
    pick: Callable[[Press], bool],
    short: bool = False,
    leave_out: frozenset[str] = frozenset(),
) -> re.Pattern[str]:
    """Return a pattern of the names of publishers."""
    found = [
        name
        for press in known.press
        if pick(press)
        for name in (*press.names, *(press.short if short else ()))
        if len(name) > 1 and name not in leave_out
    ]
    return names_pattern(found) if found else NOTHING
