"""The forms of the desk: what they write, what they say, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from builder.content.config import read_config
from builder.content.document import read_document
from builder.content.schema import read_record
from builder.diagnostics.diagnostic import Diagnostic
from builder.editing.part_errors import part_errors
from builder.model.brief import Brief
from builder.model.source import Source
from builder.serve.desk.form_fields import ENTRIES, as_entry, form_fields
from builder.site.desk import UnsettledExpectation
from support.desk import Answer, ask, own, send, token_of
from support.previews import Preview, an_empty_desk, page, previewed
from support.sites import brief, problems, small_site, tree
from support.tools import until

A = "content/briefs/a.md"
TEXT = brief("a", status="draft  # until Monday", why='"Because."   # in quotation marks')
PLAN = brief(
    "plan",
    "Scale AI plans",
    date="2025-05-01",
    expects="[{id: launch, text: It starts., by: 2025-06}]",
)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewed(small_site(tmp_path / "site", TEXT + PLAN)) as preview:
        preview.build({"index.html": page("<p>Front</p>"), "a/index.html": page("<p>A</p>")})
        until(lambda: ask(preview, "GET", "/").status == 200)
        yield preview


def form(preview: Preview, kind: str, path: str = A) -> Answer:
    return ask(preview, "GET", f"/_desk/entry/?{urlencode({'entry': kind, 'file': path})}")


def file_of(preview: Preview) -> str:
    return (preview.root / A).read_text("utf-8")


ADDED: dict[str, tuple[dict[str, str], str]] = {
    "source": (
        {"url": "https://dantri.example/a", "publisher": "Báo Dân trí", "role": "relay",
         "of": "reuters", "author": "Ann Example\r\nBo Example\r\n"},
        '{publisher: Báo Dân trí, url: "https://dantri.example/a", role: relay, of: reuters,'
        " author: [Ann Example, Bo Example]}",
    ),
    "figure": (
        {"of": "Scale AI", "metric": "revenue", "value": "14bn USD", "as_of": "2025-06",
         "source": "reuters", "basis": "reported", "preferred": "true"},
        "{of: Scale AI, metric: revenue, value: 14bn USD, as_of: 2025-06, source: reuters,"
        ' preferred: "true"}',
    ),
    "claim": (
        {"text": "It hires:\r\n  a cat", "status": "reported", "source": "reuters",
         "by.anonymous": "5", "by.described_as": "familiar with the matter"},
        '{text: "It hires: a cat", status: reported, source: reuters, by: {anonymous: 5,'
        " described_as: familiar with the matter}}",
    ),
    "quote": (
        {"text": "No comment", "by": "Ada Example", "of": "Scale AI"},
        "{text: No comment, by: Ada Example, of: Scale AI}",
    ),
    "response": (
        {"from": "Meta", "stance": "no reply"}, "{from: Meta, stance: no reply}"
    ),
    "relation": (
        {"from": "Meta", "type": "minority stake", "to": "Scale AI", "since": "2025-06"},
        "{from: Meta, type: minority stake, to: Scale AI, since: 2025-06}",
    ),
    "event": (
        {"title": "The fair", "date": "2025-09-05", "id": "fair", "of": "Meta",
         "status": "scheduled"},
        "{id: fair, title: The fair, date: 2025-09-05, of: Meta}",
    ),
    "expectation": (
        {"text": "The plant opens.", "by": "2025-12", "id": "plant", "says": "reuters"},
        "{id: plant, text: The plant opens., by: 2025-12, says: reuters}",
    ),
    "outcome": (
        {"what": "plan#launch", "outcome": "late", "when": "2025-06-14", "source": "reuters"},
        '{what: "plan#launch", outcome: late, when: 2025-06-14, source: reuters}',
    ),
    "correction": (
        {"at": "2025-06-16 10:00", "kind": "spelling", "now": "Cat", "was": "Kat"},
        "{at: 2025-06-16 10:00, kind: spelling, now: Cat, was: Kat}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_entry_is_added(preview: Preview, kind: str) -> None:
    """It is written in the style of the file, of which every other line stays."""
    typed, written = ADDED[kind]
    before = file_of(preview)
    answer = send(preview, form(preview, kind).text, typed)
    assert answer.status == 303, answer.text
    after = file_of(preview)
    assert written.replace('"true"', "true") in after.replace('"true"', "true")
    added = ENTRIES[kind].field
    kept = [line for line in before.split("\n") if not line.startswith("sources:")]
    assert [line for line in kept if line not in after.split("\n")] == []
    if kind == "correction":
        assert "updated: 2025-06-16 10:00\n" in after
    document, found = read_document(A, after.encode())
    assert document and not found and len(document.fields[added]) == 1 + (kind == "source")
    record, found = read_record(Brief, document, read_config(preview.root).zone)
    assert not found and getattr(record, added)
    assert not [d for d in problems(preview.root) if d.severity == "error"]
    shown = ask(preview, "GET", answer.headers["location"])
    assert f"Added the {kind}." in shown.text


def test_the_form_of_an_outcome_suggests_what_is_not_settled(preview: Preview) -> None:
    launch = UnsettledExpectation("plan#launch", "It <starts>.", "2025-06")
    preview.desk = an_empty_desk(unsettled=(launch,))
    shown = form(preview, "outcome").text
    assert '<option value="plan#launch">It &lt;starts&gt;. (2025-06)</option>' in shown


WRONG = {
    "source": {"url": "www.reuters.com", "published": "31.06.2025", "lang": "Dutch"},
    "figure": {"value": "1,250 people", "as_of": "soon", "of": "Scael AI", "metric": ""},
    "claim": {"text": "", "status": "", "by.anonymous": "five"},
    "correction": {"at": "2025", "kind": "", "now": "\x07"},
    "response": {"from": "", "stance": "silent"},
}


@pytest.mark.parametrize("kind", WRONG)
def test_an_error_is_beside_its_field(preview: Preview, kind: str) -> None:
    """In the words of `check`; what was typed stays, and nothing is written."""
    before = file_of(preview)
    answer = send(preview, form(preview, kind).text, WRONG[kind])
    assert answer.status == 422
    text = unescape(answer.text).replace("<code>", "`").replace("</code>", "`")
    part = ENTRIES[kind].part
    fields = form_fields(ENTRIES[kind], ("reuters",))
    errors = part_errors(part, as_entry(fields, WRONG[kind]), read_config(preview.root).zone)
    if kind == "figure":
        assert "no company is called `Scael AI` → did you mean `Scale AI`?" in text
    assert len(errors) > 1
    for name, error in errors.items():
        key = f"field-{name.replace('.', '-')}"
        assert f'id="wrong-{key}">{error.message} → {error.hint}</p>' in text
        shown = answer.text[answer.text.index(f'id="{key}"') :].partition(">")[0]
        assert "aria-invalid" in shown and f"wrong-{key}" in shown
    for value in filter(None, WRONG[kind].values()):
        assert value in text
    assert answer.text.count("autofocus") == 1
    assert file_of(preview) == before


def test_what_check_says_of_a_part() -> None:
    zone = read_config_zone()
    assert part_errors(Source, {"publisher": "Reuters"}, zone) == {}
    found = part_errors(Source, {}, zone)
    assert [*found] == ["publisher"] and found["publisher"].message == (
        "a source needs `publisher` or `url`"
    )
    assert [*part_errors(Source, {"url": "x y", "author": ["", "B"]}, zone)] == ["url", "author.0"]


def read_config_zone():
    from datetime import UTC

    return UTC


def test_a_company_is_created_with_its_figure(preview: Preview) -> None:
    typed = {"of": "New Labs", "metric": "revenue", "value": "1bn USD", "as_of": "2025"}
    answer = send(preview, form(preview, "figure").text, typed)
    assert answer.status == 422 and "Create the company New Labs" in answer.text
    assert not (preview.root / "content/companies/new-labs.md").exists()
    answer = send(preview, answer.text, {**typed, "create": "New Labs"})
    assert answer.status == 303
    assert "name: New Labs\n" in (preview.root / "content/companies/new-labs.md").read_text()
    assert "of: New Labs" in file_of(preview)


def test_a_save_in_a_text_editor_is_never_overwritten(preview: Preview) -> None:
    """The form shows what has changed, keeps what was typed, and adds it to the new version."""
    shown = form(preview, "source").text
    (preview.root / A).write_text(file_of(preview).replace("Text.", "Saved meanwhile."))
    saved = file_of(preview)
    answer = send(preview, shown, {"publisher": "Example Gazette"})
    assert answer.status == 409
    assert file_of(preview) == saved
    assert "-Text." in answer.text and "+Saved meanwhile." in answer.text
    assert 'value="Example Gazette"' in answer.text
    answer = send(preview, answer.text, {"publisher": "Example Gazette"})
    assert answer.status == 303
    assert "Saved meanwhile." in file_of(preview) and "Example Gazette" in file_of(preview)


@pytest.mark.parametrize(
    "path",
    ["", "../site.yaml", "content/briefs/../../site.yaml", "/etc/passwd", "content/briefs/b.md",
     "content/companies/google.md", "content/briefs/a.md/", "content\\briefs\\a.md", "a\0.md"],
)  # fmt: skip
def test_only_briefs_of_the_site_are_changed(preview: Preview, path: str) -> None:
    before = tree(preview.root / "content")
    token = token_of(preview)
    for name in ("entry", "publish"):
        assert ask(preview, "GET", f"/_desk/{name}/?entry=source&file={quote(path)}").status == 404
        fields = {"token": token, "entry": "source", "file": path, "publisher": "A", "when": "now"}
        answer = ask(preview, "POST", f"/_desk/{name}/", urlencode(fields).encode(), own(preview))
        assert answer.status == 404
    assert ask(preview, "GET", f"/_desk/brief/?file={quote(path)}").status == 404
    assert tree(preview.root / "content") == before


INJECTED = [
    'a", of: b}]\nstatus: published',
    "x\n---\nstatus: published",
    "- a\n- b",
    "{a: b}",
    "[a, b]",
    "# comment",
    "&a *b !!c",
    "'\"",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "null",
    "a: b",
]


def test_a_value_is_text(preview: Preview) -> None:
    for n, text in enumerate(INJECTED, 2):
        typed = {"publisher": "Example Gazette", "title": text}
        answer = send(preview, form(preview, "source").text, typed)
        document, _ = read_document(A, (preview.root / A).read_bytes())
        assert document and document.fields["status"] == "draft"
        if "\n" in text:
            assert answer.status == 422
            send(preview, form(preview, "source").text, {"publisher": "Example Gazette"})
        else:
            assert document.fields["sources"][-1]["title"] == text
        document, _ = read_document(A, (preview.root / A).read_bytes())
        assert document and len(document.fields["sources"]) == n
    shown = ask(preview, "GET", f"/_desk/brief/?file={A}").text
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown


def test_a_site_that_cannot_be_read(preview: Preview) -> None:
    """What was typed can be copied; and a brief that cannot be read is not edited."""
    shown = form(preview, "source").text
    settings = (preview.root / "site.yaml").read_text()
    (preview.root / "site.yaml").write_text(f"{settings}title: [\n")
    answer = send(preview, shown, {"publisher": "Example Gazette"})
    assert answer.status == 409 and "site.yaml has errors" in answer.text
    assert "Example Gazette" in answer.text
    for name in ("new", "brief", "publish", "find"):
        assert ask(preview, "GET", f"/_desk/{name}/?file={A}").status in (200, 409)
    (preview.root / "site.yaml").write_text(settings)
    (preview.root / A).write_text(file_of(preview).replace("title: ", "title: ["))
    answer = send(preview, form(preview, "source").text, {"publisher": "Example Gazette"})
    assert answer.status == 409 and "has errors; fix them first" in answer.text
    assert ask(preview, "GET", f"/_desk/brief/?file={A}").status == 200


def test_publish(preview: Preview) -> None:
    """With the date that an editor chooses; and not with an error, or over a save."""
    shown = ask(preview, "GET", f"/_desk/publish/?file={A}").text
    answer = send(preview, shown, {"when": "at", "date": "2025-06-15 09:00"})
    assert answer.status == 200 and "https://test.example/briefs/a/" in answer.text
    assert "status:" not in file_of(preview) and "date: 2025-06-15 09:00\n" in file_of(preview)
    assert "not a draft" in ask(preview, "GET", f"/_desk/publish/?file={A}").text
    wrong = TEXT.split("\n", 1)[1].replace("[Scale AI]", "[Nobody]")
    (preview.root / A).write_text(wrong)
    answer = send(preview, shown, {"when": "now"})
    assert answer.status == 409
    answer = send(preview, answer.text, {"when": "now"})
    assert answer.status == 422 and "unknown-company" in answer.text
    assert "Create the company Nobody" in answer.text
    answer = send(preview, answer.text, {"when": "at", "date": "soon"})
    assert answer.status == 422 and "is not a date" in answer.text
    assert file_of(preview) == wrong


def failing(preview: Preview) -> Diagnostic:
    """Have the preview's build fail with an unknown company."""
    text = file_of(preview).replace("[Scale AI]", "[Gogle]")
    (preview.root / A).write_text(text.replace("status: draft  # until Monday\n", ""))
    [found] = [d for d in problems(preview.root) if d.code == "unknown-company"]
    preview.fail(found)
    preview.desk = an_empty_desk(problems=(found,))
    until(lambda: "Gogle" in ask(preview, "GET", "/a/").text)
    return found


