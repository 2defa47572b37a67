"""The language server as a client sees it, through the pipes that an editor uses."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.editors import Editor, editor
from support.sites import write_site

BRIEF = """\
---
id: aaaa2222
title: Meta buys 49% of Scale AI
date: 2025-06-15
summary: A summary of it.
companies: [Meta, Scale AI]
sources:
  - {id: reuters, publisher: Reuters, title: A report, url: "https://reuters.example/a", published: 2025-06-13}
figures:
  - {id: stake, of: Meta, to: Scale AI, metric: stake, value: 49%, as_of: 2025-06-13, source: reuters}
---
Meta bought {{figure:stake}} of Scale AI, 🦀 said. [[Scale AI]] is a vendor.
"""  # noqa: E501
PATH = "content/briefs/stake.md"

EDITS = types.WorkspaceClientCapabilities(
    workspace_edit=types.WorkspaceEditClientCapabilities(
        document_changes=True, resource_operations=[*types.ResourceOperationKind]
    )
)


def run(session: Callable[[Path], Coroutine[None, None, None]], root: Path) -> None:
    """Run a session in a thread: a browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(session(root))).result()


def test_a_session(tmp_path: Path) -> None:
    root = write_site(tmp_path / "sité", f"=== {PATH}\n{BRIEF}")
    run(_session, root)


async def _session(root: Path) -> None:
    before = _files(root)
    async with editor(root, workspace=EDITS) as e:
        uri = e.open(PATH)
        assert await e.problems(uri) == []
        await _types(e, uri)
        await _edits(e, uri)
        await _looks(e, uri)
        await _renames(e, uri)
        await _fixes(e, uri)
        await _other_files(e, uri)
    assert e.client._server
    assert e.client._server.returncode == 0
    assert _files(root) == before, "the server wrote something"


def _files(root: Path) -> dict[str, bytes]:
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file()}


async def _types(e: Editor, uri: str) -> None:
    """Problems appear with what is typed, and go with it."""
    wrong = BRIEF.replace("companies: [Meta, Scale AI]", "companies: [Meta, Scale IA]")
    e.write(uri, wrong.replace("said.", "said [[brief:nowhere]]."))
    found = {str(one.code): one for one in await e.problems(uri)}
    assert found.keys() >= {"unknown-company", "broken-link"}
    one = found["unknown-company"]
    assert one.severity == types.DiagnosticSeverity.Error
    assert one.source == "slugline" and "did you mean `Scale AI`" in one.message
    assert one.range == types.Range(types.Position(5, 18), types.Position(5, 26))
    assert one.code_description
    page = one.code_description.href
    assert page.startswith("file:///") and page.endswith("/unknown-company.md")
    # A crab has one character and two units of UTF-16.
    line = BRIEF.splitlines()[-1]
    start = found["broken-link"].range.start
    assert (start.line, start.character) == (11, line.index("🦀") + 2 + len(" said "))
    # Fields that are being written.
    e.write(uri, BRIEF.replace("summary:", "sec\nsummary:"))
    assert "section" in await e.complete(uri, "\nsec")
    e.write(uri, BRIEF.replace("companies: [Meta", "companies: [Facebo"))
    item = (await e.complete(uri, "[Facebo"))["Facebook"]
    assert isinstance(item.text_edit, types.TextEdit)
    assert (item.text_edit.new_text, item.detail) == ("Meta", "alias of Meta")
    e.write(uri, BRIEF)
    assert await e.problems(uri) == []


async def _edits(e: Editor, uri: str) -> None:
    """Ranges of changes are those of the protocol: UTF-16, any line end, past the end."""
    crab = BRIEF.splitlines()[-1].index("🦀")

    def change(line: int, start: int, end: int, text: str) -> object:
        range_ = types.Range(types.Position(line, start), types.Position(line, end))
        return types.TextDocumentContentChangePartial(range_, text)

    e.change(uri, change(11, crab + 2, crab + 3, "#"), change(11, crab, crab + 3, "x y "))
    e.change(uri, change(5, 12, 16, "Mata"), change(400, 0, 7, "end\r\n"), change(2, 7, 7, "é"))
    found = await e.problems(uri)
    assert [(one.code, one.range.start) for one in found if one.code == "unknown-company"] == [
        ("unknown-company", types.Position(5, 12)),
    ]
    for text in ("", "---", "\0", "\ufeff" + BRIEF.replace("\n", "\r\n"), "---\n" + "[" * 5000):
        e.write(uri, text)
        assert await e.problems(uri) is not None
    assert not [one for one in e.found[uri].diagnostics if one.range.start.line > 2]
    e.write(uri, "\ufeff" + BRIEF.replace("\n", "\r\n").replace("title: Meta", "titel: Meta"))
    found = await e.problems(uri)
    assert ("unknown-key", 2) in [(one.code, one.range.start.line) for one in found]
    e.write(uri, BRIEF)
    assert await e.problems(uri) == []


