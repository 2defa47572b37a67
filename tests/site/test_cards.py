"""Share cards: which pages have one, what they say, when they are drawn again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFont, ImageStat

from builder.appearance.card_fonts import CARD_FONTS, card_metrics, covered
from builder.appearance.card_lines import fit_lines, width_of
from builder.pages.card import CardPage
from builder.pages.parts.card_chart import CardChart
from builder.render.card_raster import draw_card
from builder.site.lists import newest_blocks
from support.sites import (
    SETTINGS,
    brief,
    build_site,
    edit,
    picture,
    planned,
    read,
    urls,
    write_site,
)

ON = SETTINGS.replace("cards: false", "cards: {newest: 2}")
SVG = 'xmlns="http://www.w3.org/2000/svg"'
TITLE = "Google plans to leave Scale AI after Meta takes 49%"
RECORD = {
    "companies": "[Google, Scale AI]",
    "section": "deals",
    "figures": "[{id: val, of: Scale AI, metric: valuation, value: 29bn USD, as_of: 2025-06-13}]",
    "responses": "[{from: Meta, stance: denied}, {from: Google, stance: confirmed}]",
    "sources": "[{publisher: Reuters}, {publisher: FT}, {publisher: X, role: relay, of: ft}]",
    "corrections": "[{at: 2025-06-18, kind: factual, was: 40%, now: 49%}]",
}


def cards(folder: Path) -> set[str]:
    """The cards of a built site, without the digests in their names."""
    found = (folder / "output/assets/cards").rglob("*.png")
    root = folder / "output/assets/cards"
    return {re.sub(r"\.\w{10}\.png$", "", path.relative_to(root).as_posix()) for path in found}


def head(folder: Path, path: str) -> dict[str, str]:
    """The properties that the head of a page has for previews."""
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', read(folder, path))
    return {name: unescape(value) for name, value in found}


def context(folder: Path, url: str) -> CardPage:
    _, pages = planned(folder)
    return next(
        p.context for p in pages if isinstance(p.context, CardPage) and p.url.startswith(url)
    )


def test_a_preview_shows_what_only_the_record_knows(tmp_path: Path) -> None:
    site = write_site(tmp_path, ON + brief("a", f"'{TITLE}'", **RECORD))
    card = context(site, "/assets/cards/briefs/a.")
    assert card.figure and (card.figure.value, card.figure.about) == (
        "$29\u00a0billion", "valuation of Scale AI, 13\u00a0June\u00a02025",
    )  # fmt: skip
    assert (card.kicker, card.title, card.name) == ("Deals", TITLE, "Test")
    assert (card.originals, card.confirmed, card.denied) == (2, "Google", "Meta")
    assert card.corrected and card.corrected.iso == "2025-06-18"
    build_site(site)
    found = head(site, "briefs/a/index.html")
    path = found["og:image"].removeprefix("https://test.example/")
    with Image.open(site / "output" / path) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert (site / "output" / path).stat().st_size < 60_000
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:image:alt"].startswith(f"{TITLE}. $29\u00a0billion, valuation of Scale AI")


def test_which_pages_have_a_card(tmp_path: Path) -> None:
    text = ON + "=== content/threads/row.md\n---\ntitle: The row\n---\n"
    dates = ("2025-06-02", "2025-06-03", "2025-06-04", "2025-06-05", "2025-06-20")
    for n, date in enumerate(dates):
        text += brief(f"b{n}", date=date, thread="row")
    text += brief("draft", status="draft") + brief("later", date="2025-07-20")
    site = write_site(
        tmp_path, text + brief("gone", status="withdrawn", withdrawn_because="Wrong.")
    )
    build_site(site)
    assert cards(site) == {
        "site", "companies/google", "companies/meta", "companies/scale-ai", "threads/row",
        "digests/2025-w23", "digests/2025-w25", "briefs/b2", "briefs/b3", "briefs/b4",
    }  # fmt: skip
    assert "og:image" not in head(site, "briefs/b1/index.html")
    edit(site / "site.yaml", "{newest: 2}", "{newest: 9, companies: false, digests: false}")
    build_site(site)
    assert cards(site) == {"site", "threads/row", *(f"briefs/b{n}" for n in range(5))}
    edit(site / "site.yaml", "cards: {newest: 9, companies: false, digests: false}", "cards: false")
    build_site(site)
    assert not cards(site) and "og:image" not in head(site, "index.html")


@pytest.mark.parametrize(
    "count, expected", [(0, 0), (1, 1), (3, 3), (6, 6), (7, 4), (9, 6), (10, 4)]
)
def test_cards_go_in_blocks(count: int, expected: int) -> None:
    """At least as many as asked for, fewer than twice as many; one more moves out a whole block."""
    assert len(newest_blocks([str(n) for n in range(count)], 3)) == expected


def test_publishing_changes_no_older_head(tmp_path: Path) -> None:
    text = ON.replace("newest: 2", "newest: 3")
    for n in range(4):
        text += brief(f"b{n}", date=f"2025-06-0{n + 1}", companies="[Google]")
    site = write_site(tmp_path, text)
    build_site(site)
    before = {n: head(site, f"briefs/b{n}/index.html") for n in range(4)}
    write_site(site, brief("b4", date="2025-06-09", companies="[Meta]"), usual=False)
    drawn = {url for url in urls(build_site(site)) if url.endswith(".png")}
    assert {re.sub(r"\..*", "", url) for url in drawn} >= {"/assets/cards/briefs/b4"}
    assert not [url for url in drawn if re.search(r"briefs/b[0-3]", url)]
    assert {n: head(site, f"briefs/b{n}/index.html") for n in range(4)} == before


def test_an_edit_draws_only_what_it_changes(tmp_path: Path) -> None:
    site = write_site(tmp_path, ON + brief("a", "Google hires", **RECORD) + brief("b"))
    build_site(site)

    def drawn() -> list[str]:
        found = sorted(url for url in urls(build_site(site)) if url.endswith(".png"))
        return [re.sub(r"\.\w+\.png", "", url.removeprefix("/assets/cards/")) for url in found]

    edit(site / "content/briefs/a.md", "Text.", "Another text.")
    assert drawn() == []
    edit(site / "content/briefs/b.md", "Scale AI hires", "Scale AI hires more")
    assert drawn() == ["briefs/b"]
    edit(site / "content/briefs/a.md", "29bn", "30bn")
    assert drawn() == ["briefs/a", "companies/scale-ai"]
    assert len(list((site / "output/assets/cards/briefs").iterdir())) == 2


def test_a_picture_of_the_brief_comes_first(tmp_path: Path) -> None:
    text = ON + brief("a", image="{file: sign.png, alt: A sign}")
    site = write_site(tmp_path, text)
    (site / "content/media").mkdir()
    (site / "content/media/sign.png").write_bytes(picture(40, 9))
    build_site(site)
    found = head(site, "briefs/a/index.html")
    assert "/media/" in found["og:image"] and found["og:image:alt"] == "A sign"
    assert (found["og:image:width"], found["og:image:height"]) == ("40", "2")
    assert "briefs/a" not in cards(site)
    edit(site / "site.yaml", "{newest: 2}", "{newest: 2, instead_of_pictures: true}")
    build_site(site)
    assert "/assets/cards/" in head(site, "briefs/a/index.html")["og:image"]


@pytest.mark.parametrize(
    "title, drawn",
    [
        ("Gã khổng lồ Google sẽ rời bỏ Scale AI", True),
        ("Гугл и Сбер: вместе", True),
        ("Η Google επενδύει στην Αθήνα", True),
        ("Łódź, Çeşme, Ærø, Þór, ‘ij’ “ok” – €5 – №7", True),
        ("Google 谷歌计划", False),
        ("جوجل تغادر", False),
        ("Google 🚀", False),
    ],
)
def test_no_card_rather_than_boxes(tmp_path: Path, title: str, drawn: bool) -> None:
    site = write_site(tmp_path, ON + brief("a", f"'{title}'".replace("‘ij’", "ij")))
    _, pages = planned(site)
    found = [page.url for page in pages if page.template == "card.svg"]
    assert any("briefs/a" in url for url in found) == drawn
    page = next(page for page in pages if page.url == "/briefs/a/")
    assert bool(getattr(page.context, "head").image) == drawn  # noqa: B009


def test_a_part_that_cannot_be_printed_is_left_out(tmp_path: Path) -> None:
    site = write_site(
        tmp_path,
        ON
        + brief("a", "谷歌 hires")
        + brief("b", responses="[{from: 谷歌, stance: denied}]", date="2025-06-16"),
    )
    assert context(site, "/assets/cards/briefs/b.").denied == ""
    assert context(site, "/assets/cards/digests/2025-w25.").note == "Scale AI hires"


@pytest.mark.parametrize("language", ["ar", "he", "hi", "ja", "th", "zh"])
def test_a_date_in_another_script_is_left_out(tmp_path: Path, language: str) -> None:
    """A Latin title has a card, although the fonts have no letter of the date."""
    settings = ON.replace("language: en-GB", f"language: {language}")
    build_site(write_site(tmp_path, settings + brief("a", TITLE, **RECORD)))
    assert [*(tmp_path / "output/assets/cards/briefs").glob("a.*.png")]
    assert fit_lines("16 يونيو", "sans", 400, 100, [28]) == [] and width_of("6月", "sans", 28) == 0


@pytest.mark.parametrize("name", CARD_FONTS)
def test_metrics_are_those_of_the_font(name: str) -> None:
    metrics = card_metrics(name)
    font = ImageFont.truetype(CARD_FONTS[name], metrics.unit, layout_engine=ImageFont.Layout.BASIC)
    for char in metrics.glyphs:
        if char.isprintable():
            assert abs(font.getlength(char) - metrics.width(char, metrics.unit)) <= 1, char
    assert metrics.width("AV", 100) < metrics.width("A", 100) + metrics.width("V", 100)


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        "Wiz",
        " ".join(["Google"] * 60),
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3,
        "x" * 500,
    ],
)
def test_lines_never_overflow(text: str) -> None:
    lines = fit_lines(text, "serif", 1056, 300, [96, 72, 42])
    assert lines and lines[-1].below + lines[-1].size <= 300
    assert all(width_of(line.text, "serif", line.size) <= 1056 for line in lines)
    whole = "".join(line.text for line in lines).replace(" ", "")
    assert whole == text.replace(" ", "") or whole.endswith("…")


def test_lines_have_like_lengths() -> None:
    first, second = fit_lines(
        "One two three four five six seven eight nine", "serif", 800, 300, [60]
    )
    assert abs(width_of(first.text, "serif", 60) - width_of(second.text, "serif", 60)) < 150


VALUES = (("2023-02", "1bn"), ("2024-03", "2.5bn"), ("2024-11", "2bn"), ("2025-06", "6bn"))


def valuations(basis: str = "reported") -> str:
    """Figures of Google, the latest with a basis."""
    each = "{{id: v{n}, of: Google, metric: valuation, value: {v} USD, as_of: {at}, basis: {b}}}"
    rows = (
        each.format(n=n, v=v, at=at, b=basis if n == 3 else "reported")
        for n, (at, v) in enumerate(VALUES)
    )
    return f"[{', '.join(rows)}]"


def test_the_card_of_a_company_has_the_chart_of_its_figure(tmp_path: Path) -> None:
    """If there are values of three times that have happened."""

    def chart(text: str) -> CardChart | None:
        write_site(tmp_path, ON + text)
        page = next(p for p in planned(tmp_path)[1] if "/cards/companies/google." in p.url)
        context = page.context
        assert isinstance(context, CardPage)
        assert context.chart is None or context.figure
        return context.chart

    whole = chart(brief("a", companies="[Google]", figures=valuations()))
    assert whole is not None
    assert (whole.first, whole.since, whole.until) == ("$1bn", "February 2023", "June 2025")
    assert [mark.x for mark in whole.marks] == sorted(mark.x for mark in whole.marks)
    heights = [mark.y for mark in whole.marks]
    assert heights.index(min(heights)) == 3 and heights.index(max(heights)) == 0
    known = chart(brief("a", companies="[Google]", figures=valuations("forecast")))
    assert known is not None and len(known.marks) == 3 and known.until == "November 2024"
    two = valuations().replace("id: v3", "id: v3, to: Meta").replace("id: v2", "id: v2, to: Meta")
    assert chart(brief("a", companies="[Google]", figures=two)) is None
    assert chart(brief("a", companies="[Google]")) is None


@pytest.mark.parametrize("of", ["briefs/a", "companies/google"])
def test_the_drawing_is_the_svg(tmp_path: Path, of: str) -> None:
    """As resvg draws it, with the same fonts."""
    from resvg_py import svg_to_bytes

    more = brief("b", companies="[Google]", figures=valuations())
    site = write_site(tmp_path, ON + brief("a", f"'{TITLE} AV To'", **RECORD) + more)
    renderer, pages = planned(site)
    page = next(page for page in pages if f"/cards/{of}" in page.url)
    svg = renderer._print(
        "card.svg",
        {name: getattr(page.context, name) for name in page.context.__struct_fields__},
        "en",
    )
    ours = Image.open(BytesIO(draw_card(svg, lambda url: None))).convert("L")
    names = {'"serif"': '"Slugline Card Serif"', '"sans"': '"Slugline Card Sans"'}
    for short, long in names.items():
        svg = svg.replace(f"font-family={short}", f"font-family={long}")
    files: Any = [str(path) for path in CARD_FONTS.values()]
    theirs = Image.open(
        BytesIO(bytes(svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)))
    ).convert("L")
    small = [image.resize((300, 158), Image.Resampling.BOX) for image in (ours, theirs)]
    difference = ImageStat.Stat(ImageChops.difference(*small))
    assert difference.extrema[0][1] < 60 and difference.mean[0] < 1.5


def test_a_logo_stands_in_for_the_name(tmp_path: Path) -> None:
    site = write_site(tmp_path, ON.replace("cards:", "logo: mark.svg\ncards:") + brief("a"))
    logo = f'<svg {SVG} width="40" height="20"><path fill="#ff0000" d="M0 0h40v20H0z"/></svg>'
    (site / "templates/assets").mkdir(parents=True)
    (site / "templates/assets/mark.svg").write_text(logo)
    build_site(site)
    (file,) = (site / "output/assets/cards/briefs").iterdir()
    with Image.open(file) as image:
        assert image.convert("RGB").getpixel((100, 70)) == (255, 0, 0)


def test_a_site_draws_its_own_cards(tmp_path: Path) -> None:
    size = 'width="600" height="315"'
    own = f'<svg {SVG} {size}><rect {size} fill="#123456"/></svg>'
    site = write_site(tmp_path, ON + brief("a") + f"=== templates/card.svg\n{own}\n")
    build_site(site)
    (file,) = (site / "output/assets/cards/briefs").iterdir()
    with Image.open(file) as image:
        assert image.size == (600, 315) and image.convert("RGB").getpixel((9, 9)) == (18, 52, 86)


def test_fonts_cover_what_the_site_prints() -> None:
    assert all(covered(name, "0123456789 ≈≤≥–%€£¥₫₽₹·…“”") for name in ("sans", "sans bold"))


def test_no_font_of_the_system_is_used(tmp_path: Path) -> None:
    """A machine without any draws the same bytes."""
    if not shutil.which("fc-list"):
        pytest.skip("no fontconfig")
    text = '<text x="9" y="40" font-family="serif" font-size="30">Aé</text>'
    svg = f'<svg width="300" height="60">{text}</svg>'
    code = (
        "import sys; from builder.render.card_raster import draw_card;"
        f" sys.stdout.buffer.write(draw_card({svg!r}, lambda url: None))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"HOME": "/nonexistent", "PATH": ""},
    )
    assert found.stdout == draw_card(svg, lambda url: None)
