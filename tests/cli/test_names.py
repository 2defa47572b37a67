"""`slugline names`: what it lists, what it merges, and that nothing else is touched."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.steps import EditConflict
from builder.editing.transaction import replace_files
from support.sites import brief, build_site, problems, read, tree, write_site
from support.tools import REPOSITORY

# Comments, quotation marks, order: what a merge has to leave as it is.
PLAIN = """\
=== content/briefs/b.md
---
id: bbbb2222   # never change it
title: "Scale AI: hires"
date: 2025-06-15
summary: It hires.
topics: [ "Data labeling", 'chips' ]   # two of them
companies:
  - Scale AI      # the subject
  - "Google"
people: [Li Fei-Fei, Jane Doe]  # who
sources: [{id: reuters, publisher: Reuters}, {id: g, publisher: The Guardian}]
---
About [[Data labeling]] and [[topic:data-labeling]].
"""
LABELLING = (
    brief("a", topics="[Data labelling]", people="[Fei-Fei Li]")
    + brief("c", topics="[Data labelling]", people="[Fei-Fei Li]")
    + PLAIN
)


def names(site: Path, *arguments: str, code: int = 0, text: str | None = None) -> Result:
    command = ["--site", str(site), "names", *arguments]
    result = CliRunner().invoke(cli.main, command, input=text)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def errors(site: Path) -> list[Diagnostic]:
    return [d for d in problems(site) if d.severity == "error"]


def content(site: Path) -> dict[str, bytes]:
    return tree(site / "content")


def test_nothing_resembles_nothing(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a", topics="[GPT-4, GPT-5]", people="[Sam Altman]"))
    assert "No similar names" in names(site).stdout
    assert json.loads(names(site, "--format", "json").stdout) == []


def test_the_list_says_what_to_keep_and_why_and_where(tmp_path: Path) -> None:
    site = write_site(tmp_path, LABELLING)
    before = content(site)
    text = names(site).stdout
    assert "topics:\n  keep Data labelling\n    1. Data labelling (2 briefs)" in text
    assert "2. Data labeling (1 brief): British and American spelling" in text
    assert "content/briefs/b.md:6" in text
    assert "2. Li Fei-Fei (1 brief): another word order" in text
    assert "content/briefs/b.md:10" in text
    only = names(site, "--kind", "people").stdout
    assert "Fei-Fei" in only and "labelling" not in only
    told = json.loads(names(site, "--format", "json", "--kind", "topics").stdout)
    assert [group["keep"]["name"] for group in told] == ["Data labelling"]
    assert told[0]["others"][0]["spellings"][0]["paths"] == ["content/briefs/b.md"]
    assert told[0]["certain"] and told[0]["others"][0]["confidence"] > 0.9
    assert content(site) == before


def test_what_has_a_file_is_kept_before_what_is_used_more(tmp_path: Path) -> None:
    file = "=== content/topics/labels.md\n---\nname: Data labeling\n---\n"
    site = write_site(tmp_path, LABELLING + file)
    assert "keep Data labeling\n" in names(site, "--kind", "topics").stdout


def test_applied_only_the_names_change(tmp_path: Path) -> None:
    site = write_site(tmp_path, LABELLING)
    before = content(site)
    build_site(site)
    text = names(site, "--apply", "--yes").stdout
    assert "Data labeling becomes Data labelling" in text
    after = content(site)
    changed = before["briefs/b.md"].decode()
    for old, new in (
        ('[ "Data labeling",', '[ "Data labelling",'),
        ("[Li Fei-Fei,", "[Fei-Fei Li,"),
        ("[[topic:data-labeling]]", "[[topic:data-labelling]]"),
    ):
        assert old in changed
        changed = changed.replace(old, new)
    assert after["briefs/b.md"].decode() == changed
    made = {"topics/data-labelling.md", "people/fei-fei-li.md"}
    assert after.keys() - before.keys() == made
    assert {p: d for p, d in after.items() if p not in made | {"briefs/b.md"}} == {
        p: d for p, d in before.items() if p != "briefs/b.md"
    }
    assert "aliases: [Data labeling]\nredirects: [data-labeling]" in (
        after["topics/data-labelling.md"].decode()
    )
    assert errors(site) == []
    build_site(site)
    assert "/topics/data-labelling/" in read(site, "topics/data-labeling/index.html").replace(
        "../../topics/", "/topics/"
    ).replace("../data-", "/topics/data-")
    assert 'href="../../topics/data-labelling/"' in read(site, "briefs/b/index.html")
    assert "No similar names" in names(site).stdout


def test_two_spellings_of_one_address_are_one_page_already(tmp_path: Path) -> None:
    both = brief("a", people="[Clément Delangue]") + brief("b", people="[Clement Delangue]")
    site = write_site(tmp_path, both)
    assert "No similar names" in names(site).stdout
    assert not [d for d in problems(site) if d.code == "resembling-person"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[Data labelling, Data labeling]", "[Data labelling]"),
        ("[Data labeling, Data labelling]", "[Data labelling]"),
        ("[Data labeling, chips, Data labelling]", "[Data labelling, chips]"),
        ("[Data labelling, Data labeling, chips] # x", "[Data labelling, chips] # x"),
        ("\n  - Data labelling # a\n  - Data labeling # b", "\n  - Data labelling # a"),
        ("\n  - Data labeling # a\n  - 'chips'", "\n  - Data labelling # a\n  - 'chips'"),
        ("[\n  Data labelling, # a\n  Data labeling, # b\n  chips]",
         "[\n  Data labelling, # a\n  chips]"),
        ("[Data labelling,\n  Data labeling, chips]", "[Data labelling,\n  chips]"),
        ("['Data labeling']", "['Data labelling']"),
        ('["data-labeling", "Data labeling"]', '["Data labelling"]'),
        ("[Data Labeling]", "[Data labelling]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lists_however_they_are_written(
    written: str, expected: str, end: str, tmp_path: Path
) -> None:
    site = write_site(tmp_path, brief("a", topics="[Data labelling]"))
    file = site / "content/briefs/b.md"
    text = "\ufeff---\nid: bbbb2222\ntitle: Scale AI\ntopics: {}\ndate: 2025-06-15\n---\nText.\n"
    file.write_bytes(text.format(written).replace("\n", end).encode())
    names(site, "merge", "topics", "Data labeling", "Data labelling")
    assert file.read_bytes() == text.format(expected).replace("\n", end).encode()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("name: Data labelling # n", "name: Data labelling # n\naliases: [Data labeling]\n"
         "redirects: [data-labeling]"),
        ("aliases: [] # a\nname: Data labelling", "aliases: [Data labeling] # a\n"
         "redirects: [data-labeling]\nname: Data labelling"),
        ("aliases:   # none yet\nname: Data labelling\nredirects: [x]",
         "aliases: [Data labeling]   # none yet\nname: Data labelling\n"
         "redirects: [x, data-labeling]"),
        ("name: Data labelling\naliases:\n  - marking # m\n  - 'tags'\nredirects:\n- x",
         "name: Data labelling\naliases:\n  - marking # m\n  - 'tags'\n  - Data labeling\n"
         "redirects:\n- x\n- data-labeling"),
    ],
)  # fmt: skip
def test_the_file_that_is_kept_learns_the_name(head: str, expected: str, tmp_path: Path) -> None:
    topic = "=== content/topics/data-labelling.md\n---\n{}\n---\nIt is work.\n"
    other = "=== content/topics/data-labeling.md\n---\nname: Data labeling\n---\n"
    site = write_site(tmp_path, brief("a", topics="[Data labeling]") + topic.format(head) + other)
    names(site, "merge", "topics", "Data labeling", "Data labelling")
    files = content(site)
    assert files["topics/data-labelling.md"].decode() == f"---\n{expected}\n---\nIt is work.\n"
    assert "topics/data-labeling.md" not in files
    assert errors(site) == []


def test_a_merge_keeps_what_only_the_other_file_says(tmp_path: Path) -> None:
    """Such as `listed: true`, without which the page is gone."""
    person = "=== content/people/{}.md\n---\nname: {}\n{}---\n"
    old = person.format("j-pitt", "J. Pitt", "listed: true # yes\nrole: founder\nslug: jp\n")
    new = person.format("jo-pitt", "Jo Pitt", "role: head\n")
    site = write_site(tmp_path, brief("a") + old + new)
    names(site, "merge", "people", "J. Pitt", "Jo Pitt")
    assert content(site)["people/jo-pitt.md"].decode() == (
        "---\nname: Jo Pitt\naliases: [J. Pitt]\nredirects: [jp]\nlisted: true\nrole: head\n---\n"
    )
    assert errors(site) == []


@pytest.mark.parametrize(
    ("kept", "gone", "expected"),
    [
        ("people: [Ana, Bo]", "people: [Bo, Cy]", "people: [Ana, Bo, Cy]"),
        ("people:\n  - Ana", "people: [Bo]", "people:\n  - Ana\n  - Bo"),
        ("people:", "people:\n- Bo", "people: [Bo]"),
        ("people: [Ana]", "people: Bo", "people: [Ana, Bo]"),
        ("", "people: [Bo]\nproducts: [Q]", "products: [Q]\npeople: [Bo]"),
        ("people: [Ana]", "people: []", "people: [Ana]"),
    ],
)
def test_a_merge_unites_lists(kept: str, gone: str, expected: str, tmp_path: Path) -> None:
    company = "=== content/companies/{}.md\n---\nname: {}\n{}\n---\n"
    files = company.format("one", "One", kept) + company.format("two", "Two", gone)
    site = write_site(tmp_path, brief("a") + files)
    names(site, "merge", "companies", "Two", "One")
    found = {*content(site)["companies/one.md"].decode().replace("\n  -", " -").splitlines()}
    assert {*expected.replace("\n  -", " -").splitlines()} <= found
    assert errors(site) == []


def test_companies_become_one_with_their_aliases_and_addresses(tmp_path: Path) -> None:
    more = """\
