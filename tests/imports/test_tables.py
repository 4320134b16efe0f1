"""A table is read as people see it, whatever program wrote the file."""

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from tests.factories.imports import make_workbook, saved

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets import (
    XLSX,
    Broken,
    Heading,
    Row,
    Sheet,
    clean_cell,
    find_header,
    join_headings,
    open_sheet,
    protect_cell,
    sheets_of,
)

TEXT = "Марка;Модель;Цена\nBMW;X5;4 000 000,50\n\nAudi;Q7\n"


def text_sheet(content: str | bytes, **given: str) -> Sheet:
    raw = content.encode() if isinstance(content, str) else content
    return open_sheet(io.BytesIO(raw), "text/csv", len(raw), **given)


def workbook_rows(content: bytes, name: str = "") -> list[Row]:
    return list(open_sheet(io.BytesIO(content), XLSX, len(content), name=name).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r", "cp866"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    text = TEXT.replace("4 000 000,50", "4000000").replace(";", delimiter) + "Продаётся без торга в Казани\n"
    rows = list(text_sheet(text.encode(encoding)).rows)
    assert [(row.line, row.cells) for row in rows[:3]] == [
        (1, ("Марка", "Модель", "Цена")),
        (2, ("BMW", "X5", "4000000")),
        (4, ("Audi", "Q7")),
    ]


def test_encoding_and_delimiter_may_be_given() -> None:
    raw = "Марка|Цена;без торга\n".encode("cp1251")
    assert next(text_sheet(raw, encoding="cp1251", delimiter="|").rows).cells == ("Марка", "Цена;без торга")


def test_commas_inside_amounts_do_not_mislead() -> None:
    rows = list(text_sheet(TEXT).rows)
    assert rows[1].cells == ("BMW", "X5", "4 000 000,50")


def test_a_quoted_cell_may_hold_lines_and_delimiters() -> None:
    rows = list(text_sheet('Марка,Заметка\nBMW,"раз, два\nтри"\nAudi,четыре\n').rows)
    assert [(row.line, row.cells[1]) for row in rows[1:]] == [(2, "раз, два\nтри"), (3, "четыре")]


def test_a_file_may_say_its_delimiter() -> None:
    assert [row.cells for row in text_sheet("sep=,\na,b;c\n").rows] == [("a", "b;c")]


def test_a_workbook_gives_numbers_and_days_as_people_type_them() -> None:
    content = make_workbook(
        [2022, 1234.5, date(2026, 3, 23), datetime(2026, 3, 23, 15, 30), time(9, 5), True, 0.1 + 0.2, 1e15]
    )
    assert workbook_rows(content)[0].cells == (
        "2022",
        "1234.5",
        "2026-03-23",
        "2026-03-23 15:30:00",
        "09:05:00",
        "true",
        "0.3",
        "1000000000000000",
    )


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("0%", "5%"),
        ("0.00%", "5%"),
        ('#,##0.00" ₽"', "0.05"),
        ("dd.mm.yyyy", "01:12:00"),
        ('[$-419]d mmmm yyyy" г.";@', "01:12:00"),
        ('"дом" 0', "0.05"),
        ("[Red]General", "0.05"),
        ("[h]:mm", "01:12:00"),
    ],
)
def test_number_formats_tell_days_and_percent(format: str, text: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 0.05
    sheet["A1"].number_format = format
    assert workbook_rows(saved(book))[0].cells == (text,)


def test_days_of_the_other_calendar_are_told() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = date(2026, 3, 23)
    assert workbook_rows(saved(book))[0].cells == ("2026-03-23",)


def test_empty_lines_and_columns_are_left_out_but_counted() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["B9"] = "Марка", "BMW"
    assert workbook_rows(saved(book)) == [Row(3, ("", "Марка")), Row(9, ("", "BMW"))]


def test_hidden_lines_are_marked() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = "BMW", "Audi"
    sheet.row_dimensions[2].hidden = True
    assert [row.hidden for row in workbook_rows(saved(book))] == [False, True]


def test_sheets_are_listed_and_the_first_visible_one_is_read() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.title, hidden.sheet_state, hidden["A1"] = "Черновик", "hidden", "нет"
    book.create_sheet("Склад")["A1"] = "да"
    content = saved(book)
    assert [(each.name, each.hidden) for each in sheets_of(io.BytesIO(content), XLSX)] == [
        ("Черновик", True),
        ("Склад", False),
    ]
    assert workbook_rows(content)[0].cells == ("да",)
    assert workbook_rows(content, "Черновик")[0].cells == ("нет",)
    with pytest.raises(FileUnreadable, match="Луна"):
        workbook_rows(content, "Луна")


def test_formulas_give_their_saved_results() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "=1+2", "#N/A"
    cells = workbook_rows(saved(book))[0].cells
    assert cells == ("=1+2", "#N/A"), "openpyxl saves no results"
    assert all(isinstance(cell, Broken) for cell in cells)


def test_a_merged_heading_counts_for_all_its_columns() -> None:
    rows = [Row(4, ("Марка", "Собственник", "", "Цена")), Row(5, ("", "Имя", "Телефон"))]
    assert join_headings(rows) == ("Марка", "Собственник Имя", "Собственник Телефон", "Цена")


@pytest.mark.parametrize(
    ("rows", "heading"),
    [
        ([("Марка", "Цена"), ("BMW", "5")], Heading(1)),
        ([("Склад на 1 марта",), ("Марка", "Цена"), ("BMW", "5")], Heading(2)),
        ([("Марка", "Владелец", ""), ("", "Имя", "Телефон"), ("BMW", "Пётр", "8")], Heading(1, 2)),
        # As many known as in one line, but the second line makes one of them more exact.
        ([("Марка", "Владелец", ""), ("", "Телефон", "ФИО"), ("BMW", "8", "Пётр")], Heading(1, 2)),
        ([("Марка", "Цена", ""), ("BMW", "5", "новая")], Heading(1)),
        ([("Отчёт",), ("раз", "два", "три"), ("1", "2", "3")], Heading(2)),
        ([("Марка",), ("Марка", "Цена"), ("BMW", "5")], Heading(2)),
    ],
)
def test_headings_are_found_below_titles_and_in_two_lines(
    rows: list[tuple[str, ...]], heading: Heading
) -> None:
    known = {"Марка", "Цена", "Владелец", "Владелец Имя", "Владелец Телефон"}
    found = find_header(
        [Row(number, cells) for number, cells in enumerate(rows, start=1)],
        lambda headings: len(known & set(headings)),
    )
    assert found == heading


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("  BMW\u00a0", "BMW"),
        ("\ufeffBMW\u200b", "BMW"),
        ("'=1+2", "=1+2"),
        ("'90", "'90"),
        ("O'Нил", "O'Нил"),
    ],
)
def test_cells_are_cleaned_of_what_programs_add(cell: str, clean: str) -> None:
    assert clean_cell(cell) == clean


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
    assert protect_cell(cell) == safe
