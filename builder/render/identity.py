"""The look that site.yaml gives a site: its logo, icons, colours and fonts, as published files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol
from urllib.parse import quote

from builder.appearance.fonts import (
    FAMILIES,
    FontError,
    FontFile,
    font_faces,
    packaged_files,
    read_font,
)
from builder.appearance.icon import (
    RECIPES,
    SPLASH,
    IconError,
    favicon,
    initial_icon,
    render_icon,
    web_manifest,
)
from builder.appearance.look import LIGHT, IconLink, LogoFile, Look
from builder.appearance.style import colour_rules, family_rule, mark_rules
from builder.content.template_files import TEMPLATES, leads_out
from builder.diagnostics.diagnostic import Finding
from builder.language.direction import direction
from builder.media.clean import PICTURES, clean
from builder.media.picture import BadPictureError
from builder.model.settings import Settings
from builder.names.suggest import did_you_mean
from builder.output.manifest import ManifestEntry, bytes_digest
from builder.program import program
from builder.render.assets import ASSETS, Asset, missing_hint
from builder.safe_files import plain_bytes

STYLE = "style.css"
MEDIA = "content/media"
_ACCENT = "#0b5c48"  # `--accent` in style.css


class ByteStore(Protocol):
    """A store of values between builds, which may lose any."""

    def get(self, key: str, /) -> bytes | None: ...

    def put(self, key: str, value: bytes, /) -> None: ...


class Identity(NamedTuple):
    """The look of a site: its files by name, what templates show, and what is wrong."""

    assets: dict[str, Asset]
    look: Look
    findings: tuple[Finding, ...]


def look_sources(root: Path, settings: Settings) -> tuple[Path, ...]:
    """Return the files outside of templates/ on which the look depends."""
    names = [settings.icon, settings.style]
    if settings.logo:
        names += [settings.logo.file, settings.logo.dark]
    return tuple(_path(root, name) for name in names if name.startswith("/media/"))


def _path(root: Path, name: str) -> Path:
    if name.startswith("/media/"):
        return root / MEDIA / name.removeprefix("/media/")
    return root / TEMPLATES / ASSETS / name


def make_identity(
    root: Path, settings: Settings, assets: dict[str, Asset], store: ByteStore | None
) -> Identity:
    """Return the look of a site with these assets."""
    maker = _Maker(root, settings, assets, store)
    icons, manifest = maker.icons()
    logo = maker.logo("file")
    dark = maker.logo("dark") if logo else None
    extra, fonts = maker.fonts()
    extra += colour_rules(settings.accent, settings.accent_dark) + mark_rules(settings.mark)
    styles = maker.styles(extra)
    look = Look(logo, dark, icons, manifest, styles, fonts)
    return Identity(maker.made, look, tuple(maker.findings))


class _Maker:
    """The files of a look while they are made."""

    def __init__(
        self, root: Path, settings: Settings, assets: dict[str, Asset], store: ByteStore | None
    ) -> None:
        self.root, self.settings, self.assets, self.store = root, settings, assets, store
        self.made: dict[str, Asset] = {}
        self.findings: list[Finding] = []

    # --- files ---------------------------------------------------------------------------------

    def read(self, at: str, name: str) -> bytes | None:
        """Return the bytes of a file that site.yaml names, or report that there is none."""
        path = _path(self.root, name)
        folder, below = self.root / TEMPLATES, f"{ASSETS}/{name}"
        if name.startswith("/media/"):
            folder, below = self.root / MEDIA, name.removeprefix("/media/")
        elif name in self.assets:
            path = self.assets[name].source
            with suppress(OSError):
                return path.read_bytes()
        if not leads_out(folder, below):
            with suppress(OSError):
                return plain_bytes(path)
        where = f"{MEDIA}/" if name.startswith("/media/") else f"{TEMPLATES}/{ASSETS}/"
        plain = PurePosixPath(name.removeprefix("/media/"))
        hint = missing_hint(name, self.assets)
        if name.startswith("/media/"):
            hint = f"add the file {where}{plain}"
        message = f"there is no file `{plain}` in {where}"
        self.findings.append(Finding(at, "missing-asset", message, hint))
        return None

    def refuse(self, at: str, message: str, hint: str) -> None:
        self.findings.append(Finding(at, "unusable-asset", message, hint))

    def publish(self, name: str, data: bytes, url: str = "") -> Asset:
        """Return an asset with these bytes, which have a digest in their address."""
        path = PurePosixPath(name)
        mark = hashlib.blake2b(data, digest_size=5).hexdigest()
        marked = path.with_name(f"{path.stem}.{mark}{path.suffix}").as_posix()
        entry = ManifestEntry(bytes_digest(data), len(data))
        address = url or f"/{ASSETS}/{quote(marked)}"
        asset = Asset(address, self.root, entry, (), partial(bytes, data))
        self.made[name] = asset
        return asset

    # --- logo and icon -------------------------------------------------------------------------

    def logo(self, field: str) -> LogoFile | None:
        """Return the logo for light or dark mode, if there is one."""
        if self.settings.logo is None or not (name := getattr(self.settings.logo, field)):
            return None
        at, suffix = f"logo.{field}", PurePosixPath(name).suffix.lower()
        data = self.read(at, name)
        if data is None:
            return None
        if suffix not in PICTURES:
            hint = f"use one of: {' '.join(sorted(PICTURES))}"
            self.refuse(at, f"`{name}` is not a picture", hint)
            return None
        try:
            picture = clean(data, suffix)
        except BadPictureError as bad:
            self.refuse(at, f"`{name}` cannot be used: {bad}", bad.hint or "replace the file")
            return None
        plain = name.removeprefix("/media/")
        asset = self.assets.get(name) or self.publish(plain, picture.data)
        return LogoFile(asset.url, picture.width, picture.height)

    def icons(self) -> tuple[tuple[IconLink, ...], str]:
        """Return the versions of the icon, and the address of the web manifest."""
        settings = self.settings
        if not settings.icon:
            if "icon.svg" in self.assets:
                return (_svg_icon(self.assets["icon.svg"].url),), ""
            drawn = initial_icon(settings.title, settings.accent or _ACCENT)
            return (_svg_icon(self.publish("icon.svg", drawn).url),), ""
        suffix = PurePosixPath(settings.icon).suffix.lower()
        data = self.read("icon", settings.icon)
        if data is None:
            return (), ""
        try:
            if suffix not in (".svg", ".png"):
                raise BadPictureError("it is neither SVG nor PNG")
            picture = clean(data, suffix)
            small = suffix == ".png" and min(picture.width, picture.height) < SPLASH
            if small or picture.width != picture.height:
                size = f"{picture.width} × {picture.height} pixels"
                raise BadPictureError(f"its size is {size}")
            made = {name: self._icon(picture.data, suffix, name) for name in RECIPES}
        except (BadPictureError, IconError) as bad:
            message = f"`{settings.icon}` cannot be the icon: {bad}"
            self.refuse("icon", message, f"use a square SVG, or a PNG of at least {SPLASH} pixels")
            return (), ""
        return self._icon_links(picture.data, suffix, made)

    def _icon_links(
        self, data: bytes, suffix: str, made: dict[str, bytes]
    ) -> tuple[tuple[IconLink, ...], str]:
        urls = {name: self.publish(name, png).url for name, png in made.items()}
        self.publish("favicon.ico", favicon(made["icon-32.png"]), "/favicon.ico")
        links = [IconLink("/favicon.ico", "icon", "image/x-icon", "32x32")]
        if suffix == ".svg":
            links.append(_svg_icon(self.publish("icon.svg", data).url))
        else:
            links.append(IconLink(urls["icon-192.png"], "icon", "image/png", "192x192"))
        links.append(IconLink(urls["apple-touch-icon.png"], "apple-touch-icon", "", "180x180"))
        names = {name: url.rpartition("/")[2] for name, url in urls.items()}
        settings = self.settings
        title, language = settings.title, settings.language
        manifest = web_manifest(title, language, direction(language), names, LIGHT[0])
        return tuple(links), self.publish("site.webmanifest", manifest).url

    def _icon(self, data: bytes, suffix: str, name: str) -> bytes:
        """Return a version of the icon, from the store if it has it."""
        key = f"icon {hashlib.blake2b(data, digest_size=16).hexdigest()} {name} {program()}"
        found = self.store.get(key) if self.store else None
        if found is None:
            found = render_icon(data, suffix == ".svg", RECIPES[name])
            if self.store:
                self.store.put(key, found)
        return found

    # --- fonts and style sheets ----------------------------------------------------------------

    def fonts(self) -> tuple[str, tuple[str, ...]]:
        """Return the rules of the fonts, and the addresses of those that every page needs."""
        chosen = self.settings.fonts
        if chosen is None:
            return "", ()
        rules, preloaded = "", []
        names: dict[str, str] = {}
        for role, variable in _ROLES.items():
            files = getattr(chosen, role)
            if not files:
                continue
            if role != "text" and files == chosen.text:
                names[role] = names.get("text", "")
                continue
            faces = [*self._faces(role, files)]
            if not faces:
                continue
            names[role] = f"Site {role}"
            rules += font_faces(names[role], faces, "sans" in variable)
            plain = [url for face, url in faces if face.style == "normal"]
            preloaded += [f"/{ASSETS}/{url}" for url in plain[-1:]]
        found = {role: name for role, name in names.items() if name}
        return rules + family_rule(_ROLES, found), tuple(dict.fromkeys(preloaded))

    def _faces(self, role: str, files: tuple[str, ...]) -> Iterator[tuple[FontFile, str]]:
        """Yield the faces of a font, each with its address; the last one is for most letters."""
        for n, name in enumerate(files):
            at = f"fonts.{role}.{n}" if len(files) > 1 else f"fonts.{role}"
            if name in FAMILIES:
                for path, characters in packaged_files(name):
                    data = path.read_bytes()
                    yield read_font(data, characters), self._font(f"fonts/{path.name}", data)
                continue
            if not name.lower().endswith(".woff2"):
                families = ", ".join(FAMILIES)
                near = did_you_mean(name, {family: family for family in FAMILIES})
                hint = (
                    f"use one of {families}, or the name of a WOFF2 file in {TEMPLATES}/{ASSETS}/"
                )
                message = f"`{name}` is not a font that comes with Slugline"
                self.refuse(at, message, near or hint)
                continue
            data = self.read(at, name) or b""
            if not data:
                continue
            try:
                face = read_font(data)
            except FontError as error:
                self.refuse(at, f"`{name}` cannot be used: {error}", "convert the font to WOFF2")
                continue
            yield face, self._font(name.removeprefix("/media/"), data)

    def _font(self, name: str, data: bytes) -> str:
        found = self.assets.get(name) or self.made.get(name)
        url = found.url if found else self.publish(name, data).url
        return url.removeprefix(f"/{ASSETS}/")  # relative to the style sheet

    def styles(self, extra: str) -> tuple[str, ...]:
        """Return the addresses of the style sheets: Slugline's with `extra` rules, the site's."""
        found = []
        if sheet := self.assets.get(STYLE):
            if extra:
                read: Callable[[], bytes] = sheet.clean or sheet.source.read_bytes
                data = read() + f"\n/* From site.yaml */\n{extra}".encode()
                sheet = self.publish(STYLE, data)
            found.append(sheet.url)
        name = self.settings.style
        if name and not name.lower().endswith(".css"):
            self.refuse("style", f"`{name}` is not a style sheet", "name a file that ends in .css")
        elif name and (data := self.read("style", name) or b""):
            own = self.assets.get(name)
            found.append(own.url if own else self.publish(name.removeprefix("/media/"), data).url)
        return tuple(found)


# The variable of the style sheet for each role.
_ROLES = {"text": "--serif", "headings": "--headings", "labels": "--sans"}


def _svg_icon(url: str) -> IconLink:
    return IconLink(url, "icon", "image/svg+xml", "any")