async def _looks(e: Editor, uri: str) -> None:
    """Hover, definition, references and outline."""

    async def hover(words: str) -> str:
        found = await e.client.text_document_hover_async(types.HoverParams(**e.at(uri, words)))
        assert found is None or isinstance(found.contents, types.MarkupContent)
        return found.contents.value if found else ""

    assert "**Scale AI**" in await hover("[Meta, Scal")
    assert "stake (Scale AI): 49%, 2025-06-13 (reported)" in await hover("companies: [Me")
    assert await hover("{{figure:st") == (
        "**49%**: stake of Meta to Scale AI\n\n2025-06-13 · reported · Reuters"
    )
    assert "A report" in await hover("source: reu")
    assert "The headline" in await hover("titl") and "required" in await hover("titl")
    assert await hover("Meta bou") == ""

    async def definition(words: str) -> types.Location | None:
        params = types.DefinitionParams(**e.at(uri, words))
        found = await e.client.text_document_definition_async(params)
        assert found is None or isinstance(found, types.Location)
        return found

    company = await definition("[[Scale")
    assert company and company.uri == e.uri("content/companies/scale-ai.md")
    source = await definition("source: reu")
    assert source and (source.uri, source.range.start) == (uri, types.Position(7, 9))
    assert await definition("title: Me") is None

    context = types.ReferenceContext(include_declaration=True)
    params = types.ReferenceParams(context=context, **e.at(uri, "to: Sca"))
    found = await e.client.text_document_references_async(params)
    here = sorted((one.range.start.line, one.range.start.character) for one in found or ()
                  if one.uri == uri)  # fmt: skip
    body = BRIEF.splitlines()[-1]
    assert here == [(5, 18), (9, 30), (11, body.index("[[") + 3)]  # a crab is two units
    assert [one.uri for one in found or () if one.uri != uri] == [
        e.uri("content/companies/scale-ai.md")
    ]
    symbols = await e.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )
    names = {one.name: one for one in symbols or () if isinstance(one, types.DocumentSymbol)}
    assert [*names] == ["id", "title", "date", "summary", "companies", "sources", "figures"]
    assert [one.name for one in names["sources"].children or ()] == ["reuters"]
    known = await e.client.workspace_symbol_async(types.WorkspaceSymbolParams("scale"))
    assert {one.name for one in known or ()} == {"Scale AI", "Meta buys 49% of Scale AI"}


async def _renames(e: Editor, uri: str) -> None:
    """A company in all files, as `names merge` does it, and an id in its file."""

    async def rename(words: str, new: str) -> dict[str, str]:
        params = types.RenameParams(new_name=new, **e.at(uri, words))
        return e.apply(await e.client.text_document_rename_async(params))

    files = await rename("companies: [Meta, Sca", "Skale")
    assert "companies: [Meta, Skale]" in files[PATH] and "to: Skale" in files[PATH]
    assert "[[Scale AI]]" in files[PATH], "an alias covers it"
    moved = files["content/companies/skale.md"]
    assert "name: Skale" in moved and "Scale AI" in moved
    assert files["content/companies/scale-ai.md"] == ""
    files = await rename("id: reu", "agency")
    assert files.keys() == {PATH}
    assert files[PATH] == BRIEF.replace("id: reuters", "id: agency").replace(
        "source: reuters", "source: agency"
    )
    assert "{{figure:part}}" in (await rename("{{figure:sta", "part"))[PATH]
    refused = {("titl", "x"): "put the cursor", ("id: reu", "A b"): "not a valid slug",
               ("[Meta, Sca", " "): "write a name"}  # fmt: skip
    for (words, new), why in refused.items():
        with pytest.raises(JsonRpcException, match=why):
            await rename(words, new)
    prepared = await e.client.text_document_prepare_rename_async(
        types.PrepareRenameParams(**e.at(uri, "[Meta, Sca"))
    )
    assert isinstance(prepared, types.PrepareRenamePlaceholder)
    assert (prepared.placeholder, prepared.range.start.character) == ("Scale AI", 18)


