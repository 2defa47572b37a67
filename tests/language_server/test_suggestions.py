"""Companies that a text names and `companies` does not list."""

from __future__ import annotations

import pytest

from builder.language_server.document import OpenDocument
from builder.language_server.index import Named, SiteIndex
from builder.language_server.suggestions import missing_companies
from builder.language_server.text import DocumentText

SITE = SiteIndex(
    companies=tuple(
        Named(name, slug, f"content/companies/{slug}.md", names)
        for name, slug, names in (
            ("Scale AI", "scale-ai", ("Scale",)), ("Meta", "meta", ("Facebook",)),
            ("Turing", "turing", ()), ("Handshake", "handshake", ()), ("xAI", "xai", ()),
            ("OpenAI", "openai", ()), ("Google", "google", ()), ("Oracle", "oracle", ()),
            ("Apple", "apple", ()), ("Google DeepMind", "google-deepmind", ()),
        )
    ),
    people=(Named("Alan Turing", "alan-turing", ""), Named("Ann Meta", "ann-meta", "")),
)  # fmt: skip


def found(text: str, listed: str = "[OpenAI]", more: str = "", site: SiteIndex = SITE) -> list[str]:
    whole = f"---\ntitle: A story\ndate: 2025-06-01\ncompanies: {listed}\n{more}---\n{text}\n"
    document = OpenDocument("file:///x", "content/briefs/x.md", DocumentText(whole), 1)
    document.read_own("en", "ascii")
    missing = list(missing_companies(document, site))
    assert all(whole[one.span.start : one.span.end] for one in missing)
    return [one.name for one in missing]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It was bought by Meta and Google.", ["Meta", "Google"]),
        ("Scale AI hires, and xAI's plans too.", ["Scale AI", "xAI"]),
        ("It left for Scale last week. Scale hires.", ["Scale AI"]),
        ("It left for Facebook last week.", ["Meta"]),
        ("Once bought by Google DeepMind, it grew.", ["Google DeepMind"]),
        ("OpenAI and Scale AI, then Scale AI again.", ["Scale AI"]),
    ],
)
def test_named_companies(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Meta is a prefix. Scale matters. **Handshake** agreements end.",
        "A handshake is all it took, a Handshake of sorts.",
        "The test by Alan Turing is not the Turing Award, nor Turing-complete.",
        "They spoke with Ann Meta and the Meta Llama team.",
        "See `Meta` and [it](https://example.com/Meta) and {{figure:Meta}} and [[Meta]].",
        "> Meta said so, and Google too.",
        "He said: “it is Google and Meta”.",
        "metaphors, Metaverse, scaled, Googles",
        "- Meta\n- Google\n\n## Oracle\n\nApple: it grew.",
        "OpenAI hires.",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_listed_and_other_languages() -> None:
    assert found("It was bought by Meta.", "[facebook]") == []
    assert found("Das Oracle und die Meta sind Scale AI.", more="lang: de\n") == ["Scale AI"]
    assert found("It was bought by Meta.", site=SiteIndex()) == []
    assert found("It was bought by Meta.", "[OpenAI") == []


def test_companies_in_a_text_without_spaces_are_missing() -> None:
    site = SITE._replace(companies=(*SITE.companies, Named("谷歌", "gu-ge", "")))
    assert found("据悉谷歌将离开Google，彼はMetaを見た。Metaphor", site=site) == [
        "谷歌",
        "Google",
        "Meta",
    ]
