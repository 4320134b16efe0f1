"""Forms and documents: what they ask for lands in the record with the completion, or the task stays open."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.factories.api import client_of, errors_of
from tests.factories.files import add_documents, upload
from tests.factories.people import make_role
from tests.factories.records import create
from tests.factories.tasks import give
from tests.factories.team import Team

from trassa.automation.actions import save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.types import RuleDraft
from trassa.kernel import Invalid, TrassaError
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.work.actions import complete_task
from trassa.work.models import Task
from trassa.work.queries import get_task

pytestmark = pytest.mark.django_db


def values(team: Team, type: str, id: int) -> Any:
    return get_record(team.actor("administrator"), current_generation().types[type], id).values


def state(id: int) -> str:
    return Task.objects.get(id=id).state


def faults(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in error.value.errors]


def form(team: Team, *fields: str, **given: Any) -> tuple[int, int]:
    """A deal of the seller, and a form about it."""
    seller = team.actor("seller")
    deal = create("deal", actor=seller)
    return deal, give(by=seller, record_id=deal, kind="form", fields=fields, **given)


def test_a_form_writes_what_is_filled_in_with_the_completion(team: Team) -> None:
    deal, id = form(team, "amount")
    complete_task(id, fields={"amount": "150000"}, actor=team.actor("seller"))
    assert str(values(team, "deal", deal)["amount"]) == "150000.00"
    assert (state(id), Task.objects.get(id=id).outcome) == ("done", "filled")


def test_a_form_stays_open_until_its_fields_are_filled_in(team: Team) -> None:
    deal, id = form(team, "amount")
    for given, code in (({}, "required"), ({"amount": "много"}, "")):
        with pytest.raises(Invalid) as error:
            complete_task(id, fields=given, actor=team.actor("seller"))
        assert error.value.errors[0].field == "amount"
        assert not code or error.value.errors[0].code == code
    with pytest.raises(Invalid) as error:
        complete_task(id, fields={"amount": "1", "title": "x"}, actor=team.actor("seller"))
    assert faults(error) == [("fields", "unknown")]
    assert state(id) == "open"
    assert values(team, "deal", deal)["amount"] is None


def test_what_stands_in_the_record_already_need_not_be_sent(team: Team) -> None:
    seller = team.actor("seller")
    deal = create("deal", actor=seller, fields={"amount": "5"})
    id = give(by=seller, record_id=deal, kind="form", fields=["amount"])
    complete_task(id, actor=seller)
    assert state(id) == "done"


def test_whoever_may_not_change_the_field_does_not_get_past_the_form(team: Team) -> None:
    car = create("car", fields={"make": "Lada"})
    reader = team.newcomer
    from_everybody = give(record_id=car, kind="form", fields=["make"], owner_id=team.administrator.id)
    with pytest.raises(TrassaError):
        complete_task(from_everybody, fields={"make": "УАЗ"}, actor=team.actor("newcomer"))
    assert values(team, "car", car)["make"] == "Lada"
    assert reader.id


def test_a_document_lands_in_its_field_as_its_kind(team: Team) -> None:
    add_documents()
    boss = team.actor("administrator")
    car = create("car", fields={"make": "Lada"})
    id = give(by=boss, record_id=car, kind="upload", fields=["documents"], file_kind="passport")
    with pytest.raises(Invalid) as error:
        complete_task(id, actor=boss)
    assert faults(error) == [("file", "required")]
    complete_task(id, file=upload(boss, "птс.pdf").id, actor=boss)
    [attached] = values(team, "car", car)["documents"]
    kinds = {
        option.code: option.id for option in current_generation().types["car"].by_code["documents"].options
    }
    assert (attached.name, attached.kind) == ("птс.pdf", kinds["passport"])
    assert state(id) == "done"


def test_a_task_asks_only_for_what_its_record_has_and_people_fill_in(team: Team) -> None:
    add_documents()
    boss = team.actor("administrator")
    car = create("car", fields={"make": "Lada"})
    for given, fault in (
        ({"kind": "form", "fields": ["nothing"]}, ("fields", "unknown")),
        ({"kind": "form", "fields": ["documents"]}, ("fields", "unfit")),
        ({"kind": "todo", "fields": ["make"]}, ("fields", "unfit")),
        ({"kind": "upload", "fields": ["make"]}, ("fields", "unfit")),
        ({"kind": "upload", "fields": ["documents"], "file_kind": "x"}, ("file_kind", "unknown")),
        ({"kind": "upload", "file_kind": "passport"}, ("file_kind", "unfit")),
    ):
        with pytest.raises(Invalid) as error:
            give(by=boss, record_id=car, **given)
        assert faults(error) == [fault]
    with pytest.raises(Invalid) as error:
        give(by=boss, kind="form", fields=["make"])
    assert faults(error) == [("fields", "no_record")]


def test_forms_without_fields_end_like_any_task(team: Team) -> None:
    id = give(by=team.actor("seller"), kind="form")
    complete_task(id, actor=team.actor("seller"))
    assert state(id) == "done"


def test_an_acknowledgement_keeps_who_read_it_and_when(team: Team) -> None:
    id = give("Приказ", by=team.actor("head"), kind="acknowledgement", owner_id=team.seller.id)
    complete_task(id, actor=team.actor("seller"))
    line = get_task(team.actor("head"), id)
    assert (line.outcome, line.done_by_id) == ("acknowledged", team.seller.id)
    client = Client()
    client.force_login(team.head)
    page = client.get(f"/tasks/{id}/").content.decode().replace("\xa0", " ")
    assert "ознакомлен" in page.lower()
    assert "Seller, сегодня" in page


def test_rules_give_forms_and_are_refused_fields_that_are_not_there(team: Team) -> None:
    def rule(*fields: str) -> None:
        step = {"task": {"title": "Осмотр", "kind": "form", "fields": fields}}
        save_rule(RuleDraft("look", "deal", Label("Осмотр"), {"event": "created"}, [step]), actor_id=None)

    with pytest.raises(RuleRefused):
        rule("nothing")
    rule("amount")
    deal = create("deal", actor=team.actor("seller"))
    task = Task.objects.get(record_id=deal)
    complete_task(task.pk, fields={"amount": "7"}, actor=team.actor("seller"))
    assert str(values(team, "deal", deal)["amount"]) == "7.00"


def test_forms_and_documents_over_the_api(team: Team) -> None:
    api = client_of(team, "seller")
    deal = create("deal", actor=team.actor("seller"))
    body = {"title": "Сумма", "kind": "form", "record": deal, "fields": ["amount"]}
    task = api.post("tasks", body).json()
    assert (task["fields"], task["file_kind"]) == (["amount"], None)
    place = f"tasks/{task['id']}/complete"
    assert errors_of(api.post(place, {})) == {"amount": "required"}
    assert api.post(place, {"fields": {"amount": "9"}}).json()["state"] == "done"


def test_the_page_of_a_form_shows_its_fields_and_stores_them(team: Team) -> None:
    client = Client()
    client.force_login(team.seller)
    deal, _id = form(team, "amount")
    asked = client.get(f"/tasks/new?record={deal}", headers={"HX-Request": "true"}).content.decode()
    assert 'id="asks-amount"' in asked
    sent = {"title": "Сумма", "kind": "form", "record": deal, "fields": ["amount"]}
    assert client.post("/tasks/new", sent).status_code == 204
    id = Task.objects.order_by("-id")[0].pk
    page = client.get(f"/tasks/{id}/").content.decode()
    address = f"/r/deal/{deal}/inputs?field=amount"
    assert f'hx-get="{address}"' in page
    assert 'name="amount"' in client.get(address).content.decode()
    refused = client.post(f"/tasks/{id}/complete", {"shown": "amount", "amount": "", "result": ""})
    assert (refused.status_code, refused.headers["HX-Reswap"]) == (422, "none")
    assert json.loads(refused.headers["HX-Trigger"])["form:faults"]["faults"].keys() == {"amount"}
    assert client.post(f"/tasks/{id}/complete", {"shown": "amount", "amount": "12"}).status_code == 204
    assert str(values(team, "deal", deal)["amount"]) == "12.00"


def test_nobody_is_offered_controls_of_fields_that_they_may_not_change(team: Team) -> None:
    make_role("nobody")
    client = Client()
    client.force_login(team.newcomer)
    deal, _id = form(team, "amount")
    assert client.get(f"/r/deal/{deal}/inputs?field=amount").status_code == 404
