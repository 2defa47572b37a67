"""A small site in which everything can change, as edits that Hypothesis draws: what editors write,
what they configure, the clock, and what happens to the folders behind a build's back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from builder.engine.options import Options
from support.sites import NOW, options, picture, png_chunk
from support.tools import REPOSITORY

# Files and a folder in the output that are somebody else's.
FOREIGN = (
    "CNAME", "theirs/a.txt", "theirs/deep/b.txt", "briefs/theirs.txt", "companies/google/n.txt",
    "archive/2025/07/n.txt", "empty/",
)  # fmt: skip

# --- what texts say ----------------------------------------------------------------------------

BODIES = (
    "Plain.",
    "Plume.",  # as long as the one before
    "Google and Meta, then Google again; Scale, Facebook and Gogol too.",
    "[[Google]] and [[Meta]].",
    "[[Facebook]], [[Data]] and [[Ann Lee]].",
    "See [[brief:aa]] or [[brief:bb]].",
    "See [[brief:aa#why]] and [[brief:aa#first]].",
    "[[company:google|The firm]], [[topic:data|it]], [[person:ann-lee|she]], [[page:about]].",
    "[Text](../briefs/aa.md) and [about](../pages/about.md#content).",
    "[Text](../companies/google.md).",
    "[All](/briefs/) [a](/briefs/aa/) [g](/companies/google/#coverage) [d](/topics/data/).",
    "[b](/briefs/bb/?x=1) [l](/people/ann-lee/) [m](/archive/2025/07/).",
    "![A square](../media/p.png)",
    '![A square](../media/p.png "The square | R")',
    "![A square](https://pics.example/p.png?a=1&b#3x2)",
    "[The paper](/media/d.txt)",
    "## First\n\nA[^1].\n\n[^1]: Note.\n\n## Why\n\nB.",
    "| a | b |\n|---|---|\n| 1 | [[Google]] |",
    "“So” it's -- <i>told</i> (unbalanced",
    "[top](#content) [first](#first)\n\n### First",
    "[[thread:saga]], [[thread:deal|it]] and [all](/threads/).",
)
BODY = st.lists(st.sampled_from(BODIES), min_size=1, max_size=3).map("\n\n".join)
SOURCES = (
    "[{id: r, publisher: Reuters, published: 2025-06-13}]",
    "[{id: r, publisher: RTR, title: 'He said \"no\"', url: 'https://r.example/1'}]",
    "[{id: r, publisher: Reuters}, {id: m, publisher: Le Monde, lang: fr, role: relay, of: r}]",
    "[{id: r, publisher: Le Monde, via: RTR, url: 'https://www.r.example/1/?utm_source=x'}]",
    "[{id: r, publisher: Reuters, url: 'https://r.example/1', archive: {url:"
    " 'https://a.example/1', at: 2025-07-02}}]",
    "[{id: r, url: 'https://r.example/1', archive: 'https://a.example/20250613000000/x/',"
    " gone: 2025-07-01 18:00}]",
    "[{id: m, publisher: Le Monde, lang: fr}, {id: t, publisher: rtr, role: translation, of: m}]",
    "[]",
)
# NOW is the first of July, noon in UTC.
DATES = (
    "2024-12-31", "2025-05-01", "2025-05-02", "2025-06-15 09:00", "2025-06-30 23:30", "2025-07-01",
    "2025-07-02 09:00", "2025-07-03",
)  # fmt: skip
LATER = ("", "", "2025-06-30", "2025-07-01 18:00", "2025-07-02 12:00")


def _choices(**fields: Any) -> st.SearchStrategy[dict[str, str]]:
    """Front matter: for each field one of some values; an empty one leaves it out."""
    return st.fixed_dictionaries(
        {
            name: values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)
            for name, values in fields.items()
        }
    )


BRIEFS = _choices(
    title=("Google one", "Google two", "Scale AI", "Meta’s \"it\" -- so", "Nobody"),
    note=("", "", "# a comment\n"),
    date=DATES,
    summary=("It hires.", "It fires.", ""),
    companies=("[Google]", "[Google, Meta]", "[Facebook]", "[Scale, google]", "[]", "[Meta]"),
    topics=("[]", "[Data]", "[data, 'R&D']", "[DATA]", "[Labour]", "[Data, 数据]"),
    people=("[]", "[Ann Lee]", "[ann lee, Bo]"),
    sources=SOURCES,
    section=("", "deals", "labs", "Labs"),
    author=("", "ann", "ann", "Ann Lee", "[bo, ann]", "desk"),
    importance=("1", "2", "3"),
    status=("published", "published", "published", "draft", "withdrawn"),
    withdrawn_because=("Wrong.",),
    updated=LATER,
    expires=(*LATER, ""),
    event_date=("", "", "2025-05", "2025-06-14"),
    figures=(
        "", "",
        "[{id: f, of: Google, metric: revenue, value: 1bn USD, period: 2024}]",
        "[{id: f, of: Google, metric: revenue, value: 1bn USD, period: 2024, source: r,"
        " words: It has 1bn.}]",
        "[{id: f, of: Google, metric: Revenue, value: 2bn USD, period: 2024, preferred: true}]",
        "[{id: f, of: Facebook, to: Google, metric: stake, value: 49%, as_of: 2025-06},"
        " {id: g, of: Google, metric: revenue, value: 870m USD, period: 2023},"
        " {id: h, of: Google, metric: half, formula: g / 2, basis: derived, period: 2023}]",
        "[{id: v, of: Google, metric: valuation, value: 1bn USD, as_of: 2023},"
        " {id: w, of: Google, metric: valuation, value: 3bn USD, as_of: 2024-05}]",
        "[{id: v, of: Google, metric: valuation, value: 2bn USD, as_of: 2025-06-01, source: r},"
        " {id: w, of: Google, metric: valuation, value: 3bn USD, as_of: 2024-05}]",
    ),
    relations=(
        "", "",
        "[{from: Google, type: customer, to: Scale AI}]",
        "[{from: Google, type: customer, to: Scale AI, until: 2025-07-02},"
        " {from: Facebook, type: rival, to: Google}, {from: Scale, type: rival, to: Meta}]",
        "[{from: Scale, type: supplier, to: Google, since: 2025-07-01 20:00, source: r},"
        " {from: Meta, type: acquisition, to: Google, planned: true, until: 2025-07-01 18:00}]",
        "[{from: Meta, type: parent, to: Google, until: planned, figure: f}]",
    ),
    events=(
        "", "",
        "[{id: e, title: The fair, date: 2025-07-01 18:00, where: Here}]",
        "[{id: e, title: A fair, date: 2025-07-02, of: Google, changes: aa#e},"
        " {id: l, title: The end, date: 2025-09}]",
        "[{id: e, title: The fair, date: 2025-06-01, status: cancelled, changes: bb#e}]",
    ),
    corrections=(
        "", "",
        "[{at: 2025-06-30, kind: factual, was: one, now: two}]",
        "[{at: 2025-07-01 18:00, kind: omission, now: three, note: It's so.},"
        " {at: 2025-06-30, kind: translation, was: un, now: one}]",
    ),
    why=("", "It matters."),
    image=(
        "", "", "", "{file: p.png, alt: A square}", "{file: 'https://pics.example/p', alt: A}",
        "{chart: valuation of Google}", "{chart: Valuation of Google, credit: R}",
        "{file: p.png, alt: A, made: generated, focus: top left}",
    ),
    lang=("", "", "nl"),
    slug=("", "", "", "-new"),
    file=("", "", "", "-moved"),
    thread=("", "", "saga", "saga", "deal"),
    follows=("", "", "1", "2", "all"),  # so many of the briefs whose names come before
    body=BODY,
)  # fmt: skip
COMPANIES = {
    "google": _choices(
        name=("Google", "Google", "Gogol"),
        aliases=("[]", "[Gogol]", "[Alphabet]"),
        formerly=("[]", "[Googol]"),
        parent=("", "", "Meta"),
        merged_into=("", "", "", "Meta"),
        summary=("", "A lab."),
        people=("[]", "[Ann Lee]"),
        sources=SOURCES,
        slug=("", "", "", "goog"),
        body=BODY,
    ),
    "meta": _choices(
        name=("Meta", "Meta", "Meta Inc"),
        formerly=("[Facebook]",),
        parent=("", "", "Scale AI"),
        merged_into=("", "", "", "", "Scale AI"),
        file=("", "", "-moved"),
        body=BODY,
    ),
    "scale-ai": _choices(name=("Scale AI",), aliases=("[Scale]", "[Scale, scl]"), body=BODY),
    "initech": _choices(name=("Initech",), aliases=("[]", "[Nobody]"), parent=("", "Google")),
}
TOPICS = _choices(
    name=("Data", "Datá", "Data sets"), aliases=("[Data, 数据]", "[数据]", "[labour, Data]", "[]"),
    summary=("", "What is known."), body=(*BODIES[:5], ""), redirects=("[]", "[facts]"),
)  # fmt: skip
THREADS = _choices(
    title=("The saga", "The “deal” -- so"), summary=("", "It goes on."), body=("", *BODIES[:6]),
    closed=("", "", "2025-06", "2025-07-01 18:00", "2025-07-02"), sources=SOURCES,
    redirects=("[]", "[old]"),
)  # fmt: skip
PEOPLE = _choices(
    name=("Ann Lee", "Ánn Lee", "Ann B. Lee"), aliases=("[Ann Lee]", "[]", "[Ann Lee, Bo]"),
    role=("", "chief"), company=("", "Google", "Facebook"), body=("", *BODIES[:5]), sources=SOURCES,
)  # fmt: skip
PUBLISHERS = _choices(
    name=("Reuters", "Thomson Reuters"), aliases=("[RTR]", "[RTR, Reuters]"),
    kind=("", "news agency"), slug=("", "", "wire"), redirects=("[]", "[old-wire]"),
    body=("", *BODIES[:5]),
)  # fmt: skip
PAGES = _choices(
    title=("About", "Colofon"), lang=("", "nl"), summary=("", "Us."), updated=LATER, body=BODY
)
DIGESTS = _choices(title=("", "A week"), summary=("", "It was."), body=BODY)
WEEKS = ("2025-w24", "2025-w27", "2025-w30")
RECORDS = st.one_of(
    st.tuples(st.just("briefs"), st.sampled_from(("aa", "bb", "cc", "dd", "ee", "ff")), BRIEFS),
    st.tuples(st.just("briefs"), st.sampled_from(("aa", "bb", "cc")), BRIEFS),
    *(st.tuples(st.just("companies"), st.just(s), fields) for s, fields in COMPANIES.items()),
    st.tuples(st.just("topics"), st.sampled_from(("data", "labour")), TOPICS),
    st.tuples(st.just("threads"), st.sampled_from(("saga", "deal")), THREADS),
    st.tuples(st.just("people"), st.just("ann-lee"), PEOPLE),
    st.tuples(st.just("publishers"), st.just("reuters"), PUBLISHERS),
    st.tuples(st.just("pages"), st.sampled_from(("about", "terms", "corrections")), PAGES),
    st.tuples(st.just("digests"), st.sampled_from(WEEKS), DIGESTS),
)
# An edit of one field of what is there already.
FIELDS = st.one_of(
    st.tuples(
        st.just("field"), st.sampled_from(("aa", "bb", "cc")), BRIEFS,
        st.sampled_from((
            "title", "note", "date", "summary", "companies", "topics", "people", "sources",
            "section", "importance", "status", "updated", "expires", "figures", "relations", "why",
            "events",
            "image", "slug", "file", "thread", "follows", "corrections", "body",
        )),
    ),
)  # fmt: skip
GONE = (
    "briefs/bb", "briefs/cc", "briefs/dd", "briefs/ee", "briefs/ff", "companies/initech",
    "topics/data", "topics/labour", "threads/deal", "people/ann-lee", "publishers/reuters",
    "pages/terms", "pages/corrections", "digests/2025-w24", "digests/2025-w27",
)  # fmt: skip

# --- what is configured ------------------------------------------------------------------------

AUTHORS = (
    "[{slug: ann, name: Ann Lee}, {slug: bo, name: Bo}, {slug: desk, name: Desk,"
    " kind: organization}]",
    "[{slug: ann, name: Ann Lee, url: 'https://ann.example/'}, {slug: bo, name: Bo, kind:"
    " organization}, {slug: desk, name: Desk, picture: p.png}]",
)
SETTINGS = _choices(
    title=("Test", "Quest & co", "Best"),
    language=("en-GB", "en-GB", "nl"),
    time_zone=("Europe/Amsterdam", "America/New_York"),
    base_url=("https://test.example", "https://test.example/news"),
    per_page=("1", "2", "3"),
    feed_items=("1", "2", "3"),
    feed_size=("1", "4", "512"),
    trusted=("[https://pics.example]", "", "[https://stats.example, https://pics.example]"),
    hosting=("", "", "netlify", "cloudflare", "caddy"),
    markdown=("", "true"),
    record=("", "[json, sqlite]"),
    pictures=("", "", "{widths: [40, 60]}", "{widths: [50, 60], largest: 70, quality: 50}"),
    tagline=("", "All of it"),
    authors=AUTHORS,
    sections=(
        "[{slug: deals, name: Deals}, {slug: labs, name: Labs}]",
        "[{slug: labs, name: Labs}, {slug: deals, name: Buys, summary: S}]",
        "[{slug: deals, name: Deals}, {slug: labs, name: Labs}, {slug: more, name: More}]",
    ),
    menu=(
        "[]",
        "[{name: About, url: /about/}]",
        "[{name: Paper, url: /media/d.txt}]",
        "[{name: Threads, url: /threads/}]",
    ),
)
STARTER = REPOSITORY / "templates"
TEMPLATES = (
    "topic.html",
    "thread.html",
    "page.html",
    "feed.xml",
    "parts/cards.html",
    "base.html",
    "robots.txt",
)
CSS = "assets/style.css"


# The last is published without a part of it.
_NOTED = picture(3, 1)[:33] + png_chunk(b"tEXt", b"Comment\0From the hall") + picture(3, 1)[33:]
MEDIA = {
    "p.png": [picture(3, 1), picture(3, 2), picture(90, 1, 50), _NOTED],
    "d.txt": [b"One", b"Two", b"Four", b"Five"],
}

# --- edits -------------------------------------------------------------------------------------

MISTAKES = ("company", "syntax", "template", "page", "site")
CONTENT = st.one_of(
    RECORDS,
    RECORDS,
    RECORDS,
    FIELDS,
    FIELDS,
    st.tuples(st.just("gone"), st.sampled_from(GONE)),
    st.tuples(st.just("site"), SETTINGS),
    st.tuples(st.just("media"), st.sampled_from(sorted(MEDIA)), st.integers(-1, 3)),
    st.tuples(st.just("template"), st.sampled_from((*TEMPLATES, CSS)), st.integers(-1, 1)),
    st.tuples(st.just("mistake"), st.sampled_from(MISTAKES)),
    st.tuples(st.just("touch")),
)
CIRCUMSTANCES = st.one_of(
    st.tuples(st.just("now"), st.sampled_from((-2000, -48, -20, -1, 0, 1, 7, 24, 48, 2000))),
    st.tuples(st.just("now"), st.sampled_from((0, 7, 24))),
    st.tuples(st.just("drafts"), st.booleans()),
    st.tuples(st.just("base_url"), st.sampled_from(("", "", "https://else.example/sub"))),
)
BEHIND = st.one_of(
    st.tuples(st.just("cache"), st.sampled_from(("delete", "save", "save", "back", "back"))),
    st.tuples(
        st.just("damage"), st.integers(0, 30), st.sampled_from(("flip", "cut", "empty", "more")),
        st.integers(0, 2000),
    ),
    st.tuples(st.just("output"), st.sampled_from(("delete", "save", "save", "back", "back"))),
    st.tuples(
        st.just("alter"), st.integers(0, 60),
        st.sampled_from(("write", "replace", "remove", "folder", "undone")),
    ),
    st.tuples(st.just("foreign"), st.sampled_from(FOREIGN), st.sampled_from(("a", "b", ""))),
    st.tuples(st.just("foreign"), st.sampled_from(FOREIGN), st.sampled_from(("a", "b", ""))),
    st.tuples(st.just("spare")),
    st.tuples(st.just("check")),
    st.tuples(st.just("elsewhere")),
)  # fmt: skip
EDITS = st.one_of(CONTENT, CONTENT, CONTENT, CIRCUMSTANCES, BEHIND, BEHIND)
# A round: edits, and how the build is run: by how many processes, and whether time has passed
# since the last edit, so that what files look like may be trusted.
ROUNDS = st.tuples(
    st.lists(EDITS, min_size=0, max_size=3), st.sampled_from((1, 1, 1, 2)), st.booleans(),
    st.booleans(),
)  # fmt: skip


FOLDERS = (
    "briefs", "companies", "topics", "threads", "people", "publishers", "pages", "digests",
)  # fmt: skip


class World:
    """A site in a folder, the moment and the options of its builds, and older copies."""

    def __init__(self, base: Path) -> None:
        self.base, self.root, self.output = base, base / "site", base / "site/output"
        self.hours, self.drafts, self.base_url = 0, False, ""
        self.written: dict[str, dict[str, str]] = {}  # the fields of each brief
        self.touched = False  # whether somebody else changed the output since the last build
        for edit in BEGINNING:
            self.do(edit)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(hours=self.hours)

    def options(self, **more: Any) -> Options:
        more = {"allow_empty": True, **more}  # else what a build tells depends on the output
        return options(self.now, drafts=self.drafts, base_url=self.base_url, **more)

    def inputs(self) -> dict[str, bytes]:
        """Every file that a build reads."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for name in ("content", "templates", "site.yaml")
            for path in sorted([self.root / name, *(self.root / name).rglob("*")])
            if path.is_file()
        }

    def write(self, path: str, data: bytes, keep_time: bool = False) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        seen = target.stat() if target.exists() else None
        target.write_bytes(data)
        if keep_time and seen:
            os.utime(target, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    def mend(self, good: dict[str, bytes]) -> None:
        """Make the inputs again what they were."""
        now = self.inputs()
        for path in now.keys() - good.keys():
            (self.root / path).unlink()
        for path, data in good.items():
            if now.get(path) != data:
                self.write(path, data)

    def foreign(self) -> set[str]:
        """What of somebody else's is in the output."""
        return {path for path in FOREIGN if (self.output / path).exists()}

    # --- what can be done ----------------------------------------------------------------------

    def do(self, edit: tuple[Any, ...]) -> None:
        kind, *rest = edit
        if kind in FOLDERS:
            self._record(kind, *rest)
        else:
            getattr(self, f"_{kind}")(*rest)

    def _record(self, folder: str, slot: str, fields: dict[str, str]) -> None:
        fields = dict(fields)
        if folder == "briefs":
            self.written[slot] = dict(fields)
            if slot == "aa" or not fields["slug"]:
                fields["slug"] = ""
            else:
                fields["slug"], fields["redirects"] = f"{slot}-new", f"[{slot}]"
        moved, note = fields.pop("file", ""), fields.pop("note", "")
        if moved and not fields.get("slug"):
            fields["slug"] = slot
        if folder == "companies" and fields["name"] in ("Gogol", "Meta Inc"):
            usual = slot.title()
            others = fields.get("aliases", "[]").strip("[]").replace("Gogol", "")
            fields["aliases"] = f"[{usual}{', ' if others else ''}{others}]"
        body = fields.pop("body", "Profile.")
        if folder != "digests":
            fields["id"] = f"{folder}-{slot}"
        for other in (f"content/{folder}/{slot}.md", f"content/{folder}/{slot}-moved.md"):
            if other != f"content/{folder}/{slot}{moved}.md":
                (self.root / other).unlink(missing_ok=True)
        if fields.get("follows"):
            fields["follows"] = f"[{', '.join(self._before(slot, fields['follows']))}]"
        quoted = ("title", "name", "summary")
        lines = "".join(
            f"{name}: {_quoted(value) if name in quoted else value}\n"
            for name, value in fields.items()
            if value
        )
        text = f"---\n{note}{lines}---\n{body}\n"
        self.write(f"content/{folder}/{slot}{moved}.md", text.encode(), keep_time=True)

    def _before(self, slot: str, how_many: str) -> list[str]:
        """The addresses of briefs whose names come before a brief's, so that none is a circle."""
        names = sorted(other for other in self.written if other < slot)
        addresses = [f"{n}-new" if n != "aa" and self.written[n]["slug"] else n for n in names]
        return addresses[: None if how_many == "all" else int(how_many)]

    def _field(self, slot: str, fields: dict[str, str], name: str) -> None:
        before = self.written.get(slot, fields)
        self._record("briefs", slot, {**before, name: fields[name]})

    def _gone(self, what: str) -> None:
        briefs = [*self.root.glob("content/briefs/*.md")]
        if what.startswith("briefs/") and len(briefs) == 1:
            return  # a build refuses to replace a site by one without briefs
        self.written.pop(what.rpartition("/")[2], None)
        for ending in ("", "-moved"):
            (self.root / f"content/{what}{ending}.md").unlink(missing_ok=True)

    def _site(self, fields: dict[str, str]) -> None:
        fields = {"author": "desk", "authors": AUTHORS[0], **fields}
        text = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
        self.write("site.yaml", text.encode(), keep_time=True)

    def _media(self, name: str, number: int) -> None:
        if number < 0:
            (self.root / f"content/media/{name}").unlink(missing_ok=True)
        else:
            self.write(f"content/media/{name}", MEDIA[name][number], keep_time=True)

    def _template(self, name: str, number: int) -> None:
        path = f"templates/{name}"
        if number < 0:
            (self.root / path).unlink(missing_ok=True)
        elif name == CSS:
            self.write(path, b"body { color: #%d23 }\n" % number)
        elif name == "robots.txt":
            self.write(path, b"# %d\nSitemap: {{ sitemap }}\n" % number)
        else:
            source = (STARTER / name).read_text("utf-8")
            self.write(path, f"{source}<!-- {number} -->\n".encode())

    def _mistake(self, kind: str) -> None:
        wrong = {
            "company": ("content/briefs/gg.md", "---\ntitle: G\ndate: 2025-06-01\n"
                        "companies: [Nobody else]\n---\nText.\n"),
            "syntax": ("content/pages/gg.md", "---\ntitle: [\n---\nText.\n"),
            "template": ("templates/topics.html", "{% if %}"),
            # Some pages can be rendered by it.
            "page": ("templates/company.html", "{{ latest[1].title }}"),
            "site": ("site.yaml", "title: 'x\n"),
        }  # fmt: skip
        path, text = wrong[kind]
        self.write(path, text.encode())

    def _touch(self) -> None:
        for path in self.inputs():
            os.utime(self.root / path)

    def _now(self, hours: int) -> None:
        self.hours = hours

    def _drafts(self, drafts: bool) -> None:
        self.drafts = drafts

    def _base_url(self, base_url: str) -> None:
        self.base_url = base_url

    # --- behind a build's back -----------------------------------------------------------------

    def _copies(self, folder: Path, what: str) -> None:
        saved = self.base / f"saved{folder.name}"
        if what == "save" and folder.is_dir():
            shutil.rmtree(saved, ignore_errors=True)
            shutil.copytree(folder, saved)
        elif what == "delete" or (what == "back" and saved.is_dir()):
            shutil.rmtree(folder, ignore_errors=True)
            if what == "back":
                shutil.copytree(saved, folder)

    def _cache(self, what: str) -> None:
        self._copies(self.root / ".slugline", what)

    def _output(self, what: str) -> None:
        self._copies(self.output, what)
        self.touched = self.touched or what != "save"

    def _damage(self, number: int, how: str, at: int) -> None:
        known = sorted(p for p in self.root.glob(".slugline/*") if p.name != "lock")
        if not known:
            return
        path = known[number % len(known)]
        data = bytearray(path.read_bytes())
        if how == "more":
            data += b"?"
        elif data:
            at %= len(data)
            if how == "flip":
                data[at] ^= 0xFF
            else:
                del data[0 if how == "empty" else at :]
        path.write_bytes(data)

    def _alter(self, number: int, how: str) -> None:
        ours = [p for p in self.output.rglob("*") if p.is_file() and p.name != ".slugline.json"]
        ours = sorted(p for p in ours if p.relative_to(self.output).as_posix() not in FOREIGN)
        if not ours:
            return
        self.touched = True
        path = ours[number % len(ours)]
        data = path.read_bytes()
        if how in ("write", "undone"):
            path.write_bytes(b"?" + data[1:])
        if how != "write":
            path.unlink()
        if how in ("replace", "undone"):
            path.write_bytes(data if how == "undone" else data[::-1])
        elif how == "folder":
            path.mkdir()

    def _foreign(self, path: str, text: str) -> None:
        """Somebody else's file gets a text, or goes where there is none."""
        target = self.output / path
        if not self.output.is_dir():
            return
        self.touched = True
        if text and path.endswith("/"):
            target.mkdir(exist_ok=True)
        elif text and (target.parent.is_dir() or path.startswith("theirs/")):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        elif not text and target.is_dir():
            target.rmdir()
        elif not text and target.exists():
            target.unlink()
            for folder in (target.parent, target.parent.parent):
                if folder.name in ("theirs", "deep") and not any(folder.iterdir()):
                    folder.rmdir()

    def _spare(self) -> None:
        shutil.rmtree(self.base / "site/.output.spare", ignore_errors=True)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


BEGINNING: list[tuple[Any, ...]] = [
    ("site", {
        "title": "Test", "base_url": "https://test.example", "time_zone": "Europe/Amsterdam",
        "language": "en-GB", "per_page": "2", "feed_items": "2",
        "sections": "[{slug: deals, name: Deals}, {slug: labs, name: Labs}]",
    }),
    ("media", "p.png", 0),
    ("media", "d.txt", 0),
    ("companies", "google", {"name": "Google", "body": "A lab."}),
    ("companies", "meta", {"name": "Meta", "formerly": "[Facebook]", "body": "A firm."}),
    ("companies", "scale-ai", {"name": "Scale AI", "aliases": "[Scale]", "body": "[[Meta]]"}),
    ("topics", "data", {"name": "Data", "aliases": "[数据]"}),
    ("threads", "saga", {"title": "The saga", "body": "See [[brief:aa]]."}),
    ("threads", "deal", {"title": "The deal", "closed": "2025-06"}),
    ("pages", "about", {"title": "About", "body": "See [[brief:aa]]."}),
]  # fmt: skip
for _slot, _date, _company, _body in (
    ("aa", "2025-06-15 09:00", "[Google]", "## First\n\nGoogle and Meta.\n\n## Why\n\nSo."),
    ("bb", "2025-06-16", "[Meta]", "[[brief:aa]] by [[Ann Lee]]."),
    ("cc", "2025-05-01", "[Google, Meta]", "Text."),
):
    BEGINNING.append((
        "briefs", _slot,
        {
            "title": "Google one", "date": _date, "summary": "It hires.", "companies": _company,
            "topics": "[Data]", "people": "[Ann Lee]", "sources": SOURCES[0], "section": "labs",
            "importance": "2", "status": "published", "slug": "", "body": _body,
        },
    ))  # fmt: skip


@contextmanager
def trusting() -> Iterator[None]:
    """As if time had passed since every edit: what a file looks like tells that it is unchanged.
    (No edit here is made while a build runs.)"""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("stat", "engine.up_to_date", "output.tree", "output.inventory"):
            patch.setattr(f"builder.{module}.settles", lambda *times: max(times) - 1)
        yield
