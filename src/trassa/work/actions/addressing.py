"""Whom notices reach: also who stands in for somebody, nobody who does not see the record, many as one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from trassa.people.queries import substitutes_of
from trassa.work.notice_types import NewNotice
from trassa.work.queries.notices import INSTEAD_OF
from trassa.work.queries.sight import Sight
from trassa.work.registries import notice_kinds

#: More notices of a kind that somebody gets at once are told as one, where the kind has one for many.
MOST_SINGLE = 3

#: A person and a kind.
Group = tuple[int, str]


def addressed(notices: Sequence[NewNotice]) -> list[NewNotice]:
    """These notices as they are to be told; the number of queries does not grow with them."""
    everybody: dict[tuple[int, str], NewNotice] = {}
    first: dict[Group, str] = {}
    for each in [*notices, *for_substitutes(notices)]:
        everybody.setdefault((each.person_id, each.key), each)
        first.setdefault((each.person_id, each.kind), each.key)
    return folded(seen_by_their_people([*everybody.values()]), first)


def for_substitutes(notices: Sequence[NewNotice]) -> list[NewNotice]:
    """What is told to those who stand in today for whoever is away."""
    passed_on = [each for each in notices if each.is_personal and notice_kinds.get(each.kind).passed_on]
    if not passed_on:
        return []
    substitutes = substitutes_of(each.person_id for each in passed_on)
    return [
        replace(each, person_id=stands_in, data={**each.data, INSTEAD_OF: each.person_id})
        for each in passed_on
        if (stands_in := substitutes.get(each.person_id)) is not None
    ]


def seen_by_their_people(notices: Sequence[NewNotice]) -> list[NewNotice]:
    """Those of people who work here, did not do it themselves, and see the record if there is one."""
    sight = Sight.of((each.person_id for each in notices), (each.record_id for each in notices))
    return [
        each
        for each in notices
        if each.person_id != each.who_id and sight.is_seen_by(each.person_id, each.record_id)
    ]


def folded(notices: Sequence[NewNotice], first: Mapping[Group, str]) -> list[NewNotice]:
    """Many of a kind for one person as one, named after the first that was to be told to them."""
    groups: dict[Group, list[NewNotice]] = defaultdict(list)
    for each in notices:
        groups[each.person_id, each.kind].append(each)
    found: list[NewNotice] = []
    for group, those in groups.items():
        person_id, kind = group
        if not notice_kinds.get(kind).folds or len(those) <= MOST_SINGLE:
            found += those
            continue
        hands = {each.who_id for each in those}
        who = hands.pop() if len(hands) == 1 else None
        data = {"count": len(those)}
        found.append(NewNotice(person_id, kind, f"many:{first[group]}", who_id=who, data=data))
    return found
