"""The list of a type."""

from pytest_django import DjangoAssertNumQueries
from tests.factories.records import create, edit
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

MOST_QUERIES = 8


def rows_of(html: str) -> list[str]:
    """Ids of the rows, from top to bottom."""
    return [part.split('"')[0] for part in html.split('<tr data-item data-id="')[1:]]


def test_a_list_has_the_columns_of_its_layout(seller: Screens, deal: int) -> None:
    page = text_of(seller.page("/t/deal/"))
    for label in ("Сделка", "Номер", "Стадия", "Клиент", "Источник", "Сумма", "Отв.", "Создано"):
        assert label in page
    assert "С-00001" in page
    assert "Звонок" in page
    assert f'href="/r/deal/{deal}/" data-panel' in page


def test_a_client_that_stands_in_a_column_is_not_said_twice(seller: Screens, deal: int) -> None:
    assert text_of(seller.page("/t/deal/")).count("Егоров Пётр") == 1


def test_an_empty_list_says_what_to_do_next(seller: Screens) -> None:
    assert "Записей пока нет" in text_of(seller.page("/t/deal/"))


def test_a_sortable_head_sorts_and_turns_round(team: Team, seller: Screens) -> None:
    small, large = (create("deal", owner=team.seller.id, fields={"amount": a}) for a in ("1", "2"))
    page = text_of(seller.page("/t/deal/"))
    assert 'href="/t/deal/?order=-amount"' in page
    assert rows_of(text_of(seller.page("/t/deal/?order=-amount"))) == [str(large), str(small)]
    turned = text_of(seller.page("/t/deal/?order=amount"))
    assert rows_of(turned) == [str(small), str(large)]
    assert 'aria-sort="ascending"' in turned


def test_a_list_goes_on_behind_its_page(team: Team, seller: Screens) -> None:
    for number in range(85):
        create("deal", owner=team.seller.id, fields={"amount": str(number)})
    page = text_of(seller.page("/t/deal/?order=amount"))
    assert len(rows_of(page)) == 80
    following = page.split('<tr class="more">')[1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert len(rows_of(text_of(seller.part(following)))) == 5


def test_conditions_stand_as_chips_that_can_be_removed(seller: Screens, deal: int) -> None:
    page = text_of(seller.page("/t/deal/?amount__gte=3+000+000&source__in=phone,avito"))
    assert "Сумма: ≥ 3 000 000 ₽" in page
    assert "Источник: Звонок, Авито" in page
    assert 'href="/t/deal/?source__in=phone%2Cavito"' in page
    assert rows_of(page) == [str(deal)]
    assert rows_of(text_of(seller.page("/t/deal/?amount__gte=6000000"))) == []


def test_the_list_of_a_pipeline_leads_to_its_board_and_back(seller: Screens, deal: int) -> None:
    assert "/t/deal/?owner=me&amp;pipeline=sales" in text_of(seller.page("/p/sales/?owner=me"))
    assert 'href="/p/sales/?owner=me"' in text_of(seller.page("/t/deal/?owner=me&pipeline=sales"))


def test_a_list_counts_and_adds_up_apart(seller: Screens, deal: int) -> None:
    assert "1 запись · 5 800 000 ₽" in text_of(seller.part("/t/deal/totals"))


def test_a_filter_is_asked_for_by_kind(seller: Screens) -> None:
    fields = text_of(seller.part("/t/deal/filters"))
    assert "Отобрать по полю" in fields
    assert "Сумма" in fields
    assert 'name="amount__gte"' in text_of(seller.part("/t/deal/filters?field=amount"))
    assert 'type="date"' in text_of(seller.part("/t/deal/filters?field=visit_on"))
    assert 'name="source__in"' in text_of(seller.part("/t/deal/filters?field=source"))
    assert 'name="stage__in"' in text_of(seller.part("/t/deal/filters?field=stage"))
    assert 'value="me"' in text_of(seller.part("/t/deal/filters?field=owner"))


def test_a_filter_keeps_the_other_conditions(seller: Screens) -> None:
    form = text_of(seller.part("/t/deal/filters?field=amount&source__in=phone&owner=me"))
    assert '<input type="hidden" name="source__in" value="phone">' in form
    assert '<input type="hidden" name="owner" value="me">' in form


def test_a_masked_field_cannot_be_filtered_by(seller: Screens, head: Screens) -> None:
    assert seller.part("/t/car/filters?field=floor_price").status_code == 404
    assert head.part("/t/car/filters?field=floor_price").status_code == 200
    assert "Минимальная цена" not in text_of(seller.part("/t/car/filters"))


def test_a_condition_that_makes_no_sense_is_refused_in_words(seller: Screens) -> None:
    response = seller.page("/t/deal/?amount__gte=много")
    assert response.status_code == 422
    assert "Список так показать нельзя" in text_of(response)


def test_a_changed_row_is_fetched_alone(seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="6000000")
    part = text_of(seller.part(f"/t/deal/changes?ids={deal}"))
    assert rows_of(part) == [str(deal)]
    assert "6 000 000 ₽" in part


def test_a_list_asks_a_bounded_number_of_queries(
    team: Team, seller: Screens, deal: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seller.page("/t/deal/")
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        seller.page("/t/deal/")
    for _number in range(20):
        create("deal", owner=team.seller.id)
    with django_assert_max_num_queries(len(few)):
        seller.page("/t/deal/")
