"""Generates the same made-up news site for Slugline, Hugo, Eleventy and Pelican.

The text is nonsense in the shape of news: about 350 words per brief in a log-normal distribution,
with a link, emphasis, a list and the names of its companies. The same number and seed give the same
files, byte for byte.

    python benchmarks/generate.py /dev/shm/bench --briefs 1000
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
STYLE = HERE.parent / "templates" / "assets" / "style.css"
ICON_NAME = "icon.svg"
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M0 0h16v16H0z"/></svg>'

COMPANIES, TOPICS, PEOPLE, THREADS = 200, 60, 40, 25
WORDS, SPREAD = 350, 0.45  # the mean length of a body, and sigma of its logarithm
FIRST_DAY, DAYS = date(2020, 1, 1), 5 * 365
SECTIONS = (
    ("deals", "Deals", "Who buys whom, and what the price stands for."),
    ("data", "Data", "Where data comes from, and who is paid to label it."),
    ("labs", "Labs", "What those who train models do and say."),
    ("chips", "Chips", "Who makes the hardware, and who gets it."),
)
PAGES = ("About", "How we source", "Corrections")


@dataclass(frozen=True)
class Entity:
    """A company, a topic or a person.

    `post` and `company` belong to a person; `website`, `founded` and `seat` to a company.
    """

    name: str
    slug: str
    summary: str
    body: str
    website: str = ""
    founded: int = 0
    seat: str = ""
    post: str = ""
    company: str = ""  # a slug


@dataclass(frozen=True)
class Source:
    """A source of a brief."""

    name: str
    publisher: str
    title: str
    url: str
    published: date
    of: str = ""


@dataclass(frozen=True)
class Brief:
    """A story; in its text a company is its slug in the marks of `mention`."""

    number: int
    slug: str
    title: str
    at: datetime
    event: date
    summary: str
    section: str
    importance: int
    companies: tuple[Entity, ...]
    topics: tuple[Entity, ...]
    people: tuple[Entity, ...]
    sources: tuple[Source, ...]
    why: str
    whats_next: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class World:
    """All the news, with the oldest brief first."""

    companies: tuple[Entity, ...]
    topics: tuple[Entity, ...]
    people: tuple[Entity, ...]
    briefs: tuple[Brief, ...]


# --- words -------------------------------------------------------------------------------------

_FORENAMES = (
    "Northgate", "Meridian", "Larkfield", "Quarry", "Beacon", "Solway", "Tidewater", "Copperline",
    "Halden", "Ravel", "Osprey", "Kestrel", "Fenwick", "Marlow", "Juniper", "Calder", "Brightwater",
    "Ironbridge", "Saltmarsh", "Windrush",
)  # fmt: skip
_SURNAMES = (
    "Labs", "Systems", "Compute", "Robotics", "Research", "Silicon", "Cloud", "Data", "Works",
    "Capital",
)  # fmt: skip
_FIRST = ("Ada", "Bram", "Clara", "Dev", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Aldous", "Brandt", "Castellan", "Dvorak")
_SUBJECTS = (
    "chip", "hiring", "pricing", "safety", "training", "labelling", "research", "export", "energy",
    "patent", "translation", "licence", "audit", "memory", "network", "robot", "language", "voice",
    "search", "browser",
)  # fmt: skip
_SIDES = ("supply", "rules", "disputes")
_PLACES = (
    "Rotterdam", "Dublin", "Toronto", "Singapore", "Leeds", "Austin", "Hanoi", "Oslo", "Lisbon",
    "Nairobi",
)  # fmt: skip
_PUBLISHERS = (
    "The Harbour Post", "Metro Wire", "Daily Ledger", "Exchange Notes", "The Evening Signal",
    "Tech Register", "Borough Gazette", "Coastal Times", "The Weekly Circuit", "Press Union",
    "Morning Bulletin", "Market Courier",
)  # fmt: skip
_NOUNS = (
    "agreement", "contract", "forecast", "budget", "model", "data centre", "customer list",
    "research group", "price list", "product", "filing", "estimate", "schedule", "licence",
    "workforce", "investment", "second quarter", "board", "supplier", "benchmark", "delivery",
    "partnership", "engineering team", "regulator", "pilot project", "order book", "court case",
)  # fmt: skip
_VERBS = (
    "raised", "postponed", "confirmed", "reviewed", "renegotiated", "cancelled", "doubled",
    "described", "questioned", "extended", "replaced", "halved", "approved", "financed",
)  # fmt: skip
_ADJECTIVES = (
    "smaller", "later", "public", "planned", "preliminary", "larger", "private", "strange",
    "long", "binding", "regional", "costly", "draft", "former", "separate",
)  # fmt: skip
_SENTENCES = (
    "The {adjective} {noun} was {verb} in {place}, according to people who had seen the {noun2}.",
    "It {verb} the {noun} after a {adjective} review that had lasted {number} months.",
    "Nothing in the {noun} says whether the {noun2} will be {verb} before the end of the year.",
    "A spokesperson called the {noun} *{adjective}* and declined to discuss the {noun2}.",
    "About {share}% of the {noun} depends on the {adjective} {noun2}, the company's accounts show.",
    "In {place} the {noun} was put at ${number}m; the {noun2} now suggests **${number2}m**.",
    "That figure includes the {adjective} {noun}, which others leave out.",
    'One customer said the {noun} had been "{adjective} from the start", and left it at that.',
    "The {noun} and the {noun2} are different things, although reports often treat them as one.",
    "Last year the same {noun} was {verb} twice, once because of a {adjective} {noun2}.",
    "Whoever pays for the {noun} also decides what happens to the {adjective} {noun2}.",
    "In {place} the {noun} is **still open**, and nobody expects a {adjective} {noun2} soon.",
    "Two people in the {noun} confirmed the date; neither had seen the final {noun2}.",
    "The terms were not published, but the {adjective} {noun} limits them to {number} months.",
    "It is the {adjective} part of the {noun} that matters here, more than the {noun2} itself.",
    "Since then the {noun} has been {verb}, and the {noun2} has grown by {share}%.",
    "Officials in {place} have asked for the {noun} and will answer within {number} weeks.",
    "Without a {adjective} {noun}, the {noun2} would have been {verb} months ago.",
)
_MENTIONS = (
    "{company} said on Tuesday that its {noun} had been {verb}, and gave a {adjective} reason.",
    "For {company} the {noun} is a {adjective} risk, since it {verb} a similar one in {place}.",
    "{company} has {verb} the {noun} and expects a {adjective} {noun2} within {number} months.",
    "Neither the {noun} nor the {noun2} was confirmed by {company}, which is based elsewhere.",
    "A {adjective} {noun} at {company} was {verb} at the same time.",
    "According to {company}, {share}% of the {noun} had already been {verb}.",
)
_TITLES = (
    "{company} {verb2} a {adjective} {noun} in {place}",
    "{company} {verb2} its {noun} after a {adjective} {noun2}",
    "What a {adjective} {noun} means for {company}",
    "{company} and the {adjective} {noun} that was {verb}",
)
_PRESENT = ("raises", "postpones", "confirms", "reviews", "cancels", "doubles", "extends")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def mention(slug: str) -> str:
    """Return a placeholder for a company, which each program's text replaces."""
    return f"\x02{slug}\x03"


