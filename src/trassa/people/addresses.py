"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client, as far as it can be trusted.

    TRASSA_PROXIES says how many reverse proxies of ours stand in front; each appends the address it saw
    to X-Forwarded-For. With none the header is whatever the client wrote, and is ignored.
    """
    proxies = settings.TRASSA_PROXIES
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
