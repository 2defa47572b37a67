"""Sending: to a real mail server, and to services that behave as their documents say, or badly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import strict
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from click.testing import Result

from builder.mail import services, smtp
from support.mails import mail_site, run_mail
from support.tools import free_port
from support.webs import Asked, Web, reply, web

KEY = "bd-0000-not-a-real-key"
TESTED = "editor@test.example"


def answer(body: object, status: int = 200, **headers: str) -> bytes:
    return reply(json.dumps(body), status, content_type="application/json", **headers)


# --- a mail server ------------------------------------------------------------------------------


@dataclass
class Inbox:
    """What a mail server received, and how it behaves."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    said: str = "250 OK"
    breaks: bool = False  # whether it ends the connection once it has the message

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        if self.breaks:
            server.transport.abort()
        return self.said


@contextmanager
def mail_server(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    def authenticate(*given: Any) -> AuthResult:
        data = given[-1]
        good = isinstance(data, LoginPassword) and data.password == b"right"
        return AuthResult(success=good, handled=False)

    inbox.port = free_port()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=inbox.port,
        authenticator=authenticate,
        auth_require_tls=False,
    )
    controller.start()
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", str(inbox.port))
    monkeypatch.delenv("SMTP_USER", raising=False)
    try:
        yield inbox
    finally:
        controller.stop()


MAIL = """\
mail:
  from: The Test <news@test.example>
  to: readers@lists.test.example
  unsubscribe: https://lists.test.example/leave
"""


def smtp_run(site: Path, *more: str) -> Result:
    return run_mail(site, "digest", "2025-w24", "--send", "smtp", "--yes", *more)


def test_a_list_gets_one_message_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_site(tmp_path, settings=MAIL)
    with mail_server(Inbox(), monkeypatch) as inbox:
        result = smtp_run(tmp_path)
        assert result.exit_code == 1 and "nobody has seen a test" in result.output
        assert smtp_run(tmp_path, "--test", TESTED).exit_code == 0
        assert smtp_run(tmp_path, "--test", TESTED).exit_code == 0, "a test can be repeated"
        result = smtp_run(tmp_path)
        assert result.exit_code == 0, result.output
        assert "127.0.0.1 has taken digest-2025-w24." in result.output
        assert [e.rcpt_tos for e in inbox.envelopes] == [
            [TESTED], [TESTED], ["readers@lists.test.example"],
        ]  # fmt: skip
        assert inbox.envelopes[-1].mail_from == "news@test.example"
        received = message_from_bytes(inbox.envelopes[-1].content, policy=strict)
        assert received["To"] == "readers@lists.test.example"
        assert received["List-Unsubscribe"] == "<https://lists.test.example/leave>"
        text, html = (part.get_content() for part in received.iter_parts())
        assert "https://lists.test.example/leave" in text and "Scale AI is worth" in html
        result = smtp_run(tmp_path)
        assert result.exit_code == 1 and "was sent on 20" in result.output
        assert smtp_run(tmp_path, "--test", TESTED).exit_code == 0, "a test never reaches readers"
        assert smtp_run(tmp_path).exit_code == 1
        assert len(inbox.envelopes) == 4
        assert smtp_run(tmp_path, "--again").exit_code == 0
        assert len(inbox.envelopes) == 5


def test_a_test_is_of_this_very_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_site(tmp_path, settings=MAIL)
    with mail_server(Inbox(), monkeypatch) as inbox:
        assert smtp_run(tmp_path, "--test", TESTED).exit_code == 0
        changed = smtp_run(tmp_path, "--without", "numbers")
        assert changed.exit_code == 1 and "nobody has seen a test" in changed.output
        assert smtp_run(tmp_path, "--without", "numbers", "--untested").exit_code == 0
        assert len(inbox.envelopes) == 2