_MARK = re.compile("\x02([^\x03]+)\x03")


class _Writer:
    """A writer of sentences with its own random numbers."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def fill(self, patterns: Sequence[str], company: str = "") -> str:
        """Return one of some patterns with its blanks filled."""
        choice, number = self.chance.choice, self.chance.randint
        return choice(patterns).format(
            company=company, noun=choice(_NOUNS), noun2=choice(_NOUNS), verb=choice(_VERBS),
            verb2=choice(_PRESENT), adjective=choice(_ADJECTIVES), place=choice(_PLACES),
            number=number(2, 90), number2=number(91, 900), share=number(3, 88),
        )  # fmt: skip

    def paragraph(self, sentences: int, company: str = "") -> str:
        first = [self.fill(_MENTIONS, company)] if company else []
        rest = [self.fill(_SENTENCES) for _ in range(sentences - len(first))]
        return " ".join([*first, *rest])

    def text(self, words: int, companies: Sequence[Entity], link: str) -> str:
        """Return a body of about so many words, with a list.

        `link` is in its second paragraph.
        """
        chance = self.chance
        blocks = [self.paragraph(2, mention(companies[0].slug)) if companies else ""]
        blocks.append(f"{self.paragraph(2)} {link}")
        blocks += [self.paragraph(chance.randint(1, 3), mention(c.slug)) for c in companies[1:]]
        blocks.append("\n".join(f"- {self.fill(_SENTENCES)}" for _ in range(3)))
        if chance.random() < 0.15:
            blocks.append(self.table())
        if chance.random() < 0.2:
            blocks.append(f"> {self.fill(_SENTENCES)}")
        written = sum(len(block.split()) for block in blocks)
        heading = chance.random() < 0.5
        while written < words - 25:  # half a paragraph, so that the mean is right
            if heading and written > words // 2:
                blocks.append(f"## What the {chance.choice(_NOUNS)} leaves open")
                heading = False
            blocks.append(self.paragraph(chance.randint(2, 5)))
            written += len(blocks[-1].split())
        return "\n\n".join(blocks) + "\n"

    def table(self) -> str:
        rows = ["| Year | Item | Share |", "| --- | --- | ---: |"]
        for year in range(2019, 2023):
            noun, share = self.chance.choice(_NOUNS), self.chance.randint(3, 88)
            rows.append(f"| {year} | The {noun} | {share}% |")
        return "\n".join(rows)


# --- the world ---------------------------------------------------------------------------------


def make_world(briefs: int, seed: int = 1) -> World:
    """Return the news with so many briefs."""
    chance = random.Random(seed)
    writer = _Writer(chance)
    names = [f"{first} {last}" for last in _SURNAMES for first in _FORENAMES][:COMPANIES]
    companies = tuple(
        Entity(
            name, _slug(name), writer.fill(_SENTENCES[3:4]).replace("*", ""), writer.paragraph(4),
            website=f"https://{_slug(name)}.example", founded=chance.randint(1960, 2019),
            seat=chance.choice(_PLACES),
        )
        for name in names
    )  # fmt: skip
    kinds = [f"{subject} {side}".capitalize() for side in _SIDES for subject in _SUBJECTS][:TOPICS]
    topics = tuple(Entity(k, _slug(k), f"{k}, and who pays.", writer.paragraph(2)) for k in kinds)
    full = [f"{first} {last}" for last in _LAST for first in _FIRST][:PEOPLE]
    people = tuple(
        Entity(
            name, _slug(name), f"{name} speaks for a company in the news.", writer.paragraph(2),
            post="chief executive", company=chance.choice(companies).slug,
        )
        for name in full
    )  # fmt: skip
    known = World(companies, topics, people, ())
    return World(companies, topics, people, tuple(_make_briefs(briefs, writer, known)))


def _make_briefs(count: int, writer: _Writer, world: World) -> Iterator[Brief]:
    chance = writer.chance
    minutes = sorted(chance.randrange(DAYS * 24 * 60) for _ in range(count))
    midnight = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    earlier: list[tuple[str, str]] = []
    for number, minute in enumerate(minutes, 1):
        how_many = chance.choices(range(1, 7), (30, 28, 20, 12, 6, 4))[0]
        companies = _zipf(chance, world.companies, how_many)
        title = writer.fill(_TITLES, companies[0].name)
        slug = f"{_slug(title)}-{number}"
        at = midnight + timedelta(minutes=minute)
        linked = chance.choice(earlier) if earlier and chance.random() < 1 / 3 else None
        yield _make_brief(number, slug, title, at, companies, linked, writer, world)
        earlier = [*earlier[-199:], (slug, title)]


def _make_brief(
    number: int, slug: str, title: str, at: datetime, companies: tuple[Entity, ...],
    linked: tuple[str, str] | None, writer: _Writer, world: World,
) -> Brief:  # fmt: skip
    chance = writer.chance
    day = at.date()
    event = day - timedelta(days=chance.choice((0, 0, 1, 2)))
    one, two = chance.sample(_PUBLISHERS, 2)
    sources = (
        Source("first", one, writer.fill(_TITLES, companies[0].name), _address(one, slug), event),
        Source("second", two, writer.fill(_TITLES, companies[0].name), _address(two, slug), day,
               of="first"),
    )  # fmt: skip
    link = f"The full account is in [the report by {one}]({_address(one, slug)})."
    if linked:
        link += f" It follows \x04{linked[0]}\x05{linked[1]}\x06."
    words = round(chance.lognormvariate(math.log(WORDS) - SPREAD**2 / 2, SPREAD))
    return Brief(
        number=number,
        slug=slug,
        title=title,
        at=at,
        event=event,
        summary=writer.fill(_SENTENCES).replace("*", ""),
        section=chance.choices([s[0] for s in SECTIONS], (4, 2, 3, 1))[0],
        importance=chance.choices((1, 2, 3), (1, 6, 3))[0],
        companies=companies,
        topics=_zipf(chance, world.topics, chance.choices((1, 2, 3), (5, 4, 2))[0], 0.6),
        people=tuple(chance.sample(world.people, chance.choices((0, 1, 2), (4, 4, 2))[0])),
        sources=sources,
        why=writer.paragraph(2).replace("*", ""),
        whats_next=tuple(writer.fill(_SENTENCES).replace("*", "") for _ in range(2)),
        text=writer.text(words, companies, link),
    )


def _zipf(
    chance: random.Random, things: tuple[Entity, ...], count: int, power: float = 1.0
) -> tuple[Entity, ...]:
    """Return some of `things`, each once, in a Zipf distribution.

    The n-th is 1/n^power times as likely as the first.
    """
    weights = [1 / rank**power for rank in range(1, len(things) + 1)]
    found: dict[str, Entity] = {}
    while len(found) < count:
        thing = chance.choices(things, weights)[0]
        found[thing.slug] = thing
    return tuple(found.values())


def _address(publisher: str, slug: str) -> str:
    return f"https://{_slug(publisher)}.example/news/{slug}"


# --- files -------------------------------------------------------------------------------------


def _quoted(value: object) -> str:
    """Return a value in YAML's flow style, written as JSON."""
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, front: Sequence[str], body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["---", *front, "---", body]), "utf-8")


