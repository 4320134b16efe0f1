"""What can go wrong when somebody signs in."""

from django.utils.functional import Promise

from trassa.kernel import TrassaError


class SignInRefused(TrassaError):
    """Unknown login, wrong password or a dismissed person: the answer is the same for all three."""

    status = 401
    code = "sign_in_refused"


class TooManyAttempts(TrassaError):
    """Somebody keeps guessing; `retry_after` says in how many seconds to come back."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, message: str | Promise, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
