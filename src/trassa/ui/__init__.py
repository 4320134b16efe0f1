"""The screen toolkit: shell, components, formats, error pages. It knows no feature.

Rooms render through `render` and take part in the shell through the registries; the components are in
every template as `ui` (see docs/developer/screens.md).
"""

from trassa.ui.addresses import address_of, read_id, read_ids
from trassa.ui.errors import explain, forbidden, not_found, server_error, stale_page
from trassa.ui.formats import (
    NO_BREAK_SPACE,
    avatar_color,
    date_and_weekday,
    date_exact,
    date_short,
    duration,
    initials,
    money,
    number,
    percent,
    short_name,
)
from trassa.ui.navigation import (
    AccountNote,
    Arranger,
    Banner,
    Command,
    Count,
    NavGroup,
    NavItem,
    TopItem,
    account_menu,
    arrangers,
    banners,
    commands,
    counters,
    create_menu,
    finders,
    navigation,
    shell_addresses,
    top_items,
)
from trassa.ui.rendering import is_fragment_request, macro, reload_page, render, render_in_dialog
from trassa.ui.shell import Shell
from trassa.ui.toasts import add_event, add_toast
from trassa.ui.views.palette import palette_answers

__all__ = [
    "NO_BREAK_SPACE",
    "AccountNote",
    "Arranger",
    "Banner",
    "Command",
    "Count",
    "NavGroup",
    "NavItem",
    "Shell",
    "TopItem",
    "account_menu",
    "add_event",
    "add_toast",
    "address_of",
    "arrangers",
    "avatar_color",
    "banners",
    "commands",
    "counters",
    "create_menu",
    "date_and_weekday",
    "date_exact",
    "date_short",
    "duration",
    "explain",
    "finders",
    "forbidden",
    "initials",
    "is_fragment_request",
    "macro",
    "money",
    "navigation",
    "not_found",
    "number",
    "palette_answers",
    "percent",
    "read_id",
    "read_ids",
    "reload_page",
    "render",
    "render_in_dialog",
    "server_error",
    "shell_addresses",
    "short_name",
    "stale_page",
    "top_items",
]
