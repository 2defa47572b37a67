"""A site in which names are in many scripts: addresses, mentions, indexes and reading times."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.sites import build_output

SITE = """\
=== content/companies/gu-ge.md
---
id: guge2222
name: 谷歌
aliases: [グーグル]
listed: true
---
=== content/companies/scale-ai.md
---
id: scal2222
name: Scale AI
listed: true
---
=== content/briefs/a.md
---
id: aaaa2222
title: Scale AI hires
date: 2025-06-15
summary: It hires.
companies: [Scale AI, 谷歌]
topics: [人工智能, ИИ, 古格]
people: [이해진, 孫 正義]
sources: [{publisher: 新华社}]
lang: ja
---
グーグルはScale\u00a0AIを買収した。

## 谷歌について
=== content/briefs/b.md
---
id: bbbb2222
title: Scale AI hires again
date: 2025-06-16
summary: It hires.
companies: [Scale AI]
topics: [谷歌, 人工智能]
sources: [{publisher: 新华社}]
---
Text.
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_output(tmp_path_factory.mktemp("scripts"), SITE)


def test_names_in_any_script_have_pages(output: Path) -> None:
    for address in (
        *("companies/gu-ge", "topics/ren-gong-zhi-neng", "topics/ii", "people/ihaejin"),
        *("people/sun-zheng-yi", "sources/xin-hua-she"),
    ):
        assert (output / address / "index.html").is_file()
    # Two topics with the same sounds: the one that was published first has the plain address.
    assert "古格" in (output / "topics/gu-ge/index.html").read_text("utf-8")
    assert "谷歌" in (output / "topics/gu-ge-2/index.html").read_text("utf-8")


def test_mentions_are_linked_without_spaces_around_them(output: Path) -> None:
    text = (output / "briefs/a/index.html").read_text("utf-8")
    assert '<a href="../../companies/gu-ge/">グーグル</a>は<a href=' in text
    assert ">Scale\u00a0AI</a>を" in text
    assert '<h2 id="gu-ge-nitsuite">' in text


def test_an_index_has_the_letters_of_other_scripts(output: Path) -> None:
    text = (output / "companies/index.html").read_text("utf-8")
    assert re.findall(r'class="initial" id="([^"]+)">(.)<', text)[-2:] == [
        ("letter-s", "S"),
        ("letter-u6f22", "漢"),
    ]
