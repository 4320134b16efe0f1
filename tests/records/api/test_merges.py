"""Records become one through the API, and are their own again."""

import pytest
from tests.factories.api import ApiClient
from tests.factories.records import create


@pytest.fixture
def contacts() -> list[int]:
    return [
        create("contact", fields={"name": name, "phone": "+79215550142"})
        for name in ("Егоров", "Егоров Пётр", "Егоров П. С.")
    ]


def name_of(client: ApiClient, id: int) -> str:
    name: str = client.get(f"records/contact/{id}").json()["fields"]["name"]
    return name


def test_two_are_merged_and_parted(head: ApiClient, contacts: list[int]) -> None:
    into, source, _third = contacts
    body = {"from": source, "versions": {"into": 1, "from": 1}, "fields": {"name": "from"}}
    merged = head.post(f"records/contact/{into}/merge", body)
    assert (merged.status_code, merged.json()["fields"]["name"]) == (200, "Егоров Пётр")
    parted = head.post(f"records/contact/{into}/unmerge", {"from": source}).json()
    assert (parted["parted"], parted["stayed"]) == ([source], [])
    assert name_of(head, into) == "Егоров"


def test_several_are_merged_and_parted_in_one_go(head: ApiClient, contacts: list[int]) -> None:
    into, *sources = contacts
    body = {"from": sources, "versions": {"into": 1, "from": [1, 1]}, "fields": {"name": sources[1]}}
    merged = head.post(f"records/contact/{into}/merge", body)
    assert (merged.status_code, merged.json()["fields"]["name"]) == (200, "Егоров П. С.")
    parted = head.post(f"records/contact/{into}/unmerge", {"from": sources[1]}).json()
    assert parted["parted"] == sources
    assert [name_of(head, id) for id in contacts] == ["Егоров", "Егоров Пётр", "Егоров П. С."]


@pytest.mark.parametrize(
    ("versions", "fields", "code"),
    [
        ([1], {}, "versions_missing"),
        ([1, 1], {"name": "from"}, "ambiguous"),
        ([1, 1], {"name": 1}, "unknown_record"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    head: ApiClient, contacts: list[int], versions: list[int], fields: dict[str, object], code: str
) -> None:
    into, *sources = contacts
    body = {"from": sources, "versions": {"into": 1, "from": versions}, "fields": fields}
    refused = head.post(f"records/contact/{into}/merge", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
