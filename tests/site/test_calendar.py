"""The calendar: scheduled events on pages and in calendar files (RFC 5545, RFC 7986)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from builder.hosting.headers import type_of
from builder.pages.parts.icalendar import folded
from support.sites import SETTINGS, brief, build_output, build_site, edit, read, tree, write_site

EVENTS = """[
  {id: results, title: "Scale AI reports, and Meta; perhaps", date: 2025-07-22 14:30,
    end: 2025-07-22 15:30, where: "Zaal 1; Utrecht", url: "https://scale.example/results"},
  {id: fair, title: The fair of the labs, date: 2025-09-05, end: 2025-09-09, of: Meta,
    status: expected},
  {id: call, title: The call, date: 2025-07-03 09:00 -05:00},
  {id: lease, title: The lease ends, date: 2029-05},
  {id: soon, title: The offer ends, date: 2025-06-20},
  {id: old, title: The trial, date: 2025-05-30}]"""
SITE = brief("one", events=EVENTS, date="2025-05-20 09:00")


def events(folder: Path, path: str = "calendar.ics") -> dict[str, icalendar.Event]:
    """The events of a calendar file that obeys the rules, by their identity."""
    data = (folder / "output" / path).read_bytes()
    lines = data.decode().split("\r\n")
    assert lines.pop() == "", "it ends with a line break"
    assert not any("\n" in line or "\r" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar.errors == []
    assert (calendar["version"], calendar["calscale"]) == ("2.0", "GREGORIAN")
    assert calendar["prodid"]
    found = {}
    for event in calendar.walk("VEVENT"):
        assert event.errors == []
        names = [name for name, _ in event.property_items(recursive=False)]
        for required in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"):
            assert names.count(required) == 1
        found[str(event["uid"])] = event
    assert found, "a calendar must have a component"
    assert len(found) == data.count(b"BEGIN:VEVENT")
    return found


def test_days_times_and_texts(tmp_path: Path) -> None:
    build_output(tmp_path, SITE)
    found = events(tmp_path)
    at = "id-one-{}@test.example".format
    # A date that is only a month is not in it, nor what was over for 30 days.
    assert {*found} == {at("results"), at("fair"), at("call"), at("soon"), at("old")} - {at("old")}
    results = found[at("results")]
    assert results.decoded("dtstart") == datetime(2025, 7, 22, 12, 30, tzinfo=UTC)
    assert results.decoded("dtend") == datetime(2025, 7, 22, 13, 30, tzinfo=UTC)
    assert results["summary"] == "Scale AI reports, and Meta; perhaps"
    assert results["location"] == "Zaal 1; Utrecht"
    assert results["url"] == "https://test.example/briefs/one/#event.results"
    assert results["description"].splitlines() == [
        "Scale AI hires", results["url"], "https://scale.example/results",
    ]  # fmt: skip
    assert results.decoded("dtstamp") == datetime(2025, 5, 20, 7, tzinfo=UTC)
    assert (results["status"], results["sequence"]) == ("CONFIRMED", 0)
    assert results["categories"].cats == ["Scale AI"]
    fair = found[at("fair")]
    assert (fair.decoded("dtstart"), fair.decoded("dtend")) == (date(2025, 9, 5), date(2025, 9, 10))
    assert fair["status"] == "TENTATIVE"
    call = found[at("call")]
    assert call.decoded("dtstart") == datetime(2025, 7, 3, 14, tzinfo=UTC)
    assert "dtend" not in call
    assert type_of("calendar.ics") == "text/calendar; charset=utf-8"


def test_pages_show_what_lies_ahead(tmp_path: Path) -> None:
    build_output(tmp_path, SITE)
    page = read(tmp_path, "calendar/index.html")
    ahead, over = page.split('id="over"')
    shown = [re.findall(r'class="p-name u-url" href="[^"]*">([^<]*)</a>', p) for p in (ahead, over)]
    assert shown == [
        ["The call", "Scale AI reports, and Meta; perhaps", "The fair of the labs",
         "The lease ends"],
        ["The offer ends", "The trial"],
    ]  # fmt: skip
    labels = re.findall(r'<section[^>]* aria-labelledby="([^"]*)"', page)
    assert len({*labels}) == len(labels), "2025 is ahead and over"
    assert 'aria-labelledby="over-heading over-year"' in page
    assert "22 July 2025, 14:30–15:30" in page
    assert "3 July 2025, 16:00" in page, "in the site's time zone"
    assert "Times are those of Europe/Amsterdam." in page
    alternate = '<link rel="alternate" type="text/calendar" title="Test: Calendar" href="'
    assert f'{alternate}../calendar.ics">' in page
    assert 'href="../calendar.ics" type="text/calendar">Add to your calendar</a>' in page
    assert ">Calendar</a>" in read(tmp_path, "index.html").split("<footer")[1]
    text = read(tmp_path, "briefs/one/index.html")
    assert '<li id="event.results"><time datetime="2025-07-22T14:30:00+02:00">' in text
    company = read(tmp_path, "companies/meta/index.html")
    assert "The fair of the labs" in company
    assert '/companies/meta/calendar.ics" type="text/calendar">Calendar of Meta</a>' in company
    assert {*events(tmp_path, "companies/meta/calendar.ics")} == {"id-one-fair@test.example"}
    assert not (tmp_path / "output/companies/google/calendar.ics").exists()


def test_a_site_without_events_has_no_calendar(tmp_path: Path) -> None:
    build_output(tmp_path, brief("one"))
    assert not any("calendar" in path for path in tree(tmp_path / "output"))
    assert "calendar" not in read(tmp_path, "index.html")


MOVED = (
    brief(
        "first", "Scale AI announces", date="2025-06-01 09:00",
        events="[{id: launch, title: The launch, date: 2025-07-10},"
        " {id: party, title: The party, date: 2025-07-11}]",
    )
    + brief(
        "second", "Scale AI waits", date="2025-06-10 09:00",
        events="[{id: launch-2, title: The launch, date: 2025-08-01, changes: first#launch}]",
    )
    + brief(
        "third", "Scale AI waits longer", date="2025-06-20 09:00",
        events="[{id: launch, title: The launch, date: 2025-10, changes: second#launch-2},"
        " {id: party, title: The party, date: 2025-07-11, status: cancelled,"
        " changes: first#party}]",
    )
)  # fmt: skip


def test_a_later_brief_moves_and_cancels(tmp_path: Path) -> None:
    """It stays one event, whose sequence grows and whose stamp is that of the later brief."""
    build_output(tmp_path, MOVED, now=datetime(2025, 6, 15, tzinfo=UTC))
    found = events(tmp_path)
    launch = found["id-first-launch@test.example"]
    assert launch.decoded("dtstart") == date(2025, 8, 1)
    assert launch["sequence"] == 1
    assert launch.decoded("dtstamp") == datetime(2025, 6, 10, 7, tzinfo=UTC)
    assert launch["url"].endswith("/briefs/second/#event.launch-2")
    first = read(tmp_path, "briefs/first/index.html")
    assert re.search(r"Now <time [^>]*>1 August 2025</time>.*/second/#event.launch-2", first)
    assert "Formerly 10 July 2025" in read(tmp_path, "calendar/index.html")

    build_site(tmp_path)  # the third brief is out
    found = events(tmp_path)
    assert [*found] == ["id-first-party@test.example"], "the other has no day any more"
    party = found["id-first-party@test.example"]
    assert (party["status"], party["sequence"]) == ("CANCELLED", 1)
    page = read(tmp_path, "calendar/index.html")
    assert "<strong>Cancelled</strong>" in page
    assert page.count("The launch") == 1
    assert "Formerly 1 August 2025" in page
    first = read(tmp_path, "briefs/first/index.html")
    assert "Since cancelled" in first
    assert re.search(r"Now <time [^>]*>October 2025</time>", first)


def test_an_edited_brief_revises_its_events(tmp_path: Path) -> None:
    build_output(tmp_path, SITE)
    before = events(tmp_path)["id-one-fair@test.example"]
    path = tmp_path / "content/briefs/one.md"
    edit(path, "date: 2025-09-05, end: 2025-09-09", "date: 2025-09-06, end: 2025-09-09")
    edit(path, "summary:", "updated: 2025-06-30 08:00\nsummary:")
    build_site(tmp_path)
    after = events(tmp_path)["id-one-fair@test.example"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstamp") == datetime(2025, 6, 30, 6, tzinfo=UTC)
    assert after.decoded("dtstart") == date(2025, 9, 6)


def test_what_is_over_leaves_by_the_schedule(tmp_path: Path) -> None:
    """At its end it is over on pages; 30 days later it leaves the files; builds say when."""
    write_site(tmp_path, brief("one", events="[{id: a, title: The call, date: 2025-07-03 14:00},"
               " {id: b, title: The fair, date: 2025-07-04, end: 2025-07-05}]"))  # fmt: skip
    moments = []
    result = CliRunner()
    at = "2025-07-01"
    for _ in range(4):
        said = result.invoke(
            cli.main, ["--site", str(tmp_path), "build", "--at", at, "--until-due"]
        )
        assert said.exit_code == 0, said.output
        moments.append(at := said.output.strip())
    # The end of its day, for a time without an end; the end of the last day.
    assert moments == [
        "2025-07-03T22:00:00Z", "2025-07-05T22:00:00Z", "2025-08-02T22:00:00Z",
        "2025-08-04T22:00:00Z",
    ]  # fmt: skip

    def states(now: datetime) -> tuple[int, int]:
        build_site(tmp_path, now=now)
        page = read(tmp_path, "calendar/index.html")
        return page.partition('id="over"')[0].count("h-event"), len(events(tmp_path))

    day = [datetime.fromisoformat(moment) for moment in moments]
    assert [states(now) for now in (datetime(2025, 7, 3, 21, 59, tzinfo=UTC), *day)] == [
        (2, 2), (1, 2), (0, 2), (0, 1), (0, 1),
    ]  # fmt: skip
    assert [*events(tmp_path)] == ["id-one-b@test.example"], "the last one stays"
    dated = result.invoke(cli.main, ["--site", str(tmp_path), "build", "--at", "2025-07-01"])
    assert "Next scheduled change: 2025-07-04 00:00  “The call” is over in the calendar" in (
        dated.output
    )


def test_incremental_is_clean_through_the_schedule(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", SITE + MOVED)
    for n, day in enumerate((5, 15, 21, 25, 30)):
        now = datetime(2025, 6 + n % 3, day, 12, tzinfo=UTC)
        build_site(site, now=now)
        clean = write_site(tmp_path / f"clean-{n}", SITE + MOVED)
        build_site(clean, now=now)
        assert tree(site / "output") == tree(clean / "output")


def test_years_that_are_over_have_pages(tmp_path: Path) -> None:
    said = ", ".join(
        f"{{id: e{year}, title: In {year}, date: {year}-03-01}}" for year in (2022, 2023, 2024)
    )
    build_output(tmp_path, brief("one", date="2021-01-02 09:00", events=f"[{said}]"))
    pages = {p for p in tree(tmp_path / "output") if p.startswith("calendar/")}
    assert pages == {"calendar/index.html", "calendar/2022/index.html", "calendar/2023/index.html"}
    assert "Nothing is scheduled." in read(tmp_path, "calendar/index.html")
    assert "In 2024" in read(tmp_path, "calendar/index.html")
    middle = read(tmp_path, "calendar/2023/index.html")
    assert "In 2023" in middle
    assert '/calendar/2022/"><span class="direction">Older' in middle
    assert '/calendar/"><span class="direction">Newer' in middle


def test_a_watchlist_has_a_calendar(tmp_path: Path) -> None:
    """What its briefs state, whichever company it concerns."""
    lists = "[{name: Chips, topics: [Chips]}, {name: None, topics: [Data]}]"
    build_output(
        tmp_path,
        f"{SETTINGS}watchlists: {lists}\n"
        + brief("a", topics="[Chips]", events="[{id: x, title: A, date: 2025-07-09, of: Meta}]")
        + brief("b", topics="[Data]", date="2025-06-02"),
    )
    assert {*events(tmp_path, "watchlists/chips/calendar.ics")} == {"id-a-x@test.example"}
    assert 'type="text/calendar"' in read(tmp_path, "watchlists/chips/index.html")
    assert not (tmp_path / "output/watchlists/none/calendar.ics").exists()


def test_a_translation_states_nothing_again(tmp_path: Path) -> None:
    launch = "[{id: launch, title: %s, date: 2025-07-10}]"
    moved = "[{id: launch, title: Later, date: 2025-07-20, changes: a#launch}]"
    build_output(
        tmp_path,
        brief("a", events=launch % "The launch")
        + brief("b", lang="nl", translation_of="a", date="2025-06-16", events=launch % "De start")
        + brief("c", date="2025-06-20", events=moved),
    )
    assert [*events(tmp_path)] == ["id-a-launch@test.example"]
    page = read(tmp_path, "briefs/b/index.html")
    assert "De start" in page
    assert re.search(r"<strong>[^<]+<time [^>]*>20 juli 2025", page), "in its own language"


def test_events_are_in_every_form_of_a_brief(tmp_path: Path) -> None:
    build_output(tmp_path, f"{SETTINGS}markdown: true\nrecord: [json]\n{SITE}")
    text = "5–9 Sept 2025: The fair of the labs (expected)"
    assert text in read(tmp_path, "feed.xml")
    assert text in read(tmp_path, "briefs/one/index.md")
    assert '"uid": "id-one-fair"' in read(tmp_path, "record/record.json")


@pytest.mark.parametrize("sign", ["a", "é", "試", "😀"])
def test_lines_are_folded_within_75_octets_and_never_in_a_character(sign: str) -> None:
    line = f"SUMMARY:{sign * 200}"
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert len(parts) > 2
    assert all(part.startswith(" ") for part in parts[1:])
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
