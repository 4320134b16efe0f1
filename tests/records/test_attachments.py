"""Files as values of fields and beside them: attached, renamed, taken away, found again."""

from datetime import timedelta
from typing import Any

import pytest
from tests.databases import Lay
from tests.factories.files import PDF, add_documents, make_picture, upload
from tests.factories.records import (
    CAUSE,
    allow,
    allow_field,
    create,
    edit,
    make_actor,
    make_garage,
    restart_numbers,
    write,
)

from trassa.access.queries import Actor, system_actor
from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound, TrassaError, frozen, now
from trassa.records.actions.contents import collect_files
from trassa.records.actions.write import write_records
from trassa.records.models import File
from trassa.records.queries import get_record, list_records, search
from trassa.records.queries.files import get_file, list_record_files
from trassa.records.types import Attached, Change, FileChange, Filter, ListQuery, StoredFile, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import Label, TypeSpec

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _cars(lay: Lay) -> None:
    lay(make_garage)
    lay(add_documents)


@pytest.fixture
def seller(_cars: None, db: None) -> Actor:
    """Somebody who may everything with cars but see the restricted files."""
    restart_numbers()
    return make_actor(*allow("car"))


def spec() -> TypeSpec:
    return current_generation().types["car"]


def documents(actor: Actor, id: int, code: str = "documents") -> list[dict[str, Any]]:
    """The files of a field as the API writes them."""
    field = spec().by_code[code]
    values = get_record(actor, spec(), id).values
    return list(field_kinds.get("files").to_json(values[code], field))


def names(actor: Actor, id: int, code: str = "documents") -> list[str]:
    return [each["name"] for each in documents(actor, id, code)]


def beside(actor: Actor, id: int) -> list[str]:
    return [file.name for file in list_record_files(actor, spec(), [id]) if file.field_id is None]


def change_beside(actor: Actor, id: int, *attach: Attached, detach: tuple[int, ...] = ()) -> None:
    write(Write(Change.EDIT, "car", id=id, files={"": FileChange(attach, detach)}), actor=actor)


def code_of(error: pytest.ExceptionInfo[TrassaError]) -> str:
    return error.value.errors[0].code


def found(actor: Actor, code: str, operation: str, value: Any) -> list[int]:
    page = list_records(actor, spec(), ListQuery(filters=[Filter(code, operation, value)]))
    return [record.id for record in page.items]


def test_uploads_become_the_value_of_a_field(seller: Actor) -> None:
    first, second = upload(seller, "ПТС.pdf"), upload(seller, "отчёт.pdf")
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [second.id, first.id]})
    assert names(seller, car) == ["отчёт.pdf", "ПТС.pdf"]
    assert get_file(seller, first.id).expires_at is None


def test_a_file_says_what_kind_of_document_it_is(seller: Actor) -> None:
    sent = upload(seller, "скан.pdf")
    car = create("car", fields={"make": "Lada"}, actor=seller)
    edit("car", car, actor=seller, documents=[{"id": sent.id, "kind": "passport", "name": "ПТС"}])
    [document] = documents(seller, car)
    assert document == {
        "id": sent.id,
        "name": "ПТС.pdf",
        "kind": "passport",
        "size": len(PDF),
        "type": "application/pdf",
    }
    edit("car", car, actor=seller, documents=[{"id": sent.id}])
    assert documents(seller, car) == [document]
    edit("car", car, actor=seller, documents=[{"id": sent.id, "kind": ""}])
    assert documents(seller, car)[0]["kind"] == ""


def test_what_was_read_can_be_written_back_unchanged(seller: Actor) -> None:
    car = create("car", fields={"make": "Lada", "documents": [upload(seller).id]}, actor=seller)
    version = get_record(seller, spec(), car).version
    assert edit("car", car, actor=seller, documents=documents(seller, car)) == version


def test_somebody_elses_upload_cannot_be_attached(seller: Actor) -> None:
    other = make_actor(*allow("car"))
    with pytest.raises(Invalid) as error:
        create("car", actor=other, fields={"make": "Lada", "documents": [upload(seller).id]})
    assert code_of(error) == "unknown_file"