def test_a_fix_is_one_link_and_one_button(preview: Preview) -> None:
    """The overlay links to the fix; the desk shows what it would write, and writes it."""
    found = failing(preview)
    before = file_of(preview)
    overlay = ask(preview, "GET", "/a/").text
    assert "Create the company Gogle" in overlay and token_of(preview) not in overlay
    link = unescape(overlay[overlay.index('href="/_desk/fix/') + 6 :].partition('"')[0])
    own_page = {"Host": f"localhost:{preview.serving.port}"}
    own_page["Referer"] = f"http://{own_page['Host']}/a/?x=1"
    shown = ask(preview, "GET", link, None, own_page)
    assert "+companies: [Google]" in shown.text and "-companies: [Gogle]" in shown.text
    answer = send(preview, shown.text, {})
    assert (answer.status, answer.headers["location"]) == (303, "/a/?x=1")
    assert file_of(preview) == before.replace("Gogle", "Google")
    # The same form again: its problem is another one now, or none.
    assert send(preview, shown.text, {}).status == 409
    assert file_of(preview) == before.replace("Gogle", "Google")
    assert found.path == A


@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1", "/a\n/b"],
)
def test_a_fix_leads_nowhere_else(preview: Preview, back: str) -> None:
    failing(preview)
    overlay = ask(preview, "GET", "/a/").text
    link = unescape(overlay[overlay.index('href="/_desk/fix/') + 6 :].partition('"')[0])
    shown = ask(preview, "GET", link, None, {"Referer": "http://evil.example/a"})
    assert 'name="back" value=""' in shown.text
    answer = send(preview, shown.text, {"back": back})
    assert answer.headers["location"].startswith("/_desk/brief/?")


