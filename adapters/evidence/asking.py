"""Asking others about the newest checkpoint: witnesses to cosign it, timestamp authorities to date it.

Whoever does not answer is told of, and asked again at the next round. What is answered is verified before it is kept.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import httpx
from cryptography import x509

from adapters.eventstore.store import Store
from adapters.evidence import cosigning, timestamps
from adapters.evidence.cosigning import CosigningError
from adapters.evidence.signed import Cosignature, Signed, Timestamp
from adapters.evidence.timestamps import TimestampError, Trust
from adapters.evidence.verify import Key, parse_key
from adapters.saying import french_of
from adapters.settings.evidence import EvidenceSettings, authority_of, witness_of
from domain.errors import GreffeError
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant


class RootsError(GreffeError):
    """The roots of a timestamp authority cannot be read; the text says which and why."""


class Witness(NamedTuple):
    """A witness: its key, as text too, and where it answers."""

    key: Key
    text: str
    url: str


class Authority(NamedTuple):
    """A timestamp authority: where it answers, and what of it we believe."""

    url: str
    trust: Trust


class Others:
    """The witnesses and authorities of the settings. Raises RootsError where roots cannot be read."""

    def __init__(self, settings: EvidenceSettings) -> None:
        self.witnesses = [Witness(parse_key(key), key, url) for key, url in map(witness_of, settings.witnesses)]
        self.authorities = [
            Authority(url, Trust(roots_in(roots), policies=policies))
            for url, roots, policies in map(authority_of, settings.authorities)
        ]
        self._dating = settings.dating_seconds * MICROSECONDS_PER_SECOND
        self._seconds = settings.answer_seconds

    def ask(self, store: Store, newest: Signed, at: Instant, *, date: bool) -> Iterator[GreffeError]:
        """Asks whoever has not answered for this checkpoint yet; gives what went wrong.

        An authority is asked where ``date`` says so, or where its last timestamp is as old as the settings allow.
        """
        with httpx.Client(timeout=self._seconds) as client:
            cosigned = {one.key for one in store.cosignatures(newest.size)}
            for witness in self.witnesses:
                if witness.text not in cosigned:
                    yield from self._cosign(client, store, witness, newest, at)
            dated = {one.authority for one in store.timestamps(newest.size)}
            for authority in self.authorities:
                last = store.dated_last(authority.url)
                if authority.url not in dated and (date or last is None or at - last.made >= self._dating):
                    yield from self._date(client, store, authority, newest, at)

    def _cosign(
        self, client: httpx.Client, store: Store, witness: Witness, newest: Signed, at: Instant
    ) -> Iterator[CosigningError]:
        def consistency(old: int) -> Sequence[bytes]:
            return store.consistency_proof(old, newest.size)

        try:
            old = store.cosigned_last(witness.text)
            found = cosigning.cosign(client, witness.url, witness.key, newest.note, old=old, consistency=consistency)
        except CosigningError as error:
            yield error
            return
        with store.writing() as writing:
            writing.add_cosignature(Cosignature(newest.size, witness.text, f"{found.line}\n", at))

    def _date(
        self, client: httpx.Client, store: Store, authority: Authority, newest: Signed, at: Instant
    ) -> Iterator[TimestampError]:
        try:
            token = timestamps.ask(client, authority.url, newest.note, authority.trust)
        except TimestampError as error:
            yield error
            return
        with store.writing() as writing:
            writing.add_timestamp(Timestamp(newest.size, authority.url, token, at))


def roots_in(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file. Raises RootsError."""
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise RootsError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    except ValueError:
        raise RootsError(f"{path}: no certificate in PEM", f"{path} : aucun certificat en PEM") from None
