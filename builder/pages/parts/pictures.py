"""The picture of a brief: a file, a picture on another site, or a chart of the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from builder.appearance.fonts import pieces
from builder.diagnostics.diagnostic import Finding
from builder.language.lists import list_names
from builder.language.typography import typographic
from builder.media.variants import CHARTS
from builder.model.record import Image
from builder.names.keys import name_key
from builder.names.suggest import did_you_mean
from builder.pages.page import Data, Page, Picture
from builder.pages.parts.figure_charts import charts_of, draw
from builder.pages.parts.figures import distinct
from builder.pages.planner import Planner
from builder.site.site import Entry

if TYPE_CHECKING:
    from builder.ledger.numbers import FigureRecord
    from builder.pages.svg.layout import Chart

_RECIPE = 1  # another number is for another way to make the same picture
_FONT = "Inter"


class _Series(NamedTuple):
    """The figures that a text such as `valuation of Scale AI` names."""

    slug: str
    name: str  # the metric
    values: tuple[FigureRecord, ...]


def picture_of(plan: Planner, slug: str, image: Image | None, language: str) -> Picture | None:
    """Return the picture of a brief, if it can be shown."""
    if image is None or not image.chart:
        return plan.picture(image, language)
    made = _drawn(plan, slug, image.chart)
    if made is None:
        return None
    return Picture(
        url=made.url,
        alt=image.alt or made.words,
        caption=typographic(image.caption, language),
        credit=image.credit,
        width=1200,
        height=630,
        src=made.url,
        origin=f"Chart: {image.credit}. {made.source}" if image.credit else made.source,
        name=made.name,
        charts=(made.narrow, made.wide),
    )


def first_picture(plan: Planner, briefs: Sequence[Entry]) -> Picture | None:
    """Return the picture of the first brief of a list, if any."""
    if not briefs:
        return None
    first = plan.view.outline(briefs[0].slug)
    return picture_of(plan, first.slug, first.image, first.lang or plan.language)


def chart_file(plan: Planner, slug: str, image: Image | None) -> Iterator[Page]:
    """Yield the chart of a brief as a file of its own."""
    made = _drawn(plan, slug, image.chart) if image and image.chart else None
    if made and made.url:
        yield Page(made.url, "data.txt", Data(made.alone), listed=False)


def check_chart(plan: Planner, image: Image | None) -> Iterator[Finding]:
    """Report a chart that cannot be drawn."""
    if image is None or not image.chart or image.file:
        return
    series = _find(plan, image.chart)
    if series is None:
        message = f"no published brief has figures of `{image.chart}`"
        hint = did_you_mean(image.chart, _names(plan)) or "write it as `valuation of Scale AI`"
        yield Finding("image.chart", "unknown-chart", message, hint)
    elif _chart(plan, series, "chart") is None:
        message = f"`{image.chart}` has too few figures for a chart, so the page has no picture"
        hint = "a chart needs figures of three times in one unit, or three values that disagree"
        yield Finding("image.chart", "short-chart", message, hint)


class _Drawn(NamedTuple):
    """A chart in its sizes: for columns of a page, and as a picture of its own."""

    name: str
    words: str
    source: str
    narrow: str
    wide: str
    alone: str
    url: str  # of the picture; empty if the packaged font lacks one of its characters


def _drawn(plan: Planner, slug: str, text: str) -> _Drawn | None:
    return plan.view.once(f"chart {slug} {text}", lambda: _Once(_draw(plan, slug, text))).drawn


class _Once(NamedTuple):
    drawn: _Drawn | None  # `once` keeps nothing that is false


def _draw(plan: Planner, slug: str, text: str) -> _Drawn | None:
    series = _find(plan, text)
    chart = _chart(plan, series, f"chart-{slug}") if series else None
    if chart is None:
        return None
    from builder.pages.svg.layout import LEAD, WIDE

    alone = draw(chart, LEAD)
    wide = draw(chart._replace(prefix=f"{chart.prefix}-wide"), WIDE)
    url = ""
    if pieces(_FONT, "".join(sorted({*alone}))):
        digest = hashlib.blake2b(f"{_RECIPE} {alone}".encode(), digest_size=8).hexdigest()
        url = f"/{CHARTS}/{slug}.{digest}.png"
    return _Drawn(chart.title, _in_words(chart), chart.source, draw(chart), wide, alone, url)


def _chart(plan: Planner, series: _Series, prefix: str) -> Chart | None:
    merged = distinct(sorted(series.values, key=lambda v: (v.in_time, v.brief, v.number)))
    chart = next(charts_of(plan, series.slug, series.name, merged, prefix), None)
    if chart is None:
        return None
    metric, _, detail = series.name.partition(", ")
    title = _named(plan, metric, series.values[-1]) + (f", {detail}" if detail else "")
    return chart._replace(title=f"{title[:1].upper()}{title[1:]}")


def _in_words(chart: Chart) -> str:
    """Return a chart as alternative text: what it shows, its first value and its last."""
    from builder.pages.svg.layout import is_comparison

    words = [point.words for point in chart.points]
    if is_comparison(chart.points):
        words = [point.words for point in sorted(chart.points, key=lambda p: (p.low, p.high))]
        return f"Chart: {chart.title}, as sources give it: {list_names(words, chart.language)}"
    return f"Chart: {chart.title}, from {words[0]} to {words[-1]}"


# --- what a text names ---------------------------------------------------------------------------


def _find(plan: Planner, text: str) -> _Series | None:
    """Return the figures that a text names: `spend of Google to Scale AI`."""
    parts = text.split(" of ")
    for n in range(len(parts) - 1, 0, -1):
        metric, companies = " of ".join(parts[:n]), " of ".join(parts[n:])
        for of, to in _sides(companies):
            slug = plan.view.meaning("companies", of.strip())
            other = plan.view.meaning("companies", to.strip()) if to else ""
            if slug and (other or not to) and plan.view.has_company(slug):
                key = name_key(metric)
                found = tuple(
                    v
                    for v in plan.view.figures_of(slug)
                    if (v.of, v.key, v.to) == (slug, key, other)
                )
                if found:
                    return _Series(slug, found[0].metric, found)
    return None


def _sides(companies: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a text as a company, or as two."""
    yield companies, ""
    parts = companies.split(" to ")
    for n in range(1, len(parts)):
        yield " to ".join(parts[:n]), " to ".join(parts[n:])


def _names(plan: Planner) -> Iterator[str]:
    """Yield all series as a chart names them."""
    seen = {(v.of, v.key, v.to): v for v in plan.view.figures()}
    for v in seen.values():
        yield _named(plan, v.metric, v)


def _named(plan: Planner, metric: str, figure: FigureRecord) -> str:
    name = f"{metric} of {plan.company(figure.of).name}"
    return f"{name} to {plan.company(figure.to).name}" if figure.to else name
