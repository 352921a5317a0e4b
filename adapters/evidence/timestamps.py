"""RFC 3161: a timestamp authority says that bytes existed at an instant, and anyone can check that it did."""

from typing import NamedTuple

import httpx
from cryptography.x509 import Certificate, ObjectIdentifier
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    TimeStampTokenInfo,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import GreffeError
from domain.time.instant import Instant, from_datetime

ASK = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}
ANSWER = "application/timestamp-reply"
MOST_BYTES = 64 * 1024


class TimestampError(GreffeError):
    """A timestamp could not be had, or does not hold; the text says why."""


class Timestamped(NamedTuple):
    """What a token proves: the bytes existed at ``time``, said under the authority's ``policy`` (an OID)."""

    time: Instant
    policy: str


class Trust(NamedTuple):
    """Whom we believe: the roots of authorities, the policies we accept (OIDs, none: any), certificates between.

    ``authority`` is the authority's own certificate, for tokens that do not carry it.
    """

    roots: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...] = ()
    policies: tuple[str, ...] = ()
    authority: Certificate | None = None


def ask(client: httpx.Client, url: str, message: bytes, trust: Trust) -> bytes:
    """A token over ``message`` from the authority at ``url``, verified before it is returned.

    Raises TimestampError where none was given, or one that does not hold or answers another request.
    """
    request = TimestampRequestBuilder(message, HashAlgorithm.SHA512).build()
    try:
        answer = client.post(url, content=request.as_bytes(), headers=ASK)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise TimestampError(
            f"the timestamp authority {url} gave no timestamp: {error}",
            f"l'autorité d'horodatage {url} n'a pas donné d'horodatage : {error}",
        ) from None
    if answer.headers.get("content-type") != ANSWER or len(answer.content) > MOST_BYTES:
        raise TimestampError(
            f"the timestamp authority {url} answered something else than a timestamp",
            f"l'autorité d'horodatage {url} a répondu autre chose qu'un horodatage",
        )
    verified(answer.content, message, trust, request.nonce)
    return answer.content


def verified(token: bytes, message: bytes, trust: Trust, nonce: int | None = None) -> Timestamped:
    """What the token proves of ``message``.

    The signature, the chain up to a trusted root at the token's own instant, the use the certificate was issued for,
    the policy, the message and, where given, the nonce are checked. Raises TimestampError for the first that fails.
    """
    response, said = _decoded(token)
    if trust.policies and said.policy.dotted_string not in trust.policies:
        raise TimestampError(
            f"the timestamp was made under policy {said.policy.dotted_string}, which is not accepted",
            f"l'horodatage fut fait sous la politique {said.policy.dotted_string}, qui n'est pas acceptée",
        )
    verifier = VerifierBuilder(
        roots=list(trust.roots),
        intermediates=list(trust.intermediates),
        tsa_certificate=trust.authority,
        policy_id=ObjectIdentifier(said.policy.dotted_string),
        nonce=nonce,
    ).build()
    try:
        verifier.verify_message(response, message)
    except (VerificationError, ValueError) as error:
        raise TimestampError(
            f"the timestamp does not hold: {str(error).partition(': ErrorStack')[0]}",
            f"l'horodatage ne tient pas : {str(error).partition(': ErrorStack')[0]}",
        ) from None
    return Timestamped(from_datetime(said.gen_time), said.policy.dotted_string)


def _decoded(token: bytes) -> tuple[TimeStampResponse, TimeStampTokenInfo]:
    try:
        response = decode_timestamp_response(token)
        said = response.tst_info
    except ValueError as error:
        raise TimestampError(f"not a timestamp: {error}", f"n'est pas un horodatage : {error}") from None
    return response, said
