"""Files that mean harm, or are not what they say: refused in words of both languages, or read aright."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from tests.factories.api import ApiClient
from tests.factories.imports import make_workbook, saved

from trassa.imports.actions.working import work
from trassa.imports.sheets.limits import LONGEST_CELL

pytestmark = pytest.mark.django_db

TABLE = "Марка;Цена\nЛада;5\nМосквич;7\n"
HTML = b"<html><body><table><tr><td>5</td></tr></table></body></html>"
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXT_CELL = '<c t="inlineStr"><is><t>{}</t></is></c>'
HEADINGS = f'<row r="1">{TEXT_CELL.format("Марка")}{TEXT_CELL.format("Цена")}</row>'
#: A cell with the first text of the table.
NAMED = '<c t="s"><v>0</v></c>'


def sent(api: ApiClient, content: bytes, name: str, language: str = "ru") -> Any:
    file = io.BytesIO(content)
    file.name = name
    headers = api._headers({}) | {"Accept-Language": language}
    return Client().post("/api/v1/imports", {"type": "car", "file": file}, headers=headers)


def changed(entries: Mapping[str, str | bytes], without: str = "") -> bytes:
    """A workbook with some entries of its container replaced or added."""
    book = zipfile.ZipFile(io.BytesIO(make_workbook(("Марка", "Цена"), ("Лада", 5))))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        kept = {name: book.read(name) for name in book.namelist() if name != without}
        for name, data in {**kept, **entries}.items():
            archive.writestr(name, data)
    return content.getvalue()


def sheet(rows: str, *, before: str = "", shared: str = "") -> bytes:
    """A workbook whose sheet has this XML below the headings."""
    entries = {SHEET: f"{before}<worksheet {NAMES}><sheetData>{HEADINGS}{rows}</sheetData></worksheet>"}
    if shared:
        entries[SHARED] = f"<sst {NAMES}><si><t>{shared}</t></si></sst>"
    return changed(entries)


def inline(text: str) -> str:
    return TEXT_CELL.format(text)


def relation(target: str) -> str:
    return f'<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="{target}"/></Relationships>'


def archive_of(entries: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
RELATIONS = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.xlsx", lambda: sheet(f"<row>{inline('a' * 30_000_000)}</row>"), "too large"),
        ("a.xlsx", lambda: sheet(f"<row>{inline('a' * 15_000_000)}</row>"), "more than 1\u00a0000\u00a0000"),
        ("a.xlsx", lambda: sheet("", before=ENTITIES), "document type"),
        ("a.xlsx", lambda: sheet("", before=f"<!--{' ' * 70_000}-->{ENTITIES}"), "document type"),
        ("a.xlsx", lambda: changed({SHEET: f"{ENTITIES}<worksheet/>".encode("utf-16")}), "document type"),
        ("a.xlsx", lambda: changed({SHARED: f"{ENTITIES}<sst/>"}), "document type"),
        ("a.xlsx", lambda: sheet("<row>" + "<a>" * 500_000 + "</a>" * 500_000 + "</row>"), "damaged"),
        ("a.xlsm", lambda: changed({"xl/vbaProject.bin": b"Sub Auto_Open()"}), "macros"),
        ("a.xlsx", lambda: changed({"xl/vbaProject.bin": b"Sub Auto_Open()"}), "macros"),
        ("a.xlsx", lambda: changed({"xl/macrosheets/sheet1.xml": "<xm/>"}), "macros"),
        ("a.csv", lambda: HTML, "inside it is HTML"),
        ("a.xlsx", lambda: HTML, "inside it is HTML"),
        ("a.xls", lambda: HTML, "inside it is HTML"),
        ("a.xlsx", TABLE.encode, "inside it is text"),
        ("a.csv", lambda: make_workbook(("Марка",), ("Лада",)), "inside it is Excel"),
        ("a.csv", lambda: bytes(range(256)) * 20, "cannot be read"),
        ("a.csv", lambda: TABLE.encode("utf-16-le"), "cannot be read"),
        ("a.csv", lambda: TABLE.encode("utf-32"), "cannot be read"),
        ("a.csv", lambda: TABLE.encode("utf-16") + b"x", "not in the encoding UTF-16"),
        ("a.csv", lambda: TABLE.encode() + b"\xd0;5\n", "Line 4 is not in the encoding UTF-8"),
        ("a.zip", lambda: archive_of({"a.csv": TABLE}), "neither XLSX nor CSV"),
        ("a.json", lambda: b'{"make": 1}', "neither XLSX nor CSV"),
        ("a.xlsx", lambda: changed({"../../etc/cron.d/x.xml": "<a/>"}), "leads out of its folder"),
        ("a.xlsx", lambda: changed({"C:\\x.xml": "<a/>"}), "leads out of its folder"),
        ("a.xlsx", lambda: changed({RELATIONS: relation("../../../etc/passwd")}), "no sheet"),
        ("a.xlsx", lambda: changed({RELATIONS: relation("http://example.com/a.xml")}), "no sheet"),
        ("a.xlsx", lambda: changed({}, without="xl/workbook.xml"), "damaged"),
        ("a.xlsx", lambda: make_workbook(("Марка",))[:-100], "damaged"),
        ("a.csv", f"Марка\n{'я' * 200_000}\n".encode, "Line 2 has a cell with more than"),
        ("a.csv", lambda: 'Марка\n"Лада;5\n'.encode() + b"Kia;6\n" * 30_000, "Is a quotation mark missing?"),
        ("a.csv", lambda: b"a;" * 2_000_000, "more than 1\u00a0000\u00a0000"),
        ("a.csv", lambda: b'a;"\n";' * 400_000, "more than 1\u00a0000\u00a0000"),
        ("a.xlsx", lambda: sheet(f"<row>{inline('я' * 200_000)}</row>"), "Line 2 has a cell with more than"),
        ("a.xlsx", lambda: sheet(f"<row><c><v>{'9' * 200_000}</v></c></row>"), "Line 2 has a cell"),
        ("a.xlsx", lambda: sheet("", shared="я" * 200_000), "too long"),
        (
            "a.xlsx",
            lambda: sheet(f"<row>{NAMED * 400}</row>" * 50, shared="a" * LONGEST_CELL),
            "more than 1\u00a0000",
        ),
        ("a.csv", lambda: ";".join(map(str, range(20_000))).encode(), "more than 500 columns"),
        ("a.xlsx", lambda: sheet(f"<row>{inline('x') * 20_000}</row>"), "more than 500 columns"),
        ("a.xlsx", lambda: sheet('<row><c r="XFD2"><v>1</v></c></row>'), "more than 500 columns"),
        ("a.xlsx", lambda: sheet('<row><c r="ZZZZZZZZ2"><v>1</v></c></row>'), "more than 500 columns"),
        ("a.xlsx", lambda: sheet('<row r="99999999"><c><v>1</v></c></row>'), "too many lines"),
        ("a.xlsx", lambda: sheet('<row><c t="s"><v>77</v></c></row>'), "names a text that is not there"),
        ("a.xlsx", lambda: sheet('<row><c t="s"><v>-1</v></c></row>'), "names a text that is not there"),
        ("a.xlsx", lambda: many_sheets(1_001), "too many sheets"),
    ],
)
def test_a_hostile_file_is_refused_in_both_languages(
    head: ApiClient, name: str, make: Callable[[], bytes], said: str
) -> None:
    content = make()
    english, russian = sent(head, content, name, "en"), sent(head, content, name, "ru")
    assert (english.status_code, russian.status_code) == (422, 422)
    assert said in english.json()["detail"]
    assert any("а" <= letter <= "я" for letter in russian.json()["detail"])
    assert head.get("imports").json()["items"] == []


def many_sheets(count: int) -> bytes:
    book = Workbook()
    for number in range(1, count):
        book.create_sheet(f"{number}")
    return saved(book)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("cp866", "cp866"),
    ],
)
def test_the_usual_encodings_are_read(head: ApiClient, encoding: str, named: str) -> None:
    run = sent(head, TABLE.encode(encoding), "cars.csv").json()
    assert run["source"]["encoding"] == named
    assert [column["field"] for column in run["columns"]] == ["make", "price"]
    assert run["columns"][0]["samples"] == ["Лада", "Москвич"]


def test_an_encoding_that_was_guessed_wrong_can_be_named(head: ApiClient) -> None:
    id = sent(head, TABLE.encode(), "cars.csv").json()["id"]
    for encoding in ("utf-16", "idna", "no such"):
        wrong = head.patch(f"imports/{id}", {"source": {"encoding": encoding, "delimiter": ";"}})
        assert wrong.json()["code"] in ("file_unreadable", "invalid")
    assert head.get(f"imports/{id}").json()["source"]["encoding"] == "utf-8"


def test_a_formula_counts_by_its_saved_result_and_without_one_rejects_its_line(head: ApiClient) -> None:
    counted = '<row><c t="str"><f>"La"&amp;"da"</f><v>Lada</v></c><c><f>2+3</f><v>5</v></c></row>'
    bare = f'<row>{inline("Kia")}<c><f>HYPERLINK("http://example.com")</f></c></row>'
    rows = finished(head, sheet(counted + bare), "cars.xlsx")
    assert [row["fate"] for row in rows] == ["created", "rejected"]
    assert rows[1]["reasons"][0]["code"] == "broken_cell"


def test_a_formula_without_a_result_is_none_even_where_a_text_looks_the_same(head: ApiClient) -> None:
    rows = finished(head, sheet(f"<row>{inline('=A9')}</row><row><c><f>A9</f></c></row>"), "cars.xlsx")
    assert [row["fate"] for row in rows] == ["created", "rejected"]


def test_what_looks_like_a_formula_is_text_and_runs_in_no_spreadsheet(head: ApiClient) -> None:
    [row] = finished(head, "Марка;Цена\n=cmd|' /C calc'!A0;дорого\n".encode(), "cars.csv")
    assert row["cells"][0] == "=cmd|' /C calc'!A0"
    [run] = head.get("imports").json()["items"]
    response: Any = head.get(f"imports/{run['id']}/errors.csv")
    assert ";'=cmd|' /C calc'!A0;" in ";" + response.getvalue().decode("utf-8-sig").splitlines()[1]


def test_the_name_of_a_file_becomes_harmless(head: ApiClient) -> None:
    assert sent(head, TABLE.encode(), "../..\\etc\\\u202efdp.csv").json()["file"] == "fdp.csv"


def test_a_fault_behind_what_is_looked_at_first_stops_the_import_with_its_line(head: ApiClient) -> None:
    content = TABLE.encode() + b"Kia;6\n" * 12_000 + b"Kia;\xff\xfe\n"
    id = sent(head, content, "cars.csv").json()["id"]
    head.post(f"imports/{id}/start")
    work(id)
    run = head.get(f"imports/{id}").json()
    assert run["state"] == "failed"
    assert run["counts"]["created"] == run["counts"]["created"] // 500 * 500 > 10_000
    assert "12004" in run["error"]


def finished(api: ApiClient, content: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a file after its import."""
    id = sent(api, content, name).json()["id"]
    api.post(f"imports/{id}/start")
    work(id)
    rows: list[dict[str, Any]] = api.get(f"imports/{id}/rows").json()["items"]
    return rows
