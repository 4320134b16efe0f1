"""Secrets of web hooks: sealed, named by codes, replaced, never told; addresses are kept as digests."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import DjangoDbBlocker
from tests.automation.test_rules import BONUS, CREATED, rule
from tests.automation.test_rules_over_time import Receiver
from tests.databases import copied_database
from tests.factories.api import client_of
from tests.factories.people import make_person
from tests.factories.records import create
from tests.factories.team import make_team

from trassa.automation.actions import arrivals, calls, resealing, retire_rule
from trassa.automation.actions.addresses import renew_address
from trassa.automation.actions.secrets import remove_secret, reseal_secrets, set_secret
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Arrival, Call, Rule, Secret
from trassa.automation.queries.deliveries import body_of, content_of
from trassa.automation.queries.secrets import list_secrets, open_secret
from trassa.journal import NewEntry, Stream, append, verify
from trassa.kernel import Invalid, NotFound, Unavailable, now, open_sealed, seal
from trassa.solutions.actions import apply_with_required, export

VALUE = "Ключ-от-бухгалтерии-4815"
VALUE_ASCII = "token-of-another-4815"
CALL: dict[str, Any] = {"call": {"url": "https://example.com/hook", "secret": "accounting"}}
HOOK = {"event": "hook", "create": True, "fields": {"amount": "price"}}


def everything_stored() -> str:
    """Every row of every table of this database as text."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        rows = []
        for name in names:
            cursor.execute(f'SELECT string_agg(each::text, chr(10)) FROM "{name}" AS each')
            rows += [text for (text,) in cursor.fetchall() if text]
    return "".join(rows)


@pytest.fixture
def admin(garage: None) -> Client:
    client = Client()
    client.force_login(make_person("admin", is_administrator=True))
    return client


@pytest.mark.usefixtures("garage")
def test_a_secret_is_nowhere_in_clear_and_signs_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver(200)
    monkeypatch.setattr(calls, "send", receiver.send)
    assert set_secret("accounting", VALUE, actor_id=None) == VALUE
    rule(CREATED, CALL)
    create("deal")
    call = Call.objects.get()
    calls.make_call(call.id)
    [(_url, headers, _body)] = receiver.got
    assert headers["X-Trassa-Signature"] == calls.sign(VALUE, headers["X-Trassa-Timestamp"], body_of(call))
    assert "accounting" in everything_stored()
    assert VALUE not in everything_stored()


@pytest.mark.usefixtures("garage")
def test_nothing_goes_out_unsigned_and_setting_the_secret_sends_what_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver = Receiver(200)
    monkeypatch.setattr(calls, "send", receiver.send)
    rule(CREATED, CALL)
    create("deal")
    call = Call.objects.get()
    calls.make_call(call.id)
    call.refresh_from_db()
    assert (receiver.got, call.state, call.attempts) == ([], "due", 1)
    assert "accounting" in call.log[-1]["error"]
    [asked] = list_secrets()
    assert (asked.code, asked.set_at, [user.code for user in asked.users]) == ("accounting", None, ["rule"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_outbox")
    set_secret("accounting", VALUE, actor_id=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM journal_outbox WHERE event = 'automation.calls_due'")
        assert cursor.fetchall() == [(f'{{"calls": [{call.id}]}}',)]
    calls.make_call(call.id)
    assert len(receiver.got) == 1


@pytest.mark.usefixtures("garage")
def test_tokens_in_addresses_and_heads_are_filled_in_only_for_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver = Receiver(500, 200)
    monkeypatch.setattr(calls, "send", receiver.send)
    url, headers = "https://example.com/{accounting}/hook?key={accounting}", {"X-Auth": "Bearer {other}"}
    rule(CREATED, {"call": {"url": url, "headers": headers}})
    create("deal")
    id = Call.objects.get().id
    calls.make_call(id)
    assert receiver.got == [], "nothing goes out without the values"
    assert {secret.code for secret in list_secrets()} == {"accounting", "other"}
    set_secret("accounting", "open/sesame", actor_id=None)
    set_secret("other", VALUE_ASCII, actor_id=None)
    for _attempt in range(2):
        calls.make_call(id)
    told, sent, _body = receiver.got[0]
    assert told == "https://example.com/open%2Fsesame/hook?key=open%2Fsesame"
    assert sent["X-Auth"] == f"Bearer {VALUE_ASCII}"
    stored = everything_stored()
    assert not [each for each in ("sesame", VALUE_ASCII) if each in stored]
    with pytest.raises(Invalid):
        remove_secret("other", actor_id=None)


@pytest.mark.usefixtures("garage")
@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://{accounting}.example.com/"},
        {"headers": {"Host": "internal"}},
        {"headers": {"X-Trassa-Id": "7"}},
        {"headers": {"X-Line": "one\ntwo"}},
        {"headers": {"Плохой": "1"}},
    ],
)
def test_heads_that_would_break_a_request_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(RuleRefused):
        rule(CREATED, {"call": {"url": "https://example.com/", **given}})


@pytest.mark.usefixtures("garage")
def test_a_value_in_place_of_a_code_is_refused() -> None:
    for value in ("Wv-3xQ", "с-паролем", "1abc", "a" * 64):
        with pytest.raises(RuleRefused):
            rule(CREATED, {"call": {"url": "https://example.com/", "secret": value}})
        with pytest.raises(Invalid):
            set_secret(value, VALUE, actor_id=None)


@pytest.mark.usefixtures("garage")
def test_a_changed_key_of_the_server_opens_what_the_former_sealed(settings: Any) -> None:
    set_secret("accounting", VALUE, actor_id=None)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]
    assert open_secret("accounting") == VALUE
    assert reseal_secrets() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert open_secret("accounting") == VALUE
    settings.SECRET_KEY = former
    with pytest.raises(Unavailable):
        open_secret("accounting")


