"""Rules that make records, keep them in step, wait, follow dates and the clock, and speak with others."""

import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.automation.test_rules import BONUS, CREATED, rule, traces_of, values_of
from tests.factories.people import make_person
from tests.factories.records import CAUSE, create, edit, move

from trassa.automation import outgoing
from trassa.automation.actions import arrivals, calls, dates, fire_due, mirroring
from trassa.automation.actions.addresses import renew_address
from trassa.automation.actions.resuming import retry_run
from trassa.automation.actions.secrets import set_secret
from trassa.automation.actions.sweeping import sweep_records
from trassa.automation.models import Arrival, Call, Companion, Rule, Run, Sweep, Timer
from trassa.automation.outgoing import Answer
from trassa.automation.queries.deliveries import body_of
from trassa.kernel import Conflict, Forbidden, frozen, now, today
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")

ENTERED = {"event": "stage_entered", "pipeline": "buyout", "stage": "done"}


def copies_of(id: int) -> list[int]:
    return list(Companion.objects.filter(source_id=id).values_list("target_id", flat=True))


def make_due(purpose: str) -> None:
    """The moment of these timers has come."""
    Timer.objects.filter(purpose=purpose).update(wake_at=now() - timedelta(seconds=1))


def test_a_record_is_made_once_however_often_the_stage_is_entered() -> None:
    copy = {"pipeline": "sales", "copied": ["amount", "other_cars"], "fields": {"source": "avito"}}
    rule(ENTERED, {"create": copy})
    car = create("car", fields={"make": "УАЗ"})
    id = create("deal", pipeline="buyout", fields={"amount": "70", "other_cars": [car]})
    for stage in ("done", "request", "done"):
        move("deal", id, stage)
    [made] = copies_of(id)
    assert values_of(made)["amount"] == 70
    assert list(values_of(made)["other_cars"]) == [car]


def test_kept_fields_stay_in_step_both_ways() -> None:
    rule(ENTERED, {"create": {"pipeline": "sales", "kept": {"amount": "amount", "other_cars": "other_cars"}}})
    id = create("deal", pipeline="buyout", fields={"amount": "70"})
    move("deal", id, "done")
    [made] = copies_of(id)
    edit("deal", id, amount="80")
    assert values_of(made)["amount"] == 80
    car = create("car", fields={"make": "УАЗ"})
    edit("deal", made, amount="90", other_cars=[car])
    assert values_of(id)["amount"] == 90
    assert list(values_of(id)["other_cars"]) == [car]


def test_what_the_other_record_refuses_is_shown_and_given_again_when_it_can_be() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "serial", "text", label=Label("Серия"))
        change.add_field("deal", "mark", "text", label=Label("Метка"), unique=True)
    rule(ENTERED, {"create": {"pipeline": "sales", "kept": {"serial": "mark"}}})
    id, other = create("deal", pipeline="buyout"), create("deal", fields={"mark": "B"})
    move("deal", id, "done")
    [made] = copies_of(id)
    edit("deal", id, serial="B")
    assert (values_of(id)["serial"], values_of(made)["mark"]) == ("B", None), "the change stays"
    failed = Run.objects.get(event="kept")
    edit("deal", other, mark="C")
    retry_run(failed.id, actor_id=None)
    failed.refresh_from_db()
    assert (failed.state, values_of(made)["mark"]) == ("done", "B")
    [trace] = [each for each in traces_of(id) if each.event == "kept"]
    assert [bool(step.error) for step in trace.steps] == [True, False]


def test_a_change_that_cannot_pass_now_is_given_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rule(ENTERED, {"create": {"pipeline": "sales", "kept": {"amount": "amount"}}})
    id = create("deal", pipeline="buyout", fields={"amount": "70"})
    move("deal", id, "done")
    [made] = copies_of(id)

    def busy(*_given: object, **_more: object) -> None:
        raise Conflict("busy")

    with monkeypatch.context() as patched:
        patched.setattr(mirroring, "write_records", busy)
        edit("deal", id, amount="80")
    assert values_of(made)["amount"] == 70
    make_due("automation.run")
    fire_due()
    assert (values_of(made)["amount"], Run.objects.get(event="kept").state) == (80, "done")


def test_two_rules_that_answer_to_each_other_come_to_rest_and_say_so() -> None:
    for code, other in (("one", "visit_on"), ("two", "amount")):
        field = "amount" if other == "visit_on" else "visit_on"
        value = "=TODAY() + 1" if field == "amount" else "=IF(ISBLANK(amount), 0, amount) + 1"
        fields = {other: value}
        rule({"event": "changed", "fields": [field]}, {"set": {"fields": fields}}, code=code)
    id = create("deal")
    edit("deal", id, amount="1")
    assert values_of(id)["amount"] == 2
    assert {(trace.rule, trace.fired) for trace in traces_of(id)} == {
        ("one", True),
        ("two", True),
        ("one", False),
    }


