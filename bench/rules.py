"""What rules cost a write that none of them answers to."""

import time

from bench.figures import figure_of
from trassa.access.queries import system_actor
from trassa.automation.actions import save_rule
from trassa.automation.models import Rule
from trassa.automation.types import RuleDraft
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import renewing_generation
from trassa.schema.types import Label

RULES, PAIRS, WRITES = 200, 30, 10


def measure_idle_rules(id: int) -> dict[str, object]:
    """Edits of a deal without and with 200 rules on its type, block by block in turn, in ms.

    The first edits of a block warm its generation up and do not count.
    """
    add_rules()
    times: dict[bool, list[float]] = {False: [], True: []}
    text = 0
    for _pair in range(PAIRS):
        for is_active, found in times.items():
            switch_all(is_active=is_active)
            for number in range(WRITES + 3):
                text += 1
                began = time.perf_counter()
                edit(id, str(1_000_000 + text))
                if number >= 3:
                    found.append((time.perf_counter() - began) * 1000)
    switch_all(is_active=False)
    without, beside = figure_of(times[False]), figure_of(times[True])
    return {
        "rules_idle": beside.as_json(),
        "rules_idle_without": without.as_json(),
        "rules_idle_ratio": round(beside.p50_ms / without.p50_ms, 3),
    }


def add_rules() -> None:
    """Rules that answer to other fields and stages than the one that is written."""
    events = (
        {"event": "changed", "fields": ["next_contact_on"]},
        {"event": "stage_entered", "pipeline": "sales", "stage": "contract"},
        {"event": "created"},
        {"event": "changed", "fields": ["our_estimate", "client_estimate"]},
    )
    steps = [{"set": {"fields": {"discount": "1"}}}]
    condition = 'amount > 1000000 AND source = "avito"'
    for number, when in enumerate(events):
        draft = RuleDraft(f"x_idle_{number}", "deal", Label("Idle"), when, steps, condition, is_active=False)
        save_rule(draft, actor_id=None)
    rows = list(Rule.objects.filter(code__startswith="x_idle_"))
    for number in range(len(events), RULES):
        row = rows[number % len(events)]
        row.pk, row.code = None, f"x_idle_{number}"
        row.save(force_insert=True)


def switch_all(*, is_active: bool) -> None:
    """Switch the idle rules on or off as one generation."""
    with renewing_generation(actor_id=None, cause={"kind": "bench"}) as ledger:
        Rule.objects.filter(code__startswith="x_idle_").update(is_active=is_active)
        ledger.note("rule", 0, "changed", {})


def edit(id: int, amount: str) -> None:
    write = Write(Change.EDIT, "deal", id=id, fields={"market_price": amount})
    write_records([write], actor=system_actor(), cause={"kind": "bench"})
