"""Values of single kinds as cards and lists draw them."""

import pytest
from tests.factories.records import CAUSE, create
from tests.factories.team import Team
from tests.records.screens.conftest import Response, Screens, text_of

from trassa.schema.actions import changing_schema
from trassa.schema.types import Label, Layouts

VALUES = {
    "plate": "a123bc77",
    "site": "https://auto.example/car?a=1&b=<2>",
    "place": "СПб,Невский пр.,1",
    "ogrn": "1027700132195",
    "kpp": "770701001",
}


@pytest.fixture
def supplier() -> int:
    """A record of a type with one field of each of these kinds."""
    kinds = {"plate": "plate", "site": "url", "place": "address", "ogrn": "ogrn", "kpp": "kpp"}
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.create_type("supplier", label=Label("Поставщик"), plural=Label("Поставщики"))
        for code, kind in kinds.items():
            change.add_field("supplier", code, kind, label=Label(code.capitalize()))
        change.save_layouts("supplier", Layouts(list_columns=("title", *kinds)))
    return create("supplier", fields=VALUES)


@pytest.mark.parametrize("url", ["/r/supplier/{}/", "/t/supplier/"])
def test_values_are_drawn_in_their_canonical_spelling(admin: Screens, supplier: int, url: str) -> None:
    page = text_of(admin.page(url.format(supplier)))
    assert "А 123 ВС 77" in page
    assert "СПб, Невский пр., 1" in page
    assert "1027700132195" in page
    assert "770701001" in page


def test_a_site_opens_apart_and_learns_nothing(admin: Screens, supplier: int) -> None:
    page = text_of(admin.page(f"/r/supplier/{supplier}/"))
    assert 'href="https://auto.example/car?a=1&amp;b=%3C2%3E"' in page
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in page
    assert ">auto.example/car" in page


def test_a_plate_is_found_by_a_part_in_either_alphabet(admin: Screens, supplier: int) -> None:
    for part in ("123bc", "123 вс"):
        assert "А 123 ВС 77" in text_of(admin.page(f"/t/supplier/?plate__contains={part}")), part
    for text in ("А123ВС", "a123bc"):
        assert f"/r/supplier/{supplier}/" in text_of(admin.page(f"/search?q={text}")), text


@pytest.fixture
def shown_deal(deal: int) -> int:
    """The deal, which also shows the make of its car and the name of the client."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        shown = {"car_make": "car.make", "client_phone": "client.phone", "car_price": "car.price"}
        for code, path in shown.items():
            change.add_field("deal", code, "lookup", label=Label(f"Поле {code}"), shows=path)
        change.save_layouts("deal", Layouts(list_columns=("title", *shown), board_subtitle=("car_make",)))
    return deal


def test_a_card_a_list_and_a_board_show_lookups(seller: Screens, shown_deal: int) -> None:
    for url in (f"/r/deal/{shown_deal}/", "/t/deal/", "/p/sales/"):
        assert "Porsche" in text_of(seller.page(url)).replace("Porsche Cayenne", ""), url


def test_a_lookup_does_not_open_for_editing_and_says_where_it_comes_from(
    seller: Screens, shown_deal: int
) -> None:
    page = text_of(seller.page(f"/r/deal/{shown_deal}/"))
    assert "fields/car_make" not in page
    assert 'title="Из поля «Автомобиль»"' in page
    assert seller.part(f"/r/deal/{shown_deal}/fields/car_make").status_code == 403


def test_choosing_another_record_shows_its_values_at_once(seller: Screens, shown_deal: int) -> None:
    car = create("car", fields={"make": "Lada", "price": "1500"})
    form = {"shown": "car", "car": str(car), "version": "1"}
    answer = text_of(seller.post(f"/r/deal/{shown_deal}/fields/car/save", form))
    assert f'id="field-{shown_deal}-car_make" data-field="car_make" hx-swap-oob="outerMorph"' in answer
    assert "Lada" in answer
    assert "1 500 ₽" in answer
    assert "client_phone" not in answer


def test_a_list_filters_by_a_lookup_in_words(seller: Screens, shown_deal: int) -> None:
    page = text_of(seller.page("/t/deal/?car_make__contains=pors"))
    assert f"/r/deal/{shown_deal}/" in page
    assert "Поле car_make" in page
    assert f"/r/deal/{shown_deal}/" not in text_of(seller.page("/t/deal/?car_price__gte=1 000"))
    form = text_of(seller.part("/t/deal/filters?field=car_price"))
    assert "car_price__gte" in form


@pytest.fixture
def owned_car(team: Team) -> tuple[int, int, int]:
    """A car with a past and a present owner, and these two."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "owners", "dated_link", label=Label("Владелец"), target="contact")
        change.save_layouts("car", Layouts(list_columns=("title", "owners")))
    first = create("contact", fields={"name": "Егоров Пётр"})
    second = create("contact", fields={"name": "Белова Анна"})
    owners = [
        {"id": first, "from": "2020-04-01", "to": "2020-04-30"},
        {"id": second, "from": "2020-05-01", "to": None},
    ]
    return create("car", fields={"make": "Kia", "owners": owners}), first, second


def test_a_card_shows_the_present_owner_first(admin: Screens, owned_car: tuple[int, int, int]) -> None:
    page = text_of(admin.page(f"/r/car/{owned_car[0]}/"))
    present, past = page.index("с 01.05.2020"), page.index("с 01.04.2020 по 30.04.2020")
    assert present < page.index("В другое время: 1") < past


def test_a_list_names_the_present_owner_only(admin: Screens, owned_car: tuple[int, int, int]) -> None:
    page = text_of(admin.page("/t/car/"))
    assert "Белова Анна" in page
    assert "Егоров Пётр" not in page


