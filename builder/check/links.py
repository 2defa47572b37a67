"""Check pages against each other: reserved and duplicate addresses, broken links."""

from __future__ import annotations

from collections.abc import Iterator

from builder import store
from builder.check.context import PageContext
from builder.content.record import encode
from builder.diagnostics.diagnostic import Finding, Place
from builder.model.body import PAGE_ANCHORS, InternalLink
from builder.model.entity import PlainPage
from builder.names.keys import as_read
from builder.names.suggest import did_you_mean
from builder.site.edition_names import from_root
from builder.site.page_record import PageRow, RecordLinks
from builder.site.references import missing_media
from builder.site.site import Site

_CHECK_ADDRESS = "check the address"
_NAME_IT = "check the address; `[[Name]]` or `[[brief:slug]]` finds it for you"


def page_checks_digest(site: Site, settings: bytes) -> bytes:
    """Return a digest of the inputs of page checks, without the pages.

    `settings` is a digest of the settings and the assets."""
    media = (site.media, site.content.media.refused)
    parts = (site.unreadable, site.unpublished, site.waiting, site.absent, *media)
    return store.digest(settings + encode([*(sorted(part) for part in parts), (*site.redirects,)]))


def check_reserved(context: PageContext) -> Iterator[tuple[str, Finding]]:
    """Yield sections and plain pages at an address that the site reserves."""
    site, hint = context.site, "choose another slug"
    for n, section in enumerate(site.config.settings.sections):
        if section.url in context.reserved:
            place = site.config.places.get(f"sections.{n}.slug", Place())
            yield "site.yaml", _reserved(place, section.url, hint)
    for tag, edition in site.config.settings.editions.items():
        taken = {page.url for page in site.pages.values()}
        if edition.base in context.reserved or edition.base in taken:
            at = f"editions.{tag}.base"
            places = site.config.places
            place = places.get(at) or places.get(f"editions.{tag}") or Place()
            yield "site.yaml", _reserved(place, edition.base, "choose another `base`")
    held = [record for record in site.waiting.values() if isinstance(record, PlainPage)]
    for page in (*site.pages.values(), *held):
        url = f"/{page.slug.rpartition('/')[2]}/"  # in its edition
        if url in context.reserved and not context.reserved[url]:
            yield page.path, _reserved("slug", url, f"{hint}, or rename the file")


def _reserved(at: str | Place, url: str, hint: str) -> Finding:
    return Finding(at, "reserved-slug", f"the address `{as_read(url)}` is reserved", hint)


def check_addresses(context: PageContext) -> Iterator[tuple[str, Finding]]:
    """Yield pages whose address another page has."""
    site = context.site
    requested = {(r.path, r.address): r.at for r in site.redirects}
    pages: dict[str, PageRow] = {}
    for page in context.planned:
        other = pages.setdefault(page.path.casefold(), page)
        in_config = "site.yaml" in (other.origin, page.origin)
        moved = ("site.yaml", page.url) in requested
        reserved = page.url in context.reserved and not moved
        reported = reserved or (in_config and site.config.problems)
        if other is page or reported:
            continue
        first, second = sorted((other, page), key=lambda p: p.template == "redirect.html")
        where = second.origin or first.origin
        owner = first.origin if second.origin else second.origin
        if owner in site.withheld and where not in site.withheld:
            where, owner = owner, where  # the draft is the one to change
        address = as_read(page.url)
        message = f"the address {address} is taken by {owner or 'a page that the site generates'}"
        hint = "give one of them another slug"
        if where == owner:
            message, hint = f"{address} is already its address", "remove it"
        if moved:
            where, owner, hint = (
                "site.yaml",
                owner if owner != "site.yaml" else "",
                "remove this line",
            )
            message = f"the address {address} is taken by {owner or 'a page of the site'}"
        at: Place | str = requested.get((where, page.url), Place())
        if where == "site.yaml" and isinstance(at, str):
            at = site.config.places.get(at, Place())
        yield where, Finding(at, "duplicate-address", message, hint)


