"""What the site has before an import: settings, names, and the records whose names are taken."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from builder.content.config import FILE, Config, read_config
from builder.content.document import read_front_matter
from builder.content.fields import MAX_SLUG
from builder.content.files import record_files
from builder.content.record import bytes_of
from builder.content.starter import starter_languages, starter_words
from builder.content.template_files import STARTER
from builder.content.walk import CONTENT, MEDIA, walk_content
from builder.editing.starter_words import in_language
from builder.names.keys import shorten_slug, slug_of_name
from builder.names.register import DistinctNames, NameRegister
from builder.safe_files import plain_bytes


class PresentSite(NamedTuple):
    """A site as it is.

    `stems` has the slugs and file names of each folder of content/, `identities` the file of each
    guid and id, `names` the registers of companies, people and topics. `printed` maps a kind and a
    slug to the printed name and the file. `media` are the names below content/media/."""

    root: Path
    config: Config
    settings: bytes  # site.yaml
    stems: dict[str, set[str]]
    identities: dict[str, str]
    names: dict[str, NameRegister]
    printed: dict[tuple[str, str], tuple[str, str]]
    media: frozenset[str]
    samples: dict[str, bytes]  # pages that `slugline init` wrote and nobody has edited

    def slug(self, name: str) -> str:
        """Return the slug of a name in the letters of the site.

        It is short enough for an address, and empty if the name has no letter or digit."""
        return shorten_slug(slug_of_name(name, self.config.slugs), MAX_SLUG)

    @property
    def base_path(self) -> str:
        """Return the path of the base URL without its last slash."""
        return self.config.base_path.rstrip("/")


_NAMED = ("companies", "people", "topics")


def read_site(root: Path) -> PresentSite:
    """Read what an import must know of a site."""
    config = read_config(root)
    distinct = DistinctNames(config.settings.distinct)
    names = {kind: NameRegister(distinct) for kind in _NAMED}
    stems: dict[str, set[str]] = {}
    identities: dict[str, str] = {}
    printed: dict[tuple[str, str], tuple[str, str]] = {}
    samples: dict[str, bytes] = {}
    walk = walk_content(root)
    for file in record_files(walk, []):
        folder, stem = file.path.split("/")[1], PurePosixPath(file.path).stem
        data, _ = bytes_of(file.source)
        if folder == "pages" and _is_sample(file.path, data):
            samples[file.path] = data
            continue
        document = read_front_matter(file.path, data)
        fields = document.fields if document else {}
        slug = str(fields.get("slug") or stem)
        stems.setdefault(folder, set()).update((stem, slug))
        for field in ("guid", "id"):
            if value := fields.get(field):
                identities.setdefault(str(value), file.path)
        if folder in _NAMED and (name := fields.get("name")):
            printed[folder, slug] = (str(name), file.path)
            aliases = [fields.get("aliases"), fields.get("formerly")]
            more = [str(one) for some in aliases if isinstance(some, list) for one in some]
            for spelling in (str(name), *more):
                names[folder].claim(spelling, slug, file.path)
    prefix = f"{CONTENT}/{MEDIA}/"
    media = (
        unicodedata.normalize("NFC", f[0][len(prefix) :])
        for f in walk.files
        if f[0].startswith(prefix)
    )
    return PresentSite(
        root, config, plain_bytes(root / FILE), stems, identities, names, printed,
        frozenset(media), samples,
    )  # fmt: skip


def _is_sample(path: str, data: bytes) -> bool:
    """Return whether a page is as `slugline init` wrote it, but for its id."""
    sample = STARTER / path
    if not sample.is_file():
        return False
    text = sample.read_text("utf-8")
    words = filter(None, map(starter_words, starter_languages()))
    samples = (text, *(in_language(path, text, found) for found in words))
    return _without_id(data) in {_without_id(one.encode()) for one in samples}


def _without_id(data: bytes) -> bytes:
    return re.sub(rb"(?m)^id:.*\n", b"", data)
