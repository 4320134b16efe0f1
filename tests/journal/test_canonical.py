"""Canonical JSON: one text for one value, whatever the database did to it in between."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trassa.journal.canonical import canonical_json, derive_salt, digest_change

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | texts | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.django_db
@given(value=values)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_is_written_the_same_after_a_stay_in_the_database(value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb", [json.dumps(value, ensure_ascii=False)])
        stored = json.loads(cursor.fetchone()[0])
    assert canonical_json(stored) == canonical_json(value)  # type: ignore[arg-type]


def test_keys_are_sorted_and_spaces_left_out() -> None:
    assert canonical_json({"б": 1, "a": [1.0, "«»", None, True]}) == '{"a":[1,"«»",null,true],"б":1}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(value)


def test_equal_values_have_different_digests_under_different_salts() -> None:
    first, second = (digest_change(derive_salt(salt, "inn"), None, "7701") for salt in (b"1" * 16, b"2" * 16))
    assert first != second
