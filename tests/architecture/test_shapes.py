"""Shapes of the API: the OpenAPI document knows them by name, so no two may share one."""

from collections import defaultdict

from ninja import Schema

from trassa.config import urls


def shapes_below(base: type[Schema]) -> set[type[Schema]]:
    """Every shape that has been defined from this one on."""
    found = set(base.__subclasses__())
    return found.union(*(shapes_below(each) for each in found))


def test_no_two_shapes_of_the_api_share_a_name() -> None:
    assert urls.urlpatterns
    places: dict[str, set[str]] = defaultdict(set)
    for shape in shapes_below(Schema):
        if shape.__module__.startswith("trassa."):
            places[shape.__name__].add(shape.__module__)
    assert {name: sorted(where) for name, where in places.items() if len(where) > 1} == {}
