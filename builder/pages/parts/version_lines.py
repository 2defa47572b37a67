"""What changed between two versions of a brief, as readers see it: words inserted and removed.

References are replaced by what they are called now, so that only a change of words is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal, cast, get_args

from msgspec import Struct

from builder.diagnostics.misread import Misread
from builder.language.capitals import with_capital
from builder.language.dates import in_words
from builder.language.quantities import print_quantity
from builder.language.typography import quotation_marks, typographic
from builder.language.words import Words
from builder.ledger.versions import PartChange, Run, runs
from builder.model.body import ReferenceKind
from builder.model.relation import RelationType
from builder.model.source import SourceRole
from builder.model.statement import ClaimStatus
from builder.model.time import Moment, Precision
from builder.model.version import Part, PartKind
from builder.pages.bodies import another_record
from builder.pages.parts.expectations import OUTCOMES
from builder.pages.parts.figure_charts import BASES
from builder.pages.parts.relation_wording import WORDINGS
from builder.pages.parts.statements import unnamed_in_words
from builder.pages.planner import Planner
from builder.quantity.parse import parse_quantity
from builder.site.references import normal

_LONG = 4000  # characters of a text that is shown whole
_NEAR = 110  # characters beside a change that are shown of a longer run that stayed
_REFERENCE = re.compile(r"\[\[([a-z]+):([^\[\]]{1,400})\]\]")
_KINDS = frozenset(get_args(ReferenceKind))
# What a file may contain and a page must not: control characters and those that reverse a text.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_PRECISIONS: tuple[Precision, ...] = ("year", "month", "day")


class HistoryRun(Struct, frozen=True, array_like=True):
    """Words that stayed, were inserted or were removed."""

    kind: Annotated[Literal["same", "ins", "del"], "same, ins (inserted) or del (removed)."]
    text: Annotated[str, "The words; an ellipsis stands for others that stayed."]


class HistoryChange(Struct, frozen=True, kw_only=True):
    """A part of a brief that changed."""

    kind: Annotated[
        PartKind,
        "title, summary, why, text (a paragraph), yes_but, whats_next, expectation, outcome, claim,"
        " figure, quote, response, relation, event, source, picture, about (the dates and authors"
        " of the brief) or withdrawn.",
    ]
    number: Annotated[int, "Its number among the parts of its kind, from 1."]
    runs: Annotated[tuple[HistoryRun, ...], "Its text before and after."]
    about: Annotated[
        tuple[tuple[HistoryRun, ...], ...],
        "What belongs to a statement besides its text, such as its speaker and source.",
    ]


class VersionText:
    """Prints parts of the versions of a brief in its language."""

    def __init__(self, plan: Planner, path: str, lang: str) -> None:
        self.plan, self.path, self.lang = plan, path, lang

    @property
    def words(self) -> Words:
        return self.plan.words_in(self.lang)

    def change(self, change: PartChange) -> HistoryChange:
        """Return a change with its words."""
        before, after = change.before, change.after
        told = self._fields(before), self._fields(after)
        names = [*dict.fromkeys((*told[0], *told[1]))]
        # What belongs to it is shown only if some of it changed, or the statement is new or gone.
        shown = names if told[0] != told[1] else []
        return HistoryChange(
            kind=change.kind,
            number=change.number,
            runs=(*_runs(self.text(before), self.text(after)),),
            about=tuple((*_whole(told[0].get(name, ""), told[1].get(name, "")),) for name in shown),
        )

    def text(self, part: Part | None) -> str:
        """Return the text of a part as a page prints it."""
        if part is None:
            return ""
        text = self.plain(part.text)
        if part.kind == "figure":
            return with_capital(text, self.lang)
        if part.kind == "quote" and text:
            marks = quotation_marks(self.lang.partition("-")[0])
            return f"{marks[0]}{text}{marks[1]}"
        if part.kind == "response":
            about = dict(part.about)
            said = answer_in_words(self.words, *(self.plain(about.get(n, "")) for n in _ANSWER))
            return f"{said}: {text}" if text else said
        return text

    def plain(self, text: str) -> str:
        """Return a text with its references in words, and typographic marks."""
        text = _REFERENCE.sub(self._referent, _CONTROL.sub("", text[:_LONG]))
        return typographic(text, self.lang)

    def _referent(self, match: re.Match[str]) -> str:
        kind, target = match[1], match[2]
        if kind not in _KINDS or kind in ("media", "picture"):
            return "" if kind in _KINDS else match[0]
        if kind == "figure":
            return self._quantity(target)
        if kind == "file":
            target = normal(f"{PurePosixPath(self.path).parent}/{target}")
        if kind == "brief":
            target = target.partition("#")[0]  # of an expectation
        found = self.plan.view.reference(cast(ReferenceKind, kind), target)
        named = kind in ("name", "company", "person", "topic")
        if found.name or (named and found.state != "unpublished"):
            return found.name or target
        # A record without a page, and without a name of its own, is called as in texts of today.
        return another_record(kind, self.words)

    def _quantity(self, written: str) -> str:
        try:
            return print_quantity(parse_quantity(written), self.lang)
        except (Misread, ValueError, ArithmeticError):
            return written

    def _fields(self, part: Part | None) -> dict[str, str]:
        """Return what belongs to a statement besides its text, each in words."""
        if part is None:
            return {}
        about = dict(part.about)
        if part.kind == "response":
            about = {name: text for name, text in about.items() if name not in _ANSWER}
        number, described = about.pop("anonymous", ""), about.get("described_as", "")
        if number or (described and not about.get("by")):
            several = int(number) if number.isascii() and number.isdigit() else 0
            several = min(several, _MOST_PEOPLE)
            about["described_as"] = unnamed_in_words(self.words, several, described).words
        found = {name: self._field(part.kind, name, text) for name, text in about.items()}
        return {name: text for name, text in found.items() if text}

    def _field(self, kind: PartKind, name: str, text: str) -> str:
        text = text[:_LONG]
        if name == "status":
            return self.words.term("claim", text) if text in _CLAIMS else ""
        if name == "outcome":
            return self.words.term("outcome", _OUTCOMES[text]) if text in _OUTCOMES else ""
        if name == "basis":
            return self.words.term("basis", _BASIS[text]) if text in _BASIS else ""
        if name == "value":
            return self._quantity(text)
        if kind == "relation" and name == "type":
            known = WORDINGS.get(cast(RelationType, text))
            return self.words.key(known.name) if known else ""
        if kind == "source" and name == "role":
            return self.words.term("role", text) if text in _ROLES else ""
        if name in _UNPRINTED:
            return ""
        if match := _DATE.fullmatch(text):
            return self._date(match) or text
        return self.plain(text)

    def _date(self, match: re.Match[str]) -> str:
        numbers = [int(part) for part in match.groups() if part]
        try:
            at = datetime(*(*numbers, 1, 1)[:3])  # type: ignore[arg-type]
        except ValueError:
            return ""
        return in_words(Moment(at, _PRECISIONS[len(numbers) - 1]), self.lang)


_BASIS: Mapping[str, str] = {str(basis): name for basis, name in BASES}
_OUTCOMES: Mapping[str, str] = {str(outcome): name for outcome, name in OUTCOMES.items()}
_CLAIMS = frozenset(get_args(ClaimStatus))
_ROLES = frozenset(get_args(SourceRole))
_UNPRINTED = frozenset({"planned", "held", "made", "translated"})  # keys, which have no words here
_MOST_PEOPLE = 10_000
_ANSWER = ("by", "stance", "to")  # what a response says in its own sentence


def answer_in_words(words: Words, name: str, stance: str, about: str) -> str:
    """Return how somebody responded, as a page says it."""
    if stance == "statement":
        if about:
            return words("{name} issued a statement on {about}", name=name, about=about)
        return words("{name} issued a statement", name=name)
    if stance == "declined":
        if about:
            return words("{name} declined to comment on {about}", name=name, about=about)
        return words("{name} declined to comment", name=name)
    if stance == "no reply":
        if about:
            return words(
                "{name} did not respond to a request for comment on {about}", name=name, about=about
            )
        return words("{name} did not respond to a request for comment", name=name)
    if stance == "denied":
        if about:
            return words("{name} denied {about}", name=name, about=about)
        return words("{name} denied it", name=name)
    if about:
        return words("{name} confirmed {about}", name=name, about=about)
    return words("{name} confirmed it", name=name)


# --- runs ----------------------------------------------------------------------------------------


def _whole(before: str, after: str) -> Iterator[HistoryRun]:
    """Yield a text that is replaced as a whole."""
    if before == after:
        yield HistoryRun("same", after)
        return
    if before:
        yield HistoryRun("del", before)
    if before and after:
        yield HistoryRun("same", " ")
    if after:
        yield HistoryRun("ins", after)


def _runs(before: str, after: str) -> Iterator[HistoryRun]:
    """Yield what stayed, was removed and inserted; long runs that stayed are shortened."""
    found: list[Run] = runs(before, after) if before and after else []
    if not any(run.kind == "same" and run.text.strip() for run in found):
        yield from _whole(before, after)
        return
    for n, run in enumerate(found):
        if run.kind == "same":
            yield HistoryRun("same", _shortened(run.text, n > 0, n + 1 < len(found)))
            continue
        if run.kind == "ins" and n and found[n - 1].kind == "del":
            yield HistoryRun("same", " ")
        yield from _with_spaces(run)


def _with_spaces(run: Run) -> Iterator[HistoryRun]:
    """Yield words that changed, without marking the spaces at either end."""
    text = run.text.strip()
    start = run.text.index(text) if text else len(run.text)
    if start:
        yield HistoryRun("same", " ")
    if text:
        yield HistoryRun(run.kind, text)
    if start + len(text) < len(run.text):
        yield HistoryRun("same", " ")


def _shortened(text: str, head: bool, tail: bool) -> str:
    """Return the beginning and the end of a long text, as far as they are wanted."""
    if len(text) <= 2 * _NEAR + 40:
        return text
    begin = text[: _space(text, _NEAR)] if head else ""
    end = text[_space(text, len(text) - _NEAR) :] if tail else ""
    if not head and not tail:
        return text
    return f"{begin}{' ' * bool(begin)}…{end}"


def _space(text: str, at: int) -> int:
    """Return the nearest place between two words, near an index."""
    before, after = text.rfind(" ", max(0, at - 30), at), text.find(" ", at, at + 30)
    return before if before >= 0 else after if after >= 0 else at
