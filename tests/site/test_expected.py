"""What briefs expect and settle, on their own pages and on those of companies."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from builder.engine.opened import open_site
from builder.engine.options import Options
from builder.engine.status import read_status
from builder.hosting.headers import FEED_TYPES
from builder.mail.epub import make_book
from builder.mail.message import make_digest
from support.sites import NOW, brief, build_site, edit, read, urls, write_site

SITE = brief(
    "plan",
    date="2025-05-20 09:00",
    companies="[Scale AI]",
    expects="[{id: launch, text: The plan is carried out., by: 2025-05}]",
) + brief("report", date="2025-06-02 09:00", companies="[Meta]")
SETTLES = "\nsettles: [{what: plan#launch, outcome: late, when: 2025-06-01, source: reuters}]"


def test_a_settlement_renders_both_briefs_the_company_and_the_list(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    build_site(tmp_path)
    assert "Overdue" in read(tmp_path, "briefs/plan/index.html")
    edit(tmp_path / "content/briefs/report.md", "companies: [Meta]", f"companies: [Meta]{SETTLES}")
    rendered = urls(build_site(tmp_path))
    assert {"/briefs/plan/", "/briefs/report/", "/expected/", "/companies/scale-ai/"} <= rendered
    assert not {"/404.html", "/topics/", "/companies/google/", "/archive/"} & rendered
    plan = read(tmp_path, "briefs/plan/index.html")
    assert "Happened late" in plan and "Overdue" not in plan
    report = read(tmp_path, "briefs/report/index.html")
    assert "How it turned out" in report and "briefs/plan/#expected.launch" in report
    company = read(tmp_path, "companies/scale-ai/index.html")
    assert "<dt>Happened late</dt><dd>1</dd>" in company


def titles(folder: Path) -> list[str]:
    feed = json.loads(read(folder, "expected/feed.json"))
    return [item["title"] for item in feed["items"]]


def test_a_feed_of_what_is_expected(tmp_path: Path) -> None:
    """Each item has its time and stays; what is overdue goes with the outcome, and a draft says
    nothing."""
    write_site(tmp_path, SITE)
    build_site(tmp_path)
    expected = "By the end of May 2025: The plan is carried out."
    overdue = "Overdue: The plan is carried out."
    assert titles(tmp_path) == [overdue, expected]
    page = read(tmp_path, "expected/index.html")
    assert 'href="../expected/feed.atom"' in page.partition("</head>")[0]
    assert "expected/feed.xml" in read(tmp_path, "feeds/index.html")
    report = tmp_path / "content/briefs/report.md"
    edit(report, "companies: [Meta]", f"companies: [Meta]\nstatus: draft{SETTLES}")
    build_site(tmp_path)
    assert titles(tmp_path) == [overdue, expected]
    edit(report, "status: draft\n", "")
    build_site(tmp_path)
    assert titles(tmp_path) == ["It happened late: The plan is carried out.", expected]


def test_what_is_overdue_is_on_the_desk(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    desk = read_status(tmp_path, tmp_path / "output", Options(NOW, jobs=1)).desk
    note = "due by 2025-05: The plan is carried out."
    assert [(b.path, b.note) for b in desk.overdue] == [("content/briefs/plan.md", note)]
    assert desk.unsettled == (("plan#launch", "The plan is carried out.", "2025-05"),)


def test_what_was_due_is_in_every_form_of_a_digest(tmp_path: Path) -> None:
    """The page, the feed in each format, the e-mail and the book."""
    later = brief("later", date="2025-06-10 09:00", companies="[Meta]")
    write_site(tmp_path, SITE + later)
    build_site(tmp_path)

    def forms() -> dict[str, str]:
        found = {name: read(tmp_path, f"digests/{name}") for name in FEED_TYPES}
        found["page"] = read(tmp_path, "digests/2025-w23/index.html")
        site = open_site(tmp_path, Options(NOW))
        mail = make_digest(site, "2025-w23")
        found |= {"mail": mail.html, "plain mail": mail.text}
        with zipfile.ZipFile(io.BytesIO(make_book(site, "digest", "2025-w23").data)) as book:
            found["book"] = book.read("book/000.xhtml").decode()
        return found

    for name, text in forms().items():
        assert "The plan is carried out." in text, name
        assert "plan/#expected.launch" in text, name
        assert "overdue" in text.casefold(), name
    report = tmp_path / "content/briefs/report.md"
    edit(report, "companies: [Meta]", f"companies: [Meta]{SETTLES}")
    build_site(tmp_path)
    for name, text in forms().items():
        assert "late" in text.casefold(), name
        assert "overdue" not in text.casefold(), name
