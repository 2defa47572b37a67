"""The services that send messages, and the requests that they take."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import quote, urlencode

from builder.content.mail_fields import mail_address
from builder.content.urls import host_of
from builder.diagnostics.report import printable
from builder.fetch.client import Client, FetchedPage, user_agent
from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners
from builder.fetch.problem import FetchError
from builder.mail.message import Message
from builder.mail.payloads import buttondown, listmonk
from builder.mail.problem import MailError, UnknownOutcome
from builder.model.mail import MailSettings

BUTTONDOWN = "https://api.buttondown.com/v1"
# A listmonk is often on the editor's own network. Keys go to the named address alone, since no
# redirect of a request that has a body is followed.
WIRE, MANNERS = Wire(private=True), Manners(delay=0.0, tries=2)
_REACHED = ("timeout", "network", "invalid", "size")  # the request may have been carried out
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PAGES = 40  # of messages, in which an edition is looked for
_LONGEST = 300  # characters of what a service says


class Remote(NamedTuple):
    """A message at a service."""

    id: str
    state: Literal["draft", "sent"]  # `sent` also if it is on its way


class DraftService(Protocol):
    """A service that keeps a draft before it sends it."""

    name: str

    def find(self, key: str) -> Remote | None:
        """Return the message with a key, if the service has it."""

    def create(self, message: Message, key: str) -> Remote:
        """Create a draft."""

    def update(self, number: str, message: Message, key: str) -> None:
        """Replace what is in a draft."""

    def test(self, number: str, message: Message, key: str, address: str) -> None:
        """Send a draft to one address."""

    def send(self, number: str) -> None:
        """Send a draft to all readers."""

    @property
    def readers(self) -> str:
        """Return to whom it sends, in words."""


class _Api:
    """Requests to one service, with its key."""

    def __init__(self, name: str, base: str, headers: Mapping[str, str], keys: str) -> None:
        self.name, self.base, self.keys = name, base, keys
        self.headers = {"Accept": "application/json", **headers}
        self.client = Client(user_agent(), manners=MANNERS, wire=WIRE)

    def get(self, path: str) -> Any:
        try:
            page = self.client.get(f"{self.base}{path}", self.headers)
        except FetchError as error:
            raise MailError(f"{self.name} cannot be reached: {error}; nothing was sent") from None
        return self._answer(page, changes=False)

    def change(
        self, method: str, path: str, body: Any, more: Mapping[str, str] | None = None
    ) -> Any:
        """Send a request once. Raises UnknownOutcome if it may have been carried out."""
        headers = {**self.headers, "Content-Type": "application/json", **(more or {})}
        data = json.dumps(body, ensure_ascii=False).encode("utf-8")
        try:
            page = self.client.post(f"{self.base}{path}", data, headers, method)
        except FetchError as error:
            if error.problem in _REACHED:
                raise UnknownOutcome(f"{self.name} gave no answer: {error}") from None
            raise MailError(f"{self.name} cannot be reached: {error}; nothing was sent") from None
        return self._answer(page, changes=True)

    def _answer(self, page: FetchedPage, changes: bool) -> Any:
        status, said = page.status, _said(page)
        if status in (401, 403):
            raise MailError(f"{self.name} refuses {self.keys}{said}; nothing was sent")
        if status == 429:
            after = page.headers.get("retry-after", "")
            when = f" for {after} seconds" if after.isdigit() else ""
            raise MailError(f"{self.name} asks to wait{when}; nothing was sent")
        if status >= 500 and changes:
            raise UnknownOutcome(f"{self.name} failed with status {status}{said}")
        if not 200 <= status < 300:
            raise MailError(
                f"{self.name} refuses the request with status {status}{said}; nothing was sent"
            )
        try:
            return json.loads(page.body) if page.body.strip() else {}
        except ValueError:
            kind = UnknownOutcome if changes else MailError
            raise kind(f"{self.name} sent an answer that is not JSON") from None


def _said(page: FetchedPage) -> str:
    """Return what a service says is wrong, on one line."""
    try:
        found = json.loads(page.body)
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    words = [str(found[name]) for name in ("code", "detail", "message") if found.get(name)]
    text = " ".join(printable(": ".join(words)).split())[:_LONGEST]
    return f" ({text})" if text else ""


def _number(found: Any, name: str) -> str:
    """Return the id in an answer. Raises UnknownOutcome if it has none."""
    number = found.get("id") if isinstance(found, dict) else None
    if not isinstance(number, (str, int)) or not str(number):
        raise UnknownOutcome(f"the answer of {name} has no id")
    return quote(str(number), safe="")


def key_from(*names: str) -> tuple[str, ...]:
    """Return the values of environment variables. Raises MailError if one is missing."""
    found = tuple(os.environ.get(name, "").strip() for name in names)
    missing = [name for name, value in zip(names, found, strict=True) if not value]
    if missing:
        raise MailError(
            f"set {' and '.join(missing)} in the environment; keys are never in site.yaml"
        )
    if not all(value.isascii() and value.isprintable() for value in found):
        raise MailError(f"{' or '.join(names)} has characters that no key has")
    return found


class Buttondown:
    """Buttondown (docs.buttondown.com/api-emails-introduction)."""

    name = "Buttondown"

    def __init__(self, mail: MailSettings) -> None:
        (key,) = key_from("BUTTONDOWN_API_KEY")
        self.mail = mail
        headers = {"Authorization": f"Token {key}", "X-API-Version": "2026-04-01"}
        self.api = _Api(self.name, BUTTONDOWN, headers, "the key in BUTTONDOWN_API_KEY")

    @property
    def readers(self) -> str:
        return "all subscribers at Buttondown"

    def find(self, key: str) -> Remote | None:
        for page in range(1, _PAGES + 1):
            found = self.api.get(f"/emails?page={page}")
            results = found.get("results", []) if isinstance(found, dict) else []
            for email in results:
                data = email.get("metadata")
                known = data.get("slugline") if isinstance(data, dict) else None
                if key in (known, email.get("slug")) and email.get("status") != "deleted":
                    draft = email.get("status") == "draft"
                    return Remote(_number(email, self.name), "draft" if draft else "sent")
            if not results or not found.get("next"):
                break
        return None

    def create(self, message: Message, key: str) -> Remote:
        found = self.api.change("POST", "/emails", buttondown(message, self.mail, key))
        return Remote(_number(found, self.name), "draft")

    def update(self, number: str, message: Message, key: str) -> None:
        body = buttondown(message, self.mail, key)
        kept = {name: value for name, value in body.items() if name not in ("slug", "status")}
        self.api.change("PATCH", f"/emails/{number}", kept)

    def test(self, number: str, message: Message, key: str, address: str) -> None:
        self.api.change("POST", f"/emails/{number}/send-draft", {"recipients": [address]})

    def send(self, number: str) -> None:
        # Keys that have never sent anything need this header once.
        sure = {"X-Buttondown-Live-Dangerously": "true"}
        self.api.change("PATCH", f"/emails/{number}", {"status": "about_to_send"}, sure)


class Listmonk:
    """listmonk (listmonk.app/docs/apis/campaigns)."""

    name = "listmonk"

    def __init__(self, mail: MailSettings) -> None:
        base = mail.listmonk.rstrip("/")
        if not base:
            raise MailError("site.yaml lacks the address of your listmonk: `mail: {listmonk: …}`")
        if not mail.lists:
            raise MailError(
                "site.yaml lacks the numbers of lists in listmonk: `mail: {lists: [3]}`"
            )
        if base.startswith("http:") and host_of(base) not in LOOPBACK:
            raise MailError(f"{base} would get your key unencrypted; use https")
        user, token = key_from("LISTMONK_USER", "LISTMONK_TOKEN")
        self.mail = mail
        headers = {"Authorization": f"token {user}:{token}"}
        self.api = _Api(self.name, base, headers, "the key in LISTMONK_USER and LISTMONK_TOKEN")

    @property
    def readers(self) -> str:
        lists = ", ".join(map(str, self.mail.lists))
        return f"list {lists} in listmonk" if len(self.mail.lists) == 1 else f"lists {lists}"

    def find(self, key: str) -> Remote | None:
        name = f"slugline {key}"
        query = urlencode({"query": name, "per_page": "all", "no_body": "true"})
        data = _data(self.api.get(f"/api/campaigns?{query}"))
        results = data.get("results") if isinstance(data, dict) else None
        for campaign in results or []:
            if campaign.get("name") == name:
                draft = campaign.get("status") == "draft"
                return Remote(_number(campaign, self.name), "draft" if draft else "sent")
        return None

    def create(self, message: Message, key: str) -> Remote:
        found = self.api.change("POST", "/api/campaigns", listmonk(message, self.mail, key))
        return Remote(_number(_data(found), self.name), "draft")

    def update(self, number: str, message: Message, key: str) -> None:
        self.api.change("PUT", f"/api/campaigns/{number}", listmonk(message, self.mail, key))

    def test(self, number: str, message: Message, key: str, address: str) -> None:
        body = {**listmonk(message, self.mail, key), "subscribers": [address]}
        self.api.change("POST", f"/api/campaigns/{number}/test", body)

    def send(self, number: str) -> None:
        self.api.change("PUT", f"/api/campaigns/{number}/status", {"status": "running"})


def _data(found: Any) -> Any:
    return found.get("data") if isinstance(found, dict) else None


def test_address(text: str) -> str:
    """Return an address that a test is sent to.

    Raises MailError if the text is not one."""
    found = mail_address(text)
    if found is None:
        raise MailError(f"`{printable(text)[:80]}` is not an e-mail address")
    return found.bare
