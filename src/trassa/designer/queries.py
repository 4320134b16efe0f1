"""Reads of drafts. Only administrators come here, who see all of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.designer.models import Draft
from trassa.designer.types import Design, DraftState
from trassa.kernel import NotFound, now
from trassa.schema.queries import count_records, count_values, list_retired
from trassa.schema.types import Generation
from trassa.solutions.queries import (
    Decisions,
    Plan,
    installed_configuration,
    plan_edit,
    revived_configuration,
    sketch,
)
from trassa.solutions.types import Configuration, FieldEntry, PipelineEntry, TypeEntry


def find_draft(code: str) -> DraftState | None:
    """The draft of a type; None when nobody has begun one."""
    row = Draft.objects.filter(code=code).first()
    return None if row is None else state_of(row)


def list_drafts() -> list[DraftState]:
    """All drafts."""
    return [state_of(row) for row in Draft.objects.all()]


def state_of(row: Draft) -> DraftState:
    """A row as it is read."""
    return DraftState(
        code=row.code,
        found=Configuration.model_validate(row.found),
        design=Design.of(Configuration.model_validate(row.content)),
        revision=row.revision,
        edited_at=row.edited_at,
        edited_by_id=row.edited_by_id,
        has_past=bool(row.past),
        emptied=frozenset(row.emptied),
    )


def installed_part(code: str) -> Configuration:
    """What is installed of a type, its pipelines and all roles; raises NotFound without such a type."""
    return _part(installed_configuration(), code)


def _part(whole: Configuration, code: str) -> Configuration:
    pipelines = {each.code for each in whole.pipelines if each.type == code}
    roles = {role.code for role in whole.roles}
    found = whole.part({"types": {code}, "pipelines": pipelines, "roles": roles})
    if not found.types:
        raise NotFound(_("There is no such type."))
    return found


@dataclass(frozen=True, slots=True)
class RetiredThing:
    """A type or field that may come back, and how many records have it: of a field, a value."""

    entry: TypeEntry | FieldEntry
    count: int


def list_retired_types() -> list[RetiredThing]:
    """Types that were taken out of use; one query when there is none."""
    codes = list_retired().types
    if not codes:
        return []
    found = revived_configuration().types
    return [RetiredThing(each, count_records(each.code)) for each in found if each.code in codes]


def list_retired_fields(draft: DraftState) -> list[RetiredThing]:
    """Retired fields of the type that the draft does not bring back; one query when there is none."""
    codes = retired_fields(draft.code) - set(draft.design.fields)
    if not codes:
        return []
    entries = revived_part(draft.code).types[0].fields
    return [RetiredThing(each, count_values(draft.code, each.code)) for each in entries if each.code in codes]


def retired_fields(type: str) -> set[str]:
    """Codes of the type's retired fields: whatever gets one of them is that field and nothing else."""
    return {code for type_code, code in list_retired().fields if type_code == type}


def revived_part(code: str) -> Configuration:
    """A type with all its fields and pipelines, those that are retired too; raises NotFound."""
    return _part(revived_configuration(), code)


def list_types() -> tuple[TypeEntry, ...]:
    """The types in use."""
    return installed_configuration().types


def list_pipelines() -> tuple[PipelineEntry, ...]:
    """The pipelines in use."""
    return installed_configuration().pipelines


def plan_of(draft: DraftState, *, mine_wins: bool = False) -> Plan:
    """What applying a draft would do. With `mine_wins` it wins where somebody has changed the same thing."""
    decisions = Decisions(
        everything="pack" if mine_wins else None,
        emptied=frozenset(f"{draft.code}.{field}" for field in draft.emptied),
        in_browser=True,
    )
    return plan_edit(draft.found, draft.design.configuration, decisions=decisions)


def sketch_of(draft: DraftState) -> Generation:
    """The schema with the draft in it, good for names and kinds: what expressions may mention."""
    return sketch([installed_configuration(), draft.design.configuration])


def draft_or_installed(code: str, person_id: int) -> DraftState:
    """The draft of a type, or what a draft begun now would be; raises NotFound when there is neither."""
    found = find_draft(code)
    if found is not None:
        return found
    installed = installed_part(code)
    return DraftState(code, installed, Design.of(installed), 0, now(), person_id, has_past=False)
