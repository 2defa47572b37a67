"""Each fix of a diagnostic removes it, adds no error, and keeps the rest of the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder.diagnostics.codes import CODES
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.examples import USUAL
from builder.diagnostics.explain import explain
from builder.editing.quick_fixes import QuickFix, fix_context, quick_fixes
from builder.editing.transaction import replace_files
from support.sites import NOW, brief, problems, small_site, write_file

SITE = "title: Ground Truth\nbase_url: https://news.example\nlanguage: en-GB\n"
# The fixes of the wrong example on each page of docs/diagnostics/, by code. A code that is not here
# has none: what it reports is an editor's to decide.
FIXES = {
    "yaml-tab": ["Indent with spaces"],
    "odd-space": ["Write ordinary spaces"],
    "typographic-quotes": ["Write straight quotation marks"],
    "yaml-comment": ["Quote the whole value"],
    "yaml-comma": ["Quote the whole value"],
    "unknown-key": ["Rename `event_dat` to `event_date`", "Rename `tags` to `topics`"],
    "empty-value": ["Remove `why`"],
    "expected-list": [
        "Write `topics: [Data labelling, Talent]`",
        'Write `topics: ["Data labelling, Talent"]`',
    ],
    "expected-boolean": ["Write `true`", "Write `false`"],
    "invalid-choice": ["Write `published`"],
    "invalid-slug": ["Write `scale-ai-hires`"],
    "invalid-identity": ["Write `ann@social.example`"],
    "invalid-url": ["Write `https://www.reuters.com/google`"],
    "invalid-quantity": ["Write `1250`", "Write `1.25`", "Write `USD`"],
    "unknown-chart": ["Write `valuation of Scale AI`"],
    "duplicate-id": ["Give it an id of its own"],
    "invalid-redirect": ["Write `/2024/01/old.html`", "Write `/b/`"],
    "unknown-company": ["Write `Scale AI`", "Create the company Scael AI"],
    "unknown-publisher": ["Write `Example Holding`"],
    "unknown-section": ["Write `deals`"],
    "unknown-author": ["Write `desk`"],
    "unknown-source": ["Write `reuters`"],
    "ambiguous-id": ["Write `reuters-1`", "Write `reuters-2`"],
    "unknown-name": [
        "Write `Google`",
        "Create the company Gogle",
        "Create the person Gogle",
        "Create the topic Gogle",
    ],
    "unknown-brief": ["Write `scale-hires`"],
    "unknown-claim": ["Write `#plan`"],
    "unknown-expectation": ["Write `#launch`"],
    "unknown-thread": ["Create the thread Meta scale"],
    "unknown-warning": ["Rename `no-source` to `no-sources`"],
    "allowed-in-vain": ["Remove `figure-undated`"],
    "derived-without-formula": ["Write `basis: derived`"],
    "unknown-figure": ["Write `revenue`"],
    "figures-differ": ["Print this figure (`preferred: true`)"],
    "invalid-link": ["Write `https://www.reuters.com/google`"],
    "broken-link": ["Write `/briefs/`"],
    "link-unpublished": ["Make it a draft (`status: draft`)"],
    "no-page": ["Give it a page (`listed: true`)", "Make it a draft (`status: draft`)"],
    "heading-level": ["Write `## `"],
    "figure-unbacked": ["Add `14%` to `figures`"],
    "hidden-character": ["Remove the character"],
    "missing-id": ["Give it an id"],
    "relay-of-nothing": ["It relays `reuters` (`of: reuters`)"],
    "original-of-another": ["Remove `of`", "Make it a relay (`role: relay`)"],
    "anonymous-confirmation": ["Write `reported`"],
    "claim-without-speaker": ["Write `reported`"],
    "claim-without-interest": ["Write `reported`"],
    "lonely-topic": ["Write `Data labelling`", "Create the topic Data labellin"],
    "merged-spellings": ["Write `Yahoo`", "Keep Yahoo! and Yahoo apart"],
    "resembling-person": ["Keep Alexandr Wang and Wang Alexandr apart"],
    "resembling-publisher": ["Keep Sun Daily and The Sun Daily apart"],
    "resembling-unit": ["Write `labels`", "Keep lables and labels apart"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fixes")


def write(site: Path, files: dict[str, str]) -> None:
    for name in ("content", "templates"):
        shutil.rmtree(site / name, ignore_errors=True)
    (site / "content" / "briefs").mkdir(parents=True)
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        write_file(site / path, text)


@pytest.mark.parametrize("code", FIXES)
def test_fixes_of_examples(code: str, site: Path) -> None:
    example = explain(code).wrong
    files = {"site.yaml": SITE, **USUAL} | {file.path: file.whole for file in example.files}
    titles = []
    for d in (d for d in example.messages if d.code == code):
        write(site, files)
        context = fix_context(site, NOW)
        for fix in quick_fixes(d, (site / d.path).read_bytes(), context):
            titles.append(fix.title)
            write(site, files)
            replace_files(site, fix.changes)
            after = problems(site)
            assert number(after, d) < number(example.messages, d), fix.title
            assert errors(after) <= errors(example.messages), fix.title
    assert titles == FIXES[code]


def number(found: tuple[Diagnostic, ...], d: Diagnostic) -> int:
    return sum((other.path, other.code) == (d.path, d.code) for other in found)


def errors(found: tuple[Diagnostic, ...]) -> set[str]:
    return {d.code for d in found if d.severity == "error"}


def test_other_examples_have_no_fix(site: Path) -> None:
    for code in set(CODES) - FIXES.keys():
        example = explain(code).wrong
        texts = {file.path: file.whole for file in example.files}
        for d in (d for d in example.messages if d.code == code and d.path in texts):
            write(site, {"site.yaml": SITE})
            found = quick_fixes(d, texts[d.path].encode(), fix_context(site, NOW))
            assert [fix.title for fix in found] == [], code


def fixed(folder: Path, text: str, code: str) -> list[tuple[str, str]]:
    """The fixes of the first diagnostic of a code, and what they make of its file."""
    site = small_site(folder, text)
    d = next(d for d in problems(site) if d.code == code)
    found = quick_fixes(d, (site / d.path).read_bytes(), fix_context(site, NOW))
    return [(fix.title, after(fix, d.path)) for fix in found]


def after(fix: QuickFix, path: str) -> str:
    """The new text of a file that a fix changes, or the path of one that it creates."""
    [(changed, (_, data))] = fix.changes.items()
    return (data or b"").decode() if changed == path else changed


def test_a_fix_keeps_comments_and_order(tmp_path: Path) -> None:
    text = brief("a", companies="[Scale AI, Gogle]  # who is in it", why='"Because."  # quoted')
    [(title, new), _] = fixed(tmp_path, text, "unknown-company")
    assert title == "Write `Google`"
    assert new == text.split("\n", 1)[1].replace("Gogle", "Google")


MORE = {
    "an ambiguous date": (
        brief("a", event_date="03/04/2025"), "invalid-date",
        ["Write `2025-04-03`", "Write `2025-03-04`"],
    ),
    "a draft of another tool": (
        brief("a", draft="true"), "unknown-key", ["Write `status: draft`"]
    ),
    "a company that speaks": (
        brief("a", claims="[{text: It waits, status: reported, by: {person: Meta}}]"),
        "unclear-speaker", ["Write `{company: Meta}`"],
    ),
    "a file without fences": (
        "=== content/briefs/a.md\n+++\ntitle = \"Scale AI hires\"\ndate = 2025-06-15\n+++\nText.\n",
        "no-front-matter", ["Turn TOML into YAML"],
    ),
    "bullets of a word processor": (
        brief("a", body="• one\n• two"), "unread-markdown", ["Write the marks of Markdown"]
    ),
    "a heading without a space": (
        brief("a", body="Text.\n\n##Heading"), "heading-level", ["Write the marks of Markdown"]
    ),
    "marked text": (
        brief("a", body="Some ==marked== text."), "unread-markdown", ["Write `**marked**`"]
    ),
    "an amount in another notation": (
        brief(
            "a", body="Het bedrijf haalde 14,5 miljard dollar aan omzet.", lang="nl",
            figures="[{of: Meta, metric: omzet, value: 3bn USD, as_of: 2025}]",
        ),
        "figure-unbacked", ["Add `14.5bn USD` to `figures`"],
    ),
    "an anchor": (
        brief("a", body="See [it](#histroy).\n\n## History\n\nText."), "broken-link",
        ["Write `#history`"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "titles"), MORE.values(), ids=MORE)
def test_more_fixes(text: str, code: str, titles: list[str], tmp_path: Path) -> None:
    found = fixed(tmp_path, text, code)
    assert [title for title, _ in found] == titles
    assert all(code not in new for _, new in found)


def test_a_line_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    site = small_site(tmp_path, brief("a", companies="[Gogle]"))
    [d] = [d for d in problems(site) if d.code == "unknown-company"]
    file = site / d.path
    changed = file.read_bytes().replace(b"[Gogle]", b"[Meta]")
    assert quick_fixes(d, changed, fix_context(site, NOW)) == []
    other = Diagnostic.of("notes/a.md", Place(), "unknown-company", "no company is called `A`")
    assert quick_fixes(other, b"A", fix_context(site, NOW)) == []
    assert quick_fixes(d, b"\xff\xfe", fix_context(site, NOW)) == []


def test_no_fix_overwrites_a_record(tmp_path: Path) -> None:
    """A file with the address that a new one would have, and another name."""
    there = "=== content/companies/new-labs.md\n---\nname: Old Labs\n---\n"
    found = fixed(tmp_path, brief("a", companies="[New Labs]") + there, "unknown-company")
    assert not any(new.startswith("content/companies") for _, new in found)


def test_a_drafted_figure_is_about_what_its_sentence_says(tmp_path: Path) -> None:
    figures = """
  - {of: Meta, metric: revenue, value: 3bn USD, as_of: 2025}  # last year
  - {of: Meta, metric: stake price, value: 1bn USD, as_of: 2025}"""
    body = "It grew. A stake price of about $2bn was paid, and $4m more. Then 300 people left."
    text = brief("a", body=body, figures=figures, event_date="2025-06")
    [(title, new)] = fixed(tmp_path, text, "figure-unbacked")
    assert title == "Add `2bn USD` to `figures`"
    entry = "{of: Scale AI, metric: stake price, value: 2bn USD, as_of: 2025-06, source: reuters}"
    assert f"as_of: 2025}}\n  - {entry}\nevent_date" in new
