"""The rounds of the signer: sign what was recorded, ask witnesses and authorities, copy; again and again.

What fails is told and tried again at the next round. Only a ledger that shows another history ends it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from adapters.eventstore.store import Store
from adapters.evidence.asking import Others
from adapters.evidence.copies import CopyError, copy_checkpoints
from adapters.evidence.cosigning import CosigningError
from adapters.evidence.figures import CHECKPOINTS, FAILURES, SIGNED, SIGNED_AT
from adapters.evidence.signed import Signed
from adapters.evidence.signing import LogSigner
from adapters.evidence.timestamps import TimestampError
from adapters.settings.evidence import EvidenceSettings
from adapters.telemetry.logs import logger
from domain.errors import GreffeError, LedgerError
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant

log = logger("sign")
WHAT = {CosigningError: "witness", TimestampError: "timestamp", CopyError: "copy", LedgerError: "ledger"}


class Round(NamedTuple):
    """What one round did: the checkpoint it signed, the newest there is, and what did not succeed."""

    signed: Signed | None
    newest: Signed | None
    failures: list[GreffeError]


class Rounds:
    """The signer of one ledger, with the others of the settings and the folders for copies."""

    def __init__(self, store: Store, key: Path, settings: EvidenceSettings) -> None:
        self._store = store
        self._others = Others(settings)
        self._folders = settings.copies
        self._signer = LogSigner(store, key)
        self._date = False

    def once(self, at: Instant, *, date: bool = False) -> Round:
        """One round; ``date``: the newest checkpoint is dated now, whenever the last one was.

        Raises AnotherHistoryError, KeyFileError, LedgerError.
        """
        signed = self._signer.sign(at)
        self._date |= date or self._signer.covers_notice
        newest = signed or self._store.checkpoint()
        failures: list[GreffeError] = []
        if newest is not None:
            failures += self._others.ask(self._store, newest, at, date=self._date)
            self._date = self._date and any(isinstance(one, TimestampError) for one in failures)
            SIGNED.set(newest.size)
            SIGNED_AT.set(newest.made / MICROSECONDS_PER_SECOND)
        for folder in self._folders:
            try:
                copy_checkpoints(self._store, folder)
            except CopyError as error:
                failures.append(error)
        return Round(signed, newest, failures)

    def noticed(self) -> bool:
        """Whether a legal notice was recorded since the last checkpoint."""
        self._signer.look()
        return self._signer.noticed


def sign_until(
    stopping: Callable[[], bool],
    rounds: Rounds,
    settings: EvidenceSettings,
    clock: Callable[[], Instant],
    pause: Callable[[float], None],
) -> None:
    """Rounds at the interval of the settings, and at once for a legal notice, until ``stopping`` says so.

    Raises AnotherHistoryError and KeyFileError.
    """
    last: Instant | None = None
    while not stopping():
        at = clock()
        try:
            waited = last is None or abs(at - last) >= settings.interval_seconds * MICROSECONDS_PER_SECOND
            if rounds.noticed() or waited:
                _tell(rounds.once(at))
                last = at
        except LedgerError as error:
            _failed(error)
        if not stopping():
            pause(settings.look_seconds)


def _tell(done: Round) -> None:
    if done.signed is not None:
        CHECKPOINTS.inc()
        log.info("checkpoint signed", size=done.signed.size)
    for error in done.failures:
        _failed(error)


def _failed(error: GreffeError) -> None:
    what = WHAT.get(type(error), "other")
    FAILURES.labels(what).inc()
    log.warning("failed, tried again later", part=what, reason=str(error))
