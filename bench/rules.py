"""What rules cost a write that none of them answers to."""

import time
from itertools import count
from statistics import median, quantiles

from bench.figures import figure_of
from trassa.access.queries import system_actor
from trassa.automation.actions import save_rule
from trassa.automation.models import Rule
from trassa.automation.types import RuleDraft
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import renewing_generation
from trassa.schema.types import Label

RULES, PAIRS, WRITES, WARMING = 200, 40, 15, 3


def measure_idle_rules(id: int) -> dict[str, object]:
    """Edits of a deal without and with 200 rules on its type, in pairs of blocks that follow one another.

    Each pair gives the ratio of its medians, so that what else the machine does falls on both; the order
    within pairs alternates. The first edits of a block warm its generation up and do not count.
    """
    add_rules()
    edits = count(1_000_000)
    times: dict[bool, list[float]] = {False: [], True: []}
    ratios: list[float] = []
    for pair in range(PAIRS):
        blocks: dict[bool, list[float]] = {}
        for is_active in (False, True) if pair % 2 == 0 else (True, False):
            switch_all(is_active=is_active)
            blocks[is_active] = [timed_edit(id, str(next(edits))) for _edit in range(WARMING + WRITES)][
                WARMING:
            ]
        for is_active, found in blocks.items():
            times[is_active] += found
        ratios.append(median(blocks[True]) / median(blocks[False]))
    switch_all(is_active=False)
    lower, middle, upper = quantiles(ratios, n=4)
    return {
        "rules_idle": figure_of(times[True]).as_json(),
        "rules_idle_without": figure_of(times[False]).as_json(),
        "rules_idle_ratio": round(middle, 3),
        "rules_idle_ratio_quartiles": [round(lower, 3), round(upper, 3)],
        "rules_idle_pairs": len(ratios),
    }


def timed_edit(id: int, amount: str) -> float:
    """Milliseconds that an edit takes."""
    began = time.perf_counter()
    edit(id, amount)
    return (time.perf_counter() - began) * 1000


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
    """Write a field that nothing answers to and that is kept in step with nothing."""
    write = Write(Change.EDIT, "deal", id=id, fields={"prepayment": amount})
    write_records([write], actor=system_actor(), cause={"kind": "bench"})
