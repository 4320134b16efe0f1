"""Several records of one type become one, and are their own again, each in one go.

They are merged into the survivor one after another in one transaction, so what holds for a merge of two
holds for every one of them. The merges know each other and are taken back together. See
docs/decisions/0027-merges.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import Invalid
from trassa.records.actions.joining import Pick
from trassa.records.actions.merging import Merging, carry_out, in_one_go, load_together
from trassa.records.actions.write import Hooks
from trassa.records.models import Merge
from trassa.records.types import Outcome

#: Records that can become one in one go.
MAX_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is to become one: the records `sources` go into the record `into`, all of the type with this code.

    `versions` are those that the person looked at, by record id. `kept` says whose value stays, by the code
    of a field or "owner": the id of a record, or None for the values of all. What is not named keeps the
    first value that there is, and where a field takes several it keeps all of them. So it is with every
    masked field.
    """

    type: str
    into: int
    sources: Sequence[int]
    versions: Mapping[int, int] = field(default_factory=dict)
    kept: Mapping[str, int | None] = field(default_factory=dict)


def gather_records(
    gathering: Gathering, *, actor: Actor, cause: Mapping[str, Any], hooks: Hooks = "all"
) -> Outcome:
    """Merge all of them in one transaction; gives what became of the survivor.

    Raises what `merge_records` raises for two, and Invalid for fewer than two or too many of them.
    """
    everybody = {gathering.into, *gathering.sources}
    if len(everybody) != len(gathering.sources) + 1 or not gathering.sources:
        raise Invalid(_("Choose two different records."), code="same_record")
    if len(everybody) > MAX_TOGETHER:
        raise Invalid(_("Merge at most %s records at once.") % MAX_TOGETHER, code="too_many")
    if not {id for id in gathering.kept.values() if id is not None} <= everybody:
        raise Invalid(_("Only values of these records can stay."), code="unknown_record")
    return in_one_go(lambda: gather_all(gathering, actor, cause, hooks))


def gather_all(gathering: Gathering, actor: Actor, cause: Mapping[str, Any], hooks: Hooks) -> Outcome:
    load_together(
        gathering.type, gathering.into, gathering.sources, gathering.versions, actor=actor, cause=cause
    )
    merges: list[Merge] = []
    outcome = None
    for source in gathering.sources:
        merging = Merging(gathering.type, gathering.into, source, picks=picks_of(gathering, source))
        is_last = source == gathering.sources[-1]
        merge, outcome = carry_out(merging, actor, cause, hooks, is_last=is_last)
        merges.append(merge)
    if len(merges) > 1:
        ids = [merge.id for merge in merges]
        Merge.objects.filter(id__in=ids).update(together=ids[0])
    assert outcome is not None
    return outcome


def picks_of(gathering: Gathering, source: int) -> dict[str, Pick]:
    """Whose value stays while one of the records is taken in; that of a later one waits for its turn."""
    picks = {None: Pick.BOTH, source: Pick.FROM}
    return {code: picks.get(id, Pick.INTO) for code, id in gathering.kept.items()}
