"""The delivery log: every call and all that came in, narrowed, opened, sent again, forgotten in time."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.automation.test_rules import BONUS, CREATED, rule
from tests.factories.api import ApiClient, client_of
from tests.factories.records import create
from tests.factories.team import Team, make_team

from trassa.automation.actions import arrivals, calls, retire_rule
from trassa.automation.actions.addresses import renew_address
from trassa.automation.actions.forgetting import KEPT_DAYS, forget_traces
from trassa.automation.actions.secrets import set_secret
from trassa.automation.heads import MASK, kept_head
from trassa.automation.models import Arrival, Call
from trassa.automation.outgoing import Answer
from trassa.automation.queries.deliveries import body_of
from trassa.kernel import frozen, now

pytestmark = pytest.mark.usefixtures("garage")

CALL = {"call": {"url": "https://crm.example.com/in", "fields": ["amount"], "secret": "ours"}}
HOOK = {"event": "hook", "create": True, "fields": {"amount": "price"}}


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def admin(team: Team) -> Client:
    client = Client()
    client.force_login(team.administrator)
    return client


@pytest.fixture
def api(team: Team) -> ApiClient:
    return client_of(team, "administrator", "read", "write", "admin")


class Other:
    """Another system that gives these answers."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[Mapping[str, str]] = []

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.sent.append(headers)
        return self.answers.pop(0)


