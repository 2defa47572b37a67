"""What fixes a diagnostic: each function yields names of fixes, and what they would write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import yaml

from builder.content.config import FILE
from builder.content.schema import certain_changes
from builder.editing.edit import EditError
from builder.editing.entries import EntryEditor
from builder.editing.fix import (
    changed_field,
    field_names,
    fix_body,
    list_fields,
    with_declared,
    with_id,
    with_keywords,
)
from builder.editing.fix_case import FixCase, FixContext
from builder.editing.fix_figures import draft_figure
from builder.editing.merge import distinct_changes
from builder.editing.new import CannotCreate, mint_id
from builder.editing.new_record import new_record
from builder.editing.repair import repairs
from builder.editing.transaction import Changes
from builder.model.brief import Brief

# The name of a fix, and the new bytes of the file, the path and bytes of a new one, or the old and
# new bytes of other files by path.
Made = tuple[str, bytes | tuple[str, bytes] | Changes]


# --- what `check --fix` does ---------------------------------------------------------------------


def _certain(case: FixCase) -> Iterator[Made]:
    """Yield the certain changes of the field at the place."""
    document, d = case.document, case.d
    if document is None or not document.fields:
        return
    for change in certain_changes(
        case.record, document, case.context.zone, case.context.declared.slugs
    ):
        if change.at not in (case.at, case.key):
            continue
        after = changed_field(d.path, case.data, change.at, change.name, change.value)
        name = change.at.rpartition(".")[2]
        if not change.name:
            yield f"Remove `{name}`", after
        elif change.value and change.name != name and not name.isdecimal():
            yield f"Write `{change.name}: {change.value}`", after
        elif change.value:
            yield f"Write `{change.value}`", after
        else:
            yield f"Rename `{name}` to `{change.name}`", after
    if case.record is Brief and case.key:
        ours = with_keywords(d.path, case.data, document)
        yield f"Move `{case.key}` to `topics`", ours
        ours = with_declared(d.path, case.data, document, case.context.declared)
        yield f"Rename `{case.key}`", ours


def _repaired(case: FixCase) -> Iterator[Made]:
    """Yield repairs of front matter that cannot be read."""
    if case.d.path == FILE or not case.problems:
        return
    names = list_fields(case.record), field_names(case.record)
    for title, text in repairs(case.d.path, case.mark + case.text, *names):
        yield title, text.encode("utf-8")


_LEVEL = re.compile(r"write `(#+ )`")


def _in_body(case: FixCase) -> Iterator[Made]:
    """Yield the fixes of marks in the text."""
    d = case.d
    if d.code in ("unread-markdown", "heading-level"):
        after = fix_body(d.path, case.data)
        if case.line not in case.lines(after)[d.line - 1 : d.line]:
            yield "Write the marks of Markdown", after
        bold = f"**{case.written.strip('=')}**"
        if d.hint.startswith(f"write `{bold}`"):
            yield f"Write `{bold}`", case.replaced(bold) or case.data
    if d.code == "heading-level" and (wanted := _LEVEL.match(d.hint)):
        text = re.sub(r"^#+\s*", "", case.written)
        yield f"Write `{wanted[1]}`", case.replaced(wanted[1] + text) or case.data


def _ids(case: FixCase) -> Iterator[Made]:
    """Yield a new id for a record without one, or with another's."""
    document = case.document
    if document is not None and case.d.code == "missing-id":
        yield "Give it an id", with_id(case.d.path, case.data, document)
    if case.d.code == "duplicate-id" and case.at == "id":
        yield "Give it an id of its own", case.replaced(mint_id(), case.at) or case.data


# --- what the hint suggests ----------------------------------------------------------------------

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_WRITE = re.compile(r"write (?:its path: )?((?:`[^`]+`(?:, or |, | or )?)+)")
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
# Codes whose hints name, after "write", what replaces the whole text at the place.
_REPLACED = (
    "ambiguous-id", "anonymous-confirmation", "broken-link", "claim-without-speaker",
    "claim-without-interest", "invalid-language", "invalid-link", "invalid-media", "invalid-period",
    "invalid-quantity", "invalid-redirect", "invalid-slug", "invalid-url", "lonely-topic",
    "merged-spellings", "resembling-unit", "resembling-person", "resembling-publisher",
    "derived-without-formula", "unclear-speaker", "expected-list",
)  # fmt: skip


# Codes whose messages name a brief and an id in it, written `brief#id`.
_IN_BRIEFS = ("unknown-claim", "unknown-expectation")


