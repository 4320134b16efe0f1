"""A robot is dragged under another stage or to another place in the order, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.automation.actions.rules import order_rules, save_rule
from trassa.automation.queries import draft_of, get_rule, list_rules
from trassa.automation.queries.rules import get_version, version_draft
from trassa.kernel import Conflict
from trassa.schema.types import TypeSpec


@dataclass(frozen=True, slots=True)
class Placing:
    """What a move changed, for the way back: versions of the rule before and after, the order before."""

    rule: str
    before: int
    after: int
    order: Sequence[str]


@transaction.atomic
def place_rule(
    code: str, spec: TypeSpec, pipeline: str, stage: str, order: Sequence[str], *, actor_id: int | None
) -> Placing:
    """Let a rule answer to another stage, and put rules into an order.

    What has no stage of its own answers to entering it from then on. Raises RuleRefused when the rule does
    not work there.
    """
    row = get_rule(code)
    before = [each.code for each in list_rules([spec.id]) if each.code in order]
    draft = draft_of(row, spec.code)
    when = dict(draft.when)
    staged = when["event"] in ("stage_entered", "stage_left", "overdue")
    if stage and staged:
        when |= {"pipeline": pipeline, "stage": stage}
    elif stage and when["event"] == "button":
        when |= {"pipeline": pipeline, "stages": [stage]}
    elif stage:
        when = {"event": "stage_entered", "pipeline": pipeline, "stage": stage}
    elif staged:
        when = {key: value for key, value in when.items() if key != "stage"}
    elif when["event"] == "button":
        when = {key: value for key, value in when.items() if key != "stages"}
    after = row.version
    if when != draft.when:
        after = save_rule(replace(draft, when=when), actor_id=actor_id).version
    order_rules(order, actor_id=actor_id)
    return Placing(code, row.version, after, before)


@transaction.atomic
def unplace_rule(placing: Placing, spec: TypeSpec, *, actor_id: int | None) -> None:
    """Take a move back; raises Conflict when somebody has changed the rule since."""
    row = get_rule(placing.rule)
    if row.version != placing.after:
        raise Conflict(_("The rule was changed meanwhile."), code="changed_meanwhile")
    if placing.before != placing.after:
        draft = version_draft(row, get_version(row, placing.before), spec.code)
        save_rule(draft, actor_id=actor_id)
    order_rules(placing.order, actor_id=actor_id)
