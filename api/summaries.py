"""Contracts in one line each, from their stored statements, read again only once a statement may read otherwise.

What hangs on the hour (what can still be claimed, what is due soon, whether a contract has ended) is worked out when a
line is shown.
"""

from calendar import monthrange
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock
from typing import NamedTuple

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import stream_id
from api.console.render import packed
from api.console.rows import Row, worst
from api.console.statements import Question, Reader, part_of
from api.parts import Parts
from domain.events.contract import ContractEnded, ContractSigned
from domain.exact import exact_text
from domain.time.instant import Instant, end_of_day, format_instant, parse_instant, to_paris

MONTHS = 12
ZERO = Fraction(0)
MOST = 20_000
"""As many lines as are kept; each is a few hundred bytes."""
AT_ONCE = 5
"""Statements that are read ahead in one turn: a fraction of a second's work."""
UNCLAIMED, ANSWERED = frozenset({"claimed", "suspended"}), frozenset({"accepted"})


@dataclass(frozen=True, slots=True)
class Head:
    """Whose contract it is, and what its whole statement counts; ``ends`` is the first instant after the contract."""

    contract: str
    provider: str | None
    client: str | None
    documents: tuple[str, ...]
    ends: Instant | None
    at: str
    counts: dict[str, int]

    def as_json(self, now: Instant) -> Row:
        """The contract as the API lists it, at an instant."""
        return self.row(ended=self.ends is not None and self.ends <= now)

    def row(self, *, ended: bool) -> Row:
        """The contract as the API lists it."""
        return {
            "contract": self.contract,
            "provider": self.provider,
            "client": self.client,
            "documents": list(self.documents),
            "state": "unsigned" if self.provider is None else "ended" if ended else "in-force",
            "at": self.at,
            **self.counts,
        }


class Told(NamedTuple):
    """What of a line hangs on the hour.

    Whether the contract has ended, whether a month has ended since its latest fact, how many penalties can still be
    claimed, and when its deadlines of the next days end.
    """

    ended: bool
    stale: bool
    open: int
    due: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What one line needs of a statement. Money is exact; what is kept, breached, unmeasured is of the last period.

    ``turns`` is the end of the month of its latest fact; ``open`` what can be claimed and until when, the last to end
    last.
    """

    head: Head
    turns: Instant
    period: str | None
    kept: int
    breached: int
    unmeasured: int
    months: tuple[Row, ...]
    open: tuple[tuple[Fraction, Instant | None], ...]
    claimed: Fraction
    granted: Fraction
    lost: Fraction

    def told(self, now: Instant, due: Iterable[int]) -> Told:
        """What hangs on the hour, at an instant; ``due``: when its deadlines of the next days end."""
        ends = self.head.ends
        still = sum(by is None or by > now for _, by in self.open)
        return Told(ends is not None and ends <= now, self.turns <= now, still, tuple(sorted(due)))

    def line(self, told: Told) -> "Line":
        """The line as it reads then."""
        open_ = self.open[len(self.open) - told.open :]
        claimable = sum((amount for amount, _ in open_), ZERO)
        by = next((by for _, by in open_ if by is not None), None)
        ends = min((end for end in (*told.due[:1], by) if end is not None), default=None)
        row = {
            **self.head.row(ended=told.ended),
            "period": self.period,
            "stale": told.stale,
            "kept": self.kept,
            "breached_lines": self.breached,
            "unmeasured": self.unmeasured,
            "months": list(self.months),
            "due_soon": len(told.due),
            "next_due": format_instant(Instant(told.due[0])) if told.due else None,
            "claimable": exact_text(claimable),
            "claim_by": None if by is None else format_instant(by),
            "claimed": exact_text(self.claimed),
            "granted": exact_text(self.granted),
            "lost": exact_text(self.lost),
        }
        return Line(row, packed({"row": row}), ends, claimable, self.claimed, self.granted, self.lost)


class Line(NamedTuple):
    """What is shown of a contract: as values, and as a page's part takes them.

    ``ends`` is when the first of its deadlines and claims ends. The money once more, exact, in euros.
    """

    row: Row
    told: str
    ends: int | None
    claimable: Fraction
    claimed: Fraction
    granted: Fraction
    lost: Fraction


class Summaries:
    """The summaries of contracts, each kept while its view stands. For any number of threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept: OrderedDict[str, tuple[tuple[int, int] | None, Summary]] = OrderedDict()
        self._lines: dict[str, tuple[Summary, Told, Line]] = {}
        self._ahead: dict[str, tuple[int, int]] = {}
        self._lock = Lock()

    def lines(
        self, parts: Parts, contracts: Sequence[str], now: Instant, due: Mapping[str, Sequence[int]]
    ) -> list["Line"]:
        """The line of each of these contracts at an instant, not to be changed; ``due``: as `Summary.told` takes it."""
        found = []
        for one in self.of(parts, contracts):
            name = one.head.contract
            told = one.told(now, due.get(name, ()))
            kept = self._lines.get(name)
            if kept is None or kept[0] is not one or kept[1] != told:
                kept = one, told, one.line(told)
                with self._lock:
                    if len(self._lines) >= MOST:
                        self._lines.clear()
                    self._lines[name] = kept
            found.append(kept[2])
        return found

    def of(self, parts: Parts, contracts: Sequence[str]) -> list[Summary]:
        """One for each of these contracts, in their order."""
        derived = parts.store.derived()
        return [self._one(parts, contract, derived.get(contract)) for contract in contracts]

    def warm(self, parts: Parts, most: int = AT_ONCE) -> int:
        """Reads some of the statements that changed, so that nobody waits for all of them at once; returns how many.

        Each is tried once as it stands: neither one that cannot be read nor more than are kept hold up the others.
        """
        derived = parts.store.derived()
        with self._lock:
            kept = {contract: version for contract, (version, _) in self._kept.items()}
        read = self._ahead | kept
        due = [one for one in sorted(derived) if derived[one][1] and read.get(one) != derived[one]][:most]
        for contract in due:
            self._ahead[contract] = derived[contract]
            self._one(parts, contract, derived[contract])
        return len(due)

    def _one(self, parts: Parts, contract: str, derived: tuple[int, int] | None) -> Summary:
        with self._lock:
            kept = self._kept.get(contract)
            if kept is not None and kept[0] == derived and derived is not None:
                self._kept.move_to_end(contract)
                return kept[1]
        found = summary_of(parts, contract, self._reader.read(parts, contract, Question()))
        with self._lock:
            self._kept[contract] = derived, found
            self._kept.move_to_end(contract)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def summary_of(parts: Parts, contract: str, whole: Row) -> Summary:
    """How the last closed period of a contract went, the year before it, and its money."""
    part = part_of(whole, contract)
    by_month = months_of(part["indicators"], parse_instant(whole["at"]))
    last = max(by_month, default=None)
    states = Counter(row["state"] for row in by_month.get(last or "", ()))
    penalties = part["penalties"]
    open_ = [
        (Fraction(row["payable"]), None if row["claim_by"] is None else parse_instant(row["claim_by"]))
        for row in penalties
        if row["state"] == "claimable" and row["payable"] is not None
    ]
    return Summary(
        head=head_of(parts, contract, whole),
        turns=_month_ends(parse_instant(whole["at"])),
        period=last,
        kept=states["met"],
        breached=states["breached"],
        unmeasured=states["unmeasured"],
        months=tuple({"month": month, **_shares(by_month[month])} for month in sorted(by_month)[-MONTHS:]),
        open=tuple(sorted(open_, key=lambda one: (one[1] is None, one[1] or 0))),
        claimed=_money([row for row in penalties if row["state"] in UNCLAIMED]),
        granted=_money([row for row in penalties if row["state"] in ANSWERED]),
        lost=_money([row for row in penalties if row["state"] == "barred"], "gross"),
    )


