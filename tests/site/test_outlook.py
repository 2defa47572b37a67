"""What briefs expect: on their pages, under /expected/, in the calendar, in editions."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

from builder.engine.opened import open_site
from builder.engine.status import read_status
from builder.mail.message import NO_CHOICE, Choice, make_digest, make_news
from builder.site.due import Due
from support.pages import read_page
from support.sites import SETTINGS, brief, build_site, edit, options, read, urls, write_site

PLAN = brief(
    "plan",
    date="2025-05-20 09:00",
    companies="[Scale AI, Meta]",
    expects="""[
  {id: launch, text: Scale AI launches its printer., by: 2025-Q2, says: reuters},
  {id: office, text: Meta opens an office., by: 2025-07-20, of: Meta},
  {id: sale, text: Scale AI is sold.}]""",
    whats_next='[Whether it works., {text: "The board meets.", by: 2025-06-20, id: board}]',
    claims="[{text: Sales double., status: forecast, source: reuters, due: 2025-H2, id: sales}]",
)
LATER = brief(
    "later",
    title="Scale AI launches its printer",
    date="2025-06-20 09:00",
    settles="[{what: plan#launch, outcome: happened, when: 2025-06-19, source: reuters}]",
)
IN_JULY = datetime(2025, 7, 1, 12, tzinfo=UTC)


def text(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def section(page: str, id: str) -> str:
    found = re.search(rf'<section[^>]* id="{id}".*?</section>', page, re.DOTALL)
    return text(found[0]) if found else ""


def test_pages_show_the_state_of_each_expectation(tmp_path: Path) -> None:
    settings = SETTINGS.replace("cards: false", "cards: false\nmarkdown: true")
    build_site(write_site(tmp_path, settings + PLAN + LATER), now=IN_JULY)
    page, plan = read(tmp_path, "expected/index.html"), read(tmp_path, "briefs/plan/index.html")
    overdue = re.search(r'id="overdue".*?</section>', page, re.DOTALL)
    assert overdue
    assert re.findall(r"#expected\.(\w+)", overdue[0]) == ["board"]
    rest = page[overdue.end() :]
    assert re.findall(r"#expected\.(\w+)", rest) == ["office", "sales", "sale", "launch"]
    assert section(plan, "expected") == (
        "Expected The board meets. By 20 June 2025 ( Overdue )"
        " Scale AI launches its printer. By the end of Q2 2025"
        " Happened 19 June 2025 Scale AI launches its printer"
        " Meta opens an office. By 20 July 2025 Sales double. By the end of H2 2025"
        " Scale AI is sold."
    )
    assert section(plan, "whats-next") == "What’s next Whether it works."
    for id in ("launch", "office", "sale", "board", "sales"):
        assert plan.count(f'id="expected.{id}"') == 1
    settled = section(read(tmp_path, "briefs/later/index.html"), "settled")
    assert settled.startswith("How it turned out Scale AI launches its printer. By the end of Q2")
    markdown = read(tmp_path, "briefs/plan/index.md")
    for line in (
        "- By the end of Q2 2025: Scale AI launches its printer.",
        "- By 20 July 2025: Meta opens an office.",
        "- Expected: Scale AI is sold.",
        "- By 20 June 2025: The board meets.",
        "- Whether it works.",
    ):
        assert markdown.replace("\\", "").count(f"{line}\n") == 1
    feed = text(read(tmp_path, "feed.xml"))
    assert "By 20 July 2025: Meta opens an office. Expected: Scale AI is sold." in feed


def test_a_day_is_in_the_calendar_once_and_leaves_it_when_settled(tmp_path: Path) -> None:
    write_site(tmp_path, PLAN + LATER)
    edit(tmp_path / "content/briefs/plan.md", "whats_next:", """events:
  - {id: opening, title: Meta opens an office, date: 2025-07-20, of: Meta}