def _flow(**fields: object) -> str:
    return "{" + ", ".join(f"{key}: {_quoted(value)}" for key, value in fields.items()) + "}"


def _sources(brief: Brief) -> list[str]:
    rows = ["sources:"]
    for source in brief.sources:
        of = {"of": source.of} if source.of else {}
        role = "relay" if source.of else "original"
        row = _flow(
            id=source.name, publisher=source.publisher, title=source.title, url=source.url,
            lang="en", published=f"{source.published}", role=role, **of,
        )  # fmt: skip
        rows.append(f"  - {row}")
    return rows


def _tail(brief: Brief) -> list[str]:
    """Return the fields that both programs read in the same form."""
    points = [f"  - {_quoted(point)}" for point in brief.whats_next]
    return [*_sources(brief), f"why: {_quoted(brief.why)}", "whats_next:", *points]


def write_slugline(world: World, folder: Path, records: bool = False) -> None:
    """Write the news as a Slugline site, with Slugline's own templates.

    With `records`, each brief has all the records that only Slugline supports.
    """
    content = folder / "content"
    for c in world.companies:
        front = [
            f"id: company-{c.slug}", f"name: {c.name}", f"summary: {_quoted(c.summary)}",
            "kind: lab", f"founded: {c.founded}", f"headquarters: {c.seat}",
            f"website: {c.website}",
        ]  # fmt: skip
        _write(content / "companies" / f"{c.slug}.md", front, f"{c.body}\n")
    for t in world.topics:
        front = [f"id: topic-{t.slug}", f"name: {t.name}", f"summary: {_quoted(t.summary)}"]
        _write(content / "topics" / f"{t.slug}.md", front, f"{t.body}\n")
    names = {c.slug: c.name for c in world.companies}
    for p in world.people:
        front = [
            f"id: person-{p.slug}", f"name: {p.name}", f"summary: {_quoted(p.summary)}",
            f"role: {p.post}", f"company: {names[p.company]}",
        ]  # fmt: skip
        _write(content / "people" / f"{p.slug}.md", front, f"{p.body}\n")
    for title in PAGES:
        front = [f"id: page-{_slug(title)}", f"title: {title}", "summary: What readers ask."]
        _write(content / "pages" / f"{_slug(title)}.md", front, "The desk answers letters.\n")
    for brief in world.briefs:
        front = _slugline_front(brief)
        if records:
            front += _records(world, brief)
        _write(content / "briefs" / f"{brief.slug}.md", front, _slugline(brief))
    for number in range(THREADS if records else 0):
        front = [f"id: thread-{number}", f"title: The story of line {number}"]
        _write(content / "threads" / f"line-{number}.md", front, "It began with a report.\n")
    (folder / "site.yaml").write_text(_site_yaml(), "utf-8")


