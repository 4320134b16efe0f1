"""The parts of sweeps: what a rule does with the next records that are there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from trassa.automation.actions.dates import date_timer, horizon
from trassa.automation.actions.overdue import answer_standing, standing
from trassa.automation.actions.running import Occasion, compute_all, start_runs
from trassa.automation.actions.sweeps import DATES, STANDING, find_part, order_next
from trassa.automation.actions.timers import set_timers
from trassa.automation.models import Rule
from trassa.automation.rulebook import compile_row
from trassa.automation.types import CompiledRule
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

CHUNK = 200


@transaction.atomic
def sweep_records(rule_id: int, key: str, after: int) -> None:
    """Carry a rule out for the next records that it concerns, or set the timers of their dates."""
    pin_for_write()
    sweep = find_part(rule_id, key, after)
    row = Rule.objects.filter(id=rule_id, is_active=True, retired_at=None).first()
    spec = current_generation().types_by_id.get(row.type_id) if row else None
    if sweep is None or row is None or spec is None:
        return
    rule = compile_row(row)
    concerned = spec.model._default_manager.filter(_CONCERNED.get(key, all_of)(rule, spec), deleted_at=None)
    if sweep.total is None:
        sweep.total = concerned.count()
    ids = list(concerned.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not ids:
        sweep.delete()
        return
    _PARTS.get(key, strike)(rule, spec, ids, key)
    order_next(sweep, ids[-1], len(ids))


def all_of(rule: CompiledRule, spec: TypeSpec) -> Q:
    return Q()


def dated(rule: CompiledRule, spec: TypeSpec) -> Q:
    """Records whose date lies ahead."""
    settings: Any = rule.settings
    return Q(**{f"{settings.column(spec)}__gte": horizon(settings)})


def follow(rule: CompiledRule, spec: TypeSpec, ids: Sequence[int], key: str) -> None:
    set_timers([date_timer(rule, spec, id) for id in ids])


def strike(rule: CompiledRule, spec: TypeSpec, ids: Sequence[int], key: str) -> None:
    """The clock has struck: for records that meet the condition; of the others it leaves no trace."""
    if rule.condition is not None:
        found = compute_all(rule.condition, spec, ids, None)
        ids = [id for id, (value, _values) in found.items() if value is True]
    start_runs(rule, spec, ids, Occasion("schedule", cause={"kind": "schedule"}, key=key))


_CONCERNED: Mapping[str, Callable[[CompiledRule, TypeSpec], Q]] = {DATES: dated, STANDING: standing}
_PARTS: Mapping[str, Callable[[CompiledRule, TypeSpec, Sequence[int], str], None]] = {
    DATES: follow,
    STANDING: answer_standing,
}
