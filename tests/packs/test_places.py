"""Every role of the packs begins at a page that it may open, and its menu names nothing else."""

import pytest
from django.test import Client, RequestFactory
from tests.factories.people import make_person

from trassa.access.queries import Actor, actor_of
from trassa.people.queries import get_person, get_role, list_departments, list_roles, place_of_role
from trassa.people.screens.homes import list_blocks
from trassa.records.queries.known import list_pipelines, list_types
from trassa.records.queries.overdue import has_deadlines
from trassa.solutions.queries import installed_configuration

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


def test_home_pages_have_every_block_that_their_role_names_and_it_opens() -> None:
    employee = get_role("employee")
    for role in list_roles():
        roles = {role.id: role, employee.id: employee}.values()
        person = make_person(f"a_{role.code}", roles=roles, department=list_departments()[0])
        # Whoever heads nobody has no block about a team.
        home = [key for key in place_of_role(role.id).home if key != "records.team"]
        request = RequestFactory().get("/home/")
        request.user = get_person(person.id)
        shown = {item.key: item.url for item in list_blocks(request, request.user)}
        assert home, role.code
        assert set(home) <= set(shown), role.code
        browser = Client(headers={"HX-Request": "true"})
        browser.force_login(person)
        assert {key: browser.get(shown[key]).status_code for key in home} == dict.fromkeys(home, 200), (
            role.code
        )


@pytest.mark.parametrize(
    "role", ["accountant", "lawyer", "photographer", "detailer", "security", "reception"]
)
def test_who_does_not_sell_begins_with_what_waits_and_the_records_that_they_work_on(role: str) -> None:
    home = place_of_role(get_role(role).id).home
    assert home[0] == "work.waiting"
    assert sum(key.startswith(("stage.", "choice.", "list.")) for key in home) >= 3


def test_the_home_page_of_a_role_is_exported_as_it_was_applied() -> None:
    entries = {role.code: role for role in installed_configuration().roles}
    expected = ("records.all_pipelines", "records.team", "work.tasks")
    assert entries["director"].place.home == expected


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
