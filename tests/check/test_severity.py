"""Law 10: a mistake in what is not published stops neither a build nor a deploy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from builder.cli.serve import counted
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.report import count
from builder.engine.build import verify
from builder.engine.status import read_status
from support.sites import NOW, brief, build_site, options, problems, tree, write_site

WRONG = {"companies": "[Nowhere Ltd]", "section": "nonsense", "thread": "no-thread"}
UNSEEN = {
    "draft": {"status": "draft"},
    "scheduled": {"date": "2025-07-02 09:00"},
    "expired": {"date": "2025-01-01", "expires": "2025-02-01"},
}


def held(found: tuple[Diagnostic, ...]) -> set[str]:
    return {d.code for d in found if d.held}


@pytest.mark.parametrize("kind", UNSEEN)
def test_a_mistake_in_an_unpublished_brief_stops_only_check(kind: str, tmp_path: Path) -> None:
    body = "[[company:nowhere]] {{figure:none}} ![a](/media/none.png) [x](/nowhere/)"
    write_site(tmp_path, brief("out") + brief("plan", body=body, **WRONG | UNSEEN[kind]))
    result = build_site(tmp_path)
    codes = {
        "unknown-company", "unknown-section", "unknown-thread", "broken-link", "unknown-figure",
        "missing-media",
    }  # fmt: skip
    assert held(result.problems) == codes
    assert not [d for d in result.problems if d.severity == "error"]
    checked = {d.code: d.severity for d in problems(tmp_path)}
    assert {code for code, severity in checked.items() if severity == "error"} == codes
    # A second build has the same problems, and a corrected brief goes out.
    assert build_site(tmp_path).problems == result.problems
    write_site(tmp_path, brief("out", "Scale AI hires many"))
    assert "briefs/out/index.html" in tree(tmp_path / "output")
    again = build_site(tmp_path)
    assert held(again.problems) == codes
    assert not verify(tmp_path, tmp_path / "output", options())


def test_the_mistakes_of_a_brief_count_from_its_date_on(tmp_path: Path) -> None:
    write_site(tmp_path, brief("out") + brief("plan", **WRONG | UNSEEN["scheduled"]))
    build_site(tmp_path)
    before = tree(tmp_path / "output")
    with pytest.raises(ContentError) as failed:
        build_site(tmp_path, now=NOW + timedelta(days=1))
    assert {"unknown-company", "unknown-thread"} <= {
        d.code for d in failed.value.diagnostics if d.severity == "error"
    }
    assert tree(tmp_path / "output") == before


UNREADABLE = {
    "YAML": "---\ntitle: [\nstatus: draft\n---\nText.\n",
    "no end": "---\nid: abcd2222\nstatus: 'draft'  # soon\nText.\n",
    "Windows": "---\r\ntitle: [\r\nstatus: Draft\r\n---\r\nText.\r\n",
    "status": "---\ntitle: Scale AI\nstatus: Draft\n---\nText.\n",
    "date": "---\ntitle: Scale AI\nstatus: draft\ndate: soon\n---\nText.\n",
    "slug": "---\ntitle: Scale AI\nstatus: draft\nslug: A b\ndate: 2025-06-01\n---\nText.\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_draft_whose_fields_cannot_be_read_is_a_draft(name: str, tmp_path: Path) -> None:
    write_site(tmp_path, brief("out"))
    (tmp_path / "content/briefs/plan.md").write_bytes(UNREADABLE[name].encode())
    assert held(build_site(tmp_path).problems)
    assert not [path for path in tree(tmp_path / "output") if "plan" in path]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: [\n---\nstatus: draft\n",
        "status: draft\n",
        "---\ntitle: [\nstatus: draft soon\n---\nText.\n",
        "---\ntitle: [\n  status: draft\n---\nText.\n",
    ],
)
def test_a_file_that_may_be_published_stops_a_build(text: str, tmp_path: Path) -> None:
    write_site(tmp_path, brief("out"))
    (tmp_path / "content/briefs/plan.md").write_text(text)
    with pytest.raises(ContentError):
        build_site(tmp_path)


# What an unpublished brief (`a`, the first by name) takes from a published one, and the code.
TAKEN = {
    "slug": ({"id": "id-a\nslug: z"}, {}, "duplicate-slug"),
    "id": ({"id": "id-z"}, {}, "duplicate-id"),
    "follows": ({"follows": "[z]"}, {"follows": "[a]"}, "follows-circle"),
    "translation": (
        {"translation_of": "z", "lang": "nl"},
        {"translation_of": "a"},
        "translation-circle",
    ),
}


@pytest.mark.parametrize("kind", UNSEEN)
@pytest.mark.parametrize("what", TAKEN)
def test_an_unpublished_brief_takes_nothing(what: str, kind: str, tmp_path: Path) -> None:
    mine, other, code = TAKEN[what]
    text = brief("z", "Scale AI is out", **other)
    write_site(tmp_path, brief("a", **mine | UNSEEN[kind]) + text)
    result = build_site(tmp_path)
    assert held(result.problems) == {code}
    assert b"Scale AI is out" in tree(tmp_path / "output")["briefs/z/index.html"]
    assert code in {d.code for d in problems(tmp_path) if d.severity == "error"}
    # The site is the one in which it takes nothing.
    write_site(tmp_path, brief("a", **UNSEEN[kind]))
    known = tree(tmp_path / "output")
    assert not held(build_site(tmp_path).problems)
    assert tree(tmp_path / "output") == known


def test_two_published_briefs_still_clash(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a", id="id-a\nslug: z") + brief("z"))
    with pytest.raises(ContentError):
        build_site(tmp_path)


def test_a_hint_of_a_held_mistake_is_never_stale(tmp_path: Path) -> None:
    """The hint of an error depends on all names, which are no facts."""
    write_site(tmp_path, brief("out") + brief("plan", companies="[Nowhere]", status="draft"))
    build_site(tmp_path)
    write_site(
        tmp_path, "=== content/companies/nowheer.md\n---\nid: nowh2222\nname: Nowheer\n---\n"
    )
    (found,) = [d for d in build_site(tmp_path).problems if d.held]
    assert "Nowheer" in found.hint


def test_only_a_hidden_draft_may_contain_a_secret(tmp_path: Path) -> None:
    secret = f"AKIA{'ABCD2345' * 2}"
    write_site(tmp_path, brief("out") + brief("plan", body=secret, status="draft"))
    assert held(build_site(tmp_path).problems) == {"secret-looking"}
    with pytest.raises(ContentError):
        build_site(tmp_path, drafts=True)


def test_a_held_mistake_does_not_make_an_allowance_vain(tmp_path: Path) -> None:
    fields = {"allow": "{no-sources: There are none.}", "date": "soon", "status": "draft"}
    text = brief("plan", **fields).replace(
        "sources: [{id: reuters, publisher: Reuters, published: 2025-06-13}]\n", ""
    )
    write_site(tmp_path, brief("out") + text)
    assert {d.code for d in build_site(tmp_path).problems} == {"invalid-date"}


def test_a_company_that_cannot_be_read_is_never_held(tmp_path: Path) -> None:
    """Nobody knows whether the name in the brief is one of its names."""
    company = "=== content/companies/lost.md\n---\nname: [\n---\n"
    write_site(tmp_path, company + brief("out", companies="[Lost & Found]"))
    with pytest.raises(ContentError):
        build_site(tmp_path)


# --- rules of the site -------------------------------------------------------------------------

RULES = """\
=== site.yaml
title: Test
base_url: https://test.example
checks:
  - {codes: [no-sources, missing-summary], severity: error, reason: The rule of the desk.}
  - {codes: [no-sources], severity: off, in: ./content/briefs/old/, before: 2020, reason: None.}
