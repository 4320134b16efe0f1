"""What is offered while an expression is typed; the caret stands at |."""

import random
import re

import pytest
from django.utils import translation
from tests.factories.records import CAUSE
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.records.screens.completions import Completion, complete
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label


def completion(team: Team, marked: str, *, who: str = "seller", type: str = "deal") -> Completion:
    caret = marked.index("|")
    spec = current_generation().types[type]
    return complete(team.actor(who), spec, marked.replace("|", ""), caret)


def offered(team: Team, marked: str, *, who: str = "seller", type: str = "deal") -> list[str]:
    """What would be inserted."""
    return [each.insert for each in completion(team, marked, who=who, type=type).suggestions]


def done(team: Team, marked: str) -> str:
    """The text after choosing the first suggestion."""
    found = completion(team, marked)
    text = marked.replace("|", "")
    return text[: found.start] + found.suggestions[0].insert + text[found.end :]


@pytest.fixture(autouse=True)
def _russian(team: Team) -> None:
    translation.activate("ru")


def test_fields_and_functions_are_found_by_how_they_begin(team: Team) -> None:
    assert offered(team, "сум|") == ["Сумма", "СУММ("]
    assert "СЕГОДНЯ()" in offered(team, "сегод|")
    assert "Источник" in offered(team, "СУММ > 5 и source|")
    assert done(team, "Сумма > 5 И ист|") == "Сумма > 5 И Источник"


def test_names_of_several_words_stand_in_brackets(team: Team) -> None:
    assert offered(team, "други|") == ["[Другие авто]"]
    assert done(team, "[Друг|] = 5") == "[Другие авто] = 5"
    assert "[Другие авто]" in offered(team, "авт|")


def test_a_dot_leads_through_a_link(team: Team) -> None:
    found = offered(team, "Автомобиль.|")
    assert {"Марка", "Цена", "VIN"} <= set(found)
    assert not [each for each in found if each.endswith("(")]
    assert offered(team, "Автомобиль.ц|") == ["Цена"]
    assert offered(team, "Сумма.|") == []
    assert "Телефон" in offered(team, "СЧЁТ(Автомобиль.Сделки.Клиент.|")


def test_options_are_offered_inside_quotation_marks(team: Team) -> None:
    assert offered(team, 'Источник = "|') == ['"Авито"', '"Звонок"']
    assert done(team, 'Источник = "ав|" И Сумма > 5') == 'Источник = "Авито" И Сумма > 5'
    assert offered(team, "Источник <> |")[:2] == ['"Авито"', '"Звонок"']
    assert offered(team, 'ОДНОИЗ(Источник; "Авито"; "|') == ['"Авито"', '"Звонок"']
    assert offered(team, 'Стадия = "нов|')[0] == '"Новая"'
    assert offered(team, 'Клиент.Имя = "|') == []


def test_nothing_is_offered_where_no_value_can_stand(team: Team) -> None:
    assert offered(team, "Сумма |") == []
    assert offered(team, "5|") == []
    assert offered(team, '"текст"|') == []
    assert offered(team, "Сумма > 5 И |")
    assert offered(team, "|")


def test_the_function_around_the_caret_says_its_arguments(team: Team) -> None:
    assert completion(team, "ОКРУГЛ(Сумма; |").signature == "ОКРУГЛ(число; знаков)"
    assert completion(team, "ОКРУГЛ(СУММ([Другие авто].Цена|").signature == "СУММ(число; [условие])"
    assert completion(team, "ОКРУГЛ((1 + 2|").signature == "ОКРУГЛ(число; знаков)"
    assert completion(team, "ОКРУГЛ(5; 1) + |").signature == ""


def test_functions_of_several_choices_are_offered_with_their_options(team: Team) -> None:
    assert offered(team, "еслим|") == ["ЕСЛИМН("]
    assert {"ЕСТЬ(", "ВСЕ(", "СЦЕП(", "ПЛТ("} <= {
        each for typed in ("ест", "все", "сце", "плт") for each in offered(team, f"{typed}|")
    }
    assert offered(team, "СЦЕПИТЬ|") == ["СЦЕП("], "a further name leads to the function"
    assert completion(team, "ПЛТ(1%; |").signature.startswith("ПЛТ(ставка за период; периодов; сумма; [")
    assert offered(team, 'ПЕРЕКЛЮЧ(Источник; "Авито"; 1; "|') == ['"Авито"', '"Звонок"']


def test_lookups_and_links_with_periods_are_offered_and_lead_on(team: Team) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "owners", "dated_link", label=Label("Хозяин"), target="contact")
        change.add_field("deal", "price", "lookup", label=Label("Ценник"), shows="car.price")
    assert offered(team, "ценн|") == ["Ценник"]
    assert offered(team, "Автомобиль.хоз|") == ["Хозяин"]
    assert offered(team, "Автомобиль.Хозяин.тел|") == ["Телефон"]


def test_english_readers_get_english_words(team: Team) -> None:
    with translation.override("en"):
        assert offered(team, "am|")[0] == "Amount"
        assert offered(team, "Car.pr|") == ["Price"]
        assert completion(team, "ROUND(|").signature == "ROUND(number, digits)"


def test_masked_fields_are_not_offered(team: Team) -> None:
    assert "[Минимальная цена]" not in offered(team, "Автомобиль.|")
    assert "[Минимальная цена]" in offered(team, "Автомобиль.|", who="head")
    assert offered(team, "Автомобиль.[Мин|") == []


def test_the_screen_gets_options_with_their_places(seller: Screens) -> None:
    page = text_of(seller.post("/t/deal/completions", {"text": "5 < сум", "caret": "7"}))
    [first, second] = re.findall(r'data-from="(\d+)" data-to="(\d+)" data-insert="([^"]+)"', page)
    assert first == ("4", "7", "Сумма")
    assert second == ("4", "7", "СУММ(")
    assert "СУММ(число; [условие])" in page


def test_no_text_is_too_strange_to_be_completed(team: Team) -> None:
    pieces = [
        "Сумма",
        "Автомобиль",
        ".",
        "[",
        "]",
        '"',
        "«",
        "»",
        "(",
        ")",
        ";",
        ",",
        "=",
        "<>",
        "ОДНОИЗ",
        "СУММ",
    ]
    pieces += [" ", "\n", "5,", "1.", "И", "Источник", "ё", "\u0000", "🚗", "'", "_", "Другие авто"]
    chance = random.Random(7)
    for _attempt in range(400):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 12)))
        caret = chance.randint(0, len(text))
        found = completion(team, f"{text[:caret]}|{text[caret:]}")
        assert 0 <= found.start <= caret <= found.end <= len(text)
