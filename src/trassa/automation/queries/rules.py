"""Reads of rules."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from trassa.automation.checking import Checking
from trassa.automation.models import Rule, RuleVersion, Run, Sweep
from trassa.automation.types import RuleDraft
from trassa.expressions import from_json
from trassa.kernel import NotFound
from trassa.schema.types import Generation, Label


def list_rules(type_ids: Iterable[int] | None = None) -> list[Rule]:
    """The rules in use, of all types or of these, in their order."""
    rows = Rule.objects.filter(retired_at=None)
    if type_ids is not None:
        rows = rows.filter(type_id__in=list(type_ids))
    return list(rows.order_by("type_id", "position", "id"))


def retired_rule_codes() -> list[str]:
    """Codes of rules that are out of use."""
    return list(Rule.objects.exclude(retired_at=None).values_list("code", flat=True))


def get_rule(code: str) -> Rule:
    """The rule with this code; raises NotFound."""
    row = Rule.objects.filter(code=code, retired_at=None).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    return row


def sweeps_of(rule_ids: Iterable[int]) -> dict[int, Sweep]:
    """How far those of these rules have come that are going through the records of their type."""
    return {each.rule_id: each for each in Sweep.objects.filter(rule_id__in=list(rule_ids)).order_by("-id")}


def list_versions(rule: Rule) -> list[RuleVersion]:
    """What the rule was, newest first."""
    return list(RuleVersion.objects.filter(rule=rule).order_by("-number"))


def get_version(rule: Rule, number: int) -> RuleVersion:
    """What the rule was at a version; raises NotFound."""
    row = RuleVersion.objects.filter(rule=rule, number=number).first()
    if row is None:
        raise NotFound(_("There is no such version."))
    return row


def draft_of(row: Rule, type_code: str) -> RuleDraft:
    """A stored rule as it was written."""
    definition = row.definition
    return RuleDraft(
        code=row.code,
        type=type_code,
        label=Label(**row.label),
        when=definition["when"],
        steps=definition["steps"],
        condition=definition["condition"],
        is_active=row.is_active,
        position=row.position,
    )


def version_draft(row: Rule, version: RuleVersion, type_code: str) -> RuleDraft:
    """What a rule was at a version, with its present place and switch."""
    definition = version.definition
    return RuleDraft(
        code=row.code,
        type=type_code,
        label=Label(**version.label),
        when=definition["when"],
        steps=definition["steps"],
        condition=definition["condition"],
        is_active=row.is_active,
        position=row.position,
    )


def list_broken(generation: Generation) -> Sequence[str]:
    """Rules in use, and versions that somebody is still on the way through, that name what is not there."""
    found = []
    for row in list_rules():
        spec = generation.types_by_id.get(row.type_id)
        label = str(Label(**row.label))
        if spec is None:
            found.append(_("rule “%s”") % label)
            continue
        states: list[Rule | RuleVersion] = [row, *versions_under_way(row)]
        for each in states:
            trees = {text: from_json(tree) for text, tree in each.trees.items()}
            checking = Checking(generation, spec, trees=trees, known=True, with_people=False)
            definition = each.definition
            checking.draft(
                RuleDraft(
                    row.code,
                    spec.code,
                    Label(""),
                    definition["when"],
                    definition["steps"],
                    definition["condition"],
                )
            )
            if checking.faults:
                found.append(_("rule “%(rule)s” (%(fault)s)") % {"rule": label, "fault": checking.faults[0]})
    return list(dict.fromkeys(found))


def versions_under_way(row: Rule) -> list[RuleVersion]:
    """Older versions with runs that have not ended."""
    open_states = [Run.State.QUEUED, Run.State.WAITING, Run.State.FAILED]
    numbers = Run.objects.filter(rule=row, state__in=open_states).exclude(version=row.version)
    return list(RuleVersion.objects.filter(rule=row, number__in=numbers.values("version")))