"""


def bare(slug: str, **fields: str) -> str:
    return brief(slug, sources="[]", id=f"id-{slug[-1]}", **fields)


def test_rules_turn_warnings_off_or_into_errors(tmp_path: Path) -> None:
    write_site(tmp_path, RULES + bare("old/a", date="2019-12-31") + bare("b", status="draft"))
    result = build_site(tmp_path)
    assert [(d.path, d.held) for d in result.problems] == [("content/briefs/b.md", True)]
    assert [(d.path, why) for d, why in result.allowed] == [("content/briefs/old/a.md", "None.")]
    for path, slug, date in (("old", "old/c", "2020-01-01"), ("older", "older/d", "2019-12-31")):
        write_site(tmp_path, bare(slug, date=date), usual=False)
        found = [d for d in problems(tmp_path) if d.severity == "error" and slug in d.path]
        assert [d.code for d in found] == ["no-sources"], path
        with pytest.raises(ContentError):
            build_site(tmp_path)
        (tmp_path / f"content/briefs/{slug}.md").unlink()
    # A file's own `allow` comes first.
    write_site(tmp_path, bare("e", allow="{no-sources: The desk was there.}"), usual=False)
    assert ("content/briefs/e.md", "The desk was there.") in [
        (d.path, why) for d, why in build_site(tmp_path).allowed
    ]


def test_a_rule_renders_nothing_again(tmp_path: Path) -> None:
    write_site(tmp_path, bare("a"))
    (warning,) = build_site(tmp_path).problems
    assert warning.severity == "warning"
    write_site(
        tmp_path,
        RULES.replace("no-sources, ", "").replace(
            "title: Test",
            """title: Test
