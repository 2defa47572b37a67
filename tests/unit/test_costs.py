"""The work for an input grows as its length does, and sizes have limits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.check.own_words import own_words
from builder.content.document import Document, read_document
from builder.content.period_hints import period_hint
from builder.content.schema import read_record
from builder.diagnostics.cap import MOST, capped
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import Brief
from builder.names.chains import circle_in_words, ends_of, find_circles
from builder.names.register import DistinctNames, NameRegister
from builder.names.suggest import did_you_mean, edits
from support.sites import brief, problems, small_site
from support.work import steps_of


def ratio(work: Callable[[int], object], n: int) -> float:
    """Return how much more work four times as much takes."""
    work(8)  # fills the caches
    one = steps_of(lambda: work(n))
    return steps_of(lambda: work(4 * n)) / one


# --- fields --------------------------------------------------------------------------------------


def read(fields: str) -> object:
    text = f"---\ntitle: A\ndate: 2025-06-15\n{fields}\n---\n"
    document, _ = read_document("content/briefs/a.md", text.encode())
    assert isinstance(document, Document)
    return read_record(Brief, document, UTC)


LISTS: dict[str, Callable[[int], str]] = {
    "an empty item": lambda n: f"products: [~, {', '.join('a' * n)}]",
    "wrong items": lambda n: f"companies: [{', '.join(['{a: b}'] * n)}]",
    "one item": lambda n: "sources:" + "\n  - {publisher: A, author: B}" * n,
    "sources of one publisher": lambda n: "sources:" + "\n  - {publisher: Reuters}" * n,
    "figures of one metric": lambda n: "figures:" + "\n  - {of: A, metric: staff, value: 1 x}" * n,
    "unknown fields": lambda n: "\n".join(f"field{i}x: a" for i in range(n)),
}


@pytest.mark.parametrize("kind", LISTS)
def test_reading_a_list_grows_with_it(kind: str) -> None:
    assert ratio(lambda n: read(LISTS[kind](n)), 100) < 5


@pytest.mark.parametrize("period", ["1", "T1", "1 trimestre", "9M", "9 months to"])
def test_a_period_of_many_spaces_is_read_at_once(period: str) -> None:
    started = time.process_time()
    assert period_hint(f"{period}{' ' * 3_000}2025") == period_hint(f"{period} 2025")
    assert period_hint(f"{period}{' ' * 3_000}x").startswith("write a year")
    assert time.process_time() - started < 0.2


# --- chains and circles --------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["", "n0"])
def test_chains_and_circles_are_walked_once(last: str) -> None:
    def walk(n: int) -> object:
        following = {f"n{i}": f"n{i + 1}" for i in range(n - 1)} | {f"n{n - 1}": last}
        return ends_of(following), find_circles(following)

    assert ratio(walk, 500) < 4.5


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefg")))
def test_ends_and_circles_are_those_of_a_plain_walk(following: dict[str, str]) -> None:
    def walk(name: str) -> list[str]:
        way = [name]
        while (name := following.get(name, "")) and name not in way:
            way.append(name)
        return [*way, name]

    assert ends_of(following) == {
        name: "" if (way := walk(name))[-1] else way[-2] for name in following
    }
    circles = {frozenset(walk(name)) for name in following if walk(name)[-1] == name}
    assert {frozenset(circle) for circle in find_circles(following)} == circles


def test_a_long_circle_is_cut() -> None:
    names = [f"n{i}" for i in range(2000)]
    assert circle_in_words(names, "relays", 1998) == (
        "`n1998` relays `n1999` relays `n0` relays `n1` relays `n2` relays … relays `n1998`"
        " (2,000 in all)"
    )


# --- near names ----------------------------------------------------------------------------------


def plain_edits(a: str, b: str) -> int:
    """The optimal string alignment distance, from its definition."""
    table = [[i + j if not i * j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(0, 6))
def test_edits_are_those_of_the_definition(a: str, b: str, limit: int) -> None:
    assert edits(a, b, limit) == min(plain_edits(a, b), limit + 1)


def test_a_name_is_compared_with_few_of_many() -> None:
    def suggest(n: int) -> object:
        names = NameRegister()
        for i in range(n):
            names.claim(f"Corporation {i:05}", f"c{i}", f"{i}.md")
        return [names.suggest(f"Corporatoin {i:05}x") for i in range(n // 25)]

    assert ratio(suggest, 1000) < 4.8


def test_the_nearest_of_many_is_found() -> None:
    many = [f"company {i}" for i in range(3000)] + ["anthropic", "scale ai"]
    assert did_you_mean("anthorpic", many) == "did you mean `anthropic`?"
    assert did_you_mean("xcale ai", many) == "did you mean `scale ai`?"
    assert not did_you_mean("a" * 5000, many)


def test_distinct_names_cost_as_much_as_they_are_long() -> None:
    assert ratio(lambda n: DistinctNames([tuple(f"n{i}" for i in range(n))]), 300) < 4.5
    distinct = DistinctNames([("GPT-4", "GPT-4o"), ("A", "B")])
    assert distinct.differ(["GPT-4"], ["GPT-4o"]) and not distinct.differ(["GPT-4"], ["A", "GPT-4"])


# --- texts ---------------------------------------------------------------------------------------


def test_a_quotation_ends_at_its_mark_or_is_none() -> None:
    for text, own in {
        "a “b „c” d": f"a {' ' * 6} d",
        "a „b“ «c» d": f"a {' ' * 7} d",
        "“a «b": "“a «b",
        f"“{'a' * 2001}” “b”": f"“{'a' * 2001}”    ",
        "“a\n\n“b” c": "  \n\n    c",
    }.items():
        assert own_words(text) == own


# --- diagnostics ---------------------------------------------------------------------------------


def test_diagnostics_of_one_kind_are_capped_with_a_count() -> None:
    found = [Diagnostic.of("a.md", Place(n), "raw-html", "tag") for n in range(1, 6000)]
    kept = capped([*found, Diagnostic.of("b.md", Place(), "raw-html", "tag")])
    assert len(kept) == MOST + 1
    assert kept[MOST - 1].message == "tag (and 5,899 more of this kind in this file)"


def test_an_excerpt_of_a_long_line_is_cut_and_its_secrets_masked() -> None:
    key = "AKIA" + "B" * 16
    line = "x " * 2500 + f"{key} " + "y " * 75 + "HERE" + " z" * 2500
    d = Diagnostic.of("a.md", Place(1, line.index("HERE") + 1, 4), "raw-html", "tag", "", line)
    assert len(d.excerpt) == 400 and d.excerpt[d.column - 1 - d.cut :].startswith("HERE")
    for start in range(line.index(key), line.index(key) + 24):  # a cut inside the key
        cut = Diagnostic.of("a.md", Place(1, start + 101, 1), "raw-html", "tag", "", line)
        assert "BBBBBBBB" not in cut.excerpt


def test_many_broken_links_on_one_line_are_few_diagnostics(tmp_path: Path) -> None:
    small_site(tmp_path, brief("one", body="[a](/broken/) " * 2000))
    found = [d for d in problems(tmp_path) if d.code == "broken-link"]
    assert len(found) == MOST and "1,900 more" in found[-1].message
    assert max(len(d.excerpt) for d in found) <= 400


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{% if 1 %}" * 600 + "{% endif %}" * 600,
        "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
        "{{ " + "1+" * 5000 + "1 }}",
        "{{ " + "9" * 5000 + " }}",
        '{% include "deep0.html" %}',
    ],
)
def test_a_template_that_is_too_deep_has_a_place(tmp_path: Path, text: str) -> None:
    small_site(tmp_path, brief("one"))
    for n in range(40):
        (tmp_path / f"templates/deep{n}.html").write_text(f'{{% include "deep{n + 1}.html" %}}')
    (tmp_path / "templates/deep40.html").write_text("x")
    (tmp_path / "templates/brief.html").write_text(text)
    (found,) = [d for d in problems(tmp_path) if d.severity == "error"]
    assert found.code == "template-syntax" and found.path.startswith("templates/")


# --- Ctrl-C --------------------------------------------------------------------------------------


def test_an_interrupt_ends_a_command_that_does_not_clean_up() -> None:
    code = (
        "import signal, time\nfrom builder.cli.interrupt import ends_at_once\n"
        "with ends_at_once():\n    try:\n        print('begun', flush=True)\n"
        "        time.sleep(60)\n    finally:\n        time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        began = time.monotonic()
        os.kill(process.pid, 2)
        assert process.wait(20) == 130
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("module", ["builder.cli.app", "builder.cli.new", "builder.editing.new"])
def test_an_interrupt_while_modules_load_prints_no_traceback(module: str, tmp_path: Path) -> None:
    """Before the command is known, before it begins, and while it runs."""
    code = f"""
import sys, time
from builder.__main__ import run

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            print("begun", flush=True)
            time.sleep(60)

sys.meta_path.insert(0, Slow())
sys.argv = ["slugline", "--site", {str(small_site(tmp_path))!r}, "new", "brief", "A title"]
run()
"""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **given) as process:  # type: ignore[call-overload]
        assert process.stdout and process.stderr and process.stdout.readline() == "begun\n"
        os.kill(process.pid, 2)
        assert process.wait(20) == 130
        assert process.stderr.read() in ("", "\nInterrupted.\n")
