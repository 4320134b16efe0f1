"""Cells as people leave them in spreadsheets: what is clear is understood, what is not is refused."""

from typing import Any

import pytest

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.settings import default_settings
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Label, OptionSpec


def field_of(kind: str, label: str = "Поле", **settings: Any) -> FieldSpec:
    options = (
        OptionSpec(1, "free", Label("Свободен", "Free")),
        OptionSpec(2, "sold", Label("Продан", "Sold")),
        OptionSpec(3, "black", Label("Чёрный", "Black")),
    )
    settings = {**default_settings(field_kinds.get(kind).settings), **settings}
    return FieldSpec(1, 1, "value", kind, Label(label), Label(""), settings=settings, options=options)


def understood(kind: str, text: str, **given: Any) -> Any:
    field = field_of(kind, **given)
    return field_kinds.get(kind).to_json(field_kinds.get(kind).parse_import(text, field), field)


def refused(kind: str, text: str, **given: Any) -> ValueRefused:
    with pytest.raises(ValueRefused) as caught:
        understood(kind, text, **given)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "+7 921 555-01-42",
        "8 (921) 555-01-42",
        "89215550142",
        "79215550142",
        "9215550142",
        "8.921.555.01.42",
        "8-921-555–01–42",
        "89215550142.0",
        "моб. 8 921 555 01 42",
        "тел.: +7(921)5550142, Анна",
        "8 921 555 01 42 WhatsApp",
        "+7\u00a0921\u00a0555\u00a001\u00a042",
        "８９２１５５５０１４２",
    ],
)
def test_phones_are_written_in_many_ways(text: str) -> None:
    assert understood("phone", text) == "+79215550142"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8 921 555-01-42, 8 911 555-01-42", "several_phones"),
        ("89215550142 / 89115550142", "several_phones"),
        ("8 921 555-01-42 доб. 12", "phone_extension"),
        ("555-01-42", "invalid_phone"),
        ("нет телефона", "invalid_phone"),
        ("8,92156E+10", "invalid_phone"),
    ],
)
def test_what_is_no_single_phone_is_refused(text: str, code: str) -> None:
    assert refused("phone", text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "WBAJU81020CB12345",
        "wbaju81020cb12345",
        "WBA JU8-1020 CB12345",
        "WВАJU81020СВ12345",
        "WBAJU81О2OСB1234 5",
    ],
)
def test_a_vin_is_folded_to_its_one_spelling(text: str) -> None:
    assert understood("vin", text) == "WBAJU81020CB12345"


@pytest.mark.parametrize("text", ["WBAJU81020CB1234", "WBAJU81020CB1234Q", "WBAJU81020CB1234Щ", "нет"])
def test_what_is_no_vin_is_refused(text: str) -> None:
    assert refused("vin", text).code == "invalid_vin"


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-12",
        "2024-03-12 00:00:00",
        "12.03.2024",
        "12.03.24",
        "12/03/2024",
        "12-03-2024",
        "2024.03.12",
        "2024/3/12",
        "12 марта 2024",
        "12 Марта 2024 г.",
        "12 мар. 2024 года",
        "12-мар-2024",
        "12 Mar 2024",
        "March 12, 2024",
        "45363",
        "12.03.2024 г.",
    ],
)
def test_days_are_written_in_many_ways(text: str) -> None:
    assert understood("date", text) == "2024-03-12"


@pytest.mark.parametrize("text", ["31.02.2024", "12 мартабря", "12.2024", "вчера", "2024", "12 зет 2024"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert refused("date", text).code == "invalid_date"


def test_short_years_are_those_that_spreadsheets_take_them_for() -> None:
    assert understood("date", "12.03.68") == "2068-03-12"
    assert understood("date", "12.03.75") == "1975-03-12"


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-12 15:00:00",
        "2024-03-12T15:00",
        "12.03.2024 15:00",
        "12.03.24, 15:00",
        "12 марта 2024 г. 15:00",
        "12 марта 2024 в 15:00",
        "45363.625",
        "45363,625",
    ],
)
def test_moments_are_written_in_many_ways(text: str) -> None:
    assert understood("datetime", text) == "2024-03-12T12:00:00Z"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4000000", "4000000.00"),
        ("4 000 000 ₽", "4000000.00"),
        ("4\u00a0000\u00a0000,50 руб.", "4000000.50"),
        ("4,000,000.50", "4000000.50"),
        ("4.000.000", "4000000.00"),
        ("4'000'000 р.", "4000000.00"),
        ("3,5 млн", "3500000.00"),
        ("250 тыс. руб.", "250000.00"),
        ("1e6", "1000000.00"),
        ("−15", "-15.00"),
    ],
)
def test_amounts_are_written_in_many_ways(text: str, amount: str) -> None:
    assert understood("money", text) == amount


@pytest.mark.parametrize("text", ["дорого", "около 5", "5-6 млн", "1,234", "12 34 коп", "NaN", "1e99", "--5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert refused("money", text).code in ("invalid_number", "too_precise", "too_large")


@pytest.mark.parametrize(
    ("label", "text", "value"),
    [
        ("Пробег, км", "41 200 км", "41200"),
        ("Пробег, км", "41200км.", "41200"),
        ("Пробег, км", "41 тыс. км", "41000"),
        ("Мощность, л. с.", "249 л.с.", "249"),
        ("Год", "2022", "2022"),
    ],
)
def test_numbers_may_carry_the_unit_of_their_field(label: str, text: str, value: str) -> None:
    assert understood("number", text, label=label) == value


def test_another_unit_is_refused() -> None:
    assert refused("number", "41 200 миль", label="Пробег, км").code == "invalid_number"


@pytest.mark.parametrize(("text", "value"), [("5%", "5.0000"), ("5,5 %", "5.5000"), ("0.05", "0.0500")])
def test_percent_is_taken_as_it_stands(text: str, value: str) -> None:
    assert understood("percent", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("Да", True), ("да.", True), ("Имеется", True), ("+", True), ("НЕТ", False), ("—", False), ("0", False)],
)
def test_yes_and_no_have_many_words(text: str, value: bool) -> None:
    assert understood("boolean", text) is value


def test_a_choice_is_found_by_label_and_code_whatever_the_case() -> None:
    assert [understood("choice", text) for text in ("свободен", "FREE", "Черный", " sold ")] == [
        "free",
        "free",
        "black",
        "sold",
    ]


def test_a_misspelt_choice_is_not_guessed_but_suggested() -> None:
    assert "Свободен" in str(refused("choice", "Свабоден").message)
    assert "Продан" in str(refused("choice", "зелёный").message), "all of them, when none is near"


@pytest.mark.parametrize(
    "text", ["anna@example.com", "Anna@Example.COM;", "Анна <anna@example.com>", "mailto:anna@example.com"]
)
def test_addresses_come_with_what_mail_programs_add(text: str) -> None:
    assert understood("email", text) == "anna@example.com"


def test_an_inn_gets_back_the_zero_that_a_spreadsheet_dropped() -> None:
    assert understood("inn", "0274062111") == "0274062111"
    assert understood("inn", "274062111") == "0274062111"
    assert refused("inn", "274062112").code == "invalid_inn"
