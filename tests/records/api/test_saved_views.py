"""Saved filters over the API: one's own conditions under a name, and the list that they lead to."""

from typing import Any
from urllib.parse import parse_qsl

from tests.factories.api import ApiClient, errors_of
from tests.factories.records import CAUSE, create
from tests.factories.team import Team

from trassa.schema.actions import changing_schema

DEAR = {"field": "amount", "operation": "gte", "value": "100"}


def keep(api: ApiClient, **more: Any) -> Any:
    answer = api.post("types/deal/views", {"name": "Дорогие", "filters": [DEAR]} | more)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def names(api: ApiClient, **asked: str) -> list[str]:
    return [each["name"] for each in api.get("types/deal/views", **asked).json()["items"]]


def test_a_filter_is_kept_renamed_changed_removed_and_brought_back(seller: ApiClient) -> None:
    kept = keep(seller, where="ответственный = Я()", order="-amount", q="lada")
    assert (kept["filters"], kept["q"], kept["where"], kept["order"]) == (
        [DEAR],
        "lada",
        "owner = ME()",
        "-amount",
    )
    assert seller.get(f"views/{kept['id']}").json() == kept
    renamed = seller.patch(f"views/{kept['id']}", {"name": "  Мои   дорогие "}).json()
    assert renamed == kept | {"name": "Мои дорогие"}
    changed = seller.patch(f"views/{kept['id']}", {"where": "", "q": "", "filters": []}).json()
    assert (changed["filters"], changed["query"]) == ([], "order=-amount")
    assert seller.delete(f"views/{kept['id']}").status_code == 204
    assert names(seller) == []
    assert seller.get(f"views/{kept['id']}").status_code == 404
    assert seller.post(f"views/{kept['id']}/restore").json()["name"] == "Мои дорогие"
    assert names(seller) == ["Мои дорогие"]


def test_its_query_is_that_of_the_list(seller: ApiClient, team: Team) -> None:
    actor = team.actor("seller")
    cheap, dear = (create("deal", actor=actor, fields={"amount": amount}) for amount in ("5", "500"))
    for given, expected in (
        ({}, [dear]),
        ({"filters": [], "where": "amount < 100"}, [cheap]),
        ({"filters": [], "order": "-amount"}, [dear, cheap]),
        (
            {"filters": [{"field": "stage", "operation": "in", "value": "new,showing"}], "order": "id"},
            [cheap, dear],
        ),
    ):
        kept = keep(seller, name=f"№ {given}"[:80], **given)
        found = seller.get("records/deal", **dict(parse_qsl(kept["query"]))).json()
        assert [each["id"] for each in found["items"]] == expected


def test_filters_of_a_board_stand_apart(seller: ApiClient) -> None:
    kept = keep(seller, pipeline="sales")
    assert (kept["look"], kept["pipeline"]) == ("list", "sales")
    assert kept["query"] == "amount__gte=100&pipeline=sales"
    assert (names(seller), names(seller, pipeline="sales")) == ([], ["Дорогие"])
    keep(seller)
    assert seller.get("types/car/views", pipeline="sales").status_code == 404


def test_others_do_not_see_them(seller: ApiClient, head: ApiClient) -> None:
    kept = keep(seller)
    assert names(head) == []
    assert head.patch(f"views/{kept['id']}", {"name": "Чужой"}).status_code == 404
    assert names(seller) == ["Дорогие"]


def test_what_a_list_would_refuse_is_not_kept(seller: ApiClient) -> None:
    keep(seller)
    for given, fault in (
        ({"name": "Дорогие"}, {"name": "taken"}),
        ({"name": "   "}, {"name": "required"}),
        ({"name": "а", "filters": [DEAR | {"field": "colour"}]}, {"colour": "unknown_field"}),
        ({"name": "а", "filters": [DEAR | {"value": "много"}]}, {"amount": "invalid_number"}),
        ({"name": "а", "order": "colour"}, {"order": "unknown_order"}),
        ({"name": "а", "where": "ценна > 1"}, {"where": "unknown_field"}),
        ({"name": "а", "where": "АННУИТЕТ(сумма; 10%; 12) > 5"}, {"where": "not_in_filter"}),
    ):
        answer = seller.post("types/deal/views", {"name": "а"} | given)
        assert answer.status_code == 422, given
        assert errors_of(answer) == fault
    assert names(seller) == ["Дорогие"]


def test_a_field_that_is_gone_is_named(seller: ApiClient) -> None:
    kept = keep(seller, filters=[DEAR, {"field": "source", "operation": "eq", "value": "avito"}])
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "source")
    now = seller.get(f"views/{kept['id']}").json()
    assert now["filters"] == [DEAR]
    assert len(now["missing"]) == 1


