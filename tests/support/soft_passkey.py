"""An authenticator made of software: makes passkeys and signs questions, as wrongly as is wanted."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
"""Flags of the authenticator's data (Web Authentication level 3, section 6.1)."""


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftPasskey:
    """One passkey. Its fields may be bent between two uses."""

    origin: str
    rp_id: str
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    sign_count: int = 0
    counts: bool = True
    """Keys that are kept on several devices at once do not count."""

    flags: int = PRESENT | VERIFIED

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a request for a new passkey, as the page's script sends it."""
        self.user_handle = bytes_of(options["user"]["id"])
        number = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: number.x.to_bytes(32), -3: number.y.to_bytes(32)}
        credential = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(cose)
        data = self._data(self.flags | WITH_KEY) + credential
        return self._answer(
            options["challenge"],
            "webauthn.create",
            {"attestationObject": text_of(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))},
        )

    def show(self, options: dict[str, Any]) -> str:
        """The answer to a request to show a passkey."""
        self.sign_count += self.counts
        data, told = self._data(self.flags), self._client_data(options["challenge"], "webauthn.get")
        signature = self.key.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            options["challenge"],
            "webauthn.get",
            {
                "authenticatorData": text_of(data),
                "signature": text_of(signature),
                "userHandle": text_of(self.user_handle),
            },
        )

    def _data(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4)

    def _client_data(self, challenge: str, kind: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, challenge: str, kind: str, response: dict[str, Any]) -> str:
        name = text_of(self.credential_id)
        told = text_of(self._client_data(challenge, kind))
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {"clientDataJSON": told, **response},
            }
        )