time_zone: Europe/Amsterdam
language: en-GB
cards: false
author: desk
authors: [{slug: desk, name: The desk, kind: organization}]
sections:
  - {slug: deals, name: Deals}
  - {slug: labs, name: Labs}""",
        ),
    )
    assert build_site(tmp_path).rendered == ()


# --- placeholders ------------------------------------------------------------------------------


def test_a_preview_marks_what_a_draft_lacks(tmp_path: Path) -> None:
    """Errors in the front matter are listed; unknown references in the text are marked."""
    body = (
        "In [[Nowhere & Co.]] and [the other](other.md), worth {{figure:none}}; see"
        " [[brief:no-such]] and [Scale](../companies/scale-ai.md).\n\n"
        '![A {{figure:none}} sign](/media/none.png "By {{figure:none}}")\n'
    )
    fields = {**WRONG, "image": "{file: sign.png, alt: A}", "topics": "[🚀]", "author": "nobody"}
    fields |= {"thread": "no-thread", "follows": "[out, no-brief]"}
    write_site(tmp_path, brief("out") + brief("plan", body=body, status="draft", **fields))
    build_site(tmp_path, drafts=True)
    page = tree(tmp_path / "output")["briefs/plan/index.html"].decode()
    assert "\0" not in page
    for marked in ("Nowhere &amp; Co.", "the other", "none", "no-such", "none.png"):
        assert f"<mark>{marked}</mark>" in page, marked
    assert '<a href="../../companies/scale-ai/">Scale</a>' in page
    for name, message in (
        ("companies", "no company is called “Nowhere Ltd”"),
        ("section", "site.yaml declares no section “nonsense”"),
        ("author", "site.yaml declares no author “nobody”"),
        ("topics", "“🚀” has no letter that an address can contain"),
        ("image", "there is no file content/media/sign.png"),
        ("thread", "there is no thread “no-thread”"),
        ("follows", "there is no brief “no-brief”"),
    ):
        assert f"<mark>{name}</mark> {message}</li>" in page
    assert not verify(tmp_path, tmp_path / "output", options(drafts=True))
    build_site(tmp_path)
    assert not [p for p, data in tree(tmp_path / "output").items() if b"<mark>" in data]


CONFLICT = "\n<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> other\n"


@pytest.mark.parametrize("text", [CONFLICT.encode(), b"a\xff", b"a\0", b"a\x01"])
@pytest.mark.parametrize("kind", UNSEEN)
def test_an_unreadable_text_stops_nothing_before_its_date(
    kind: str, text: bytes, tmp_path: Path
) -> None:
    write_site(tmp_path, brief("out") + brief("plan", **UNSEEN[kind]))
    file = tmp_path / "content/briefs/plan.md"
    file.write_bytes(file.read_bytes() + text)
    assert held(build_site(tmp_path).problems)


def test_a_draft_that_copies_an_id_is_the_one_to_change(tmp_path: Path) -> None:
    copies = brief("a", id="good\nstatus: draft") + brief("z", id="good")
    write_site(tmp_path, copies)
    found = [d for d in build_site(tmp_path).problems if d.code == "duplicate-id"]
    assert [d.path for d in found] == ["content/briefs/a.md"]


@pytest.mark.parametrize("draft", ["aaa", "zzz"])
def test_a_draft_with_a_taken_address_is_the_one_to_change(draft: str, tmp_path: Path) -> None:
    """Also in a preview, whatever their order."""
    out, plan = "---\nid: aaaa2222\ntitle: One\n", "---\nid: bbbb2222\ntitle: Two\nstatus: draft\n"
    write_site(
        tmp_path,
        brief("out")
        + f"=== content/pages/mmm.md\n{out}redirects: [/x/a.html]\n---\nText.\n"
        + f"=== content/pages/{draft}.md\n{plan}redirects: [/x/a.html]\n---\nText.\n",
    )
    found = [d for d in problems(tmp_path, drafts=True) if d.code == "duplicate-address"]
    assert {d.path for d in found} == {f"content/pages/{draft}.md"}


def test_a_preview_counts_as_check_does(tmp_path: Path) -> None:
    write_site(tmp_path, brief("out", summary="") + brief("plan", status="draft", section="none"))
    found = build_site(tmp_path).problems
    errors = sum(d.held for d in found)
    assert errors == 1 and count(problems(tmp_path))[0] == errors
    assert counted(len(found), found.number_held()).startswith("1 error in unpublished files")


def test_a_draft_without_a_readable_date_has_no_date(tmp_path: Path) -> None:
    write_site(tmp_path, brief("plan", status="draft", date="soon"))
    desk = read_status(tmp_path, tmp_path / "output", options()).desk
    assert [b.date for b in desk.drafts] == ["no date"]
    build_site(tmp_path, drafts=True)
    page = (tmp_path / "output/briefs/plan/index.html").read_text("utf-8")
    assert "no date" in page and "1 January 1970" not in page