@pytest.mark.usefixtures("garage")
def test_bodies_of_calls_and_arrivals_are_sealed_anew_with_another_key(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "CHUNK", 1)
    rule(CREATED, {"call": {"url": "https://example.com/", "fields": ["amount"]}})
    for _number in range(2):
        create("deal", fields={"amount": "4815"})
    rule({"event": "hook", "create": True, "fields": {"amount": "price"}}, code="inside")
    arrivals.receive(renew_address("inside", actor_id=None), {"price": "4815"}, "")
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]
    assert (resealing.reseal_calls(), resealing.reseal_arrivals()) == (2, 1)
    settings.SECRET_KEY_FALLBACKS = []
    assert all("4815" in body_of(call) for call in Call.objects.all())
    assert content_of(Arrival.objects.get()) == {"price": "4815"}


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    assert open_sealed(seal(VALUE, "one"), "one") == VALUE
    with pytest.raises(Unavailable):
        open_sealed(seal(VALUE, "one"), "two")


@pytest.mark.usefixtures("garage")
def test_a_secret_in_use_stays() -> None:
    set_secret("accounting", VALUE, actor_id=None)
    rule(CREATED, {"branch": {"condition": "amount > 1", "then": [CALL]}})
    with pytest.raises(Invalid, match="Правило"):
        remove_secret("accounting", actor_id=None)
    retire_rule("rule", actor_id=None)
    remove_secret("accounting", actor_id=None)
    assert not Secret.objects.exists()
    with pytest.raises(NotFound):
        remove_secret("accounting", actor_id=None)


@pytest.mark.usefixtures("garage")
def test_an_address_is_kept_as_a_digest_and_replaced_at_once() -> None:
    rule(HOOK, BONUS)
    with pytest.raises(NotFound):
        arrivals.receive("", {"price": 5}, "")
    first = renew_address("rule", actor_id=None)
    assert arrivals.receive(first, {"price": 5}, "").id
    assert first not in everything_stored()
    second = renew_address("rule", actor_id=None)
    with pytest.raises(NotFound):
        arrivals.receive(first, {"price": 6}, "")
    assert arrivals.receive(second, {"price": 6}, "").id
    rule(CREATED, BONUS, code="other")
    with pytest.raises(Invalid):
        renew_address("other", actor_id=None)


def test_pages_show_a_value_once_and_then_only_that_it_is_set(admin: Client) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    rule(CREATED, CALL)
    rule(HOOK, BONUS, code="inside")
    assert "не задан" in admin.get("/secrets/").content.decode()
    given = admin.post("/secrets/enter?code=accounting", {"value": VALUE}, **asked)
    assert given.headers["HX-Refresh"] == "true"
    made = admin.post("/secrets/enter", {"code": "other", "value": ""}, **asked)
    assert open_secret("other") in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    address = admin.post("/automation/deal/rules/inside/address", **asked).content.decode()
    token = address.partition("/api/v1/hooks/")[2].partition('"')[0]
    assert arrivals.receive(token, {"price": 1}, "").id
    for page in (
        "/secrets/",
        "/automation/deal/rules/rule/",
        "/automation/deal/rules/inside/",
        "/automation/",
    ):
        text = admin.get(page).content.decode()
        assert not [each for each in (VALUE, open_secret("other"), token) if each in text], page
    assert "заменить" in admin.get("/secrets/").content.decode().lower()