def test_a_connection_that_breaks_after_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether it was taken, so it is not sent again without a word of the editor."""
    mail_site(tmp_path, settings=MAIL)
    with mail_server(Inbox(breaks=True), monkeypatch) as inbox:
        result = smtp_run(tmp_path, "--untested")
        assert result.exit_code == 1 and "Nobody knows yet whether" in result.output
        inbox.breaks = False
        result = smtp_run(tmp_path, "--untested")
        assert result.exit_code == 1 and "gave no answer; it cannot be asked" in result.output
        assert len(inbox.envelopes) == 1
        assert smtp_run(tmp_path, "--untested", "--again").exit_code == 0
        assert len(inbox.envelopes) == 2


def test_a_server_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing was sent, and it can be tried again at once."""
    mail_site(tmp_path, settings=MAIL)
    with mail_server(Inbox(said="554 too much"), monkeypatch) as inbox:
        result = smtp_run(tmp_path, "--untested")
        assert "refuses it: 554 too much; nothing was sent" in result.output
        refused = smtp_run(tmp_path, "--test", "nobody@test.example")
        assert "550 no such user; nothing was sent" in refused.output
        monkeypatch.setenv("SMTP_USER", "news")
        monkeypatch.setenv("SMTP_PASSWORD", "wrong-password")
        refused = smtp_run(tmp_path, "--untested")
        assert "it refuses SMTP_USER and SMTP_PASSWORD" in refused.output
        assert "wrong-password" not in refused.output
        monkeypatch.setenv("SMTP_PASSWORD", "right")
        inbox.said = "250 OK"
        assert smtp_run(tmp_path, "--untested").exit_code == 0
    monkeypatch.setenv("SMTP_PORT", "1")
    refused = smtp_run(tmp_path, "--untested", "--again")
    assert "127.0.0.1:1 cannot be used" in refused.output


def test_a_password_is_not_sent_in_clear_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """To another machine than this one, without STARTTLS."""
    with mail_server(Inbox(), monkeypatch) as inbox:
        monkeypatch.setattr(smtp, "LOOPBACK", ())
        server = smtp.MailServer("127.0.0.1", inbox.port, "news", "right")
        with pytest.raises(smtp.MailError, match="offers no encryption"):
            smtp.deliver(server, "a@test.example", "b@test.example", b"x", "test.example")
        assert not inbox.envelopes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--test", "a@b.example\nBcc: c@d.example"), "is not an e-mail address"),
        (("--test", "a@b.example, c@d.example"), "is not an e-mail address"),
        (("--test", "A <a@b.example>", "--now"), "--test and --now are two steps"),
        (("--unsubscribe", "https://x.example/\r\nBcc: a@b.example"), "takes an address"),
        (("--subject", "A\r\nBcc: c@d.example", "--untested"), "has taken"),
    ],
)
def test_no_argument_adds_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    mail_site(tmp_path, settings=MAIL)
    with mail_server(Inbox(), monkeypatch) as inbox:
        assert said in smtp_run(tmp_path, *arguments).output
        for envelope in inbox.envelopes:
            assert envelope.rcpt_tos == ["readers@lists.test.example"]
            assert message_from_bytes(envelope.content, policy=strict)["Bcc"] is None


def test_a_list_needs_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = MAIL.replace("  unsubscribe: https://lists.test.example/leave\n", "")
    mail_site(tmp_path, settings=without)
    with mail_server(Inbox(), monkeypatch) as inbox:
        result = smtp_run(tmp_path, "--untested")
        assert "readers must be able to unsubscribe" in result.output and not inbox.envelopes
        given = ("--unsubscribe", "mailto:leave@lists.test.example")
        assert smtp_run(tmp_path, "--untested", *given).exit_code == 0
        received = message_from_bytes(inbox.envelopes[0].content, policy=strict)
        assert received["List-Unsubscribe"] == "<mailto:leave@lists.test.example>"


# --- Buttondown ---------------------------------------------------------------------------------