async def _fixes(e: Editor, uri: str) -> None:
    """Each hint is a quick fix, also one that creates a company."""

    async def fixes(words: str, only: str | None = None) -> dict[str, types.CodeAction]:
        position = e.at(uri, words)["position"]
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(position, position),
            types.CodeActionContext([], [only] if only else None),
        )
        found = await e.client.text_document_code_action_async(params)
        return {one.title: one for one in found or () if isinstance(one, types.CodeAction)}

    wrong = BRIEF.replace("[Meta, Scale AI]", "[Meta, Scale IA]").replace("summary:", "sumary:")
    e.write(uri, wrong)
    found = await fixes("Scale I")
    assert [*found] == ["Write `Scale AI`", "Create the company Scale IA"]
    first = found["Write `Scale AI`"]
    assert first.is_preferred and first.edit and first.diagnostics
    assert first.diagnostics[0].code == "unknown-company"
    assert e.apply(first.edit)[PATH] == wrong.replace("Scale IA", "Scale AI")
    files = e.apply(found["Create the company Scale IA"].edit)
    assert "name: Scale IA" in files["content/companies/scale-ia.md"]
    assert [*await fixes("sumar")] == ["Rename `sumary` to `summary`"]
    e.write(uri, BRIEF.replace("of Scale AI, 🦀", "of Scale AI 🦀 with Google for 4%, it"))
    (hint, unbacked) = sorted(await e.problems(uri), key=lambda one: -(one.severity or 0))
    assert (hint.severity, hint.range.start.character) == (types.DiagnosticSeverity.Hint, 49)
    assert unbacked.code == "figure-unbacked"
    found = await fixes("with Goog")
    assert [*found] == ["Add `4%` to `figures`", "Add Google to `companies`"]
    files = e.apply(found["Add Google to `companies`"].edit)
    assert "companies: [Meta, Scale AI, Google]" in files[PATH]
    assert 'value: "4%"' in e.apply(found["Add `4%` to `figures`"].edit)[PATH]
    everything = wrong.replace("IA]", "AI]").replace("sumary: A", "description: A")
    everything = everything.replace(": 2025-06-15", ": 15 June 2025")
    e.write(uri, everything)
    found = await fixes("titl", "source.fixAll")
    (all_of_it,) = found.values()
    assert all_of_it.kind == "source.fixAll"
    assert "date: 2025-06-15\nsummary: A" in e.apply(all_of_it.edit)[PATH]
    assert await fixes("titl", "refactor") == {}
    e.write(uri, BRIEF)
    assert await fixes("titl") == {}


async def _other_files(e: Editor, uri: str) -> None:
    """Settings, new files, files of no site, and files that go."""
    settings = e.open("site.yaml")
    assert await e.problems(settings) == []
    e.write(settings, e.texts[settings].replace("language: en-GB", "language: english"))
    assert [one.code for one in await e.problems(settings)] == ["invalid-language"]
    e.close(settings)
    await e.until(lambda: not e.found[settings].diagnostics)
    # A company that is not saved is known at once, and no longer once it is closed.
    e.write(uri, BRIEF.replace("[Meta,", "[Meta, Newco,"))
    assert "unknown-company" in [one.code for one in await e.problems(uri)]
    company = e.open("content/companies/newco.md", "---\nid: newc2222\nname: Newco\n---\n")
    await e.until(lambda: "unknown-company" not in [d.code for d in e.found[uri].diagnostics])
    assert "Newco" in await e.complete(uri, "companies: [Meta, ")
    e.close(company)
    await e.until(lambda: "unknown-company" in [d.code for d in e.found[uri].diagnostics])
    for path in ("notes.md", "content/media/x.md", "../outside.md", "content/briefs/.x.md.swp"):
        other = e.open(path, "---\ntitel: x\n---\n")
        assert await e.complete(other, "titel: ") == {}
    e.close(uri)
    await e.until(lambda: not e.found[uri].diagnostics)
    again = e.open(PATH, BRIEF.replace("Scale AI", "Scale XI", 2))
    assert await e.problems(again) != []


def test_clients_that_end(tmp_path: Path) -> None:
    """The server and its build process end with the client, however that ends."""
    root = write_site(tmp_path / "site", f"=== {PATH}\n{BRIEF}")
    run(_ends, root)


async def _ends(root: Path) -> None:
    window = types.WindowClientCapabilities(work_done_progress=True)
    async with editor(root, window=window) as e:
        # A folder becomes a site while its document is open.
        late = root.parent / "late" / PATH
        late.parent.mkdir(parents=True)
        other = e.open("../late/" + PATH, BRIEF)
        assert await e.complete(other, "companies: [") == {}
        (root.parent / "late" / "site.yaml").write_text("title: [")
        e.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(other))
        )
        assert await e.problems(other) == []  # those of site.yaml hide the others
        e.close(other)
        # Two sites at once; huge texts; requests while a build runs, and a cancelled one.
        uri = e.open(PATH)
        await e.problems(uri)
        e.write(uri, BRIEF + "word " * 600_000)
        assert "follows" in await e.complete(uri, "\n")
        assert [one.code for one in await e.problems(uri)] == ["too-long"]
        e.write(uri, "---\n" + "a: [\n" * 30_000)
        position = types.Position(20_000, 2)
        await e.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), position)
        )
        assert [one.code for one in await e.problems(uri)] == ["front-matter-not-closed"]
        e.write(uri, BRIEF)
        request = e.client.text_document_references(
            types.ReferenceParams(types.ReferenceContext(True), **e.at(uri, "[Met"))
        )
        e.client.cancel_request(types.CancelParams(e.request_id(request)))
        with pytest.raises(JsonRpcException):
            await asyncio.wrap_future(request)
        assert await e.problems(uri) == []
        assert e.client._server and e.client._server.stdin
        children = _children(e.client._server.pid)
        assert len(children) == 2, "one for each site"
        for child in children:  # they are started again
            os.kill(child, 9)
        e.write(uri, BRIEF.replace("companies:", "companys:"))
        assert await e.problems(uri) != []
        children = _children(e.client._server.pid)
        e.client._server.stdin.close()  # as if the client had died
        assert await e.client._server.wait() == 1
        assert not [child for child in children if _is_running(child)]


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