@pytest.mark.usefixtures("garage")
def test_the_api_sets_secrets_and_never_tells_them() -> None:
    team = make_team()
    rule(HOOK, CALL)
    api = client_of(team, "administrator", "read", "write", "admin")
    assert api.send("PUT", "secrets/accounting", {"value": VALUE}).json() == {"value": None}
    made = api.send("PUT", "secrets/other", {}).json()["value"]
    assert made == open_secret("other")
    items = {each["code"]: each for each in api.get("secrets").json()["items"]}
    assert items["accounting"]["rules"] == ["rule"]
    assert {each["is_set"] for each in items.values()} == {True}
    assert VALUE not in api.get("secrets").content.decode()
    assert api.delete("secrets/accounting").status_code == 422
    assert api.delete("secrets/other").status_code == 204
    address = api.post("rules/rule/address").json()["address"]
    assert arrivals.receive(address.rpartition("/")[2], {"price": 1}, "").id
    assert client_of(team, "administrator").get("secrets").status_code == 403


@pytest.mark.django_db
def test_a_pack_names_a_secret_that_each_installation_sets(tmp_path: Path) -> None:
    apply_with_required("auto", actor_id=None)
    rule(CREATED, CALL, type="car", code="x_tell")
    set_secret("accounting", VALUE, actor_id=None)
    export(tmp_path)
    text = (tmp_path / "rules" / "x_tell.yaml").read_text()
    assert "secret: accounting" in text
    assert not [path for path in tmp_path.rglob("*.yaml") if VALUE in path.read_text()]


@pytest.mark.slow
@pytest.mark.usefixtures("django_db_setup")
def test_secrets_that_were_stored_in_clear_are_sealed_and_named(
    server: str, django_db_blocker: DjangoDbBlocker
) -> None:
    name = f"{connection.settings_dict['NAME']}_clear"
    with django_db_blocker.unblock(), copied_database(server, name):
        call_command("migrate", "automation", "0002", verbosity=0)
        store_in_clear()
        call_command("migrate", verbosity=0)
        stored = everything_stored()
        assert VALUE not in stored
        assert "token-in-clear" not in stored
        row = Rule.objects.get()
        assert row.definition["steps"][0]["call"]["secret"] == "tell"
        assert open_secret("tell") == VALUE
        assert arrivals.digest_of("token-in-clear") == row.address_digest
        assert Call.objects.get().secret == "tell"
        assert "by-hook-in-clear" not in stored
        assert body_of(Call.objects.get()) == '{"told": "by-hook-in-clear"}'
        assert "came-in-clear" not in stored
        assert content_of(Arrival.objects.get()) == {"told": "came-in-clear"}
        assert verify().is_clean


def store_in_clear() -> None:
    """A rule, its version, its history, a call and what came in as they were stored before."""
    apps = (
        MigrationExecutor(connection)
        .loader.project_state([("automation", "0002_rules"), ("solutions", "0002_applied_versions")])
        .apps
    )
    type = apps.get_model("schema", "RecordType").objects.create(
        code="deal", label={"ru": "Сделка"}, plural={}, menu={}
    )
    steps = [{"call": {"url": "https://example.com/", "secret": VALUE}}]
    definition = {"when": {"event": "hook", "create": True}, "condition": "", "steps": steps}
    known = {"label": {"ru": "Правило"}, "definition": definition}
    row = apps.get_model("automation", "Rule").objects.create(
        code="tell", type=type, secret="token-in-clear", **known
    )
    apps.get_model("automation", "RuleVersion").objects.create(rule=row, number=1, trees={}, **known)
    call = {"key": "6c0f0000-0000-4000-8000-000000000000", "url": "https://example.com/"}
    call["body"] = '{"told": "by-hook-in-clear"}'
    apps.get_model("automation", "Call").objects.create(rule=row, record_id=1, secret=VALUE, **call)
    apps.get_model("automation", "Arrival").objects.create(rule=row, key="1", body={"told": "came-in-clear"})
    content = {"rules": [{"code": "tell", "steps": steps}]}
    pack = {"version": "1.0.0", "label": {}, "content": content, "applied_at": now()}
    apps.get_model("solutions", "InstalledPack").objects.create(code="own", **pack)
    entry = {"definition": (None, definition), "position": (None, 1)}
    with transaction.atomic():
        append([NewEntry(Stream("rule", row.id), "created", entry)], actor_id=None, cause={})
