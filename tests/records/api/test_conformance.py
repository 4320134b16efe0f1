"""The API does what its OpenAPI document says, whatever is sent to it.

Schemathesis makes requests from the document, fitting and unfitting ones, half of them about things
that exist. No answer may be a fault of ours, and every answer must be one that the document describes.
"""

from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.factories.files import upload
from tests.factories.imports import begun
from tests.factories.people import make_person
from tests.factories.records import create, make_garage
from tests.factories.tasks import give
from tests.factories.team import make_team

from trassa.access.queries import Actor, actor_of
from trassa.people.queries import find_person_by_login, get_person
from trassa.records.actions.bulk_runs import start_bulk_run
from trassa.records.actions.saved_views import save_view
from trassa.records.types import Arrangement, BulkChange, Change, Filter, ListQuery, Narrowing
from trassa.schema.queries import current_generation
from trassa.work.types import Holders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EXAMPLES = 25
#: Operations that only administrators get anything from.
OF_ADMINISTRATORS = ("POST /people", "GET /roles")
TOKENS: dict[str, str] = {}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]


@pytest.fixture
def token(transactional_db: None) -> str:
    """A token of the head of sales, in a company with a few records."""
    make_garage()
    team = make_team()
    head = team.actor("head")
    contact = create("contact", fields={"name": "Белова Анна", "phone": "+79215550142"})
    car = create("car", fields={"make": "Lada", "vin": "XTA210990Y2766389", "floor_price": "100"})
    for amount in range(30):
        create("deal", actor=head, fields={"amount": str(amount), "client": contact, "car": car})
    TOKENS["administrator"] = team.token("administrator", "read", "write", "admin")
    return team.token("head")


def get_person_id(login: str) -> int:
    person = find_person_by_login(login)
    assert person is not None
    return person.id


def change_deals(actor: Actor) -> int:
    """A change of all deals; gives the run's id."""
    change = BulkChange(Change.EDIT, {"source": "avito"})
    return start_bulk_run(current_generation().types["deal"], change, ListQuery(), actor=actor).id


def existing(operation: APIOperation, deal: int) -> dict[str, Any]:
    """Path parameters that lead somewhere."""
    id = deal
    if operation.path.startswith("/files"):
        id = upload(actor_of(get_person(get_person_id("head")))).id
    if operation.path.startswith("/bulk-runs"):
        id = change_deals(actor_of(get_person(get_person_id("head"))))
    if operation.path.startswith("/imports"):
        id = begun("car", "Марка\nУАЗ\n", actor=actor_of(get_person(get_person_id("head")))).id
    if operation.path.startswith("/views/"):
        id = keep_view(actor_of(get_person(get_person_id("head"))))
    if operation.path.startswith("/tasks/"):
        head = get_person_id("head")
        id = give(by=actor_of(get_person(head)), record_id=deal, candidates=Holders(people=[head]))
    if operation.path.startswith("/people/"):
        id = make_person().id
    known = {"type": "deal", "id": id, "pipeline": "sales", "format": "csv", "code": "seller"}
    return {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}


def keep_view(head: Actor) -> int:
    """A new view of the deals of the head of sales."""
    narrowing = Narrowing([Filter("amount", "gte", "5")], order="-amount")
    deal = current_generation().types["deal"]
    return save_view(f"Дорогие {uuid4()}", deal, None, narrowing, Arrangement(), actor=head)


def send_many(operation: APIOperation, mode: GenerationMode, places: dict[str, Any], token: str) -> None:
    """Send requests made from the document and check every answer against it."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode, **({"path_parameters": places} if places else {})))
    def send(case: Case) -> None:
        case.headers.pop("Host", None)  # a made-up one never gets past the server in front
        # The transport of these tests reads nothing compressed.
        asked = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        response = case.call(headers=asked)
        case.validate_response(response, checks=CHECKS)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE


def test_every_answer_is_one_that_the_document_describes(token: str, subtests: pytest.Subtests) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for found in document.get_all_operations():
        operation = found.ok()
        deal = create("deal", owner=get_person_id("head"))
        for mode in GenerationMode:
            for places in {str(places): places for places in (existing(operation, deal), {})}.values():
                if operation.path.endswith(("/dismiss", "/readmit")) and not places:
                    continue  # might let the callers go
                caller = TOKENS["administrator"] if operation.label.startswith(OF_ADMINISTRATORS) else token
                with subtests.test(operation=operation.label, mode=mode.value, places=bool(places)):
                    send_many(operation, mode, places, caller)
