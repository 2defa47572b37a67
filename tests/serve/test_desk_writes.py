"""Who may write through a preview: the desk's own forms, from this machine, and nobody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from builder.serve.desk import form_body
from support.desk import Answer, ask, own, token_of
from support.looks import OpenPage
from support.previews import Preview, page, previewed
from support.sites import small_site, tree
from support.tools import PATIENCE, until

TITLE = "Scale AI hires a cat"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with previewed(small_site(tmp_path_factory.mktemp("desk") / "site")) as preview:
        preview.build({"index.html": page("<p>Front</p>"), "404.html": page("None")})
        until(lambda: ask(preview, "GET", "/").status == 200)
        yield preview


def post(preview: Preview, fields: Mapping[str, str], **changed: str | None) -> Answer:
    """Post a new brief with the desk's own headers, but for those that a test changes."""
    headers = {**own(preview), **{k.replace("_", "-"): v for k, v in changed.items()}}
    given = {"token": token_of(preview), "kind": "brief", "name": TITLE, **fields}
    body = urlencode(given).encode()
    sent = {k: v for k, v in headers.items() if v is not None}
    return ask(preview, "POST", "/_desk/new/", body, sent)


def raw(preview: Preview, request: str) -> bytes:
    """What the server sends to a request whose body does not end."""
    lines = request.replace("HOST", f"Host: localhost:{preview.serving.port}")
    with socket.create_connection(("127.0.0.1", preview.serving.port), timeout=PATIENCE) as one:
        one.sendall(lines.replace("\n", "\r\n").encode())
        received = b""
        while more := one.recv(1 << 16):
            received += more
        return received


@pytest.fixture
def unchanged(preview: Preview) -> Iterator[None]:
    """Nothing is written while a test runs."""
    before = tree(preview.root / "content")
    yield
    assert tree(preview.root / "content") == before


def test_a_form_of_the_desk_writes_once(preview: Preview) -> None:
    """The answer is a redirect, so that a reload of the next page writes nothing."""
    answer = post(preview, {})
    assert answer.status == 303
    assert answer.headers["location"].startswith("/_desk/")
    file = preview.root / "content/briefs/scale-ai-hires-a-cat.md"
    assert f"title: {TITLE}\n" in file.read_text()
    again = post(preview, {"name": f"{TITLE} ", "slug": ""})
    assert again.status == 422
    assert "already exists; choose another slug" in again.text
    assert f'value="{TITLE}"' in again.text
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("token", token_of(preview)), ("kind", "topic"), ("name", "Café"))
    )
    sent = own(preview) | {"Content-Type": "multipart/form-data; boundary=x"}
    assert ask(preview, "POST", "/_desk/new/", f"{parts}--x--\r\n".encode(), sent).status == 303
    assert (preview.root / "content/topics/cafe.md").is_file()


REFUSED = {
    "another site": {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    "another port": {"Origin": "http://localhost:1", "Sec_Fetch_Site": "same-site"},
    "another scheme": {"Origin": "https://HOST"},
    "the same, by another name": {"Origin": "http://127.0.0.1:PORT"},
    "no page": {"Origin": "null"},
    "no origin": {"Origin": None},
    "a rebound name": {"Host": "evil.example", "Origin": "http://evil.example"},
    "a name of nobody": {"Host": "localhost.evil.example"},
    "no site": {"Sec_Fetch_Site": None},
    "a bookmark": {"Sec_Fetch_Site": "none"},
    "a script": {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
    "a script without CORS": {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "empty"},
    "a frame": {"Sec_Fetch_Dest": "iframe"},
    "a worker": {"Service_Worker": "script"},
    "a prefetch": {"Sec_Purpose": "prefetch"},
    "text": {"Content_Type": "text/plain"},
    "JSON": {"Content_Type": "application/json"},
}


@pytest.mark.parametrize("changed", REFUSED.values(), ids=REFUSED)
def test_other_senders(preview: Preview, unchanged: None, changed: dict[str, str | None]) -> None:
    host = f"localhost:{preview.serving.port}"
    given = {
        name: value and value.replace("HOST", host).replace("PORT", host.split(":")[1])
        for name, value in changed.items()
    }
    answer = post(preview, {}, **given)
    assert answer.status in (403, 415, 421)
    assert TITLE not in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5000])
