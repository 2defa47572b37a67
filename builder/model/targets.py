"""site.yaml: the targets of deploys, and what may be said of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from msgspec import Struct

from builder.model.values import Line, Slug, TargetUrl, Url

TargetKind = Literal["rclone", "folder", "git"]


class TargetRules(NamedTuple):
    """What site.yaml may say of targets of one kind.

    `fields` are those of TargetSettings that other kinds do not have. `to` matches the regular
    expression `location`; `hint` says what to write instead of a location that does not."""

    fields: frozenset[str] = frozenset()
    location: str = r"(?!-).*"  # a program takes what begins with a hyphen for an option
    hint: str = "write a location that does not begin with a hyphen"


# A kind that is not listed has the default rules.
TARGET_RULES: Mapping[TargetKind, TargetRules] = MappingProxyType(
    {
        "rclone": TargetRules(
            # The name of a remote (rclone.org/docs, Valid remote names). Not a connection string:
            # its options can name programs to run.
            location=r"[\w.+@](?:[\w.+@ -]*[\w.+@-])?:.*",
            hint="write the name of a remote of rclone and a path: `remote:bucket/path`; set its"
            " options with `rclone config`. For a local folder use `kind: folder`",
        ),
        "folder": TargetRules(hint="write the path of a folder: `/var/www/news`"),
        "git": TargetRules(
            fields=frozenset({"branch", "cname"}), hint="write the URL or the path of a repository"
        ),
    }
)


def target_rules(kind: TargetKind) -> TargetRules:
    """Return the rules for targets of a kind."""
    return TARGET_RULES.get(kind, TargetRules())


class TargetSettings(Struct, frozen=True, kw_only=True):
    """A deploy target: where the site is published, and how."""

    kind: Annotated[
        TargetKind,
        "How the site is sent. docs/deploys.md describes each kind.",
    ]
    to: Annotated[Line, "The location: `s3:bucket/news`, `/var/www/news`, the URL of a repository."]
    url: Annotated[
        TargetUrl,
        "The address at which readers see the target. A deploy checks it afterwards. Default:"
        " `base_url`, without that check.",
    ] = TargetUrl("")
    branch: Annotated[Line, "The branch to publish (default: `gh-pages`). Only for `git`."] = Line(
        ""
    )
    cname: Annotated[
        Line, "The domain under which the host of the repository serves the site. Only for `git`."
    ] = Line("")
    preview: Annotated[
        bool,
        "Whether it shows changes to colleagues before they are published. It takes only what"
        " `slugline build --preview` built: closed to search engines, with a banner. `{name}` in"
        " `to` and `url` stands for the name of a change, as in `slugline deploy preview/42`.",
    ] = False
    keep: Annotated[int, "The number of releases to keep for rollbacks."] = 5
    deletions: Annotated[
        int, "The number of files that a deploy may remove before a guard objects."
    ] = 50
    hub: Annotated[
        Url,
        "The former place of the `hub` of the site. Write it at the top of site.yaml.",
    ] = Url("")
    index_now: Annotated[
        Slug,
        "The IndexNow key, which is public. With it, search engines are notified of changed pages.",
    ] = Slug("")
