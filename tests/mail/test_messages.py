"""Messages: what they show, and that e-mail programs can show it."""

from __future__ import annotations

import email
import json
import re
from email.policy import default, strict
from pathlib import Path

import pytest

from builder.mail.html import message_html
from builder.mail.message import BRIEF_PARTS, DIGEST_PARTS, LARGEST, Choice
from builder.mail.payloads import copy_for, files_of
from builder.mail.problem import MailError
from builder.mail.text import message_text
from builder.model.mail import MailSettings
from builder.model.values import Line
from support.mail_rules import faults
from support.mails import brief_of, digest_of, mail_site, news_of, opened, run_mail
from support.sites import brief, build_site, read, write_site
from support.tools import as_lines

SETTINGS = MailSettings(sender=Line("The Test <news@test.example>"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mail_site(tmp_path_factory.mktemp("mail"))


def test_a_digest_shows_what_its_page_shows(site: Path) -> None:
    message = digest_of(site)
    assert message.subject == "Scale AI is worth $29bn"
    assert message.preview == "It hires."
    assert not faults(message.html)
    for address in ("briefs/lead/", "briefs/other/", "briefs/third/", "threads/moves/"):
        assert f'href="https://test.example/{address}"' in message.html
    assert "#b3261e" in message.html, "the accent colour of the site"
    # The chart is a PNG file of the site, and the alternative text says what it shows.
    (chart,) = re.findall(
        r'<img src="(https://test.example/[^"]+\.png)" alt="([^"]+)"', message.html
    )
    assert chart[1].startswith("Chart: ") and "from $14\u00a0billion, May" in chart[1]
    build_site(site)
    assert (site / "output" / chart[0].removeprefix("https://test.example/")).is_file()
    page = read(site, "digests/2025-w24/index.html")
    for value in re.findall(r'<p class="value[^"]*">([^<]+)</p>', page):
        assert value in message.html and value.replace("\u00a0", " ") in message.text
    assert "Corrected" in message.text and "“$28bn”" in message.text


def test_a_brief_is_whole(site: Path) -> None:
    message = brief_of(site, "lead")
    assert not faults(message.html)
    assert message.html.count("<table") > message.html.count('<table role="presentation"'), "data"
    assert "A note." in message.text and "a | b\n" in message.text
    # Its own anchors lead to the page, because a message has none that can be relied on.
    assert 'href="https://test.example/briefs/lead/#fn1"' in message.html
    assert 'src="https://test.example/' in message.html and 'alt="A plant"' in message.html
    assert "srcset" not in message.html and "<picture" not in message.html


def test_news_since_a_day(site: Path) -> None:
    message = news_of(site, "2025-06-13")
    assert message.key == "since-2025-06-13"
    assert "Since 13 June 2025 · 2 briefs" in message.text
    assert "Meta hires" not in message.html
    with pytest.raises(MailError, match="the newest is of 2025-06-15"):
        news_of(site, "2025-06-16")


def test_text_is_the_text_of_the_html(site: Path) -> None:
    """Links are numbered in order, each once, and lines are wrapped."""
    text = digest_of(site).text
    body, _, links = text.partition("\n[1] ")
    numbers = [int(n) for n in re.findall(r"\[(\d+)\]", body)]
    first = list(dict.fromkeys(numbers))
    assert first == sorted(first) == list(range(1, len(first) + 1))
    addresses = [line.split("] ")[1] for line in f"[1] {links}".splitlines()]
    assert len(addresses) == len(set(addresses)) == len(first)
    assert max(map(len, body.splitlines())) <= 72
    assert "Scale AI is worth $29bn [2]" in body
    assert "It hires." in body and body.count("It hires.") == 3, "the preview text is hidden"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>One</h1><p>Two<br>three</p>", "One\n===\n\nTwo\nthree\n"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"),
        ('<ol start="3"><li>a</li><li><p>b</p><p>c</p></li></ol>', "3. a\n4. b\n\n   c\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n>\n> b\n\nc\n"),
        ('<p><a href="https://x.example/">x</a>.</p>', "x [1].\n\n[1] https://x.example/\n"),
        ('<p><a href="https://x.example/">https://x.example/</a></p>', "https://x.example/\n"),
        ('<p>a <img src="b.png" alt="a chart"> c</p>', "a [a chart] c\n"),
        ("<table><tr><th>a</th><td>b</td></tr></table>", "a | b\n"),
        (
            '<table role="presentation"><tr><td><p>a</p></td><td><p>1</p><p>2024</p></td></tr>'
            "<tr><td>b</td><td>2</td></tr></table>",
            "- a: 1; 2024\n- b: 2\n",
        ),
        ('<div style="display:none">no</div><p>a&nbsp;&amp; b</p>', "a & b\n"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
        ("<p>" + "字" * 40 + "</p>", "字" * 36 + "\n" + "字" * 4 + "\n"),
        ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb\n"),
        ("<p>He said <q>no</q>, <del>twice</del>.</p>", "He said “no”, [-twice-].\n"),
        ("", "\n"),
    ],
)
def test_text_of(html: str, text: str) -> None:
    assert message_text(html) == text


