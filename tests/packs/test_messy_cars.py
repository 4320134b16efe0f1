"""The messy spreadsheet of the demo company: always the same, and as messy as it should be."""

import re
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook

from trassa.packs.auto.spreadsheets import (
    KNOWN,
    LINES,
    PHONE_WRITINGS,
    REPEATED,
    Meaning,
    messy_lines,
    vins,
    write_messy_cars,
)

VIN, PRICE, DAY, PHONE = 3, 6, 7, 8


def test_it_has_5_000_lines_and_is_always_the_same() -> None:
    assert messy_lines() == messy_lines()
    meant = Counter(line.meaning for line in messy_lines())
    assert (meant.total(), meant[Meaning.DUPLICATE]) == (LINES, KNOWN + REPEATED) == (5_000, 580)


def test_it_holds_every_kind_of_mess() -> None:
    cells = list(
        zip(*(islice(line.cells, 8) for line in messy_lines() if len(line.cells) > PHONE), strict=True)
    )
    assert any(re.search("[А-Я]", str(vin)) for vin in cells[VIN]), "letters that look like Latin ones"
    assert {type(day) for day in cells[DAY]} >= {str, int, date}
    assert any("₽" in str(price) for price in cells[PRICE])
    assert any("\u00a0" in str(price) for price in cells[PRICE])
    assert len(PHONE_WRITINGS) == len({writing("9215550142") for writing in PHONE_WRITINGS}) == 10
    assert set(vins()) & set(map(str, cells[VIN])), "cars of the demo company"


def test_its_headings_are_merged_and_lines_are_parted_by_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "cars.xlsx"
    write_messy_cars(path)
    sheet = load_workbook(path).active
    assert sheet is not None
    assert "I3:J3" in {str(each) for each in sheet.merged_cells.ranges}
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert sum(1 for row in rows if any(row)) == LINES
    assert sum(1 for row in rows if not any(row)) > 200