@dataclass
class Newsletter:
    """A service that keeps messages as Buttondown does: a slug is unique, a draft can be sent."""

    server: Web
    emails: list[dict[str, Any]] = field(default_factory=list)
    tests: list[list[str]] = field(default_factory=list)
    fault: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # by method and path

    def answer(self, asked: Asked) -> bytes:
        path = asked.target.partition("?")[0].removeprefix("/v1")
        if asked.headers.get("authorization") != f"Token {KEY}":
            return answer({"detail": "Invalid token."}, 401)
        sent = json.loads(asked.body) if asked.body else {}
        fault = self.fault.pop(f"{asked.method} {path}", None)
        if fault and (early := fault()):
            return early
        done = self._act(asked, path, sent)
        return b"" if fault else done  # a connection that ends without an answer

    def _act(self, asked: Asked, path: str, sent: dict[str, Any]) -> bytes:
        if (asked.method, path) == ("GET", "/emails"):
            shown = [{k: v for k, v in e.items() if k != "body"} for e in self.emails]
            return answer({"results": shown, "next": None, "count": len(shown)})
        if (asked.method, path) == ("POST", "/emails"):
            if any(e["slug"] == sent["slug"] for e in self.emails):
                return answer({"code": "slug_invalid", "detail": "Slug is in use."}, 422)
            self.emails.append({"id": f"em_{len(self.emails) + 1}", **sent})
            return answer(self.emails[-1], 201)
        found = re.fullmatch(r"/emails/(em_\d+)(/send-draft)?", path)
        assert found, asked
        email = next(e for e in self.emails if e["id"] == found[1])
        if found[2]:
            self.tests.append(sent["recipients"])
            return answer({})
        assert asked.method == "PATCH"
        if sent.get("status") == "about_to_send":
            assert asked.headers["x-buttondown-live-dangerously"] == "true"
        email.update(sent)
        return answer(email)


class Every(dict[str, Any]):
    """Routes that have one answer to each request."""

    def __init__(self, answer: Callable[[Asked], bytes]) -> None:
        super().__init__()
        self.answer = answer

    def get(self, key: str, default: Any = None) -> Any:
        return self.answer


@pytest.fixture
def newsletter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsletter]:
    mail_site(tmp_path)
    monkeypatch.setenv("BUTTONDOWN_API_KEY", KEY)
    with web({}) as server:
        kept = Newsletter(server)
        server.routes = Every(kept.answer)
        monkeypatch.setattr(services, "BUTTONDOWN", f"{server.origin}/v1")
        yield kept


def button(site: Path, *more: str) -> Result:
    return run_mail(site, "digest", "2025-w24", "--send", "buttondown", "--yes", *more)


def statuses(newsletter: Newsletter) -> list[str]:
    return [email["status"] for email in newsletter.emails]


def test_a_draft_a_test_and_then_readers(tmp_path: Path, newsletter: Newsletter) -> None:
    result = button(tmp_path)
    assert result.exit_code == 0 and "Buttondown has the draft." in result.output
    assert statuses(newsletter) == ["draft"]
    assert newsletter.emails[0]["slug"] == "digest-2025-w24"
    assert "{{ unsubscribe_url }}" in newsletter.emails[0]["body"]
    result = button(tmp_path, "--now")
    assert result.exit_code == 1 and "nobody has seen a test" in result.output
    assert button(tmp_path, "--test", TESTED, "--without", "numbers").exit_code == 0
    assert newsletter.tests == [[TESTED]]
    assert "The numbers" not in newsletter.emails[0]["body"], "the draft was replaced"
    result = button(tmp_path, "--now", "--without", "numbers")
    assert result.exit_code == 0, result.output
    assert statuses(newsletter) == ["about_to_send"]
    result = button(tmp_path, "--now", "--without", "numbers")
    assert result.exit_code == 1 and "was sent on 20" in result.output
    assert statuses(newsletter) == ["about_to_send"]


def test_a_lost_ledger_is_no_second_sending(tmp_path: Path, newsletter: Newsletter) -> None:
    """The service knows what it has sent; a CI runner has no ledger at all."""
    assert button(tmp_path, "--now", "--untested").exit_code == 0
    (ledger,) = (tmp_path / ".slugline/mail/sent").iterdir()
    ledger.unlink()
    result = button(tmp_path, "--now", "--untested")
    assert result.exit_code == 1
    assert "Buttondown has already sent digest-2025-w24, as it says itself" in result.output
    assert len(newsletter.emails) == 1
    ledger.write_bytes(b"a stranger's")
    result = button(tmp_path)
    assert result.exit_code == 1 and "is damaged or was not written by you" in result.output
    assert button(tmp_path, "--again", "--now", "--untested").exit_code == 0
    assert len(newsletter.emails) == 2 and newsletter.emails[1]["slug"].startswith(
        "digest-2025-w24-again-"
    )
    result = button(tmp_path, "--again", "--now", "--untested")
    assert result.exit_code == 1 and "a second time already" in result.output


