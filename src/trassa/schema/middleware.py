"""Every request sees one generation of the schema from beginning to end."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from trassa.schema.generations import pin_generation


class PinGeneration:
    """Pins the generation that a request first asks for; requests that ask for none cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with pin_generation():
            return self.get_response(request)
