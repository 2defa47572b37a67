"""How a page looks in a browser: axe's rules, what overflows, and what opens a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Page

OpenPage = Callable[..., AbstractContextManager[Page]]


RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
}

# Those of them that depend on how a page looks; the others were judged by then.
LOOKS = {
    "type": "rule",
    "values": [
        "avoid-inline-spacing", "color-contrast", "css-orientation-lock", "link-in-text-block",
        "scrollable-region-focusable", "target-size",
    ],
}  # fmt: skip

# Those of them that depend on the fonts too.
SIZES = {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}

# By how much a document is wider than its window, and which elements stick out; or how much of the
# tables cannot be seen without scrolling them. A table in the text is its author's: it may scroll.
OVERFLOW = """document => {
    const root = document.documentElement, width = document.defaultView.innerWidth;
    const hidden = [...document.querySelectorAll('.table:not([role])')]
        .map(e => e.scrollWidth - e.clientWidth).filter(more => more > 0);
    if (root.scrollWidth <= width)
        return hidden.length ? `tables hide ${hidden.join(', ')} px` : null;
    const wide = [...document.body.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > width)
        .map(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
            [...e.classList].map(name => '.' + name).join(''));
    return `${root.scrollWidth} px wide: ${[...new Set(wide)].join(', ')}`;
}"""


def overflow(page: Page) -> str | None:
    return page.evaluate(f"({OVERFLOW})(document)")


def overflows(page: Page, width: int, addresses: list[str]) -> list[str]:
    """The same of many pages, each in a frame of this width. The page is on their host."""
    return page.evaluate(
        f"""async ([width, addresses]) => {{
            const open = address => new Promise((resolve, reject) => {{
                const frame = document.createElement('iframe');
                frame.style.cssText = `width: ${{width}}px; height: 800px; border: 0`;
                frame.onload = () => {{
                    if (frame.contentWindow.location.href !== address)
                        reject(`${{address}} was not shown`);
                    const wide = ({OVERFLOW})(frame.contentDocument);
                    resolve(wide && `${{address}}: ${{wide}}`);
                    frame.remove();
                }};
                frame.src = address;
                document.body.append(frame);
            }});
            const found = [];
            for (let at = 0; at < addresses.length; at += 8)
                found.push(...await Promise.all(addresses.slice(at, at + 8).map(open)));
            return found.filter(Boolean);
        }}""",
        [width, addresses],
    )


def violations(
    page: Page, rules: Path, only: Mapping[str, str | Sequence[str]] = RULES
) -> list[str]:
    """What axe finds on the page that is open, one line for each element."""
    page.evaluate(rules.read_text("utf-8"))
    found = page.evaluate(
        """async only => (await axe.run(document, {
            runOnly: only,
            resultTypes: ['violations'],
        })).violations""",
        only,
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: "
        + " ".join(node["failureSummary"].split())
        for rule in found
        for node in rule["nodes"]
    ]
