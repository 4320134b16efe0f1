"""Rules are written, switched on and off, put in order and retired. Every change is a new generation."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from trassa.automation.actions.dates import renew_clock
from trassa.automation.checking import check_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Rule, RuleVersion
from trassa.automation.rulebook import compile_row, mirrors_of
from trassa.automation.types import RuleDraft
from trassa.expressions import to_json
from trassa.kernel import NotFound, now
from trassa.schema.actions import Ledger, renewing_generation
from trassa.schema.queries import current_generation, unpin_generation
from trassa.schema.types import Generation

Cause = Mapping[str, Any]
NO_CAUSE: Cause = {}


def save_rule(draft: RuleDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> Rule:
    """Create a rule or bring it to a new version; a retired one of this code comes back.

    Raises RuleRefused with everything that is wrong. Runs that have begun keep to their version.
    """
    [row] = save_rules([draft], actor_id=actor_id, cause=cause)
    return row


def save_rules(drafts: Sequence[RuleDraft], *, actor_id: int | None, cause: Cause = NO_CAUSE) -> list[Rule]:
    """Save several rules, in their order, as one generation; see `save_rule`."""
    if not drafts:
        return []
    with unpin_generation(), renewing_generation(actor_id=actor_id, cause=cause) as ledger:
        generation = current_generation()
        return [store_rule(draft, generation, ledger, actor_id) for draft in drafts]


def store_rule(draft: RuleDraft, generation: Generation, ledger: Ledger, actor_id: int | None) -> Rule:
    """Check a rule against the types that are there, store it and note what changed."""
    checked, trees, faults = check_rule(draft, generation)
    if faults:
        raise RuleRefused(faults)
    row = Rule.objects.select_for_update().filter(code=draft.code).first()
    known = row is not None
    row = row or Rule(code=draft.code, version=0)
    was_retired = row.retired_at is not None
    changed = ledger.assign(
        row,
        {
            "type_id": generation.types[draft.type].id,
            "label": {"ru": draft.label.ru, "en": draft.label.en},
            "definition": checked.definition,
            "position": draft.position,
            "is_active": draft.is_active,
            "retired_at": None,
        },
    )
    if not changed:
        return row
    row.trees = {text: to_json(node) for text, node in trees.items()}
    renewed = bool(changed.keys() & {"label", "definition"})
    row.version += renewed
    row.target_ids = sorted(
        {
            generation.types[mirror.target_type].id
            for mirror in mirrors_of(compile_row(row))
            if mirror.target_type
        }
    )
    row.save()
    if renewed:
        keep_version(row, actor_id)
    renew_clock(row)
    changed.pop("retired_at", None)
    ledger.note("rule", row.id, "restored" if was_retired else "changed" if known else "created", changed)
    return row


def keep_version(row: Rule, actor_id: int | None) -> None:
    """Remember the state of a rule."""
    RuleVersion.objects.create(
        rule=row,
        number=row.version,
        label=row.label,
        definition=row.definition,
        trees=row.trees,
        created_by_id=actor_id,
    )


def switch_rule(code: str, *, is_active: bool, actor_id: int | None, cause: Cause = NO_CAUSE) -> Rule:
    """Switch a rule on or off; what waits already goes on."""
    return change_rule(code, {"is_active": is_active}, actor_id, cause)


def retire_rule(code: str, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> Rule:
    """Take a rule out of use; its traces stay."""
    return change_rule(code, {"retired_at": now()}, actor_id, cause)


def change_rule(code: str, values: Mapping[str, Any], actor_id: int | None, cause: Cause) -> Rule:
    with renewing_generation(actor_id=actor_id, cause=cause) as ledger:
        row = Rule.objects.select_for_update().filter(code=code, retired_at=None).first()
        if row is None:
            raise NotFound(_("There is no such rule."))
        changed = ledger.assign(row, values)
        if changed:
            row.save(update_fields=list(changed))
            renew_clock(row)
            kind = "retired" if "retired_at" in changed else "changed"
            changed.pop("retired_at", None)
            ledger.note("rule", row.id, kind, changed)
    return row


def order_rules(codes: Sequence[str], *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Put rules into this order, behind one another."""
    with renewing_generation(actor_id=actor_id, cause=cause) as ledger:
        rows = {row.code: row for row in Rule.objects.select_for_update().filter(code__in=codes)}
        for position, code in enumerate(code for code in codes if code in rows):
            row = rows[code]
            changed = ledger.assign(row, {"position": position})
            if changed:
                row.save(update_fields=["position"])
                ledger.note("rule", row.id, "changed", changed)


def fresh_code() -> str:
    """A code for a rule that was made here."""
    last = Rule.objects.aggregate(Max("id"))["id__max"] or 0
    return f"x_rule_{int(last) + 1}"


def next_position(type_id: int) -> int:
    """Behind the last rule of a type."""
    last = Rule.objects.filter(type_id=type_id, retired_at=None).aggregate(Max("position"))["position__max"]
    return 0 if last is None else int(last) + 1
