"""A record's card: page, panel, inline editing, history, bin."""

import re

from pytest_django import DjangoAssertNumQueries
from tests.factories.records import CAUSE, create, edit, move
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.access.queries import system_actor
from trassa.records.queries import get_record
from trassa.records.types import Record
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, CardTab, Label, Layouts

MOST_QUERIES = 13


def stored(deal: int) -> Record:
    return get_record(system_actor(), current_generation().types["deal"], deal)


def test_a_card_is_a_page_of_its_own(seller: Screens, deal: int) -> None:
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "<h1>Porsche Cayenne, 2022 — Егоров Пётр</h1>" in page
    assert "Сделка С-00001" in page
    assert "Условия" in page
    assert "5 800 000 ₽" in page


def test_the_same_address_fills_the_panel_over_a_board(seller: Screens, deal: int) -> None:
    part = seller.part(f"/r/deal/{deal}/", "div#panel-content", "/p/sales/")
    assert part.headers["Trassa-Fragment"]
    assert "data-panel-close" in text_of(part)
    assert "<html" not in text_of(part)


def test_a_page_renews_itself_without_the_tools_of_a_panel(seller: Screens, deal: int) -> None:
    part = seller.part(f"/r/deal/{deal}/", f"article#record-{deal}", f"/r/deal/{deal}/")
    assert "data-panel-close" not in text_of(part)


def test_the_stage_bar_says_what_the_next_stage_needs(team: Team, seller: Screens) -> None:
    id = create("deal", pipeline="sales", owner=team.seller.id)
    page = text_of(seller.page(f"/r/deal/{id}/"))
    assert "Чтобы перейти на «Показ», заполните:" in page
    assert 'data-edit="car"' in page


def test_stages_that_may_not_follow_are_no_buttons(seller: Screens, deal: int) -> None:
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "Перевести на «Показ»" in page
    assert "Перевести на «Выдан»" not in page


def test_the_reason_of_a_loss_is_shown(seller: Screens, deal: int) -> None:
    move("deal", deal, "lost", reason="price")
    assert "Причина: Дорого" in text_of(seller.page(f"/r/deal/{deal}/"))


def test_a_masked_field_is_absent(seller: Screens, head: Screens) -> None:
    car = create("car", fields={"make": "Kia", "floor_price": "111"})
    assert "Минимальная цена" not in text_of(seller.page(f"/r/car/{car}/"))
    assert "Минимальная цена" in text_of(head.page(f"/r/car/{car}/"))


def test_what_one_may_not_change_does_not_open(team: Team, seller: Screens) -> None:
    car = create("car", fields={"make": "Kia"})
    assert "Изменить: Марка" in text_of(seller.page(f"/r/car/{car}/"))
    assert seller.part(f"/r/car/{car}/fields/floor_price").status_code == 404


def test_records_that_name_this_one_are_listed(seller: Screens, deal: int) -> None:
    car = stored(deal).values["car"]
    page = text_of(seller.page(f"/r/car/{car}/"))
    assert f'href="/r/deal/{deal}/" data-panel>Егоров Пётр</a>' in page
    assert f"/r/deal/new?car={car}" in page


def test_the_links_of_others_are_not_listed(other_seller: Screens, deal: int) -> None:
    car = stored(deal).values["car"]
    assert f"/r/deal/{deal}/" not in text_of(other_seller.page(f"/r/car/{car}/"))


def test_a_field_opens_with_its_value_and_saves(seller: Screens, deal: int) -> None:
    form = text_of(seller.part(f"/r/deal/{deal}/fields/amount"))
    assert 'value="5 800 000,00"' in form
    response = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "6 000 000", "version": "1"})
    saved = text_of(response)
    assert "6 000 000 ₽" in saved
    assert f'id="history-{deal}" hx-swap-oob' in saved
    assert news_of(response)["record:changed"]["version"] == 2
    assert stored(deal).values["amount"] == 6_000_000


def test_a_field_says_what_is_wrong_and_keeps_what_was_typed(seller: Screens, deal: int) -> None:
    response = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "дорого", "version": "1"})
    assert response.status_code == 422
    assert 'value="дорого"' in text_of(response)
    assert "Напишите число" in text_of(response)


def test_a_choice_is_emptied_by_choosing_nothing(seller: Screens, deal: int) -> None:
    seller.post(f"/r/deal/{deal}/fields/source/save", {"source": "", "version": "1"})
    assert stored(deal).values["source"] is None


def test_another_field_changed_meanwhile_is_no_conflict(seller: Screens, deal: int) -> None:
    edit("deal", deal, source="avito")
    response = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "1", "version": "1"})
    assert response.status_code == 200


