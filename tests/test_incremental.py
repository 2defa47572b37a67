"""Build, edit, build: only what an edit reaches is rendered, and the result is a clean build's."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import parallel
from builder.job import Result
from sites import NOW, USUAL, brief, build_site, read, tree, write_site

# Three briefs: `one` and `three` share a company and are related, `two` is by itself.
SITE = (
    brief("one", "Scale AI one", "First text.", date="2025-04-10", topics="[Data]", section="labs")
    + brief("two", "Google two", "Second text.", date="2025-05-10", companies="[Google]")
    + brief("three", "Scale AI three", "Third text.", date="2025-06-10", section="labs")
)
FEEDS_OF_ONE = {"/feed.xml", "/companies/scale-ai/feed.xml", "/topics/data/feed.xml"}
# Where the card of `one` is shown.
LISTS_OF_ONE = {
    "/", "/briefs/", "/companies/scale-ai/", "/topics/data/", "/labs/", "/archive/2025/",
    "/archive/2025/04/",
}  # fmt: skip


def edited(folder: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file of a site."""
    file = folder / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def urls(result: Result) -> set[str]:
    return {stale.url for stale in result.rendered}


def why(result: Result) -> dict[str, tuple[str, ...]]:
    return {stale.url: stale.reasons for stale in result.rendered}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that has been built once."""
    write_site(tmp_path, SITE)
    assert len(build_site(tmp_path).rendered) > 15
    return tmp_path


def test_nothing_changed(site: Path) -> None:
    before = tree(site / "output")
    result = build_site(site)
    assert urls(result) == set()
    assert tree(site / "output") == before


def test_files_are_only_touched(site: Path) -> None:
    """Times of files mean nothing."""
    for file in site.rglob("*"):
        if "output" not in file.parts and file.is_file():
            file.touch()
    assert urls(build_site(site)) == set()


def test_later_without_news(site: Path) -> None:
    assert urls(build_site(site, now=NOW + timedelta(days=30))) == set()


def test_unchanged_files_stay_the_same_files(site: Path) -> None:
    """What is not rendered is not written: a server's caches and a deploy see no change."""
    before = {p: p.stat().st_ino for p in (site / "output").rglob("*.html")}
    edited(site, "content/briefs/one.md", "First text", "Other text")
    build_site(site)
    changed = {p for p, inode in before.items() if p.stat().st_ino != inode}
    assert changed == {site / "output/briefs/one/index.html"}


def test_body(site: Path) -> None:
    """A typo in a body: its page and its feeds, no list."""
    edited(site, "content/briefs/one.md", "First text", "Other text")
    result = build_site(site)
    assert urls(result) == {"/briefs/one/", *FEEDS_OF_ONE}
    assert why(result)["/briefs/one/"] == ("`body` changed",)
    assert why(result)["/feed.xml"] == ("`items` changed",)


def test_title(site: Path) -> None:
    """Its page, its lists, its feeds, its neighbours, and the brief that it is related to."""
    edited(site, "content/briefs/one.md", "Scale AI one", "Scale AI first")
    result = build_site(site)
    around = {"/briefs/one/", "/briefs/two/", "/briefs/three/"}
    assert urls(result) == around | LISTS_OF_ONE | FEEDS_OF_ONE
    assert why(result)["/briefs/two/"] == ("`older` changed",)
    assert why(result)["/briefs/three/"] == ("`earlier` changed",)


def test_summary(site: Path) -> None:
    """As the title, but for neighbours and related briefs, which show no summary."""
    edited(site, "content/briefs/one.md", "summary: It hires.", "summary: It fires.")
    assert urls(build_site(site)) == {"/briefs/one/"} | LISTS_OF_ONE | FEEDS_OF_ONE


def test_why_it_matters(site: Path) -> None:
    """What only the page and the feeds show."""
    edited(site, "content/briefs/one.md", "summary: It hires.", "summary: It hires.\nwhy: So.")
    assert urls(build_site(site)) == {"/briefs/one/"} | FEEDS_OF_ONE