def check_links(context: PageContext) -> Iterator[tuple[str, Finding]]:
    """Yield links to pages, files and anchors that are missing or unpublished."""
    for record in context.links:
        for link in record.links:
            if found := _check_link(context, record, link):
                yield record.path, found


def check_menu(context: PageContext) -> Iterator[tuple[str, Finding]]:
    """Yield broken links of the menu, the footer and `moved`."""
    config = context.site.config
    settings = config.settings
    fields = {"menu.{}.url": settings.menu, "footer.{}.url": settings.footer}
    named = {at: [item.url for item in items] for at, items in fields.items()}
    named["moved.{}.to"] = [moved.to for moved in settings.moved]
    for field, targets in named.items():
        for n, target in enumerate(targets):
            address = target.partition("#")[0].partition("?")[0]
            name = address.removeprefix("/media/")
            file = name != address and name in context.site.media
            if address.startswith("/") and as_read(address) not in context.by_url and not file:
                place = config.places.get(field.format(n), Place())
                if name in context.site.content.media.refused:
                    yield "site.yaml", missing_media(context.site, name, place)
                    continue
                hint = did_you_mean(address, context.by_url) or _CHECK_ADDRESS
                message = f"there is no page {address}"
                yield "site.yaml", Finding(place, "broken-link", message, hint)


def _check_link(context: PageContext, record: RecordLinks, link: InternalLink) -> Finding | None:
    address, _, fragment = link.address.partition("#")
    own = as_read(record.url)
    address = address.partition("?")[0] or own
    hidden = own in context.hidden
    if address == own and address in context.hidden:
        anchors = (*PAGE_ANCHORS, *record.anchors)
        return _check_anchor(link.place, address, fragment, anchors)
    page = context.by_url.get(from_root(record.base, address))
    if hidden and address.startswith("/archive/") and page is None:
        return None  # the month of a scheduled brief
    if address in context.absent:
        if hidden:
            return None
        message = f"{address} is not published, so the link is omitted"
        return Finding(link.place, "link-unpublished", message, "publish both together")
    if page is None:
        return _no_page(context, link.place, address, record.base)
    if page.origin in context.unreadable:  # its headings may not have been read
        return None
    return _check_anchor(link.place, address, fragment, page.anchors)


def _no_page(context: PageContext, place: Place, address: str, base: str = "") -> Finding | None:
    if address in context.files:
        return None
    if address.startswith("/media/"):
        return missing_media(context.site, address.removeprefix("/media/"), place)
    if base and address in context.by_url:
        message = f"in this edition, {address} means {base}{address}"
        hint = f"write `{address.removeprefix(base)}`" if address.startswith(f"{base}/") else ""
        return Finding(place, "broken-link", message, hint or "write `[[brief:slug]]`")
    if f"{base}{address}/" in context.by_url:
        message = f"{address} lacks its trailing slash"
        return Finding(place, "broken-link", message, f"write `{address}/`")
    message = f"there is no page {address}"
    for ending in ("index.html", ".html", ".htm"):
        page = f"{address.removesuffix(ending).rstrip('/')}/"
        if address.endswith(ending) and f"{base}{page}" in context.by_url:
            return Finding(place, "broken-link", message, f"write `{page}`")
    hint = did_you_mean(address, context.by_url) or _NAME_IT
    return Finding(place, "broken-link", message, hint)


def _check_anchor(
    place: Place, address: str, fragment: str, anchors: tuple[str, ...]
) -> Finding | None:
    if not fragment or fragment in anchors:
        return None
    hint = did_you_mean(fragment, anchors) or f"the anchors are: {', '.join(anchors) or 'none'}"
    return Finding(place, "broken-link", f"{address} has no anchor `#{fragment}`", hint)