def test_a_file_belongs_to_one_record(seller: Actor) -> None:
    sent = upload(seller)
    create("car", actor=seller, fields={"make": "Lada", "documents": [sent.id]})
    with pytest.raises(Invalid) as error:
        create("car", actor=seller, fields={"make": "УАЗ", "documents": [sent.id]})
    assert code_of(error) == "unknown_file"
    twice = upload(seller)
    writes = [Write(Change.CREATE, "car", fields={"make": "УАЗ", "documents": [twice.id]}) for _ in range(2)]
    outcomes = write_records(writes, actor=seller, cause=CAUSE, atomic=False)
    assert [outcome.error is None for outcome in outcomes] == [True, False]


def test_an_expired_upload_cannot_be_attached(seller: Actor) -> None:
    sent = upload(seller)
    with frozen(now() + timedelta(hours=25)), pytest.raises(Invalid) as error:
        create("car", actor=seller, fields={"make": "Lada", "documents": [sent.id]})
    assert code_of(error) == "unknown_file"


def test_an_attached_file_does_not_expire(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [upload(seller).id]})
    with frozen(now() + timedelta(days=100)):
        assert collect_files()[0] == 0
        assert names(seller, car) == ["паспорт.pdf"]


def test_a_field_takes_the_types_and_the_number_it_says(seller: Actor) -> None:
    picture, other = upload(seller, "a.png", make_picture()), upload(seller, "b.png", make_picture("PNG"))
    for value, code in (([upload(seller).id], "wrong_type"), ([picture.id, other.id], "too_many")):
        with pytest.raises(Invalid) as error:
            create("car", actor=seller, fields={"make": "Lada", "photo": value})
        assert code_of(error) == code
    car = create("car", actor=seller, fields={"make": "Lada", "photo": [picture.id]})
    assert names(seller, car, "photo") == ["a.png"]


def test_a_field_takes_files_up_to_its_own_limit(seller: Actor) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("car", "documents", settings={"max_megabytes": 1})
    large = upload(seller, "большой.txt", b"text " * 300_000)
    with pytest.raises(Invalid) as error:
        create("car", actor=seller, fields={"make": "Lada", "documents": [large.id]})
    assert code_of(error) == "too_large"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("words", "invalid_list"),
        (["31"], "invalid_id"),
        ([True], "invalid_id"),
        ([-1], "invalid_id"),
        ([2**70], "invalid_id"),
        ([{"name": "a"}], "invalid_id"),
        ([{"id": 1, "name": 5}], "invalid_name"),
        ([{"id": 1, "name": "a" * 2000}], "invalid_name"),
        ([{"id": 1, "kind": "absent"}], "unknown_option"),
        ([{"id": 1, "kind": 7}], "unknown_option"),
        ([2**40], "unknown_file"),
        (list(range(1, 300)), "too_many"),
    ],
)
def test_values_that_make_no_sense_are_refused(seller: Actor, value: Any, code: str) -> None:
    with pytest.raises(Invalid) as error:
        create("car", actor=seller, fields={"make": "Lada", "documents": value})
    assert code_of(error) == code


def test_a_required_field_of_files_must_be_filled(seller: Actor) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("car", "documents", required=True)
    with pytest.raises(Invalid) as error:
        create("car", actor=seller, fields={"make": "Lada"})
    assert code_of(error) == "required"
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [upload(seller).id]})
    edit("car", car, actor=seller, model="Niva")
    with pytest.raises(Invalid) as error:
        edit("car", car, actor=seller, documents=[])
    assert code_of(error) == "required"


def test_history_tells_names_before_and_after(seller: Actor) -> None:
    first = upload(seller, "a.pdf")
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [first.id]})
    edit("car", car, actor=seller, documents=[upload(seller, "b.pdf").id])
    entry = list_entries(Stream("record", car), limit=1)[0]
    before, after = entry.changes[spec().by_code["documents"].column]
    assert [each["name"] for each in before] == ["a.pdf"]  # type: ignore[union-attr, index, call-overload]
    assert [each["name"] for each in after] == ["b.pdf"]  # type: ignore[union-attr, index, call-overload]


