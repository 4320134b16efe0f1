"""Handing over watches: others hear what is said about records in place of somebody."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import actor_by_id, actors_of
from trassa.access.types import Row, Verb
from trassa.journal import Json
from trassa.kernel import now
from trassa.people.queries import people_by_ids
from trassa.people.registries import HandedWork, HandoverOrder, LeftWork, WorkPart
from trassa.people.types import share_out
from trassa.records.models import Watch
from trassa.records.queries.audience import read_places
from trassa.records.queries.names import read_anchors

_PART = "watches"


def count_watched(person_id: int, actor_id: int | None) -> list[WorkPart]:
    """How many records the person watches by choice, of those that the actor sees."""
    return [WorkPart(_PART, _("Watched records"), len(watched_records(person_id, actor_id)[0]))]


def watched_records(person_id: int, actor_id: int | None) -> tuple[dict[int, str], Mapping[int, Row]]:
    """Titles and places of what the person watches by choice and the actor sees."""
    rows = Watch.objects.filter(person_id=person_id, muted=False, record__deleted_at__isnull=True)
    titles = dict(rows.order_by("record_id").values_list("record_id", "record__title"))
    places = read_places(list(titles))
    actor = actor_by_id(actor_id)
    seen = {id: title for id, title in titles.items() if id in places and actor.may(Verb.SEE, places[id])}
    return seen, places


def move_watched(order: HandoverOrder) -> HandedWork:
    """Let others watch instead; the memo says for each record who, and whether they began by this."""
    shares = {id: share for each in order.assignments for id, share in each.shares.items()}
    titles, places = watched_records(order.person_id, order.actor_id)
    people = people_by_ids(shares)
    actors = actors_of(people)

    def would_see(id: int, person_id: int) -> bool:
        return person_id in actors and actors[person_id].may(Verb.SEE, places[id])

    shared = share_out(list(titles), shares, would_see)
    begun = begin_watching(shared.items())
    memo: list[Json] = [[*pair, pair in begun] for pair in shared.items()]
    given = Counter(shared.values())
    order.report(len(titles))
    Watch.objects.filter(person_id=order.person_id, record_id__in=list(shared)).delete()
    unseen = [title for id, title in titles.items() if id not in shared]
    reason = _("%(names)s: would not see it") % {"names": ", ".join(person.name for person in people)}
    left = [LeftWork.of(_PART, reason, unseen)] if unseen else []
    return HandedWork({_PART: dict(given)}, left, memo)


def begin_watching(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Let people watch records who have not said anything else of them; gives the pairs that are new."""
    wanted, moment = set(pairs), now()
    records, people = {record for record, _person in wanted}, {person for _record, person in wanted}
    rows = Watch.objects.filter(record_id__in=records, person_id__in=people)
    new = wanted - set(rows.values_list("record_id", "person_id"))
    Watch.objects.bulk_create(
        [Watch(record_id=record, person_id=person, since=moment) for record, person in sorted(new)],
        ignore_conflicts=True,
    )
    return new


def return_watched(order: HandoverOrder, memo: Any) -> HandedWork:
    """Let the person watch again; who began by the hand-over and has not muted it since stops.

    What the person watches or has muted again since stays as they said.
    """
    begun: dict[int, list[int]] = defaultdict(list)
    for record_id, person_id, is_new in memo:
        if is_new:
            begun[person_id].append(record_id)
    for person_id, ids in begun.items():
        Watch.objects.filter(record_id__in=ids, person_id=person_id, muted=False).delete()
    ids = [record_id for record_id, _person, _is_new in memo]
    back = begin_watching((id, order.person_id) for id in ids)
    order.report(len(ids))
    kept = {id for id in ids if (id, order.person_id) not in back}
    left = [LeftWork.of(_PART, _("Changed since."), titles_seen(order, kept))] if kept else []
    return HandedWork({_PART: {order.person_id: len(back)}}, left)


def titles_seen(order: HandoverOrder, ids: Set[int]) -> list[str]:
    """Titles of records, "" of those that who handed over does not see."""
    actor, places = actor_by_id(order.actor_id), read_places(list(ids))
    titles = {id: title for _type, id, title in read_anchors(ids)}
    return [titles[id] if id in places and actor.may(Verb.SEE, places[id]) else "" for id in sorted(ids)]
