"""Refusals of the domain: one class each, so that a caller can tell them apart. They know nothing of HTTP."""


class GreffeError(Exception):
    """Base of every error a user may see; ``str(error)`` is a sentence for a person."""


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
