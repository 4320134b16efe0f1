"""Records that may mean the same are found by their keys, and nothing is told that may not be seen."""

from importlib import import_module

import pytest
from tests.factories.records import allow, allow_field, create, edit, make_actor, write

from trassa.access.queries import system_actor
from trassa.access.types import Scope, Verb
from trassa.records.actions.renewing import renew_search
from trassa.records.queries import find_duplicates, list_suspects
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.kinds.person_names import name_key
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")

#: The modules; the package has functions of such names.
DUPLICATES = import_module("trassa.records.queries.duplicates")
SUSPECTS = import_module("trassa.records.queries.suspects")
CAUSE = {"kind": "test"}


def spec(type: str):
    return current_generation().types[type]


def alike(type: str, actor=None, *, exclude=(), **values) -> list[int]:
    [found] = find_duplicates(actor or system_actor(), spec(type), [values], exclude=exclude)
    return [each.id for each in found]


def name_contacts_by_name() -> None:
    """Let similar names of contacts count."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("contact", "name", settings={"is_name": True})


def test_a_phone_is_the_same_however_it_was_written():
    first = create("contact", fields={"name": "Егоров", "phone": "8 (921) 555-01-42"})
    create("contact", fields={"name": "Орлов", "phone": "+7 921 000-00-00"})
    assert alike("contact", phone="+79215550142") == [first]


def test_similar_names_are_the_same_in_any_order_and_form():
    name_contacts_by_name()
    first = create("contact", fields={"name": "Петров Сергей Иванович"})
    create("contact", fields={"name": "Петров Алексей"})
    assert alike("contact", name="сергей иванович петров") == [first]
    assert alike("contact", name="ПЁТРОВ СЕРГЕЙ ИВАНОВИЧ") == [first]
    assert alike("contact", name="Петров") == []


def test_a_name_of_a_company_needs_no_legal_form():
    assert name_key("ООО «Ромашка»") == name_key("Ромашка, ООО") == name_key("ромашка")
    assert name_key("ИП") == ""


def test_who_agrees_in_more_comes_first():
    phone = create("contact", fields={"name": "А", "phone": "+79215550142"})
    both = create("contact", fields={"name": "Б", "phone": "+79215550142", "inn": "7707083893"})
    assert alike("contact", phone="+79215550142", inn="7707083893") == [both, phone]


def test_one_question_serves_many_rows(django_assert_max_num_queries):
    ids = [create("contact", fields={"name": "А", "phone": f"+7921555{n:04d}"}) for n in range(30)]
    rows = [{"phone": f"+7921555{n:04d}"} for n in range(30)]
    with django_assert_max_num_queries(3):
        found = find_duplicates(system_actor(), spec("contact"), rows)
    assert [[each.id for each in group] for group in found] == [[id] for id in ids]


def test_the_record_itself_and_records_in_the_bin_are_no_news():
    first = create("contact", fields={"name": "А", "phone": "+79215550142"})
    second = create("contact", fields={"name": "Б", "phone": "+79215550142"})
    assert alike("contact", phone="+79215550142", exclude=[first]) == [second]
    write(Write(Change.BIN, "contact", id=second))
    assert alike("contact", phone="+79215550142", exclude=[first]) == []


def test_a_record_out_of_reach_is_not_named():
    create("contact", fields={"name": "А", "phone": "+79215550142"})
    seller = make_actor(*allow("contact", scope=Scope.OWN))
    assert alike("contact", seller, phone="+79215550142") == []
    own = create("contact", actor=seller, fields={"name": "Б", "phone": "+79215550142"})
    assert alike("contact", seller, phone="+79215550142") == [own]


def test_a_masked_field_gives_no_hint():
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "second_phone", "phone", label=Label("Второй"), restricted=True)
    first = create("contact", fields={"name": "А", "second_phone": "+79215550142"})
    stranger = make_actor(*allow("contact", Verb.SEE))
    officer = make_actor(*allow("contact", Verb.SEE), *allow_field("contact", "second_phone"))
    assert alike("contact", stranger, phone="+79215550142", second_phone="+79215550142") == []
    assert alike("contact", officer, phone="+79215550142") == [first]
    create("contact", fields={"name": "Б", "second_phone": "+79215550142"})
    assert list_suspects(stranger, spec("contact"))[0] == []
    assert len(list_suspects(officer, spec("contact"))[0]) == 1


def suspects(actor=None, limit: int = SUSPECTS.PAGE) -> list[list[int]]:
    """The groups of all pages as ids."""
    groups, before = [], None
    while True:
        page, before = list_suspects(actor or system_actor(), spec("contact"), before=before, limit=limit)
        groups += [[each.id for each in group.records] for group in page]
        if before is None:
            return groups


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize("window", [1, 2, 3, 2000])
def test_suspects_are_listed_once_by_their_newest_record(
    limit: int, window: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(SUSPECTS, "WINDOW", window)
    a, b, c = (create("contact", fields={"name": "А", "phone": f"+7921555000{n}"}) for n in range(3))
    create("contact", fields={"name": "В", "phone": "+79210000000"})
    first, second, third = (
        create("contact", fields={"name": "Б", "phone": f"+7921555000{n}"}) for n in (1, 0, 1)
    )
    assert suspects(limit=limit) == [[third, first, b], [second, a]]
    assert c not in [id for group in suspects() for id in group]


def test_one_record_may_stand_in_two_groups():
    name_contacts_by_name()
    a = create("contact", fields={"name": "Петров Сергей", "phone": "+79215550001"})
    b = create("contact", fields={"name": "Орлов Иван", "phone": "+79215550002"})
    both = create("contact", fields={"name": "Сергей Петров", "phone": "+79215550002"})
    assert sorted(suspects(limit=1)) == [[both, a], [both, b]]


def test_places_between_pages_do_not_speak_of_records_out_of_reach(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SUSPECTS, "WINDOW", 1)
    monkeypatch.setattr(SUSPECTS, "WINDOWS", 1)
    seller = make_actor(*allow("contact", scope=Scope.OWN))
    own = [create("contact", actor=seller, fields={"name": "А"}) for _ in range(2)]
    for _ in range(2):
        create("contact", fields={"name": "Б", "phone": "+79215550142"})
    assert list_suspects(seller, spec("contact")) == ([], own[1])
    assert suspects(seller) == []


def test_a_key_of_very_many_records_costs_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(DUPLICATES, "MAX_SHARING", 3)
    ids = [create("contact", fields={"name": "А", "phone": "+79215550142"}) for _ in range(8)]
    assert alike("contact", phone="+79215550142") == ids[:3]


def test_old_records_get_keys_when_a_text_becomes_a_name():
    renew_search()
    first = create("contact", fields={"name": "Петров Сергей"})
    name_contacts_by_name()
    assert alike("contact", name="Сергей Петров") == []
    renew_search()
    assert alike("contact", name="Сергей Петров") == [first]


def test_a_changed_value_is_a_changed_key():
    first = create("contact", fields={"name": "А", "phone": "+79215550142"})
    edit("contact", first, phone="+79210000000")
    assert alike("contact", phone="+79215550142") == []
    assert alike("contact", phone="+79210000000") == [first]