def head_of(parts: Parts, contract: str, whole: Row) -> Head:
    """Whose contract it is, and what a statement of it counts."""
    part = part_of(whole, contract)
    facts = [fact_of(state) for state in parts.store.states(stream_id(contract, "contract", ""))]
    signed = next((fact.data for fact in facts if isinstance(fact.data, ContractSigned)), None)
    states = Counter(row["state"] for row in part["deadlines"])
    return Head(
        contract=contract,
        provider=None if signed is None else signed.provider,
        client=None if signed is None else signed.client.name,
        documents=tuple(part["documents"]),
        ends=min((end_of_day(fact.data.on) for fact in facts if isinstance(fact.data, ContractEnded)), default=None),
        at=whole["at"],
        counts={
            "breached": sum(row["state"] == "breached" for row in part["indicators"]),
            "missed": states["missed"],
            "pending": states["pending"],
            "findings": len(part["findings"]),
        },
    )


def months_of(rows: Sequence[Row], at: Instant) -> dict[str, list[Row]]:
    """The lines whose period is closed, by the month (``2026-05``) in which it ended."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        end = parse_instant(row["period"]["to"])
        if end <= at and row["state"] in {"met", "breached", "unmeasured"}:
            last = to_paris(end - 1)
            found.setdefault(f"{last:%Y-%m}", []).append(row)
    return found


def _shares(rows: Sequence[Row]) -> Row:
    states = Counter(row["state"] for row in rows)
    return {"state": worst(rows), "kept": states["met"], "breached": states["breached"]}


def _month_ends(at: Instant) -> Instant:
    """The first instant after the month of an instant: what closed by then is not in a statement of before."""
    day = to_paris(at).date()
    return end_of_day(day.replace(day=monthrange(day.year, day.month)[1]))


def _money(rows: Sequence[Row], field: str = "payable") -> Fraction:
    return sum((Fraction(row[field]) for row in rows if row[field] is not None), ZERO)