def test_a_clean_build_keeps_what_was_sent(tmp_path: Path, newsletter: Newsletter) -> None:
    assert button(tmp_path, "--now", "--untested").exit_code == 0
    assert run_mail(tmp_path, "--clean", command="build").exit_code == 0
    newsletter.emails.clear()  # not even the service remembers
    assert "was sent on 20" in button(tmp_path, "--now", "--untested").output


@pytest.mark.parametrize("step", ["POST /emails", "PATCH /emails/em_1"])
def test_an_answer_that_never_comes(tmp_path: Path, newsletter: Newsletter, step: str) -> None:
    """The request was carried out, and the connection broke: the next run looks first."""
    assert step.startswith("POST") or button(tmp_path).exit_code == 0
    newsletter.fault[step] = lambda: b""
    result = button(tmp_path)
    assert result.exit_code == 1 and "Nobody knows yet whether" in result.output
    assert len(newsletter.emails) == 1
    result = button(tmp_path)
    assert result.exit_code == 0 and "the draft that it has is replaced" in result.output
    assert len(newsletter.emails) == 1


def test_an_answer_to_the_sending_that_never_comes(tmp_path: Path, newsletter: Newsletter) -> None:
    assert button(tmp_path, "--test", TESTED).exit_code == 0
    seen: list[bool] = []

    def second() -> bytes:  # the first PATCH replaces the draft, the second one sends it
        seen.append(True)
        newsletter.fault["PATCH /emails/em_1"] = lambda: b""
        return answer({"id": "em_1"})

    newsletter.fault["PATCH /emails/em_1"] = second
    result = button(tmp_path, "--now")
    assert result.exit_code == 1 and "Nobody knows yet" in result.output and seen
    assert statuses(newsletter) == ["about_to_send"], "it was sent"
    result = button(tmp_path, "--now")
    assert result.exit_code == 1 and "has already sent" in result.output
    # If the service still has a draft, an editor decides.
    (ledger,) = (tmp_path / ".slugline/mail/sent").iterdir()
    ledger.unlink()
    newsletter.emails[0]["status"] = "draft"
    assert button(tmp_path, "--test", TESTED).exit_code == 0
    newsletter.fault["PATCH /emails/em_1"] = second
    assert "Nobody knows yet" in button(tmp_path, "--now").output
    newsletter.emails[0]["status"] = "draft"
    result = button(tmp_path, "--now")
    assert "got the request to send digest-2025-w24, and gave no answer" in result.output
    assert "it still has a draft of it" in result.output and statuses(newsletter) == ["draft"]
    assert button(tmp_path, "--now", "--again").exit_code == 0
    assert len(newsletter.emails) == 1 and statuses(newsletter) == ["about_to_send"]


@pytest.mark.parametrize(
    ("reply_", "said"),
    [
        (answer({"detail": "x"}, 401), "refuses the key in BUTTONDOWN_API_KEY (x); nothing"),
        (answer({"code": "email_duplicate", "detail": "Same subject."}, 422), "email_duplicate"),
        (answer({}, 429, retry_after="30"), "asks to wait for 30 seconds; nothing was sent"),
        (answer({}, 500), "failed with status 500. Nobody knows yet"),
        (reply("<html>", 200), "an answer that is not JSON. Nobody knows yet"),
        (answer({"detail": "\x1b[31mred\nline ::error::x"}, 400), "refuses the request"),
        (answer({}, 201), "has no id. Nobody knows yet"),
    ],
    ids=["401", "422", "429", "500", "no JSON", "400", "no id"],
)
def test_what_a_service_answers(
    tmp_path: Path, newsletter: Newsletter, reply_: bytes, said: str
) -> None:
    newsletter.fault["POST /emails"] = lambda: reply_
    result = button(tmp_path)
    assert result.exit_code == 1 and said in result.output
    assert KEY not in result.output and "\x1b" not in result.output
    assert not re.search(r"^::", result.output, re.M), "no command of a CI runner"
    assert not newsletter.emails
    assert button(tmp_path).exit_code == 0, "and the next run goes on"


