"""Imports through the API."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.api import ApiClient, errors_of
from tests.factories.imports import make_workbook
from tests.factories.records import create

from trassa.imports.actions.working import work

pytestmark = pytest.mark.django_db
VIN = "XTA210990Y2766389"
LINES = f"Марка;VIN;Цена\nLada;{VIN};5\nУАЗ;;дорого\nKia;;7\n"


def sent(api: ApiClient, content: bytes = LINES.encode(), name: str = "cars.csv", **form: str) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return Client().post("/api/v1/imports", {"type": "car", **form, "file": file}, headers=api._headers({}))


def test_a_file_is_taken_in_with_a_proposal(head: ApiClient) -> None:
    response = sent(head)
    assert response.status_code == 201
    run = response.json()
    assert response.headers["Location"] == f"/api/v1/imports/{run['id']}"
    assert [(column["heading"], column["field"]) for column in run["columns"]] == [
        ("Марка", "make"),
        ("VIN", "vin"),
        ("Цена", "price"),
    ]
    assert run["columns"][0]["samples"] == ["Lada", "УАЗ", "Kia"]
    assert (run["state"], run["options"]["keys"], run["undoable"]) == ("new", ["vin"], False)
    assert run["source"]["delimiter"] == ";"


def test_an_import_goes_its_whole_way(head: ApiClient) -> None:
    create("car", fields={"make": "Lada", "vin": VIN})
    id = sent(head).json()["id"]
    preview = head.get(f"imports/{id}/preview").json()["items"]
    assert preview[0]["fields"] == {"make": "Lada", "vin": VIN, "price": "5\u00a0₽"}
    assert [reason["field"] for reason in preview[1]["reasons"]] == ["price"]
    assert head.post(f"imports/{id}/check").json()["state"] == "checking"
    work(id)
    run = head.get(f"imports/{id}").json()
    assert (run["state"], run["counts"]["created"], run["counts"]["rejected"]) == ("checked", 1, 1)
    assert head.post(f"imports/{id}/start").status_code == 200
    work(id)
    run = head.get(f"imports/{id}").json()
    assert run["counts"] == {"created": 1, "updated": 0, "duplicates": 1, "rejected": 1, "undecided": 0}
    rows = head.get(f"imports/{id}/rows", state="rejected").json()["items"]
    assert [(row["line"], row["reasons"][0]["field"]) for row in rows] == [(3, "price")]
    assert head.post(f"imports/{id}/undo").json()["state"] == "undoing"
    work(id)
    done = head.get(f"imports/{id}").json()
    assert (done["state"], done["returned"], done["kept"]) == ("undone", 0, 1), "the head may not delete cars"


def test_rejected_lines_come_as_a_file(head: ApiClient) -> None:
    id = sent(head).json()["id"]
    head.post(f"imports/{id}/start")
    work(id)
    text = head.get(f"imports/{id}/errors.csv").getvalue().decode("utf-8-sig")
    heads, line = csv.reader(io.StringIO(text), delimiter=";")
    assert (heads[:3], line[:3]) == (["Марка", "VIN", "Цена"], ["УАЗ", "", "дорого"])
    sheet = load_workbook(io.BytesIO(head.get(f"imports/{id}/errors.xlsx").getvalue())).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["УАЗ", None, "дорого"]


def test_columns_and_options_are_changed(head: ApiClient) -> None:
    id = sent(head).json()["id"]
    changed = head.patch(
        f"imports/{id}",
        {
            "columns": [{"field": "model"}, {}, {"field": "make"}],
            "options": {"duplicates": "fill", "keys": ["vin"], "robots": "all", "constants": {"price": "5"}},
        },
    ).json()
    assert [column["field"] for column in changed["columns"]] == ["model", "", "make"]
    assert [column["heading"] for column in changed["columns"]] == ["Марка", "VIN", "Цена"]
    assert changed["options"]["duplicates"] == "fill"
    wrong = head.patch(f"imports/{id}", {"columns": [{"field": "moon"}, {}, {}]})
    assert errors_of(wrong) == {"columns": "unknown_target"}
    assert head.patch(f"imports/{id}", {"options": {"constants": {"price": "дорого"}}}).status_code == 422


def test_the_table_may_lie_elsewhere(head: ApiClient) -> None:
    content = make_workbook(["Погода", "Луна"], ["Марка", "VIN"], ["Kia", ""], title="Склад")
    run = sent(head, content, "cars.xlsx").json()
    assert (run["sheets"], run["source"]["line"]) == (["Склад"], 2)
    moved = head.patch(f"imports/{run['id']}", {"source": {"sheet": "Склад", "line": 1}}).json()
    assert [column["heading"] for column in moved["columns"]] == ["Погода", "Луна"]
    assert head.patch(f"imports/{run['id']}", {"source": {"sheet": "Луна"}}).status_code == 422


def test_undecided_lines_are_settled(head: ApiClient) -> None:
    create("car", fields={"make": "Lada", "vin": VIN})
    id = sent(head).json()["id"]
    head.patch(f"imports/{id}", {"options": {"duplicates": "ask", "keys": ["vin"]}})
    head.post(f"imports/{id}/start")
    work(id)
    [row] = head.get(f"imports/{id}/rows", state="undecided").json()["items"]
    body = {"how": "overwrite", "lines": [row["line"]], "record": row["candidates"][0]}
    assert head.post(f"imports/{id}/decide", body).json()["counts"]["updated"] == 1


def test_lists_are_paged(head: ApiClient) -> None:
    ids = [sent(head).json()["id"] for _index in range(3)]
    first = head.get("imports", limit="2", type="car").json()
    assert [run["id"] for run in first["items"]] == [ids[2], ids[1]]
    assert [run["id"] for run in head.get("imports", cursor=first["next"]).json()["items"]] == [ids[0]]
    head.post(f"imports/{ids[0]}/start")
    work(ids[0])
    page = head.get(f"imports/{ids[0]}/rows", limit="2").json()
    rest = head.get(f"imports/{ids[0]}/rows", limit="2", cursor=page["next"]).json()
    assert [row["line"] for row in page["items"] + rest["items"]] == [2, 3, 4]
    assert rest["next"] is None


def test_wrong_moments_and_files_are_refused(head: ApiClient) -> None:
    id = sent(head).json()["id"]
    assert head.post(f"imports/{id}/undo").status_code == 409
    assert head.post(f"imports/{id}/cancel").status_code == 409
    assert errors_of(sent(head, type="")) == {"type": "required"}
    assert errors_of(sent(head, b"%PDF-1.4", "cars.csv")) == {"file": "wrong_type"}
    assert sent(head, b"\n\n", "cars.csv").json()["code"] == "file_unreadable"