whats_next:""")  # fmt: skip
    build_site(tmp_path, now=IN_JULY)
    calendar = read(tmp_path, "calendar.ics")
    assert calendar.count("BEGIN:VEVENT") == 2, "the opening, and the day of the board's meeting"
    assert "expected-board@test.example" in calendar
    assert "#expected.board" in calendar.replace("\n ", "")
    edit(tmp_path / "content/briefs/later.md", "settles: [", """settles: [
  {what: plan#board, outcome: moot, source: reuters}, """)  # fmt: skip
    build_site(tmp_path, now=IN_JULY)
    assert "expected-board" not in read(tmp_path, "calendar.ics")


def test_an_outcome_renders_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    write_site(tmp_path, PLAN + LATER + brief("other", date="2025-06-01 09:00"))
    build_site(tmp_path, now=IN_JULY)
    edit(tmp_path / "content/briefs/later.md", "settles: [", """settles: [
  {what: plan#sale, outcome: not, source: reuters}, """)  # fmt: skip
    result = build_site(tmp_path, now=IN_JULY)
    pages = {"/briefs/plan/", "/briefs/later/", "/expected/", "/companies/scale-ai/"}
    pages |= {"/expected/feed.xml", "/companies/scale-ai/changes/feed.xml"}
    assert urls(result) == pages, "and not the page of Meta, or another brief"


def test_data_has_expectations_as_claims_with_their_time(tmp_path: Path) -> None:
    build_site(write_site(tmp_path, PLAN + LATER), now=IN_JULY)
    page = read_page(read(tmp_path, "briefs/plan/index.html"))
    found = [one for text in page.linked_data for one in json.loads(text)]
    (article,) = [one for one in found if "hasPart" in one]
    parts = {part["text"]: part for part in article["hasPart"]}
    launch = parts["Scale AI launches its printer."]
    assert (launch["@type"], launch["temporalCoverage"]) == ("Claim", "2025-05-20/2025-06-30")
    assert launch["about"]["name"] == "Scale AI"
    assert launch["firstAppearance"]["publisher"]["name"] == "Reuters"
    assert [one["url"] for one in launch["subjectOf"]] == ["https://test.example/briefs/later/"]
    assert parts["Scale AI is sold."]["temporalCoverage"] == "2025-05-20/.."
    assert "subjectOf" not in parts["Meta opens an office."]
    sales = [part for part in article["hasPart"] if part["text"] == "Sales double."]
    assert [part["temporalCoverage"] for part in sales] == ["2025-05-20/2025-12-31"]


def test_a_digest_states_what_was_due_in_its_week_and_the_outcome(tmp_path: Path) -> None:
    write_site(tmp_path, PLAN + LATER + brief("other", date="2025-06-30 09:00"))
    build_site(tmp_path, now=datetime(2025, 6, 20, 12, tzinfo=UTC))
    week = section(read(tmp_path, "digests/2025-w25/index.html"), "due")
    expected = "Expected on 20 May 2025"
    assert week == f"Due By 20 June 2025 The board meets. Scale AI {expected}"
    build_site(tmp_path, now=IN_JULY)
    week = section(read(tmp_path, "digests/2025-w25/index.html"), "due")
    assert week == f"Due By 20 June 2025 The board meets. Overdue Scale AI {expected}"
    later = section(read(tmp_path, "digests/2025-w27/index.html"), "due")
    assert not later, "the printer was due this week, but was reported the week before"
    after = brief("after", date="2025-08-01 09:00")
    write_site(tmp_path, after, usual=False)
    build_site(tmp_path, now=datetime(2025, 8, 2, tzinfo=UTC))
    assert "Meta opens an office." in section(read(tmp_path, "digests/2025-w31/index.html"), "due")
    (tmp_path / "content/briefs/after.md").unlink()
    build_site(tmp_path, now=IN_JULY)
    other = tmp_path / "content/briefs/other.md"
    settles = "settles: [{what: plan#board, outcome: late, source: reuters}]"
    edit(other, "\ndate:", f"\n{settles}\ndate:")
    rendered = urls(build_site(tmp_path, now=IN_JULY))
    digests = {url for url in rendered if url.startswith("/digests/")}
    assert digests == {"/digests/2025-w25/", "/digests/feed.xml"}
    assert "Happened late" in section(read(tmp_path, "digests/2025-w25/index.html"), "due")
    site = open_site(tmp_path, options(IN_JULY))
    digest = make_digest(site, "2025-w25", NO_CHOICE).text
    assert "The board meets." in digest and "Happened late 30 June 2025" in digest
    news = make_news(site, date(2025, 6, 16), NO_CHOICE).text
    assert "The board meets." in news
    assert "its printer. [" in news, "due on 30 June, and settled in these days"
    assert "Meta opens" not in news, "not due yet"
    assert "The board meets." not in make_digest(site, "2025-w25", Choice(without=("due",))).text


def test_what_is_not_published_leaves_no_trace(tmp_path: Path) -> None:
    write_site(tmp_path, PLAN.replace("expects:", "status: draft\nexpects:") + LATER)
    build_site(tmp_path, now=IN_JULY)
    assert not (tmp_path / "output/expected").exists()
    assert not section(read(tmp_path, "briefs/later/index.html"), "settled")
    write_site(tmp_path / "b", PLAN + LATER.replace("2025-06-20", "2025-08-20"))
    build_site(tmp_path / "b", now=IN_JULY)
    assert "Happened" not in text(read(tmp_path / "b", "expected/index.html"))


def test_an_expectation_is_due_at_its_end_unless_it_is_settled_by_then(tmp_path: Path) -> None:
    later = LATER.replace("2025-06-20", "2025-08-20").replace("2025-06-19", "2025-06-30")
    write_site(tmp_path, PLAN + later.replace("plan#launch", "plan#sales"))
    found: list[Due] = [*read_status(tmp_path, tmp_path / "output", options(IN_JULY)).due]
    overdue = [(f"{due.at:%Y-%m-%d %H:%M}", due.title) for due in found if "overdue" in due.event]
    assert overdue == [("2025-07-21 00:00", "Meta opens an office.")]
    before = options(datetime(2025, 6, 1, tzinfo=UTC))
    found = [*read_status(tmp_path, tmp_path / "output", before).due]
    first = next(due for due in found if due.event == "is overdue")
    assert (f"{first.at:%Y-%m-%d %H:%M}", first.title) == ("2025-06-21 00:00", "The board meets.")


def test_an_edition_shows_its_own_words(tmp_path: Path) -> None:
    editions = SETTINGS.replace("cards: false", "cards: false\neditions: {nl: {}}")
    dutch = brief(
        "plan-nl", lang="nl", translation_of="plan", title="Scale AI plant",
        expects="[{id: launch, text: Scale AI brengt zijn printer uit., by: 2025-Q2}]",
    )  # fmt: skip
    build_site(write_site(tmp_path, editions + PLAN + LATER + dutch), now=IN_JULY)
    page = read(tmp_path, "nl/expected/index.html")
    assert "Scale AI brengt zijn printer uit." in page
    assert page.count("#expected.launch") == 1
    assert "Scale AI launches its printer." not in page
    outcome = section(read(tmp_path, "nl/briefs/plan-nl/index.html"), "expected")
    assert "Scale AI brengt zijn printer uit. Uiterlijk aan het einde van het" in outcome
    assert "Gebeurd 19 juni 2025" in outcome
    assert "The board meets." in outcome, "what the translation does not repeat"
    feeds = [
        read(tmp_path, f"{tag}companies/scale-ai/changes/changes.jsonl") for tag in ("", "nl/")
    ]
    changes, own = ([json.loads(line) for line in feed.splitlines()] for feed in feeds)
    assert [line["id"] for line in own] == [line["id"] for line in changes]
    begun = [line for line in own if line["text"].startswith(("Uiterlijk", "Verwacht"))]
    assert len(begun) == 4 and not any("launches" in line["text"] for line in begun)
    own = [line for line in own if line not in begun]
    changes = [line for line in changes if not line["text"].startswith(("By ", "Expected"))]
    assert [line["text"] for line in own] == [
        "Termijn verstreken: The board meets", "Gebeurd: Scale AI brengt zijn printer uit",
    ]  # fmt: skip
    assert own[0]["url"] == "https://test.example/nl/briefs/plan-nl/"
    assert [line["brief"] for line in changes] == ["plan", "later"]
