"""A spreadsheet of 5 000 cars as it comes out of an old program: made to try importing on the demo company.

Nothing about it is tidy: headings below a title and in merged cells, phones in ten formats, Cyrillic letters
in VINs, dates as text and as serial numbers, amounts with spaces and ₽, lines that repeat each other or mean
cars of the demo company, empty lines, and lines that are no cars at all. It is the same whenever it is made.
"""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

NAME = "cars-messy.xlsx"
#: Lines that say anything, below the headings.
LINES = 5_000
#: How many lines repeat another one, mean a car that is there, or are faulty; the others are new cars.
REPEATED, KNOWN, FAULTY = 380, 200, 320
#: So many lines are parted by an empty one.
EMPTY_EVERY = 23
_SEED = 19_111
_DEMO = Path(__file__).parent / "demo"
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_CYRILLIC = str.maketrans("ABEKMHPCTX", "АВЕКМНРСТХ")
_EXCEL_START = date(1899, 12, 30)
_MODELS = (
    ("Lada", "Vesta"),
    ("Lada", "Granta"),
    ("УАЗ", "Патриот"),
    ("Kia", "Rio"),
    ("Kia", "Sportage"),
    ("Hyundai", "Solaris"),
    ("Škoda", "Octavia"),
    ("Toyota", "Camry"),
    ("Renault", "Duster"),
    ("Volkswagen", "Polo"),
    ("Chery", "Tiggo 7 Pro"),
    ("Geely", "Monjaro"),
)
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")

#: A date stands for a cell with the format of a date.
Cell: TypeAlias = str | int | float | date


class Meaning(StrEnum):
    """What a line is meant to become when duplicates are skipped."""

    CREATED = "created"
    #: It means a car of an earlier line, or of the demo company.
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class MessyLine:
    """One line of the spreadsheet."""

    cells: Sequence[Cell]
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Car:
    """A car before it is written down carelessly."""

    vin: str
    make: str
    model: str
    year: int
    mileage: int
    keys: int
    price: int
    received_on: date
    #: Ten digits without the country's.
    phone: str
    owner: str


