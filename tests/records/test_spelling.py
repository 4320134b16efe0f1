"""Search puts misspelt words and a wrong keyboard layout right, and gives nothing away by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.records import allow, create, edit, make_actor, write

from trassa.access.queries import system_actor
from trassa.access.types import Scope
from trassa.kernel import switch_layout
from trassa.records.actions.words import forget_words, learn_words
from trassa.records.models import FreshText, SearchWord
from trassa.records.queries import find_hits
from trassa.records.queries.spelling import slips_between
from trassa.records.types import Change, Write

WORDS = st.text(alphabet="абв", max_size=6)


def found(text: str, actor=None) -> tuple[list[int], str]:
    findings = find_hits(actor or system_actor(), text)
    return [hit.id for hit in findings.hits], findings.instead


@pytest.mark.usefixtures("garage")
class TestFinding:
    @pytest.mark.parametrize("text", ["Егроов", "егорв", "игоров", "Еггоров", "егооров"])
    def test_a_slip_of_the_finger_finds_what_was_meant(self, text: str):
        contact = create("contact", fields={"name": "Егоров Пётр"})
        learn_words()
        assert found(text) == ([contact], "егоров")

    def test_long_words_may_have_two_slips_and_short_ones_none(self):
        contact = create("contact", fields={"name": "Константинопольский Лев"})
        learn_words()
        assert found("констонтинопольскй") == ([contact], "константинопольский")
        assert found("лед") == ([], "")

    def test_only_the_misspelt_one_of_several_words_is_put_right(self):
        create("contact", fields={"name": "Егорова Анна"})
        contact = create("contact", fields={"name": "Егоров Пётр"})
        learn_words()
        assert found("Егроов Пётр") == ([contact], "егоров пётр")

    def test_what_is_found_as_it_was_typed_is_not_corrected(self):
        first = create("contact", fields={"name": "Егоров"})
        second = create("contact", fields={"name": "Егроов"})
        learn_words()
        assert found("егроов") == ([second], "")
        assert found("егоров") == ([first], "")

    def test_text_in_the_wrong_layout_is_understood(self):
        contact = create("contact", fields={"name": "Егоров"})
        car = create("car", fields={"make": "Porsche"})
        assert found("tujhjd") == ([contact], "егоров")
        assert found("tujh") == ([contact], "егор")
        assert found("Зщкысру") == ([car], "porsche")

    def test_words_of_records_out_of_reach_are_not_given_away(self):
        create("contact", fields={"name": "Егоров"})
        learn_words()
        seller = make_actor(*allow("contact", scope=Scope.OWN))
        assert found("егроов", seller) == ([], "")
        own = create("contact", actor=seller, fields={"name": "Егоров Лев"})
        assert found("егроов", seller) == ([own], "егоров")

    def test_words_of_restricted_fields_are_never_learned(self):
        create("car", fields={"make": "Toyota", "note": "розыск"})
        learn_words()
        assert set(SearchWord.objects.values_list("word", flat=True)) == {"toyota"}
        assert found("розыкс") == ([], "")

    def test_new_words_are_learned_with_every_change_and_only_once(self):
        contact = create("contact", fields={"name": "Егоров"})
        assert learn_words() == 1
        edit("contact", contact, name="Маркова")
        learn_words()
        assert (learn_words(), FreshText.objects.count()) == (0, 0)
        assert found("макрова") == ([contact], "маркова")

    def test_words_that_no_record_has_are_forgotten(self):
        contact = create("contact", fields={"name": "Егорова Мария"})
        create("contact", fields={"name": "Егоровы"})
        learn_words()
        write(Write(Change.BIN, "contact", id=contact))
        forget_words()
        assert "мария" not in SearchWord.objects.values_list("word", flat=True)
        assert SearchWord.objects.filter(word="егоровы").exists()

    def test_strange_input_finds_nothing(self):
        learn_words()
        for text in (
            "",
            "  ",
            "'" * 5,
            "%%%%",
            "абвг" * 40,
            "a1b2c3",
            "\\",
            "ёёёё",
            ",./;'[]",
            "слово " * 40,
        ):
            assert found(text) == ([], "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ghbdtn", "привет"), ("руддщ", "hello"), (";erjd", "жуков"), ("bmw икс", ""), ("12", "")],
)
def test_the_other_layout_is_that_of_the_same_keys(typed: str, meant: str):
    assert switch_layout(typed) == meant


@pytest.mark.parametrize(
    ("word", "other", "slips"),
    [("", "", 0), ("маркова", "марова", 1), ("егроов", "егоров", 1), ("кот", "ток", 2), ("", "абв", 3)],
)
def test_slips_are_counted(word: str, other: str, slips: int):
    assert slips_between(word, other) == slips


@given(WORDS, WORDS)
def test_slips_are_the_same_both_ways_and_none_only_between_equal_words(word: str, other: str):
    assert slips_between(word, other) == slips_between(other, word)
    assert (slips_between(word, other) == 0) is (word == other)
    assert slips_between(word, other) <= max(len(word), len(other))
