"""Encryption at rest, and keyed hashes for matching.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the first byte names the key, so that keys can
be rotated: new texts take the first key, old ones open with theirs. The blind index is HMAC-SHA-256 under
a key of its own: equal texts match, nobody without the key can try numbers out.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class SealBroken(ValueError):
    """A sealed text that none of the keys opens."""


class SecretsBox:
    """Seals texts and makes blind indexes.

    >>> box = SecretsBox(["first key"], "index key")
    >>> box.open(box.seal("+84905123456"))
    '+84905123456'
    >>> box.blind_index("phone", "+84905123456") == box.blind_index("phone", "+84905123456")
    True
    >>> SecretsBox(["second key", "first key"], "index key").open(box.seal("x"))
    'x'
    """

    def __init__(self, keys: Sequence[str], index_key: str) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        derived = [hashlib.sha256(b"seal\0" + key.encode()).digest() for key in keys]
        self._by_name = {key[0]: AESGCM(key) for key in reversed(derived)}
        self._name = derived[0][0]
        self._index_key = hashlib.sha256(b"index\0" + index_key.encode()).digest()

    def seal(self, plain: str) -> bytes:
        """Return the sealed text: key name, nonce, ciphertext with its tag."""
        return self.seal_bytes(plain.encode())

    def open(self, sealed: bytes) -> str:
        """Return the plain text. Raises SealBroken when no key opens it."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, plain: bytes) -> bytes:
        """Return sealed bytes, such as a whole file: key name, nonce, ciphertext with its tag."""
        nonce = os.urandom(_NONCE)
        return bytes([self._name]) + nonce + self._by_name[self._name].encrypt(nonce, plain, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Return the plain bytes. Raises SealBroken when no key opens them."""
        cipher = self._by_name.get(sealed[0]) if sealed else None
        if cipher is None:
            raise SealBroken("no key of that name")
        try:
            return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], None)
        except InvalidTag as error:
            raise SealBroken("the text was sealed with another key or was changed") from error

    def blind_index(self, kind: str, plain: str) -> str:
        """Return 32 hexadecimal digits (128 bits) by which equal texts of one kind match."""
        mac = hmac.new(self._index_key, f"{kind}\0{plain}".encode(), hashlib.sha256)
        return mac.hexdigest()[:32]

    def code(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes that only this house can derive from a value, for links and codes."""
        return hmac.new(self._index_key, f"code\0{purpose}\0{value}".encode(), hashlib.sha256).digest()
