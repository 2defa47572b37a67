"""The kinds of deploy target, in order."""

from __future__ import annotations

from builder.deploy.target import TargetDeclaration
from builder.deploy.targets import folder, git, rclone
from builder.model.targets import TargetKind

TARGETS: tuple[TargetDeclaration, ...] = (
    rclone.TARGET,
    folder.TARGET,
    git.TARGET,
)


def find_declaration(kind: TargetKind) -> TargetDeclaration:
    """Return the declaration of a kind of target."""
    return next(target for target in TARGETS if target.kind == kind)
