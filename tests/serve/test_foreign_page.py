"""What a page of another site learns of a preview in a real browser: nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.looks import OpenPage
from support.previews import page, previewed

SECRET = "kept-back-7193"

# Every way in which a page can ask for another address, and what it sees of the answer.
ASK = """async address => {
    const soon = (made, wait) => Promise.race([made,
        new Promise(resolve => setTimeout(() => resolve('nothing'), wait))]);
    const loaded = (tag, field) => soon(new Promise(resolve => {
        const element = document.createElement(tag);
        element.onload = () => resolve('load');
        element.onerror = () => resolve('error');
        element[field] = address;
        document.body.append(element);
    }), 3000);
    const fetched = mode => fetch(address, {mode, credentials: 'include'}).then(
        async answer => `${answer.type} ${answer.status} ${await answer.text()}`, () => 'refused');
    const opened = made => soon(new Promise(resolve => {
        made.onopen = () => resolve('open');
        made.onmessage = () => resolve('message');
        made.onerror = () => resolve('error');
    }), 3000);
    const frame = document.createElement('iframe');
    frame.src = address;
    const framed = soon(new Promise(resolve => frame.onload = resolve), 3000).then(() => {
        let text = 'closed';
        try { text = frame.contentWindow.document.body.innerHTML; } catch {}
        return `${frame.contentWindow.length} ${text}`;
    });
    document.body.append(frame);
    const popup = window.open(address);
    const visited = new Promise(resolve => setTimeout(resolve, 2000)).then(() => {
        let text = 'closed';
        try { text = popup.document.body.innerHTML; } catch {}
        const seen = popup ? `${popup.length}` : 'none';
        return `${seen} ${text}`;
    });
    const found = await Promise.all([
        fetched('cors'), fetched('no-cors'), loaded('img', 'src'), loaded('script', 'src'),
        loaded('object', 'data'), framed, visited, opened(new EventSource(address)),
        opened(new WebSocket(address.replace('http', 'ws'))),
    ]);
    popup?.close();
    return found;
}"""


@contextmanager
def another_site(folder: Path) -> Iterator[int]:
    """Serve a folder from another origin; yield its port."""
    folder.mkdir()
    (folder / "index.html").write_text(page("<p>Another site</p>"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_page_of_another_site_learns_nothing(tmp_path: Path, open_page: OpenPage) -> None:
    """It can neither read nor frame a preview, nor tell a draft from a missing page."""
    draft = page(f"<p>{SECRET}</p><iframe srcdoc='a'></iframe>")
    with previewed(tmp_path / "site") as preview, another_site(tmp_path / "other") as port:
        preview.build({"index.html": draft, "draft/index.html": draft, "404.html": page("None")})
        for host in ("127.0.0.1", "localhost"):  # another site, and another port of the same one
            own = f"http://{host}:{port}/"
            asked = [f"{preview.url}/{path}" for path in ("draft/", "missing/", "_desk/")]
            with open_page() as tab:
                tab.goto(own)
                ask = f"addresses => Promise.all(addresses.map({ASK}))"
                found, missing, desk, there, not_there = tab.evaluate(
                    ask, [*asked, own, f"{own}missing/"]
                )
                # A browser makes connections of one page wait for each other: some end unanswered.
                for answers in zip(found, missing, desk, strict=True):
                    assert len({*answers} - {"nothing"}) <= 1, answers
                assert SECRET not in str(found)
                assert found[:2] == ["refused", "refused"]
                # The same questions would tell a page from a missing one elsewhere.
                assert there != not_there
