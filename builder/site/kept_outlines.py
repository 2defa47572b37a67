"""The outlines of the briefs of a kept site, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from builder.model.outline import Outline


class KeptOutlines(Mapping[str, Outline]):
    """The outlines of briefs by slug; in a preview, one may have another slug than in its file."""

    def __init__(self, paths: Mapping[str, str], by_path: Mapping[str, Outline]) -> None:
        self.paths, self.by_path = paths, by_path

    def __getitem__(self, slug: str) -> Outline:
        found = self.by_path[self.paths[slug]]
        return found if found.slug == slug else replace(found, slug=slug)

    def __contains__(self, slug: object) -> bool:
        return slug in self.paths

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class SpokenOutlines(Mapping[str, Outline]):
    """The outlines of briefs, each with its language."""

    def __init__(self, outlines: Mapping[str, Outline], language: str) -> None:
        self.outlines, self.language = outlines, language
        self._known: dict[str, Outline] = {}

    def __getitem__(self, slug: str) -> Outline:
        found = self._known.get(slug)
        if found is None:
            found = self.outlines[slug]
            found = found if found.lang else replace(found, lang=self.language)
            self._known[slug] = found
        return found

    def __contains__(self, slug: object) -> bool:
        return slug in self.outlines

    def __iter__(self) -> Iterator[str]:
        return iter(self.outlines)

    def __len__(self) -> int:
        return len(self.outlines)
