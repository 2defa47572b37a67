"""`_headers` and `_redirects`, for hosts that read them."""

from __future__ import annotations

from collections.abc import Iterator

from builder.hosting.headers import Hosted
from builder.hosting.servers import HOST_FILES
from builder.pages.page import Data, Kind, Page, Task
from builder.pages.planner import Planner
from builder.site.edition_names import base_of
from builder.site.lists import Lists
from builder.site.site import Site


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.config.settings.hosting in HOST_FILES:
        yield Task("hosting", _host_files)


def _host_files(plan: Planner) -> Iterator[Page]:
    settings = plan.settings
    redirects = tuple((r.address, r.target) for r in plan.view.redirects())
    editions = tuple(base_of(settings, tag) for tag in settings.editions)
    hosted = Hosted(settings.base_url, plan.view.policy, redirects, settings.preview, editions)
    for name, make in HOST_FILES[settings.hosting or ""].items():
        yield Page(f"/{name}", "data.txt", Data(make(hosted)), listed=False)


KIND = Kind(
    tasks,
    {"data.txt": Data},
    once=True,
)