def test_lists_filter_by_owner_in_words(admin: Screens, owned_car: tuple[int, int, int]) -> None:
    car, first, second = owned_car
    assert f"/r/car/{car}/" in text_of(admin.page(f"/t/car/?owners={second}"))
    assert f"/r/car/{car}/" not in text_of(admin.page(f"/t/car/?owners={first}"))
    page = text_of(admin.page(f"/t/car/?owners__on={first}@2020-04-15"))
    assert f"/r/car/{car}/" in page
    assert "Егоров Пётр на 2020-04-15" in page
    assert "Владелец сейчас" in text_of(admin.part("/t/car/filters?field=owners"))


def test_the_far_end_says_which_cars_somebody_owned_and_when(
    admin: Screens, owned_car: tuple[int, int, int]
) -> None:
    page = text_of(admin.page(f"/r/contact/{owned_car[1]}/"))
    assert "Kia" in page
    assert "с 01.04.2020 по 30.04.2020" in page


def save_owners(admin: Screens, car: int, *lines: tuple[int | str, str, str], version: int = 1) -> Response:
    ids, since, until = zip(*lines, strict=True)
    form = {"shown": "owners", "owners": ids, "owners__from": since, "owners__to": until}
    return admin.post(f"/r/car/{car}/fields/owners/save", {**form, "version": str(version)})


def test_the_form_has_a_line_for_each_period_and_one_more(
    admin: Screens, owned_car: tuple[int, int, int]
) -> None:
    form = text_of(admin.part(f"/r/car/{owned_car[0]}/fields/owners"))
    assert form.count('class="period"') == 3
    assert 'name="owners__from" value="2020-05-01"' in form
    assert 'value="Белова Анна"' in form


def test_a_new_owner_ends_the_period_of_the_one_before(
    admin: Screens, owned_car: tuple[int, int, int]
) -> None:
    car, first, second = owned_car
    lines = [(second, "2020-05-01", ""), (first, "2021-01-01", ""), ("", "", "")]
    answer = text_of(save_owners(admin, car, *lines))
    assert "с 01.01.2021" in answer
    assert "с 01.05.2020 по 31.12.2020" in answer


def test_overlapping_periods_are_explained_and_nothing_typed_is_lost(
    admin: Screens, owned_car: tuple[int, int, int]
) -> None:
    car, _first, second = owned_car
    newcomer = create("contact", fields={"name": "Новиков Иван"})
    lines = [(second, "2020-05-01", "2020-06-30"), (newcomer, "2020-06-01", "2020-07-01")]
    answer = save_owners(admin, car, *lines)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Два периода пересекаются: «с 01.05.2020 по 30.06.2020» и «с 01.06.2020 по 01.07.2020»" in page
    assert 'value="Новиков Иван"' in page
    assert 'value="2020-06-30"' in page


def test_history_shows_periods_in_words_on_both_ends(admin: Screens, owned_car: tuple[int, int, int]) -> None:
    car, first, second = owned_car
    save_owners(admin, car, (first, "2020-04-01", "2020-04-30"), (second, "2020-05-02", ""))
    assert "Белова Анна с 02.05.2020" in text_of(admin.page(f"/r/car/{car}/"))
    assert "Kia с 02.05.2020" in text_of(admin.page(f"/r/contact/{second}/"))


def test_a_new_record_may_begin_with_an_owner(admin: Screens, owned_car: tuple[int, int, int]) -> None:
    form = text_of(admin.part(f"/r/car/new?owners={owned_car[1]}"))
    assert 'value="Егоров Пётр"' in form


def test_choosing_a_record_in_a_form_shows_its_fields_at_once(seller: Screens, shown_deal: int) -> None:
    form = text_of(seller.part("/r/deal/new"))
    assert 'hx-post="/t/deal/pulled"' in form
    assert text_of(seller.post("/t/deal/pulled", {"car": ""})).strip() == ""
    car = create("car", fields={"make": "Lada", "price": "1500"})
    shown = text_of(seller.post("/t/deal/pulled", {"car": str(car), "client": "new:Кто-то"}))
    assert "Lada" in shown
    assert "1 500 ₽" in shown
    assert "Lada" in text_of(seller.part(f"/r/deal/new?car={car}"))


def test_a_form_shows_nothing_of_a_record_that_one_does_not_see(
    seller: Screens, shown_deal: int, team: Team
) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("contact", "deal", "link", label=Label("Сделка"), target="deal")
        change.add_field("contact", "amount", "lookup", label=Label("Сумма сделки"), shows="deal.amount")
    other = create("deal", owner=team.other_seller.id, fields={"amount": "777"})
    assert "777" not in text_of(seller.post("/t/contact/pulled", {"deal": str(other)}))
    assert "5 800 000" in text_of(seller.post("/t/contact/pulled", {"deal": str(shown_deal)}))


@pytest.mark.parametrize("value", ["9" * 40, "²", "٣", "-1", "1|2|3", "5@", "@", "null"])
def test_no_id_breaks_a_form_or_a_list(admin: Screens, owned_car: tuple[int, int, int], value: str) -> None:
    urls = [f"/t/car/?owners{operation}={value}" for operation in ("", "__on", "__ever")]
    assert {admin.page(url).status_code for url in urls} <= {200, 422}
    assert admin.part(f"/r/car/new?owners={value}").status_code == 200
    assert save_owners(admin, owned_car[0], (value, value, value)).status_code == 422
    assert admin.post("/t/deal/pulled", {"car": value}).status_code == 200
