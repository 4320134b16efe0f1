"""Tasks that the pack `consignment` gives: calls back, calls while the client thinks, photo sessions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.people import make_person
from tests.factories.records import create, move
from tests.factories.tasks import as_actor

from trassa.automation.actions import fire_due, switch_rule
from trassa.automation.actions.sweeping import sweep_records
from trassa.automation.models import Rule, Sweep
from trassa.kernel import frozen
from trassa.people.actions import assign_roles
from trassa.people.models import Person
from trassa.people.queries import find_department, get_role
from trassa.records.actions.deadlines import renew_type
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply_with_required
from trassa.work.actions import complete_task, take_task
from trassa.work.models import Task
from trassa.work.queries import list_inbox
from trassa.work.types import InboxQuery

pytestmark = pytest.mark.django_db
#: A Friday, noon in Moscow.
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def seller() -> Iterator[Person]:
    apply_with_required("consignment", actor_id=None)
    with frozen(NOW):
        person = make_person("anna", department=find_department("sales"))
        assign_roles(person, [get_role("seller")], actor_id=None)
        yield person


def test_an_inquiry_is_called_back_within_a_quarter_of_an_hour_by_whoever_takes_it(seller: Person) -> None:
    create("inquiry", owner=seller.id, fields={"subject": "Вопрос о цене", "source": "avito"})
    [task] = list_inbox(as_actor(seller), InboxQuery())
    assert (task.kind, task.owner_id, task.due_at) == ("call", None, NOW + timedelta(minutes=15))
    assert take_task(task.id, actor=as_actor(seller)).owner_id == seller.id


def test_a_client_who_thinks_is_called_every_three_days_until_the_deal_goes_on(seller: Person) -> None:
    client = create("contact", fields={"name": "Белова Анна"})
    car = create("car", fields={"make": "Audi", "model": "Q7"})
    fields = {"client": client, "car": car, "next_contact_on": "2026-12-01", "source": "avito"}
    deal = create("deal", pipeline="sales", owner=seller.id, fields=fields)
    move("deal", deal, "negotiation")
    [first] = Task.objects.filter(record_id=deal)
    assert (first.owner_id, first.due_at) == (seller.id, NOW + timedelta(days=3))
    complete_task(first.pk, outcome="not_reached", actor=as_actor(seller))
    [second] = Task.objects.filter(record_id=deal, state="open")
    assert second.due_at == NOW + timedelta(days=3)
    move("deal", deal, "showing")
    assert Task.objects.filter(record_id=deal).order_by("id").last().state == "cancelled"  # type: ignore[union-attr]


LATE = [
    ("sales", "new", "Взять обращение в работу"),
    ("sales", "negotiation", "Связаться с клиентом"),
    ("sales", "showing", "Договориться о показе"),
    ("sales", "booking", "Продлить или снять бронь"),
    ("sales", "contract", "Подписать договор"),
    ("buyout", "new", "Взять обращение в работу"),
    ("buyout", "diagnostics", "Внести результат диагностики"),
    ("buyout", "price", "Согласовать цену выкупа"),
    ("buyout", "contract", "Подписать договор"),
    ("consignment", "new", "Взять обращение в работу"),
    ("consignment", "diagnostics", "Внести результат диагностики"),
    ("consignment", "terms", "Согласовать условия комиссии"),
    ("consignment", "contract", "Подписать договор"),
]


def test_every_stage_with_a_deadline_has_an_overdue_robot(seller: Person) -> None:
    spec = current_generation().types["deal"]
    due = {(each.code, stage.code) for each in spec.pipelines for stage in each.stages if stage.deadline}
    assert due == {(pipeline, stage) for pipeline, stage, _title in LATE}


def test_deals_that_were_overdue_before_their_robots_get_the_tasks_of_their_stages(seller: Person) -> None:
    overdue = [row.code for row in Rule.objects.filter(code__startswith="overdue_")]
    for code in overdue:
        switch_rule(code, is_active=False, actor_id=None)
    deals = {}
    for pipeline, stage, title in LATE:
        deals[make_deal_in(pipeline, stage, seller)] = title
    with frozen(NOW + timedelta(days=10)):
        while fire_due():
            pass
        assert not Task.objects.filter(code="overdue").exists()
        for code in overdue:
            switch_rule(code, is_active=True, actor_id=None)
        for _time in range(2):
            for sweep in Sweep.objects.filter(key="overdue"):
                sweep_records(sweep.rule_id, sweep.key, sweep.after_id)
        given = dict(Task.objects.filter(code="overdue").values_list("record_id", "title"))
        assert given.keys() == deals.keys()
        assert all(given[id].startswith(title) for id, title in deals.items())
        lost = next(iter(deals))
        move("deal", lost, "lost", reason="price")
        assert not Task.objects.filter(record_id=lost, code="overdue", state="open").exists()


def make_deal_in(pipeline: str, stage: str, owner: Person) -> int:
    """A deal that came into a stage now, whatever the stage asks for."""
    day = NOW.isoformat()
    fields = {"visit_at": day, "next_contact_on": day[:10], "source": "avito"}
    id = create("deal", pipeline=pipeline, owner=owner.id, fields=fields)
    spec = current_generation().types["deal"]
    target = current_generation().pipelines[pipeline].get_stage(stage)
    spec.model._default_manager.filter(pk=id).update(stage_id=target.id)
    renew_type(spec, None)
    return id
