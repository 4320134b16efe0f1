"""A spreadsheet becomes records; what cannot comes back with its reasons and can be imported again."""

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.factories.people import make_department, make_person

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.imports.actions import import_file
from trassa.imports.errors import FileUnreadable
from trassa.kernel import NotFound
from trassa.records.actions.write import write_records
from trassa.records.queries import list_records
from trassa.records.types import Change, ListQuery, Record, Write
from trassa.schema.queries import current_generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("garage")]


def write_csv(folder: Path, text: str, name: str = "cars.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def records(type: str = "car") -> list[Record]:
    spec = current_generation().types[type]
    return sorted(list_records(system_actor(), spec, ListQuery()).items, key=lambda record: record.id)


def rejected_lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_columns_are_matched_by_label_in_both_languages_and_by_code(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "МАРКА;model;Price;пробег;Статус\nBMW;X5;4 000 000 ₽;41 200;свободен\n")
    result = import_file(path, "car", actor=system_actor())
    assert (result.created, result.rejected, result.rejected_file) == (1, 0, None)
    (car,) = records()
    values = {code: str(car.values[code]) for code in ("make", "model", "price", "mileage")}
    assert values == {"make": "BMW", "model": "X5", "price": "4000000.00", "mileage": "41200"}


def test_a_sheet_of_excel_is_imported_too(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Марка", "VIN", "Цена"])
    sheet.append(["Kia", "XWEPH81BBP0001234", 3_400_000])
    book.save(tmp_path / "cars.xlsx")
    result = import_file(tmp_path / "cars.xlsx", "car", actor=system_actor())
    assert result.created == 1
    assert records()[0].values["vin"] == "XWEPH81BBP0001234"


def test_the_first_words_of_a_label_are_enough_when_they_fit_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "Марка;Owner of;Price\nBMW;;5\n")
    assert import_file(path, "car", actor=system_actor()).unknown_columns == ()


def test_unknown_columns_are_reported(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "Марка;Погода;Марка\nBMW;дождь;Audi\n")
    assert import_file(path, "car", actor=system_actor()).unknown_columns == ("Погода", "Марка")
    assert records()[0].title == "BMW"


def test_rejected_lines_come_back_with_every_reason(tmp_path: Path) -> None:
    lines = "Марка;VIN;Цена;Статус\nBMW;WBAJU81020CB12345;1;Свободен\n;123;дорого;Угнан\nAudi;;5;\n"
    result = import_file(write_csv(tmp_path, lines), "car", actor=system_actor())
    assert (result.created, result.rejected) == (2, 1)
    assert result.rejected_file == tmp_path / "cars.rejected.csv"
    (line,) = rejected_lines(result.rejected_file)
    assert (line["VIN"], line["Цена"]) == ("123", "дорого")
    reason = line["Why it was rejected"]
    assert all(label in reason for label in ("VIN:", "Price:", "Status:"))


def test_corrected_lines_can_be_imported_again(tmp_path: Path) -> None:
    import_file(write_csv(tmp_path, "Марка;Цена\n=1+2;дорого\n"), "car", actor=system_actor())
    path = tmp_path / "cars.rejected.csv"
    assert rejected_lines(path)[0]["Марка"] == "'=1+2"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("дорого", "5"), encoding="utf-8-sig")
    result = import_file(path, "car", actor=system_actor())
    assert (result.created, result.unknown_columns) == (1, ())
    assert records()[0].title == "=1+2"


def test_the_same_vin_twice_is_rejected_once(tmp_path: Path) -> None:
    lines = "Марка;VIN\nBMW;WBAJU81020CB12345\nBMW;WBAJU81020CB12345\n"
    result = import_file(write_csv(tmp_path, lines), "car", actor=system_actor())
    assert (result.created, result.rejected) == (1, 1)


def test_links_people_and_owners_are_found_by_name_number_and_key(tmp_path: Path) -> None:
    anna = make_person("anna", name="Белова Анна")
    people = [{"name": "Егоров Пётр"}, {"name": "Лаптева Вера", "phone": "+79215550142"}]
    writes = [Write(Change.CREATE, "client", fields=fields) for fields in people]
    pyotr, vera = [each.id for each in write_records(writes, actor=system_actor(), cause={})]
    lines = (
        "Марка;Собственник;Продавец;Ответственный\n"
        "BMW;Егоров Пётр;белова анна;anna\nAudi;8 (921) 555-01-42;anna;\nKia;К-00001;;\nLada;Никто;;\n"
    )
    result = import_file(write_csv(tmp_path, lines), "car", actor=system_actor())
    assert (result.created, result.rejected) == (3, 1)
    assert [car.values["client"] for car in records()] == [pyotr, vera, pyotr]
    assert (records()[0].values["seller"], records()[0].owner_id) == (anna.id, anna.id)


def test_a_name_that_fits_two_records_fits_none(tmp_path: Path) -> None:
    writes = [Write(Change.CREATE, "client", fields={"name": "Егоров Пётр"}) for _index in range(2)]
    write_records(writes, actor=system_actor(), cause={})
    result = import_file(
        write_csv(tmp_path, "Марка;Собственник\nBMW;Егоров Пётр\n"), "car", actor=system_actor()
    )
    assert result.rejected == 1


def test_pipeline_and_stage_are_named_by_label(tmp_path: Path) -> None:
    lines = "Марка;Цена;Воронка;Стадия\nBMW;5;Ремонт;Готов\nAudi;;Ремонт;Готов\nKia;1;Ремонт;Луна\n"
    result = import_file(write_csv(tmp_path, lines), "car", actor=system_actor())
    assert (result.created, result.rejected) == (1, 2)
    assert records()[0].stage_id == current_generation().pipelines["repair"].get_stage("done").id


def test_rights_hold_for_imports(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "Марка;Секрет\nBMW;клад\n")
    person = make_person(department=make_department())
    nobody = import_file(path, "car", actor=actor_of(person))
    assert (nobody.created, nobody.rejected, nobody.unknown_columns) == (0, 1, ("Секрет",))
    owner = Actor(id=person.id, name=person.name, everything=True)
    assert import_file(path, "car", actor=owner).created == 1
    assert records()[0].owner_id == person.id


def test_large_files_go_in_batches_and_report_progress(tmp_path: Path) -> None:
    lines = "Марка;Цена\n" + "".join(f"BMW {index};{index}\n" for index in range(1_200))
    seen: list[int] = []
    result = import_file(write_csv(tmp_path, lines), "car", actor=system_actor(), progress=seen.append)
    assert result.created == 1_200
    assert seen == [500, 1_000, 1_200]


def test_a_file_without_a_known_column_names_the_fields(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="Make, Model, VIN"):
        import_file(write_csv(tmp_path, "Погода;Луна\nдождь;полная\n"), "car", actor=system_actor())


def test_an_unknown_type_names_the_types(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="car, client"):
        import_file(write_csv(tmp_path, "Марка\nBMW\n"), "ship", actor=system_actor())
