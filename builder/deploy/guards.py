"""A plan -> why it should not be carried out: each guard with its reason, and with the name by
which `--allow` lets it pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from builder.deploy.feeds import is_feed, renamed
from builder.deploy.plan import ASSETS, DeployPlan
from builder.deploy.release import ReleaseFile, describe
from builder.engine.build_info import BuildInfo
from builder.hosting.headers import type_of
from builder.ledger.corrections import story_of
from builder.model.settings import TargetSettings as Settings

_MOST = 5  # examples in a reason
# What hosts and crawlers read, and nobody links to.
_FOR_HOSTS = frozenset(("CNAME", ".nojekyll", "_headers", "_redirects", "robots.txt"))
_SITEMAP = re.compile(r"sitemap(-\d+)?\.xml")
_LATER = re.compile(r"/page/\d+/index\.html$")  # of a list


class GuardContext(NamedTuple):
    """What the guards look at."""

    plan: DeployPlan
    settings: Settings
    site: str  # the address that the site should be built for
    built: BuildInfo | None
    current: bool  # whether a build now would make the same
    altered: tuple[str, ...]  # files that are not as the build wrote them
    uncommitted: tuple[str, ...]
    back: bool  # whether an earlier release is brought back
    build: str = ""  # the command that makes what should be sent


class Refusal(NamedTuple):
    """A guard that does not let a plan pass, and why."""

    guard: str
    reason: str


class Guard(NamedTuple):
    """A guard: its name, what it keeps from the readers, and how."""

    name: str
    meaning: str
    look: Callable[[GuardContext], Iterator[str]]


def _not_as_built(case: GuardContext) -> Iterator[str]:
    if case.built is None:
        yield f"it is not known how output/ was built; run {case.build}"
    elif not case.current:
        yield "the content, a template or the hour is another than when it was built, or the last"
        yield f" build failed; run {case.build}"
    if case.altered:
        yield f"files are not as the build wrote them: {_some(case.altered)}; run {case.build}"


def _other_base_url(case: GuardContext) -> Iterator[str]:
    if case.plan.new.site != case.site:
        yield f"it was built for {case.plan.new.site}, and readers see it at {case.site};"
        yield f" run {case.build}"


def _drafts(case: GuardContext) -> Iterator[str]:
    if case.built and case.built.drafts:
        yield "it was built with --drafts: readers would see what is not out"


def _at(case: GuardContext) -> Iterator[str]:
    if case.built and case.built.at:
        yield f"it was built with --at {case.built.at}, not as of now"


def _uncommitted(case: GuardContext) -> Iterator[str]:
    if case.uncommitted:
        yield f"not committed: {_some(case.uncommitted)}; nobody could build this site again"


def _other_site(case: GuardContext) -> Iterator[str]:
    live, strangers = case.plan.live, case.plan.seen.strangers
    if live and live.site != case.plan.new.site:
        yield f"the target holds another site, {live.site}"
    elif strangers:
        yield f"the target holds files that no deploy put there: {_some(strangers)};"
        yield " they would stay, unless a page takes their place"


def _others_work(case: GuardContext) -> Iterator[str]:
    if found := case.plan.seen.others:
        yield f"others have changed the branch since the last deploy: {_some(found)};"
        yield " their files would stay, but for those that the site has too"


def _removed_addresses(case: GuardContext) -> Iterator[str]:
    passed = _passed(case)
    gone = [path for path in _addresses(case) if path not in passed]
    if gone:
        shown = _some([f"/{path.removesuffix('index.html')}" for path in gone])
        yield f"{_count(len(gone), 'address')} would be gone without a redirect: {shown};"
        yield " `redirects` of a record leads earlier addresses to the present one, and keeps its"
        yield " feed at both"
        if not all(path.endswith(".html") or is_feed(path) for path in gone):
            yield "; nothing leads those of other files on"


def _addresses(case: GuardContext) -> Iterator[str]:
    """What goes that readers and their programs ask for by its address. A picture is asked for by
    the pages that show it, and an editor who replaces one is not to be held up."""
    live = case.plan.live
    for path in case.plan.removed:
        own = path.startswith(ASSETS) or path in _FOR_HOSTS or _SITEMAP.fullmatch(path)
        shown = type_of(path).startswith("image/")
        if not own and not shown and not (live and _is_key(path, live.files[path])):
            yield path


def _is_key(path: str, file: ReleaseFile) -> bool:
    """Whether a file is a key of IndexNow, which is called as it reads."""
    name = path.removesuffix(".txt")
    return name != path and file == describe(name.encode())


def _feed_identity(case: GuardContext) -> Iterator[str]:
    found = renamed(case.plan.new, case.plan.live)
    if found:
        what = _some([f"{i.url} (was {story_of(was.guid)}, is {i.guid})" for was, i in found])
        yield f"feeds would announce {_count(len(found), 'old story')} anew: {what};"
        yield " give each brief the `id` that it had"


def _many_deletions(case: GuardContext) -> Iterator[str]:
    count, limit = len(case.plan.removed), case.settings.deletions
    if count > limit:
        yield f"{count} files would be removed, more than {limit} (`deletions` of the target)"


def _shrunk(case: GuardContext) -> Iterator[str]:
    now, live = len(case.plan.new.pages), case.plan.live
    before = len(live.pages) - len(_pages(_passed(case))) if live else 0
    if not now:
        yield "the site is empty"
    elif now * 5 < before * 4:
        yield f"the site would shrink by more than a fifth, from {before} pages to {now}"


def _older(case: GuardContext) -> Iterator[str]:
    live, new = case.plan.live, case.plan.new
    if live is None or new.newest >= live.newest:
        return
    # One that was withdrawn still has its page, and one that expired is meant to be gone.
    files = (
        _page_of(item.url, live.site) for item in live.items.values() if item.published > new.newest
    )
    if {*files} - new.files.keys() - _passed(case):
        yield f"its newest brief is of {new.newest[:16] or 'no day'}, and readers have one of"
        yield f" {live.newest[:16]} already"


def _page_of(url: str, site: str) -> str:
    return f"{url.partition('#')[0].removeprefix(site).strip('/')}/index.html"


def _passed(case: GuardContext) -> set[str]:
    """The files that go because briefs have expired or were withdrawn: their pages, what lies
    beside these, their pictures, and the later pages of lists, which have no story of their own."""
    urls = case.built.passed if case.built else ()
    files = {url.removeprefix("/") for url in urls if not url.endswith("/")}
    pages = {_page_of(url, "") for url in urls if url.endswith("/")}

    def has_passed(path: str) -> bool:
        beside = f"{path.rpartition('/')[0]}/index.html"
        return path in files or beside in pages or _LATER.search(path) is not None

    return {*filter(has_passed, case.plan.removed)}


GUARDS = (
    Guard("not-as-built", "an output that is not what the content says now", _not_as_built),
    Guard("other-base-url", "pages made for another address", _other_base_url),
    Guard("drafts", "drafts and scheduled briefs", _drafts),
    Guard("at", "a site as of another moment", _at),
    Guard("uncommitted", "content that is not under version control", _uncommitted),
    Guard("other-site", "a site in the place of another", _other_site),
    Guard("others-work", "commits of others in the place of readers' pages", _others_work),
    Guard("removed-addresses", "addresses that are gone without a redirect", _removed_addresses),
    Guard("feed-identity", "old stories that feeds announce anew", _feed_identity),
    Guard("many-deletions", "the removal of many files", _many_deletions),
    Guard("shrunk", "a site that is empty, or smaller by more than a fifth", _shrunk),
    Guard("older", "an older site than the one that readers have", _older),
)


# Those that look at the target. What a release has and lacks was judged when it was made; who
# brings it back means that, and is in a hurry.
_ALWAYS = frozenset(("other-site", "others-work"))


def refusals(case: GuardContext) -> Iterator[Refusal]:
    """Why a plan should not be carried out."""
    for guard in GUARDS:
        if case.back and guard.name not in _ALWAYS:
            continue
        if reason := "".join(guard.look(case)):
            yield Refusal(guard.name, reason)


def _pages(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.endswith(".html")]


def _some(things: Iterable[str]) -> str:
    found = [*things]
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return ", ".join(found[:_MOST]) + more


def _count(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") else f"{number} {what}es"
