"""The bin of a type: what a person may take out of it, who put it there, and what was merged away.

Whoever may delete a record may bring it back. A record that became part of another one lies in the bin too,
but only taking the merge back gets it out: it is told apart and is never among what can be restored.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.journal import list_newest_entries
from trassa.records.models import Anchor, Merge
from trassa.records.queries.names import visible_titles
from trassa.records.queries.time_limits import in_time
from trassa.records.types import Change
from trassa.schema.types import TypeSpec

#: Counting stops here.
COUNT_LIMIT = 10_000
#: Newest entries of a record among which it is looked who binned it: notes may have come after.
_AHEAD = 4
_STANDING = Merge.objects.filter(loser_id=OuterRef("pk"), undone_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Binned:
    """A record in the bin."""

    id: int
    title: str
    number: str
    binned_at: datetime
    #: None when Trassa itself did it, or when nobody can say any more.
    binned_by_id: int | None
    #: The record that it was merged into; it cannot be restored then.
    survivor_id: int | None = None
    #: "" when the person does not see that record.
    survivor_title: str = ""


def uses_bin(actor: Actor, spec: TypeSpec) -> bool:
    """Whether the person can take anything of this type out of the bin."""
    return not actor.reach(Verb.DELETE, spec).nothing and not actor.reach(Verb.SEE, spec).nothing


def in_bin(actor: Actor, spec: TypeSpec, text: str = "") -> QuerySet[Anchor]:
    """Anchors of what this person may restore or take apart; `text` is a part of a title or a number.

    The index of the bin leads, so the cost grows with the bin, not with the type.
    """
    rows = spec.model._default_manager.filter(pk=OuterRef("pk"), deleted_at__isnull=False)
    for verb in (Verb.SEE, Verb.DELETE):
        rows = restrict(rows, actor.reach(verb, spec))
    found = Anchor.objects.filter(Exists(rows), type_id=spec.id, deleted_at__isnull=False)
    if not text:
        return found
    number = text.removeprefix("№").strip()
    wanted = Q(title__icontains=text)
    if number.isdecimal() and len(number) < 19:
        numbered = spec.model._default_manager.filter(number=int(number)).values("pk")
        wanted |= Q(pk__in=numbered)
    return found.filter(wanted)


def restorable_ids(
    actor: Actor, spec: TypeSpec, *, among: Collection[int] | None = None, text: str = "", limit: int
) -> list[int]:
    """Ids of what the person may restore, ascending; of these ids only when `among` is given."""
    found = in_bin(actor, spec, text).exclude(Exists(_STANDING))
    if among is not None:
        found = found.filter(pk__in=among)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])


@in_time
def count_restorable(actor: Actor, spec: TypeSpec, text: str = "") -> int:
    """How many records the person may restore, at most COUNT_LIMIT + 1."""
    return in_bin(actor, spec, text).exclude(Exists(_STANDING)).order_by()[: COUNT_LIMIT + 1].count()


@in_time
def list_binned(
    actor: Actor,
    spec: TypeSpec,
    *,
    text: str = "",
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> tuple[Sequence[Binned], tuple[datetime, int] | None]:
    """A page of the bin, the latest first, and the `after` of the following one."""
    found = in_bin(actor, spec, text).order_by("-deleted_at", "-id")
    if after is not None:
        moment, id = after
        found = found.filter(
            Q(deleted_at__lt=moment) | Q(deleted_at=moment, id__lt=id), deleted_at__lte=moment
        )
    anchors = list(found[: limit + 1])
    page = anchors[:limit]
    following = None
    if len(anchors) > limit and page[-1].deleted_at is not None:
        following = page[-1].deleted_at, page[-1].pk
    return binned_of(actor, spec, page), following


def binned_of(actor: Actor, spec: TypeSpec, anchors: Sequence[Anchor]) -> list[Binned]:
    """What is said of records in the bin."""
    ids = [anchor.pk for anchor in anchors]
    if not ids:
        return []
    numbers = dict(spec.model._default_manager.filter(pk__in=ids).values_list("pk", "number"))
    merges = {each.loser_id: each for each in Merge.objects.filter(loser_id__in=ids, undone_at__isnull=True)}
    titles = visible_titles(actor, {spec.id: {each.survivor_id for each in merges.values()}})[spec.id]
    people = {
        id: next((entry.actor_id for entry in entries if entry.kind == Change.BIN), None)
        for id, entries in list_newest_entries("record", ids, limit=_AHEAD).items()
    }
    lines = []
    for anchor in anchors:
        merge = merges.get(anchor.pk)
        line = Binned(
            id=anchor.pk,
            title=anchor.title,
            number=spec.format_number(numbers[anchor.pk]),
            binned_at=anchor.deleted_at,  # type: ignore[arg-type]  # what `in_bin` finds has it
            binned_by_id=merge.merged_by_id if merge else people[anchor.pk],
            survivor_id=merge.survivor_id if merge else None,
            survivor_title=titles.get(merge.survivor_id, "") if merge else "",
        )
        lines.append(line)
    return lines