def test_fixes_of_other_problems(preview: Preview) -> None:
    failing(preview)
    token, before = token_of(preview), tree(preview.root / "content")
    for fields in (
        {"path": "../site.yaml", "line": "1", "column": "1", "code": "unknown-key"},
        {"path": A, "line": "1", "column": "1", "code": "unknown-company"},
        {},
    ):
        body = urlencode({"token": token, "fix": "Write `Google`", **fields}).encode()
        assert ask(preview, "POST", "/_desk/fix/", body, own(preview)).status == 404
    assert tree(preview.root / "content") == before


def test_a_brief_is_found_by_a_part_of_its_title(preview: Preview) -> None:
    found = ask(preview, "GET", "/_desk/find/?q=hires")
    assert (found.status, found.headers["location"]) == (
        303, f"/_desk/brief/?{urlencode({'file': A})}"
    )  # fmt: skip
    assert "No brief" in ask(preview, "GET", "/_desk/find/?q=nothing").text
    assert "<form" in ask(preview, "GET", "/_desk/find/").text


def test_forms_follow_the_model() -> None:
    """Every field of an entry has a field in its form, with its help, and the first ones exist."""
    for kind in ENTRIES.values():
        fields = form_fields(kind, ("reuters",))
        assert all(field.help and field.label for field in fields)
        assert {*kind.first} <= {field.name for field in fields}, kind.name
        assert len({field.name for field in fields}) == len(fields)
        own_names = {"token", "entry", "file", "digest", "then", "create"}
        assert own_names.isdisjoint(field.name for field in fields)
        assert len({field.label for field in fields}) == len(fields), kind.name