def _slugline_front(brief: Brief) -> list[str]:
    return [
        f"id: brief-{brief.number:07}",
        f"title: {brief.title}",
        f"date: {brief.at:%Y-%m-%d %H:%M}",
        f"event_date: {brief.event}",
        f"summary: {_quoted(brief.summary)}",
        "author: desk",
        f"section: {brief.section}",
        f"importance: {brief.importance}",
        f"topics: {_quoted([t.name for t in brief.topics])}",
        f"companies: {_quoted([c.name for c in brief.companies])}",
        f"people: {_quoted([p.name for p in brief.people])}",
        *_tail(brief),
    ]


def _records(world: World, brief: Brief) -> list[str]:
    """Return figures, claims, a quotation, responses, relations and a thread.

    Some briefs also have a correction. The content depends on the number of the brief.
    """
    n, names = brief.number, [c.name for c in brief.companies]
    one, two = names[0], names[1] if names[1:] else world.companies[n % COMPANIES].name
    year, day = brief.event.year, brief.event
    claim = {"status": ("reported", "forecast")[n % 2], "source": "first"}
    found = {
        "figures": [
            {"id": "revenue", "of": one, "metric": "revenue", "value": f"{n % 90 + 10}m USD",
             "period": f"{year}-Q{n % 4 + 1}", "source": "first"},
            {"id": "spent", "of": one, "metric": "spending", "value": f"{n % 9 + 1}m USD",
             "period": f"{year}-Q{n % 4 + 1}", "basis": "actual", "source": "first"},
            {"id": "share", "of": one, "metric": "share of revenue", "basis": "derived",
             "period": f"{year}-Q{n % 4 + 1}", "formula": "spent / revenue"},
        ],
        "claims": [
            {"text": f"{one} plans to buy from others.", **claim,
             "by": {"anonymous": n % 5 + 1, "described_as": "familiar with the matter"}},
            {"text": f"Demand for what {one} sells has doubled.", "status": "claimed",
             "source": "first", "by": {"company": one}, "interest": "it sells it"},
        ],
        "responses": [{"from": one, "stance": ("declined", "no reply")[n % 2], "source": "first"}],
    }  # fmt: skip
    if brief.people:
        found["quotes"] = [
            {"by": brief.people[0].name, "of": one, "text": "We wait and see.", "source": "first"}
        ]
    if one != two:
        kind = ("customer", "partner", "investor", "rival")[(len(one) + len(two)) % 4]
        found["relations"] = [
            {"from": one, "type": kind, "to": two, "since": f"{day:%Y-%m}", "source": "first"}
        ]
    if n % 20 == 0:
        found["corrections"] = [
            {"at": f"{brief.at.date() + timedelta(days=3)}", "kind": "factual",
             "was": "700 people", "now": "200 people"}
        ]  # fmt: skip
    lines = ["allow: {figure-unbacked: made up, figures-differ: made up}"]
    if n % 3 == 0:
        lines.append(f"thread: line-{n % THREADS}")
    for field, rows in found.items():
        lines += [f"{field}:", *(f"  - {_quoted(row)}" for row in rows)]
    return lines