def test_company_name(site: Path) -> None:
    """Every page that shows the name, and none of a brief that does not."""
    edited(site, "content/companies/google.md", "name: Google", "name: Gogol\naliases: [Google]")
    found = urls(build_site(site))
    assert {"/companies/google/", "/companies/google/feed.xml", "/companies/", "/feeds/"} <= found
    assert {"/briefs/two/", "/feed.xml", "/", "/briefs/"} <= found
    assert not {"/briefs/one/", "/briefs/three/", "/labs/", "/topics/data/", "/archive/"} & found


def test_company_profile(site: Path) -> None:
    edited(
        site, "content/companies/google.md", "name: Google\n---\n", "name: Google\n---\nA lab.\n"
    )
    assert urls(build_site(site)) == {"/companies/google/"}


def test_new_brief(site: Path) -> None:
    """Its page, its neighbour, the briefs that it follows up, its lists, feeds and sitemap."""
    new = brief("four", "Google four", date="2025-06-20", companies="[Google]", section="deals")
    write_site(site, new, usual=False)
    found = urls(build_site(site))
    assert found == {
        "/briefs/four/",
        "/briefs/three/",  # its neighbour: `newer`
        "/briefs/two/",  # it follows it up: `later`
        "/", "/briefs/", "/companies/", "/companies/google/", "/deals/",
        "/archive/", "/archive/2025/", "/archive/2025/06/",
        "/feed.xml", "/companies/google/feed.xml", "/sitemap.xml",
    }  # fmt: skip


def test_deleted_brief(site: Path) -> None:
    (site / "content/briefs/two.md").unlink()
    result = build_site(site)
    assert {"/briefs/one/", "/briefs/three/", "/", "/feed.xml", "/sitemap.xml"} <= urls(result)
    assert "/topics/data/" not in urls(result) and "/labs/" not in urls(result)
    dropped = {
        "briefs/two/index.html", "companies/google/feed.xml", "archive/2025/05/index.html",
    }  # fmt: skip
    assert set(result.dropped) == dropped
    assert not any((site / "output" / path).exists() for path in dropped)
    assert not (site / "output/briefs/two").exists(), "no empty folder is left"


def test_changed_address(site: Path) -> None:
    edited(site, "content/briefs/two.md", "id: id-two", "id: id-two\nslug: zwei\nredirects: [two]")
    result = build_site(site)
    assert {"/briefs/zwei/", "/briefs/two/", "/sitemap.xml"} <= urls(result)
    assert result.dropped == ()
    assert why(result)["/briefs/zwei/"] == ("it is new",)
    assert "zwei" in read(site, "briefs/two/index.html")


def template(name: str) -> str:
    return (Path(__file__).parent.parent / "templates" / name).read_text("utf-8")


def test_template(site: Path) -> None:
    """The pages of that template and no other."""
    write_site(site, f"=== templates/topic.html\n{template('topic.html')}\n<!-- -->\n", usual=False)
    result = build_site(site)
    assert urls(result) == {"/topics/data/"}
    (reasons,) = why(result).values()
    assert reasons == ("the template topic.html, or one that it uses, changed",)


def test_part_of_templates(site: Path) -> None:
    """Every page whose template imports it, also by way of another."""
    source = template("parts/sources.html")
    write_site(site, f"=== templates/parts/sources.html\n{source}\n{{# new #}}\n", usual=False)
    found = urls(build_site(site))
    assert {"/briefs/one/", "/companies/google/"} <= found
    assert not {"/", "/briefs/", "/feed.xml", "/topics/", "/404.html"} & found


def test_style_sheet(site: Path) -> None:
    """Its address has a digest of it: every page with a head names the new one."""
    before = {p.name for p in (site / "output/assets").glob("style.*.css")}
    write_site(site, "=== templates/assets/style.css\nbody { color: #123 }\n", usual=False)
    result = build_site(site)
    found = urls(result)
    assert {"/", "/briefs/one/", "/404.html", "/companies/google/"} <= found
    assert not [url for url in found if url.endswith((".xml", ".txt"))]
    assert "/companies/facebook/" not in found, "a redirect has no style"
    assert all("`site` changed" in reasons for reasons in why(result).values())
    now = {p.name for p in (site / "output/assets").glob("style.*.css")}
    assert len(now) == 1 and not now & before


