"""`slugline init` with answers: by options, and at the prompts of a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.content.config import read_config
from builder.content.starter import starter_languages
from support.sites import build_site, problems, read, tree
from support.tools import REPOSITORY

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="4"><path d="M0 0h4v4H0z"/></svg>'


def init(folder: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, ["init", str(folder), *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_answers_by_options(tmp_path: Path) -> None:
    """They are in site.yaml as written, whatever their signs, and the site builds."""
    logo = tmp_path / "My Logo.SVG"
    logo.write_text(LOGO)
    site = tmp_path / "site"
    init(
        site, "--title", 'De "Bron" \\1: nieuws', "--language", "nl", "--time-zone",
        "Europe/Amsterdam", "--address", "https://bron.example/nieuws", "--section", "Geld: goed",
        "--section", "Modellen", "--accent", "#b3261e", "--logo", str(logo),
    )  # fmt: skip
    settings = read_config(site).settings
    assert settings.title == 'De "Bron" \\1: nieuws'
    assert (settings.language, settings.time_zone) == ("nl", "Europe/Amsterdam")
    assert settings.tagline == "Wat er gebeurde, en wie het meldde"
    assert settings.base_url == "https://bron.example/nieuws"
    assert [section.name for section in settings.sections] == ["Geld: goed", "Modellen"]
    assert (settings.accent, settings.logo and settings.logo.file) == ("#b3261e", "logo.svg")
    assert {problem.code for problem in problems(site)} == {"placeholder"}
    build_site(site)
    assert 'class="logo"' in read(site, "index.html")
    (brief,) = (site / "output/briefs").glob("*/index.html")
    assert '<html lang="nl">' in brief.read_text("utf-8")


@pytest.mark.parametrize("language", [*starter_languages(), "sv"])
def test_a_site_begins_in_its_language(tmp_path: Path, language: str) -> None:
    """Nothing is reported but the texts to replace; an unknown language begins in English."""
    site = tmp_path / "site"
    said = init(site, "--language", language).output
    known = language in starter_languages()
    assert ("The sample is in English" in said) is not known
    found = problems(site)
    codes = {problem.code for problem in found}
    assert codes == {"placeholder"} | (set() if known else {"missing-messages"}), found
    found = tuple(problem for problem in found if problem.code == "placeholder")
    paths = {problem.path.rpartition("/")[0] for problem in found}
    assert paths == {"", "content/briefs", "content/companies", "content/pages"}
    settings = read_config(site).settings
    build_site(site)
    (brief,) = (site / "output/briefs").glob("*/index.html")
    text = brief.read_text("utf-8")
    assert f'<html lang="{language if known else "en"}"' in text
    assert ('dir="rtl"' in text) is (language == "ar")
    assert bool(settings.tagline) is known
    same = [part for part in ("$29bn", "29", "49", "reuters") if part in text]
    assert len(same) >= 3, "the facts are the same"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--accent", "#ffd400"), 'the nearest colour with enough is "#846d09"'),
        (("--accent", "yellow"), "not a hexadecimal colour"),
        (("--language", "xx"), "`xx` is not a known language"),
        (("--time-zone", "Mars"), "`Mars` is not a known time zone"),
        (("--address", "bron.example"), "write it with https://"),
        (("--logo", __file__), "is not a picture"),
    ],
)
def test_wrong_answers_write_nothing(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    result = init(tmp_path / "site", *arguments, code=2)
    assert message in " ".join(result.output.split())
    assert not (tmp_path / "site").exists()


def test_a_terminal_is_asked(tmp_path: Path) -> None:
    """A wrong answer is asked again; an empty one keeps the default."""
    typed = ["My Paper", "xx", "nl", "", "", "Geld, Modellen", "#ffd400", "#846d09", "", "n"]
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "dumb"}
    process = subprocess.Popen(
        [sys.executable, "-m", "builder", "init", "site"],
        cwd=tmp_path, env=environment, stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    os.write(master, "".join(f"{line}\n" for line in typed).encode())
    assert process.wait(60) == 0
    told = os.read(master, 100_000).decode().replace("\r\n", "\n")
    os.close(master)
    assert "`xx` is not a known language" in told and '"#846d09"' in told
    assert "Start the preview now? [Y/n]" in told
    settings = read_config(tmp_path / "site").settings
    assert (settings.title, settings.language, settings.time_zone) == ("My Paper", "nl", "UTC")
    assert [section.name for section in settings.sections] == ["Geld", "Modellen"]
    assert (settings.accent, settings.logo) == ("#846d09", None)
    assert not [path for path in tree(tmp_path / "site") if "templates" in path]
