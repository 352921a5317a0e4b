"""Refusals of the domain: one class each, so that a caller can tell them apart. They know nothing of HTTP."""


class GreffeError(Exception):
    """Base of every error a user may see: a sentence for a person, in English (``str(error)``) and in French."""

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english, french)
        self.english = english
        self.french = french

    def __str__(self) -> str:
        return self.english

    def text(self, lang: str) -> str:
        """The sentence in a language, ``en`` or ``fr``."""
        return self.french if lang == "fr" else self.english


class InvalidInstantError(GreffeError):
    """A text that is not an RFC 3339 date-time with an offset."""


class InvalidDelayError(GreffeError):
    """A text that is not a delay such as ``2 weeks + 1 day``."""


class UnknownReadingError(GreffeError):
    """A reading parameter or value that no text knows; the message names the nearest."""


class UnknownDocumentError(GreffeError):
    """A document id that is not in the catalogue of agreements."""


class InvalidAgreementError(GreffeError):
    """An agreement file that is not well-formed; the message names the file and the key."""


class InvalidMappingError(GreffeError):
    """A mapping file of an importer that is not well-formed; the message names the file and the key."""


class UnreadableHistoryError(GreffeError):
    """A published history that cannot be read; the message names the file and the line."""


class UndecodableEventError(GreffeError):
    """An event that cannot be read as a fact; ``field`` is the path of what is wrong (``data.started_at``)."""

    def __init__(self, reason: str, field: str | None = None, french: str | None = None) -> None:
        french = french or reason
        super().__init__(f"{field}: {reason}" if field else reason, f"{field} : {french}" if field else french)
        self.reason = reason
        self.field = field


class LedgerError(GreffeError):
    """The ledger cannot be opened or written; the message says which and why."""


class PositionMovedError(LedgerError):
    """Another worker recorded from this source since its position was read: the batch is its, nothing was written."""


class BrokerError(GreffeError):
    """The broker cannot be used, or no longer has what was to be read; the message says which and why."""


class BrokerAbsentError(BrokerError):
    """No broker answers; one may later."""


class UnknownContractError(GreffeError):
    """A contract that no fact is about; the message names those there are."""
