"""Values of single kinds as cards and lists draw them."""

import pytest
from tests.factories.records import CAUSE, create
from tests.records.screens.conftest import Screens, text_of

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
