"""Drawn cars: pictures that differ as cars do, and are the same every time."""

import io

import pytest
from PIL import Image

from trassa.packs.auto.photographs import SIZE, draw_car

CAR = {"vin": "X", "make": "Volvo", "model": "XC90", "body": "suv", "color": "blue", "plate": "Н556НЕ797"}


def test_a_car_is_a_small_photograph_and_always_the_same() -> None:
    content = draw_car(CAR, "left")
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", SIZE)
    assert len(content) < 40_000
    assert draw_car(CAR, "left") == content


@pytest.mark.parametrize(
    "other", [{"color": "red"}, {"body": "sedan"}, {"plate": "А001АА77"}, {"model": "XC60"}, {"vin": "Y"}]
)
def test_another_car_looks_different(other: dict[str, str]) -> None:
    assert draw_car(CAR | other, "left") != draw_car(CAR, "left")


def test_a_car_has_two_sides_and_needs_to_know_nothing() -> None:
    assert draw_car(CAR, "right") != draw_car(CAR, "left")
    assert draw_car({}, "left")