def test_a_record_that_fits_is_brought_up_to_date_instead_of_a_new_one() -> None:
    car = {"type": "car", "match": ["vin"], "update": True, "into": "car"}
    fields = {"vin": '="XTA21099080000012"', "make": "Lada", "price": "=amount"}
    rule({"event": "changed", "fields": ["amount"]}, {"create": car | {"fields": fields}})
    old = create("car", fields={"vin": "XTA21099080000012", "make": "Лада", "price": "1"})
    id = create("deal")
    edit("deal", id, amount="500")
    assert values_of(id)["car"] == old
    assert values_of(old, "car")["price"] == 500
    edit("deal", id, amount="600")
    assert values_of(old, "car")["price"] == 600


def test_a_pause_ends_once_and_asks_its_condition_then() -> None:
    rule(CREATED, {"wait": {"time": "2 hours", "condition": "amount < 10"}}, BONUS)
    staying, changed = create("deal", fields={"amount": "1"}), create("deal", fields={"amount": "1"})
    assert [trace.state for trace in traces_of(staying)] == ["waiting"]
    edit("deal", changed, amount="50")
    make_due("automation.run")
    fire_due()
    fire_due()
    assert (values_of(staying)["amount"], values_of(changed)["amount"]) == (2, 50)
    assert traces_of(staying)[0].state == "done"


def test_a_pause_follows_its_date() -> None:
    rule(CREATED, {"wait": {"until": "visit_on", "time": "-2 hours"}}, BONUS)
    day = today() + timedelta(days=3)
    id = create("deal", fields={"amount": "1", "visit_on": day.isoformat()})
    before = Timer.objects.get(purpose="automation.run").due_at
    edit("deal", id, visit_on=(day + timedelta(days=2)).isoformat())
    after = Timer.objects.get(purpose="automation.run").due_at
    assert before is not None
    assert after is not None
    assert after - before == timedelta(days=2)


def test_a_rule_answers_to_a_date_once_and_moves_with_it() -> None:
    rule({"event": "date", "field": "visit_on", "offset": "-1 day"}, BONUS)
    day = today() + timedelta(days=5)
    id = create("deal", fields={"amount": "1", "visit_on": day.isoformat()})
    edit("deal", id, visit_on=(day + timedelta(days=1)).isoformat())
    [timer] = Timer.objects.filter(purpose=dates.DATE)
    assert timer.due_at is not None
    assert timer.due_at.date() >= day - timedelta(days=1)
    make_due(dates.DATE)
    fire_due()
    assert values_of(id)["amount"] == 2
    assert not Timer.objects.filter(purpose=dates.DATE).exists()


def test_a_new_rule_finds_dates_that_were_there_before() -> None:
    ahead = create("deal", fields={"visit_on": (today() + timedelta(days=5)).isoformat()})
    create("deal", fields={"visit_on": (today() - timedelta(days=50)).isoformat()})
    rule({"event": "date", "field": "visit_on"}, BONUS)
    sweep_records(Rule.objects.get().id, "", 0)
    assert [timer.record_id for timer in Timer.objects.filter(purpose=dates.DATE)] == [ahead]


def test_the_clock_sets_a_rule_off_once_for_each_record_that_fits() -> None:
    small, large = create("deal", fields={"amount": "1"}), create("deal", fields={"amount": "100"})
    rule({"event": "schedule", "every": "day", "at": "09:00"}, BONUS, condition="amount > 50")
    [timer] = Timer.objects.filter(purpose=dates.SCHEDULE)
    assert timer.due_at is not None
    make_due(dates.SCHEDULE)
    fire_due()
    assert Timer.objects.filter(purpose=dates.SCHEDULE).count() == 1
    [sweep] = Sweep.objects.all()
    for _time in range(2):
        sweep_records(sweep.rule_id, sweep.key, 0)
    assert (values_of(small)["amount"], values_of(large)["amount"]) == (1, 101)
    assert traces_of(small) == []


