"""The part of the style sheet that settings make."""

from __future__ import annotations

from collections.abc import Mapping

from builder.appearance.colours import COMFORTABLE, nearest_legible
from builder.appearance.look import DARK

# Each mark as a `clip-path`, and its width and height as parts of the letters' size.
MARKS: Mapping[str, tuple[str, float, float]] = {
    "triangle": ("polygon(50% 0, 100% 100%, 0 100%)", 0.36, 0.32),
    "square": ("inset(0)", 0.26, 0.26),
    "circle": ("circle(50%)", 0.3, 0.3),
}


def colour_rules(accent: str, accent_dark: str) -> str:
    """Return the rules of the accent colours."""
    if accent and not accent_dark:
        accent_dark = nearest_legible(accent, DARK, COMFORTABLE)
    rules = f":root {{ --accent: {accent}; }}\n" if accent else ""
    if accent_dark:
        rules += f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {accent_dark}; }} }}\n"
    if rules:  # the colour of paper stays black
        rules += "@media print { :root { --accent: #000; } }\n"
    return rules


def mark_rules(mark: str) -> str:
    """Return the rules of the sign behind the name."""
    if mark not in MARKS:
        return ""
    shape, width, height = MARKS[mark]
    return (
        f":root {{ --mark: {shape}; --mark-width: {width}em; --mark-height: {height}em; }}\n"
        '.masthead .name a::after, .brief .prose > p:last-child::after { content: ""; }\n'
    )


def family_rule(names: Mapping[str, str], fonts: Mapping[str, str]) -> str:
    """Return the rule that gives each role its font.

    `names` has the variable of each role, `fonts` the name in the style sheet."""
    if not fonts:
        return ""
    pairs = []
    for role, font in fonts.items():
        kind = "sans" if "sans" in names[role] else "serif"
        # What follows has the letters of other scripts: it depends on the page's language.
        pairs.append(f'{names[role]}: "{font}", "{font} fallback", var(--other-{kind});')
    return f":root {{ {' '.join(pairs)} }}\n"
