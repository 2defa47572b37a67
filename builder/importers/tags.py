"""Decides which words of an archive are companies, people, topics, sections or authors.

Tags are not companies. Names that the site knows are what the site says; others are proposed from
how the posts use them, and somebody decides once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from builder.importers.bad_archive import BadArchive
from builder.importers.import_record import NameDecision
from builder.importers.notes import ImportNotes
from builder.importers.post import ImportedPost
from builder.importers.present_site import PresentSite
from builder.names.candidates import pairs
from builder.names.keys import exact_slug, name_key, slugify
from builder.names.register import DistinctNames
from builder.names.similarity import CERTAIN
from builder.pages.kinds import RESERVED

TARGETS = ("names", "topics", "sections", "companies", "people", "authors", "none")
_NOTHING = frozenset(("uncategorized", "uncategorised", "post", "posts", "all", "untagged", "blog"))
_MOST_SECTIONS = 12  # that a menu has room for
_LOOKED_AT = 5  # posts of each tag in which its use is looked up
_FORMS = r"(?:Inc|Corp|Corporation|Ltd|LLC|PLC|plc|GmbH|AG|SE|NV|N\.V|S\.A|SA|B\.V|BV|Co)\b\.?"
_ACTS = (
    r"(?:acquire[sd]?|announce[sd]?|launche[sd]|unveil(?:s|ed)|raise[sd]|hire[sd]|employ[s]|release[sd]"
    r"|shares|stock|staff|employees|investors|spokes\w+|CEO|CTO|CFO|co-?founder|founder|shareholders)"
)
_OFFICES = (
    r"(?:CEO|CTO|CFO|chief executive|founder|co-?founder|president|professor|director|analyst|head"
    r"|author|senator|minister)"
)
_TITLES = r"(?:Mr|Mrs|Ms|Dr|Prof|CEO|President|Senator|Professor|Sir)"
_SAYS = r"(?:says|said|told|wrote|argues|argued|tweeted|joins|joined|resigns|resigned|leaves|steps)"


def read_mapping(text: str, default: Mapping[str, str]) -> dict[str, str]:
    """Return what each taxonomy becomes: `tags=topics,categories=sections`.

    Raises BadArchive for a target that does not exist."""
    mapping = dict(default)
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        taxonomy, equals, target = (piece.strip() for piece in part.partition("="))
        if not equals or target not in TARGETS:
            hint = f"write it as tags=topics; the targets are {', '.join(TARGETS)}"
            raise BadArchive(f"--map: `{part}` is not a rule: {hint}")
        mapping[taxonomy] = target
    return mapping


class NameProposal(NamedTuple):
    """A tag that may be the name of a company or a person, and why."""

    name: str
    kind: NameDecision
    reason: str
    posts: int


class PostNames(NamedTuple):
    """What the words of one post became, as printed names."""

    section: str = ""
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class TagTable:
    """The words of all posts, and what each becomes."""

    def __init__(
        self,
        posts: Sequence[ImportedPost],
        mapping: Mapping[str, str],
        site: PresentSite,
        decided: Mapping[str, NameDecision],
        notes: ImportNotes,
    ) -> None:
        self.mapping, self.site, self.notes = dict(mapping), site, notes
        self.decided: dict[str, NameDecision] = dict(decided)
        if self.mapping.get("folder") == "sections" and _have(posts, "categories", self.mapping):
            self.mapping["folder"] = "none"
        self.counts: Counter[str] = Counter()
        self.users: dict[str, list[ImportedPost]] = {}
        categories: Counter[str] = Counter()
        for post in posts:
            for taxonomy, words in post.terms.items():
                target = self.mapping.get(taxonomy, "none")
                for word in words:
                    if name_key(word) in _NOTHING or not exact_slug(word):
                        if taxonomy != "folder":
                            notes.add("no-term", post.place, word)
                    elif target == "sections":
                        categories[word] += 1
                    elif target in ("names", "topics", "companies", "people"):
                        self.counts[word] += 1
                        self.users.setdefault(word, []).append(post)
        self.sections = _sections(categories, site)
        for word in categories:
            if word not in self.sections:
                self.counts[word] += categories[word]
                self.users.setdefault(word, [])
        self.spellings = self._merged()

    def _merged(self) -> dict[str, str]:
        """Map each word to the spelling that is kept; certain duplicates become one."""
        distinct = DistinctNames(self.site.config.settings.distinct)
        words = sorted(self.counts, key=lambda w: (-self.counts[w], w))
        kept: dict[str, str] = {}
        keys: dict[str, str] = {}
        for word in words:
            first = keys.setdefault(distinct.key(word), word)
            kept[word] = first
            if first != word:
                self.notes.add("merged-names", first, f"{word} became {first}")
        left = [word for word in words if kept[word] == word]
        for pair in pairs("topics", left):
            one, other = left[pair.one], left[pair.other]
            if distinct.differ((one,), (other,)):
                continue
            if pair.likeness.confidence < CERTAIN:
                self.notes.add("near-names", f"{one} and {other}", pair.likeness.reason)
                continue
            better, worse = sorted((kept[one], kept[other]), key=lambda w: (-self.counts[w], w))
            if better != worse:
                self.notes.add("merged-names", better, f"{worse} became {better}")
                kept = {w: better if k == worse else k for w, k in kept.items()}
        return kept

    def proposals(self) -> list[NameProposal]:
        """Return tags that may be companies or people, yet undecided."""
        found = []
        for word in dict.fromkeys(self.spellings.values()):
            if self._known(word) or name_key(word) in self.decided:
                continue
            if "names" not in {self.mapping.get(t) for p in self.users[word] for t in p.terms}:
                continue
            users = [p for w, kept in self.spellings.items() if kept == word for p in self.users[w]]
            kind, reason = _guess(word, users[:_LOOKED_AT])
            if kind != "topics":
                found.append(NameProposal(word, kind, reason, len(users)))
        return sorted(found, key=lambda p: (p.kind, -p.posts, p.name))

    def decide(self, proposals: Iterable[NameProposal], accepted: bool) -> None:
        """Record what was decided on proposals."""
        for proposal in proposals:
            self.decided[name_key(proposal.name)] = proposal.kind if accepted else "topics"

    def _known(self, word: str) -> tuple[NameDecision, str] | None:
        """Return what the site says of a name: its kind and its printed form."""
        kinds: tuple[NameDecision, ...] = ("companies", "people", "topics")
        for kind in kinds:
            slug = self.site.names[kind].resolve(word)
            if slug and (kind, slug) in self.site.printed:
                return kind, self.site.printed[kind, slug][0]
        return None

    def kind_of(self, word: str) -> tuple[NameDecision, str]:
        """Return the kind of a word, and its printed form."""
        name = self.spellings.get(word, word)
        return self._known(name) or (self.decided.get(name_key(name), "topics"), name)

    def of(self, post: ImportedPost) -> PostNames:
        """Return what the words of a post become."""
        section = ""
        found: dict[NameDecision, list[str]] = {"topics": [], "companies": [], "people": []}
        for taxonomy, words in post.terms.items():
            target = self.mapping.get(taxonomy, "none")
            for word in words:
                if (
                    name_key(word) in _NOTHING
                    or not exact_slug(word)
                    or target in ("none", "authors")
                ):
                    continue
                if word in self.sections and target == "sections":
                    if not section:
                        section = self.sections[word]
                        continue
                    self.notes.add("extra-section", post.place, word)
                kind, name = self.kind_of(word)
                if target in found:
                    kind = target
                found[kind].append(name)
        lists = {kind: tuple(dict.fromkeys(names)) for kind, names in found.items()}
        return PostNames(section, lists["topics"], lists["companies"], lists["people"])


def _have(posts: Sequence[ImportedPost], taxonomy: str, mapping: Mapping[str, str]) -> bool:
    return mapping.get(taxonomy) == "sections" and any(p.terms.get(taxonomy) for p in posts)


def _sections(categories: Counter[str], site: PresentSite) -> dict[str, str]:
    """Map each category that becomes a section to the section's slug.

    They are those that site.yaml has, and the most used others, as many as a menu has room for."""
    declared = {name_key(s.name): str(s.slug) for s in site.config.settings.sections}
    declared |= {name_key(s.slug): str(s.slug) for s in site.config.settings.sections}
    found = {word: declared[name_key(word)] for word in categories if name_key(word) in declared}
    room = max(0, _MOST_SECTIONS - len(site.config.settings.sections))
    taken: dict[str, str] = {}
    for word, _ in sorted(categories.items(), key=lambda item: (-item[1], item[0])):
        key = name_key(word)
        if word in found or not slugify(word):
            continue
        if key in taken:
            found[word] = taken[key]
        elif len(taken) < room:
            found[word] = taken[key] = free_section(site.slug(word))
    return found


def free_section(slug: str) -> str:
    """Return a slug that no other kind of page reserves."""
    return f"{slug[:90].strip('-')}-news" if f"/{slug}/" in RESERVED else slug[:100].strip("-")


def _guess(word: str, posts: Sequence[ImportedPost]) -> tuple[NameDecision, str]:
    """Return what a tag probably is, and why, from its form and from texts that have it."""
    if re.search(rf"[\s,]{_FORMS}$", word):
        return "companies", "its legal form"
    if not re.match(r"[A-Z0-9]", word) or (word.isupper() and len(word) < 3):
        return "topics", ""
    name = re.escape(word)
    company = re.compile(
        rf"\b{name}(?:'s|’s)?,? (?:{_FORMS}|{_ACTS})|\b{_OFFICES} (?:of|at) {name}\b"
    )
    person = re.compile(
        rf"\b{_TITLES}\.? {name}\b|\b{name},? (?:{_SAYS}\b|(?:the |a )?{_OFFICES}\b)"
    )
    texts = [re.sub(r"<[^<>]*>|[*_\[\]]", "", post.body[:200_000]) for post in posts]
    parts = word.split()
    full = 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts)
    if full and any(match := person.search(text) for text in texts):
        return "people", f"“{match[0]}”" if match else ""
    for text in texts:
        if found := company.search(text):
            return "companies", f"“{found[0]}”"
    return "topics", ""