# --- the file -----------------------------------------------------------------------------------


def parts_of(data: bytes) -> tuple[email.message.EmailMessage, str, str]:
    """A message as a strict parser reads it: its headers, its text, its HTML."""
    message = email.message_from_bytes(data, policy=strict)
    assert isinstance(message, email.message.EmailMessage)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return message, text.get_content(), html.get_content()


def test_a_file_is_what_strict_parsers_expect(site: Path) -> None:
    message = digest_of(site)
    data = files_of(message, SETTINGS, "test.example")["digest-2025-w24.eml"]
    read_back, text, html = parts_of(data)
    assert all(not part.defects for part in read_back.walk())
    assert read_back["Subject"] == message.subject
    assert str(read_back["From"]) == "The Test <news@test.example>"
    assert str(read_back["Date"]) == "Sun, 15 Jun 2025 09:00:00 +0000"
    assert re.fullmatch(r"<digest-2025-w24\.[0-9a-f]{16}@test\.example>", read_back["Message-ID"])
    assert read_back["Content-Language"] == "en-GB"
    assert read_back["List-Unsubscribe"] is None, "a service adds its own"
    assert "unsubscribe" not in (text + html).lower()
    assert "Scale AI is worth $29bn" in html and text.startswith("The Test [1]")
    assert all(len(line) <= 998 for line in data.split(b"\r\n")) and b"\n" not in data.replace(
        b"\r\n", b""
    )
    # A second writing, by another program, changes nothing.
    assert email.message_from_bytes(data, policy=default).as_bytes().replace(
        b"\r\n", b"\n"
    ) == data.replace(b"\r\n", b"\n")


def test_the_same_message_is_the_same_bytes(site: Path) -> None:
    """Also from another run, and on another day; another content has another identity."""
    made = [files_of(digest_of(site), SETTINGS, "test.example") for _ in range(2)]
    assert made[0] == made[1]
    other = files_of(digest_of(site, Choice(("numbers",))), SETTINGS, "test.example")
    ids = [parts_of(f["digest-2025-w24.eml"])[0]["Message-ID"] for f in (made[0], other)]
    assert ids[0] != ids[1]


# --- services -----------------------------------------------------------------------------------

BODY = "Write {{ .Subscriber.Email }}, {% load x %}, %recipient.email% and %unsubscribe_url%."


