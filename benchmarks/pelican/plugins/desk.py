"""Features that Pelican lacks: JSON fields, related briefs, pages of people, publishers, weeks.

They are computed once per build.
"""

import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta

from markdown import Markdown
from markupsafe import escape
from pelican import signals

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SIZE = 20  # briefs in a list


class Term:
    """A person, a publisher or a week, with its briefs, newest first."""

    def __init__(self, kind, slug, **values):
        self.__dict__.update(values)
        self.slug = slug
        self.url = f"{kind}/{slug}/"
        self.save_as = f"{self.url}index.html"
        self.briefs = []


class Digest:
    """A week in the feed of digests, as Pelican expects an article."""

    def __init__(self, week):
        briefs = sorted(week.briefs, key=lambda brief: brief.rank)
        self.title, self.url, self.date = week.name, week.url, week.briefs[0].date
        self.author = "The Test Desk"
        self.content = "\n".join(
            f'<h3><a href="{{}}/{brief.url}">{escape(brief.title)}</a></h3>\n'
            f"<p>{escape(brief.summary)}</p>"
            for brief in briefs
        )

    def get_content(self, siteurl):
        return self.content.replace("{}", siteurl)


def _short_month(day):
    return _MONTHS[day.month - 1][: 4 if day.month == 9 else 3]


def short(day):
    return f"{day.day} {_short_month(day)} {day.year}"


def long(day):
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def bibtex_month(day):
    return _MONTHS[day.month - 1][:3].lower()