def test_title_of_the_site(site: Path) -> None:
    edited(site, "site.yaml", "title: Test", "title: Quest")
    found = urls(build_site(site))
    assert {"/", "/briefs/one/", "/404.html", "/feed.xml", "/companies/scale-ai/feed.xml"} <= found
    assert not {"/sitemap.xml", "/robots.txt", "/companies/facebook/"} & found


def test_base_url(site: Path) -> None:
    """A page that says its address; and what only depends on the base URL through its links."""
    found = urls(build_site(site, base_url="https://test.example/news"))
    everything = tree(site / "output")
    clean = site.parent / "clean"
    write_site(clean, SITE)
    build_site(clean, base_url="https://test.example/news")
    assert everything == tree(clean / "output")
    assert "/404.html" in found


def test_embargo_and_expiry(site: Path) -> None:
    """Moving `now` across them renders what a new or deleted brief would."""
    new = brief("four", "Google four", date="2025-07-02 09:00", companies="[Google]",
                expires="2025-07-03 09:00")  # fmt: skip
    write_site(site, new, usual=False)
    before = tree(site / "output")
    assert urls(build_site(site)) == set()
    out = build_site(site, now=datetime(2025, 7, 2, 7, 0, tzinfo=UTC))
    assert {"/briefs/four/", "/briefs/three/", "/", "/feed.xml", "/sitemap.xml"} <= urls(out)
    assert "/briefs/one/" not in urls(out)
    assert urls(build_site(site, now=datetime(2025, 7, 3, 6, 59, tzinfo=UTC))) == set()
    gone = build_site(site, now=datetime(2025, 7, 3, 7, 0, tzinfo=UTC))
    assert "/briefs/three/" in urls(gone)
    assert "briefs/four/index.html" in gone.dropped
    assert tree(site / "output") == before


def test_another_program(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version renders everything, and says so."""
    for module in ("again", "build", "making", "pipeline"):
        monkeypatch.setattr(f"builder.{module}.program", lambda: "else")
    result = build_site(site)
    assert len(result.rendered) == result.pages
    assert all("the program changed" in reasons for reasons in why(result).values())


def test_every_rendered_page_has_a_reason(site: Path) -> None:
    edited(site, "content/briefs/one.md", "Scale AI one", "Scale AI first")
    assert all(reasons for reasons in why(build_site(site)).values())


def test_error_leaves_the_output(site: Path) -> None:
    before = tree(site / "output")
    edited(site, "content/briefs/one.md", "[Scale AI]", "[Nobody]")
    with pytest.raises(Exception, match="diagnostic"):
        build_site(site)
    assert tree(site / "output") == before


# --- any edits ---------------------------------------------------------------------------------

SLUGS = ("aa", "bb", "cc", "dd")
COMPANIES = ("Google", "Scale AI", "Meta", "Facebook")
EDITS = st.one_of(
    st.fixed_dictionaries(
        {
            "slug": st.sampled_from(SLUGS),
            "title": st.sampled_from(("Google", "Meta", "Scale AI", "It's “so”")),
            "body": st.sampled_from(
                ("Google.", "[[Meta]] [[brief:aa]]", "## Why\n\nA[^1].\n\n[^1]: N")
            ),
            "date": st.sampled_from(("2025-05-01", "2025-05-02", "2025-06-15", "2025-07-02")),
            "companies": st.lists(st.sampled_from(COMPANIES), max_size=3).map(
                lambda names: f"[{', '.join(names)}]"
            ),
            "topics": st.sampled_from(("[]", "[Data]", "[Data, 'R&D']")),
            "people": st.sampled_from(("[]", "[Ann Lee]")),
            "section": st.sampled_from(("deals", "labs")),
            "status": st.sampled_from(("published", "published", "draft", "withdrawn")),
            "withdrawn_because": st.just("Wrong."),
            "importance": st.sampled_from(("1", "2", "3")),
        }
    ),
    st.tuples(st.just("delete"), st.sampled_from(SLUGS[1:])),
    st.tuples(st.just("company"), st.sampled_from(("Google", "Alphabet", "Google Inc"))),
    st.tuples(st.just("merge"), st.sampled_from(("meta", ""))),
    st.tuples(st.just("site"), st.sampled_from(("Test", "Quest & co"))),
    st.tuples(st.just("now"), st.sampled_from((1, 48, 2000))),
    st.tuples(st.just("template"), st.sampled_from(("a", "b"))),
    st.tuples(st.just("output"), st.sampled_from(("index.html", "feed.xml", "foreign.txt"))),
)  # fmt: skip


def apply(folder: Path, edit: dict[str, str] | tuple[str, object]) -> timedelta:
    """Do an edit in a site's folder; how far it moves `now`."""
    if isinstance(edit, dict):
        fields = dict(edit)
        write_site(
            folder, brief(fields.pop("slug"), fields.pop("title"), fields.pop("body"), **fields),
            usual=False,
        )  # fmt: skip
        return timedelta(0)
    kind, value = edit
    google = (
        "=== content/companies/google.md\n---\nid: goog2222\nname: {}\naliases: [Google LLC{}]\n"
    )
    if kind == "delete":
        (folder / f"content/briefs/{value}.md").unlink(missing_ok=True)
    elif kind == "company":
        more = "" if value == "Google" else ", Google"
        write_site(folder, google.format(value, more) + "---\nA profile.\n", usual=False)
    elif kind == "merge":
        into = "merged_into: Meta\n" if value else ""
        write_site(folder, google.format("Google", "") + into + "---\n", usual=False)
    elif kind == "site":
        text = USUAL.partition("=== content")[0].replace("title: Test", f"title: '{value}'")
        write_site(
            folder, text.replace("author: desk\n", "author: desk\nper_page: 2\n"), usual=False
        )
    elif kind == "template":
        source = template("topics.html")
        write_site(folder, f"=== templates/topics.html\n{source}{{# {value} #}}\n", usual=False)
    elif kind == "output" and (folder / "output").is_dir():
        # Somebody deletes a file of ours, or leaves one of theirs.
        if value == "foreign.txt":
            return timedelta(0)
        (folder / "output" / str(value)).unlink(missing_ok=True)
    return timedelta(hours=float(value)) if kind == "now" else timedelta(0)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=1, max_size=2))