_OTHER = re.compile("\x04([^\x05]+)\x05([^\x06]+)\x06")


def _slugline(brief: Brief) -> str:
    """Return the text for Slugline, which links first mentions of companies itself."""
    names = {c.slug: c.name for c in brief.companies}
    text = _MARK.sub(lambda mark: names[mark[1]], brief.text)
    return _OTHER.sub(r"[[brief:\1]]", text)


def _site_yaml() -> str:
    sections = [f"  - {_flow(slug=s, name=n, summary=text)}" for s, n, text in SECTIONS]
    menu = [f"  - {_flow(name=n, url=f'/{n.lower()}/')}" for n in ("Companies", "Topics")]
    menu.append(f"  - {_flow(name='Archive', url='/archive/')}")
    foot = [f"  - {_flow(name=n, url=f'/{_slug(n)}/')}" for n in (*PAGES, "People", "Feeds")]
    return "\n".join(
        [
            "title: The Test Desk",
            "tagline: News that nobody made",
            "description: A made-up briefing, to measure how fast it is built.",
            "base_url: https://bench.example",
            "language: en-GB",
            "time_zone: UTC",
            "publisher: The Test Desk",
            "copyright: Nobody's.",
            "author: desk",
            "authors:",
            "  - {slug: desk, name: The desk, kind: organization}",
            "sections:", *sections, "menu:", *menu, "footer:", *foot, "",
        ]
    )  # fmt: skip


