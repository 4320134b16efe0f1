"""Every request sees one generation of the schema from beginning to end."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from trassa.schema.generations import pin_generation


class PinGeneration:
    """Pins the generation whose number comes with the person who asks, or else the one first asked for.

    It stands around whatever recognises people.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with pin_generation():
            return self.get_response(request)