def write_messy_cars(path: Path) -> None:
    """Write the spreadsheet to this path."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Склад")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_string(0, 0, "ООО «Автоторг» — остатки и комиссия, выгрузка из старой программы", bold)
    for column, heading in enumerate(("Марка", "Модель", "Год", "VIN", "", "", "Цена, ₽", "На складе с")):
        if heading:
            sheet.merge_range(2, column, 3, column, heading, bold)
    sheet.merge_range(2, 10, 3, 10, "Примечание", bold)
    sheet.merge_range(2, 4, 2, 5, "Состояние", bold)
    sheet.merge_range(2, 8, 2, 9, "Собственник", bold)
    for column, heading in ((4, "Пробег, км"), (5, "Ключей"), (8, "Телефон"), (9, "ФИО")):
        sheet.write_string(3, column, heading, bold)
    number = 4
    for count, line in enumerate(messy_lines(), start=1):
        for column, cell in enumerate(line.cells):
            if isinstance(cell, date):
                sheet.write_number(number, column, (cell - _EXCEL_START).days, day)
            elif cell != "":
                sheet.write(number, column, cell)
        number += 2 if count % EMPTY_EVERY == 0 else 1
    book.close()


def messy_lines() -> list[MessyLine]:
    """All lines with something in them, in the order of the file."""
    chance = random.Random(_SEED)
    phones = owners()
    cars = [make_car(chance, phones) for _number in range(LINES - REPEATED - KNOWN - FAULTY)]
    known = [make_car(chance, phones, vin) for vin in chance.sample(vins(), KNOWN)]
    written = [*cars, *known, *chance.sample(cars, REPEATED)]
    chance.shuffle(written)
    lines, met = [], {car.vin for car in known}
    for car in written:
        meaning = Meaning.DUPLICATE if car.vin in met else Meaning.CREATED
        met.add(car.vin)
        lines.append(MessyLine(carelessly(car, chance), meaning))
    for number in range(FAULTY):
        fault = FAULTS[number % len(FAULTS)]
        cells = fault(list(carelessly(make_car(chance, phones), chance)))
        lines.insert(chance.randrange(len(lines)), MessyLine(cells, Meaning.REJECTED))
    return lines


def vins() -> list[str]:
    """The VINs of the cars of the demo company."""
    return [row["vin"] for row in demo_rows("car") if row["vin"]]


def owners() -> list[tuple[str, str]]:
    """Phones and names of those contacts of the demo company whose phone nobody else has."""
    rows = [row for row in demo_rows("contact") if row["phone"].startswith("+7")]
    known = [row[column] for row in demo_rows("contact") for column in ("phone", "phone_extra")]
    return [(row["phone"][2:], row["name"]) for row in rows if known.count(row["phone"]) == 1]


def demo_rows(type: str) -> Iterator[dict[str, str]]:
    with (_DEMO / f"{type}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def make_car(chance: random.Random, phones: Sequence[tuple[str, str]], vin: str = "") -> Car:
    make, model = chance.choice(_MODELS)
    phone, owner = chance.choice(phones) if chance.random() < 0.6 else ("", "")
    return Car(
        vin=vin or "X9F" + "".join(chance.choices(_LETTERS, k=14)),
        make=make,
        model=model,
        year=chance.randint(2008, 2025),
        mileage=chance.randint(1, 240) * 1_000,
        keys=chance.randint(1, 3),
        price=chance.randint(30, 900) * 10_000,
        received_on=date(2023, 1, 9) + timedelta(days=chance.randint(0, 900)),
        phone=phone,
        owner=owner,
    )


def carelessly(car: Car, chance: random.Random) -> list[Cell]:
    """A car as somebody in a hurry types it."""
    return [
        chance.choice((car.make, car.make.upper(), f" {car.make} ")),
        chance.choice((car.model, f"{car.model}\u00a0")),
        car.year,
        chance.choice(VIN_WRITINGS)(car.vin),
        chance.choice((car.mileage, f"{car.mileage:,}".replace(",", " "), f"{car.mileage} км")),
        chance.choice((car.keys, str(car.keys), "-", "")),
        chance.choice(PRICE_WRITINGS)(car.price),
        chance.choice(DATE_WRITINGS)(car.received_on),
        chance.choice(PHONE_WRITINGS)(car.phone) if car.phone else chance.choice(("", "н/д", "—")),
        car.owner,
        chance.choice(("", "", "", "смотреть после 18:00", "битая фара", "торг!!!")),
    ]


def spaced(price: int, space: str = " ") -> str:
    return f"{price:,}".replace(",", space)


VIN_WRITINGS: Sequence[Callable[[str], str]] = (
    str,
    str.lower,
    lambda vin: vin.translate(_CYRILLIC),
    lambda vin: vin[:5].translate(_CYRILLIC) + vin[5:],
    lambda vin: f" {vin[:3]} {vin[3:9]} {vin[9:]}",
    lambda vin: f"{vin[:9]}-{vin[9:]}",
    lambda vin: vin.replace("0", "O"),
)
PRICE_WRITINGS: Sequence[Callable[[int], Cell]] = (
    int,
    str,
    spaced,
    lambda price: f"{spaced(price)} ₽",
    lambda price: f"{spaced(price, chr(0xA0))} руб.",
    lambda price: f"{spaced(price)},00",
    lambda price: f"{price}.00",
    lambda price: f"{spaced(price)} р.",
)
DATE_WRITINGS: Sequence[Callable[[date], Cell]] = (
    lambda day: day,
    lambda day: (day - _EXCEL_START).days,
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%d.%m.%y}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year} г.",
)
PHONE_WRITINGS: Sequence[Callable[[str], Cell]] = (
    lambda digits: f"+7{digits}",
    lambda digits: f"8{digits}",
    lambda digits: int(f"7{digits}"),
    int,
    lambda digits: f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}",
    lambda digits: f"8 ({digits[:3]}) {digits[3:6]} {digits[6:8]} {digits[8:]}",
    lambda digits: f"+7({digits[:3]}){digits[3:6]}-{digits[6:]}",
    lambda digits: f"8-{digits[:3]}-{digits[3:6]}-{digits[6:8]}-{digits[8:]}",
    lambda digits: f"моб. 8 {digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}",
    lambda digits: f"7.{digits[:3]}.{digits[3:6]}.{digits[6:8]}.{digits[8:]}",
)


def replaced(column: int, text: str) -> Callable[[list[Cell]], list[Cell]]:
    """A fault in one cell."""

    def spoil(cells: list[Cell]) -> list[Cell]:
        cells[column] = text
        return cells

    return spoil


#: What no program can guess, and what is no car at all.
FAULTS: Sequence[Callable[[list[Cell]], list[Cell]]] = (
    replaced(0, ""),
    replaced(3, "нет, см. ПТС"),
    replaced(3, "X9F123"),
    replaced(4, "большой"),
    replaced(6, "договорная"),
    replaced(6, "#Н/Д"),
    replaced(7, "весной"),
    replaced(7, "31.02.2024"),
    replaced(8, "+7 900 000-00-00"),
    replaced(8, "спросить у Марины"),
    lambda _cells: ["Итого по странице:", "", "", "", "", "", 48_310_000],
    lambda _cells: ["", "", "", "— продолжение на обороте —"],
    lambda _cells: ["Марка", "Модель", "Год", "VIN", "Пробег, км", "Ключей", "Цена, ₽", "На складе с"],
    lambda _cells: ["* проверено 12.03, Петрович"],
)