def _write_assets(folder: Path) -> None:
    """Write the style sheet and the icon of another program's site."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLE, folder)
    (folder / ICON_NAME).write_text(ICON, "utf-8")


_ABOUT_PUBLISHER = "What {} reported and passed on, in The Test Desk."


def write_hugo(world: World, folder: Path) -> None:
    """Write the news as a Hugo site, with the layouts in benchmarks/hugo/."""
    shutil.copytree(HERE / "hugo", folder, dirs_exist_ok=True)
    _write_assets(folder / "assets")
    content = folder / "content"
    feed = "outputs: [html, rss]"
    for c in world.companies:
        front = [
            f"title: {c.name}", f"description: {_quoted(c.summary)}", "kind_of: Lab",
            f"founded: {c.founded}", f"headquarters: {c.seat}", f"website: {c.website}", feed,
        ]  # fmt: skip
        _write(content / "companies" / c.slug / "_index.md", front, f"{c.body}\n")
    for t in world.topics:
        front = [f"title: {t.name}", f"description: {_quoted(t.summary)}", feed]
        _write(content / "topics" / t.slug / "_index.md", front, f"{t.body}\n")
    for p in world.people:
        front = [
            f"title: {p.name}", f"description: {_quoted(p.summary)}", f"role: {p.post}",
            f"company: {p.company}", feed,
        ]  # fmt: skip
        _write(content / "people" / p.slug / "_index.md", front, f"{p.body}\n")
    for slug, name, text in SECTIONS:
        front = [f"title: {name}", f"description: {_quoted(text)}", feed]
        _write(content / "sections" / slug / "_index.md", front, "")
    for name in sorted({s.publisher for brief in world.briefs for s in brief.sources}):
        front = [f"title: {name}", f"description: {_quoted(_ABOUT_PUBLISHER.format(name))}"]
        _write(content / "reported" / _slug(name) / "_index.md", [*front, feed], "")
        _write(content / "relayed" / _slug(name) / "_index.md", front, "")
    _write(content / "weeks" / "_index.md", ["title: Weekly digests", feed], "")
    for title in PAGES:
        front = [f"title: {title}", "description: What readers ask."]
        _write(content / f"{_slug(title)}.md", front, "The desk answers letters.\n")
    _write(content / "feeds.md", ["title: Feeds", "layout: feeds"], "")
    _write(content / "briefs" / "_index.md", ["title: All briefs"], "")
    for brief in world.briefs:
        _write(content / "briefs" / f"{brief.slug}.md", _hugo_front(brief), _hugo(brief))


def _hugo_front(brief: Brief) -> list[str]:
    return [
        f"id: brief-{brief.number:07}",
        f"title: {brief.title}",
        f"date: {brief.at.isoformat()}",
        f"event_date: {brief.event}",
        f"description: {_quoted(brief.summary)}",
        "author: The desk",
        f"importance: {brief.importance}",
        f"sections: {_quoted([brief.section])}",
        f"topics: {_quoted([t.slug for t in brief.topics])}",
        f"companies: {_quoted([c.slug for c in brief.companies])}",
        f"people: {_quoted([p.slug for p in brief.people])}",
        f"months: {_quoted([f'{brief.at:%Y-%m}'])}",
        f"years: {_quoted([f'{brief.at:%Y}'])}",
        f"weeks: {_quoted([f'{brief.at:%G}-w{brief.at:%V}'])}",
        f"reported: {_quoted([_slug(s.publisher) for s in brief.sources if not s.of])}",
        f"relayed: {_quoted([_slug(s.publisher) for s in brief.sources if s.of])}",
        *_tail(brief),
    ]


def _hugo(brief: Brief) -> str:
    """Return the text for Hugo, with the links that Slugline would make."""
    waiting = {c.slug: c.name for c in brief.companies}
    names = dict(waiting)

    def print_name(mark: re.Match[str]) -> str:
        linked = waiting.pop(mark[1], None)
        return f"[{linked}](/companies/{mark[1]}/)" if linked else names[mark[1]]

    return _OTHER.sub(r"[\2](/briefs/\1/)", _MARK.sub(print_name, brief.text))


def _write_terms(world: World, path: Path) -> None:
    """Write sections, companies, topics and people for Eleventy and Pelican.

    They are in one JSON file, which these programs read faster than a file each.
    """
    sections = [{"slug": slug, "name": name, "summary": text} for slug, name, text in SECTIONS]
    kinds = {"companies": world.companies, "topics": world.topics, "people": world.people}
    rows = {kind: [asdict(entity) for entity in kinds[kind]] for kind in kinds}
    path.write_text(json.dumps({"sections": sections, **rows}, indent=1), "utf-8")


# What the Nunjucks variant of the Eleventy site shares with the JavaScript variant.
_SHARED = ("card.js", "data.js", "facts.js", "files.js", "package.json", "world.js")


def write_eleventy(world: World, folder: Path) -> None:
    """Write the news as an Eleventy site, with benchmarks/eleventy/."""
    shutil.copytree(HERE / "eleventy", folder, dirs_exist_ok=True)
    _write_eleventy_content(world, folder)


def write_eleventy_nunjucks(world: World, folder: Path) -> None:
    """Write the same news with the templates in benchmarks/eleventy-nunjucks/."""
    shutil.copytree(HERE / "eleventy-nunjucks", folder, dirs_exist_ok=True)
    for name in _SHARED:
        shutil.copy(HERE / "eleventy" / name, folder)
    _write_eleventy_content(world, folder)


def _write_eleventy_content(world: World, folder: Path) -> None:
    _write_assets(folder / "assets")
    _write_terms(world, folder / "terms.json")
    content = folder / "content"
    for title in PAGES:
        front = [f"title: {title}", "description: What readers ask."]
        _write(content / "pages" / f"{_slug(title)}.md", front, "The desk answers letters.\n")
    for brief in world.briefs:
        _write(content / "briefs" / f"{brief.slug}.md", _eleventy_front(brief), _hugo(brief))


# Fields that only Hugo's taxonomies need; Eleventy works them out.
_DERIVED = ("months:", "years:", "weeks:", "reported:", "relayed:")


def _eleventy_front(brief: Brief) -> list[str]:
    return [line for line in _hugo_front(brief) if not line.startswith(_DERIVED)]


def write_pelican(world: World, folder: Path) -> None:
    """Write the news as a Pelican site, with benchmarks/pelican/.

    Fields that Pelican does not have are JSON.
    """
    shutil.copytree(HERE / "pelican", folder, dirs_exist_ok=True)
    content = folder / "content"
    _write_assets(content / "assets")
    _write_terms(world, folder / "terms.json")
    for title in PAGES:
        front = [f"Title: {title}", f"Slug: {_slug(title)}", "Summary: What readers ask."]
        _write_plain(content / "pages" / f"{_slug(title)}.md", front, "The desk answers letters.\n")
    for brief in world.briefs:
        _write_plain(content / "briefs" / f"{brief.slug}.md", _pelican_front(brief), _hugo(brief))


def _write_plain(path: Path, front: Sequence[str], body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*front, "", body]), "utf-8")


def _pelican_front(brief: Brief) -> list[str]:
    """Return front matter: companies as tags, topics as authors, sections as categories."""
    rows = [
        {
            "publisher": s.publisher, "title": s.title, "url": s.url, "lang": "en",
            "published": f"{s.published}", "role": "relay" if s.of else "original",
        }
        for s in brief.sources
    ]  # fmt: skip
    names = {slug: name for slug, name, _ in SECTIONS}
    return [
        f"Title: {brief.title}",
        f"Slug: {brief.slug}",
        f"Date: {brief.at.isoformat()}",
        f"Category: {names[brief.section]}",
        f"Tags: {', '.join(c.name for c in brief.companies)}",
        f"Authors: {'; '.join(t.name for t in brief.topics)}",
        f"Identifier: brief-{brief.number:07}",
        f"Summary: {brief.summary}",
        f"Happened: {brief.event}",
        f"Importance: {brief.importance}",
        f"People: {_quoted([p.slug for p in brief.people])}",
        f"Sources: {_quoted(rows)}",
        f"Why: {brief.why}",
        f"Whats_next: {_quoted(list(brief.whats_next))}",
    ]


# --- long texts --------------------------------------------------------------------------------

LONG = 200_000  # bytes of a long text


def make_long_world(files: int, seed: int = 1) -> World:
    """Return an archive of a few long texts.

    It has six companies, five topics and five people.
    """
    chance = random.Random(seed)
    writer = _Writer(chance)
    known = make_world(0, seed)
    companies = known.companies[:6]  # a brief names up to six
    people = tuple(replace(person, company=companies[0].slug) for person in known.people[:5])
    few = World(companies, known.topics[:5], people, ())
    briefs = list(_make_briefs(files, writer, few))
    slugs = [brief.slug for brief in briefs]
    # Blocks of text are made once, and ordered differently in each file.
    blocks = [_long_block(writer, n) for n in range(2000)]
    long = (replace(brief, text=_long_text(brief, blocks, slugs, chance)) for brief in briefs)
    return World(few.companies, few.topics, few.people, tuple(long))


def _long_text(
    brief: Brief, blocks: Sequence[str], slugs: Sequence[str], chance: random.Random
) -> str:
    """Return about LONG bytes: the brief's own text, then sections."""
    parts, written, section = [brief.text], len(brief.text), 0
    while written < LONG:
        if len(parts) % 12 == 1:
            section += 1
            other = "[[brief:" + chance.choice(slugs) + "]]"
            parts.append(f"## Part {section}: see {other}")
        parts.append(chance.choice(blocks))
        written += len(parts[-1]) + 2
    return "\n\n".join(parts) + "\n"