def test_a_wrong_token(preview: Preview, unchanged: None, token: str) -> None:
    """What was typed is shown to be copied, not in a form that would be sent."""
    answer = post(preview, {"token": token})
    assert answer.status == 403
    assert TITLE in answer.text
    assert "<form" not in answer.text and token_of(preview) not in answer.text


def test_no_token_or_two(preview: Preview, unchanged: None) -> None:
    token = token_of(preview)
    for given in ([], [token, token], ["wrong", token]):
        fields = [("kind", "brief"), ("name", TITLE), *(("token", one) for one in given)]
        answer = ask(preview, "POST", "/_desk/new/", urlencode(fields).encode(), own(preview))
        assert answer.status == 403


def test_every_form_has_a_gate(preview: Preview, unchanged: None) -> None:
    """No address of the desk takes a post of another site, of nobody, or without a token."""
    fields = {"entry": "source", "file": "content/briefs/a.md", "publisher": "A", "when": "now"}
    body = urlencode({"kind": "brief", "name": TITLE, **fields}).encode()
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for name in ("new", "entry", "details", "publish", "fix"):
        for headers in (foreign, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}, {}):
            sent = own(preview) | headers
            assert ask(preview, "POST", f"/_desk/{name}/", body, sent).status == 403, name
    for name in ("brief", "find"):
        assert ask(preview, "POST", f"/_desk/{name}/", body, own(preview)).status == 405, name


def test_other_methods(preview: Preview, unchanged: None) -> None:
    fields = urlencode({"token": token_of(preview), "kind": "brief", "name": TITLE})
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        ask(preview, method, f"/_desk/new/?{fields}", fields.encode(), own(preview))
    for path in ("/", "/_desk/", "/_desk/other/", "/_desk/new", "/_slugline/events"):
        assert ask(preview, "POST", path, fields.encode(), own(preview)).status == 405


def test_bodies_that_are_not_read(preview: Preview, unchanged: None) -> None:
    """A huge one, one without an end, and one that does not come: refused before it is read."""
    lines = "".join(f"{name}: {value}\n" for name, value in own(preview).items())
    begin = f"POST /_desk/new/ HTTP/1.1\n{lines}"
    for length, status in (
        ("Content-Length: 300000000\n\n", b"413"),
        ("Content-Length: 300000\n\nname=" + "a" * 1000, b"413"),
        ("Transfer-Encoding: chunked\n\n5\nname=\n", b"411"),
        ("Transfer-Encoding: chunked\nContent-Length: 3\n\n5\nname=\n", b"411"),
        ("Transfer-Encoding: chunked\nTransfer-Encoding: gzip\n\n", b"400"),
        ("Content-Length: 3\nContent-Length: 5\n\nname=", b"400"),
        ("Content-Length: -1\n\nname=", b"400"),
        ("\n", b"411"),
    ):
        assert raw(preview, f"{begin}{length}").startswith(b"HTTP/1.1 " + status), length


def test_a_body_that_does_not_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_body, "BODY_TIME", 0.3)
    with previewed(small_site(tmp_path / "site")) as preview:
        lines = "".join(f"{name}: {value}\n" for name, value in own(preview).items())
        request = f"POST /_desk/new/ HTTP/1.1\n{lines}Content-Length: 50\n\nname="
        assert raw(preview, request).startswith(b"HTTP/1.1 408")


def test_forms_that_are_too_large_or_strange(preview: Preview, unchanged: None) -> None:
    many = {f"field-{n}": "" for n in range(300)}
    assert post(preview, many).status == 400
    assert post(preview, {"name": "a" * 70_000}).status == 413
    for body in (b"token=%ff", b"\xff\xfe", b"name=%c3"):
        assert ask(preview, "POST", "/_desk/new/", body, own(preview)).status in (400, 403)
    for kind, body in (
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
    ):
        sent = own(preview) | {"Content-Type": kind}
        assert ask(preview, "POST", "/_desk/new/", body, sent).status == 400


NAMES = [
    {"slug": "../../outside"},
    {"slug": "/etc/passwd"},
    {"slug": "a/b"},
    {"slug": "con"},
    {"slug": "..%2f"},
    {"name": "a\0b"},
    {"name": "A bell \x07 rings"},
    {"name": "Turned \u202e round"},
    {"name": ""},
    {"name": "\n"},
    {"kind": "../briefs"},
    {"kind": ""},
]


