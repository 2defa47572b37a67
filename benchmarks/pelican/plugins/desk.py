"""Features that Pelican lacks: JSON fields, related briefs, pages of people.

They are computed once per build.
"""

import json
from collections import Counter, defaultdict
from datetime import date

from markdown import Markdown
from pelican import signals

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class Person:
    """A person, with the briefs that name them, newest first."""

    def __init__(self, row):
        self.__dict__.update(row)
        self.url = f"people/{self.slug}/"
        self.save_as = f"{self.url}index.html"
        self.briefs = []


def short(day):
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def long(day):
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def month(slug):
    return f"{_MONTHS[int(slug[5:]) - 1]} {slug[:4]}"


def counted(briefs, field, besides=""):
    """Return the most frequent terms of some briefs."""
    found = Counter(term for brief in briefs for term in getattr(brief, field))
    return [(term, count) for term, count in found.most_common(13) if term != besides][:12]


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
    generator.env.globals.update(counted=counted, short=short, long=long, month=month)
    terms = {}
    for rows in settings["TERMS"].values():
        for row in rows:
            terms[row["slug"]] = row
            row["html"] = markdown.reset().convert(row.get("body", ""))
    people = {row["slug"]: Person(row) for row in settings["TERMS"]["people"]}
    lists = defaultdict(list)
    for n, article in enumerate(articles):
        article.sources = json.loads(article.sources)
        article.whats_next = json.loads(article.whats_next)
        article.persons = [people[slug] for slug in json.loads(article.people)]
        article.rank = int(article.importance)
        article.newer = articles[n - 1] if n else None
        article.older = articles[n + 1] if n + 1 < len(articles) else None
        article.iso, article.short = iso(article.date), short(article.date)
        article.month = article.iso[:7]
        event = date.fromisoformat(article.happened)
        article.event = event if event != article.date.date() else None
        for person in article.persons:
            person.briefs.append(article)
        for term in [*article.tags, *article.authors]:
            lists[term.slug].append(article)
    places = {slug: (some, {a: n for n, a in enumerate(some)}) for slug, some in lists.items()}
    card = generator.env.get_template("card.html")
    for article in articles:
        article.card = card.render(article=article)
        article.earlier = _related(article, places, 1)
        article.later = _related(article, places, -1)
    months = Counter(f"{article.date:%Y-%m}" for article in articles)
    generator.env.globals.update(terms=terms, persons=list(people.values()), months=months)


def write_people(generator, writer):
    """Write the lists of people, as Pelican writes those of tags."""
    template = generator.get_template("person")
    for person in generator.env.globals["persons"]:
        writer.write_file(
            person.save_as, template, generator.context, generator.settings["RELATIVE_URLS"],
            paginated={"articles": person.briefs, "dates": person.briefs}, person=person,
            articles=person.briefs, dates=person.briefs, template_name="person",
            page_name=f"people/{person.slug}/index", url=person.url,
        )  # fmt: skip


def register():
    signals.article_generator_finalized.connect(finish)
    signals.article_writer_finalized.connect(write_people)
