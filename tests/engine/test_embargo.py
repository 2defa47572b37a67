"""What is not published leaves no trace: the output is as if its files did not exist."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from builder.content.histories import encode_history
from builder.content.reply_files import history_path
from builder.content.schema import fields_of
from builder.engine.build import build
from builder.engine.build_info import read_build_info, write_build_info
from builder.model.entity import PROFILE_FIELDS, Profile
from builder.model.time import week_of
from builder.model.version import History, Part, PastVersion, VersionWords
from support.deploys import run
from support.planted import KINDS, Plants
from support.sites import NOW, SETTINGS, brief, build_site, options, problems, tree, write_site
from support.worlds import picture

LATER = datetime(2025, 8, 1, 12, tzinfo=UTC)
# The moments at which the briefs of a story are out, by its name.
STORIES: dict[str, dict[str, object]] = {
    "draft": {"status": "draft", "expires": None},
    "expired": {"date": "2025-06-12 09:00", "expires": "2025-06-20 09:00"},
}

# What no page prints of any record: what only tells sources, records and copies apart.
SILENT = {
    *((folder, "id") for folder in ("companies", "people", "publishers", "threads", "topics")),
    *((folder, "sources id") for folder in ("companies", "people", "threads")),
    *((kind, "sources archive sha256") for kind in ("briefs", "companies", "people", "threads")),
    ("companies", "ticker"),  # `ids` has another
    ("publishers", "domains"),
}

# A site with a page of every kind.
PUBLIC = (
    SETTINGS
    + """\
