"""The published versions of a brief: what readers see of them, and where."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.content.config import read_config
from builder.content.histories import MOST_BYTES, encode_history
from builder.content.reply_files import history_path
from builder.content.version_words import words_of
from builder.content.walk import walk_content
from builder.engine.memory import read_content
from builder.model.brief import Brief
from builder.model.version import History, Part, PastVersion, VersionWords
from builder.store import Store
from support.looks import LOOKS, RULES, OpenPage, overflow, violations
from support.pages import words
from support.sites import brief, build_site, problems, read, tree, urls, write_site
from support.tools import as_lines, check_html, serve

PAGE = "briefs/one/history/index.html"
BODY = "Scale AI sold 49 per cent of its shares.\n\nMeta did not reply to [[Google]].\n\nIt is new."
NOTE = "[{at: 2025-06-20, kind: factual, was: 14 per cent, now: 49 per cent}]"
REASON = "The headline was misleading."


def story(body: str = BODY, **fields: str) -> str:
    given = {"updated": "2025-06-20", "corrections": NOTE, **fields}
    return brief("one", given.pop("title", "Scale AI sells half"), body, **given)


def version_words(title: str, *texts: str, **about: str) -> VersionWords:
    said = (Part("claim", "It sold shares", (*about.items(),)),) if about else ()
    body = (Part("text", text) for text in texts)
    return VersionWords("en-GB", (Part("title", title), Part("summary", "It hires."), *body, *said))


FIRST = version_words(
    "Scale AI sells shares",
    "Scale AI sold 14 per cent of its shares.",
    "Meta did not reply to Google. See [[brief:draft]], [[figure:14bn USD]] and <b>this</b>.",
    status="reported",
    anonymous="5",
)
SECOND = replace(FIRST, parts=(Part("title", "Scale AI sells a stake"), *FIRST.parts[1:4]))


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2025, 6, day, hour, 2, tzinfo=UTC)


V1 = PastVersion("a" * 32, at(15, 7), words=FIRST)
V2 = PastVersion("b" * 32, at(16), reason=REASON, words=SECOND)


def keep(site: Path, *versions: PastVersion, identity: str = "id-one") -> Path:
    """Write the history of a brief."""
    file = site / history_path(identity)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(encode_history(History(identity, versions)))
    return file


def present(site: Path, day: int = 21) -> PastVersion:
    """What a release makes of the brief as it stands in the content."""
    content = read_content(walk_content(site), read_config(site), 1, Store(None, ""))
    record = content.load(Brief, "content/briefs/one.md")
    updated = record.updated.at if record.updated else None
    told = ("2025-06-20 factual",)
    return PastVersion("c" * 32, at(day), updated, told, words=words_of(record, "en-GB"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    text = story() + brief("two", "Scale AI two", date="2025-06-16 09:00")
    write_site(tmp_path, text + brief("draft", "The secret", status="draft"))
    keep(tmp_path, V1, V2)
    return tmp_path


def test_a_history_says_what_changed_when_and_why(site: Path) -> None:
    build_site(site)
    text = words(read(site, PAGE))
    assert "20 June 2025 Version 3 current factual error 20 June 2025" in text
    assert 'An earlier version of this brief said: "14 per cent".' in text
    assert "Paragraph 1 Scale AI sold removed: 14 added: 49 per cent of its shares." in text
    assert "Paragraph 3 added: It is new." in text
    assert "16 June 2025, 14:02 Version 2 Changed without a note to readers." in text
    assert f"The reason given: {REASON} Headline Scale AI sells removed: shares added: a" in text
    assert "Claim removed: It sold shares removed: reported removed: five unnamed people" in text
    assert "15 June 2025, 09:02 Version 1 The first version on record." in text
    # References are what they are called now; a draft leaves no trace, and HTML is text.
    assert "See another brief, $14 billion and <b>this</b>." in text
    assert "The secret" not in text
    # The headlines with their times, the newest first.
    shown = "20 June 2025 Scale AI sells half 16 June 2025, 14:02 Scale AI sells a stake"
    assert f"{shown} 15 June 2025, 09:02 Scale AI sells shares" in text


def test_expectations_and_outcomes_are_in_words(site: Path) -> None:
    expected = Part("expectation", "The plant opens.", (("by", "2025-12"),))
    outcome = Part("outcome", "[[brief:two#sale]]", (("outcome", "late"),))
    was = replace(FIRST, parts=(*FIRST.parts, expected, outcome))
    keep(site, replace(V1, words=was), V2)
    build_site(site)
    text = words(read(site, PAGE))
    assert "Expected removed: The plant opens. removed: December 2025" in text
    assert "Outcome removed: Scale AI two removed: happened late" in text


def test_it_is_linked_from_its_brief_and_out_of_search_engines(site: Path) -> None:
    build_site(site)
    found, shown = tree(site / "output"), read(site, "briefs/one/index.html")
    assert shown.count('briefs/one/history/"') == 2
    assert "History 3 versions headline changed on 20 June 2025" in words(shown)
    assert 'name="robots" content="noindex"' in read(site, PAGE)
    assert [path for path, data in found.items() if b"sells a stake" in data] == [PAGE]
    leading = {path for path, data in found.items() if b"history/" in data}
    assert leading == {"briefs/one/index.html", PAGE, ".slugline.json"}
    assert [path for path in found if "history" in path] == [PAGE]


def test_the_page_is_the_same_before_and_after_the_release_of_a_change(site: Path) -> None:
    """The file then has the present version too, with the time of the release."""
    build_site(site)
    before = read(site, PAGE), read(site, "briefs/one/index.html")
    keep(site, V1, V2, present(site))
    build_site(site)
    assert (read(site, PAGE), read(site, "briefs/one/index.html")) == before
    # A brief that is as it was first has no history.
    keep(site, present(site))
    build_site(site)
    assert not (site / "output" / PAGE).exists()
    assert "history/" not in read(site, "briefs/one/index.html")


def test_a_new_version_renders_its_brief_and_its_history(site: Path, tmp_path: Path) -> None:
    build_site(site)
    keep(site, V1, replace(V2, words=replace(SECOND, parts=SECOND.parts[:3])))
    assert urls(build_site(site)) == {"/briefs/one/history/"}
    keep(site, V1)
    feeds = {"/feed.xml", "/sources/reuters/feed.xml", "/companies/scale-ai/feed.xml"}
    assert urls(build_site(site)) == {"/briefs/one/", "/briefs/one/history/"}
    # Feeds say when a change was published that readers were not told of.
    keep(site, V1, replace(V2, at=at(22)))
    both = {"/briefs/one/", "/briefs/one/history/"}
    assert urls(build_site(site)) == {*both, "/sitemap.xml", "/digests/feed.xml", *feeds}
    item = next(i for i in json.loads(read(site, "feed.json"))["items"] if i["id"] == "id-one")
    assert item["date_modified"] == "2025-06-22T14:02:00+02:00"
    # The page, its data and the sitemap say the same.
    page = read(site, "briefs/one/index.html")
    assert '"dateModified":"2025-06-22T14:02:00+02:00"' in page.replace(": ", ":")
    assert '<meta property="article:modified_time" content="2025-06-22T14:02' in page
    assert "Updated 22 June 2025" in words(page)
    entry = read(site, "sitemap.xml").partition("/briefs/one/</loc>")[2].partition("</url>")[0]
    assert "<lastmod>2025-06-22T14:02" in entry
    # Before its time, nothing changed.
    build_site(site, now=at(21))
    assert "2025-06-22" not in read(site, "briefs/one/index.html").partition("</head>")[0]
    build_site(site)
    fresh = write_site(
        tmp_path / "fresh", story() + brief("two", "Scale AI two", date="2025-06-16 09:00")
    )
    write_site(fresh, brief("draft", "The secret", status="draft"), usual=False)
    keep(fresh, V1, replace(V2, at=at(22)))
    build_site(fresh)
    assert tree(fresh / "output") == tree(site / "output")


WITHDRAWN = VersionWords(
    "en-GB", (Part("title", "Scale AI sells half"), Part("withdrawn", "Wrong"))
)
GONE = PastVersion("d" * 32, at(23), words=WITHDRAWN)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"status": "draft"}, 0),
        ({"date": "2025-09-01"}, 0),
        ({"expires": "2025-06-20"}, 0),
        ({"status": "withdrawn", "withdrawn": "{show: nothing}"}, 0),
        ({"status": "withdrawn", "withdrawn_because": "It was wrong."}, 1),
    ],
)
def test_what_is_not_public_has_no_history(site: Path, fields: dict[str, str], count: int) -> None:
    """A withdrawn brief keeps times, reasons and headlines, and nothing else that it said."""
    write_site(site, story(**fields), usual=False)
    build_site(site)
    found = tree(site / "output")
    assert len([path for path in found if "history" in path]) == count
    assert [path for path, data in found.items() if b"per cent of its" in data] == []
    assert [*{path for path, data in found.items() if b"sells a stake" in data}] == [PAGE] * count
    if count:
        text = words(read(site, PAGE))
        assert "Version 3 current The brief was withdrawn: It was wrong." in text
        assert REASON in text
        assert "The words that changed are not shown." not in text.split("Version 2")[0]
        assert 'briefs/one/history/"' in read(site, "briefs/one/index.html")


def test_a_brief_that_is_published_again_has_all_of_it(site: Path) -> None:
    keep(site, V1, V2, GONE)
    build_site(site)
    text = words(read(site, PAGE))
    assert "23 June 2025, 14:02 Version 3 The brief was withdrawn: Wrong" in text
    again = text.split("Version 4 current")[1].split("Version 3")[0]
    assert "The brief was published again." in again
    assert "Paragraph 1 Scale AI sold removed: 14 added: 49 per cent" in again


def test_words_that_an_editor_removed_are_not_shown(site: Path) -> None:
    keep(site, V1, replace(V2, words=None))
    build_site(site)
    text = words(read(site, PAGE))
    assert text.count("The words that changed are not shown.") == 2
    assert REASON in text
    assert "per cent of its shares" not in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<<<<<<< HEAD\n", "this is not the history of a brief: JSON is malformed"),
        (b"", "this is not the history of a brief: Input data was truncated"),
        (b"[" * 100_000, "this is not the history of a brief"),
        (b'{"brief": "id-one", "versions": []}', "length >= 1"),
        (b'{"brief": "id-one", "versions": [{"digest": "../x", "at": 1}]}', "$.versions[0]"),
        (
            encode_history(History("id-two", (V1,))),
            "it is of the brief `id-two`, whose file is id-",
        ),
        (b" " * (MOST_BYTES + 1), "the file has more than 4 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_ignored(site: Path, data: bytes, message: str) -> None:
    file = keep(site, V1)
    file.write_bytes(data)
    (found,) = (one for one in problems(site) if one.path.startswith("content/history/"))
    assert (found.code, found.severity) == ("invalid-history", "warning")
    assert message in found.message
    build_site(site)
    assert not (site / "output" / PAGE).exists()


def test_hostile_words_are_text(site: Path) -> None:
    evil = "<script>alert(1)</script> \x00\u202e[[brief:../../x]] [[figure:NaN]] [[evil:x]] \ufdd0"
    long = " ".join(f"word{n % 7}" for n in range(9000))
    texts = (evil, long, *(f"{n} other words" for n in range(300)))
    about = {"status": evil, "anonymous": "9" * 400, "value": "1e999999999 USD", "by": evil}
    keep(site, replace(V1, words=version_words(evil, *texts, **about), reason=evil), V2)
    build_site(site)
    page = read(site, PAGE)
    assert "<script>alert" not in page
    assert not {*"\x00\u202e\ufdd0"} & {*page}
    assert "more changes" in words(page)
    assert len(page) < 100_000
    (site / "content/history/note.txt").write_text("mine")
    assert "stray-file" in {problem.code for problem in problems(site)}


EDITIONS = "editions: {nl: {title: De test}, ar: {title: اختبار}}\n"
DUTCH = brief(
    "een", "Scale AI verkoopt de helft", "Het verkocht 49 procent.", lang="nl", translation_of="one"
)
ARABIC = brief(
    "wahid", "شركة تبيع نصف أسهمها", "باعت الشركة 49 في المئة.", lang="ar", translation_of="one"
)


def test_each_edition_has_the_history_of_its_version(
    site: Path, open_page: OpenPage, accessibility_rules: Path
) -> None:
    """On small screens too, light and dark, and from right to left."""
    with (site / "site.yaml").open("a") as file:
        file.write(EDITIONS)
    write_site(site, DUTCH.replace("lang:", "redirects: [oud]\nlang:") + ARABIC, usual=False)
    old = version_words("Scale AI verkoopt aandelen", "Het verkocht 14 procent.")
    keep(site, PastVersion("e" * 32, at(16), words=old), identity="id-een")
    old = version_words("شركة تبيع أسهما", "باعت الشركة 14 في المئة.")
    keep(site, PastVersion("f" * 32, at(16), words=old), identity="id-wahid")
    build_site(site)
    moved = read(site, "briefs/oud/history/index.html")
    assert 'href="https://test.example/nl/briefs/een/history/"' in moved
    pages = [PAGE, "nl/briefs/een/history/index.html", "ar/briefs/wahid/history/index.html"]
    found = tree(site / "output")
    found.pop("briefs/oud/history/index.html")
    assert {path for path in found if path.endswith("history/index.html")} == {*pages}
    assert "Alinea 1 Het verkocht verwijderd: 14 toegevoegd: 49 procent." in words(
        read(site, pages[1])
    )
    assert 'dir="rtl"' in read(site, pages[2])
    seen = check_html([site / "output" / path for path in pages])
    with serve(site / "output") as address:
        for dark in (False, True):
            with open_page(width=320, dark=dark) as page:
                for path in pages:
                    page.goto(address + path)
                    only = LOOKS if dark else RULES
                    shown = violations(page, accessibility_rules, only)
                    seen += [f"{path}: {line}" for line in shown]
                    if wide := overflow(page):
                        seen.append(f"{path}: {wide}")
    assert not seen, as_lines(seen)


def test_a_former_address_of_a_brief_leads_to_its_history_too(site: Path) -> None:
    (site / "content/briefs/one.md").unlink()
    write_site(
        site, story(redirects="[uno]").replace("briefs/one.md", "briefs/half.md"), usual=False
    )
    build_site(site)
    assert (site / "output/briefs/half/history/index.html").exists()
    assert "/briefs/half/history/" in read(site, "briefs/uno/history/index.html")