def called(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> list[Call]:
    """As many calls as there are answers, each tried once."""
    other = Other(*answers)
    monkeypatch.setattr(calls, "send", other.send)
    set_secret("ours", "shared-with-crm", actor_id=None)
    rule(CREATED, CALL)
    for number, _answer in enumerate(answers):
        create("deal", fields={"amount": str(number)})
    made = list(Call.objects.order_by("id"))
    for call in made:
        calls.make_call(call.id)
    return list(Call.objects.order_by("id"))


def test_delivered_calls_are_listed_with_what_was_said(
    monkeypatch: pytest.MonkeyPatch, admin: Client
) -> None:
    head = [("Content-Type", "text/plain"), ("Set-Cookie", "sid=4815162342"), ("X-Long", "x" * 500)]
    good, bad = called(monkeypatch, Answer(200, head, "ok"), Answer(500, head, "no such customer"))
    page = admin.get("/calls/").content.decode()
    assert "доставлен" in page
    assert "HTTP 500" in page
    detail = admin.get(f"/calls/{bad.id}/").content.decode()
    assert "no such customer" in detail
    assert "X-Trassa-Id" in detail
    assert "4815162342" not in detail
    assert "x" * 201 not in detail
    signature = calls.sign("shared-with-crm", "0", body_of(bad))
    assert len(signature) == 64
    [entry] = good.log
    assert dict(map(tuple, entry["sent"]))["X-Trassa-Signature"] == MASK
    assert entry["answer"] == ""


def test_what_a_call_tells_of_restricted_fields_is_read_by_administrators_alone(
    monkeypatch: pytest.MonkeyPatch, team: Team, admin: Client, api: ApiClient
) -> None:
    monkeypatch.setattr(calls, "send", Other(Answer(200)).send)
    rule(CREATED, {"call": {"url": "https://example.com/", "fields": ["floor_price"]}}, type="car")
    car = create("car", fields={"make": "BMW", "floor_price": "4815162"})
    [call] = Call.objects.all()
    calls.make_call(call.id)
    with connection.cursor() as cursor:
        for table in ("automation_call", "automation_run", "journal_outbox"):
            cursor.execute(f"SELECT string_agg(each::text, ' ') FROM {table} AS each")
            assert "4815162" not in str(cursor.fetchone())
    assert "4815162.00" in admin.get(f"/calls/{call.id}/").content.decode()
    assert api.get(f"calls/{call.id}").json()["body"]["record"]["fields"]["floor_price"] == "4815162.00"
    head = Client()
    head.force_login(team.head)
    for page in ("/calls/", f"/calls/{call.id}/"):
        assert head.get(page).status_code == 404
    theirs = client_of(team, "head", "read", "write")
    assert theirs.get(f"calls/{call.id}").status_code == 403
    assert "4815162" not in theirs.get(f"records/car/{car}/traces").content.decode()


def test_the_log_is_narrowed_by_rule_state_and_day(monkeypatch: pytest.MonkeyPatch, admin: Client) -> None:
    good, bad = called(monkeypatch, Answer(204), Answer(410))
    rule(CREATED, CALL, code="another")
    tomorrow = (now() + timedelta(days=2)).date().isoformat()

    def shown(query: str) -> set[int]:
        page = admin.get(f"/calls/?{query}").content.decode()
        return {call.id for call in (good, bad) if f'href="/calls/{call.id}/"' in page}

    assert shown("") == {good.id, bad.id}
    assert shown("state=delivered") == {good.id}
    assert shown("state=due") == {bad.id}
    assert shown("rule=another") == set()
    assert shown("rule=rule&since=2020-01-01") == {good.id, bad.id}
    assert shown(f"since={tomorrow}") == set()
    assert shown("until=2020-01-01") == set()
    assert shown(f"before={bad.id}") == {good.id}
    assert shown("state=nonsense&since=nonsense&before=nonsense") == {good.id, bad.id}


@pytest.mark.parametrize("kind", ["calls", "arrivals"])
def test_narrowing_draws_the_log_alone(monkeypatch: pytest.MonkeyPatch, admin: Client, kind: str) -> None:
    called(monkeypatch, Answer(200))
    for query in ("", "state=failed"):
        part = admin.get(f"/{kind}/?{query}", headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert part.content.decode().lstrip().startswith('<div class="scroll" id="log">')


def test_a_call_is_sent_again_under_its_key(monkeypatch: pytest.MonkeyPatch, api: ApiClient) -> None:
    [call] = called(monkeypatch, Answer(200))
    other = Other(Answer(200))
    monkeypatch.setattr(calls, "send", other.send)
    assert api.post(f"calls/{call.id}/repeat").status_code == 204
    calls.make_call(call.id)
    assert other.sent[0]["X-Trassa-Id"] == str(call.key)
    told = api.get(f"calls/{call.id}").json()
    assert [each["status"] for each in told["log"]] == [200, 200]
    assert told["body"]["record"]["id"] == call.record_id
    assert "shared-with-crm" not in json.dumps(told)


def test_the_api_pages_through_calls(monkeypatch: pytest.MonkeyPatch, api: ApiClient) -> None:
    made = called(monkeypatch, Answer(200), Answer(200), Answer(500))
    first = api.get("calls", limit="2").json()
    assert "items" in first, str(first.get("errors"))
    assert [each["id"] for each in first["items"]] == [made[2].id, made[1].id]
    rest = api.get("calls", limit="2", before=str(first["next"])).json()
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([made[0].id], None)
    assert [each["state"] for each in api.get("calls", state="delivered").json()["items"]] == [
        "delivered"
    ] * 2


def test_a_busy_system_is_left_alone_as_long_as_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    with frozen(now()):
        moment = (now() + timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        for asked, least in (("120", 120), (moment, 590), ("soon", 0), ("9999999", 86_400)):
            pause = calls.asked_pause(Answer(429, [("retry-after", asked)]))
            assert least <= pause <= max(least * 1.02, 0)
        assert calls.asked_pause(Answer(500, [("Retry-After", "120")])) == 0


def test_what_came_in_is_listed_with_its_head(admin: Client, api: ApiClient) -> None:
    rule(HOOK, BONUS)
    token = renew_address("rule", actor_id=None)
    given: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {"X-Source": "site", "Authorization": "Bearer 4815162342"},
    }
    id = Client().post(f"/api/v1/hooks/{token}", '{"price": "7"}', **given).json()["id"]
    Client().post(f"/api/v1/hooks/{token}", '{"price": "nonsense"}', **given)
    bad = Arrival.objects.latest("id").id
    for each in (id, bad):
        arrivals.take_arrival(each)
    page = admin.get("/arrivals/").content.decode()
    assert f'href="/arrivals/{id}/"' in page
    assert f'href="/arrivals/{bad}/"' not in admin.get("/arrivals/?state=done").content.decode()
    detail = admin.get(f"/arrivals/{id}/").content.decode()
    assert "X-Source" in detail
    assert "4815162342" not in detail
    assert token not in detail + page
    told = api.get(f"arrivals/{id}").json()
    assert (told["state"], told["body"]) == ("done", {"price": "7"})
    assert [each["id"] for each in api.get("arrivals", state="failed").json()["items"]] == [bad]
    assert api.post(f"arrivals/{bad}/replay").status_code == 204
    assert api.post(f"arrivals/{id}/replay").status_code == 404


def test_what_came_in_lies_sealed_and_is_read_by_administrators_alone(
    admin: Client, team: Team, settings: Any
) -> None:
    rule(HOOK, BONUS)
    token = renew_address("rule", actor_id=None)
    bad = arrivals.receive(token, {"price": "4815162342 in words"}, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(each::text, ' ') FROM automation_arrival AS each")
        assert "4815162342" not in str(cursor.fetchone())
    assert "4815162342" in admin.get(f"/arrivals/{bad.id}/").content.decode()
    assert client_of(team, "head", "read", "write").get(f"arrivals/{bad.id}").status_code == 403
    settings.SECRET_KEY = "another"
    arrivals.take_arrival(bad.id)
    admin.force_login(team.administrator)
    page = admin.get("/automation/").content.decode()
    assert "4815162342" not in page
    assert Arrival.objects.get().state == Arrival.State.FAILED


def test_a_secret_that_the_other_side_says_back_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Answer(403, [("X-Echo", "key s3cret here")], "unknown key s3cret here")
    monkeypatch.setattr(calls, "send", Other(said).send)
    set_secret("door", "s3cret here", actor_id=None)
    rule(CREATED, {"call": {"url": "https://example.com/?key={door}", "headers": {"X-Key": "{door}"}}})
    create("deal")
    [call] = Call.objects.all()
    calls.make_call(call.id)
    call.refresh_from_db()
    [entry] = call.log
    assert entry["answer"] == f"unknown key {MASK}"
    assert "s3cret" not in json.dumps(call.log)


def test_the_log_costs_the_same_however_much_it_shows(monkeypatch: pytest.MonkeyPatch, admin: Client) -> None:
    called(monkeypatch, Answer(200))
    admin.get("/calls/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/calls/")
    for _more in range(30):
        create("deal")
    with CaptureQueriesContext(connection) as many:
        admin.get("/calls/")
    assert len(many) == len(few)


def test_what_is_old_is_forgotten_unless_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered, waiting = called(monkeypatch, Answer(200), Answer(500))
    rule(HOOK, BONUS, code="inside")
    token = renew_address("inside", actor_id=None)
    retire_rule("rule", actor_id=None)
    done = arrivals.receive(token, {"price": "1"}, "")
    due = arrivals.receive(token, {"price": "2"}, "")
    arrivals.take_arrival(done.id)
    forget_traces()
    assert Call.objects.filter(id=delivered.id).exists()
    with frozen(now() + timedelta(days=KEPT_DAYS, hours=1)):
        forget_traces()
    assert not Call.objects.filter(id=delivered.id).exists()
    assert Call.objects.filter(id=waiting.id).exists()
    assert [arrival.id for arrival in Arrival.objects.all()] == [due.id]


def test_heads_are_short_and_without_secrets() -> None:
    names = [
        "Cookie",
        "authorization",
        "X-Api-Key",
        "X-Auth-Token",
        "X-Hub-Signature-256",
        "Proxy-Authorization",
    ]
    assert {value for _name, value in kept_head([(name, "4815") for name in names])} == {MASK}
    assert len(kept_head([(f"X-{number}", "") for number in range(100)])) == 30
    assert kept_head([("Accept", "*/*")]) == [["Accept", "*/*"]]