def test_incremental_build_is_a_clean_build(rounds: list[list[dict[str, str]]]) -> None:
    """After any edits: the same bytes as a clean build in another folder, by two processes."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "FEWEST", 1)
        patch.setattr(parallel, "_RANGE", 7)
        folder, clean = Path(name) / "site", Path(name) / "clean"
        now = NOW
        write_site(folder, brief("aa", "Google", date="2025-05-01", companies="[Google]"))
        build_site(folder, now=now)
        for edits in rounds:
            for edit in edits:
                now += apply(folder, edit)
            build_site(folder, now=now)
            assert urls(build_site(folder, now=now)) == set(), "a second build renders nothing"
        shutil.copytree(folder, clean, ignore=shutil.ignore_patterns("output", ".output*"))
        build_site(clean, now=now, jobs=2)
        assert tree(folder / "output") == tree(clean / "output")


def test_many_processes_make_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--jobs`: the same bytes and the same diagnostics."""
    write_site(tmp_path, SITE + brief("four", "No name", body="<b>x</b> (a"))
    one = build_site(tmp_path)
    found = tree(tmp_path / "output")
    monkeypatch.setattr(parallel, "FEWEST", 1)
    monkeypatch.setattr(parallel, "_RANGE", 2)
    for jobs in (2, 3):
        shutil.rmtree(tmp_path / "output")
        many = build_site(tmp_path, jobs=jobs)
        assert tree(tmp_path / "output") == found
        assert many.problems == one.problems
        assert [s.url for s in many.rendered] == [s.url for s in one.rendered]


def test_mistake_in_a_process_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that fails in a worker is the same diagnostic as in one process."""
    monkeypatch.setattr(parallel, "FEWEST", 1)
    write_site(tmp_path, SITE + "=== templates/robots.txt\nA\n{{ sitemap.nothing }}\n")
    messages = set()
    for jobs in (1, 2):
        with pytest.raises(Exception, match="diagnostic") as caught:
            build_site(tmp_path, jobs=jobs)
        messages.add(str(caught.value.diagnostics))  # type: ignore[attr-defined]
    assert len(messages) == 1
    assert not (tmp_path / "output").exists()
