"""Every place to go to has a key of its own: menus of roles, pins and the palette name it by that."""

from collections import Counter

import pytest
from django.test import RequestFactory
from pytest_django import Settings
from tests.factories.people import make_person
from tests.factories.records import make_garage

from trassa.people.queries import get_person
from trassa.ui import Shell


@pytest.mark.django_db
def test_every_entry_of_the_navigation_has_a_key_of_its_own(settings: Settings, rf: RequestFactory) -> None:
    settings.ROOT_URLCONF = "trassa.config.urls"
    make_garage()
    request = rf.get("/")
    request.user = get_person(make_person(is_administrator=True).id)
    shell = Shell(request)
    items = [item for group in shell.all_groups for item in group.items] + shell.creatable
    unnamed = [str(item.label) for item in items if not item.key]
    assert not unnamed, f'Give NavItem a key such as key="imports": {unnamed}'
    twice = [key for key, count in Counter(item.key for item in items).items() if count > 1]
    assert not twice, f"Two entries have the key {twice}"
