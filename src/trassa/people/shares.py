"""Dividing things among people by shares."""

from collections.abc import Callable, Mapping, Sequence


def anybody(thing: int, person: int) -> bool:
    """For things that everybody can have."""
    return True


def share_out(
    ids: Sequence[int], shares: Mapping[int, int], can_have: Callable[[int, int], bool] = anybody
) -> dict[int, int]:
    """Who gets what: thing → person, by shares, so that the first and the last come to everybody alike.

    Each thing goes to whoever can have it and is furthest behind their share; of equals to the one named
    first. What nobody can have is left out.
    """
    got = dict.fromkeys(shares, 0)
    result: dict[int, int] = {}
    for id in ids:
        able = [person for person in got if can_have(id, person)]
        if able:
            person = min(able, key=lambda each: (got[each] + 1) / shares[each])
            got[person] += 1
            result[id] = person
    return result
