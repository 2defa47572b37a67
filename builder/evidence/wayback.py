"""Finds captures in the Wayback Machine, and has them made.

By the documents of its services: the availability API, the CDX server, Save Page Now 2. Every
answer may be wrong, late or an error page, which becomes an ArchiveError and stops nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from builder.errors import SluglineError
from builder.evidence.services import ArchiveServices
from builder.fetch.client import Client, FetchedPage
from builder.fetch.problem import FetchError

_STAMP = "%Y%m%d%H%M%S"
_MOST = 5  # captures that are looked at
_EARLIER = timedelta(days=1)  # a page may be captured before the time that it gives
_RECENT = "30d"  # the age of a capture that makes a new one unnecessary
_PATIENCE = 180.0  # seconds for a new capture
_PAUSE = 5.0  # seconds between two questions about it


class ArchiveError(SluglineError):
    """An archive gives no answer, or an unusable one; the message says why."""


class Unfinished(ArchiveError):
    """A capture is still being made."""


class Capture(NamedTuple):
    """A capture of a page in an archive."""

    address: str  # of the copy that readers see
    at: datetime


def stamp(moment: datetime) -> str:
    """Return a moment as the services write it: `20250614090000`, in UTC."""
    return moment.astimezone(UTC).strftime(_STAMP)


class Wayback:
    """The services of one archive."""

    def __init__(
        self,
        client: Client,
        services: ArchiveServices,
        authorization: str = "",
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client, self.services, self.wait = client, services, wait
        self.authorization = authorization
        self.refused = ""  # why no more captures are made

    # --- captures that exist ---

    def captures(self, address: str, published: datetime | None) -> Iterator[Capture]:
        """Yield captures of a page with status 200, the best first.

        Raises ArchiveError if the services do not answer."""
        seen = set()
        nearest = self._nearest(address, published)
        if nearest:
            seen.add(nearest.address)
            yield nearest
        for capture in self._listed(address, published):
            if capture.address not in seen:
                yield capture

    def _nearest(self, address: str, published: datetime | None) -> Capture | None:
        """Return the capture nearest to a moment, by the availability API."""
        query = {"url": address, **({"timestamp": stamp(published)} if published else {})}
        answer = self._json(f"{self.services.available}?{urlencode(query)}")
        found = _within(answer, "archived_snapshots", "closest")
        if not isinstance(found, dict) or found.get("available") is not True:
            return None
        if str(found.get("status", "200")) != "200":
            return None
        at = _moment(found.get("timestamp"))
        return Capture(self._copy(at, address), at) if at else None

    def _listed(self, address: str, published: datetime | None) -> list[Capture]:
        """Return the first captures after a page was published, by the CDX server."""
        query = [
            ("url", address),
            ("output", "json"),
            ("fl", "timestamp,original"),
            ("filter", "statuscode:200"),
            ("collapse", "digest"),
            ("limit", str(_MOST)),
        ]
        if published:
            query.append(("from", stamp(published - _EARLIER)))
        answer = self._json(f"{self.services.captures}?{urlencode(query)}")
        if not isinstance(answer, list):
            raise ArchiveError("the list of captures is not a list")
        captures = []
        for row in answer[1:]:  # the first names the fields
            if isinstance(row, list) and len(row) == 2 and (at := _moment(row[0])):
                captures.append(Capture(self._copy(at, str(row[1])), at))
        return captures

    def read(self, capture: Capture) -> FetchedPage:
        """Return the page of a capture without the archive's frame.

        Raises ArchiveError."""
        moment = stamp(capture.at)
        raw = capture.address.replace(f"/{moment}/", f"/{moment}id_/", 1)
        return self._get(raw)

    # --- captures that are made ---

    def save(
        self, address: str, job: str = "", began: Callable[[str], None] | None = None
    ) -> Capture:
        """Have a capture made, and return it once it is there.

        `job` resumes one that was begun; `began` receives the id of a new one. Raises
        ArchiveError."""
        if self.refused:
            raise ArchiveError(self.refused)
        if not job:
            job = self._begin(address)
            if began:
                began(job)
        headers = self._headers()
        left = _PATIENCE
        while left > 0:
            answer = self._json(f"{self.services.save}/status/{job}", headers)
            status = answer.get("status") if isinstance(answer, dict) else None
            if status == "success" and (at := _moment(answer.get("timestamp"))):
                return Capture(self._copy(at, str(answer.get("original_url") or address)), at)
            if status != "pending":
                raise ArchiveError(_complaint(answer) or "Save Page Now gives no result")
            self.wait(_PAUSE)
            left -= _PAUSE
        raise Unfinished("the capture is not finished; the next run looks for it")

    def _begin(self, address: str) -> str:
        form = {"url": address, "skip_first_archive": "1", "if_not_archived_within": _RECENT}
        headers = {**self._headers(), "Content-Type": "application/x-www-form-urlencoded"}
        try:
            page = self.client.post(self.services.save, urlencode(form).encode(), headers)
        except FetchError as error:
            raise ArchiveError(f"Save Page Now: {error}") from None
        answer = _decoded(page)
        if page.status in (401, 403):
            self.refused = "Save Page Now refuses the keys"
        elif page.status == 429:
            self.refused = "Save Page Now makes no more captures for now"
        if self.refused:
            raise ArchiveError(self.refused)
        job = answer.get("job_id") if isinstance(answer, dict) else None
        if page.status != 200 or not isinstance(job, str) or not job:
            raise ArchiveError(_complaint(answer) or f"Save Page Now: status {page.status}")
        return job

    def _headers(self) -> dict[str, str]:
        return {"Accept": "application/json", "Authorization": self.authorization}

    # --- answers ---

    def _copy(self, at: datetime, address: str) -> str:
        return f"{self.services.copies}/{stamp(at)}/{address}"

    def _json(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        page = self._get(address, headers or {"Accept": "application/json"})
        answer = _decoded(page)
        if answer is None:
            raise ArchiveError("the archive's answer is not JSON")
        return answer

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> FetchedPage:
        try:
            page = self.client.get(address, headers)
        except FetchError as error:
            raise ArchiveError(f"the archive: {error}") from None
        if page.status != 200:
            raise ArchiveError(f"the archive answers with status {page.status}")
        return page


def _decoded(page: FetchedPage) -> Any:
    try:
        return msgspec.json.decode(page.body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _within(answer: Any, *keys: str) -> Any:
    for key in keys:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.strptime(str(text), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _complaint(answer: Any) -> str:
    """Return why Save Page Now made no capture."""
    why = _within(answer, "message") or _within(answer, "status_ext")
    return f"Save Page Now: {' '.join(str(why).split())[:200]}" if why else ""