def test_a_removed_file_is_gone_but_can_be_put_back(seller: Actor) -> None:
    sent = upload(seller)
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [sent.id]})
    edit("car", car, actor=seller, documents=[])
    assert documents(seller, car) == []
    with pytest.raises(NotFound):
        get_file(seller, sent.id)
    edit("car", car, actor=seller, documents=[sent.id])
    assert names(seller, car) == ["паспорт.pdf"]


def test_a_file_removed_long_ago_is_collected(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [upload(seller).id]})
    edit("car", car, actor=seller, documents=None)
    with frozen(now() + timedelta(days=29)):
        assert collect_files()[0] == 0
    with frozen(now() + timedelta(days=31)):
        assert collect_files()[0] == 1


def test_files_of_a_destroyed_field_are_collected(seller: Actor) -> None:
    create("car", actor=seller, fields={"make": "Lada", "documents": [upload(seller).id]})
    File.objects.update(field_id=2**40)
    assert collect_files()[0] == 1


def test_lists_find_records_with_and_without_files(seller: Actor) -> None:
    with_one = create(
        "car",
        actor=seller,
        fields={"make": "Lada", "documents": [{"id": upload(seller).id, "kind": "passport"}]},
    )
    without = create("car", actor=seller, fields={"make": "УАЗ"})
    assert found(seller, "documents", "empty", "false") == [with_one]
    assert found(seller, "documents", "empty", "true") == [without]
    assert found(seller, "documents", "has", "passport") == [with_one]
    assert found(seller, "documents", "has", "report") == []
    assert found(seller, "documents", "lacks", "report,passport") == [without]
    with pytest.raises(Invalid):
        found(seller, "documents", "has", "absent")
    edit("car", with_one, actor=seller, documents=[])
    assert found(seller, "documents", "empty", "false") == []


def test_files_of_a_masked_field_are_not_there(seller: Actor) -> None:
    trusted = make_actor(*allow("car"), *allow_field("car", "secret"))
    sent = upload(trusted, "проверка.pdf")
    car = create("car", actor=trusted, fields={"make": "Lada", "secret": [sent.id]})
    assert get_file(trusted, sent.id)
    with pytest.raises(NotFound):
        get_file(seller, sent.id)
    assert list_record_files(seller, spec(), [car]) == []
    assert "secret" not in get_record(seller, spec(), car).values
    assert search(trusted, "проверка")
    assert not search(seller, "проверка")
    with pytest.raises(Invalid) as error:
        edit("car", car, actor=seller, documents=[sent.id])
    assert code_of(error) == "unknown_file"


