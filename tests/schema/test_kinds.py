"""Every kind of field has every facet; values survive the way through JSON, forms and cells."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.people import make_department, make_person
from tests.factories.schema import field, insert_record, make_type

from trassa.access.queries import system_actor
from trassa.records.actions.write import write_records
from trassa.records.queries import list_records
from trassa.records.types import Change, ListQuery, Write
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.phone import _RUSSIAN, normalise_phone
from trassa.schema.kinds.settings import default_settings
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, FormControl, Label, LinkPeriod, Names, TypeSpec

pytestmark = pytest.mark.django_db

#: Kinds whose values lie in another room have tests there.
KINDS = [code for code, kind in field_kinds.items() if kind.storage != "elsewhere"]
#: For each kind: a JSON value, and how a spreadsheet writes the same one.
SAMPLES: dict[str, tuple[Any, str]] = {
    "text": ("Комиссионный договор", "  Комиссионный   договор "),
    "long_text": ("Первая строка\nВторая", "Первая строка\r\nВторая"),
    "number": ("180000", "180 000"),
    "money": ("1234.50", "1 234,50 ₽"),
    "percent": ("4.0000", "4 %"),
    "date": ("2026-03-23", "23.03.2026"),
    "datetime": ("2026-03-23T12:00:00Z", "23.03.2026 15:00"),
    "boolean": (True, "да"),
    "choice": ("red", "Red"),
    "multi_choice": (["red", "blue"], "Blue; red"),
    "person": (None, "Белова Анна"),
    "department": (None, "Отдел продаж"),
    "link": (None, "Cayenne"),
    "links": (None, "Cayenne"),
    "dated_link": (None, "Cayenne с 01.04.2026 по 30.04.2026"),
    "lookup": ("Cayenne", "Cayenne"),
    "phone": ("+79215550142", "8 (921) 555-01-42"),
    "email": ("anna@example.com", " Anna@Example.com"),
    "vin": ("WP1ZZZ9YZLDA12345", "wр1zzz9yzlda 12345"),
    "inn": ("7707083893", "ИНН 7707083893"),
    "address": ("190000, Санкт-Петербург, Невский пр., 1", " 190000,Санкт-Петербург ,  Невский пр., 1,"),
    "url": ("https://auto.example/cars?id=7", " Auto.example/cars?id=7"),
    "plate": ("А123ВС77", "a 123 bc 77 RUS"),
    "kpp": ("077070100", "77070100"),
    "ogrn": ("1027700132195", "ОГРН 1027700132195"),
    "auto_number": ("К-007", "К-007"),
}


class Finder:
    """Lookups of an import that knows one record."""

    def __init__(self, record: int, person: int, department: int) -> None:
        self.ids = {"Cayenne": record, "Белова Анна": person, "Отдел продаж": department}

    def find_person(self, text: str) -> int | None:
        return self.ids.get(text)

    def find_department(self, text: str) -> int | None:
        return self.ids.get(text)

    def find_record(self, type_id: int, text: str) -> int | None:
        return self.ids.get(text)


class World:
    """A type with a field of every kind, and a value for each."""

    def __init__(self) -> None:
        car = make_type("car", [field("name")])
        record = insert_record(car, title="Cayenne")
        person = make_person("belova", name="Белова Анна").id
        department = make_department("sales", name="Отдел продаж").id
        self.spec: TypeSpec = make_type("sample", [sample_field(kind) for kind in KINDS])
        self.finder = Finder(record, person, department)
        self.names = Names(
            records={record: "Cayenne"},
            people={person: "Белова Анна"},
            departments={department: "Отдел продаж"},
        )
        references = {"person": person, "department": department, "link": record, "links": [record]}
        references["dated_link"] = [{"id": record, "from": "2026-04-01", "to": "2026-04-30"}]
        self.json = {kind: references.get(kind, SAMPLES[kind][0]) for kind in KINDS}

    def at(self, code: str) -> tuple[FieldKind, FieldSpec, Any]:
        """The kind, its field and the parsed sample."""
        kind, spec = field_kinds.get(code), self.spec.by_code[f"a_{code}"]
        return kind, spec, kind.parse(self.json[code], spec)


def sample_field(kind: str) -> Any:
    details: dict[str, Any] = {}
    if field_kinds.get(kind).with_options:
        details["options"] = ["red", "blue", "green"]
    if field_kinds.get(kind).with_target:
        details["target"] = "car"
    if kind == "lookup":
        details["shows"] = "a_link.name"
    if kind == "auto_number":
        details["settings"] = {"prefix": "К-", "width": 3}
    return field(f"a_{kind}", kind, **details)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of this file; each test's own rows vanish with its savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_every_kind_has_a_sample() -> None:
    assert set(KINDS) == set(SAMPLES)


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_has_a_code_a_russian_label_and_an_icon(code: str) -> None:
    kind = field_kinds.get(code)
    with translation.override("ru"):
        russian = str(kind.label)
    with translation.override("en"):
        english = str(kind.label)
    assert kind.code == code
    assert kind.icon
    assert russian == "VIN" or russian != english
    assert inspect.getdoc(inspect.getmodule(type(kind)))


@pytest.mark.parametrize("code", KINDS)
def test_the_model_and_the_table_agree_on_the_column(code: str, world: World) -> None:
    kind, spec, _value = world.at(code)
    column = kind.column(spec)
    if not spec.has_column:
        assert column is None
        return
    assert isinstance(column, models.Field)
    made = world.spec.model._meta.get_field(spec.column)
    assert made.column == spec.column
    assert isinstance(made, type(column))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT atttypid = %s::regtype FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
            [kind.sql_type(spec), world.spec.table, spec.column],
        )
        assert cursor.fetchone()[0]


@pytest.mark.parametrize("code", KINDS)
def test_a_value_survives_json_form_and_table(code: str, world: World) -> None:
    kind, spec, value = world.at(code)
    assert value is not None
    assert kind.to_json(value, spec) == world.json[code]
    assert kind.parse(kind.to_json(value, spec), spec) == value
    assert kind.parse_form(kind.to_form(value, spec), spec) == value
    if spec.has_column:
        id = insert_record(world.spec, **{spec.code: value})
        stored = world.spec.model._default_manager.values_list(spec.column, flat=True).get(pk=id)
        assert stored == value


@pytest.mark.parametrize("code", KINDS)
def test_the_write_path_stores_a_value_and_changes_it(code: str, world: World) -> None:
    kind, spec, value = world.at(code)
    if kind.automatic or spec.storage == "linked":
        return
    given = {spec.code: kind.to_json(value, spec)}
    writes = [Write(Change.CREATE, "sample", fields=given), Write(Change.CREATE, "sample")]
    filled, empty = written(writes)
    [changed] = written([Write(Change.EDIT, "sample", id=empty, fields=given)])
    found = list_records(system_actor(), world.spec, ListQuery(), fields=[spec.code]).items
    stored = {each.id: kind.to_json(each.values[spec.code], spec) for each in found}
    assert stored == {filled: world.json[code], changed: world.json[code]}


def written(writes: Sequence[Write]) -> list[int]:
    """The ids of records after these writes."""
    outcomes = write_records(writes, actor=system_actor(), cause={"kind": "test"})
    return [outcome.id for outcome in outcomes if outcome.id is not None]


@pytest.mark.parametrize("code", KINDS)
def test_a_spreadsheet_writes_the_same_value_its_own_way(code: str, world: World) -> None:
    kind, spec, value = world.at(code)
    assert kind.parse_import(SAMPLES[code][1], spec, world.finder) == value
    assert kind.parse_import("  ", spec, world.finder) is None


@pytest.mark.parametrize("code", KINDS)
def test_nothing_is_nothing_everywhere(code: str, world: World) -> None:
    kind, spec, _value = world.at(code)
    assert kind.parse(None, spec) is None
    assert kind.parse("", spec) is None
    assert kind.cell(None, spec, world.names) == ""
    assert kind.to_form(None, spec) in ("", [])
    assert kind.to_json(None, spec) in (None, [])


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_describes_its_form_cell_and_schema(code: str, world: World) -> None:
    kind, spec, value = world.at(code)
    assert isinstance(kind.form(spec), FormControl)
    assert kind.cell(value, spec, world.names)
    schema = kind.json_schema(spec)
    assert "null" in schema["type"]
    assert isinstance(kind.warn(value, spec), str)
    assert isinstance(kind.words(value), str)
    assert bool(kind.words(value)) == kind.searchable
    assert bool(kind.keys(value, spec)) == kind.has_keys(spec)


@pytest.mark.parametrize("code", KINDS)
def test_every_filter_of_a_kind_runs_and_finds_the_value(code: str, world: World) -> None:
    kind, spec, value = world.at(code)
    id = insert_record(world.spec, **({spec.code: value} if spec.has_column else {}))
    if spec.has_links:
        with connection.cursor() as cursor:
            link = [value[0].id, "[,]"] if spec.has_periods else [value[0]]
            places = ", ".join(["%s"] * len(link))
            cursor.execute(f"INSERT INTO {spec.link_table} VALUES (%s, {places})", [id, *link])
    rows = world.spec.model._default_manager
    if not kind.filters:
        return
    for operation in kind.filters:
        raw = operand(kind, operation, world.json[code])
        condition = kind.filter(spec, operation, raw)
        assert isinstance(condition, Q)
        found = set(rows.filter(condition).values_list("id", flat=True))
        finding = ("eq", "gte", "lte", "in", "contains", "on", "ever", "month")
        assert (id in found) == (operation in finding), operation
    assert rows.filter(kind.filter(spec, "empty", "false")).filter(pk=id).exists()
    assert rows.filter(kind.filter(spec, "empty", False)).filter(pk=id).exists()


def operand(kind: FieldKind, operation: str, sample: Any) -> Any:
    if operation == "empty":
        return "true"
    if operation == "on":
        return f"{sample[0]['id']}@2026-04-15"
    if operation == "month":
        return sample[:7]
    if operation == "older":
        return "99999"
    if operation == "in":
        return sample if isinstance(sample, list) else [sample]
    return sample


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_refuses_what_it_does_not_know(code: str, world: World) -> None:
    kind, spec, _value = world.at(code)
    with pytest.raises(ValueRefused):
        kind.filter(spec, "resembles", "x")
    for raw in ({"a": 1}, b"bytes", object()):
        with pytest.raises(ValueRefused):
            kind.parse(raw, spec)


# The particulars of single kinds


def spec_of(code: str, **settings: Any) -> FieldSpec:
    known = default_settings(field_kinds.get(code).settings)
    return FieldSpec(1, 1, "x", code, Label("Поле"), Label(""), settings=known | settings)


def parse(code: str, raw: Any, **settings: Any) -> Any:
    return field_kinds.get(code).parse(raw, spec_of(code, **settings))


def refusal(code: str, raw: Any, **settings: Any) -> str:
    with pytest.raises(ValueRefused) as caught:
        parse(code, raw, **settings)
    assert str(caught.value)
    return caught.value.code


def test_text_is_trimmed_and_free_of_control_characters() -> None:
    assert parse("text", "  два   слова\u00a0тут ") == "два слова тут"
    assert parse("text", "   ") is None
    assert refusal("text", "a\x00b") == "control_characters"
    assert refusal("text", "a\x07b") == "control_characters"
    assert refusal("text", "\ud800") == "control_characters"
    assert refusal("text", "я" * 1001) == "too_long"
    assert refusal("text", 5) == "invalid_text"
    assert parse("long_text", "a\r\nb\tc") == "a\nb\tc"
    assert refusal("long_text", "я" * 100_001) == "too_long"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (1234.1, "1234.10"),
        ("1234.5", "1234.50"),
        (10**15, "1000000000000000.00"),
        (0.1, "0.10"),
        ("-5", "-5.00"),
        ("1e3", "1000.00"),
    ],
)
def test_money_from_json_is_exact(raw: Any, value: str) -> None:
    assert parse("money", raw) == Decimal(value)


def test_money_refuses_what_is_no_amount() -> None:
    assert refusal("money", "1.234") == "too_precise"
    assert refusal("money", 10**16) == "too_large"
    assert refusal("money", "1 234") == "invalid_number"
    assert refusal("money", True) == "invalid_number"
    assert refusal("money", float("nan")) == "invalid_number"
    assert refusal("money", float("inf")) == "invalid_number"
    assert refusal("money", "9" * 400) == "invalid_number"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50 ₽", "1234.50"),
        ("1\u00a0234,50 руб.", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1'234.50 $", "1234.50"),
        ("6150000", "6150000"),
        ("−12", "-12"),
        ("0.30000000000000004", "0.30"),
    ],
)
def test_money_from_a_spreadsheet(text: str, value: str) -> None:
    kind = field_kinds.get("money")
    assert kind.parse_import(text, spec_of("money")) == Decimal(value)


def test_a_number_has_as_many_places_as_its_settings_say() -> None:
    assert parse("number", "12") == Decimal(12)
    assert refusal("number", "12.5") == "too_precise"
    assert parse("number", "12.5", places=1) == Decimal("12.5")
    assert field_kinds.get("number").to_json(Decimal(12), spec_of("number", places=2)) == "12.00"


def test_amounts_are_written_as_people_write_them() -> None:
    names = Names()
    assert (
        field_kinds.get("money").cell(Decimal("6150000.00"), spec_of("money"), names)
        == "6\u00a0150\u00a0000\u00a0₽"
    )
    assert (
        field_kinds.get("money").cell(Decimal("1234.50"), spec_of("money"), names) == "1\u00a0234,50\u00a0₽"
    )
    assert field_kinds.get("percent").cell(Decimal("4.2500"), spec_of("percent"), names) == "4,25\u00a0%"
    assert (
        field_kinds.get("number").cell(Decimal(180000), spec_of("number", unit="км"), names)
        == "180\u00a0000\u00a0км"
    )


def test_dates_are_iso_in_json_and_russian_in_spreadsheets() -> None:
    kind, spec = field_kinds.get("date"), spec_of("date")
    assert parse("date", "2026-03-23") == date(2026, 3, 23)
    assert refusal("date", "23.03.2026") == "invalid_date"
    assert refusal("date", "2026-02-30") == "invalid_date"
    assert refusal("date", 20260323) == "invalid_date"
    for text in ("23.03.2026", "23.3.26", "23.03.2026 г.", "2026-03-23", "2026-03-23 00:00:00"):
        assert kind.parse_import(text, spec) == date(2026, 3, 23), text
    assert kind.parse_form("2026-03-23", spec) == date(2026, 3, 23)


def test_a_moment_without_an_offset_is_in_the_company_zone() -> None:
    moment = datetime(2026, 3, 23, 12, 0, tzinfo=UTC)
    for raw in (
        "2026-03-23T12:00:00Z",
        "2026-03-23T15:00:00+03:00",
        "2026-03-23T15:00",
        "2026-03-23 15:00:00",
    ):
        assert parse("datetime", raw) == moment, raw
    assert refusal("datetime", "2026-03-23T25:00:00Z") == "invalid_datetime"
    assert refusal("datetime", "0001-01-01T00:00:00+12:00") == "invalid_datetime"
    assert field_kinds.get("datetime").cell(moment, spec_of("datetime"), Names()) == "23.03.2026 15:00"


def test_a_filter_by_day_covers_the_whole_day_in_the_company_zone(world: World) -> None:
    kind, spec, _value = world.at("datetime")
    late = insert_record(world.spec, a_datetime=datetime(2026, 3, 23, 20, 59, tzinfo=UTC))
    next_day = insert_record(world.spec, a_datetime=datetime(2026, 3, 23, 21, 0, tzinfo=UTC))

    def found(operation: str) -> set[int]:
        condition = kind.filter(spec, operation, "2026-03-23")
        return set(world.spec.model._default_manager.filter(condition).values_list("id", flat=True))

    assert found("eq") == {late}
    assert found("lte") == {late}
    assert found("gt") == {next_day}
    assert found("gte") == {late, next_day}


@pytest.mark.parametrize(
    "text",
    [
        "8 (921) 555-01-42",
        "+7 921 555 01 42",
        "89215550142",
        "921 555-01-42",
        "+7(921)5550142",
        "7 921 5550142",
    ],
)
def test_a_phone_has_one_spelling(text: str) -> None:
    assert parse("phone", text) == "+79215550142"


@given(st.from_regex(_RUSSIAN, fullmatch=True))
def test_the_short_way_to_read_a_phone_gives_what_the_library_gives(text: str) -> None:
    number = phonenumbers.parse(text, "RU")
    assert phonenumbers.is_possible_number(number)
    library = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert normalise_phone(text) == library


def test_phones_of_other_countries_and_wrong_ones() -> None:
    assert parse("phone", "+375 29 123-45-67") == "+375291234567"
    assert parse("phone", 89215550142) == "+79215550142"
    assert refusal("phone", "12") == "invalid_phone"
    assert refusal("phone", "звоните вечером") == "invalid_phone"
    assert refusal("phone", "+7 921 555-01-42 доб. 12") == "phone_extension"
    assert field_kinds.get("phone").cell("+79215550142", spec_of("phone"), Names()) == "+7 921 555-01-42"


def test_a_vin_is_folded_and_checked() -> None:
    assert parse("vin", "wp1zzz9y zlda-12345") == "WP1ZZZ9YZLDA12345"
    assert parse("vin", "ХТА21099043576182") == "XTA21099043576182"
    assert refusal("vin", "WP1ZZZ9YZLDA1234") == "invalid_vin"
    assert refusal("vin", "WP1ZZZ9YZLDAI2345") == "invalid_vin"
    assert refusal("vin", "WP1ZZZ9YZLDAО2345") == "invalid_vin"


def test_a_wrong_check_digit_of_a_vin_only_warns() -> None:
    kind = field_kinds.get("vin")
    assert kind.warn("1M8GDM9AXKP042788", spec_of("vin")) == ""
    assert kind.warn("WP1ZZZ9YZLDA12345", spec_of("vin"))
    assert kind.keys("WP1ZZZ9YZLDA12345", spec_of("vin")) == ("WP1ZZZ9YZLDA12345",)


def test_an_inn_needs_right_check_digits() -> None:
    assert parse("inn", "7707083893") == "7707083893"
    assert parse("inn", "500100732259") == "500100732259"
    assert parse("inn", 7707083893) == "7707083893"
    assert refusal("inn", "7707083894") == "invalid_inn"
    assert refusal("inn", "77070838") == "invalid_inn"


def test_an_ogrn_needs_a_right_check_digit() -> None:
    assert parse("ogrn", "1027700132195") == "1027700132195"
    assert parse("ogrn", 1027700132195) == "1027700132195"
    assert parse("ogrn", "ОГРНИП 304500116000157") == "304500116000157"
    assert refusal("ogrn", "1027700132196") == "invalid_ogrn"
    assert refusal("ogrn", "304500116000158") == "invalid_ogrn"
    assert refusal("ogrn", "2027700132195") == "invalid_ogrn"
    assert refusal("ogrn", "7707083893") == "invalid_ogrn"


def test_an_entrepreneur_whose_remainder_has_two_digits_is_accepted() -> None:
    assert int("31650010000010") % 13 == 12
    assert parse("ogrn", "316500100000102") == "316500100000102"


def test_a_kpp_keeps_its_leading_zero() -> None:
    kind, spec = field_kinds.get("kpp"), spec_of("kpp")
    assert parse("kpp", "770701001") == "770701001"
    assert parse("kpp", "7707ab001") == "7707AB001"
    assert parse("kpp", 50101001) == "050101001"
    assert kind.parse_import("50101001.0", spec) == "050101001"
    with pytest.raises(ValueRefused):
        kind.parse_form("50101001", spec)
    assert refusal("kpp", "77070100") == "invalid_kpp"
    assert refusal("kpp", "7707А1001") == "invalid_kpp"


@pytest.mark.parametrize(
    ("text", "plate", "shown"),
    [
        ("a123bc77", "А123ВС77", "А 123 ВС 77"),
        ("А 123 ВС / 777 RUS", "А123ВС777", "А 123 ВС 777"),
        ("о001оо 98", "О001ОО98", "О 001 ОО 98"),
        ("А1О30С77", "А103ОС77", "А 103 ОС 77"),
        ("АВ 1234 77", "АВ123477", "АВ 1234 77"),
        ("1234 АВ 77", "1234АВ77", "1234 АВ 77"),
        ("ав 123 77", "АВ12377", "АВ 123 77"),
        ("АА 123 А 77", "АА123А77", "АА 123 А 77"),
        ("А 1234 77", "А123477", "А 1234 77"),
        ("1234 А 77", "1234А77", "1234 А 77"),
    ],
)
def test_a_plate_has_one_spelling(text: str, plate: str, shown: str) -> None:
    kind, spec = field_kinds.get("plate"), spec_of("plate")
    assert parse("plate", text) == plate
    assert kind.cell(plate, spec, Names()) == shown
    assert kind.parse_form(kind.to_form(plate, spec), spec) == plate
    assert kind.keys(plate, spec)[0].isascii()


def test_what_is_no_plate_is_refused() -> None:
    for text in ("А123ВС", "А000ВС77", "А123ВС00", "Б123ВГ77", "А123ВС7", "123456", "А1234ВС77"):
        assert refusal("plate", text) == "invalid_plate", text


def test_plates_of_other_countries_where_the_field_allows_them() -> None:
    assert refusal("plate", "7777 AB-7") == "invalid_plate"
    assert parse("plate", "7777 AB-7", foreign=True) == "7777AB7"
    assert parse("plate", "м 123 кх 77", foreign=True) == "М123КХ77"
    assert refusal("plate", "нет номера", foreign=True) == "invalid_plate"


def test_a_part_of_a_plate_is_found_in_either_alphabet(world: World) -> None:
    kind, spec, value = world.at("plate")
    id = insert_record(world.spec, a_plate=value)
    rows = world.spec.model._default_manager
    for part in ("123bc", "123 ВС"):
        assert rows.filter(kind.filter(spec, "contains", part)).filter(pk=id).exists()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("auto.ru", "https://auto.ru/"),
        ("HTTP://Auto.RU:80/Cars/?x=1#top", "http://auto.ru/Cars/?x=1#top"),
        ("https://auto.ru:443/a b".replace(" ", "%20"), "https://auto.ru/a%20b"),
        ("auto.ru:8443/x", "https://auto.ru:8443/x"),
        ("http://wiki/страница", "http://wiki/%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0"),
        ("авто.рф", "https://xn--80ae0bp.xn--p1ai/"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ('https://auto.ru/<b>"', "https://auto.ru/%3Cb%3E%22"),
    ],
)
def test_a_web_address_has_one_spelling(text: str, url: str) -> None:
    assert parse("url", text) == url
    assert parse("url", url) == url


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript://auto.ru/%0aalert(1)",
        "data:text/html,x",
        "mailto:anna@example.com",
        "ftp://auto.ru/",
        "//auto.ru/",
        "https://",
        "https:///auto.ru",
        "https://auto ru/",
        "https:\\\\auto.ru",
        "https://auto..ru/",
        "https://-auto.ru/",
        "https://auto.ru:99999/",
        "https://[::1/",
        "слово",
        "нет",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert refusal("url", text) == "invalid_url"


def test_a_web_address_carries_no_password() -> None:
    assert refusal("url", "https://anna:secret@auto.ru/") == "url_password"
    assert refusal("url", "https://auto.ru@evil.example/") == "url_password"


def test_a_cyrillic_host_is_shown_in_cyrillic_but_a_mixed_one_is_not() -> None:
    kind, spec = field_kinds.get("url"), spec_of("url")
    assert kind.cell(parse("url", "авто.рф/цены"), spec, Names()) == "https://авто.рф/цены"
    assert "xn--" in kind.cell(parse("url", "https://аuto.ru/"), spec, Names())
    assert parse("url", kind.cell(parse("url", "авто.рф/цены"), spec, Names())) == parse(
        "url", "авто.рф/цены"
    )


def test_two_addresses_of_one_page_have_the_same_key() -> None:
    def keys(address: str) -> tuple[str, ...]:
        return field_kinds.get("url").keys(address, spec_of("url"))

    assert keys("http://www.auto.ru/car/?utm_source=ya&id=7#photo") == keys("https://auto.ru/car?id=7")
    assert keys("https://auto.ru/car?id=7") != keys("https://auto.ru/car?id=8")


def dated(*periods: tuple[int, str | None, str | None]) -> list[dict[str, Any]]:
    return [{"id": id, "from": since, "to": until} for id, since, until in periods]


def test_periods_include_both_days_and_stand_in_order() -> None:
    kind, spec = field_kinds.get("dated_link"), spec_of("dated_link")
    written = dated((2, "2026-05-01", None), (1, None, "2026-04-30"))
    assert kind.to_json(kind.parse(written, spec), spec) == [written[1], written[0]]
    names = Names(records={1: "Егоров", 2: "Белова"})
    with translation.override("ru"):
        words = kind.cell(kind.parse(written, spec), spec, names)
    assert words == "Егоров по 30.04.2026; Белова с 01.05.2026"
    assert kind.parse([7], spec) == (LinkPeriod(7),)


@pytest.mark.parametrize(
    "periods",
    [
        [(1, "2026-04-01", "2026-04-30"), (2, "2026-04-30", None)],
        [(1, None, None), (2, "2026-04-30", None)],
        [(1, "2026-04-01", None), (1, "2026-05-01", "2026-05-02")],
    ],
)
def test_overlapping_periods_are_refused_and_named(periods: list[tuple[int, str | None, str | None]]) -> None:
    assert refusal("dated_link", dated(*periods)) == "overlap"


def test_periods_of_different_records_may_overlap_where_the_field_says_so() -> None:
    both = dated((1, "2026-04-01", None), (2, "2026-04-15", None))
    assert len(parse("dated_link", both, exclusive=False)) == 2
    assert (
        refusal("dated_link", dated((1, None, None), (1, "2026-04-15", None)), exclusive=False) == "overlap"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (dated((1, "2026-05-01", "2026-04-30")), "invalid_period"),
        (dated((1, "2026-02-30", None)), "invalid_date"),
        (dated((1, None, "9999-12-31")), "invalid_period"),
        ([{"id": 1, "until": "2026-01-01"}], "invalid_period"),
        ([{"from": "2026-01-01"}], "invalid_id"),
        ([0], "invalid_id"),
        ({"id": 1}, "invalid_list"),
    ],
)
def test_what_is_no_list_of_periods_is_refused(raw: Any, code: str) -> None:
    assert refusal("dated_link", raw) == code


def test_in_a_form_a_new_record_ends_the_open_period_before_it() -> None:
    kind, spec = field_kinds.get("dated_link"), spec_of("dated_link")
    typed = ["1|2026-04-01|", "2|2026-05-01|", "||"]
    ended = (LinkPeriod(1, date(2026, 4, 1), date(2026, 4, 30)), LinkPeriod(2, date(2026, 5, 1)))
    assert kind.parse_form(typed, spec) == ended
    assert len(kind.parse_form(typed, spec_of("dated_link", exclusive=False))) == 2
    with pytest.raises(ValueRefused):
        kind.parse_form(["1||", "2||"], spec)


def test_periods_are_read_from_a_spreadsheet(world: World) -> None:
    kind, spec, _value = world.at("dated_link")
    for text in ("Cayenne (с 1.4.26 по 30.04.2026)", "Cayenne from 2026-04-01 to 2026-04-30"):
        [period] = kind.parse_import(text, spec, world.finder)
        assert (period.since, period.until) == (date(2026, 4, 1), date(2026, 4, 30)), text
    [first, second] = kind.parse_import("Cayenne по 31.03.2026; Cayenne с 01.04.2026", spec, world.finder)
    assert (first.until, second.since) == (date(2026, 3, 31), date(2026, 4, 1))
    with pytest.raises(ValueRefused):
        kind.parse_import("Никто с 01.04.2026", spec, world.finder)


def test_an_address_gets_its_commas_right() -> None:
    assert parse("address", "190000,СПб , Невский,1") == "190000, СПб, Невский, 1"
    assert parse("address", " ,, ") is None
    assert refusal("address", "я" * 501) == "too_long"


def test_a_choice_is_a_code_in_json_and_a_label_in_a_spreadsheet(world: World) -> None:
    kind, spec, value = world.at("choice")
    assert kind.parse_import("RED", spec) == value
    with pytest.raises(ValueRefused) as caught:
        kind.parse("Red", spec)
    assert "red, blue, green" in str(caught.value)


def test_a_retired_option_is_read_but_not_chosen(world: World) -> None:
    kind, spec, value = world.at("choice")
    options = tuple(replace(option, retired=option.id == value) for option in spec.options)
    spec = replace(spec, options=options)
    assert kind.cell(value, spec, world.names) == "Red"
    assert kind.to_json(value, spec) == "red"
    with pytest.raises(ValueRefused):
        kind.parse("red", spec)


def test_a_person_is_an_id_or_a_login(world: World) -> None:
    kind, spec, value = world.at("person")
    assert kind.parse("belova", spec) == value
    assert kind.parse(str(value), spec) == value
    assert kind.parse_import("белова анна", spec) == value
    with pytest.raises(ValueRefused):
        kind.parse("nobody", spec)
    with pytest.raises(ValueRefused):
        kind.parse(-1, spec)
    with pytest.raises(ValueRefused):
        kind.parse(2**63, spec)


def test_a_department_is_an_id_a_code_or_a_name(world: World) -> None:
    kind, spec, value = world.at("department")
    assert kind.parse("sales", spec) == value
    assert kind.parse_import("отдел  продаж", spec) == value


def test_yes_and_no_in_many_words(world: World) -> None:
    kind, spec, _value = world.at("boolean")
    for word in ("да", "Yes", "1", "+", "ИСТИНА"):
        assert kind.parse_import(word, spec) is True
    for word in ("нет", "no", "0", "-", "ложь"):
        assert kind.parse_import(word, spec) is False
    assert kind.parse_form([], spec) is False
    with pytest.raises(ValueRefused):
        kind.parse_import("может быть", spec)


def test_an_untouched_flag_counts_as_no(world: World) -> None:
    kind, spec, _value = world.at("boolean")
    id = insert_record(world.spec)
    assert world.spec.model._default_manager.filter(kind.filter(spec, "eq", "false")).get(pk=id)


def test_an_auto_number_is_written_with_prefix_and_zeros() -> None:
    assert parse("auto_number", "К-00012", prefix="К-") == 12
    assert parse("auto_number", 12, prefix="К-") == 12
    assert refusal("auto_number", "сто", prefix="К-") == "invalid_number"
    spec = spec_of("auto_number", prefix="К-", width=4)
    assert field_kinds.get("auto_number").to_json(12, spec) == "К-0012"
