"""The board of a pipeline."""

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.records import create, edit, move
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.schema.queries import current_generation

#: Two for the session, one for the generation, one or two for ids and cards, one for names of owners.
MOST_QUERIES = 8


def test_home_goes_to_the_first_pipeline(seller: Screens) -> None:
    assert seller.page("/").headers["Location"] == "/p/sales/"


def test_home_says_what_to_do_without_any_right(newcomer: Screens) -> None:
    assert "Вам пока ничего не открыто" in text_of(newcomer.page("/"))


def test_a_board_shows_a_card_with_its_title_client_and_amount(seller: Screens, deal: int) -> None:
    board = text_of(seller.page("/p/sales/"))
    assert f'id="card-{deal}"' in board
    assert "Porsche Cayenne, 2022</a>" in board
    assert "Егоров Пётр" in board
    assert "5 800 000 ₽" in board


def test_a_board_does_not_show_the_deals_of_others(other_seller: Screens, deal: int) -> None:
    assert f"card-{deal}" not in text_of(other_seller.page("/p/sales/"))


def test_an_empty_board_says_what_to_do_next(seller: Screens) -> None:
    assert "Карточек пока нет" in text_of(seller.page("/p/sales/"))


def test_a_filtered_board_without_cards_offers_all(seller: Screens, deal: int) -> None:
    board = text_of(seller.page("/p/sales/?q=камаз"))
    assert "Ничего не нашлось" in board
    assert 'href="/p/sales/"' in board


def test_a_board_can_show_only_ones_own_cards(team: Team, head: Screens, deal: int) -> None:
    mine = create("deal", pipeline="sales", owner=team.head.id)
    board = text_of(head.page("/p/sales/?owner=me"))
    assert f"card-{mine}" in board
    assert f"card-{deal}" not in board


def test_htmx_gets_only_the_columns(seller: Screens, deal: int) -> None:
    part = text_of(seller.part("/p/sales/?q=porsche", "div#board"))
    assert part.lstrip().startswith('<div class="board"')
    assert f"card-{deal}" in part


def test_the_panel_of_an_address_is_no_condition(seller: Screens, deal: int) -> None:
    assert seller.page(f"/p/sales/?panel=/r/deal/{deal}/").status_code == 200
    assert seller.page(f"/t/deal/?panel=/r/deal/{deal}/").status_code == 200


def test_counts_and_sums_arrive_apart(seller: Screens, deal: int) -> None:
    stages = current_generation().pipelines["sales"].stages
    sums = text_of(seller.part("/p/sales/sums"))
    assert f'id="count-{stages[0].id}" hx-swap-oob="true">1<' in sums
    assert "1 запись · 5 800 000 ₽" in sums


def test_a_column_loads_twenty_cards_and_then_the_next(team: Team, seller: Screens) -> None:
    for _number in range(23):
        create("deal", pipeline="sales", owner=team.seller.id)
    board = text_of(seller.page("/p/sales/"))
    assert board.count('id="card-') == 20
    following = board.split('data-more hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(seller.part(following)).count('id="card-') == 3


def test_a_cursor_of_another_list_is_refused(seller: Screens) -> None:
    assert seller.part("/p/sales/new/cards?after=WyJib2FyZCIsIngiLDFd").status_code == 422


def test_a_changed_card_is_fetched_alone(seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="6000000")
    part = text_of(seller.part(f"/p/sales/changes?ids={deal}"))
    assert part.count('id="card-') == 1
    assert "6 000 000 ₽" in part
    assert 'data-version="2"' in part


def test_a_card_that_left_the_board_is_absent_among_the_changes(seller: Screens, deal: int) -> None:
    assert "card-" not in text_of(seller.part(f"/p/buyout/changes?ids={deal}"))


def test_a_board_asks_a_bounded_number_of_queries(
    team: Team, seller: Screens, deal: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seller.page("/p/sales/")
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        seller.page("/p/sales/")
    for _number in range(25):
        create("deal", pipeline="sales", owner=team.seller.id)
    with django_assert_max_num_queries(len(few)):
        seller.page("/p/sales/")


@pytest.mark.parametrize("who", ["seller", "head", "administrator"])
def test_people_of_a_board_can_be_chosen(team: Team, head: Screens, who: str) -> None:
    person = getattr(team, who)
    assert f"/p/sales/?owner={person.id}" in text_of(head.part("/t/deal/people?pipeline=sales&on=board"))


def test_moving_answers_with_a_toast_that_takes_it_back(seller: Screens, deal: int) -> None:
    response = seller.post(f"/r/deal/{deal}/move", {"stage": "showing"})
    assert response.status_code == 204
    news = news_of(response)
    assert news["toast"]["text"] == "Переведено на «Показ»"
    assert news["record:moved"]["stage"] == "showing"
    seller.post(news["toast"]["undo"])
    assert f'data-id="{deal}" data-version="3" data-stage="new"' in text_of(seller.page("/p/sales/"))


def test_a_move_that_cannot_be_taken_back_offers_no_undo(seller: Screens, deal: int) -> None:
    move("deal", deal, "showing")
    move("deal", deal, "won")
    assert "undo" not in news_of(seller.post(f"/r/deal/{deal}/move", {"stage": "new"}))["toast"]


def test_a_stage_that_may_not_follow_is_refused_in_words(seller: Screens, deal: int) -> None:
    response = seller.post(f"/r/deal/{deal}/move", {"stage": "won"})
    assert response.status_code == 422
    assert "нельзя перейти" in news_of(response)["toast"]["text"]


def test_a_move_asks_exactly_for_the_missing_field(team: Team, seller: Screens) -> None:
    id = create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "1"})
    response = seller.post(f"/r/deal/{id}/move", {"stage": "showing"})
    assert response.status_code == 422
    dialog = text_of(response)
    assert "Перевести на «Показ»" in dialog
    assert 'name="car"' in dialog
    assert 'name="amount"' not in dialog
    assert "Для этой стадии" not in dialog