class Receiver:
    """Another system that answers with these statuses, one after the other."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    def send(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.got.append((url, headers, json.loads(body)))
        return Answer(self.statuses.pop(0))


def test_a_call_is_signed_and_repeated_under_the_same_id(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver(503, 200)
    monkeypatch.setattr(calls, "send", receiver.send)
    set_secret("ours", "s", actor_id=None)
    rule(CREATED, {"call": {"url": "https://example.com/hook", "fields": ["amount"], "secret": "ours"}})
    id = create("deal", fields={"amount": "12"})
    call = Call.objects.get()
    for _attempt in range(3):
        calls.make_call(call.id)
    assert len(receiver.got) == 2, "what was delivered is not sent again"
    (_url, first, body), (_again, second, _body) = receiver.got
    assert first["X-Trassa-Id"] == second["X-Trassa-Id"] == str(call.key)
    assert body["record"]["fields"] == {"amount": "12.00"}
    assert first["X-Trassa-Signature"] == calls.sign("s", first["X-Trassa-Timestamp"], body_of(call))
    call.refresh_from_db()
    assert (call.state, [entry["status"] for entry in call.log]) == ("delivered", [503, 200])
    assert body["record"]["id"] == id


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.1.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
    ],
)
def test_a_call_never_goes_inside(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def inside(name: str, port: int, **given: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))
        return [public, (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", inside)
    with pytest.raises(Forbidden):
        outgoing.send("https://innocent.example/", b"{}", {})


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    reached: list[str] = []

    def rebinding(name: str, port: int, **given: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], timeout: float) -> Any:
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(outgoing.Unavailable):
        outgoing.send("http://rebinding.example/", b"{}", {})
    assert reached == ["93.184.216.34"]


def test_what_comes_in_is_kept_and_done_once() -> None:
    rule({"event": "hook", "create": True, "pipeline": "buyout", "fields": {"amount": "offer.price"}}, BONUS)
    secret = renew_address("rule", actor_id=None)
    client = Client()

    def send(body: Any, **headers: str) -> Any:
        address = f"/api/v1/hooks/{secret}"
        return client.post(address, json.dumps(body), content_type="application/json", headers=headers)

    body = {"offer": {"price": "41"}}
    assert [send(body).status_code, send(body).status_code] == [202, 202]
    arrival = Arrival.objects.get()
    for _time in range(2):
        arrivals.take_arrival(arrival.id)
    arrival.refresh_from_db()
    assert arrival.record_id is not None
    assert values_of(arrival.record_id)["amount"] == 42
    assert client.post("/api/v1/hooks/guessed", "{}", content_type="application/json").status_code == 404


def test_the_same_content_counts_once_at_first_and_anew_later() -> None:
    rule({"event": "hook", "create": True, "fields": {"amount": "price"}}, BONUS)
    secret = renew_address("rule", actor_id=None)
    first = arrivals.receive(secret, {"price": 5}, "")
    with frozen(now() + timedelta(minutes=9)):
        assert arrivals.receive(secret, {"price": 5}, "") == first
    with frozen(now() + timedelta(minutes=21)):
        assert arrivals.receive(secret, {"price": 5}, "") != first


def test_long_keys_of_a_sender_are_told_apart() -> None:
    rule({"event": "hook", "create": True, "fields": {"amount": "price"}}, BONUS)
    secret = renew_address("rule", actor_id=None)
    one, two = (arrivals.receive(secret, {"price": 5}, "k" * 250 + end) for end in "ab")
    assert one != two
    assert arrivals.receive(secret, {"price": 6}, "k" * 250 + "a") == one


def test_what_came_in_wrong_is_shown_to_administrators() -> None:
    rule({"event": "hook", "find": {"amount": "price"}}, BONUS)
    arrival = arrivals.receive(renew_address("rule", actor_id=None), {"price": 5}, "")
    arrivals.take_arrival(arrival.id)
    client = Client()
    client.force_login(make_person("admin", is_administrator=True))
    page = client.get("/automation/").content.decode()
    assert "&#34;price&#34;: 5" in page
    assert client.post(f"/automation/arrivals/{arrival.id}/replay").status_code == 204


def test_what_came_in_wrong_waits_for_an_administrator() -> None:
    rule({"event": "hook", "find": {"amount": "price"}}, BONUS)
    arrival = arrivals.receive(renew_address("rule", actor_id=None), {"price": 5}, "")
    arrivals.take_arrival(arrival.id)
    arrival.refresh_from_db()
    assert arrival.state == "failed"
    id = create("deal", fields={"amount": "5"})
    arrivals.replay_arrival(arrival.id, actor_id=None)
    arrivals.take_arrival(arrival.id)
    assert values_of(id)["amount"] == 6


def test_a_write_that_fails_takes_everything_of_its_rules_with_it() -> None:
    rule(CREATED, {"call": {"url": "https://example.com/hook"}})

    def fail() -> None:
        with transaction.atomic():
            create("deal")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Call.objects.exists()
    assert not Run.objects.exists()
    assert current_generation().types["deal"]
