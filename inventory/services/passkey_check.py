"""Owns what a passkey is asked and whether its answer is right (Web Authentication level 3, W3C).

It must not know tables, people's rights or pages. The library behind it costs a start a third of a second, so
this module is imported when the first passkey is spoken of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

MOST_CREDENTIAL_BYTES = 1023
"""What an authenticator may choose at most (level 3, section 4)."""

TIMEOUT_MS = 120_000


class AnswerRefusedError(Exception):
    """An answer that no passkey of this store gave to this question; the text is for the trail alone."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The store as passkeys know it: the host's name, its whole address, and what people call it."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says of itself, before anything of it is believed."""

    credential: str
    question: bytes
    user_handle: bytes


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey as it was made. `credential` and `public_key` are base 64 for addresses."""

    credential: str
    public_key: str
    sign_count: int


def to_make(party: RelyingParty, *, question: bytes, staff_id: str, name: str, known: Sequence[str]) -> str:
    """What a browser is told to make a passkey with, as JSON; none that is `known` is made again."""
    options = webauthn.generate_registration_options(
        rp_id=party.rp_id,
        rp_name=party.name,
        user_name=name,
        user_id=staff_id.encode(),
        challenge=question,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return webauthn.options_to_json(options)


def to_show(party: RelyingParty, *, question: bytes) -> str:
    """What a browser is told to show a passkey with, whosever it is, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=party.rp_id,
        challenge=question,
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def claim_of(answer: str) -> Claim:
    """What an answer to `to_show` says of itself. Raises AnswerRefusedError."""
    try:
        credential = parse_authentication_credential_json(_table(answer))
        question = parse_client_data_json(credential.response.client_data_json).challenge
    except Exception as error:
        raise AnswerRefusedError("not an answer") from error
    raw_id = bytes(credential.raw_id)
    return Claim(bytes_to_base64url(raw_id), question, bytes(credential.response.user_handle or b""))


def question_in(answer: str) -> bytes:
    """The question that an answer to `to_make` names. Raises AnswerRefusedError."""
    try:
        credential = parse_registration_credential_json(_table(answer))
        return parse_client_data_json(credential.response.client_data_json).challenge
    except Exception as error:
        raise AnswerRefusedError("not an answer") from error


def made(party: RelyingParty, answer: str, *, question: bytes) -> NewKey:
    """The passkey made for this question by somebody who showed who they are. Raises AnswerRefusedError."""
    try:
        verified = webauthn.verify_registration_response(
            credential=_table(answer),
            expected_challenge=question,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # the library lets other errors of what it reads through
        raise AnswerRefusedError(_why(error)) from error
    if len(verified.credential_id) > MOST_CREDENTIAL_BYTES:
        raise AnswerRefusedError("its id is too long")
    return NewKey(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
    )


def shown(party: RelyingParty, answer: str, *, question: bytes, public_key: str, sign_count: int) -> int:
    """Checks that this passkey answered this question for its owner; the new count of its signatures.

    A count that did not grow is that of a copy (level 3, section 6.1.1). Raises AnswerRefusedError.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=_table(answer),
            expected_challenge=question,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise AnswerRefusedError(_why(error)) from error
    return verified.new_sign_count


def _table(answer: str) -> dict[str, Any]:
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("an answer is an object")
    return found


def _why(error: Exception) -> str:
    return str(error)[:200] if isinstance(error, WebAuthnException) else "not an answer"
