"""The terms that the interface says for fixed values: roles, bases, statuses, states.

A value is a message whose context is its kind, so a context of a page has the value, which code can
compare, and a template prints the term in the language of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from builder.language.catalog import message_key

# By kind, with what a translator needs to know. Values are as contexts have them.
TERMS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType({
    "basis": (
        "On what a figure is based; in lists and tables, after its date.",
        ("actual", "reported", "planned", "estimate", "forecast", "calculated"),
    ),
    "figure": (
        "The state of a figure that others contradict, after its value.",
        ("disputed", "not preferred"),
    ),
    "claim": (
        "The status of a claim, as a label before it.",
        ("confirmed", "reported", "claimed", "disputed", "denied", "forecast", "opinion"),
    ),
    "correction": (
        "The kind of a correction, as a label; at the beginning of a line with a capital.",
        (
            "factual error", "misattribution", "translation error", "misspelling", "omission",
            "clarification", "withdrawn",
        ),
    ),
    "role": (
        "The part of a publisher in how a report spread; at the beginning of a line, capital.",
        (
            "original report", "relay", "syndicated copy", "translation", "machine translation",
            "statement", "filing", "opinion",
        ),
    ),
    "company": (
        "The kind of a company, as the value of the label Kind; with a capital there.",
        (
            "lab", "vendor", "investor", "chip maker", "cloud", "platform", "application",
            "conglomerate", "research", "regulator", "other",
        ),
    ),
    "publisher": (
        "The kind of a publisher, as the value of the label Kind; with a capital there.",
        (
            "news agency", "newspaper", "magazine", "trade press", "broadcaster", "aggregator",
            "company", "regulator", "newsletter", "other",
        ),
    ),
    "outcome": (
        "What came of something that was expected, as a label before its date.",
        ("happened", "happened late", "happened in part", "did not happen", "no longer applies"),
    ),
    "step": (
        "What a publisher did with a report that it passed on, in brackets after its name.",
        (
            "syndicated", "translation", "machine translation", "statement", "filing", "opinion",
        ),
    ),
})  # fmt: skip


def term_key(kind: str, value: str) -> str:
    """Return the key of the message for a value."""
    return message_key(value, kind)


def term_keys(kind: str) -> tuple[str, ...]:
    """Return the keys of all messages of a kind."""
    return tuple(term_key(kind, value) for value in TERMS[kind][1])


def all_terms() -> Iterator[tuple[str, str]]:
    """Yield the key of each term, and its comment for translators."""
    for kind, (comment, values) in TERMS.items():
        for value in values:
            yield term_key(kind, value), comment