def test_a_conflict_shows_both_values(team: Team, seller: Screens, deal: int) -> None:
    edit("deal", deal, actor=team.actor("head"), amount="5200000")
    response = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "5 500 000", "version": "1"})
    assert response.status_code == 409
    form = text_of(response)
    assert "Пока вы правили, стало (Head):" in form
    assert "5 200 000 ₽" in form
    assert 'value="5 500 000"' in form
    assert 'name="version" value="2"' in form
    assert stored(deal).values["amount"] == 5_200_000


def test_keeping_ones_own_value_ends_a_conflict(team: Team, seller: Screens, deal: int) -> None:
    edit("deal", deal, actor=team.actor("head"), amount="5200000")
    seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "5 500 000", "version": "2"})
    assert stored(deal).values["amount"] == 5_500_000


def test_the_owner_can_be_changed(team: Team, head: Screens, deal: int) -> None:
    form = text_of(head.part(f"/r/deal/{deal}/fields/owner"))
    assert f'<option value="{team.seller.id}" selected>' in form
    head.post(f"/r/deal/{deal}/fields/owner/save", {"owner": team.head.id, "version": "1"})
    assert stored(deal).owner_id == team.head.id


def test_handing_a_record_over_may_take_it_out_of_sight(team: Team, seller: Screens, deal: int) -> None:
    form = {"owner": team.other_seller.id, "version": "1"}
    response = seller.post(f"/r/deal/{deal}/fields/owner/save", form)
    assert response.status_code == 204
    assert "record:gone" in news_of(response)
    assert seller.page(f"/r/deal/{deal}/").status_code == 404


def test_a_new_client_can_be_named_in_the_field(seller: Screens, deal: int) -> None:
    response = seller.post(f"/r/deal/{deal}/fields/client/save", {"client": "new:Круглов Виктор"})
    assert "Круглов Виктор" in text_of(response)


def test_several_links_are_changed_together(seller: Screens, deal: int) -> None:
    cars = [create("car", fields={"make": make}) for make in ("Kia", "Lada")]
    form = {"other_cars": cars, "shown": "other_cars", "version": "1"}
    seller.post(f"/r/deal/{deal}/fields/other_cars/save", form)
    assert stored(deal).values["other_cars"] == cars
    seller.post(f"/r/deal/{deal}/fields/other_cars/save", {"shown": "other_cars", "version": "2"})
    assert stored(deal).values["other_cars"] == []


def test_history_says_who_changed_what_in_words(team: Team, seller: Screens, deal: int) -> None:
    edit("deal", deal, actor=team.actor("head"), amount="5200000", source="avito")
    move("deal", deal, "showing", actor=team.actor("head"))
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert '<span class="was">5 800 000 ₽</span> → 5 200 000 ₽' in page
    assert '<span class="was">Звонок</span> → Авито' in page
    assert '<span class="was">Новая</span> → Показ' in page
    assert "Head · <time" in page
    assert "Создано" in page


def test_history_of_a_masked_field_is_absent(seller: Screens) -> None:
    car = create("car", fields={"make": "Kia"})
    edit("car", car, floor_price="4815162342")
    assert "4 815 162 342" not in text_of(seller.page(f"/r/car/{car}/"))


def test_older_history_is_behind_a_button(seller: Screens, deal: int) -> None:
    for amount in range(25):
        edit("deal", deal, amount=str(amount + 1))
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert page.count("<time") == 20
    older = page.split(f'hx-get="/r/deal/{deal}/history?before=')[1].split('"')[0]
    part = text_of(seller.part(f"/r/deal/{deal}/history?before={older}"))
    assert part.count("<time") == 6
    assert "Создано" in part


def test_the_bin_takes_a_record_and_the_toast_brings_it_back(seller: Screens, deal: int) -> None:
    response = seller.post(f"/r/deal/{deal}/bin")
    assert "record:binned" in news_of(response)
    assert "В корзине" in text_of(seller.page(f"/r/deal/{deal}/"))
    assert "Изменить: Сумма" not in text_of(seller.page(f"/r/deal/{deal}/"))
    seller.post(news_of(response)["toast"]["undo"])
    assert "Изменить: Сумма" in text_of(seller.page(f"/r/deal/{deal}/"))


