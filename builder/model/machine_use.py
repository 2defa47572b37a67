"""site.yaml: what programs may do with the site, and what it gives them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

Answer = Literal["yes", "no"]
# The formats in which the whole record is published.
RecordFormat = Literal["json", "sqlite"]


class AiUse(Struct, frozen=True, kw_only=True):
    """Whether programs may use the texts, as robots.txt says it (contentsignals.org).

    What is left out is neither allowed nor forbidden."""

    search: Annotated[
        Answer | None,
        "Search engines: an index with links and short excerpts, without AI summaries.",
    ] = None
    input: Annotated[
        Answer | None, "Answers of AI systems that look texts up at the time of the question."
    ] = None
    train: Annotated[Answer | None, "The training and fine-tuning of AI models."] = None
    mining: Annotated[
        Literal["reserved"] | None,
        "`reserved` reserves the rights to text and data mining, as EU law lets publishers do (TDM"
        " Reservation Protocol).",
    ] = None

    @property
    def signals(self) -> tuple[tuple[str, Answer], ...]:
        """The signals of robots.txt that have a value."""
        found = (("search", self.search), ("ai-input", self.input), ("ai-train", self.train))
        return tuple((name, answer) for name, answer in found if answer)


SAYS_NOTHING = AiUse()
