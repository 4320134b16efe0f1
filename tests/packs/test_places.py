"""Every role of the packs begins at a page that it may open, and its menu names nothing else."""

import pytest
from tests.factories.people import make_person

from trassa.access.queries import Actor, actor_of
from trassa.people.queries import get_person, get_role, list_roles, place_of_role
from trassa.records.queries.known import list_pipelines, list_types
from trassa.records.queries.overdue import has_deadlines

pytestmark = pytest.mark.usefixtures("consignment")


def reached(actor: Actor) -> set[str]:
    """Keys of the boards and lists that the person finds in the navigation."""
    found = set()
    for spec in list_types(actor):
        found |= {f"board.{pipeline.code}" for pipeline in list_pipelines(actor, spec)}
        if not spec.pipelines:
            found.add(f"list.{spec.code}")
        if has_deadlines(spec):
            found.add(f"overdue.{spec.code}")
    return found


def test_places_lead_where_rights_lead() -> None:
    employee = get_role("employee")
    for role in list_roles():
        person = make_person(f"a_{role.code}", roles={role.id: role, employee.id: employee}.values())
        place, open_to = place_of_role(role.id), reached(actor_of(get_person(person.id)))
        assert place.start in open_to, role.code
        assert {key for group in place.menu for key in group.entries} <= open_to, role.code


@pytest.mark.parametrize(
    ("role", "start"),
    [("reception", "list.inquiry"), ("seller", "board.sales"), ("accountant", "list.contract")],
)
def test_people_begin_where_they_work(role: str, start: str) -> None:
    assert place_of_role(get_role(role).id).start == start


def test_the_card_of_a_deal_is_arranged_for_its_stage_and_its_reader() -> None:
    readers = {code: get_role(code).id for code in ("photographer", "reception", "seller")}
    [deal] = [
        spec for spec in list_types(actor_of(make_person(is_administrator=True))) if spec.code == "deal"
    ]
    [buyout] = [pipeline for pipeline in deal.pipelines if pipeline.code == "buyout"]
    stages = {stage.code: stage.id for stage in buyout.stages}

    def chosen(role: str, stage: str) -> str | None:
        found = deal.layouts.choose_card([readers[role]], stages[stage])
        return found.code if found else None

    assert chosen("seller", "new") is None
    assert chosen("seller", "diagnostics") == "diagnostics"
    assert chosen("photographer", "diagnostics") == "preparation"
    assert chosen("reception", "new") == "reception"
