"""What the routes work with: the ledger, the texts, the settings and the clock, put together once at start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from adapters.answers import Answers
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.store import Store
from adapters.evidence.receipt import Receipts
from adapters.mappings.model import Mapping as MessageMapping
from adapters.settings.evidence import EvidenceSettings
from adapters.settings.server import ServerSettings
from api.refresher import Refresher
from domain.agreements.catalogue import Catalogue
from domain.readings import Readings, Switches, select
from domain.time.instant import Instant


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each, for as long as the server runs."""

    ledger: Ledger
    catalogue: Catalogue
    switches: Switches
    answers: Answers
    refresher: Refresher
    settings: ServerSettings
    clock: Callable[[], Instant]
    mappings: Mapping[str, MessageMapping]
    receipts: Receipts
    agreements: Sequence[Path] = ()
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)

    @property
    def readings(self) -> Readings:
        """The default readings."""
        return select(self.switches, [])

    @property
    def store(self) -> Store:
        """The store under the ledger."""
        return self.ledger.store


async def parts_of(request: HTTPConnection) -> Parts:
    """The parts of the server that answers. Asynchronous, so that no thread is asked for it."""
    found: Parts = request.app.state.parts
    return found


Having = Annotated[Parts, Depends(parts_of)]
