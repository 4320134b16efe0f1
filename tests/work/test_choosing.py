"""Assigning, telling and giving tasks mean the same people by the same words, for many records at once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.automation.test_rules import rule
from tests.factories.people import make_department, make_person, make_role
from tests.factories.records import allow, create, make_garage

from trassa.access.actions import set_grants
from trassa.access.queries import system_actor
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Run
from trassa.people.actions import assign_roles
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.work.models import Notice, Task

pytestmark = pytest.mark.django_db
CREATED = {"event": "created"}


@pytest.fixture(autouse=True)
def _garage(db: None) -> None:
    make_garage()


@pytest.fixture
def people() -> dict[str, Any]:
    """A seller with a head, and an expert whom a field names."""
    head = make_person("head", name="Орлов Роман")
    owner = make_person("owner", name="Белова Анна", department=make_department("sales", head=head))
    expert = make_person("expert", name="Соколов Кирилл")
    with changing_schema(actor_id=None, cause={"kind": "test"}) as change:
        change.add_field("deal", "expert", "person", label=Label("Эксперт", "Expert"))
        change.add_field("deal", "second", "person", label=Label("Второй", "Second"))
    see_deals(owner, head, expert)
    return {"owner": owner, "head": head, "expert": expert}


def see_deals(*people: Any) -> None:
    role = make_role()
    set_grants(role, allow("deal"), actor_id=None)
    for person in people:
        assign_roles(person, [role], actor_id=None)


def all_three(given: dict[str, str]) -> list[dict[str, Any]]:
    """The same choice in each of the steps."""
    task = {"person_field" if name == "field" else name: value for name, value in given.items()}
    task["who"] = task.pop("how")
    assign = given | {"into": "second"}
    return [
        {"assign": assign} if given["how"] != "owner" else {"set": {"fields": {"second": "=owner"}}},
        {"notify": given | {"text": "Смотрите"}},
        {"task": task | {"title": "Посмотреть"}},
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"how": "owner"}, "owner"),
        ({"how": "person", "person": "expert"}, "expert"),
        ({"how": "field", "field": "expert"}, "expert"),
        ({"how": "head"}, "head"),
        ({"how": "actor"}, "owner"),
    ],
)
def test_each_step_means_the_same_person(people: dict[str, Any], given: dict[str, str], meant: str) -> None:
    rule(CREATED, *all_three(given))
    deal = create("deal", owner=people["owner"].id, fields={"expert": people["expert"].id})
    assert Run.objects.get().state == "done", Run.objects.get().steps
    spec = current_generation().types["deal"]
    second = spec.model._default_manager.values_list(spec.by_code["second"].column, flat=True).get(pk=deal)
    told = Notice.objects.get(record_id=deal, kind="rule").person_id
    assert (second, told, Task.objects.get(record_id=deal).owner_id) == (people[meant].id,) * 3


def test_heads_of_many_owners_are_found_with_as_many_queries_as_of_one(people: dict[str, Any]) -> None:
    rule(CREATED, *all_three({"how": "head"}))
    owners = [make_person(f"seller_{number}", department=people["owner"].department) for number in range(12)]
    see_deals(*owners)

    def statements(ids: list[int]) -> int:
        writes = [Write(Change.CREATE, "deal", owner=id) for id in ids]
        with CaptureQueriesContext(connection) as captured:
            write_records(writes, actor=system_actor(), cause={"kind": "test"})
        return len(captured)

    statements([people["owner"].id])
    assert statements([each.id for each in owners[:2]]) == statements([each.id for each in owners[2:]])
    assert set(Task.objects.values_list("owner_id", flat=True)) == {people["head"].id}


@pytest.mark.parametrize("step", ["notify", "task", "assign"])
def test_what_is_not_named_is_refused_alike(people: dict[str, Any], step: str) -> None:
    for given in ({"how": "person"}, {"how": "field", "field": "amount"}, {"how": "person", "person": "no"}):
        chosen = next(each for each in all_three(given) if step in each)
        with pytest.raises(RuleRefused):
            rule(CREATED, chosen)


def test_a_department_that_is_not_there_is_refused() -> None:
    task = {"title": "Посмотреть", "who": "one_of_department", "department": "nowhere"}
    with pytest.raises(RuleRefused):
        rule(CREATED, {"task": task})
