"""Secrets at rest: sealed with the installation's key, readable for the owner they were sealed for."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class Sealer:
    """AES-256-GCM; the key comes from `secret`."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"studyrag sealed values").derive(secret.encode())
        self._cipher = AESGCM(derived)

    def seal(self, text: str, owner_id: str) -> bytes:
        """Different each time."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), owner_id.encode())

    def open(self, sealed: bytes, owner_id: str) -> str | None:
        """None for what was sealed with another key or for another owner, or is damaged."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner_id.encode()).decode()
        except (InvalidTag, ValueError):
            return None
