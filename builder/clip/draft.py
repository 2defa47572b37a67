"""The text of a draft. All that comes from the page is in quoted scalars and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from builder.clip.amounts import Amount
from builder.clip.chain import Chain, ChainSource
from builder.clip.earlier import EarlierBrief
from builder.clip.facts import Facts
from builder.clip.lost_names import LostName
from builder.clip.plain import comment, excerpt, plain_line, quoted
from builder.clip.statements import FoundResponse, Quotation
from builder.editing.new import scalar

_WIDTH = 26  # columns before the comments of the first fields


class BriefDraft(NamedTuple):
    """What an editor gets of a page."""

    facts: Facts
    chain: Chain
    companies: tuple[str, ...]
    named_once: tuple[str, ...]  # companies that the page only mentions
    people: tuple[str, ...]
    topics: tuple[str, ...]
    lost: tuple[LostName, ...]
    amounts: tuple[Amount, ...]
    quotations: tuple[Quotation, ...]
    answers: tuple[FoundResponse, ...]
    earlier: tuple[EarlierBrief, ...]
    sections: tuple[str, ...]
    lang: str  # of the page, if it is not the site's
    kept: str  # the path of the file with the text


def draft_text(draft: BriefDraft, id: str, now: datetime) -> str:
    """Return the file of a draft."""
    return "\n".join(("---", *_lines(draft, id, now), "---", "", ""))


def _lines(draft: BriefDraft, id: str, now: datetime) -> Iterator[str]:
    yield _field("id", id, "never change it: feeds identify the brief by it")
    yield _field("title", "", "yours to write; theirs is in the source")
    yield _field("date", f"{now:%Y-%m-%d %H:%M}", "publication; a date in the future schedules it")
    yield _field("status", "draft", "remove this line to publish")
    yield _field("summary", "", "one sentence, for lists and feeds")
    yield _field("section", "", _one_of(draft.sections))
    yield f"topics: {_listed(draft.topics)}"
    yield from _earlier(draft.earlier)
    more = f"  {comment('also named: ' + ', '.join(draft.named_once))}" if draft.named_once else ""
    yield f"companies: {_listed(draft.companies)}{more}"
    yield f"people: {_listed(draft.people)}"
    yield "sources:"
    yield from (f"  {comment(note)}" for note in draft.facts.notes)
    for source in draft.chain.sources:
        yield from (f"  {comment(note)}" for note in source.comments)
        if source.is_page and draft.kept:
            yield f"  {comment(f'its text is in {draft.kept}')}"
        yield f"  - {_source_entry(source)}"
    for origin in draft.chain.others:
        yield f"  {comment(f'{origin.press.name} is named as well: {excerpt(origin.words)}')}"
    for lost in draft.lost:
        yield f"  {comment(f'lost name: {excerpt(lost.written)} stands for {lost.name.name}')}"
    yield from _stubs("figures", [(a.sentence, _amount(a, draft)) for a in draft.amounts])
    yield from _stubs("quotes", [("", _quotation(q, draft)) for q in draft.quotations])
    yield from _stubs("responses", [(a.sentence, _answer(a, draft)) for a in draft.answers])
    yield _field("why", "", "why it matters, in one or two sentences")


def _field(name: str, value: str, note: str) -> str:
    return f"{f'{name}: {value}'.rstrip():<{_WIDTH}} {comment(note)}".rstrip(" #")


def _one_of(sections: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(sections[:-1]), *sections[-1:])))


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(map(scalar, names))}]"


def _earlier(earlier: Sequence[EarlierBrief]) -> Iterator[str]:
    thread = next((one.thread for one in earlier if one.thread), "")
    if thread:
        yield f"#thread: {thread}"
    if earlier:
        yield "#follows:"
        yield from (f"#  - {one.slug}  {comment(one.reason)}" for one in earlier)


def source_values(source: ChainSource) -> dict[str, str | list[str]]:
    """Return the fields of a source."""
    values: dict[str, str | list[str]] = {
        "id": source.id,
        "publisher": plain_line(source.press.name, 100),
        "title": plain_line(source.title),
        "url": source.url,
        "lang": source.lang,
        "published": source.published,
        "role": source.role,
        "of": source.of,
        "via": plain_line(source.via, 100),
        "author": [plain_line(name, 80) for name in source.author],
    }
    return {key: value for key, value in values.items() if value}


def _source_entry(source: ChainSource) -> str:
    """Return a source as a mapping on one line; what comes from the page is quoted."""
    own = {"id", "lang", "published", "role", "of"}
    own |= {"publisher"} if source.press.registered else set()
    parts = []
    for key, value in source_values(source).items():
        if isinstance(value, list):
            parts.append(f"{key}: [{', '.join(quoted(one, 80) for one in value)}]")
        else:
            parts.append(f"{key}: {scalar(value) if key in own else quoted(value, 2000)}")
    return f"{{{', '.join(parts)}}}"


# --- stubs -------------------------------------------------------------------------------------


def _stubs(field: str, stubs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield entries as comments, each below its sentence: remove the first # of what is used."""
    if not stubs:
        return
    yield f"#{field}:"
    last = ""
    for sentence, entry in stubs:
        if sentence and sentence != last:
            yield f"#  {comment(excerpt(sentence))}"
        last = sentence
        yield f"#  - {entry}"


def _amount(amount: Amount, draft: BriefDraft) -> str:
    of = f"of: {scalar(amount.of)}" if amount.of else "of:"
    metric, source = scalar(amount.metric) if amount.metric else "", _source(amount.sentence, draft)
    return f"{{{of}, metric: {metric}, value: {amount.value}, source: {source}}}"


def _quotation(quotation: Quotation, draft: BriefDraft) -> str:
    by = quotation.by
    name = (scalar(by) if quotation.is_registered else quoted(by, 80)) if by else ""
    parts = [f"by: {name}", f"text: {quoted(quotation.text, 400)}"]
    if quotation.of:
        parts.insert(1, f"of: {scalar(quotation.of)}")
    if draft.lang:
        parts.append(f"lang: {draft.lang}")
    parts.append(f"source: {draft.chain.page.id}")  # whose words these are
    return f"{{{', '.join(parts)}}}"


def _answer(answer: FoundResponse, draft: BriefDraft) -> str:
    sender = scalar(answer.sender) if answer.sender else ""
    source = _source(answer.sentence, draft)
    return f"{{from: {sender}, stance: {answer.stance}, source: {source}}}"


def _source(sentence: str, draft: BriefDraft) -> str:
    """Return the id of the source of a sentence: the one that it names, else the page."""
    return draft.chain.named_in.get(sentence, draft.chain.page.id)