def details(preview: Preview) -> Answer:
    return ask(preview, "GET", f"/_desk/details/?file={A}")


def typed_in(page: str) -> dict[str, str]:
    """What the fields of a form hold when it is opened."""
    inputs = re.findall(r'<input id="field-[\w-]+" name="([^"]+)" value="([^"]*)"', page)
    areas = re.findall(
        r'<textarea id="field-[\w-]+" name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page
    )
    chosen = re.findall(
        r'<select id="field-[\w-]+" name="([^"]+)"[^>]*>(?:(?!</select>).)*?'
        r"<option selected>([^<]*)<", page, re.S,
    )  # fmt: skip
    return {name: unescape(value) for name, value in (*inputs, *areas, *chosen)}


def test_details_change_only_what_was_changed(preview: Preview) -> None:
    before = file_of(preview)
    shown = typed_in(details(preview).text)
    assert shown["title"] == "Scale AI hires" and shown["companies"] == "Scale AI"
    assert shown["why"] == "Because." and shown["importance"] == "2"
    assert send(preview, details(preview).text, shown).status == 303
    assert file_of(preview) == before
    changed = {
        "summary": "It hires: a cat.",
        "section": "labs",
        "companies": "Scale AI\r\nMeta",
        "topics": "Cats\r\nDogs",
        "importance": "1",
    }
    assert send(preview, details(preview).text, {**shown, **changed}).status == 303
    document, found = read_document(A, (preview.root / A).read_bytes())
    assert document and not found
    assert document.fields["companies"] == ["Scale AI", "Meta"]
    assert document.fields["topics"] == ["Cats", "Dogs"]
    kept = before.replace("It hires.", '"It hires: a cat."')
    kept = kept.replace("[Scale AI]", "[Scale AI, Meta]")
    now = file_of(preview).split("\n")
    assert [line for line in kept.split("\n") if line not in now] == []
    assert {line for line in now if line not in kept.split("\n")} == {
        "section: labs", "importance: 1", "topics: [Cats, Dogs]",
    }  # fmt: skip
    # What is emptied, or is the default again, goes.
    shown = typed_in(details(preview).text)
    assert (
        send(preview, details(preview).text, {**shown, "topics": "", "importance": "2"}).status
        == 303
    )
    assert "topics" not in file_of(preview) and "importance" not in file_of(preview)


def test_details_say_what_is_wrong(preview: Preview) -> None:
    before = file_of(preview)
    shown = typed_in(details(preview).text)
    wrong = {"title": "", "companies": "Scael AI\r\nGoogle", "event_date": "soon", "thread": "A B"}
    answer = send(preview, details(preview).text, {**shown, **wrong})
    assert answer.status == 422
    text = unescape(answer.text).replace("<code>", "`").replace("</code>", "`")
    for said in (
        "a brief needs `title`", "no company is called `Scael AI`", "`soon` is not a date",
        "`A B` is not a valid slug", "Create the company Scael AI",
    ):  # fmt: skip
        assert said in text
    assert file_of(preview) == before
    page = details(preview).text
    (preview.root / A).write_text(before.replace("Text.", "Saved meanwhile."))
    answer = send(preview, page, {**shown, "summary": "Typed."})
    assert answer.status == 409 and "Typed." in answer.text and "Saved meanwhile." in answer.text
    assert file_of(preview) == before.replace("Text.", "Saved meanwhile.")
