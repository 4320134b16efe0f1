"""What lets phones and desktops install Trassa: its manifest, and its sign."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from trassa.people.registries import open_to_everybody, open_while_password_is_due
from trassa.ui import address_of

#: Name of the file, its size, and what it may be used for.
_ICONS = (("app-192", 192, "any"), ("app-512", 512, "any"), ("app-maskable-512", 512, "maskable"))


@open_to_everybody
@open_while_password_is_due
@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, in the language of the reader; browsers fetch it without saying who asks."""
    shortcuts = ((_("Waiting for me"), "work:inbox"), (_("Notifications"), "work:notices"))
    icons = [
        {
            "src": static(f"ui/{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, size, purpose in _ICONS
    ]
    found = {
        "id": "/",
        "name": _("Trassa"),
        "short_name": _("Trassa"),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f7f9",
        "theme_color": "#1f6feb",
        "icons": icons,
        "shortcuts": [{"name": label, "url": address_of(name)} for label, name in shortcuts],
    }
    return JsonResponse(found, content_type="application/manifest+json")


@open_to_everybody
@open_while_password_is_due
@require_safe
@cache_control(max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The sign where browsers look for it beside what is no page: files, pictures, calendars."""
    return HttpResponsePermanentRedirect(static("ui/favicon.svg"))
