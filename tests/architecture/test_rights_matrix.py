"""Every address, for every kind of person: what is invisible is 404, what is masked is absent.

The addresses come from the URL resolver and the OpenAPI document, the expectations from
`rights_matrix`. An address without a row fails here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.architecture.rights_matrix import API_ROWS, ROLES, ROWS, SECRETS, Row
from tests.factories.files import upload
from tests.factories.imports import begun
from tests.factories.people import make_calendar
from tests.factories.records import CAUSE, add_formula, create, edit, make_garage, write
from tests.factories.tasks import anyone, give
from tests.factories.team import Team, make_team

from trassa.access.queries import Actor
from trassa.api import PREFIX
from trassa.automation.actions import save_rule
from trassa.automation.types import RuleDraft
from trassa.people.actions import add_absence, change_department
from trassa.people.actions.handovers import hand_over
from trassa.people.queries import get_department, get_role
from trassa.people.registries import Assignment
from trassa.people.types import AbsenceDraft
from trassa.records.actions.bulk_runs import start_bulk_run
from trassa.records.actions.comments import add_comment, delete_comment
from trassa.records.actions.exports import ask_export
from trassa.records.actions.record_files import attach_files, remove_file
from trassa.records.actions.saved_views import remove_view, save_view, share_view
from trassa.records.types import (
    Arrangement,
    Attached,
    BulkChange,
    Change,
    Filter,
    ListQuery,
    Narrowing,
    Write,
)
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.work.actions.templates import save_template
from trassa.work.types import TemplateDraft, TemplateSettings

#: Answers to whatever no other address answers.
_CATCH_ALL = "/api/v1/"
AWAY = AbsenceDraft(date(2090, 5, 1), date(2090, 5, 20))
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address that the URL resolver knows, written as in the OpenAPI document."""
    for pattern in resolver.url_patterns:
        address = before + _CONVERTER.sub(r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address


def documented_operations() -> set[tuple[str, str]]:
    """Method and address of every operation of the API."""
    document = Client().get(f"/{PREFIX}openapi.json").json()
    return {(method.upper(), address) for address, methods in document["paths"].items() for method in methods}


def test_every_operation_of_the_api_has_a_row() -> None:
    rows = {(row.method, row.address) for row in ROWS}
    missing = documented_operations() - rows
    assert not missing, f"Add rows to rights_matrix.py for: {sorted(missing)}"


def test_every_address_has_a_row() -> None:
    known = {row.address for row in ROWS} | {_CATCH_ALL}
    missing = set(addresses(get_resolver())) - known
    assert not missing, f"Add rows to rights_matrix.py for: {sorted(missing)}"


def test_every_row_leads_somewhere() -> None:
    stale = {row.address for row in ROWS} - set(addresses(get_resolver()))
    assert not stale, f"No such address any more: {sorted(stale)}"


@pytest.fixture
def team(db: None) -> Team:
    make_garage()
    add_formula("car", "floor_again", "floor_price")
    add_formula("deal", "amount_again", "amount")
    return make_team()


@pytest.fixture
def places(team: Team) -> dict[str, dict[str, Any]]:
    """What rows may be about, by name: values for the braces of addresses."""
    fields = {"make": "Lada", "floor_price": "100", "note": "Пирогов"}
    car = create("car", fields=fields)
    edit("car", car, floor_price="4815162342")
    seller = team.actor("seller")
    deal = create("deal", actor=seller, fields={"amount": "7031549", "car": car})
    binned = create("deal", actor=seller, fields={"amount": "7031549"})
    write(Write(Change.BIN, "deal", id=binned))
    kept, removed = upload(seller, "договор.pdf"), upload(seller, "черновик.pdf")
    attach_files(seller, "deal", deal, [Attached(kept.id), Attached(removed.id)], cause=CAUSE)
    remove_file(seller, removed.id, cause=CAUSE)
    deals = current_generation().types["deal"]
    said = [add_comment(seller, deals, deal, text, cause=CAUSE).id for text in ("Перезвонить", "Лишнее")]
    delete_comment(seller, deals, deal, said[1], cause=CAUSE)
    gone = keep_view(seller, "amount", "7031549", name="Прежние")
    remove_view(gone, actor=seller)
    in_deals = {"type": "deal", "pipeline": "sales", "stage": "new", "code": "amount", "seq": 1}
    in_deals["item"] = "absent"
    deals = current_generation().types["deal"]
    change_department(get_department("branch"), head=team.head, actor_id=None)
    about_deal = give(by=seller, record_id=deal, title="7031549", checklist=["Ключи"])
    return {
        "": {},
        "car": {"type": "car", "id": car},
        "two cars": {"type": "car", "id": car, "other": create("car", fields={"make": "Lada"})},
        "floor price": {"type": "car", "id": car, "code": "floor_price"},
        "floor formula": {"type": "car", "id": car, "code": "floor_again"},
        "amount formula": {"type": "deal", "id": deal, "code": "amount_again"},
        "note": {"type": "car", "id": car, "code": "note"},
        "free car": {"type": "car", "id": create("car", fields={"make": "УАЗ"})},
        "deal": in_deals | {"id": deal},
        "binned deal": in_deals | {"id": binned},
        "absent deal": in_deals | {"id": 2**40},
        "absent": {"type": "absent", "id": 1, "pipeline": "absent", "rule": "absent"},
        "designed car": {"type": "car", "page": "card", "number": 999},
        "panel": {"number": 1},
        "list of a stage": {"key": "stage.sales.new"},
        "rule": {"type": "deal", "code": greet(), "number": 1},
        "template": {"code": keep_template()},
        "person": {"id": team.seller.id},
        "hand-over": {"id": hand_watches_over(team)},
        "department": {"code": "sales"},
        "new layout": {"type": "deal", "code": "new"},
        "absent layout": {"type": "deal", "code": "absent"},
        "secret": {"secret": "unknown"},
        "kept secret": {"code": "absent"},
        "calendar": {"code": make_calendar("office").code, "day": "2026-06-11"},
        "absence": {"id": add_absence(team.seller, AWAY, actor_id=None).id},
        "role": {"code": "seller", "seq": 999},
        "view": {"id": keep_view(seller, "amount__gte", "7031549")},
        "removed view": {"id": gone},
        "shared view": {"id": share_with_sellers(team.actor("administrator"))},
        "comment": in_deals | {"id": deal, "comment": said[0], "reaction": "agree"},
        "deleted comment": in_deals | {"id": deal, "comment": said[1]},
        "file of the deal": {"id": kept.id, "size": "thumbnail"},
        "removed file of the deal": {"id": removed.id},
        "import": {"id": begun("car", "Марка\nУАЗ\n", actor=seller).id, "format": "csv"},
        "upload": {"id": upload(seller, "паспорт.pdf").id},
        "bulk run": {"id": change_all_deals(seller)},
        "task about the deal": {"id": about_deal, "item": 1, "file": 2**40},
        "task": {"id": give(by=seller)},
        "task for sellers": {"id": give(candidates=anyone(team.seller, team.other_seller))},
        "export": {"id": ask_export(deals, ListQuery(), ["amount"], "csv", actor=seller).id},
    }


def hand_watches_over(team: Team) -> int:
    """The seller watches what they wrote about; now the head does. Gives the hand-over's id."""
    order = [Assignment("watches:watches", {team.head.id: 1})]
    return hand_over(team.seller, order, actor_id=team.head.id).id


def greet() -> str:
    """A rule about deals; gives its code."""
    when = {"event": "stage_entered", "pipeline": "sales", "stage": "won"}
    steps = [{"set": {"fields": {"source": "avito"}}}]
    return save_rule(RuleDraft("greeting", "deal", Label("Привет"), when, steps), actor_id=None).code


def keep_template() -> str:
    """A template of tasks about deals; gives its code."""
    draft = TemplateDraft("called", Label("Звонок"), TemplateSettings(title="Позвонить"), "deal")
    return save_template(draft, actor_id=None).code


def change_all_deals(actor: Actor) -> int:
    """A change of all deals of somebody; gives the run's id."""
    change = BulkChange(Change.EDIT, {"amount": "7031549"})
    return start_bulk_run(current_generation().types["deal"], change, ListQuery(), actor=actor).id


def keep_view(actor: Actor, code: str, value: str, name: str = "Сделки") -> int:
    """A view of deals that somebody has saved; gives its id."""
    narrowing = Narrowing([Filter(code.partition("__")[0], code.partition("__")[2], value)])
    deal = current_generation().types["deal"]
    return save_view(name, deal, None, narrowing, Arrangement(), actor=actor)


def share_with_sellers(admin: Actor) -> int:
    """A view of deals that sellers use."""
    id = keep_view(admin, "amount__gte", "5", name="Общий")
    share_view(id, [get_role("seller").pk], actor=admin)
    return id


@dataclass(frozen=True)
class Caller:
    """Somebody with a token for the API and a session for pages; a stranger has neither."""

    role: str
    token: str = ""
    cookies: str = ""


@pytest.fixture
def callers(team: Team) -> list[Caller]:
    """Somebody of each role, in the order of ROLES."""
    found = [Caller("stranger")]
    for role in ROLES[1:]:
        client = Client()
        client.force_login(getattr(team, role))
        found.append(Caller(role, team.token(role), client.cookies.output(header="", sep=";")))
    return found


def client_of(caller: Caller) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    client.cookies.load(caller.cookies)
    return client


def send(row: Row, caller: Caller, place: dict[str, Any]) -> Any:
    """The answer of this address to this caller."""
    address = row.address.format(**place)
    client = client_of(caller)
    parameters = {name: value.format(**place) for name, value in row.parameters.items()}
    if address.startswith(f"/{PREFIX}"):
        headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
        if row.method == "GET":
            return client.get(address, parameters, headers=headers)
        if row.file is not None:
            return client.post(address, {**row.form, "file": as_upload(*row.file)}, headers=headers)
        body = b"" if row.body is None else json.dumps(row.body).encode()
        return client.generic(row.method, address, body, "application/json", headers=headers)
    headers = {"HX-Request": "true"} if row.is_part else {}
    if row.method == "GET":
        return client.get(address, parameters, headers=headers)
    sent = row.body if row.file is None else {**row.form, "file": as_upload(*row.file)}
    return client.post(address, sent, headers=headers)


def as_upload(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def readable(response: Any) -> str:
    """The text of an answer, amounts without the spaces between their digits."""
    text = response.getvalue().decode(errors="replace")
    return re.sub(r"(?<=\d)(?:\s|&nbsp;)(?=\d)", "", text)


def test_every_role_gets_what_its_rights_say(
    callers: list[Caller], places: dict[str, dict[str, Any]], subtests: pytest.Subtests
) -> None:
    for row in ROWS:
        for caller, expected in zip(callers, row.expected, strict=True):
            with subtests.test(row=str(row), role=caller.role), transaction.atomic():
                response = send(row, caller, places[row.about])
                assert response.status_code == expected, readable(response)[:500]
                assert not leaks(row, caller.role, response)
                transaction.set_rollback(True)


def test_every_dialog_that_is_opened_directly_is_a_page_or_opens_over_one(
    callers: list[Caller], places: dict[str, dict[str, Any]], subtests: pytest.Subtests
) -> None:
    walked = 0
    for row in ROWS:
        for caller, expected in zip(callers, row.expected, strict=True):
            if row.method != "GET" or expected != 200 or row.address.startswith(f"/{PREFIX}"):
                continue
            if not is_dialog(send(replace(row, is_part=True), caller, places[row.about])):
                continue
            walked += 1
            with subtests.test(row=str(row), role=caller.role):
                page = send(replace(row, is_part=False), caller, places[row.about])
                if page.status_code == 302:
                    below, _mark, dialog = page["Location"].partition("#dialog=")
                    assert unquote(dialog).partition("?")[0] == row.address.format(**places[row.about])
                    page = client_of(caller).get(below, follow=True)
                assert page.status_code == 200
                assert page.content.lstrip().lower().startswith(b"<!doctype html>")
    assert walked > len(ROLES), "no dialog was walked"


def is_dialog(response: Any) -> bool:
    return 'id="dialog-title"' in readable(response) and "Trassa-Fragment" in response.headers


def leaks(row: Row, role: str, response: Any) -> list[str]:
    """Secrets in this answer that the role may not read; what it asked for itself is none."""
    asked = json.dumps(row.parameters, ensure_ascii=False)
    text = readable(response)
    return [
        secret
        for secret, trusted in SECRETS.items()
        if role not in trusted and secret not in asked and secret in text
    ]


def test_those_who_may_do_read_what_is_masked_for_others(
    callers: list[Caller], places: dict[str, dict[str, Any]]
) -> None:
    shown = [row for row in API_ROWS if row.method == "GET" and row.about in ("car", "deal")]
    for caller in callers:
        secrets = {secret for secret, trusted in SECRETS.items() if caller.role in trusted}
        texts = [readable(send(row, caller, places[row.about])) for row in shown if secrets]
        assert not {secret for secret in secrets if not any(secret in text for text in texts)}, caller.role
