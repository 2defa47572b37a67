"""Our own briefs have the independent reports that a count by hand finds."""

from __future__ import annotations

from datetime import UTC, datetime

from builder.content.config import read_config
from builder.content.walk import walk_content
from builder.engine.memory import read_content
from builder.site.link import link
from builder.store import Store
from support.tools import REPOSITORY

# The independent reports behind a brief, with the reason, counted by hand from its sources.
BRIEFS = {
    "google-scale-ai": 1,  # Reuters; Dân trí and Cybernews pass it on, Vietnam.vn passes on Dân trí
    "turing-and-neutrality": 1,  # the same report
    "what-the-translation-broke": 1,  # the same report
    "meta-takes-49-of-scale": 2,  # CNBC and Reuters; Scale AI's statement is apart
    "the-price-of-the-stake": 3,  # CNBC, The Information, and Reuters, whose two reports count once
    "scale-ai-cuts-200": 3,  # Bloomberg, CNBC and dpa-AFX; the others pass these on
    "two-hundred-or-seven-hundred": 2,  # Bloomberg and CNBC
    "openai-phases-out-scale": 2,  # Bloomberg and Reuters; CNBC and others pass on Bloomberg
    "microsoft-xai-openai-and-scale": 2,  # Bloomberg, and two reports of Reuters
    "google-licenses-windsurf": 3,  # Reuters, The Verge and Bloomberg; The Sun has Reuters' text
    "scale-not-winding-down": 0,  # two statements of Scale AI, which others pass on
    "cognition-buys-windsurf": 0,  # a statement, with four relays
    "windsurf-weekend": 0,  # a statement, and TechCrunch on it
    "coreweave-openai-22bn": 1,  # two reports of Reuters
    "google-anthropic-40bn": 2,  # Bloomberg and Reuters
    "anthropic-google-200bn": 1,  # The Information; Reuters passes it on
    "openai-50bn-or-70bn": 2,  # the Financial Times and CNBC; Reuters passes on the former
    "openai-600bn-target": 2,  # CNBC and Reuters
    "oracle-abilene-expansion": 2,  # Bloomberg, and Tom's Hardware's own
    "anthropic-cuts-off-windsurf": 1,  # TechCrunch; a statement and an opinion do not count
}
# What a later brief adds to a claim: another independent report, of how many then, or a company
# that confirms or denies it. By the brief, the index of the claim, and the later brief.
LATER = {
    # OpenAI itself, to Bloomberg, of what people told Reuters
    ("microsoft-xai-openai-and-scale", 2, "openai-phases-out-scale"): [
        "report 2",
        "confirmed openai",
    ],
    # its chief names Anthropic as the customer that relays took for OpenAI
    ("broadcom-openai-chips", 0, "broadcoms-customer-is-anthropic"): ["denied broadcom"],
    # the memo of its chief revenue officer
    ("anthropic-3-5-gigawatts", 0, "openai-disputes-anthropics-run-rate"): ["disputed openai"],
    # the Wall Street Journal, then Bloomberg
    ("openai-oracle-300bn", 0, "oracle-abilene-expansion"): ["report 2"],
}
# The same of the first claims of a brief, with the companies that confirm each.
CLAIMS = {
    "openai-600bn-target": [(2, ())],  # Reuters has one person, CNBC people of no number
    "google-scale-ai": [(1, ())] * 6,  # those of Dân trí rest on Reuters, too
    "scale-ai-cuts-200": [(1, ("scale-ai",)), (1, ()), (1, ())],  # its spokesman confirms the first
    "amd-openai-warrants": [(0, ("amd",))],  # its own statement
    "broadcoms-customer-is-anthropic": [(0, ("broadcom",))],
    "anthropic-prospectus": [(1, ()), (1, ())],  # each by one publisher
}


def test_reports_behind_our_briefs() -> None:
    config, now = read_config(REPOSITORY), datetime(2027, 1, 1, tzinfo=UTC)
    content = read_content(walk_content(REPOSITORY), config, 1, Store(None, ""))
    site, _ = link(content, config, now)
    found = {slug: site.standing[slug] for slug in (*BRIEFS, *CLAIMS)}
    assert {slug: found[slug].brief.reports for slug in BRIEFS} == BRIEFS
    counted = {slug: [(b.reports, b.companies) for b in found[slug].claims] for slug in CLAIMS}
    assert counted == CLAIMS
    added: dict[tuple[str, int, str], list[str]] = {}
    for slug, standing in site.standing.items():
        for n, backing in enumerate(standing.claims if not site.entries[slug].original else ()):
            for one in backing.later:
                what = f"{one.kind} {one.who or one.reports}"
                added.setdefault((slug, n, one.brief), []).append(what)
    assert added == LATER