@pytest.mark.parametrize("fields", NAMES, ids=repr)
def test_names_that_are_not_written(
    preview: Preview, unchanged: None, fields: dict[str, str]
) -> None:
    answer = post(preview, fields)
    assert answer.status == 422
    assert 'role="alert"' in answer.text


def test_a_name_is_text(preview: Preview) -> None:
    """What would be YAML, a template or HTML is the text of the title."""
    from builder.content.document import read_document

    texts = [
        'x\nstatus: published\n---\nBody "',
        "{{ 7 * 7 }} [a, b]",
        "<script>alert(1)</script>",
        "!!python/object:os.system",
        "&a *a",
        "null",
    ]
    for n, text in enumerate(texts):
        assert post(preview, {"name": text, "slug": f"text-{n}"}).status == 303
        data = (preview.root / f"content/briefs/text-{n}.md").read_bytes()
        document, problems = read_document("a.md", data)
        assert document and not problems
        assert document.fields["title"] == " ".join(text.split())
        assert document.fields["status"] == "draft"
        assert document.body.strip() == ""


def test_a_preview_on_the_network_is_read_only(tmp_path: Path) -> None:
    with previewed(small_site(tmp_path / "site"), host="0.0.0.0") as preview:
        preview.build({"index.html": page("<p>Front</p>")})
        until(lambda: ask(preview, "GET", "/").status == 200)
        form = ask(preview, "GET", "/_desk/new/")
        assert "<form" not in form.text and "read-only" in form.text
        assert 'method="post"' not in ask(preview, "GET", "/_desk/").text
        before = tree(preview.root / "content")
        answer = ask(preview, "POST", "/_desk/new/", b"token=a&kind=brief&name=B", own(preview))
        assert answer.status == 403 and "--host" in answer.text
        assert tree(preview.root / "content") == before


def test_policies(preview: Preview) -> None:
    """Only pages of the desk post forms, and only to the desk."""
    origin = f"http://localhost:{preview.serving.port}"
    named = {"Host": f"localhost:{preview.serving.port}"}

    def policy(path: str) -> str:
        return ask(preview, "GET", path, None, named).headers["content-security-policy"]

    for path in ("/_desk/", "/_desk/new/"):
        assert f"form-action {origin}/_desk/;" in f"{policy(path)};"
    for path in ("/_slugline/client.js", "/_desk"):
        assert "form-action 'none'" in policy(path)


# Every way in which the scripts of a page of the site could post, with the site's own origin.
STEAL = """async ([address, title]) => {
    const soon = promise => Promise.race([promise,
        new Promise(resolve => setTimeout(() => resolve('nothing'), 3000))]);
    const text = answer => answer.text();
    const read = fetch(address).then(text, () => 'refused');
    const posted = fetch(address, {method: 'POST', body: new URLSearchParams({name: title})})
        .then(text, () => 'refused');
    const framed = soon(new Promise(resolve => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
            try { resolve(frame.contentDocument.body.innerHTML); } catch { resolve('closed'); }
        };
        frame.src = address;
        document.body.append(frame);
    }));
    const popup = window.open(address);
    const opened = new Promise(resolve => setTimeout(resolve, 1500)).then(() => {
        try { return popup.document.body.innerHTML; } catch { return 'closed'; }
    });
    const beacon = navigator.sendBeacon(address, new URLSearchParams({name: title}));
    return Promise.all([read, posted, framed, opened, `${beacon}`]);
}"""


def test_scripts_of_the_site_cannot_write(
    preview: Preview, unchanged: None, open_page: OpenPage
) -> None:
    """A page of the site has the desk's origin, and yet neither reads its token nor posts."""
    form = (
        '<form method="post" action="/_desk/new/"><input name="kind" value="brief">'
        f'<input name="name" value="{TITLE}"></form>'
    )
    preview.build({"a/index.html": page(form)})
    address, token = f"{preview.url}/_desk/new/", token_of(preview)
    with open_page() as tab:
        tab.goto(f"{preview.url}/a/")
        assert token not in str(tab.evaluate(STEAL, [address, TITLE]))
        with tab.expect_navigation():
            tab.evaluate("document.forms[0].submit()")
        assert "Nothing was saved" in tab.content() and token not in tab.content()
