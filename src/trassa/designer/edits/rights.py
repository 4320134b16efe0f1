"""Presets of rights: what a role may do with records of the type, in one choice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from trassa.designer.types import Design
from trassa.kernel import NotFound
from trassa.solutions.types import GrantEntry, RoleEntry

Preset = Literal["full", "own", "read", "none"]
#: A role whose rights are none of the presets, set up on its own page.
CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a preset allows."""

    verbs: tuple[str, ...]
    scope: str = "all"

    def grant(self, type_code: str) -> Iterator[GrantEntry]:
        if self.verbs:
            yield GrantEntry.model_validate({"type": type_code, "verbs": self.verbs, "scope": self.scope})


PRESETS: Mapping[str, Rights] = {
    "full": Rights(("see", "create", "edit", "delete", "move", "export")),
    "own": Rights(("see", "create", "edit", "move"), "own"),
    "read": Rights(("see",)),
    "none": Rights(()),
}


def preset_of(role: RoleEntry, type_code: str) -> str:
    """The preset that a role's grants on a whole type are; CUSTOM for any other."""
    grants = _single(grant for grant in role.grants if is_plain(grant, type_code))
    for name, rights in PRESETS.items():
        if grants == _single(rights.grant(type_code)):
            return name
    return CUSTOM


def is_plain(grant: GrantEntry, type_code: str) -> bool:
    """Whether a grant is about the whole type, not a pipeline, stage or field of it."""
    return grant.type == type_code and not (grant.pipeline or grant.stage or grant.field)


def finer_grants(role: RoleEntry, design: Design) -> list[GrantEntry]:
    """Grants of a role on pipelines, stages and fields of the type: presets leave them alone."""
    code = design.type.code
    return [grant for grant in role.grants if grant.type == code and not is_plain(grant, code)]


def set_preset(design: Design, role: str, preset: str) -> Design:
    """The design with the rights of a role on the whole type replaced; finer ones stay."""
    if preset not in PRESETS or role not in {each.code for each in design.roles}:
        raise NotFound("There is no such role or preset.")
    code = design.type.code

    def changed(entry: RoleEntry) -> RoleEntry:
        others = tuple(grant for grant in entry.grants if not is_plain(grant, code))
        return entry.model_copy(update={"grants": (*others, *PRESETS[preset].grant(code))})

    roles = tuple(changed(entry) if entry.code == role else entry for entry in design.roles)
    return replace(design, roles=roles)


def _single(grants: Iterator[GrantEntry]) -> set[GrantEntry]:
    return {grant.model_copy(update={"verbs": (verb,)}) for grant in grants for verb in grant.verbs}