hosting: netlify
per_page: 2
markdown: true
record: [json, sqlite]
=== content/companies/initech.md
---
name: Initech
formerly: [Intertrode]
parent: Google
people: [Bill Lumbergh]
listed: true
---
Once owned by [[Meta]].
=== content/companies/penetrode.md
---
name: Penetrode
merged_into: Initech
listed: true
---
=== content/people/wang.md
---
name: Alexandr Wang
role: chief executive
company: Scale AI
---
=== content/threads/row.md
---
title: The row
redirects: [quarrel]
---
=== content/digests/2025-w24.md
---
title: A week of rows
---
Words.
=== content/pages/about.md
---
title: About
---
Who we are.
"""
    + brief(
        "one", "Scale AI one", "First {{figure:worth}}.", companies="[Scale AI, Google]",
        topics="[Rare Thing, Chips]", people="[Alexandr Wang, Jason Droege]", section="deals",
        date="2025-05-10 09:00", thread="row",
        figures="[{id: worth, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05}]",
        relations="[{from: Google, type: customer, to: Scale AI, since: 2024}]",
        corrections="[{at: 2025-05-12, kind: factual, was: no, now: yes}]",
        events="[{id: launch, title: The launch, date: 2025-09-08, of: Google}]",
    )
    + brief(
        "two", "Meta two", companies="[Meta, Scale AI]", topics="[Rare Thing, rare  things]",
        date="2025-06-10 09:00", follows="[one]", thread="row", section="labs",
        figures="[{id: worth, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06}]",
        expects="[{id: phase, text: It begins., by: 2025-09, of: Google}]",
    )
    + brief("twee", "Meta twee", companies="[Meta, Scale AI]", lang="nl", translation_of="two")
    + brief("three", "Google three", companies="[Google]", topics="[Chips]", section="labs")
    + brief("gone", "Google gone", status="withdrawn", withdrawn_because="It was wrong.")
    + brief("four", "Scale AI four", topics="[Chips]", date="2025-06-30 09:00", section="labs")
)  # fmt: skip
# Unpublished briefs about published names: they could change orders, weights, counts, spellings.
NOISE = "".join(
    brief(
        f"noise-{n}", f"Google noise {n}", "[[Scale AI]] and [it](/briefs/one/).",
        companies="[Scale AI, Google, Initech]", topics="[RARE thing, chips]", thread="row",
        people="[jason  droege, Alexandr Wang]", section="labs", importance="1", follows="[two]",
        sources="[{id: a, publisher: REUTERS, url: 'https://reuters.example/1'}]",
        figures="[{id: a, of: Scale AI, metric: valuation, value: 77bn USD, as_of: 2025-06,"
        " preferred: true}]",
        relations="[{from: Google, type: acquisition, to: Initech}]",
        events="[{id: launch, title: No launch, date: 2025-09-07, status: cancelled,"
        " changes: one#launch}, {id: other, title: Another, date: 2025-09-06, of: Google}]", **more,
    )
    for n, more in enumerate(
        (
            {"status": "draft", "date": "2025-06-11 09:00", "redirects": "[three]"},
            {"date": "2025-07-20 09:00", "updated": "2025-07-21"},
            {"date": "2025-06-09 09:00", "expires": "2025-06-20"},
            {"status": "review", "lang": "de", "translation_of": "two", "date": "2025-06-11 09:00"},
        )
    )
)  # fmt: skip


def story(plants: Plants, name: str, **when: object) -> None:
    """Plant a brief, and a record of every kind that only this brief names."""
    before = {*plants.files}
    word = plants.word
    company, owner, old, boss, leader, topic, publisher = (
        word(f"{name}: {what}").capitalize()
        for what in ("company", "owner", "former company", "boss", "leader", "topic", "publisher")
    )
    thread, report, figure = (word(f"{name}: slug") for _ in range(3))
    stems = {what: word(f"{name}: file") for what in ("company", "owner", "old", "boss", "topic")}
    media = {what: f"{word(f'{name}: {what}')}.png" for what in ("picture", "brief", "company")}
    for number, file in enumerate(media.values()):
        plants.media[f"content/media/{file}"] = picture(3 + number, 7)
    written = plants.record(
        "briefs", word(f"{name}: file"), companies=[company, old, "Scale AI"],
        people=[boss, "Jason Droege"], topics=[topic, "Rare Thing"], thread=thread, follows=["one"],
        translation_of="one", lang="nl", image__file=media["picture"], image__chart=None,
        media=[media["brief"]],
        sources__id=report, sources__publisher=publisher, sources__of=None,
        figures__id=figure, figures__of=company, figures__to=owner, figures__source=report,
        figures__period=None, figures__unit=None, relations__from=company, relations__to="Google",
        relations__figure=figure, relations__source=report, claims__source=report,
        claims__also=[report], claims__confirms=None, claims__denies=None, figures__also=[report],
        claims__by={"person": boss, "of": company, "described_as": word(f"{name}: role")},
        quotes__by=boss, quotes__of=company, quotes__source=report,
        quotes__original_source=report, responses__from=company, responses__source=report,
        events__of=company, events__source=report, events__changes=None, claims__due=None,
        expects__of=company, expects__says=report, whats_next__of=company,
        settles__what="two#phase", settles__source=report,
        **{"event_date": "2025-06-01", "updated": None, "corrections__at": "2025-07-19",
           "withdrawn_because": None, "withdrawn": None, **when},
    )  # fmt: skip
    identity = next(text for text, place in plants.words.items() if place == f"{written} guid")
    plants.media[history_path(identity)] = earlier_version(plants, name, identity)
    plants.record(
        "companies", stems["company"], name=company, parent=owner, merged_into=None,
        people=[leader], sources__of=None, media=[media["company"]],
    )  # fmt: skip
    plants.record(
        "companies", stems["owner"], name=owner, parent=None, merged_into=None, people=None,
        sources__of=None,
    )  # fmt: skip
    merged = plants.record(
        "companies", stems["old"], name=old, parent=None, merged_into=company, people=None,
        sources__of=None,
    )  # fmt: skip
    plants.record("people", stems["boss"], name=boss, company=company, sources__of=None)
    plants.record("topics", stems["topic"], name=topic)
    plants.record("publishers", word(f"{name}: file"), name=publisher, parent=None)
    plants.record("threads", word(f"{name}: file"), slug=thread, sources__of=None, closed=None)
    plants.stories[name] = {*plants.files} - before - {merged}


def earlier_version(plants: Plants, name: str, identity: str) -> bytes:
    """Return the file with a version of a brief that was published before."""
    parts = (
        Part("title", plants.word(f"{name}: headline")),
        Part("text", f"It said {plants.word(f'{name}: former text')}."),
    )
    said = VersionWords("nl", parts)
    version = PastVersion("a" * 32, datetime(2025, 6, 1, tzinfo=UTC), words=said)
    return encode_history(History(identity, (version,)))


def unnamed(plants: Plants, status: str) -> None:
    """Plant a record of every kind but briefs that no brief names."""
    for folder, kind in KINDS.items():
        names = {field.name for field in fields_of(kind)}
        given: dict[str, object] = {"status": status}
        given |= {name: None for name in ("parent", "merged_into", "company") if name in names}
        if "sources" in names:
            given["sources__of"] = None
        if folder == "digests":  # in a week with briefs only a draft is not published
            plants.record(folder, {"draft": "2025-w19"}.get(status, "2025-w02"), **given)
        elif folder not in ("briefs", *(() if status == "draft" else ("pages", "threads"))):
            plants.record(folder, plants.word(f"{status}: file of {folder}"), **given)
    plants.media[f"content/media/{plants.word('media')}.png"] = picture(11, 9)


def described(plants: Plants) -> None:
    """Plant drafts about names that published briefs use without a file."""
    for folder, name in (("topics", "Rare Thing"), ("people", "Jason Droege"),
                         ("publishers", "Reuters")):  # fmt: skip
        more = {"company": "Google", "sources__of": None} if folder == "people" else {}
        plants.record(folder, plants.word("file"), name=name, status="draft", **more)


def plant(seed: int, future: str = "2025-07-18") -> Plants:
    """Every kind of record in every way of not being published."""
    plants = Plants(seed)
    for name, when in STORIES.items():
        story(plants, name, **when)
    story(plants, "future", date=f"{future} 09:00", expires=None)
    plants.record("digests", week_of(date.fromisoformat(future)))
    for status in ("draft", "published"):
        unnamed(plants, status)
    described(plants)
    return plants


def write(folder: Path, plants: Plants | None, text: str = "") -> Path:
    write_site(folder, PUBLIC + text)
    for path, content in (plants.files if plants else {}).items():
        write_site(folder, f"=== {path}\n{content}", usual=False)
    for path, data in (plants.media if plants else {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def leaks(found: dict[str, bytes], words: Iterable[str]) -> set[str]:
    """The words that a tree contains, in names of files and in their bytes."""
    texts = [path.casefold().encode() + b"\n" + _plain(data) for path, data in found.items()]
    whole = b"\n".join(texts)
    return {word for word in words if word.encode() in whole}


def _plain(data: bytes) -> bytes:
    packed = data.startswith(b"\x1f\x8b")
    return (gzip.decompress(data) if packed else data).lower()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_not_published_leaves_no_trace(tmp_path: Path, seed: int) -> None:
    plants = plant(seed)
    bare, full = write(tmp_path / "bare", None), write(tmp_path / "full", plants, NOISE)
    for site in (bare, full):
        build_site(site)
    found = tree(full / "output")
    assert b"SUMMARY;LANGUAGE=en-GB:The launch" in found["companies/google/calendar.ics"]
    assert {plants.words[word] for word in leaks(found, plants.words)} == set()
    assert [p for p, data in tree(bare / "output").items() if found.pop(p, b"") != data] == []
    assert [*found] == []


def test_a_withdrawn_brief_says_nothing_but_why(tmp_path: Path) -> None:
    """Its page has the title and the reason; names, files and figures go with the story."""
    plants = Plants(5)
    story(plants, "withdrawn", status="withdrawn", date="2025-06-12 09:00", expires=None,
          withdrawn_because="It was wrong.", corrections=None, title="A title")  # fmt: skip
    site = write(tmp_path, plants)
    build_site(site)
    told = {plants.words[word] for word in leaks(tree(site / "output"), plants.words)}
    # Its addresses, and its identity in the feed of corrections.
    # Its history has headlines.
    known = {"slug", "redirects", "id", "guid", "headline"}
    assert {place.rpartition(" ")[2] for place in told} <= known


def test_a_brief_withdrawn_with_show_nothing_says_nothing(tmp_path: Path) -> None:
    """Its addresses answer that it was withdrawn; a link to it, the ledgers and a release too."""
    plants = Plants(6)
    story(plants, "withdrawn", status="withdrawn", date="2025-06-12 09:00", expires=None,
          withdrawn={"show": "nothing"})  # fmt: skip
    link = brief("other", "Google links", "It links [[brief:withdrawn]].", date="2025-06-01")
    site = write(tmp_path / "site", plants, link)
    slug = next(file for file in plants.files if "/briefs/" in file)
    text = (site / "content/briefs/other.md").read_text()
    word = next(w for w, place in plants.words.items() if place == f"{slug} slug")
    (site / "content/briefs/other.md").write_text(text.replace("withdrawn", word))
    with (site / "site.yaml").open("a") as file:
        file.write(f"deploy: {{web: {{kind: folder, to: {tmp_path / 'live'}}}}}\n")
    run(site, "build")
    run(site, "deploy", "web", "--yes", "--allow", "not-as-built")
    found = tree(site / "output") | {
        path: data for path, data in tree(tmp_path).items() if path.startswith("live")
    }
    told = {plants.words[word] for word in leaks(found, plants.words)}
    assert {place.rpartition(" ")[2] for place in told} <= {"slug", "redirects"}
    page = (site / f"output/briefs/{word}/index.html").read_text()
    assert "<title>Withdrawn" in page
    assert "We have withdrawn this brief." in page
    assert "<dt>" not in page
    assert "noindex" in page
    shown = (site / "output/briefs/other/index.html").read_text()
    assert f'/{word}/">a withdrawn brief</a>' in shown


def test_a_deploy_and_its_record_have_no_trace(tmp_path: Path) -> None:
    plants = plant(3, "2099-07-18")
    site = write(tmp_path / "site", plants, NOISE.replace("2025-07-2", "2099-07-2"))
    with (site / "site.yaml").open("a") as file:
        file.write(f"deploy: {{web: {{kind: folder, to: {tmp_path / 'live'}}}}}\n")
    run(site, "build")
    run(site, "deploy", "web", "--yes")
    sent = {path: data for path, data in tree(tmp_path).items() if path.startswith("live")}
    kept = {
        path: data for path, data in tree(site).items() if path.startswith(".slugline/releases")
    }
    assert any(path.endswith("/release.json") for path in sent)
    assert kept
    assert leaks(sent | kept, plants.words) == set()


def test_publication_is_told_when_its_time_comes(tmp_path: Path) -> None:
    """An incremental build is a clean one on both sides of the moment, and on the way back."""
    plants = plant(7)
    site = write(tmp_path / "site", plants, NOISE)
    moments = (NOW, LATER, NOW, datetime(2025, 7, 18, 8, tzinfo=UTC), LATER)
    found = []
    for number, now in enumerate(moments):
        result = build_site(site, now=now)
        found.append(tree(site / "output"))
        clean = write(tmp_path / f"clean-{number}", plants, NOISE)
        build_site(clean, now=now)
        assert found[-1] == tree(clean / "output")
        if number == 0:
            assert result.due is not None
            assert result.due.at == datetime(2025, 7, 18, 7, tzinfo=UTC)
    assert found[0] == found[2] != found[1]
    told, all_told = (leaks(found[n], plants.words) for n in (3, 1))
    assert told < all_told
    # Everything that its records say is there now, except what no page prints of any record.
    silent = {
        (place.split("/")[1], place.partition(" ")[2])
        for word, place in plants.words.items()
        if place.partition(" ")[0] in plants.stories["future"] and word not in all_told
    }
    assert silent == SILENT


# --- who publishes whom --------------------------------------------------------------------------


def company(slug: str, name: str, more: str = "", text: str = "") -> str:
    return f"=== content/companies/{slug}.md\n---\nname: {name}\n{more}---\n{text}\n"


def addresses(site: Path) -> set[str]:
    """The companies and people that have an address."""
    found = (path.parent for path in (site / "output").glob("*/*/index.html"))
    return {p.name for p in found if p.parent.name in ("companies", "people")}


def test_front_matter_publishes_what_it_names(tmp_path: Path) -> None:
    """From a brief on, by any field; to owners, leaders and employers, and never back."""
    write_site(
        tmp_path,
        company("named", "Named", "parent: Owner\npeople: [Boss]\n")
        + company("owner", "Owner", "parent: Holding\n")
        + company("holding", "Holding")
        + company("owned", "Owned", "parent: Named\n")
        + company("quoted", "Quoted")
        + company("mentioned", "Mentioned")
        + company("was", "Was", "merged_into: Is\n")
        + company("is", "Is", "formerly: [Old Is]\n")
        + company("early", "Early", "merged_into: Named\nformerly: [Very Early]\n")
        + company("draft", "Draft", "status: draft\nlisted: true\n")
        + "=== content/people/boss.md\n---\nname: Boss\nrole: chief\ncompany: Employer\n---\n"
        + "=== content/people/other.md\n---\nname: Other\nrole: chief\ncompany: Named\n---\n"
        + company("employer", "Employer")
        + brief("a", companies="[Named, Was, Draft]", body="Named, Draft and [[Mentioned]].",
                quotes="[{by: Speaker, of: Quoted, text: Yes., source: reuters}]"),
    )  # fmt: skip
    build_site(tmp_path)
    usual = {"google", "meta", "scale-ai", "facebook"}
    assert addresses(tmp_path) - usual == {
        "named", "owner", "holding", "quoted", "was", "is", "old-is", "employer", "boss", "speaker",
    }  # fmt: skip
    page = (tmp_path / "output/briefs/a/index.html").read_text("utf-8")
    assert "Draft and Mentioned.</p>" in page  # neither is a link


def test_a_company_goes_with_its_last_brief(tmp_path: Path) -> None:
    """And its address may be gone, unless the brief only became a draft again."""
    text = company("firm", "Firm", "formerly: [Old Firm]\n") + brief("other")
    write_site(tmp_path, text + brief("a", "Firm a", companies="[Firm]", expires="2025-07-10"))
    build_site(tmp_path)
    assert {"firm", "old-firm"} <= addresses(tmp_path)
    build_site(tmp_path, now=LATER)
    assert addresses(tmp_path).isdisjoint({"firm", "old-firm"})
    assert {"/companies/firm/", "/companies/old-firm/"} <= passed(tmp_path, LATER)
    for change in ({"status": "draft"}, {"date": "2025-12-01"}):
        write_site(tmp_path, brief("a", "Firm a", companies="[Firm]", **change), usual=False)
        build_site(tmp_path, now=LATER)
        assert addresses(tmp_path).isdisjoint({"firm", "old-firm"})
        assert not any("firm" in url for url in passed(tmp_path, LATER))
    withdrawn = {"status": "withdrawn", "withdrawn_because": "It was wrong."}
    write_site(tmp_path, brief("a", "Firm a", companies="[Firm]", **withdrawn), usual=False)
    build_site(tmp_path, now=LATER)
    assert {"/companies/firm/", "/companies/old-firm/"} <= passed(tmp_path, LATER)


def passed(site: Path, now: datetime) -> set[str]:
    """The addresses that a deploy may let go."""
    result = build(site, site / "output", options(now))
    write_build_info(site, site / "output", options(now), result)
    info = read_build_info(site, site / "output")
    assert info is not None
    return {*info.passed}


@pytest.mark.parametrize(
    "hidden",
    [{"status": "draft"}, {"translated": {"by": "machine"}}],
    ids=["draft", "nobody compared it with the original"],
)
def test_an_unpublished_profile_leaves_no_trace(hidden: dict[str, object], tmp_path: Path) -> None:
    plants = Plants(3)
    for folder, stem in (("companies", "initech"), ("people", "wang"), ("threads", "row")):
        fields = {field.name for field in fields_of(Profile)}
        without = dict.fromkeys(fields - {*PROFILE_FIELDS[folder], "updated"})
        plants.record(folder, f"{stem}.nl", kind=Profile, **without | hidden)
    bare, full = write(tmp_path / "bare", None), write(tmp_path / "full", plants)
    for site in (bare, full):
        settings = (site / "site.yaml").read_text("utf-8")
        (site / "site.yaml").write_text(f"{settings}editions: {{nl: {{}}}}\n", "utf-8")
        build_site(site)
    assert len(plants.words) > 12 and (full / "output/nl/companies/initech/index.html").is_file()
    assert tree(full / "output") == tree(bare / "output")
    assert len(problems(full)) >= 3  # the editor is told


def test_a_profile_does_not_link_to_what_is_not_published(tmp_path: Path) -> None:
    """It does as soon as that is, also in an incremental build."""
    write_site(
        tmp_path,
        company(
            "google",
            "Google",
            "listed: true\n",
            "It wants [[Firm]] and [it](/companies/firm/#content).",
        )
        + company("firm", "Firm")
        + brief("a", companies="[Firm]", date="2025-07-20 09:00")
        + brief("b", body="See [[brief:a]], [[company:firm]] and [[topic:robots]].", follows="[a]")
        + "=== content/topics/robots.md\n---\nname: Robots\nstatus: draft\n---\n",
    )
    build_site(tmp_path)
    profile = tmp_path / "output/companies/google/index.html"
    assert "<p>It wants Firm and it.</p>" in profile.read_text("utf-8")
    page = (tmp_path / "output/briefs/b/index.html").read_text("utf-8")
    assert "See another brief, firm and robots.</p>" in page
    assert "/briefs/a/" not in page
    build_site(tmp_path, now=LATER)
    assert '<a href="../../companies/firm/">Firm</a>' in profile.read_text("utf-8")


def test_a_draft_about_a_published_name_says_nothing(tmp_path: Path) -> None:
    """The topic stays as its briefs make it."""
    topic = (
        "=== content/topics/chips.md\n---\nname: CHIPS Act\naliases: [Chips]\nsummary: Secret.\n"
    )
    site = write_site(tmp_path, brief("a", topics="[Chips]"))
    build_site(site)
    before = tree(site / "output")
    write_site(site, f"{topic}status: draft\n---\nText.\n", usual=False)
    build_site(site)
    assert tree(site / "output") == before
    build_site(site, drafts=True)
    assert "Secret." in (site / "output/topics/chips/index.html").read_text("utf-8")
    write_site(site, f"{topic}---\nText.\n", usual=False)
    build_site(site)
    assert "Secret." in (site / "output/topics/chips/index.html").read_text("utf-8")


def test_a_preview_of_drafts_shows_every_record(tmp_path: Path) -> None:
    site = write(tmp_path, plant(11))
    result = build_site(site, drafts=True)
    assert result.site is not None
    # A thread or a digest has no page without a brief, and one has expired.
    assert {path.split("/")[1] for path in result.site.waiting} == {"threads", "digests"}
    kinds = {path.split("/")[1] for path in result.site.withheld}
    assert kinds == {*KINDS}
    clean = write(tmp_path / "clean", plant(11))
    unmarked = build_site(clean)
    assert unmarked.site is not None
    assert unmarked.site.withheld == result.site.withheld


def test_the_desk_tells_why_a_record_is_not_published(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        company("firm", "Firm")
        + company("nobody", "Nobody")
        + company("draft", "Draft", "status: draft\n")
        + "=== content/threads/row.md\n---\ntitle: The row\n---\n"
        + "=== content/digests/2025-w29.md\n---\ntitle: A week\n---\nText.\n"
        + brief("a", companies="[Firm]", date="2025-07-20 09:00"),
    )  # fmt: skip
    text = run(site, "status", "--at", "2025-07-01 12:00").output
    assert "Unpublished records (5)" in text
    for line in (
        "Firm: waits for its brief", "Nobody: no brief names it, and it is not `listed`",
        "Draft: draft", "The row: no brief belongs to it", "A week: waits for its brief",
    ):  # fmt: skip
        assert line in text


def test_published_names_keep_their_addresses(tmp_path: Path) -> None:
    """Files and briefs that are not published take no slug from what is."""
    sources = "[{id: a, publisher: C, published: 2025-06-13}]"
    public = brief("a", topics="[C]", people="[C]", sources=sources) + brief(
        "b", topics="[C#]", body="See [[topic:c]]."
    )
    waiting = brief(
        "c", topics="[C sharp, C++]", people="[C++]", status="draft",
        sources=sources.replace("publisher: C", "publisher: C++"),
    )  # fmt: skip
    bare = write_site(tmp_path / "bare", public)
    full = write_site(tmp_path / "full", public)
    held = "\n---\nname: C++\nslug: c\n---\n"
    for folder in ("topics", "people", "publishers"):
        write_site(full, f"=== content/{folder}/c.md{held}", usual=False)
    build_site(bare)
    build_site(full)
    assert "topics/c/index.html" in tree(bare / "output")
    assert tree(full / "output") == tree(bare / "output")
    write_site(full, waiting, usual=False)
    build_site(full)
    assert tree(full / "output") == tree(bare / "output")
    build_site(full, drafts=True)  # a file that is published has the slug that it states
    assert "C++" in (full / "output/topics/c/index.html").read_text("utf-8")
