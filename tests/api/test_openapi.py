"""The document says what every operation shares."""

from typing import Any

from tests.api.conftest import Call


def document(call: Call) -> dict[str, Any]:
    response = call("GET", "openapi.json", token=None)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return body


def test_the_document_is_openapi_3_1_and_open_to_everybody(call: Call) -> None:
    assert document(call)["openapi"].startswith("3.1")


def test_operations_stand_under_their_full_path(call: Call) -> None:
    assert set(document(call)["paths"]) == {
        "/api/v1/me",
        "/api/v1/pages",
        "/api/v1/notes",
        "/api/v1/fail/{kind}",
    }


def test_a_write_names_all_its_problems_and_the_idempotency_key(call: Call) -> None:
    operation = document(call)["paths"]["/api/v1/notes"]["post"]
    problems = {"400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"}
    assert set(operation["responses"]) == {"201"} | problems
    assert {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]


def test_every_reference_leads_somewhere(call: Call) -> None:
    whole = document(call)
    pending: list[Any] = [whole]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            if "$ref" in part:
                target: Any = whole
                for step in part["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
