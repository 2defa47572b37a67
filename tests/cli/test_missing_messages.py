"""`slugline messages`: what a language lacks, and its file for translators."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from builder.language.catalog import FOLDER, read_catalog
from support.sites import brief, edit, problems, write_site

ALL = len(read_catalog((FOLDER / "messages.pot").read_text("utf-8"), "en", keep=True).entries)
TIP = """\
=== templates/base.html
{% extends "slugline/base.html" %}
{% block foot %}
{# Translators: Below every page. #}
{% trans n=site.sections|length %}{n} tip{% pluralize %}{n} tips{% endtrans %}
{% endblock %}
""".replace("{n}", "{{ n }}")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    settings = "=== site.yaml\ntitle: Proof\nbase_url: https://proof.example\n"
    settings += "editions: {nl: {title: Proef}}\n"
    write_site(tmp_path, settings + TIP + brief("ett", lang="sv"))
    return tmp_path


def run(site: Path, *arguments: str, code: int = 0) -> list[str]:
    result = CliRunner().invoke(cli.main, ["--site", str(site), "messages", *arguments])
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def test_it_counts_what_each_language_lacks(site: Path) -> None:
    assert run(site)[:3] == [
        "en: complete", "nl: one message without a translation",
        f"sv: {ALL + 1} messages without a translation",
    ]  # fmt: skip
    assert not (site / "content/messages").exists()
    assert run(site, "--list")[1:3] == ["  {n} tip", "nl: one message without a translation"]


def test_it_writes_what_is_missing_and_keeps_what_is_there(site: Path) -> None:
    assert run(site, "nl", "--list") == ["  {n} tip", "nl: one message without a translation"]
    file = site / "content/messages/nl.po"
    file.parent.mkdir()
    mine = '# Of a colleague: "Duur" is too short.\nmsgid "Reading time"\nmsgstr "Leesduur"\n'
    file.write_text(mine, "utf-8")
    assert run(site, "nl") == [
        "Added one message to content/messages/nl.po", "nl: one message without a translation"
    ]  # fmt: skip
    added = '\n#. Below every page.\n#: templates/base.html\nmsgid "{n} tip"\n'
    added += 'msgid_plural "{n} tips"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert file.read_text("utf-8") == mine + added
    assert run(site, "nl") == ["nl: one message without a translation"]
    assert file.read_text("utf-8") == mine + added
    edit(file, 'msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "{n} tip"\nmsgstr[1] "{n} tips"')
    assert run(site, "nl") == ["nl: complete"]
    assert not [p for p in problems(site) if p.path == "content/messages/nl.po"]


def test_it_writes_the_catalog_of_a_new_language(site: Path) -> None:
    assert run(site, "ga")[0] == f"Added {ALL + 1} messages to content/messages/ga.po"
    text = (site / "content/messages/ga.po").read_text("utf-8")
    catalog = read_catalog(text, "ga")
    assert not catalog.mistakes and len(catalog.entries) == ALL + 1
    assert len(catalog.entries["{n} tip"].forms) == 5
    assert "#: slugline/brief.html" in text and "builder/" not in text
    assert not [p for p in problems(site) if p.path == "content/messages/ga.po"]


def test_it_refuses_what_is_no_language_and_what_it_cannot_read(site: Path) -> None:
    assert "write a tag such as nl or pt-BR" in run(site, "../nl", code=2)[-1]
    file = site / "content/messages/nl.po"
    file.parent.mkdir()
    file.write_text("<html>\n", "utf-8")
    assert "invalid-catalog" in run(site, "nl", code=1)[0]
    assert file.read_text("utf-8") == "<html>\n"