=== content/companies/scale-inc.md
---
name: Scale AI, Inc.
aliases: [Remotasks]
formerly: [Scale API]
---
=== content/companies/outlier.md
---
name: Outlier
parent: "Scale AI, Inc."   # its owner
---
=== content/people/alex.md
---
name: Alex
company: Remotasks
---
"""
    text = brief("a") + brief("b", companies="[Google, Remotasks, 'Scale AI, Inc.', Scale]")
    linked = brief(
        "c", body="See [[company:scale-inc]], [[Remotasks]], [it](../companies/scale-inc.md)."
    )
    site = write_site(tmp_path, text + linked + more)
    assert "keep Scale AI\n" in names(site, "--kind", "companies").stdout
    names(site, "--apply", "--yes")
    files = {path: data.decode() for path, data in content(site).items()}
    assert "companies/scale-inc.md" not in files
    scale = files["companies/scale-ai.md"]
    assert 'aliases: [Scale, "Scale AI, Inc.", Remotasks, Scale API]' in scale
    assert "redirects: [scale-inc, scale-api]" in scale
    assert "companies: [Google, Scale AI]" in files["briefs/b.md"]
    assert 'parent: "Scale AI"   # its owner' in files["companies/outlier.md"]
    assert "company: Scale AI" in files["people/alex.md"]
    assert (
        "[[company:scale-ai]], [[Remotasks]], [it](../companies/scale-ai.md)"
        in (files["briefs/c.md"])
    )
    assert errors(site) == []
    build_site(site)
    for slug in ("scale-inc", "scale-api"):
        assert "scale-ai/" in read(site, f"companies/{slug}/index.html")


def test_three_spellings_become_one(tmp_path: Path) -> None:
    many = brief("a", topics="[AI & work]") + brief("b", topics="[Chatbots, AI & work]")
    more = brief("c", topics="[Chatbot]") + brief("d", topics="[The chatbot]")
    site = write_site(tmp_path, many + more + brief("e", topics="[Chatbots]"))
    text = names(site).stdout
    assert "keep Chatbots" in text
    assert "3. The chatbot" in text
    assert "2 names merged, 3 files changed" in names(site, "--apply", "--yes").stdout
    files = content(site)
    assert (
        b"aliases: [Chatbot, The chatbot]\nredirects: [chatbot, the-chatbot]"
        in (files["topics/chatbots.md"])
    )
    for path in ("briefs/c.md", "briefs/d.md"):
        assert b"topics: [Chatbots]" in files[path]
    assert errors(site) == []


def test_a_company_and_its_owner_are_two(tmp_path: Path) -> None:
    more = "=== content/companies/google-ai.md\n---\nname: Google AI\nparent: Google\n---\n"
    site = write_site(tmp_path, brief("a") + more)
    assert "No similar names" in names(site).stdout
    assert (
        "a company and its owner"
        in names(site, "merge", "companies", "Google AI", "Google", code=1).stderr
    )


def test_publishers_in_every_source(tmp_path: Path) -> None:
    guardian = "[{id: g, publisher: Guardian, via: Guardian}, {id: r, publisher: Reuters}]"
    the = "[{id: g, publisher: The Guardian}, {id: h, publisher: 'The Guardian', of: g}]"
    site = write_site(
        tmp_path, brief("a", sources=guardian) + brief("b", sources=the) + brief("c", sources=the)
    )
    assert "2. Guardian (1 brief): `The`" in names(site).stdout
    names(site, "--apply", "--yes")
    files = content(site)
    assert b"{id: g, publisher: The Guardian, via: The Guardian}" in files["briefs/a.md"]
    assert b"name: The Guardian\naliases: [Guardian]" in files["publishers/the-guardian.md"]
    assert errors(site) == []


def test_a_file_is_renamed_with_what_it_describes(tmp_path: Path) -> None:
    person = "---\nname: J. Siddharth # him\nrole: founder\n---\nText.\n"
    person = f"=== content/people/j-siddharth.md\n{person}"
    person += "=== content/people/j-siddharth.nl.md\n---\nrole: oprichter\n---\nTekst.\n"
    site = write_site(tmp_path, brief("a", people="[J. Siddharth]") + person)
    names(site, "merge", "people", "J. Siddharth", "Jonathan Siddharth")
    files = content(site)
    assert "people/j-siddharth.md" not in files and "people/j-siddharth.nl.md" not in files
    assert b"Tekst." in files["people/jonathan-siddharth.nl.md"]
    assert files["people/jonathan-siddharth.md"].decode() == (
        "---\nname: Jonathan Siddharth # him\naliases: [J. Siddharth]\nredirects: [j-siddharth]\n"
        "role: founder\n---\nText.\n"
    )
    assert b"people: [Jonathan Siddharth]" in files["briefs/a.md"]
    build_site(site)
    assert "jonathan-siddharth/" in read(site, "people/j-siddharth/index.html")


def test_a_text_is_never_lost_unasked(tmp_path: Path) -> None:
    both = "".join(
        f"=== content/topics/{slug}.md\n---\nname: {name}\n---\nA text.\n"
        for slug, name in (("a", "chatbot"), ("b", "chatbots"))
    )
    site = write_site(tmp_path, both)
    before = content(site)
    assert "(a guess)" in names(site).stdout
    names(site, "--apply", "--yes")
    assert content(site) == before


def test_a_name_is_kept_before_its_initial(tmp_path: Path) -> None:
    site = write_site(
        tmp_path, brief("a", people="[A. Wang]") + brief("b", people="[Alexandr Wang]")
    )
    assert "keep Alexandr Wang" in names(site).stdout


def test_guesses_are_not_applied_unasked(tmp_path: Path) -> None:
    site = write_site(
        tmp_path, brief("a", people="[Jim Kurose]") + brief("b", people="[James Kurose]")
    )
    assert "(a guess)" in names(site).stdout
    before = content(site)
    assert "0 names merged, 0 files changed" in names(site, "--apply", "--yes").stdout
    assert content(site) == before


def test_each_group_is_asked_about_on_a_terminal(tmp_path: Path) -> None:
    """No to what comes first, different to what comes next, and the second name of the last."""
    more = brief("d", sources="[{id: g, publisher: Guardian}]")
    site = write_site(tmp_path, LABELLING + more)
    ours, theirs = pty.openpty()
    os.write(ours, b"n\nd\n2\n")
    ran = subprocess.run(
        [sys.executable, "-m", "builder", "--site", str(site), "names", "--apply"],
        cwd=REPOSITORY, stdin=theirs, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert ran.stdout.count("Merge?") == 3
    assert "Guardian becomes The Guardian" in ran.stdout
    files = content(site)
    assert b"Data labeling" in files["briefs/b.md"], "not now"
    assert b"Li Fei-Fei" in files["briefs/b.md"], "they are different"
    assert b"publisher: The Guardian}" in files["briefs/d.md"]
    assert "- [Fei-Fei Li, Li Fei-Fei]" in (site / "site.yaml").read_text("utf-8")


def test_what_is_distinct_is_not_suggested_again(tmp_path: Path) -> None:
    site = write_site(tmp_path, LABELLING)
    settings = (site / "site.yaml").read_text("utf-8")
    names(site, "distinct", "Data labelling", "Data labeling")
    assert (site / "site.yaml").read_text("utf-8") == (
        f"{settings}distinct:\n  - [Data labelling, Data labeling]\n"
    )
    names(site, "distinct", "Fei-Fei Li", "Li Fei-Fei")
    text = (site / "site.yaml").read_text("utf-8")
    assert text.endswith(
        "distinct:\n  - [Fei-Fei Li, Li Fei-Fei]\n  - [Data labelling, Data labeling]\n"
    )
    assert "No similar names" in names(site).stdout
    assert not [d for d in problems(site) if d.code.startswith("resembling")]


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    site = write_site(tmp_path, LABELLING)
    file = site / "content/briefs/b.md"
    before = file.read_bytes()
    with pytest.raises(EditConflict, match="in the meantime"):
        replace_files(site, {"content/briefs/b.md": (b"other", b"new")})
    assert file.read_bytes() == before


def test_what_cannot_be_rewritten_is_said(tmp_path: Path) -> None:
    folded = brief("b", topics="[Data\n    labeling]")
    site = write_site(tmp_path, brief("a", topics="[Data labelling]") + folded)
    before = content(site)
    said = names(site, "merge", "topics", "Data labeling", "Data labelling", code=1).stderr
    assert "content/briefs/b.md:8: `Data labeling` spans several lines" in said
    assert content(site) == before


def test_wrong_use(tmp_path: Path) -> None:
    site = write_site(tmp_path, LABELLING)
    assert "did you mean" in names(site, "merge", "topics", "Data labelin", "X", code=2).stderr
    assert "unknown company" in names(site, "merge", "companies", "Google", "Nobody", code=2).stderr
    assert "already" in names(site, "merge", "companies", "Scale", "Scale AI", code=2).stderr
    assert "--yes" in names(site, "--apply", code=2).stderr
    assert "--apply" in names(site, "--yes", code=2).stderr
    assert "two names" in names(site, "distinct", "A", code=2).stderr
