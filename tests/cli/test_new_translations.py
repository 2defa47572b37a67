"""`slugline new translation` and `slugline translate status`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.content.document import read_front_matter
from support.sites import brief, build_site, edit, problems, small_site

EDITIONS = "editions:\n  nl: {tagline: Waar het begon}\n"
QUOTES = (
    '[{text: "We hire.", by: Ann Lee, of: Scale AI, described_as: chief, source: reuters}, '
    '{text: "Wij nemen aan.", by: Ann Lee, original: "We hire.", original_lang: en}]'
)
ONE = brief(
    "one", "Scale AI hires a hundred people in the summer", "It hires people for the summer.",
    date="2025-06-01", updated="2025-06-02", redirects="[old]", quotes=QUOTES, people="[Ann Lee]",
    figures="[{metric: jobs, of: Scale AI, value: 100 people, as_of: 2025-06, basis: reported}]",
)  # fmt: skip
TWO = brief("two", "Scale AI two", date="2025-06-03")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = small_site(tmp_path, ONE + TWO)
    settings = folder / "site.yaml"
    settings.write_text(settings.read_text("utf-8") + EDITIONS, "utf-8")
    return folder


def run(site: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, ["--site", str(site), *arguments])
    assert result.exit_code == code, result.output
    return result


def test_a_draft_has_all_but_the_language(site: Path) -> None:
    said = run(site, "new", "translation", "one", "nl", "Scale AI neemt honderd mensen aan").stdout
    path = "content/briefs/scale-ai-neemt-honderd-mensen-aan.md"
    assert path in said
    assert "quotes: text" in said
    document = read_front_matter(path, (site / path).read_bytes())
    original = read_front_matter(
        "content/briefs/one.md", (site / "content/briefs/one.md").read_bytes()
    )
    assert document and original
    fields, before = document.fields, original.fields
    assert fields["lang"] == "nl"
    assert fields["translation_of"] == "one"
    assert fields["status"] == "draft"
    assert fields["id"] != before["id"]
    assert not {"redirects", "updated", "corrections", "guid", "slug"} & fields.keys()
    for same in ("figures", "sources", "companies", "people", "summary"):
        assert fields[same] == before[same]
    quote = fields["quotes"][0]
    assert (quote["text"], quote["original"]) == ("We hire.", "We hire.")
    assert (quote["original_lang"], quote["original_source"]) == ("en-GB", "reuters")
    assert "source" not in quote
    assert fields["quotes"][1] == before["quotes"][1]
    # The draft is correct but for its language, which `check` names part by part.
    found = [d for d in problems(site) if d.path == path]
    assert {d.code for d in found} == {"other-language"}
    assert {"the paragraph" in d.message for d in found} == {True, False} or len(found) == 1


def test_it_is_published_in_its_edition(site: Path) -> None:
    run(site, "new", "translation", "one", "nl", "Scale AI neemt aan", "--slug", "neemt-aan")
    edit(site / "content/briefs/neemt-aan.md", "status: draft\n", "")
    edit(site / "content/briefs/neemt-aan.md", "date: 2", "date: 2025-06-10 #2")
    build_site(site)
    assert (site / "output/nl/briefs/neemt-aan/index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("one", "en"), "is in en-GB already"),
        (("one", "xx"), "is not a language"),
        (("nine", "nl"), "no brief is called"),
        (("one", "nl", "--slug", "two"), "already exists"),
        (("one", "nl", "--slug", "Two!"), "not a valid slug"),
    ],
)
def test_what_cannot_be_translated(site: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in run(site, "new", "translation", *arguments, code=2).output


def test_a_translation_is_made_from_the_original(site: Path) -> None:
    run(site, "new", "translation", "one", "nl")
    again = run(site, "new", "translation", "one-nl", "de", code=2).output
    assert "translate its original, `one`" in again


def test_status(site: Path) -> None:
    run(site, "new", "translation", "one", "nl")
    said = run(site, "translate", "status").stdout
    assert "en-GB: 2 of 2 stories" in said
    assert "nl: 0 of 2 stories" in said
    assert said.index("one-nl") < said.index("Not translated") < said.index("  two  ")
    assert "en-GB" not in run(site, "translate", "status", "--edition", "nl").stdout
    assert (
        "there is no edition `fr`"
        in run(site, "translate", "status", "--edition", "fr", code=2).output
    )
    edit(site / "content/briefs/one-nl.md", "status: draft\n", "")
    edit(site / "content/briefs/one-nl.md", "date: 2", "date: 2025-06-01 #2")
    said = run(site, "translate", "status").stdout
    assert "nl: 1 of 2 stories" in said
    assert "original changed 2025-06-02" in said


def test_status_of_a_site_in_one_language(tmp_path: Path) -> None:
    assert "one edition" in run(small_site(tmp_path, ONE), "translate", "status").stdout


def test_the_commands_know_profiles(site: Path) -> None:
    topic = site / "content/topics/data.md"
    topic.parent.mkdir(exist_ok=True)
    topic.write_text("---\nname: Data\nlisted: true\nsummary: It is.\n---\nA text.\n", "utf-8")
    said = run(site, "translate", "status", "--edition", "nl").stdout
    assert "Pages and profiles not translated\n    content/topics/data.md" in said
    run(site, "new", "translation", "topics/data", "nl")
    draft = (site / "content/topics/data.nl.md").read_text("utf-8")
    assert {"name: Data", "summary: It is.", "status: draft", "A text."} <= {*draft.split("\n")}
    assert "listed" not in draft
    said = run(site, "translate", "status").stdout
    assert "Not published yet\n    content/topics/data.nl.md  (draft)" in said
    (site / "content/topics/data.nl.md").write_text("---\nname: Gegevens\n---\nTekst.\n", "utf-8")
    edit(topic, "listed: true", "listed: true\nupdated: 2025-06-10")
    said = run(site, "translate", "status").stdout
    assert "Outdated\n    content/topics/data.nl.md  (original changed 2025-06-10)" in said
    assert "profiles not" not in said
    for tag, text in (("", "About"), (".nl", "Over ons")):
        page = site / f"content/pages/about{tag}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"---\ntitle: {text}\n---\nText.\n", "utf-8")
    edit(site / "content/pages/about.md", "title:", "updated: 2025-06-11\ntitle:")
    said = run(site, "translate", "status").stdout
    assert "content/pages/about.nl.md  (original changed 2025-06-11)" in said
    for name, message in (("topics/data", "already exists"), ("people/x", "there is no file")):
        assert message in run(site, "new", "translation", name, "nl", code=2).output
