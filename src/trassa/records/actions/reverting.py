"""Taking changes back: the values before an entry of history, unless somebody changed them since.

A revert is an ordinary write with the version after the entry, merged: rights, rules and stages apply, and
what was changed meanwhile is refused by name like any other conflict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.journal import Entry, Stream, list_entries
from trassa.kernel import Invalid, NotFound, TrassaError
from trassa.records.actions.freezing import kept_in
from trassa.records.actions.write import Hooks, write_records
from trassa.records.types import Change, Outcome, Write
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Reversal:
    """One entry of a record's history to be taken back: all of it, or only these fields."""

    type: str
    id: int
    seq: int
    fields: frozenset[str] | None = None


def revert_changes(
    reversals: Sequence[Reversal],
    *,
    actor: Actor,
    cause: Mapping[str, Any] | None = None,
    atomic: bool = True,
    hooks: Hooks = "all",
) -> list[Outcome]:
    """Take entries back, each record once in a batch; what became of each, in their order.

    A creation is taken back into the bin, what was binned comes out of it, and a move goes back to the stage
    before. With `atomic` the first refusal is raised; otherwise it stands in the outcome.
    """
    outcomes: list[Outcome] = []
    writes: dict[int, Write] = {}
    for index, reversal in enumerate(reversals):
        outcomes.append(Outcome(id=reversal.id))
        try:
            writes[index] = write_of(actor, reversal)
        except TrassaError as refusal:
            if atomic:
                raise
            outcomes[index].error = refusal
    cause = cause or {"kind": "revert", "seqs": {str(each.id): each.seq for each in reversals}}
    made = write_records(list(writes.values()), actor=actor, cause=cause, atomic=atomic, hooks=hooks)
    for index, outcome in zip(writes, made, strict=True):
        outcomes[index] = outcome
    return outcomes


def write_of(actor: Actor, reversal: Reversal) -> Write:
    """The write that takes an entry back; raises NotFound, or Invalid when there is nothing to take back."""
    spec = current_generation().types.get(reversal.type)
    stream = Stream("record", reversal.id)
    entry = next(iter(list_entries(stream, before_seq=reversal.seq + 1, limit=1)), None)
    if spec is None or entry is None or entry.seq != reversal.seq:
        raise NotFound(_("There is no such entry in this history."))
    if entry.kind == Change.CREATE and reversal.fields is None:
        return Write(Change.BIN, spec.code, id=reversal.id)
    if entry.kind in (Change.BIN, Change.RESTORE):
        back = Change.RESTORE if entry.kind == Change.BIN else Change.BIN
        return Write(back, spec.code, id=reversal.id)
    return undoing(actor, spec, entry, reversal)


def is_given_back(field: FieldSpec) -> bool:
    """Whether a write can give the value back: files are not written by value, formulas not at all."""
    return field.kind != "files" and field.formula is None


def undoing(actor: Actor, spec: TypeSpec, entry: Entry, reversal: Reversal) -> Write:
    """The write with the values before the entry; what cannot be given back stays."""
    version = entry.changes.get("version", (None, None))[1]
    before: dict[str, Any] = {key: pair[0] for key, pair in entry.changes.items()}
    wanted = reversal.fields
    fields = {
        field.code: before[field.column]
        for field in actor.visible_fields(spec)
        if field.column in before and (wanted is None or field.code in wanted) and is_given_back(field)
    }
    owner = before.get("owner") if wanted is None or "owner" in wanted else None
    stages = current_generation().stages_by_id
    stage = stages.get(before.get("stage") or 0) if wanted is None or "stage" in wanted else None
    reasons = current_generation().reasons_by_id
    reason = reasons.get(before.get("reason") or 0) if stage is not None else None
    if not fields and owner is None and stage is None:
        raise Invalid(_("There is nothing here that could be taken back."), code="nothing_to_revert")
    pipeline = spec.find_pipeline(stage.pipeline_id) if stage else None
    return Write(
        Change.MOVE if stage else Change.EDIT,
        spec.code,
        id=reversal.id,
        version=version if isinstance(version, int) else None,
        fields=fields,
        pipeline=pipeline.code if pipeline else None,
        stage=stage.code if stage and pipeline else None,
        reason=reason.code if reason else None,
        owner=owner if isinstance(owner, int) else None,
        merge=True,
        kept=kept_in(entry.changes, spec),
    )