def _backticked(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def _suggested(case: FixCase) -> Iterator[Made]:
    """Yield what "did you mean" suggests, in place of what the message names."""
    match = _MEANT.search(case.d.hint)
    if match is None:
        return
    meant = match[1]
    if case.key and case.d.code in ("unknown-key", "unknown-warning"):
        after = case.edited(lambda editor: editor.rename(case.key, meant))
        yield f"Rename `{case.written}` to `{meant}`", after or case.data
        return
    words = _backticked(case.d.message)
    if case.d.code in _IN_BRIEFS and len(words) > 1:
        words = [f"#{words[-1]}"]  # the id, not the brief
    wrong = next((word for word in words if word in case.written), "")
    if wrong.startswith("#"):
        meant = f"#{meant}"
    yield f"Write `{meant}`", _instead(case, wrong, meant)


def _instead(case: FixCase, wrong: str, meant: str) -> bytes:
    """Return the bytes with a word at the place replaced, or all of its text."""
    if case.at and wrong and case.value() == wrong:
        return case.replaced(meant, case.at) or case.data
    if case.at and case.document and case.d.line < case.document.body_line and not wrong:
        return case.replaced(meant, case.at) or case.data
    new = case.written.replace(wrong, meant, 1) if wrong else meant
    if not wrong and case.written.startswith("/media/") and not meant.startswith("/"):
        new = f"/media/{meant}"
    return case.replaced(new) or case.data


def _to_write(case: FixCase) -> Iterator[Made]:
    """Yield what the hint says to write, one fix for each alternative."""
    d = case.d
    if d.code == "invalid-date":
        for text in _DATES.findall(d.hint) if "whichever" in d.hint else ():
            yield f"Write `{text}`", _instead(case, "", text)
    if d.code == "expected-boolean" and case.at:
        for text in ("true", "false"):
            yield f"Write `{text}`", case.replaced(text, case.at) or case.data
    if d.code == "invalid-url" and d.hint == "write it with https://":
        yield f"Write `https://{case.value()}`", _instead(case, "", f"https://{case.value()}")
    if d.code not in _REPLACED or (d.code == "invalid-media" and not d.hint.startswith("write")):
        return
    for text in [word for part in _WRITE.findall(d.hint) for word in _backticked(part)]:
        if not any(mark in text for mark in _STANDS_FOR_ANOTHER):
            yield f"Write `{text}`", _with_text(case, text)


_STANDS_FOR_ANOTHER = ("…", "/media/name.")


def _with_text(case: FixCase, text: str) -> bytes:
    """Return the bytes with a text, or an entry, in place of what is wrong."""
    d, at = case.d, case.at
    holder, _, name = at.rpartition(".")
    if d.code in ("resembling-unit", "merged-spellings", "resembling-person"):
        wrong = next((word for word in _backticked(d.message) if word in case.written), "")
        return _instead(case, wrong, text)
    entry = _entry(text) if d.code in _ENTRIES else text
    if isinstance(entry, str) or entry is None:
        return _instead(case, "", text)
    if d.code == "unclear-speaker" and name == "person":
        return case.edited(lambda editor: editor.rename(at, next(iter(entry)))) or case.data
    if d.code == "unclear-speaker":
        return case.edited(lambda editor: editor.set(at, entry)) or case.data
    key, value = next(iter(entry.items()))
    if d.code == "expected-list" and key == name:
        return case.edited(lambda editor: editor.set(at, value)) or case.data
    if d.code == "invalid-period":
        return changed_field(d.path, case.data, at, key, value)
    if d.code == "derived-without-formula":
        figure = holder if name == "basis" else at
        return case.edited(lambda editor: editor.set(f"{figure}.{key}", value)) or case.data
    return case.data


_ENTRIES = ("unclear-speaker", "expected-list", "invalid-period", "derived-without-formula")


def _entry(text: str) -> dict[str, str] | None:
    """Return the mapping that a text in a hint is, if it is one."""
    try:
        found = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError:
        return None
    return found if isinstance(found, dict) and found else None


# --- fields that are set or removed --------------------------------------------------------------


def _set_or_removed(case: FixCase) -> Iterator[Made]:
    """Yield fields to set, and entries to remove."""
    d, at = case.d, case.at
    holder, _, name = at.rpartition(".")
    if d.code == "figures-differ" and name == "value":
        after = case.edited(lambda editor: editor.set(f"{holder}.preferred", "true"))
        yield "Print this figure (`preferred: true`)", after or case.data
    if d.code == "no-page":
        after = case.edited(lambda editor: editor.set("listed", "true"))
        yield "Give it a page (`listed: true`)", after or case.data
    if d.code in ("no-page", "link-unpublished"):
        after = case.edited(lambda editor: editor.set("status", "draft"))
        yield "Make it a draft (`status: draft`)", after or case.data
    if d.code in ("allowed-in-vain", "empty-value", "original-of-another") and at:
        gone = f"{holder}.of" if d.code == "original-of-another" else at
        yield f"Remove `{gone.rpartition('.')[2]}`", _without(case, gone)
    if d.code == "original-of-another":
        after = case.edited(lambda editor: editor.set(f"{holder}.role", "relay"))
        yield "Make it a relay (`role: relay`)", after or case.data
    if d.code == "relay-of-nothing" and holder:
        yield from _relayed(case, holder)


def _without(case: FixCase, at: str) -> bytes:
    """Return the bytes without a field, a key or an item of a list."""
    holder, _, name = at.rpartition(".")

    def remove(editor: EntryEditor) -> None:
        if not holder:
            editor.drop(at)
        elif name.isdecimal():
            editor.remove(at)
        else:
            editor.unset(at)

    def remove_holder(editor: EntryEditor) -> None:
        editor.drop(holder)

    after = case.edited(remove)
    if after is None and holder and "." not in holder:  # its only key
        after = case.edited(remove_holder)
    return after or case.data


def _relayed(case: FixCase, source: str) -> Iterator[Made]:
    """Yield the sources that a source may relay, if there are few."""
    sources = case.document.fields.get("sources") if case.document else None
    if not isinstance(sources, list):
        return
    own = int(source.rpartition(".")[2]) if source.rpartition(".")[2].isdecimal() else -1
    ids = [
        str(other["id"])
        for n, other in enumerate(sources)
        if n != own and isinstance(other, dict) and isinstance(other.get("id"), str)
    ]
    for other in ids[:_FEW]:
        after = case.edited(lambda editor, of=other: editor.set(f"{source}.of", of))  # type: ignore[misc]
        yield f"It relays `{other}` (`of: {other}`)", after or case.data


_FEW = 4


def _characters(case: FixCase) -> Iterator[Made]:
    """Yield the removal of a character, and quotation marks around a cut value."""
    d, text = case.d, case.text
    if d.code in ("hidden-character", "control-character"):
        named = re.search(r"U\+([0-9A-F]{4,6})", d.message)
        wrong = chr(int(named[1], 16)) if named else ""
        at = text.find(wrong, case.start, max(case.end, case.start + 1)) if wrong else -1
        if at >= 0:
            new = case.mark + text[:at] + text[at + 1 :]
            yield "Remove the character", new.encode("utf-8")
    if d.code in ("yaml-comment", "yaml-comma") and case.document:
        places = case.document.places.items()
        here = [p for _, p in places if p.line == d.line and p.column < d.column]
        if here:
            start = case.start - (d.column - max(p.column for p in here))
            value = text[start : case.end].rstrip()
            quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
            new = case.mark + text[:start] + quoted + text[case.end :]
            yield "Quote the whole value", new.encode("utf-8")


# --- names that are alike ------------------------------------------------------------------------


def _apart(case: FixCase) -> Iterator[Made]:
    """Yield the entry of site.yaml that keeps two names apart."""
    names, root = _backticked(case.d.message)[:2], case.context.root
    if case.d.code in _ALIKE and len(names) == 2 and root is not None:
        with suppress(EditError, OSError):
            changes = distinct_changes(root, [(names[0], names[1])])
            yield f"Keep {names[0]} and {names[1]} apart", changes


_ALIKE = ("merged-spellings", "resembling-person", "resembling-publisher", "resembling-unit")


# --- records that are created --------------------------------------------------------------------


def _created(case: FixCase) -> Iterator[Made]:
    """Yield the record of a name that has none."""
    names = _backticked(case.d.message)
    if not names:
        return
    if case.d.code == "unknown-thread":
        title = names[0].replace("-", " ").capitalize()
        yield from _create("thread", title, names[0], case.context)
    # A name that only a text mentions has no page unless it is listed.
    in_text = case.document is not None and case.d.line >= case.document.body_line
    for kind in _CREATED.get(case.d.code, ()):
        if kind in case.d.message:
            for title, (path, data) in _create(kind, names[0], None, case.context):
                yield title, (path, data.replace(b"listed: false", b"listed: true ", in_text))


# The kinds of record that a name may need, of which the message names those that it can be.
_CREATED = {
    "unknown-company": ("company",),
    "unknown-name": ("company", "person", "topic"),
    "lonely-topic": ("topic",),
}


def _create(
    kind: str, name: str, slug: str | None, context: FixContext
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    with suppress(CannotCreate):
        found = new_record(kind, name, slug, context.now, context.declared.slugs)
        yield f"Create the {kind} {name}", (found.path, found.data)


# In the order in which an editor most probably wants them.
FIXERS: tuple[Callable[[FixCase], Iterator[Made]], ...] = (
    _certain,
    _suggested,
    _to_write,
    _ids,
    _set_or_removed,
    _characters,
    _repaired,
    _in_body,
    draft_figure,
    _created,
    _apart,
)
