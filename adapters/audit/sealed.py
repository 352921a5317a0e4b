"""The values of persons: whether each that is sealed still opens to what the log commits to."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from adapters.audit.fault import Fault, fault
from adapters.eventstore.auditing import Row
from adapters.eventstore.store import Store
from adapters.privacy.opening import Opening
from adapters.privacy.token import PREFIX

PAGE = 5_000
MARK = PREFIX.encode()


class Value(NamedTuple):
    """What became of one value; the fault where it does not open and nobody erased it."""

    became: Literal["opened", "erased", "lost"]
    fault: Fault | None = None


def sealed_values(store: Store, after: int, upto: int) -> Iterator[Value]:
    """Every sealed value of the events after a position and up to another. The values themselves are told to nobody."""
    opening = Opening(store)
    for row in _sealed_rows(store, after, upto):
        try:
            fields = opening.fields(row.state)
        except (KeyError, ValueError, TypeError, AttributeError):
            continue  # the row itself was told
        for path, opened in fields.items():
            if opened.why == "unavailable":
                words = (
                    f"{path} does not open: its key is missing, or it was altered; nobody was erased",
                    f"{path} ne s'ouvre pas : sa clé manque, ou la valeur a été altérée ; nul n'a été effacé",
                )
                yield Value("lost", fault("sealed", words, None, (row.stream, row.version)))
            else:
                yield Value("erased" if opened.why == "erased" else "opened")


def _sealed_rows(store: Store, after: int, upto: int) -> Iterator[Row]:
    while after < upto:
        page = store.rows_between(after, min(after + PAGE, upto))
        yield from (row for row in page if MARK in row.state)
        after += PAGE