def test_repeating_a_request_keeps_one_filter(seller: ApiClient) -> None:
    body = {"name": "Дорогие", "filters": [DEAR]}
    first = seller.post("types/deal/views", body, Idempotency_Key="once")
    assert seller.post("types/deal/views", body, Idempotency_Key="once").json() == first.json()
    assert names(seller) == ["Дорогие"]


def test_a_list_and_a_board_are_narrowed_by_a_view(seller: ApiClient, team: Team) -> None:
    actor = team.actor("seller")
    made = [
        create("deal", actor=actor, fields={"amount": amount, "source": source})
        for amount, source in (("5", "avito"), ("500", "avito"), ("700", "phone"))
    ]
    kept = keep(seller, order="-amount", where="owner = ME()", pipeline="sales")
    listed = seller.get("records/deal", view=str(kept["id"])).json()["items"]
    assert [each["id"] for each in listed] == [made[2], made[1]]
    further = {"view": str(kept["id"]), "where": 'source = "avito"', "order": "amount"}
    assert [each["id"] for each in seller.get("records/deal", **further).json()["items"]] == [made[1]]
    board = seller.get("pipelines/sales/board", view=str(kept["id"])).json()
    assert sorted(each["id"] for each in board["stages"][0]["items"]) == made[1:]
    assert errors_of(seller.get("records/car", view=str(kept["id"]))) == {"view": "unknown_view"}
    assert errors_of(seller.get("records/deal", view="x")) == {"view": "unknown_view"}


def test_a_view_of_people_and_amounts_as_screens_write_them_works_here(seller: ApiClient, team: Team) -> None:
    id = create("deal", actor=team.actor("seller"), fields={"amount": "3000000"})
    filters = [
        {"field": "owner", "operation": "eq", "value": str(team.seller.id)},
        {"field": "amount", "operation": "gte", "value": "3000000"},
    ]
    kept = keep(seller, filters=filters)
    assert [each["id"] for each in seller.get("records/deal", view=str(kept["id"])).json()["items"]] == [id]


def test_columns_groups_and_looks_are_kept_and_checked(seller: ApiClient) -> None:
    columns = [{"field": "title", "width": 0}, {"field": "amount", "width": 120}]
    kept = keep(seller, columns=columns, group_by="stage", look="compact", date_field="visit_on")
    assert (kept["columns"], kept["group_by"], kept["look"]) == (columns, "stage", "compact")
    changed = seller.patch(f"views/{kept['id']}", {"columns": [], "group_by": ""}).json()
    assert (changed["columns"], changed["group_by"], changed["date_field"]) == ([], "", "visit_on")
    for given, fault in (
        ({"columns": [{"field": "colour"}]}, {"columns": "unknown_field"}),
        ({"group_by": "title"}, {"group_by": "not_grouping"}),
        ({"date_field": "amount"}, {"date_field": "no_date"}),
        ({"look": "board"}, {"look": "no_pipeline"}),
    ):
        assert errors_of(seller.patch(f"views/{kept['id']}", given)) == fault


def test_administrators_share_and_let_views_open_first(
    seller: ApiClient, head: ApiClient, admin: ApiClient
) -> None:
    kept = keep(admin, name="Для продавцов")
    shared = admin.patch(f"views/{kept['id']}", {"roles": ["seller"], "opens_for": ["seller"]}).json()
    assert (shared["roles"], shared["opens_for"], shared["is_own"]) == (["seller"], ["seller"], True)
    assert (names(seller), names(head)) == (["Для продавцов"], [])
    mine = seller.patch(f"views/{kept['id']}", {"opens_first": True}).json()
    assert (mine["opens_first"], mine["is_own"]) == (True, False)
    assert seller.patch(f"views/{kept['id']}", {"roles": []}).status_code == 403
    assert seller.delete(f"views/{kept['id']}").status_code == 403
    assert errors_of(admin.patch(f"views/{kept['id']}", {"roles": ["nobody"]})) == {"roles": "unknown_role"}
    refused = admin.patch(f"views/{kept['id']}", {"opens_for": ["head"]})
    assert errors_of(refused) == {"opens_for": "not_shared"}
    admin.patch(f"views/{kept['id']}", {"roles": []})
    assert names(seller) == []


def test_what_a_role_does_not_see_is_not_in_a_shared_view(seller: ApiClient, admin: ApiClient) -> None:
    body = {
        "name": "Пол",
        "filters": [{"field": "floor_price", "operation": "gte", "value": "4815162"}],
        "columns": [{"field": "title"}, {"field": "floor_price"}],
        "order": "-floor_price",
    }
    kept = admin.post("types/car/views", body).json()
    admin.patch(f"views/{kept['id']}", {"roles": ["seller"]})
    seen = seller.get(f"views/{kept['id']}").json()
    assert (seen["filters"], seen["order"], seen["is_partial"], seen["missing"]) == ([], "", True, [])
    assert [each["field"] for each in seen["columns"]] == ["title"]
    assert "4815162" not in str(seen)