def test_the_dialog_finishes_the_move(team: Team, seller: Screens) -> None:
    car = create("car", fields={"make": "Kia"})
    id = create("deal", pipeline="sales", owner=team.seller.id)
    refused = seller.post(f"/r/deal/{id}/move", {"stage": "showing", "shown": "car", "car": ""})
    assert "Для этой стадии заполните «Автомобиль»." in text_of(refused)
    response = seller.post(f"/r/deal/{id}/move", {"stage": "showing", "shown": "car", "car": car})
    assert response.status_code == 204
    assert "dialog:close" in news_of(response)


def test_a_loss_asks_for_its_reason(seller: Screens, deal: int) -> None:
    dialog = seller.post(f"/r/deal/{deal}/move", {"stage": "lost"})
    assert dialog.status_code == 422
    assert "Почему?" in text_of(dialog)
    assert "Дорого" in text_of(dialog)
    again = seller.post(f"/r/deal/{deal}/move", {"stage": "lost", "shown": "reason"})
    assert "Выберите причину." in text_of(again)
    assert seller.post(f"/r/deal/{deal}/move", {"stage": "lost", "reason": "price"}).status_code == 204


def test_a_deal_that_is_not_there_cannot_be_moved(other_seller: Screens, deal: int) -> None:
    assert other_seller.post(f"/r/deal/{deal}/move", {"stage": "showing"}).status_code == 404


def test_a_quick_form_creates_in_its_column(team: Team, seller: Screens) -> None:
    form = text_of(seller.part("/p/sales/new/new"))
    assert 'name="client"' in form
    assert 'name="amount"' in form
    client = create("contact", fields={"name": "Маркова Инна"})
    response = seller.post("/p/sales/new/new", {"client": client, "amount": "4 900 000,50"})
    created = news_of(response)["record:created"]
    assert created["quick"]
    board = text_of(seller.page("/p/sales/"))
    assert f'id="card-{created["id"]}"' in board
    assert "4 900 000,50 ₽" in board


def test_a_quick_form_keeps_what_was_typed_and_says_what_is_wrong(seller: Screens) -> None:
    response = seller.post("/p/sales/new/new", {"amount": "дорого"})
    assert response.status_code == 422
    assert 'value="дорого"' in text_of(response)
    assert 'aria-invalid="true"' in text_of(response)


def test_a_new_client_is_created_on_the_way(seller: Screens) -> None:
    response = seller.post("/p/sales/new/new", {"client": "new:Круглов Виктор"})
    id = news_of(response)["record:created"]["id"]
    assert "Круглов Виктор" in text_of(seller.page(f"/r/deal/{id}/"))


def test_nothing_is_left_of_a_new_client_when_the_deal_is_refused(seller: Screens) -> None:
    seller.post("/p/sales/new/new", {"client": "new:Круглов Виктор", "amount": "дорого"})
    assert "Круглов" not in text_of(seller.page("/t/contact/"))
