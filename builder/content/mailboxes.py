"""E-mail addresses: the one reader of all settings that have some."""

from __future__ import annotations

from builder.patterns import pattern

# What mail programs take without quotation marks (RFC 5322, dot-atom; RFC 6531 beyond ASCII).
_LOCAL = pattern(r"(?!\.)(?!.*\.\.)(?!.*\.$)[^\s\"(),:;<>@\[\]\\]{1,64}")
_HOST = pattern(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
)
_LONGEST = 254  # characters of an address (RFC 5321, errata 1690)


def read_mailbox(text: str) -> str | None:
    """Return an e-mail address as mail servers take it, or None.

    A host beyond ASCII is written in ASCII (`xn--`), which every mail program understands."""
    local, mark, host = text.partition("@")
    if not mark or not text.isprintable() or not _LOCAL.fullmatch(local):
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    found = f"{local}@{host}"
    return found if _HOST.fullmatch(host) and len(found) <= _LONGEST else None
