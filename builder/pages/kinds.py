"""A site -> every task that plans its pages. A kind of page is a module in `KINDS`: its context
class, and `tasks`, which names what there is to plan."""

from __future__ import annotations

from msgspec import Struct

from builder.pages import (
    archive,
    brief,
    company,
    corrections,
    digest,
    feed,
    front,
    lists,
    numbers,
    person,
    plain,
    publisher,
    redirect,
    relations,
    section,
    sitemap,
    thread,
    topic,
)
from builder.pages import host_files as hosting
from builder.pages.page import Data, Task
from builder.pages.sitemap import sitemap_pages as sitemap_pages
from builder.site.lists import Lists
from builder.site.site import Site

# In the order in which pages are planned and rendered.
KINDS = (
    front.tasks,
    brief.tasks,
    lists.tasks,
    company.tasks,
    topic.tasks,
    thread.tasks,
    person.tasks,
    section.tasks,
    archive.tasks,
    digest.tasks,
    plain.tasks,
    numbers.tasks,
    relations.tasks,
    publisher.tasks,
    corrections.tasks,
    feed.tasks,
    redirect.tasks,
    hosting.tasks,
)

# The task that is made of all the others.
SITEMAP = "sitemap"

# Each template and the context that it gets: what docs/templates.md documents.
CONTEXTS: dict[str, type[Struct]] = {
    "front.html": front.FrontPage,
    "brief.html": brief.BriefPage,
    "withdrawn.html": brief.WithdrawnPage,
    "list.html": lists.ListPage,
    "company.html": company.CompanyPage,
    "companies.html": company.CompaniesPage,
    "topic.html": topic.TopicPage,
    "topics.html": topic.TopicsPage,
    "thread.html": thread.ThreadPage,
    "threads.html": thread.ThreadsPage,
    "person.html": person.PersonPage,
    "people.html": person.PeoplePage,
    "section.html": section.SectionPage,
    "archive.html": archive.ArchivePage,
    "year.html": archive.YearPage,
    "digest.html": digest.DigestPage,
    "digests.html": digest.DigestsPage,
    "page.html": plain.PlainContext,
    "numbers.html": numbers.NumbersPage,
    "relations.html": relations.RelationsPage,
    "relations-of-kind.html": relations.RelationsOfKindPage,
    "publisher.html": publisher.PublisherPage,
    "reports.html": publisher.ReportsPage,
    "sources.html": publisher.SourcesPage,
    "corrections.html": corrections.CorrectionsPage,
    "older-corrections.html": corrections.OlderCorrectionsPage,
    "data.txt": Data,
    "feeds.html": plain.FeedsPage,
    "404.html": plain.NotFoundPage,
    "redirect.html": redirect.RedirectPage,
    "feed.xml": feed.Feed,
    "sitemap.xml": sitemap.Sitemap,
    "sitemap-index.xml": sitemap.SitemapIndex,
    "robots.txt": sitemap.Robots,
}


def list_tasks(site: Site, arranged: Lists) -> list[Task]:
    """Every task of the site but the sitemap's."""
    return [task for kind in KINDS for task in kind(site, arranged)]
