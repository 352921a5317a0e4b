"""Documents as tests read them back: drawn up from facts, set as PDF, read by a program that did not write them."""

import io
import re
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

from pypdf import PdfReader

from adapters.catalogue import load_catalogue, load_switches
from adapters.documents.drawn import Evidence, Order, drawn
from adapters.documents.pdf import rendered
from domain.readings import select
from domain.time.instant import parse_instant
from projections.documents.drawing import Asked
from projections.figures import Lang
from projections.intake import Intake
from projections.replay import Question
from tests.support.dossier import CONTRACT, Happening, facts
from tests.support.paperwork import AT, paperwork_story

SIDES = ("maintenance.mode=A",), ("maintenance.mode=B", "cap.example=B")
IN_TIME = "2026-05-04T10:00:00+02:00"


class Paper:
    """A PDF as read back: what it says, what it says of itself, and what is attached to it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reader = PdfReader(io.BytesIO(data))

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page."""
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        """The text without its blanks."""
        return tight("".join(self.pages))

    def says(self, *words: str) -> bool:
        """Whether each is printed, wherever its lines break."""
        return all(tight(one) in self.text for one in words)

    @property
    def attached(self) -> bytes:
        """The data that the PDF carries."""
        (data,) = self.reader.attachments["document.json"]
        return data

    @property
    def catalog(self) -> Any:
        """The root of the PDF."""
        return self.reader.trailer["/Root"]

    @property
    def digest(self) -> str:
        """The digest of the data it carries."""
        return sha256(self.attached).hexdigest()


def tight(text: str) -> str:
    """A text without its blanks: where a line breaks is not what is said."""
    return re.sub(r"[\s\N{ZERO WIDTH SPACE}]", "", text)


def values_of(
    kind: str,
    lang: Lang = "en",
    story: Sequence[Happening] | None = None,
    *,
    at: str = AT,
    evidence: Evidence | None = None,
    **asked: Any,
) -> dict[str, Any]:
    """The document as values, of a story told in facts."""
    intake = Intake()
    for fact in facts(*(paperwork_story() if story is None else story)):
        intake.add(fact)
    address = asked.pop("address", "")
    reading, against = asked.pop("sides", SIDES) if kind == "dispute-dossier" else ((), ())
    order = Order(kind, lang, Asked(**asked), reading, against, address)
    known = intake.latest_recorded
    assert known is not None
    question = Question(parse_instant(at), known, select(load_switches(), []), CONTRACT)
    catalogue = load_catalogue()
    return drawn(intake, question, order, evidence or Evidence(), catalogue=catalogue, switches=load_switches())


def paper(kind: str, lang: Lang = "en", story: Sequence[Happening] | None = None, **more: Any) -> Paper:
    """The document as a PDF, read back."""
    return Paper(rendered(values_of(kind, lang, story, **more)))


@cache
def usual(kind: str, lang: Lang) -> Paper:
    """The document of the whole story, made once for all tests."""
    return paper(kind, lang, at=IN_TIME if kind == "penalty-claim" else AT, address="https://greffe.example/")
