"""A table is read as people see it, whatever program wrote the file."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from trassa.imports.errors import FileUnreadable
from trassa.imports.rejections import protect
from trassa.imports.tables import read_table

TEXT = "Марка;Модель;Цена\nBMW;X5;4 000 000,50\n\nAudi;Q7\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "cars.csv"
    text = TEXT.replace("4 000 000,50", "4000000").replace(";", delimiter)
    path.write_text(text, encoding=encoding)
    table = read_table(path)
    assert table.header == ("Марка", "Модель", "Цена")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("BMW", "X5", "4000000")),
        (4, ("Audi", "Q7", "")),
    ]


def test_commas_inside_amounts_do_not_mislead(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_text(TEXT, encoding="utf-8")
    assert next(read_table(path).rows).cells == ("BMW", "X5", "4 000 000,50")


def test_a_quoted_cell_may_hold_lines_and_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_text('Марка,Заметка\nBMW,"раз, два\nтри"\nAudi,четыре\n', encoding="utf-8")
    assert [row.cells[1] for row in read_table(path).rows] == ["раз, два\nтри", "четыре"]


def test_a_sheet_gives_numbers_and_days_as_people_type_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Марка", "Год", "Цена", "Куплен", "Выезд", "Новый"])
    sheet.append(["BMW", 2022, 1234.5, date(2026, 3, 23), datetime(2026, 3, 23, 15, 30), True])
    path = tmp_path / "cars.xlsx"
    book.save(path)
    row = next(read_table(path).rows)
    assert row.cells == ("BMW", "2022", "1234.5", "2026-03-23", "2026-03-23 15:30:00", "true")
    assert row.line == 2


@pytest.mark.parametrize("name", ["cars.csv", "cars.xlsx"])
def test_what_is_no_table_says_what_to_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    with pytest.raises(FileUnreadable):
        read_table(path)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+2", "'=1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("+7 921 555-01-42", "+7 921 555-01-42"),
        ("-5,5", "-5,5"),
        ("BMW", "BMW"),
    ],
)
def test_cells_that_look_like_formulas_are_protected(cell: str, safe: str) -> None:
    assert protect(cell) == safe
