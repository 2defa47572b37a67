"""The foot of a brief: where it is discussed, how to answer it, how to cite it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.model.brief import Brief
from builder.pages.page import Link
from builder.pages.parts.cite import Citation, citation_of
from builder.pages.parts.corrections import CorrectionLine
from builder.pages.parts.feedback import FeedbackLinks, discussion_links, with_feedback
from builder.pages.parts.figures import FigureLine
from builder.pages.parts.reactions import ReactionLines, reaction_lines
from builder.pages.planner import Planner


class BriefFoot(Struct, frozen=True):
    """The foot of a brief: discussions, addresses to answer at, a reference."""

    cite: Annotated[Citation, "How to cite it."]
    feedback: Annotated[
        FeedbackLinks | None, "Where readers report errors and reply, if site.yaml says so."
    ]
    discussion: Annotated[tuple[Link, ...], "Where it is discussed."]
    reactions: Annotated[ReactionLines, "What readers elsewhere say about it."]


class Answerable(NamedTuple):
    """The foot of a brief, and its figures and corrections with addresses to report errors."""

    foot: BriefFoot
    figures: tuple[FigureLine, ...]
    corrections: tuple[CorrectionLine, ...]


def foot_of(
    plan: Planner,
    brief: Brief,
    figures: tuple[FigureLine, ...],
    corrections: tuple[CorrectionLine, ...],
) -> Answerable:
    """Return the foot of a linked brief."""
    answered = with_feedback(plan, brief, figures, corrections)
    authors = tuple((a.name, a.kind == "organization") for a in plan.authors(brief))
    short, lang = plan.settings.short_addresses, brief.lang or plan.language
    foot = BriefFoot(
        cite=citation_of(plan.info, brief, authors, short, plan.view.words(lang)),
        feedback=answered.links,
        discussion=discussion_links(brief.discussion),
        reactions=reaction_lines(plan, brief.slug),
    )
    return Answerable(foot, answered.figures, answered.corrections)
