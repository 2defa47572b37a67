"""Copies of one's own: WARC files in the folder evidence/ of the site.

They are the newsroom's own proof, not for readers: a build never reads or publishes the folder.
A file is named by the SHA-256 of the page, which is also in the front matter of what cites it."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from builder import __version__
from builder.extras import MissingExtra
from builder.fetch.client import FetchedPage
from builder.safe_files import create_file, make_folders, plain_bytes

FOLDER = "evidence"
# Headers of a transfer, which are not true of the decoded page.
_OF_TRANSFER = (
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "connection",
    "set-cookie",
)


def digest_of_page(page: FetchedPage) -> str:
    """Return the SHA-256 of a page, by which its copy is named."""
    return hashlib.sha256(page.body).hexdigest()


def copy_path(digest: str) -> str:
    """Return the path of a copy, relative to the site's folder."""
    return f"{FOLDER}/{digest}.warc.gz"


def keep_page(root: Path, page: FetchedPage) -> str:
    """Keep a page that was read, and return its digest.

    A copy that exists stays as it is."""
    digest = digest_of_page(page)
    data = warc(page, digest)
    make_folders(root, FOLDER)
    with suppress(FileExistsError):
        create_file(root / copy_path(digest), data)
    return digest


def warc(page: FetchedPage, digest: str) -> bytes:
    """Return a page as a WARC file (ISO 28500)."""
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError:
        raise MissingExtra("warcio", "evidence") from None
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    moment = page.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {"software": f"Slugline/{__version__}", "format": "WARC File Format 1.0"}
    writer.write_record(writer.create_warcinfo_record(f"{digest}.warc.gz", about))
    kept = [(name.title(), text) for name, text in page.headers.items() if name not in _OF_TRANSFER]
    kept.append(("Content-Length", str(len(page.body))))
    reason = next((s.phrase for s in HTTPStatus if s == page.status), "")
    head = StatusAndHeaders(f"{page.status} {reason}".strip(), kept, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        page.address,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=head,
        warc_headers_dict={"WARC-Date": moment},
    )
    writer.write_record(record)
    return stream.getvalue()


def kept_page(root: Path, digest: str) -> bytes | None:
    """Return the page of an intact copy, or None."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise MissingExtra("warcio", "evidence") from None
    try:
        data = plain_bytes(root / copy_path(digest))
        for record in ArchiveIterator(io.BytesIO(data)):
            if record.rec_type == "response":
                body: bytes = record.content_stream().read()
                return body if hashlib.sha256(body).hexdigest() == digest else None
    except Exception:  # warcio raises several kinds for a damaged file
        return None
    return None
