"""Encrypts and signs messages for browsers: RFC 8291 by `http_ece`, RFC 8292 (VAPID) by `py_vapid`.

The maker of the browser carries the message and cannot read it.
"""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

#: Seconds for which the maker of the browser keeps a message for a device that is off.
KEPT = 86_400
#: Seconds for which a signature is good.
SIGNED = 12 * 3_600
#: Bytes of a message before it is encrypted: all makers take so much.
LARGEST = 3_000
_POINT, _SECRET = 65, 16


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The pair with which an installation signs."""

    public: str
    #: PEM.
    private: str


def make_key_pair() -> KeyPair:
    """A new pair."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return KeyPair(to_base64(point), pem.decode())


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether a browser's public key and secret are what they should be."""
    try:
        point = from_base64(p256dh)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return len(point) == _POINT and len(from_base64(auth)) == _SECRET
    except (ValueError, binascii.Error):
        return False


def encrypt(message: dict[str, str], p256dh: str, auth: str) -> bytes:
    """A message that only the browser can read."""
    body = json.dumps(message, ensure_ascii=False).encode()
    key = ec.generate_private_key(ec.SECP256R1())
    sealed: bytes = http_ece.encrypt(
        body[:LARGEST],
        salt=os.urandom(16),
        private_key=key,
        dh=from_base64(p256dh),
        auth_secret=from_base64(auth),
        version="aes128gcm",
    )
    return sealed


def heads(endpoint: str, pair: KeyPair, contact: str, key: str, expires_at: float) -> dict[str, str]:
    """What goes with a message; `contact` is mailto: or https:, `key` stays for a repetition."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": contact, "exp": int(expires_at)}
    signed = Vapid02.from_pem(pair.private.encode()).sign(claims)
    return {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": "normal",
        # A repetition takes the place of a message that the device has not got yet.
        "Topic": to_base64(hashlib.sha256(key.encode()).digest()[:24]),
    }


def to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