def test_a_text_is_no_template_of_a_service(tmp_path: Path) -> None:
    """What services replace stays text, in the subject too; only the placeholder is theirs."""
    mail_site(tmp_path, brief("x", "'{{ config }} {% debug %} %recipient.email%'", BODY))
    message = brief_of(tmp_path, "x")
    placeholders = {
        "buttondown": "{{ unsubscribe_url }}",
        "listmonk": "{{ UnsubscribeURL }}",
        "mailgun": "%unsubscribe_url%",
    }
    for service, placeholder in placeholders.items():
        copy = copy_for(message, service)
        sign = r"%\w*(?:recipient|unsubscribe)\w*" if service == "mailgun" else r"\{[{%#][^}]*\}?\}"
        for part, count in ((copy.subject, 0), (copy.html, 1), (copy.text, 1)):
            found = re.findall(sign, part)
            assert len(found) == count, (service, found)
        assert f'href="{placeholder}"' in copy.html and f"] {placeholder}\n" in copy.text
        shown = message_text(copy.html)
        assert "Write {{ .Subscriber.Email }}, {% load x %}" in shown, (
            "readers see what was written"
        )
    assert ">Unsubscribe<" not in copy_for(message, "ghost").html, "Ghost adds it itself"


def test_bodies_of_requests(site: Path) -> None:
    """As the documents of each service describe them."""
    mail = MailSettings(
        sender=Line("The Test <news@test.example>"), reply_to=Line("desk@test.example"), lists=(3,)
    )
    files = files_of(digest_of(site), mail, "test.example")
    bodies = {
        name.split(".")[1]: json.loads(data) for name, data in files.items() if "json" in name
    }
    buttondown = bodies["buttondown"]
    assert buttondown["status"] == "draft" and buttondown["slug"] == "digest-2025-w24"
    assert buttondown["body"].startswith("<!-- buttondown-editor-mode: fancy --><!DOCTYPE html>")
    assert buttondown["metadata"] == {"slugline": "digest-2025-w24"}
    listmonk = bodies["listmonk"]
    assert (listmonk["type"], listmonk["content_type"], listmonk["lists"]) == (
        "regular",
        "html",
        [3],
    )
    assert listmonk["altbody"].startswith("The Test [1]")
    assert listmonk["headers"] == [{"Reply-To": "desk@test.example"}]
    (post,) = bodies["ghost"]["posts"]
    assert post["status"] == "draft" and post["html"].startswith("<!--kg-card-begin: html-->")
    assert bodies["mailgun"]["h:List-Unsubscribe"] == "<%unsubscribe_url%>"


# --- too large, relative, unpublished -----------------------------------------------------------


def many(count: int) -> str:
    texts = (
        brief(f"b{n}", f"Brief {n} of many", summary=f"Summary {n}. " + "It goes on. " * 30)
        for n in range(count)
    )
    return "".join(texts)


def test_a_long_digest_says_what_to_leave_out(tmp_path: Path) -> None:
    mail_site(tmp_path, many(170))
    with pytest.raises(MailError) as raised:
        digest_of(tmp_path)
    said = str(raised.value).splitlines()
    assert re.match(r"the message has 1\d\d KB of HTML, and Gmail hides what follows", said[0])
    assert re.fullmatch(r"  --without summaries  saves \d\d KB", said[1])
    assert said[-1].startswith("  --most 20 ")
    short = digest_of(tmp_path, Choice(most=20))
    assert len(short.html.encode()) < LARGEST and "153 more briefs on the web" in short.text
    assert short.html.count("<h3") == 19 + 2, "one correction and one expectation"
    assert len(digest_of(tmp_path, Choice(("summaries",))).html.encode()) < LARGEST


def test_parts_can_be_left_out(site: Path) -> None:
    whole = {"digest": digest_of(site).html, "brief": brief_of(site, "lead").html}
    for part in DIGEST_PARTS:
        if part != "words":  # this digest has none
            assert len(digest_of(site, Choice((part,))).html) < len(whole["digest"]), part
    for part in BRIEF_PARTS:
        if part not in ("points", "said"):
            assert len(brief_of(site, "lead", Choice((part,))).html) < len(whole["brief"]), part
    with pytest.raises(MailError, match="no part `number`; did you mean `numbers`"):
        digest_of(site, Choice(("number",)))


