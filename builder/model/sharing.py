"""site.yaml and front matter: where readers answer, discuss and share."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Struct

from builder.model.values import FeedbackAddress, Line, Url


class Feedback(Struct, frozen=True, kw_only=True):
    """Where readers report errors and reply: an e-mail address, or the address of a form.

    One that is only text is for both."""

    from_text: ClassVar[tuple[str, ...]] = ("error",)

    error: Annotated[
        FeedbackAddress,
        "Where readers report an error in a brief, a figure or a correction: an e-mail address, or"
        " the address of a form, in which `{id}`, `{title}`, `{anchor}`, `{about}` and `{url}`"
        " stand for the brief and the part of it.",
    ]
    reply: Annotated[FeedbackAddress, "Where readers reply to a brief (default: as `error`)."] = (
        FeedbackAddress("")
    )


class Discussion(Struct, frozen=True, kw_only=True):
    """A place where a brief is discussed. One that is only text is its address."""

    from_text: ClassVar[tuple[str, ...]] = ("url",)

    url: Annotated[Url, "The address of the post or the thread."]
    name: Annotated[Line, "The name of the place (default: from the address)."] = Line("")
