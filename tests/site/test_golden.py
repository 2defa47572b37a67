"""A small site with everything, as it is built: a change of any page is seen in its review.

When a change is meant: `GOLDEN=write python -m pytest tests/site/test_golden.py`, then read the
diff."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from support.sites import brief, build_site, picture, write_site

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "GOLDEN"

BODY = """\
Google was Scale AI's largest customer[^1], and paid "about $150m" -- see [[brief:stake]].

## What is planned

- [[Meta|The new owner]] keeps its contract...
- `Scale AI` and ~~Facebook~~

> It is over.
>
> -- A person at Google

| Year | Paid |
|------|-----:|
| 2024 | 150m |

### In numbers

![A sign](/media/sign.png "The sign") and [the source](https://x.example/?a=1&b=2).

[^1]: By [Reuters](https://reuters.example/).
"""
SOURCES = """\
[{id: reuters, publisher: Reuters, url: "https://reuters.example/a", lang: en,
  title: Google leaves, published: 2025-06-13, author: A. Reporter,
  archive: "https://archive.example/web/20250614090000/https://reuters.example/a"},
  {id: dantri, publisher: "Báo Dân trí", url: "https://dantri.example/", lang: vi,
  published: 2025-06-14 14:39 +07:00, role: relay, of: reuters, gone: 2025-06-28,
  archive: {url: "https://archive.example/dantri", at: 2025-06-15}},
  {id: vnvn, publisher: Vietnam.vn, lang: nl, published: 2025-06-15, role: machine-translation,
  of: dantri, via: MSN}]"""
CLAIMS = """\
[{text: Google plans to cut ties, status: reported, source: reuters,
  words: "Google plans to cut ties - soon",
  by: {anonymous: 5, described_as: familiar with the matter}},
  {text: It is "over", status: confirmed, source: dantri, by: {company: Scale}},
  {text: Twelve know, status: disputed, by: {anonymous: 12, of: Meta}},
  {text: Demand tripled, status: claimed, source: reuters, interest: a rival of Scale,
  by: {person: Garrett Lord, of: Google, described_as: chief executive}},
  {text: Data is a weapon, status: opinion, source: dantri}]"""
QUOTES = """\
[{by: Alexandr Wang, of: Meta, text: "It isn't over", source: reuters},
  {by: Jonathan Siddharth, text: Geen optie meer, lang: nl, source: vnvn,
  original: No longer optional, original_lang: en, original_source: reuters,
  note: The translation reversed it.}]"""
RELATIONS = """\
[{from: Facebook, type: supplier, to: Scale, since: 2025-06, source: reuters},
  {from: Google, type: customer, to: Scale AI, until: planned},
  {from: Google, type: acquisition, to: Meta, planned: true, since: 2024, until: 2025-05-01}]"""
RESPONSES = """\
[{from: Google, stance: declined, source: reuters}, {from: Facebook, stance: no reply},
  {from: Scale AI, stance: statement, to: the plans, text: business is strong., source: reuters},
  {from: Alexandr Wang, stance: denied}]"""

SITE = (
    """\
=== site.yaml
title: Test & Co
tagline: A small site
description: What is tested.
base_url: https://test.example/news
time_zone: Europe/Amsterdam
language: en-GB
copyright: CC BY 4.0
author: desk
authors: [{slug: desk, name: The desk, kind: organization}, {slug: ann, name: Ann Lee}]
sections: [{slug: deals, name: Deals, summary: Who buys whom.}, {slug: labs, name: Labs}]
menu: [{name: Companies, url: /companies/}]
footer: [{name: About, url: /about/}]
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
summary: It labels data.
aliases: [Scale]
kind: vendor
founded: 2016
headquarters: San Francisco, United States
website: https://scale.example/
parent: Meta
people: [Alexandr Wang]
products: [Data Engine]
sources: [{id: a, publisher: Reuters}]
---
It was founded in **2016**.

## Customers

Google was one.
=== content/companies/meta.md
---
id: meta2222
name: Meta
formerly: [Facebook]
ticker: "NASDAQ: META"
---
=== content/threads/quarrel.md
---
id: quar2222
title: "Google & Scale: the quarrel"
summary: It began with a stake.
closed: 2025-06
sources: [{id: a, publisher: Reuters}]
---
It is about [[Scale]].

## Timeline

So far.
=== content/people/wang.md
---
id: wang2222
name: Alexandr Wang
role: chief executive
company: Meta
---
=== content/topics/data.md
---
id: data2222
name: Data labelling
summary: Who labels it.
---
=== content/pages/about.md
---
title: About
summary: Who we are.
updated: 2025-05-01
---
We are [the desk](/deals/).
"""
    + brief(
        "google-leaves",
        "Google plans to leave Scale AI after Meta's 49%",
        BODY,
        date="2025-06-17 09:00",
        event_date="2025-06-13",
        updated="2025-06-18 10:00",
        summary="Scale's largest customer 'moves' on.",
        companies="[Google, Scale, Facebook]",
        people="[Alexandr Wang]",
        topics="[data labelling, Neutrality]",
        section="deals",
        author="ann",
        importance="1",
        why="Labs will not share.",
        yes_but="[OpenAI stays.]",
        whats_next="[Which contracts move., To whom.]",
        sources=SOURCES,
        claims=CLAIMS,
        quotes=QUOTES,
        responses=RESPONSES,
        relations=RELATIONS,
        products="[Gemini]",
        image="{file: sign.png, alt: A sign, caption: The sign., credit: Reuters}",
        redirects="[google-goes]",
        thread="quarrel",
        follows="[stake]",
    )
    + brief(
        "stake",
        "Meta takes 49% of Scale AI",
        date="2025-05-14",
        companies="[Meta, Scale AI]",
        sources="[{id: cnbc, publisher: CNBC, published: 2025-05-14}]",
        thread="quarrel",
    )
    + brief("deutsch", "'\"Scale AI\" in Berlin'", lang="de", date="2025-06-20", section="labs")
    + brief("gone", "Scale AI is gone", status="withdrawn", withdrawn_because="It is not.")
    + brief("draft", "Scale AI drafts", status="draft")
)
# Enough briefs and figures of one company for years, key figures and folds.
RECORD = "".join(
    brief(
        f"n{n}",
        f"Scale AI grows {n}",
        date=f"2025-05-0{n + 1}",
        event_date=day,
        figures=f"""
  - {{id: rev, of: Scale AI, metric: revenue, value: {n + 1}bn USD, period: {day[:4]},
     source: reuters}}
  - {{id: next, of: Scale AI, metric: revenue, value: 9bn USD, period: 203{n}, basis: forecast}}
  - {{id: staff, of: Scale AI, metric: staff, value: {n + 2}00 people, as_of: {day},
     source: reuters}}
  - {{id: once{n}, of: Scale AI, metric: contract {n}, value: {n + 1}m USD, as_of: {day}}}
  - {{id: paid, of: Meta, to: Scale AI, metric: spending, value: {n + 5}m USD, period: {day[:4]}}}
""",
    )
    for n, day in enumerate(("2022-03-01", "2023-03-01", "2024-03-01", "2024-06-01", "2025-03-01"))
)
RECORD_PAGES = {
    "company-record.html": "companies/scale-ai/index.html",
    "numbers.html": "numbers/index.html",
}
PAGES = {
    "brief.html": "briefs/google-leaves/index.html",
    "withdrawn.html": "briefs/gone/index.html",
    "company.html": "companies/scale-ai/index.html",
    "front.html": "index.html",
    "relations.html": "relations/index.html",
    "relations-of-kind.html": "relations/customer/index.html",
    "relations.graphml": "relations/relations.graphml",
    "topic.html": "topics/data/index.html",
    "thread.html": "threads/quarrel/index.html",
    "threads.html": "threads/index.html",
    "redirect.html": "companies/facebook/index.html",
    "404.html": "404.html",
    "feed.xml": "feed.xml",
    "sitemap.xml": "sitemap.xml",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    (folder / "content/media").mkdir(parents=True)
    (folder / "content/media/sign.png").write_bytes(picture(640, 1, 480))
    write_site(folder, SITE)
    build_site(folder)
    return folder / "output"


def as_kept(text: str) -> str:
    """Without the digests of assets: a new colour is no new page."""
    text = re.sub(r'integrity="[^"]*"', 'integrity="DIGEST"', text)
    return re.sub(r"(/assets/[\w-]+)\.[0-9a-f]{10}\.", r"\1.DIGEST.", text)


@pytest.mark.parametrize("name", RECORD_PAGES)
def test_page_of_a_record_is_as_it_was(name: str, tmp_path: Path) -> None:
    build_site(write_site(tmp_path, RECORD))
    compare(name, RECORD_PAGES[name], tmp_path / "output")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_it_was(name: str, output: Path) -> None:
    compare(name, PAGES[name], output)


def compare(name: str, path: str, output: Path) -> None:
    """Fails with the differences between a page and the one that is kept, or keeps it."""
    made = as_kept((output / path).read_text("utf-8"))
    file = GOLDEN / name
    if os.environ.get(REWRITE) == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, "utf-8")
        return
    kept = file.read_text("utf-8") if file.exists() else ""
    if made != kept:
        before, after = kept.splitlines(), made.splitlines()
        names = (f"tests/site/golden/{name}", path)
        lines = difflib.unified_diff(before, after, *names, lineterm="", n=1)
        how = f"When this is meant: {REWRITE}=write python -m pytest tests/site/test_golden.py"
        pytest.fail("\n".join([f"{path} has changed. {how}", *lines]), pytrace=False)


def test_nothing_is_kept_for_nothing() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {*PAGES, *RECORD_PAGES}