def test_files_hang_beside_the_fields_too(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    first, second = upload(seller, "a.pdf"), upload(seller, "b.pdf")
    change_beside(seller, car, Attached(first.id))
    change_beside(seller, car, Attached(second.id))
    assert beside(seller, car) == ["a.pdf", "b.pdf"]
    change_beside(seller, car, Attached(second.id, "Договор"), detach=(first.id,))
    assert beside(seller, car) == ["Договор.pdf"]
    change_beside(seller, car, Attached(first.id))
    assert beside(seller, car) == ["Договор.pdf", "a.pdf"]


def test_history_tells_what_came_and_went_beside_the_fields(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    first, second = upload(seller, "a.pdf"), upload(seller, "b.pdf")
    change_beside(seller, car, Attached(first.id), Attached(second.id))
    change_beside(seller, car, detach=(first.id,))
    removed, added = list_entries(Stream("record", car), limit=2)
    assert told(removed) == (["a.pdf"], [])
    assert told(added) == ([], ["a.pdf", "b.pdf"])


def told(entry: Any) -> tuple[list[str], list[str]]:
    before, after = entry.changes["attachments"]
    return [each["name"] for each in before], [each["name"] for each in after]


def test_only_who_may_edit_the_record_attaches_to_it(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    reader = make_actor(*[grant for grant in allow("car") if grant.verb == "see"])
    sent = upload(reader)
    with pytest.raises(Forbidden):
        change_beside(reader, car, Attached(sent.id))
    with pytest.raises(NotFound):
        change_beside(make_actor(), car, Attached(sent.id))


def test_a_file_moves_from_beside_into_a_field(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    sent = upload(seller)
    change_beside(seller, car, Attached(sent.id))
    edit("car", car, actor=seller, documents=[{"id": sent.id, "kind": "passport"}])
    assert names(seller, car) == ["паспорт.pdf"]
    assert beside(seller, car) == []


def test_a_file_of_another_record_cannot_be_taken(seller: Actor) -> None:
    first = create("car", actor=seller, fields={"make": "Lada"})
    second = create("car", actor=seller, fields={"make": "УАЗ"})
    sent = upload(seller)
    change_beside(seller, first, Attached(sent.id))
    with pytest.raises(Invalid):
        change_beside(seller, second, Attached(sent.id))
    with pytest.raises(Invalid):
        edit("car", second, actor=seller, documents=[sent.id])


def test_records_are_found_by_the_names_of_their_files(seller: Actor) -> None:
    car = create(
        "car", actor=seller, fields={"make": "Lada", "documents": [upload(seller, "Диагностика_1.pdf").id]}
    )
    change_beside(seller, car, Attached(upload(seller, "Протокол осмотра.pdf").id))
    assert hits(seller, "диагностика") == hits(seller, "протокол") == [car]
    edit("car", car, actor=seller, model="Niva")
    assert hits(seller, "диагностика") == hits(seller, "протокол") == [car]
    edit("car", car, actor=seller, documents=[])
    assert hits(seller, "диагностика") == []
    assert hits(seller, "протокол") == [car]


def hits(actor: Actor, text: str) -> list[int]:
    return [hit.id for hit in search(actor, text)]


def test_a_binned_record_keeps_its_files_for_those_who_may_restore_it(seller: Actor) -> None:
    sent = upload(seller)
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [sent.id]})
    reader = make_actor(*[grant for grant in allow("car") if grant.verb == "see"])
    assert get_file(reader, sent.id)
    write(Write(Change.BIN, "car", id=car))
    assert get_file(seller, sent.id)
    with pytest.raises(NotFound):
        get_file(reader, sent.id)
    write(Write(Change.RESTORE, "car", id=car))
    assert names(seller, car) == ["паспорт.pdf"]


def test_the_system_attaches_what_anybody_uploaded(seller: Actor) -> None:
    sent: StoredFile = upload(seller)
    car = create("car", actor=system_actor(), fields={"make": "Lada", "documents": [sent.id]})
    assert names(seller, car) == ["паспорт.pdf"]


def test_a_field_without_options_is_a_field_too(seller: Actor) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "scans", "files", label=Label("Сканы", "Scans"))
    contact = create("contact", fields={"name": "Белова Анна", "scans": [upload(seller).id]})
    assert contact


def test_reading_a_page_asks_once_for_all_files(seller: Actor, django_assert_num_queries: Any) -> None:
    for make in ("Lada", "УАЗ", "BMW"):
        create(
            "car",
            actor=seller,
            fields={
                "make": make,
                "documents": [upload(seller).id],
                "photo": [upload(seller, "a.png", make_picture()).id],
            },
        )
    list_records(seller, spec(), ListQuery())
    with django_assert_num_queries(4):
        page = list_records(seller, spec(), ListQuery())
    assert all(len(record.values["documents"]) == 1 for record in page.items)


def test_files_are_added_to_a_field_without_losing_others(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada", "documents": [upload(seller, "a.pdf").id]})
    added = FileChange([Attached(upload(seller, "b.pdf").id)])
    write(Write(Change.EDIT, "car", id=car, files={"documents": added}), actor=seller)
    assert names(seller, car) == ["a.pdf", "b.pdf"]


def test_the_one_file_of_a_field_is_replaced(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    for name in ("a.png", "b.png"):
        sent = upload(seller, name, make_picture())
        change = FileChange([Attached(sent.id)])
        write(Write(Change.EDIT, "car", id=car, files={"photo": change}), actor=seller)
    assert names(seller, car, "photo") == ["b.png"]


def test_files_of_unseen_fields_cannot_be_changed(seller: Actor) -> None:
    car = create("car", actor=seller, fields={"make": "Lada"})
    for code in ("secret", "absent", "make"):
        change = FileChange([Attached(upload(seller).id)])
        with pytest.raises(Invalid) as error:
            write(Write(Change.EDIT, "car", id=car, files={code: change}), actor=seller)
        assert code_of(error) == "unknown_field"
