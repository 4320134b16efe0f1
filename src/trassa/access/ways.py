"""The algebra of ways: what a way holds for, which way contains another, what two have in common.

The same conditions become SQL in `conditions`; a property-based test holds the two together.
"""

from collections.abc import Iterable, Sequence

from trassa.access.types import GrantSpec, Row, Scope, Way


def holds(way: Way, row: Row) -> bool:
    """Whether the way reaches this row."""
    if way.owner_id is not None and way.owner_id != row.owner_id and way.owner_id not in row.participant_ids:
        return False
    if way.department_ids is not None and row.department_id not in way.department_ids:
        return False
    if way.pipeline_id is not None and way.pipeline_id != row.pipeline_id:
        return False
    return way.stage_id is None or way.stage_id == row.stage_id


def covers(way: Way, other: Way) -> bool:
    """Whether `way` surely reaches every row that `other` reaches."""
    if way.department_ids is not None and (
        other.department_ids is None or not set(other.department_ids) <= set(way.department_ids)
    ):
        return False
    return (
        way.owner_id in (None, other.owner_id)
        and way.pipeline_id in (None, other.pipeline_id)
        and way.stage_id in (None, other.stage_id)
    )


def overlap(way: Way, other: Way) -> Way | None:
    """The way to the rows that both reach; None when there cannot be any. Owners are the same person."""
    departments: tuple[int, ...] | None
    if way.department_ids is None or other.department_ids is None:
        departments = way.department_ids if other.department_ids is None else other.department_ids
    else:
        departments = tuple(sorted(set(way.department_ids) & set(other.department_ids)))
    if (
        departments == ()
        or _clash(way.pipeline_id, other.pipeline_id)
        or _clash(way.stage_id, other.stage_id)
    ):
        return None
    return Way(
        owner_id=_either(way.owner_id, other.owner_id),
        department_ids=departments,
        pipeline_id=_either(way.pipeline_id, other.pipeline_id),
        stage_id=_either(way.stage_id, other.stage_id),
    )


def simplify(ways: Iterable[Way]) -> tuple[Way, ...]:
    """The same rows by as few ways as possible: departments of like ways joined, contained ways dropped."""
    kept: list[Way] = []
    for way in _join_departments(ways):
        if any(covers(other, way) for other in kept):
            continue
        kept = [other for other in kept if not covers(way, other)]
        kept.append(way)
    return tuple(kept)


def intersect(ways: Sequence[Way], others: Sequence[Way]) -> tuple[Way, ...]:
    """Ways to the rows that both unions reach."""
    common = (overlap(way, other) for way in ways for other in others)
    return simplify(way for way in common if way is not None)


def within_pipeline(ways: Iterable[Way], pipeline_id: int) -> tuple[Way, ...]:
    """The ways that lead into this pipeline, no longer saying so."""
    leading = (way for way in ways if way.pipeline_id in (None, pipeline_id))
    return simplify(Way(way.owner_id, way.department_ids, None, way.stage_id) for way in leading)


def way_of(
    grant: GrantSpec, *, person_id: int, department_id: int | None, branch_ids: frozenset[int]
) -> Way | None:
    """The way that a grant opens to this person; None when it leads nowhere.

    `branch_ids` is the person's department with everything below it.
    """
    owner_id: int | None = None
    departments: tuple[int, ...] | None = None
    if grant.scope is Scope.OWN:
        owner_id = person_id
    elif grant.scope is Scope.DEPARTMENT:
        departments = () if department_id is None else (department_id,)
    elif grant.scope is Scope.BRANCH:
        departments = tuple(sorted(branch_ids))
    if departments == ():
        return None
    return Way(owner_id, departments, grant.pipeline_id, grant.stage_id)


def _join_departments(ways: Iterable[Way]) -> list[Way]:
    joined: dict[tuple[int | None, int | None, int | None, bool], set[int]] = {}
    for way in ways:
        key = (way.owner_id, way.pipeline_id, way.stage_id, way.department_ids is None)
        joined.setdefault(key, set()).update(way.department_ids or ())
    return [
        Way(owner_id, None if anywhere else tuple(sorted(departments)), pipeline_id, stage_id)
        for (owner_id, pipeline_id, stage_id, anywhere), departments in joined.items()
    ]


def _clash(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


def _either(one: int | None, other: int | None) -> int | None:
    return other if one is None else one
