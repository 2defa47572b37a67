"""site.yaml: how readers subscribe by e-mail, and what messages say of their sender."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Struct, field

from builder.model.values import Line, Text, Url
from builder.patterns import pattern

# The origin of an address, in the form that a Content-Security-Policy can list.
ORIGIN = pattern(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(?=/|$)")

FormHost = Literal["buttondown", "listmonk", "ghost", "form"]

# The fields of `Subscribe` that each host needs, and those that it may have. Other hosts lack them.
FORM_FIELDS: Mapping[FormHost, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "buttondown": (frozenset({"name"}), frozenset()),
        "listmonk": (frozenset({"url", "list"}), frozenset()),
        "ghost": (frozenset({"url"}), frozenset()),
        "form": (frozenset({"url"}), frozenset({"field", "hidden"})),
    }
)


class HiddenField(Struct, frozen=True, kw_only=True):
    """A field of a form that readers do not see, such as the number of a list."""

    name: Annotated[Line, "The name of the field."]
    value: Annotated[Line, "Its value."] = Line("")


class Subscribe(Struct, frozen=True, kw_only=True):
    """The form with which readers subscribe by e-mail, at the service that sends the messages."""

    sender: Annotated[
        FormHost,
        "The service: `buttondown`, `listmonk`, `ghost`, or `form` for the plain HTML form of"
        " another one.",
    ]
    name: Annotated[Line, "The name of the newsletter at Buttondown."] = Line("")
    url: Annotated[
        Url,
        "The address of your listmonk or Ghost, or with `form` the address to which the form is"
        " sent (its `action`).",
    ] = Url("")
    list: Annotated[Line, "The UUID of the list in listmonk."] = Line("")
    field: Annotated[
        Line, "The name of the form's field for the e-mail address (default: `email`)."
    ] = Line("")
    hidden: Annotated[
        tuple[HiddenField, ...],
        "Further fields that the form of another service needs: `[{name: list, value: 7}]`.",
    ] = ()
    text: Annotated[
        Text, "What readers get, and how often: `The week in AI, every Friday at noon.`"
    ] = Text("")
    opt_in: Annotated[
        Literal["double", "single"],
        "Whether the service first asks new readers to confirm their address (double).",
    ] = "double"

    @property
    def action(self) -> str:
        """The address that takes the form, or that has one."""
        if self.sender == "buttondown":
            return f"https://buttondown.com/api/emails/embed-subscribe/{self.name}"
        if self.sender == "listmonk":
            return f"{self.url.rstrip('/')}/subscription/form"
        # Ghost takes no plain form: its own page, in which a script runs, has one.
        return f"{self.url.rstrip('/')}/#/portal/signup" if self.sender == "ghost" else self.url

    @property
    def form_origin(self) -> str:
        """The origin that takes the form, if there is one."""
        found = None if self.sender == "ghost" else ORIGIN.match(self.action)
        return found[0] if found else ""


class MailSettings(Struct, frozen=True, kw_only=True):
    """What `slugline mail` needs besides the site. Keys and passwords are never here."""

    sender: Annotated[
        Line, "The sender of messages: `Ground Truth <news@groundtruth.example>`."
    ] = field(name="from", default=Line(""))
    reply_to: Annotated[Line, "The address that answers go to (default: the sender)."] = Line("")
    to: Annotated[
        Line, "The address of the mailing list to which `--send smtp` sends one message."
    ] = Line("")
    unsubscribe: Annotated[
        Line,
        "Where readers of a mailing list unsubscribe: an address on the web, or a `mailto:`"
        " address. Only for `--send smtp`; other senders have their own.",
    ] = Line("")
    listmonk: Annotated[Url, "The address of your listmonk: `https://lists.example`."] = Url("")
    lists: Annotated[tuple[int, ...], "The numbers of the lists in listmonk: `[3]`."] = ()
    template: Annotated[
        int | None,
        'The number of a template in listmonk that adds nothing but `{{ template "content" . }}`.',
    ] = None