def _long_block(writer: _Writer, number: int) -> str:
    """Return a block of Markdown: paragraph, list, table, quotation or code."""
    chance = writer.chance
    kind = chance.choices(("links", "list", "table", "quotation", "code"), (8, 4, 2, 1, 1))[0]
    if kind == "links":
        links = (
            f"[{chance.choice(_NOUNS)}](https://{_slug(chance.choice(_PUBLISHERS))}.example/{number}-{n})"
            for n in range(6)
        )
        return " ".join(f"{writer.fill(_SENTENCES)} See the {link}." for link in links)
    if kind == "list":
        deep = [(depth, writer.fill(_SENTENCES)) for depth in (0, 1, 2, 3, 4, 5, 5, 4, 3, 1, 0)]
        return "\n".join(f"{'  ' * depth}- {text}" for depth, text in deep)
    if kind == "table":
        rows = (
            f"| {n} | *{chance.choice(_NOUNS)}* | [{number}](https://rows.example/{number}/{n}) |"
            for n in range(25)
        )
        return "\n".join(["| Year | Item | Source |", "| --- | --- | ---: |", *rows])
    if kind == "quotation":
        return f"> {writer.paragraph(3)}\n>\n> > {writer.paragraph(2)}"
    lines = (f"{chance.choice(_VERBS)} = {chance.randint(1, 999)}" for _ in range(10))
    return "\n".join(["```", *lines, "```"])


