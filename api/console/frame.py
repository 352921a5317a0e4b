"""What every page of one contract shows around its own: the contract, its tabs, the date asked for."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request

from api.console.levels import lines_of, shown
from api.console.rows import Promises
from api.console.statements import Question, Questioned, Row, Stated, Whole, part_of
from api.identity import reader
from api.parts import Having, Parts
from api.summaries import head_of
from domain.time.instant import Instant

TABS = (
    "overview",
    "service-levels",
    "support",
    "penalties",
    "deadlines",
    "end",
    "findings",
    "timeline",
    "dispute",
    "documents",
    "bundle",
)


class Frame:
    """One contract as a page asks for it."""

    def __init__(self, request: Request, parts: Parts, contract: str, whole: Whole, asked: Question) -> None:
        self.request = request
        self.parts = parts
        self.contract = contract
        self.whole = whole
        self.part = part_of(whole, contract)
        self.asked = asked
        self.promises = Promises(parts)
        self.base = f"/contracts/{quote(contract, safe='')}"
        self.now: Instant = parts.clock() if asked.at is None else asked.at

    @property
    def lines(self) -> list[Row]:
        """The lines of the service levels, each with what a table shows of it."""
        return self.whole.once("lines", self._lines)

    def _lines(self) -> list[Row]:
        found = lines_of(self.part["indicators"], self.whole["at"])
        return [line | {"shown": shown(line, self.promises.metric(line["indicator"]))} for line in found]

    def figure(self, section: str, row: Row) -> str:
        """The address that explains a row."""
        return f"{self.base}/figure{self.asked.query(path=path_of(section, row))}"

    def values(self, tab: str, **more: Any) -> dict[str, Any]:
        """What a template needs."""
        head = self.whole.once("head", lambda: head_of(self.parts, self.contract, self.whole))
        tabs = [(name, f"{self.base}{'' if name == 'overview' else f'/{name}'}{self.asked.query()}") for name in TABS]
        return {
            "about": head.as_json(self.now),
            "contract": self.contract,
            "tab": tab,
            "tabs": tabs,
            "base": self.base,
            "query": self.asked.query(),
            "asked": self.asked,
            "at": self.whole["at"],
            "known_at": self.whole["known_at"],
            "now": self.now,
            "figure": self.figure,
            "title": self.promises.title,
            "part": self.part,
            **more,
        }


KEYS: dict[str, tuple[str, ...]] = {
    "indicators": ("indicator", "resource", "period.from", "period.to"),
    "support": ("ticket", "commitment", "from"),
    "support_objectives": ("commitment", "month"),
    "penalties": ("period_end", "rule"),
    "deadlines": ("rule", "opened_by", "from", "due"),
}


def path_of(section: str, row: Row) -> str:
    """The path that names a row by what it is about; by its number (``number``) where nothing tells it apart."""
    names = KEYS.get(section)
    if names is None:
        return f"{section}.{row['number']}"
    told = []
    for name in names:
        first, _, second = name.partition(".")
        value = row.get(first)
        value = value.get(second) if second and value is not None else value
        told.append(f"[{name}={'' if value is None else value}]")
    return section + "".join(told)


def framed(request: Request, contract: str, parts: Having, whole: Stated, asked: Questioned) -> Frame:
    """The frame of the contract in the address."""
    return Frame(request, parts, contract, whole, asked)


Framed = Annotated[Frame, Depends(framed)]
READ = [Depends(reader)]