def test_a_relative_address_is_an_error(tmp_path: Path) -> None:
    mail_site(tmp_path)
    (tmp_path / "templates/mail").mkdir(parents=True)
    own = (
        '{% extends "slugline/mail/digest.html" %}{% block foot %}<p><a href="x.html">More</a></p>'
    )
    (tmp_path / "templates/mail/digest.html").write_text(own + "{% endblock %}")
    with pytest.raises(MailError, match=r"the link “More” has the relative address `x\.html`"):
        digest_of(tmp_path)
    result = run_mail(tmp_path, "digest", "2025-w24")
    assert result.exit_code == 1 and "write it in full, or begin it with `/`" in result.output


def test_a_site_on_this_machine_cannot_be_mailed(tmp_path: Path) -> None:
    mail_site(tmp_path)
    text = (tmp_path / "site.yaml").read_text()
    local = text.replace("https://test.example", "http://localhost:8000")
    (tmp_path / "site.yaml").write_text(local)
    with pytest.raises(MailError, match="which only this machine can open; set `base_url`"):
        digest_of(tmp_path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "draft"}, "`x` is not published, so it cannot be sent"),
        ({"date": "2099-01-01"}, "`x` is not published, so it cannot be sent"),
        ({"expires": "2025-06-20"}, "`x` is not published, so it cannot be sent"),
        ({"status": "withdrawn", "withdrawn_because": "It was wrong."}, "`x` is withdrawn"),
    ],
)
def test_what_is_not_published_is_in_no_message(
    tmp_path: Path, fields: dict[str, str], said: str
) -> None:
    mail_site(tmp_path, brief("x", "Secret hires", "A secret.", **fields))
    with pytest.raises(MailError, match=re.escape(said)):
        brief_of(tmp_path, "x")
    for message in (digest_of(tmp_path), news_of(tmp_path, "2025-06-01")):
        content = b"".join(files_of(message, SETTINGS, "test.example").values())
        assert b"ecret" not in content.replace(b"Withdrawn", b"") or "withdrawn" in said


def test_a_note_says_what_readers_do_not_have(tmp_path: Path) -> None:
    """Of the pages that a message leads to, by the build and by the last deploy."""
    target = "deploy: {live: {kind: folder, to: ../live}}"
    site = mail_site(tmp_path / "site", settings=target)
    (tmp_path / "live").mkdir()

    def notes() -> list[str]:
        said = run_mail(site, "digest", "2025-w24").output
        return [line for line in said.splitlines() if line.startswith("note: ")]

    (note,) = notes()
    assert "output/ lacks the present version of /digests/2025-w24/ and 3 more pages" in note
    assert run_mail(site, command="build").exit_code == 0
    assert "this machine has deployed nothing to live" in notes()[0]
    assert run_mail(site, "--yes", command="deploy").exit_code == 0
    assert notes() == []
    file = site / "content/briefs/other.md"
    file.write_text(file.read_text().replace("Google hires", "Google hires more"))
    assert "lacks the present version of" in notes()[0]
    assert run_mail(site, command="build").exit_code == 0
    assert "live lacks the present version of /" in notes()[0]


def test_making_a_message_renders_no_page(tmp_path: Path) -> None:
    """And leaves the caches of builds and checks as they were."""
    build_site(mail_site(tmp_path))
    digest_of(tmp_path)
    assert not build_site(tmp_path).rendered
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/thread.html").write_text("{{ 1 / 0 }}")
    assert digest_of(tmp_path).html, "no other template is rendered"
    assert run_mail(tmp_path, command="check").exit_code == 1, "but a check finds it"


def test_a_record_with_a_mistake_is_not_mailed(tmp_path: Path) -> None:
    mail_site(tmp_path, brief("x", companies="[Nobody]"))
    result = run_mail(tmp_path, "digest", "2025-w24")
    assert result.exit_code == 1 and "unknown-company" in result.output
    assert not (tmp_path / ".slugline/mail").exists()