def test_keys_come_from_the_environment_alone(
    tmp_path: Path, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUTTONDOWN_API_KEY")
    result = button(tmp_path)
    assert "set BUTTONDOWN_API_KEY in the environment" in result.output
    monkeypatch.setenv("BUTTONDOWN_API_KEY", "x\r\nHost: evil.example")
    assert "has characters that no key has" in button(tmp_path).output
    assert not newsletter.server.asked
    monkeypatch.setenv("BUTTONDOWN_API_KEY", KEY)
    assert button(tmp_path, "--test", TESTED).exit_code == 0
    kept = [p for p in tmp_path.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]
    assert not kept


def test_nothing_is_sent_without_a_yes(tmp_path: Path, newsletter: Newsletter) -> None:
    result = run_mail(tmp_path, "digest", "2025-w24", "--send", "buttondown")
    assert result.exit_code == 0 and "Nothing was sent; add --yes" in result.output
    assert [a.method for a in newsletter.server.asked] == ["GET"]
    for option in ("--now", "--again"):
        said = " ".join(run_mail(tmp_path, "digest", "2025-w24", option).output.split())
        assert "need --send with buttondown, listmonk or smtp" in said


# --- listmonk -----------------------------------------------------------------------------------


def test_listmonk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTMONK_USER", "slugline")
    monkeypatch.setenv("LISTMONK_TOKEN", "a-token")
    campaigns: list[dict[str, Any]] = []
    tested: list[list[str]] = []

    def act(asked: Asked) -> bytes:
        assert asked.headers["authorization"] == "token slugline:a-token"
        path, sent = asked.target.partition("?")[0], json.loads(asked.body or b"{}")
        if (asked.method, path) == ("GET", "/api/campaigns"):
            return answer({"data": {"results": campaigns, "total": len(campaigns)}})
        if (asked.method, path) == ("POST", "/api/campaigns"):
            campaigns.append({"id": 7, "status": "draft", **sent})
        elif path == "/api/campaigns/7/test":
            tested.append(sent["subscribers"])
            return answer({"data": True})
        else:
            assert asked.method == "PUT" and path.startswith("/api/campaigns/7"), asked
            campaigns[0].update(sent)
        return answer({"data": campaigns[0]})

    with web({}) as server:
        server.routes = Every(act)
        mail = f"mail: {{listmonk: '{server.origin}', lists: [3, 4], template: 2}}\n"
        mail_site(tmp_path, settings=mail)

        def run(*more: str) -> Result:
            return run_mail(tmp_path, "digest", "2025-w24", "--send", "listmonk", "--yes", *more)

        assert run("--test", TESTED).exit_code == 0
        assert tested == [[TESTED]] and campaigns[0]["template_id"] == 2
        assert "{{ UnsubscribeURL }}" in campaigns[0]["body"]
        result = run("--now")
        assert result.exit_code == 0 and "lists 3, 4" in result.output
        assert campaigns[0]["status"] == "running"
        (tmp_path / ".slugline/mail/sent/digest-2025-w24.listmonk").unlink()
        assert "listmonk has already sent" in run("--now").output
        assert len(campaigns) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "site.yaml lacks the address of your listmonk"),
        ("mail: {listmonk: 'https://lists.test.example'}", "lacks the numbers of lists"),
        ("mail: {listmonk: 'http://lists.test.example', lists: [1]}", "your key unencrypted"),
    ],
)
def test_listmonk_needs(tmp_path: Path, settings: str, said: str) -> None:
    mail_site(tmp_path, settings=settings)
    result = run_mail(tmp_path, "digest", "2025-w24", "--send", "listmonk", "--yes")
    assert result.exit_code == 1 and said in result.output
