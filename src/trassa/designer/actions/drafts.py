"""Drafts: begun by their first edit, changed edit by edit, applied or dropped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from trassa.designer.codes import propose_code
from trassa.designer.edits.fields import remove_field
from trassa.designer.edits.types import begin_design
from trassa.designer.models import Draft
from trassa.designer.queries import installed_part, plan_of, revived_part, state_of
from trassa.designer.types import Design, DraftState
from trassa.journal import Changes, NewEntry, Stream, append
from trassa.kernel import Conflict, Invalid, NotFound, now
from trassa.people.queries import require_administrator
from trassa.schema.queries import list_retired, unpin_generation
from trassa.solutions.actions import apply, roll_back
from trassa.solutions.queries import installed_configuration, last_edit, plan_undo
from trassa.solutions.types import AppliedVersion, Configuration, Words

Edit = Callable[[Design], Design]

CAUSE: Mapping[str, Any] = {"kind": "designer"}
#: How many steps back a draft remembers.
_PAST = 20


@transaction.atomic
def begin_type(*, label: str, plural: str, icon: str, with_stages: bool, actor_id: int) -> DraftState:
    """Begin the draft of a new type; raises Invalid without a name."""
    require_administrator(actor_id)
    if not label.strip():
        raise Invalid(_("Give the type a name."))
    installed = installed_configuration()
    taken = {each.code for each in installed.types} | set(list_retired().types)
    taken |= set(Draft.objects.values_list("code", flat=True))
    code = propose_code(label, taken, fallback="type")
    words = Words(ru=label)
    design = begin_design(
        words,
        Words(ru=plural.strip() or label),
        icon or "file",
        code=code,
        with_stages=with_stages,
        installed=installed,
    )
    return _begin(code, Configuration(roles=installed.roles), design.configuration, actor_id)


@transaction.atomic
def restore_type(code: str, *, actor_id: int) -> DraftState:
    """Begin a draft that brings a retired type back, with its fields and pipelines as they were.

    Raises NotFound when no type of this code is out of use, Conflict when a draft brings it back already.
    """
    require_administrator(actor_id)
    retired = list_retired()
    if code not in retired.types:
        raise NotFound(_("There is no such type."))
    if Draft.objects.filter(code=code).exists():
        raise Conflict(_("A draft brings this type back already."))
    roles = installed_configuration().roles
    design = replace(Design.of(revived_part(code)), roles=roles)
    for (type, field), each in retired.fields.items():
        if type == code and each.itself:
            design = remove_field(design, field)
    return _begin(code, Configuration(roles=roles), design.configuration, actor_id)


def _begin(code: str, found: Configuration, content: Configuration, actor_id: int) -> DraftState:
    """A draft of a type that is not in use."""
    row = Draft.objects.create(
        code=code,
        found=found.model_dump(mode="json"),
        content=content.model_dump(mode="json"),
        edited_at=now(),
        edited_by_id=actor_id,
    )
    _write_entry(row, "created", {}, actor_id)
    return state_of(row)


@transaction.atomic
def edit_draft(code: str, edit: Edit, *, revision: int | None = None, actor_id: int) -> DraftState:
    """Change the draft of a type; the first edit begins it with what is installed.

    With `revision` the edit is refused when somebody has changed the draft since (Conflict). Raises NotFound
    when there is no such type, Invalid when the edit leaves something that the format does not allow.
    """
    require_administrator(actor_id)
    row = Draft.objects.select_for_update().filter(code=code).first()
    if row is None:
        found = installed_part(code)
        content = found.model_dump(mode="json")
        row = Draft(code=code, found=content, content=content, revision=0)
    elif revision is not None and row.revision != revision and row.edited_by_id != actor_id:
        raise Conflict(_("Somebody else has changed this draft meanwhile. Load the page again."))
    changed = edit(state_of(row).design).configuration.model_dump(mode="json")
    try:
        Configuration.model_validate(changed)
    except ValidationError as error:
        raise Invalid(_explain(error)) from error
    if changed == row.content and row.pk:
        return state_of(row)
    row.past = [*row.past, row.content][-_PAST:]
    row.content = changed
    return _save(row, "changed", actor_id)


@transaction.atomic
def empty_unfit(code: str, field: str, *, actor_id: int) -> DraftState:
    """Decide that values of a field that do not fit its new kind are left empty; history keeps them."""
    require_administrator(actor_id)
    row = _lock(code)
    state_of(row).design.field(field)
    row.emptied = sorted({*row.emptied, field})
    return _save(row, "changed", actor_id)


@transaction.atomic
def step_back(code: str, *, actor_id: int) -> DraftState:
    """Take the last edit of a draft back."""
    require_administrator(actor_id)
    row = _lock(code)
    if not row.past:
        raise Conflict(_("There is nothing to take back."))
    *row.past, row.content = row.past
    return _save(row, "changed", actor_id)


@transaction.atomic
def drop_draft(code: str, *, actor_id: int) -> None:
    """Forget a draft; what is installed stays as it is."""
    require_administrator(actor_id)
    row = _lock(code)
    _write_entry(row, "removed", {}, actor_id)
    row.delete()


@transaction.atomic
def apply_draft(code: str, *, revision: int, mine_wins: bool = False, actor_id: int) -> AppliedVersion | None:
    """Carry a draft out and forget it; returns the version to undo, None when nothing differed.

    `revision` is that of the draft whose plan was shown. With `mine_wins` the draft wins where somebody has
    changed the same thing meanwhile. Raises what applying a pack raises, and Conflict for another revision.
    """
    require_administrator(actor_id)
    row = _lock(code)
    if row.revision != revision:
        raise Conflict(_("The draft changed meanwhile. Look at what it does once more."))
    with unpin_generation():
        plan = plan_of(state_of(row), mine_wins=mine_wins)
        apply(plan, actor_id=actor_id)
    _write_entry(row, "applied", {}, actor_id)
    row.delete()
    return last_edit() if plan.steps else None


@transaction.atomic
def undo_edit(number: int, *, actor_id: int) -> None:
    """Take the last applied edit back; raises Conflict when another has been applied since."""
    require_administrator(actor_id)
    last = last_edit()
    if last is None or last.number != number:
        raise Conflict(_("Other changes were applied after this one; take them back first."))
    with unpin_generation():
        roll_back(plan_undo(number), actor_id=actor_id)


def _lock(code: str) -> Draft:
    row = Draft.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no draft of this type; change something to begin one."))
    return row


def _save(row: Draft, kind: str, actor_id: int) -> DraftState:
    row.revision += 1
    row.edited_at, row.edited_by_id = now(), actor_id
    row.save()
    _write_entry(row, kind, {"revision": (row.revision - 1, row.revision)}, actor_id)
    return state_of(row)


def _write_entry(row: Draft, kind: str, changes: Changes, actor_id: int) -> None:
    append([NewEntry(Stream("draft", row.pk), kind, changes)], actor_id=actor_id, cause=CAUSE)


def _explain(error: ValidationError) -> str:
    """What the format does not allow, in a sentence."""
    first = error.errors()[0]
    if first["type"] == "string_too_short":
        return _("A name must not be empty.")
    return _("This cannot be kept: %(why)s.") % {"why": first["msg"]}
