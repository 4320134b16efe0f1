"""No value and no condition, however strange, is a fault of ours."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.api import ApiClient
from tests.factories.people import make_person
from tests.factories.schema import field, make_type

from trassa.people.actions import issue_token
from trassa.records.queries.lookups import conditions_of
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALONE = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = st.one_of(
    st.integers(-(10**40), 10**40), st.floats(allow_nan=False, allow_infinity=False), st.just(1e308)
)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,-+eE /:TZ", max_size=30),
    st.sampled_from(
        ["2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1e400", "٣", "a" * 5000]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
KINDS = [code for code, _kind in field_kinds.items()]


@pytest.fixture
def client() -> ApiClient:
    """An administrator before a type `thing` that has a field of every kind, named as its kind."""
    details: dict[str, Any] = {
        "choice": {"options": ["red", "blue"]},
        "multi_choice": {"options": ["red", "blue"]},
        "link": {"target": "car"},
        "links": {"target": "car"},
        "dated_link": {"target": "car"},
        "lookup": {"shows": "some_link.make"},
    }
    make_type("car", [field("make")])
    make_type("thing", [field(f"some_{kind}", kind, **details.get(kind, {})) for kind in KINDS])
    admin = make_person(is_administrator=True)
    return ApiClient(issue_token(admin, "test", ("read", "write"), actor_id=None))


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_breaks_a_field(client: ApiClient, kind: str) -> None:
    @ALONE
    @given(VALUES)
    def send(value: Any) -> None:
        response = client.post("records/thing", {"fields": {f"some_{kind}": value}})
        assert response.status_code in (201, 400, 422), (value, response.content)
        if response.status_code == 201:
            made = response.json()
            assert client.get(f"records/thing/{made['id']}").json() == made
            again = client.patch(f"records/thing/{made['id']}", {"version": 1, "fields": written(made)})
            assert again.status_code == 200, (value, again.content)
            assert again.json()["version"] == 1, (value, made["fields"], again.json()["fields"])

    send()


def written(made: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record as its reader may send them back."""
    automatic = {f"some_{kind}" for kind in KINDS if field_kinds.get(kind).automatic}
    return {code: value for code, value in made["fields"].items() if code not in automatic}


@pytest.mark.parametrize("kind", KINDS)
def test_no_condition_breaks_a_list(client: ApiClient, kind: str) -> None:
    spec = current_generation().types["thing"].by_code[f"some_{kind}"]
    operations = st.sampled_from(conditions_of(spec))

    @ALONE
    @given(operations, st.one_of(TEXTS, VALUES.map(json.dumps)))
    def send(operation: str, value: str) -> None:
        response = client.get("records/thing", **{f"some_{kind}__{operation}": value})
        assert response.status_code in (200, 422), (operation, value, response.content)

    send()


def test_no_condition_on_a_base_column_breaks_a_list(client: ApiClient) -> None:
    columns = ["id", "title", "owner", "department", "pipeline", "stage", "created_at", "updated_at"]
    operations = ["eq", "ne", "gte", "lt", "contains", "in", "empty", "near"]

    @settings(ALONE, max_examples=300)
    @given(st.sampled_from(columns), st.sampled_from(operations), TEXTS)
    def send(column: str, operation: str, value: str) -> None:
        response = client.get("records/thing", **{f"{column}__{operation}": value})
        assert response.status_code in (200, 422), (column, operation, value, response.content)

    send()


def test_no_text_breaks_search(client: ApiClient) -> None:
    @settings(ALONE, max_examples=150)
    @given(TEXTS, st.sampled_from(["search", "records/thing"]))
    def send(text: str, path: str) -> None:
        response = client.get(path, q=text)
        assert response.status_code in (200, 422), (text, response.content)

    send()
