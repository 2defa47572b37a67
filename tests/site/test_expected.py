"""What briefs expect and settle, on their own pages and on those of companies."""

from __future__ import annotations

from pathlib import Path

from support.sites import brief, build_site, edit, read, urls, write_site

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
