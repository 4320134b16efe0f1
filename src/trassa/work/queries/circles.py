"""For whom tasks wait, person by person: roles and departments are the people in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trassa.people.queries import holders_by_role, people_by_department
from trassa.work.types import Holders, TaskLine


@dataclass(frozen=True, slots=True)
class Circles:
    """The people of some roles and departments."""

    roles: Mapping[int, frozenset[int]]
    departments: Mapping[int, frozenset[int]]

    def people_of(self, holders: Holders) -> list[int]:
        """Everybody among these holders, each once: those named first."""
        grouped = [self.roles.get(id, frozenset()) for id in holders.roles]
        grouped += [self.departments.get(id, frozenset()) for id in holders.departments]
        return list(dict.fromkeys([*holders.people, *sorted(frozenset().union(*grouped))]))

    def candidates_of(self, task: TaskLine) -> list[int]:
        """Whoever may take a task."""
        return self.people_of(task.holders("candidate"))


def circles_around(tasks: Iterable[TaskLine]) -> Circles:
    """The people of all roles and departments that may take these tasks; at most three queries."""
    seats = [seat for task in tasks for seat in task.seats]
    return Circles(
        holders_by_role(seat.role_id for seat in seats if seat.role_id is not None),
        people_by_department(seat.department_id for seat in seats if seat.department_id is not None),
    )
