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