def iso(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"


def month(slug):
    return f"{_MONTHS[int(slug[5:]) - 1]} {slug[:4]}"


def counted(briefs, field, besides="", most=12):
    """Return the most frequent terms of some briefs."""
    found = Counter(term for brief in briefs for term in getattr(brief, field))
    return [(term, count) for term, count in found.most_common(most + 1) if term != besides][:most]


def by_section(briefs):
    """Return briefs by section, the section of the most important one first."""
    found = defaultdict(list)
    for brief in briefs:
        found[brief.category].append(brief)
    return list(found.items())


def _week(day):
    """Return the days of a week in words."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    start = f"{first.day}–"
    if first.month != last.month:
        start = f"{first.day} {_short_month(first)} – "
    if first.year != last.year:
        start = f"{short(first)} – "
    return first, last, start + short(last)


def _related(article, places, step):
    """Return at most four briefs related to one, with what they share.

    These are the adjacent briefs in the lists of its companies and topics, two of each.
    """
    found = {}
    for term in [*article.tags, *article.authors]:
        briefs, place = places[term.slug]
        for n in (place[article] + step, place[article] + 2 * step):
            if 0 <= n < len(briefs):
                found.setdefault(briefs[n], term.name)
            if len(found) == 4:
                return list(found.items())
    return list(found.items())


def finish(generator):
    """Give each article everything that its page shows."""
    settings, articles = generator.settings, generator.articles  # newest first
    markdown = Markdown()
    generator.env.globals.update(
        counted=counted, short=short, long=long, month=month, bibtex_month=bibtex_month,
        by_section=by_section,
    )  # fmt: skip
    terms = {}
    for rows in settings["TERMS"].values():
        for row in rows:
            terms[row["slug"]] = row
            row["html"] = markdown.reset().convert(row.get("body", ""))
    rows = settings["TERMS"]["people"]
    people = {row["slug"]: _person(row) for row in rows}
    publishers, weeks = {}, {}
    lists = defaultdict(list)
    for n, article in enumerate(articles):
        _read(article)
        _BY_LINK[f"{settings['SITEURL']}/{article.url}"] = article
        article.persons = [people[slug] for slug in json.loads(article.people)]
        article.newer = articles[n - 1] if n else None
        article.older = articles[n + 1] if n + 1 < len(articles) else None
        for person in article.persons:
            person.briefs.append(article)
        for term in [*article.tags, *article.authors]:
            lists[term.slug].append(article)
        _add_sources(article, publishers)
        _add_week(article, weeks)
    places = {slug: (some, {a: n for n, a in enumerate(some)}) for slug, some in lists.items()}
    card = generator.env.get_template("card.html")
    for article in articles:
        article.card = card.render(article=article)
        article.earlier = _related(article, places, 1)
        article.later = _related(article, places, -1)
    for outlet in publishers.values():
        outlet.reported_count, outlet.relayed_count = len(outlet.reported), len(outlet.relayed)
    months = defaultdict(list)
    for article in articles:
        months[article.month].append(article)
    generator.env.globals.update(
        terms=terms, persons=list(people.values()), months=months,
        years=list(dict.fromkeys(slug[:4] for slug in months)), weeks=list(weeks.values()),
        publishers=list(publishers.values()),
    )  # fmt: skip
    generator.env.globals["index_pages"] = list(_index_pages(generator, months))


def _person(row):
    return Term("people", family=row["name"].rpartition(" ")[2], **row)


def _read(article):
    """Read the fields that are JSON, and dates."""
    article.sources = json.loads(article.sources)
    for source in article.sources:
        source["day"] = short(date.fromisoformat(source["published"]))
    article.whats_next = json.loads(article.whats_next)
    article.item = ""  # its text for feeds, once one carries it
    article.rank = int(article.importance)
    article.iso, article.short = iso(article.date), short(article.date)
    article.day, article.month, article.year = (article.iso[:n] for n in (10, 7, 4))
    event = date.fromisoformat(article.happened)
    article.event = event if event != article.date.date() else None
    relays = sum(source["role"] == "relay" for source in article.sources)
    passed_on = "one outlet passes it on" if relays == 1 else f"{relays} outlets pass it on"
    article.backing = f"One report; {passed_on}" if relays else "One report"


def _add_sources(article, publishers):
    article.outlets, article.reported, article.relayed = [], [], []
    for source in article.sources:
        name = source["publisher"]
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
        term = publishers.get(slug)
        if not term:
            term = Term("sources", slug, name=name, reported=[], relayed=[])
            publishers[slug] = term
        kind = "relayed" if source["role"] == "relay" else "reported"
        article.outlets.append(term)
        getattr(article, kind).append(term)
        getattr(term, kind).append(article)
        if not term.briefs or term.briefs[-1] is not article:
            term.briefs.append(article)


def _add_week(article, weeks):
    year, number, _ = article.date.isocalendar()
    slug = f"{year}-w{number:02}"
    if slug not in weeks:
        first, last, name = _week(article.date.date())
        weeks[slug] = Term("digests", slug, name=name, number=number, first=first, last=last)
    weeks[slug].briefs.append(article)


def _index_pages(generator, months):
    """Yield the addresses of all lists, and the newest date of each page."""

    def pages(url, briefs):
        for n in range(max(1, len(briefs) // _SIZE)):
            yield (f"{url}page/{n + 1}/" if n else url), briefs[n * _SIZE].iso if briefs else ""

    yield from pages("briefs/", generator.articles)
    for rows in (generator.tags.items(), generator.authors, generator.categories):
        for term, briefs in rows:
            yield from pages(term.url, briefs)
    known = generator.env.globals
    for term in [*known["persons"], *known["weeks"]]:
        yield from pages(term.url, term.briefs)
    for term in known["publishers"]:
        yield from pages(term.url, term.reported)
        yield from pages(f"{term.url}passed-on/", term.relayed)
    for slug, briefs in months.items():
        yield from pages(f"months/{slug}/", briefs)
    for slug in known["years"]:
        yield f"years/{slug}/", ""


def write_more(generator, writer):
    """Write the pages and feeds of people, publishers, months and weeks, as those of tags are."""
    known = generator.env.globals

    def write(name, save_as, briefs, **values):
        writer.write_file(
            save_as, generator.get_template(name), generator.context,
            generator.settings["RELATIVE_URLS"], template_name=name,
            page_name=save_as.removesuffix(".html"), url=save_as.removesuffix("index.html"),
            articles=briefs, dates=briefs,
            **({"paginated": {"articles": briefs, "dates": briefs}} if name != "digest" else {}),
            **values,
        )  # fmt: skip

    def feed(term, title, briefs):
        writer.write_feed(
            briefs, generator.context, f"{term}feed.xml", feed_title=title, feed_type="rss"
        )

    for person in known["persons"]:
        write("person", person.save_as, person.briefs, person=person)
        feed(person.url, person.name, person.briefs)
    for outlet in known["publishers"]:
        write("publisher", outlet.save_as, outlet.reported, publisher=outlet)
        older = f"{outlet.url}passed-on/index.html"
        write("reports", older, outlet.relayed, publisher=outlet)
        feed(outlet.url, f"reports of {outlet.name}", outlet.briefs)
    for slug, briefs in known["months"].items():
        write("month", f"months/{slug}/index.html", briefs, slug=slug)
    weeks = known["weeks"]
    for n, week in enumerate(weeks):
        newer, older = weeks[n - 1] if n else None, weeks[n + 1] if n + 1 < len(weeks) else None
        briefs = sorted(week.briefs, key=lambda brief: brief.rank)
        write("digest", week.save_as, briefs, week=week, newer=newer, older=older)
    feed("digests/", "Weekly digests", [Digest(week) for week in weeks[1:9]])


_BY_LINK = {}  # the address of a brief -> the brief


def complete_feed(context, feed):
    """Give the items of a feed what surrounds the text of a brief."""
    for item in feed.items:
        brief = _BY_LINK.get(item["link"])
        if brief:
            if not brief.item:
                brief.item = _item(brief, context["SITEURL"])
            item["description"] = brief.item


def _item(brief, siteurl):
    """Return the text of a brief for feeds; made once."""
    text = brief.content.replace('href="/', f'href="{siteurl}/')
    points = "".join(f"<li>{escape(point)}</li>\n" for point in brief.whats_next)
    sources = ", \n".join(
        f'<a href="{source["url"]}">{escape(source["publisher"])}</a>' for source in brief.sources
    )
    return (
        f"<p><strong>Why it matters:</strong> {escape(brief.why)}</p>\n{text}\n"
        f"<p><strong>What’s next:</strong></p>\n<ul>\n{points}</ul>\n"
        f"<p><strong>Sources:</strong>\n{sources}\n<br>\n{brief.backing}</p>"
    )


def register():
    signals.article_generator_finalized.connect(finish)
    signals.feed_generated.connect(complete_feed)
    signals.article_writer_finalized.connect(write_more)
