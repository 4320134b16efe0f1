"""Lists as files: what one may take along, typed, safe, and noted."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from tests.factories.records import allow, allow_field, create, make_actor

from trassa.access.types import Scope, Verb
from trassa.expressions import Kind, read
from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.records.actions import exports
from trassa.records.actions.exports import ask_export, cancel_export, run_export
from trassa.records.models import Export
from trassa.records.queries import reader_scope
from trassa.records.queries.exports import get_export
from trassa.records.queries.files import open_content
from trassa.records.types import Filter, ListQuery
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")

EVERY = ListQuery(order="id")


def spec(type: str):
    return current_generation().types[type]


def take(actor, type: str, columns, format: str = "xlsx", query: ListQuery = EVERY) -> list[list]:
    """The rows of an export, heads first."""
    export = ask_export(spec(type), query, columns, format, actor=actor)
    export = get_export(actor, export.id)
    assert export.state == "done", export.problem
    _file, stream = open_content(actor, export.file_id or 0)
    content = stream.read()
    stream.close()
    if format == "csv":
        assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Cyrillic"
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_numbers_and_dates_stay_numbers_and_dates():
    clerk = make_actor(*allow("deal"))
    create("deal", fields={"amount": "5800000.50", "visit_on": "2026-03-24"})
    heads, row = take(clerk, "deal", ["number", "amount", "visit_on", "source", "created_at"])
    assert heads == ["Номер записи", "Сумма", "Выезд", "Источник", "Создано"]
    assert row[1] == 5800000.5
    assert row[2] == datetime(2026, 3, 24)
    assert row[3] == "Звонок"
    assert isinstance(row[4], datetime)


def test_a_text_never_becomes_a_formula():
    clerk = make_actor(*allow("contact"))
    for name in ('=HYPERLINK("http://evil")', "+7", "-1+1", "@SUM(A1)"):
        create("contact", fields={"name": name})
    sheet = take(clerk, "contact", ["name"])
    assert [row[0] for row in sheet[1:]] == ['=HYPERLINK("http://evil")', "+7", "-1+1", "@SUM(A1)"]
    plain = take(clerk, "contact", ["name"], "csv")
    assert all(row[0].startswith("'") for row in plain[1:])


def test_an_amount_in_csv_has_a_comma_and_is_no_text():
    clerk = make_actor(*allow("deal"))
    create("deal", fields={"amount": "-1200.5"})
    assert take(clerk, "deal", ["amount"], "csv")[1] == ["-1200,50"]


def test_rows_and_columns_obey_rights():
    seller = make_actor(*allow("deal", Verb.SEE), *allow("deal", Verb.EXPORT, scope=Scope.OWN), *allow("car"))
    create("deal", fields={"amount": "1"})
    create("deal", owner=seller.id, fields={"amount": "2"})
    assert [row[0] for row in take(seller, "deal", ["amount"])[1:]] == [2], (
        "only own deals may be taken along"
    )
    with pytest.raises(Invalid):
        take(seller, "car", ["floor_price"])
    officer = make_actor(*allow("car"), *allow_field("car", "floor_price"))
    create("car", fields={"make": "Kia", "floor_price": "7"})
    assert take(officer, "car", ["floor_price"])[1] == [7]
    stranger = make_actor(*allow("deal", Verb.SEE))
    with pytest.raises(Forbidden):
        take(stranger, "deal", ["amount"])


def test_the_conditions_and_the_order_of_the_list_apply():
    clerk = make_actor(*allow("deal"))
    for amount in ("1", "5", "3", "9"):
        create("deal", fields={"amount": amount})
    where = read("amount > 1", reader_scope(clerk), spec("deal").id, expected=(Kind.BOOLEAN,))
    query = ListQuery(filters=[Filter("amount", "lte", "5")], order="-amount", where=where)
    assert [row[0] for row in take(clerk, "deal", ["amount"], query=query)[1:]] == [5, 3]


def test_who_took_what_is_noted():
    clerk = make_actor(*allow("deal"))
    create("deal", fields={"amount": "1"})
    export = ask_export(spec("deal"), EVERY, ["amount"], "xlsx", actor=clerk)
    [entry] = list_entries(Stream("export", export.id))
    assert (entry.actor_id, entry.changes["rows"][1], entry.changes["type"][1]) == (clerk.id, 1, "deal")


def test_a_large_list_is_made_by_the_worker_and_twice_is_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    clerk = make_actor(*allow("deal"))
    for amount in ("1", "2", "3"):
        create("deal", fields={"amount": amount})
    export = ask_export(spec("deal"), EVERY, ["amount"], "xlsx", actor=clerk)
    assert export.state == "waiting"
    Export.objects.filter(id=export.id).update(state="running", done=2)
    run_export(export.id)
    first = get_export(clerk, export.id)
    assert (first.state, first.done) == ("done", 3), "what a killed worker began is begun again"
    run_export(export.id)
    assert get_export(clerk, export.id).file_id == first.file_id
    assert len(list_entries(Stream("export", export.id))) == 1


def test_a_cancelled_export_stays_cancelled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    clerk = make_actor(*allow("deal"))
    create("deal", fields={"amount": "1"})
    export = ask_export(spec("deal"), EVERY, ["amount"], "csv", actor=clerk)
    cancel_export(export)
    run_export(export.id)
    assert get_export(clerk, export.id).state == "cancelled"


def test_nobody_else_sees_an_export():
    clerk, other = make_actor(*allow("deal")), make_actor(*allow("deal"))
    create("deal", fields={"amount": "1"})
    export = ask_export(spec("deal"), EVERY, ["amount"], "csv", actor=clerk)
    with pytest.raises(NotFound):
        get_export(other, export.id)
    with pytest.raises(NotFound):
        open_content(other, get_export(clerk, export.id).file_id or 0)