def test_a_card_asks_a_bounded_number_of_queries(
    team: Team, seller: Screens, deal: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seller.page(f"/r/deal/{deal}/")
    with django_assert_max_num_queries(MOST_QUERIES):
        seller.page(f"/r/deal/{deal}/")
    car = stored(deal).values["car"]
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        seller.page(f"/r/car/{car}/")
    for _number in range(10):
        create("deal", owner=team.seller.id, fields={"car": car})
    with django_assert_max_num_queries(len(few)):
        seller.page(f"/r/car/{car}/")


def test_a_form_of_a_new_record_asks_for_what_is_needed_first(seller: Screens) -> None:
    dialog = text_of(seller.part("/r/car/new", "dialog#dialog"))
    assert "Новая запись: Автомобиль" in dialog
    assert dialog.index('name="make"') < dialog.index("Ещё поля")
    assert dialog.index("Ещё поля") < dialog.index('name="vin"')


def test_a_new_record_opens_when_it_is_created(seller: Screens) -> None:
    response = seller.post("/r/car/new", {"make": "Haval", "model": "H9", "price": "3 200 000"})
    created = news_of(response)["record:created"]
    assert created["url"] == f"/r/car/{created['id']}/"
    assert "Haval H9" in text_of(seller.page(created["url"]))


def test_a_plain_form_goes_to_the_new_card(seller: Screens) -> None:
    response = seller.client.post("/r/car/new", {"make": "Haval"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/r/car/")


def test_a_refused_record_says_which_field_is_wrong(seller: Screens) -> None:
    response = seller.post("/r/car/new", {"model": "H9", "shown": "make"})
    assert response.status_code == 422
    assert "Заполните это поле." in text_of(response)
    assert 'value="H9"' in text_of(response)


def test_a_form_may_begin_with_a_linked_record(seller: Screens) -> None:
    car = create("car", fields={"make": "Haval"})
    dialog = text_of(seller.part(f"/r/deal/new?car={car}&pipeline=sales", "dialog#dialog"))
    assert f'<input type="hidden" name="car" value="{car}">' in dialog
    assert 'value="Haval"' in dialog


def lay_out_tabs() -> None:
    """Deals have their terms on one tab, who and what on another, and a tab of secrets."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "secret", "text", label=Label("Секрет"), restricted=True)
        tabs = (
            CardTab("terms", Label("Условия", "Terms"), (CardSection(Label(""), ("amount", "source")),)),
            CardTab(
                "what", Label("Что", "What"), (CardSection(Label("Предмет"), ("car", "client"), columns=1),)
            ),
            CardTab("secrets", Label("Тайны", "Secrets"), (CardSection(Label(""), ("secret",)),)),
        )
        change.save_layouts("deal", Layouts(card=tabs))


def panes_in_sight(page: str) -> list[str]:
    return re.findall(r'data-pane="([a-z_]+)" aria-labelledby="[^"]+">', page)


def test_a_card_opens_at_its_first_tab_or_the_one_of_its_address(seller: Screens, deal: int) -> None:
    lay_out_tabs()
    assert panes_in_sight(text_of(seller.page(f"/r/deal/{deal}/"))) == ["terms"]
    assert panes_in_sight(text_of(seller.page(f"/r/deal/{deal}/?tab=what"))) == ["what"]
    assert panes_in_sight(text_of(seller.page(f"/r/deal/{deal}/?tab=nothing"))) == ["terms"]


def test_a_tab_of_which_a_person_sees_nothing_is_absent(seller: Screens, admin: Screens, deal: int) -> None:
    lay_out_tabs()
    assert "Тайны" not in text_of(seller.page(f"/r/deal/{deal}/"))
    assert "Тайны" in text_of(admin.page(f"/r/deal/{deal}/"))


def test_a_tab_says_that_the_next_stage_needs_something_of_it(team: Team, seller: Screens) -> None:
    lay_out_tabs()
    id = create("deal", pipeline="sales", owner=team.seller.id)
    page = text_of(seller.page(f"/r/deal/{id}/"))
    assert re.search(r'data-tab="what"[^>]* class="lacking"', page)
    assert not re.search(r'data-tab="terms"[^>]* class="lacking"', page)


def test_linked_records_are_the_last_tab(seller: Screens, deal: int) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        tabs = [CardTab(code, Label(code), (CardSection(Label(""), (code,)),)) for code in ("make", "model")]
        change.save_layouts("car", Layouts(card=tuple(tabs)))
    car = stored(deal).values["car"]
    page = text_of(seller.page(f"/r/car/{car}/?tab=_links"))
    assert panes_in_sight(page) == ["_links"]
    assert "Егоров Пётр" in page
    assert re.search(r'data-tab="_links"[^>]*>Связи <span class="faint">1</span>', page)


def test_a_card_without_tabs_has_no_bar_of_them(seller: Screens, deal: int) -> None:
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "tablist" not in page
    assert "tabpanel" not in page


def test_a_section_may_have_one_column(seller: Screens, deal: int) -> None:
    lay_out_tabs()
    assert '<dl class="fields one">' in text_of(seller.page(f"/r/deal/{deal}/?tab=what"))
