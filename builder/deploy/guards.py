"""A plan -> the reasons not to carry it out. `--allow` lets a guard pass, by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from builder.deploy.feeds import items_with_new_guid
from builder.deploy.plan import ASSETS, DeployPlan
from builder.deploy.release import DOMAIN_FILE, ReleaseFile, describe
from builder.deploy.stages import SITEMAP
from builder.deploy.versions import SilentChange
from builder.engine.build_info import BuildInfo
from builder.engine.empty import count_briefs
from builder.hosting.headers import is_feed, type_of
from builder.ledger.corrections import story_of
from builder.ledger.versions import change_lines
from builder.model.targets import TargetSettings as Settings
from builder.names.keys import as_read
from builder.site.history_facts import is_history_page

REMOVED = "removed-addresses"
SILENT = "silent-change"  # the guard that needs a reason to pass
_MAX_EXAMPLES = 5  # in a reason
_MAX_CHANGES = 3  # of a brief
# Files for hosts and crawlers, to which nobody links.
_FOR_HOSTS = frozenset((DOMAIN_FILE, ".nojekyll", "_headers", "_redirects", "robots.txt"))
# Parts of the search index, which the page of search and its script load.
_SEARCH_DATA = re.compile(r"search/.+\.js")
_LIST_PAGE = re.compile(r"/page/\d+/index\.html$")


class GuardContext(NamedTuple):
    """What the guards check."""

    plan: DeployPlan
    settings: Settings
    site: str  # the base URL for which the site should have been built
    build_info: BuildInfo | None
    current: bool  # whether output/ is up to date
    modified: tuple[str, ...]  # files that differ from what the build wrote
    uncommitted: tuple[str, ...]
    foreign: tuple[str, ...]  # files in output/ that no build wrote
    rollback: bool
    build: str = ""  # the command that builds the site for this target
    placeholders: tuple[str, ...] = ()  # places with texts of a new site
    silent: tuple[SilentChange, ...] = ()


class Refusal(NamedTuple):
    """A guard that does not let a plan pass, and the reason."""

    guard: str
    reason: str
    details: tuple[str, ...] = ()  # lines to show below it


class Guard(NamedTuple):
    """A check of a plan.

    `meaning` is what it prevents. `check` yields the parts of a reason, if it objects."""

    name: str
    meaning: str
    check: Callable[[GuardContext], Iterator[str]]
    details: Callable[[GuardContext], Iterator[str]] = lambda context: iter(())


def _not_as_built(context: GuardContext) -> Iterator[str]:
    # A preview may come from another machine, and shows drafts at any time.
    is_public = not context.settings.preview
    if is_public and context.build_info is None:
        yield f"there is no record of how output/ was built; run {context.build}"
    elif is_public and not context.current:
        yield "output/ is stale: content, templates or the clock have moved on since it was built,"
        yield f" or the last build failed; run {context.build}"
    if context.modified:
        yield f"files in output/ were modified after the build: {_examples(context.modified)};"
        yield f" run {context.build}"


def _other_base_url(context: GuardContext) -> Iterator[str]:
    if context.plan.new.site != context.site:
        yield f"output/ was built for {context.plan.new.site}, but readers see it at"
        yield f" {context.site}; run {context.build}"


def _preview(context: GuardContext) -> Iterator[str]:
    new, live = context.plan.new, context.plan.live
    if new.preview and not context.settings.preview:
        yield "output/ was built with --preview, which tells search engines to forget the site;"
        yield f" run {context.build}"
    elif context.settings.preview and not new.preview:
        yield "output/ was built for readers: search engines could list the preview as a second"
        yield f" site; run {context.build}"
    if live and live.preview != new.preview:
        yield "; " if new.preview != context.settings.preview else ""
        yield f"the target has {'a preview' if live.preview else 'the site itself'}, not"
        yield f" {'a preview' if new.preview else 'the site itself'}"


def _drafts(context: GuardContext) -> Iterator[str]:
    if context.build_info and context.build_info.drafts:
        yield "output/ was built with --drafts: it contains unpublished briefs"


def _at(context: GuardContext) -> Iterator[str]:
    if context.build_info and context.build_info.at:
        yield f"output/ was built with --at {context.build_info.at}, not for the current time"


def _uncommitted(context: GuardContext) -> Iterator[str]:
    if context.uncommitted:
        yield f"not committed: {_examples(context.uncommitted)}; commit these files, or this"
        yield " release cannot be rebuilt"


def _placeholder(context: GuardContext) -> Iterator[str]:
    if context.placeholders:
        yield "readers would see texts that `slugline init` wrote:"
        yield f" {_examples(context.placeholders)}; replace them, or delete the sample records"


def _foreign(context: GuardContext) -> Iterator[str]:
    live, new = context.plan.live, context.plan.new
    known = {} if live is None else live.files
    found = [path for path in context.foreign if known.get(path) != new.files[path]]
    if found:
        yield "no build wrote these files in output/, and readers do not have them yet:"
        yield f" {_examples(found)}; check them, and delete those that should not be published"


def _other_site(context: GuardContext) -> Iterator[str]:
    live, foreign = context.plan.live, context.plan.state.foreign
    if live and live.site != context.plan.new.site:
        yield f"the target has another site, {live.site}"
    elif foreign:
        yield f"the target has files that no deploy put there: {_examples(foreign)};"
        yield " a deploy overwrites those that the site has too, and keeps the others"


def _others_work(context: GuardContext) -> Iterator[str]:
    if found := context.plan.state.foreign_commits:
        yield f"the branch has commits by others since the last deploy: {_examples(found)};"
        yield " a deploy overwrites their changes to files of the site, and keeps other files"


def _removed_addresses(context: GuardContext) -> Iterator[str]:
    expired = _expired_paths(context)
    gone = _in_one_format(path for path in _removed_paths(context) if path not in expired)
    if gone:
        shown = _examples([f"/{path.removesuffix('index.html')}" for path in gone])
        yield f"{counted(len(gone), 'address')} would be removed without a redirect: {shown};"
        yield " list the former address of a record in its `redirects`, which also keeps its feed"
        yield " at both addresses; `slugline redirects --apply` lists those that follow from names"
        if not all(path.endswith(".html") or is_feed(path) for path in gone):
            yield "; other files cannot be redirected"
        if any(map(is_history_page, gone)):
            yield "; `slugline history fetch` brings back the versions of briefs"


def _in_one_format(paths: Iterable[str]) -> list[str]:
    """Return paths without the formats of a feed besides RSS, if that is among them."""
    found = [*paths]
    rss = {path.removesuffix("feed.xml") for path in found if path.endswith("feed.xml")}
    return [
        path
        for path in found
        if path.endswith(".xml")
        or not is_feed(path)
        or path.removesuffix(path.rpartition("/")[2]) not in rss
    ]


def _removed_paths(context: GuardContext) -> Iterator[str]:
    """Yield the removed files that people or programs request by their address.

    A picture is not among them: pages load it, and an editor may replace it."""
    live = context.plan.live
    for path in context.plan.removed:
        internal = path.startswith(ASSETS) or path in _FOR_HOSTS or SITEMAP.fullmatch(path)
        internal = internal or _SEARCH_DATA.fullmatch(path)
        picture = type_of(path).startswith("image/")
        if not internal and not picture and not (live and _is_key(path, live.files[path])):
            yield path


def _is_key(path: str, file: ReleaseFile) -> bool:
    """Return whether a file is an IndexNow key, named like its content."""
    name = path.removesuffix(".txt")
    return name != path and file == describe(name.encode())


def _silent_change(context: GuardContext) -> Iterator[str]:
    if found := context.silent:
        subject = counted(len(found), "published brief")
        yield f"{subject} would change without `updated` or a correction;"
        yield " run `slugline correct` and the slug of each, or set its `updated`; without"
        yield " either, it needs a reason: `--allow silent-change --reason TEXT`"


def _changed_words(context: GuardContext) -> Iterator[str]:
    """Yield the words before and after, of a few changes of a few briefs."""
    for brief in context.silent[:_MAX_EXAMPLES]:
        yield f"{brief.path}:" if brief.changes else f"{brief.path}: its words cannot be read"
        for change in brief.changes[:_MAX_CHANGES]:
            yield from change_lines(change)
        if len(brief.changes) > _MAX_CHANGES:
            yield f"  and {counted(len(brief.changes) - _MAX_CHANGES, 'other change')}"
    if len(context.silent) > _MAX_EXAMPLES:
        yield f"and {counted(len(context.silent) - _MAX_EXAMPLES, 'other brief')}"


def _feed_identity(context: GuardContext) -> Iterator[str]:
    found = items_with_new_guid(context.plan.new, context.plan.live)
    if found:
        pairs = [f"{new.url} (was {story_of(old.guid)}, is {new.guid})" for old, new in found]
        yield f"feeds would announce {counted(len(found), 'old story')} as new: {_examples(pairs)};"
        yield " restore the `id` of each brief, or write its former identity in `guid`"


def _many_deletions(context: GuardContext) -> Iterator[str]:
    count, limit = len(context.plan.removed), context.settings.deletions
    if count > limit:
        yield f"{count} files would be removed, and the limit is {limit} (`deletions` of the"
        yield " target)"


def _shrunk(context: GuardContext) -> Iterator[str]:
    now, live = len(context.plan.new.pages), context.plan.live
    before = len(live.pages) - len(_pages(_expired_paths(context))) if live else 0
    if not now:
        yield "the site is empty"
    elif now * 5 < before * 4:
        yield f"the site would shrink by more than a fifth, from {before} to {now} pages"


def _empty_site(context: GuardContext) -> Iterator[str]:
    live = context.plan.live
    if count_briefs(context.plan.new.files):
        return
    before = count_briefs(live.files) if live else 0
    if live is None:
        yield "the site has no brief yet"
    elif before and count_briefs(live.files.keys() - _expired_paths(context)):
        yield f"the site has no brief, but readers see {before}"


def _older(context: GuardContext) -> Iterator[str]:
    live, new = context.plan.live, context.plan.new
    if live is None or new.newest >= live.newest:
        return
    # A withdrawn brief still has its page, and an expired one is meant to disappear.
    files = (
        page_of(item.url, live.site) for item in live.items.values() if item.published > new.newest
    )
    if {*files} - new.files.keys() - _expired_paths(context):
        newest = (
            f"the newest brief is from {new.newest[:16]}" if new.newest else "there is no brief"
        )
        yield f"{newest}, but readers already have one from {live.newest[:16]}"


def page_of(url: str, site: str) -> str:
    """Return the path of the page at an address of a site."""
    return f"{as_read(url.partition('#')[0].removeprefix(site)).strip('/')}/index.html"


def _expired_paths(context: GuardContext) -> set[str]:
    """Return the removed files that belong only to expired or withdrawn briefs.

    These are their pages with the files beside them, their media, and pages of lists after the
    first, which have no story of their own."""
    urls = context.build_info.passed if context.build_info else ()
    files = {url.removeprefix("/") for url in urls if not url.endswith("/")}
    pages = {page_of(url, "") for url in urls if url.endswith("/")}

    def is_expired(path: str) -> bool:
        page = f"{path.rpartition('/')[0]}/index.html"
        return path in files or page in pages or _LIST_PAGE.search(path) is not None

    return {*filter(is_expired, context.plan.removed)}


GUARDS = (
    Guard("not-as-built", "stale or modified output", _not_as_built),
    Guard("other-base-url", "pages built for another address", _other_base_url),
    Guard("preview", "a preview in place of the site, or the site in place of a preview", _preview),
    Guard("drafts", "drafts and scheduled briefs", _drafts),
    Guard("at", "a site built for another time", _at),
    Guard("uncommitted", "content that is not under version control", _uncommitted),
    Guard("placeholder", "texts of a new site that nobody replaced", _placeholder),
    Guard("foreign", "new files in output/ that no build wrote", _foreign),
    Guard("other-site", "a site in place of another", _other_site),
    Guard("others-work", "a site in place of other people's commits", _others_work),
    Guard(REMOVED, "addresses removed without a redirect", _removed_addresses),
    Guard(SILENT, "corrections that readers are not told", _silent_change, _changed_words),
    Guard("feed-identity", "old stories that feeds announce as new", _feed_identity),
    Guard("many-deletions", "the removal of many files", _many_deletions),
    Guard("shrunk", "a site that is empty or smaller by more than a fifth", _shrunk),
    Guard("empty-site", "a site without briefs", _empty_site),
    Guard("older", "a site older than the one that readers have", _older),
)


# The guards that check the target. The others checked the release when it was first deployed;
# a rollback is deliberate and urgent.
_FOR_ROLLBACKS = frozenset(("preview", "other-site", "others-work"))
# The guards that check a preview, in which readers can lose nothing.
_FOR_PREVIEWS = frozenset(
    ("not-as-built", "other-base-url", "preview", "foreign", "other-site", "others-work")
)


def refusals(context: GuardContext) -> Iterator[Refusal]:
    """Yield the guards that do not let a plan pass."""
    for guard in GUARDS:
        if context.rollback and guard.name not in _FOR_ROLLBACKS:
            continue
        if context.settings.preview and guard.name not in _FOR_PREVIEWS:
            continue
        if reason := "".join(guard.check(context)):
            yield Refusal(guard.name, reason, tuple(guard.details(context)))


def _pages(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.endswith(".html")]


def _examples(things: Iterable[str]) -> str:
    found = [*things]
    more = f" and {len(found) - _MAX_EXAMPLES} more" if len(found) > _MAX_EXAMPLES else ""
    return ", ".join(found[:_MAX_EXAMPLES]) + more


def counted(number: int, noun: str) -> str:
    """Return a number and its noun: `1 page`, `2 stories`, `3 addresses`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}{'es' if noun.endswith('s') else 's'}"
