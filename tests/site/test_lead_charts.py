"""A chart of the record as the picture of a brief: on its page, in lists, feeds and previews."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFont

from builder.diagnostics.diagnostic import ContentError
from builder.engine.build import build, fingerprint, verify
from builder.engine.options import Options
from builder.pages.page import Picture
from builder.pages.svg.chart import draw_chart
from builder.pages.svg.layout import LEAD
from builder.render import raster
from builder.render.raster import draw_png
from support.drawings import MIXED, VALUATION
from support.pages import drawings
from support.sites import NOW, brief, edit, planned, read, write_site

OPTIONS = Options(NOW)


def values(*given: tuple[str, str], of: str = "Scale AI", more: str = "") -> str:
    rows = (
        f"{{id: v{n}, of: {of}, metric: valuation, value: {value}, as_of: {at}{more}}}"
        for n, (at, value) in enumerate(given)
    )
    return f"[{', '.join(rows)}]"


CHART = "{chart: valuation of Scale AI}"
SERIES = values(("2021-04", "7bn USD"), ("2023-05", "14bn USD"), ("2025-06", "29bn USD"))


@dataclass
class Shown:
    """Where the picture of the brief `a` is: contexts by address."""

    contexts: dict[str, Any]

    @property
    def picture(self) -> Picture | None:
        found: Picture | None = self.contexts["/briefs/a/"].picture
        return found


def shown(folder: Path, text: str, now: object = NOW) -> Shown:
    write_site(folder, text)
    return Shown({page.url: page.context for page in planned(folder, now)[1]})  # type: ignore[arg-type]


def words(picture: Picture | None) -> str:
    assert picture is not None
    found = re.search(r"<desc[^>]*>(.*?)</desc>", picture.charts[0])
    assert found
    return found[1]


def test_the_chart_is_on_pages_and_a_png_in_feeds_and_previews(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a", image=CHART, figures=SERIES, section="deals"))
    build(tmp_path, tmp_path / "output", OPTIONS)
    page, front = read(tmp_path, "briefs/a/index.html"), read(tmp_path, "index.html")
    for text in (page, front):
        assert text.count('<p class="chart-name">Valuation of Scale AI</p>') == 1
        assert len(drawings(text)) == 2, "for narrow columns and for wide ones"
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len({*ids})
    (file,) = (tmp_path / "output/assets/charts").iterdir()
    with Image.open(file) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    address = f"https://test.example/assets/charts/{file.name}"
    alt = "Chart: Valuation of Scale AI, from $7"
    assert f'<meta property="og:image" content="{address}">' in page
    assert f'<meta property="og:image:alt" content="{alt}' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert f'"image": "{address}"' in page
    feed = read(tmp_path, "feed.xml")
    assert f'<media:content url="{address}" medium="image" type="image/png" width="1200"' in feed
    assert f'<img src="{address}" alt="{alt}' in feed and "<svg" not in feed
    assert verify(tmp_path, tmp_path / "output", OPTIONS) == []
    before = fingerprint(tmp_path / "output")
    file.write_bytes(b"of another machine")
    assert fingerprint(tmp_path / "output") == before


def test_a_new_value_redraws_the_chart(tmp_path: Path) -> None:
    """In another brief, and in one build as in a clean one."""
    other = values(("2025-06", "29bn USD"))
    write_site(
        tmp_path,
        brief("a", image=CHART, figures=values(("2021-04", "7bn USD"), ("2023-05", "14bn USD")))
        + brief("b", figures=other),
    )
    output = tmp_path / "output"
    build(tmp_path, output, OPTIONS)
    before = [path.name for path in (output / "assets/charts").iterdir()]
    assert "$29bn" in read(tmp_path, "briefs/a/index.html")
    edit(tmp_path / "content/briefs/b.md", "29bn USD", "31bn USD")
    result = build(tmp_path, output, OPTIONS)
    rendered = {page.url for page in result.rendered}
    assert {"/briefs/a/", "/briefs/b/", "/feed.xml"} <= rendered
    page = read(tmp_path, "briefs/a/index.html")
    assert "$31bn" in page and "$29bn" not in page
    after = [path.name for path in (output / "assets/charts").iterdir()]
    assert len(after) == 1 and after != before
    assert verify(tmp_path, output, OPTIONS) == []


def test_a_chart_has_only_public_figures(tmp_path: Path) -> None:
    later = brief("c", figures=values(("2025-12", "50bn USD")), date="2025-08-01")
    text = brief("a", image=CHART, figures=SERIES) + later
    assert "50" not in words(shown(tmp_path, text).picture)
    assert "50" in words(shown(tmp_path, text, NOW + timedelta(days=60)).picture)
    draft = later.replace("date: 2025-08-01", "status: draft\ndate: 2025-06-01")
    assert "50" not in words(
        shown(tmp_path, brief("a", image=CHART, figures=SERIES) + draft).picture
    )


def test_a_brief_that_expires_stops_no_build_of_another(tmp_path: Path) -> None:
    expires = f'"{(NOW + timedelta(hours=1)).isoformat()}"'
    write_site(tmp_path, brief("a", image=CHART) + brief("b", figures=SERIES, expires=expires))
    assert not build(tmp_path, tmp_path / "output", OPTIONS).problems
    found = build(tmp_path, tmp_path / "output", Options(NOW + timedelta(hours=2)))
    assert [(d.code, d.severity) for d in found.problems] == [("unknown-chart", "warning")]
    assert not drawings(read(tmp_path, "briefs/a/index.html"))
    assert not (tmp_path / "output/assets/charts").exists()


def test_a_template_that_spoils_a_chart_is_named(tmp_path: Path) -> None:
    write_site(tmp_path, brief("a", image=CHART, figures=SERIES))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/data.txt").write_text("no drawing")
    with pytest.raises(ContentError) as caught:
        build(tmp_path, tmp_path / "output", OPTIONS)
    assert {d.code for d in caught.value.diagnostics} == {"template-error"}


@pytest.mark.parametrize(
    ("chart", "title"),
    [
        ("Valuation of Scale", "Valuation of Scale AI"),  # an alias
        ("stake of Google to Scale AI", "Stake of Google to Scale AI"),
        ('"share of revenue, cumulative of Google"', "Share of revenue of Google, cumulative"),
    ],
)
def test_what_a_chart_may_name(tmp_path: Path, chart: str, title: str) -> None:
    metric = title.partition(" of Google")[0].lower()
    rows = SERIES
    if "Google" in title:
        to = ", to: Scale AI" if " to " in title else ""
        detail = ", cumulative" if "cumulative" in title else ""
        rows = SERIES.replace("metric: valuation", f'metric: "{metric}{detail}"{to}')
        rows = rows.replace("of: Scale AI", "of: Google")
    found = shown(tmp_path, brief("a", image=f"{{chart: {chart}}}", figures=rows)).picture
    assert found is not None and found.name == title


def test_letters_without_a_packaged_font_have_no_png(tmp_path: Path) -> None:
    """A picture with empty boxes instead of a name would be worse than none."""
    text = brief("a", image=CHART, figures=SERIES.replace("}", ", source: s}"))
    text = text.replace("sources: []", "")
    source = "sources: [{id: s, publisher: 読売新聞, published: 2025-06-01}]\n"
    text = re.sub(r"sources: .*\n", "", text).replace("---\nText", f"{source}---\nText")
    found = shown(tmp_path, text)
    assert found.picture and found.picture.charts and not found.picture.url
    assert found.contexts["/briefs/a/"].head.image == ""
    assert found.contexts["/feed.xml"].items[0].picture is None


def test_the_section_lead_shows_its_picture(tmp_path: Path) -> None:
    """The other briefs of the section do not; a section without one looks as it did."""
    briefs = "".join(
        brief(f"b{n}", date=f"2025-05-{n:02}", section="deals", importance="3")
        for n in range(1, 20)
    )
    lead = brief(
        "a", date="2025-04-30", section="labs", importance="3", image=CHART, figures=SERIES
    )
    old = "".join(
        brief(f"c{n}", date=f"2025-04-0{n}", section="labs", importance="3", image=CHART)
        for n in range(1, 4)
    )
    found = shown(tmp_path, briefs + lead + old)
    front = found.contexts["/"]
    labs = next(block for block in front.sections if block.name == "Labs")
    assert labs.picture and labs.picture.charts and labs.cards[0].url == "/briefs/a/"
    assert found.contexts["/labs/"].picture.charts and not found.contexts["/deals/"].picture
    deals = next(block for block in front.sections if block.name == "Deals")
    assert deals.picture is None


# --- the PNG -------------------------------------------------------------------------------------


def ink(data: bytes, x: float, y: float) -> bool:
    """Whether something dark is within three pixels of a place in units of LEAD."""
    with Image.open(BytesIO(data)) as image:
        at = round((x + LEAD.margin) * LEAD.scale), round((y + LEAD.margin) * LEAD.scale)
        near = image.convert("L").crop((at[0] - 3, at[1] - 3, at[0] + 3, at[1] + 3))
        return near.getextrema()[0] < 100  # type: ignore[operator]


@pytest.mark.parametrize("chart", [VALUATION, MIXED])
def test_the_png_has_all_marks_and_texts_of_the_drawing(chart: Any) -> None:
    svg = draw_chart(chart._replace(source="Source: ≈ Báo Dân trí ≤ Київ"), LEAD)
    data = draw_png(svg)
    solid = [
        m for m in re.findall(r'd="M([\d.]+) ([\d.]+)m[^"]*" class="chart-mark (\w+)"', svg)
        if m[2] in ("actual", "reported", "derived")
    ]  # fmt: skip
    assert solid and all(ink(data, float(x), float(y)) for x, y, _ in solid)
    texts = re.findall(r'<text x="([\d.-]+)" y="([\d.]+)"([^>]*)>', svg)
    assert len(texts) > 5
    with Image.open(BytesIO(data)) as image:
        grey = image.convert("L")
        for x, y, more in texts:
            left = -20 if '"end"' in more else -10 if '"middle"' in more else 0
            box = [float(x) + left, float(y) - 9, float(x) + left + 20, float(y) + 1]
            area = grey.crop(tuple(round((v + LEAD.margin) * LEAD.scale) for v in box))  # type: ignore[arg-type]
            assert area.getextrema()[0] < 160, (x, y)  # type: ignore[operator]
        assert image.getpixel((2, 2)) == (0xFB, 0xFB, 0xF9)
    assert draw_png(svg) == data


def test_the_colours_of_the_png_are_those_of_the_style_sheet() -> None:
    from builder.render.raster import _COLOURS

    style = (Path(__file__).parents[2] / "templates/assets/style.css").read_text()
    light = style[: style.index("@media")]
    for name, colour in _COLOURS.items():
        assert f"--{'ink' if name == 'currentColor' else name}: {colour};" in light


def test_a_pillow_without_woff2_still_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, before = ImageFont.truetype, draw_png(draw_chart(VALUATION, LEAD))

    def truetype(font: Any, *more: Any, **others: Any) -> Any:
        if str(font).endswith(".woff2"):
            raise OSError("unknown file format")
        return usual(font, *more, **others)

    raster._font.cache_clear()
    monkeypatch.setattr(ImageFont, "truetype", truetype)
    with Image.open(BytesIO(draw_png(draw_chart(VALUATION, LEAD)))) as image:
        assert image.size == (1200, 630)
        assert image.tobytes() != Image.open(BytesIO(before)).tobytes()
    raster._font.cache_clear()