# --- hostile texts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Scale AI\\r\\nBcc: victim@test.example",
        "Scale AI 🚀 hires 👩‍👩‍👧",
        "Scale AI \u05e2\u05d1\u05e8\u05d9\u05ea",
        "Scale AI " + "very " * 100 + "long",
        "Scale AI " + "x" * 480,
        "Scale AI =?utf-8?q?Bcc=3A?= <script>alert(1)</script>",
        "Скале АИ нанимает Trí tuệ nhân tạo 字字字字",
    ],
)
def test_a_title_stays_in_the_subject(tmp_path: Path, title: str) -> None:
    mail_site(tmp_path, brief("x", f'"{title}"'))
    if "\\r" in title:
        from builder.mail.message import _short  # the reader of titles refuses a line break

        assert "\n" not in _short("a\r\nBcc: b") and "\r" not in _short("a\r\nBcc: b")
        return
    message = brief_of(tmp_path, "x")
    assert len(message.subject) <= 201
    data = files_of(message, SETTINGS, "test.example")["brief-x.eml"]
    read_back, _, html = parts_of(data)
    assert read_back["Subject"] == message.subject
    assert {*read_back.keys()} <= {
        "From", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language",
    }  # fmt: skip
    assert "<script" not in html and not faults(message.html)


def test_what_acts_is_left_out() -> None:
    page = (
        '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>T</title>'
        "<style>p { color: red }</style></head><body>"
        '<p onclick="x()" class="a">A</p><script>x()</script><svg><path d="M0 0"/></svg>'
        '<form action="/x"><input name="a"></form><details><summary>S</summary>D</details>'
        '<iframe src="https://video.example/1" title="A film"></iframe>'
        '<img src="https://x.example/a.svg" alt="A drawing">'
        '<picture><source srcset="a.avif">'
        '<img src="https://x.example/a.jpg" width="2000"></picture></body></html>'
    )
    html = message_html(page, "https://x.example/")
    assert '<p style="color:red">A</p>' in html
    for left_out in ("script", "svg", "form", "input", "iframe", "details", "onclick", "source"):
        assert f"<{left_out}" not in html and left_out + "=" not in html
    assert '<a href="https://video.example/1">A film</a>' in html and "[A drawing]" in html
    assert 'width="560"' in html and 'alt=""' in html


def test_the_checker_finds_faults() -> None:
    bad = (
        "<html><head></head><body><script></script><img src='a.svg'><a href='/x'>x</a>"
        "<div style='position: absolute' onload='x'></div></body></html>"
    )
    found = faults(bad)
    assert len(found) > 9, as_lines(found)


# --- templates ----------------------------------------------------------------------------------


def test_a_site_replaces_a_template_of_messages(tmp_path: Path) -> None:
    mail_site(tmp_path)
    (tmp_path / "templates/mail").mkdir(parents=True)
    (tmp_path / "templates/mail/brief.html").write_text(
        '{% extends "slugline/mail/brief.html" %}'
        "{% block foot %}<p>A cooperative.</p>{% endblock %}"
    )
    assert "A cooperative." in brief_of(tmp_path, "lead").text
    assert "A cooperative." not in digest_of(tmp_path).text


def test_a_mistake_in_a_template_of_messages_is_found_by_check(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a") + "=== templates/mail/brief.html\n{{ breif.title }}\n")
    result = run_mail(tmp_path, command="check")
    assert result.exit_code == 1 and "`breif`" in result.output
    assert opened  # the site itself is not opened


def test_a_brief_of_an_edition_leads_to_its_edition(tmp_path: Path) -> None:
    site = mail_site(tmp_path, brief("one") + brief("een", lang="nl", translation_of="one"))
    settings = site / "site.yaml"
    settings.write_text(
        f"{settings.read_text('utf-8')}editions: {{nl: {{title: Proef}}}}\n", "utf-8"
    )
    build_site(site)
    said = run_mail(site, "brief", "een")
    assert "note:" not in said.output, said.output
    text = (site / ".slugline/mail/brief-een/brief-een.txt").read_text("utf-8")
    assert "/nl/briefs/een/" in text and "Proef" in text
