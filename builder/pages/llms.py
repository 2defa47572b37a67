"""llms.txt: what a language model finds on the site, and where (llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.pages.page import Data, Kind, Page, Task
from builder.pages.parts.markdown_text import escape_text
from builder.pages.planner import Planner
from builder.site.lists import Lists
from builder.site.site import Site

_COMPANIES = 30  # in the most briefs
_WEEKS = 8
# The name of each index and what it has, by its address; of data, the file too.
_INDEXES = {
    "/briefs/": ("All briefs", "the newest first"),
    "/companies/": ("Companies", "with their figures and relations"),
    "/topics/": ("Topics", "with their briefs"),
    "/threads/": ("Threads", "stories that several briefs tell"),
    "/sources/": ("Sources", "who reported first, and who passed it on"),
    "/corrections/": ("Corrections", "what was wrong, and what is right"),
}
_DATA = {
    "/record/": ("The record", "", "everything on record as one file, with its documentation"),
    "/numbers/": ("Figures", "numbers.csv", "with their companies, times, bases and sources"),
    "/relations/": ("Relations", "relations.csv", "between companies, with the briefs behind them"),
}


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if lists.settings.markdown:
        yield Task("llms", _llms)


def _llms(plan: Planner) -> Iterator[Page]:
    text = "\n\n".join(part for part in _parts(plan) if part)
    yield Page("/llms.txt", "data.txt", Data(f"{text}\n"), addresses="none", listed=False)


def _parts(plan: Planner) -> Iterator[str]:
    s, present = plan.settings, {*plan.view.index_pages(), "/briefs/"}
    yield f"# {escape_text(s.title)}"
    if about := s.description or s.tagline:
        yield f"> {escape_text(about)}"
    notes = (
        "Each brief names its sources, and says what is known and what is only claimed. The text of"
        " a brief is also Markdown: add `index.md` to the address of its page. The front matter has"
        " the status, sources, figures, claims and corrections."
    )
    yield f"{notes} {escape_text(s.copyright)}".strip()
    base = s.base_url
    indexes = (_line(*line, base + url) for url, line in _INDEXES.items() if url in present)
    yield _section("Indexes", indexes)
    counts = plan.view.counts("companies")
    most = sorted(counts, key=lambda slug: (-counts[slug][0], slug))[:_COMPANIES]
    companies = [plan.view.company(slug) for slug in most if plan.view.has_company(slug)]
    yield _section("Companies", (_line(c.name, c.summary, base + c.url) for c in companies))
    weeks = sorted(plan.view.counts("week"), reverse=True)[:_WEEKS]
    yield _section("Digests", (_line(week, "", f"{base}/digests/{week}/") for week in weeks))
    data = (
        _line(name, words, f"{base}{url}{file}")
        for url, (name, file, words) in _DATA.items()
        if url in present
    )
    yield _section("Data", data)
    feeds = _line("Feeds", "of the whole site, and of each subject", f"{base}/feeds/")
    pages = (_line(title, "", base + url) for title, url in plan.view.plain_pages())
    yield _section("Optional", (feeds, *pages))


def _section(name: str, lines: Iterable[str]) -> str:
    found = [*lines]
    return "\n".join((f"## {name}", "", *found)) if found else ""


def _line(name: str, words: str, url: str) -> str:
    return f"- [{escape_text(name)}]({url})" + (f": {escape_text(words)}" if words else "")


KIND = Kind(tasks, once=True)
