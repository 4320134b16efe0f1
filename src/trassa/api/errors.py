"""Errors that only an HTTP client can cause; the rest of the hierarchy lives in the kernel."""

from django.utils.translation import gettext_lazy as _

from trassa.kernel import TrassaError


class MalformedRequest(TrassaError):
    """The request cannot be read at all: broken JSON, broken encoding."""

    status = 400
    code = "malformed_request"


class Unauthorized(TrassaError):
    """Nobody is signed in, or the token is unknown, expired or revoked: nobody can tell which."""

    status = 401
    code = "unauthorized"


class MethodNotAllowed(TrassaError):
    """The address exists, this method does not."""

    status = 405
    code = "method_not_allowed"


class TooLarge(TrassaError):
    """The body is larger than DATA_UPLOAD_MAX_MEMORY_SIZE."""

    status = 413
    code = "too_large"


class UnsupportedMediaType(TrassaError):
    """The body is not declared as JSON."""

    status = 415
    code = "unsupported_media_type"


class TooManyRequests(TrassaError):
    """The caller used up the rate limit; `wait_seconds` says when one more request is possible."""

    status = 429
    code = "too_many_requests"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(_("Too many requests. Wait a moment and go on slower."))
        self.wait_seconds = wait_seconds
