"""What the shell shows around a page, found only when a template asks for it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import get_language

from trassa.ui.addresses import address_of
from trassa.ui.navigation import (
    AccountNote,
    Banner,
    NavGroup,
    NavItem,
    TopItem,
    account_menu,
    arrangers,
    banners,
    create_menu,
    navigation,
    shell_addresses,
    top_items,
)


class Shell:
    """One request's shell; templates know it as `shell`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def language(self) -> str:
        return get_language() or "ru"

    @cached_property
    def is_signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def theme(self) -> str:
        """auto, light or dark."""
        return str(getattr(self._request.user, "theme", "auto")) if self.is_signed_in else "auto"

    @cached_property
    def groups(self) -> Sequence[NavGroup]:
        """The navigation as this person has it."""
        groups: Sequence[NavGroup] = self.all_groups
        for arrange in arrangers:
            groups = arrange(self._request, groups)
        return groups

    @cached_property
    def all_groups(self) -> list[NavGroup]:
        """Everything that there is to go to; groups of the same name from several rooms are one."""
        found: dict[tuple[int, str], NavGroup] = {}
        provided = [group for provide in navigation for group in provide(self._request)]
        for group in sorted(provided, key=lambda group: group.rank):
            key = group.rank, str(group.label)
            before = found.get(key, replace(group, label=key[1], items=()))
            found[key] = replace(before, items=[*before.items, *group.items])
        return [group for group in found.values() if group.items]

    def find_place(self, key: str) -> NavItem | None:
        """The place of this key, as far as this person may go there."""
        items = (item for group in self.all_groups for item in group.items)
        return next((item for item in items if item.key == key), None) if key else None

    @cached_property
    def creatable(self) -> list[NavItem]:
        return [item for provide in create_menu for item in provide(self._request)]

    @property
    def counts(self) -> str:
        """Where a page asks how much waits behind what it shows."""
        return address_of("ui:counts")

    @property
    def account_notes(self) -> list[AccountNote]:
        return list(account_menu)

    @property
    def top_items(self) -> list[TopItem]:
        return list(top_items)

    @property
    def banners(self) -> list[Banner]:
        return [banner for banner in banners if banner.is_shown(self._request)]

    def address(self, key: str) -> str:
        """An address of `shell_addresses`, or "" when nobody registered it."""
        find = shell_addresses.find(key)
        return find(self._request) if find and self.is_signed_in else ""