WRITERS = {
    "slugline": write_slugline,
    "hugo": write_hugo,
    "eleventy": write_eleventy,
    "eleventy-nunjucks": write_eleventy_nunjucks,
    "pelican": write_pelican,
}


def main() -> None:
    """Write the sites."""
    parser = argparse.ArgumentParser(description="Write a made-up site for each of the programs.")
    parser.add_argument("folder", type=Path, help="the folder for the sites")
    parser.add_argument(
        "--for", dest="programs", nargs="+", choices=WRITERS, default=list(WRITERS), metavar="NAME",
        help=f"only these programs: {', '.join(WRITERS)}",
    )  # fmt: skip
    parser.add_argument("--briefs", type=int, default=1000, help="number of briefs (default: 1000)")
    parser.add_argument(
        "--long", type=int, metavar="FILES", help="number of texts of 200 KB instead, for Slugline"
    )
    parser.add_argument(
        "--records", action="store_true", help="add figures, claims, relations and other records"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    chosen = parser.parse_args()
    if chosen.long:
        world = make_long_world(chosen.long, chosen.seed)
        write_slugline(world, chosen.folder / "slugline")
        print(f"Wrote {chosen.long} long texts to {chosen.folder}/")
        return
    world = make_world(chosen.briefs, chosen.seed)
    for name in chosen.programs:
        if name == "slugline":
            write_slugline(world, chosen.folder / name, chosen.records)
        else:
            WRITERS[name](world, chosen.folder / name)
    words = sum(len(brief.text.split()) for brief in world.briefs) / max(1, len(world.briefs))
    print(f"Wrote {chosen.briefs} briefs of {words:.0f} words on average to {chosen.folder}/")


if __name__ == "__main__":
    main()
