"""The form with which readers subscribe by e-mail, at the service that sends the messages."""

from __future__ import annotations

from builder.language.typography import typographic
from builder.model.mail import Subscribe
from builder.model.settings import Settings
from builder.pages.page import HiddenInput, SubscribeForm


def subscribe_form(settings: Settings) -> SubscribeForm | None:
    """Return the form that site.yaml describes, if any."""
    given = settings.subscribe
    if given is None:
        return None
    return SubscribeForm(
        action=given.action,
        field="" if given.sender == "ghost" else given.field or "email",
        hidden=_hidden(given),
        text=typographic(given.text, settings.language),
        confirmed=given.opt_in == "double",
    )


def _hidden(given: Subscribe) -> tuple[HiddenInput, ...]:
    if given.sender == "buttondown":
        return (HiddenInput("embed", "1"),)
    if given.sender == "listmonk":  # which refuses what fills `nonce`, as robots do
        return (HiddenInput("nonce", ""), HiddenInput("l", given.list))
    return tuple(HiddenInput(field.name, field.value) for field in given.hidden)
