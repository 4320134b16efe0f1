"""Texts that nobody is to read in the database or in a backup: sealed with keys derived from the secret key.

The present key seals; it and former ones (`SECRET_KEY_FALLBACKS`) open, so a key is changed without losing
anything: `reseal` gives the same text under the present key. Every purpose has keys of its own: what was
sealed for one cannot be opened for another. See docs/decisions/0012-rules.md.
"""

import base64
from collections.abc import Callable
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from trassa.kernel.errors import Unavailable
from trassa.kernel.registries import Registry

sealed_stores: Registry[Callable[[], int]] = Registry(
    "kernel.sealed_stores",
    description="Tables with sealed texts: a function seals all of them anew with the present key and says "
    "how many there are.",
)


def seal(text: str, purpose: str) -> str:
    """A text as it may be stored."""
    return ring(purpose).encrypt(text.encode()).decode()


def open_sealed(sealed: str, purpose: str) -> str:
    """The text behind what `seal` gave; raises Unavailable when no key of this installation opens it."""
    try:
        return ring(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise _unknown_key() from None


def reseal(sealed: str, purpose: str) -> str:
    """The same text sealed with the present key; raises Unavailable like `open_sealed`."""
    try:
        return ring(purpose).rotate(sealed.encode()).decode()
    except InvalidToken:
        raise _unknown_key() from None


def ring(purpose: str) -> MultiFernet:
    """The keys for a purpose, the present one first."""
    return _make_ring(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=64)
def _make_ring(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key, purpose)) for key in keys])


def _derive(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"trassa.sealed.{purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))


def _unknown_key() -> Unavailable:
    return Unavailable("It was sealed with a secret key that this server does not know.", code="unknown_key")
