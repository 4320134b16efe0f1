"""Reads of drafts. Only administrators come here, who see all of them."""

from django.utils.translation import gettext as _

from trassa.designer.models import Draft
from trassa.designer.types import Design, DraftState
from trassa.kernel import NotFound, now
from trassa.schema.types import Generation
from trassa.solutions.queries import Decisions, Plan, installed_configuration, plan_edit, sketch
from trassa.solutions.types import Configuration, PipelineEntry, TypeEntry


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
    whole = installed_configuration()
    pipelines = {each.code for each in whole.pipelines if each.type == code}
    roles = {role.code for role in whole.roles}
    found = whole.part({"types": {code}, "pipelines": pipelines, "roles": roles})
    if not found.types:
        raise NotFound(_("There is no such type."))
    return found


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
