"""A document as PDF: tagged (PDF/UA-1), for archives (PDF/A-3a), and the same bytes for the same document.

Values reach the template as data, never as markup. The file carries them too, as ``document.json``, by whose digest the
print names them. Nothing of the machine, the day or the network is in it: the fonts are those that come with Typst.
"""

from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any

from adapters.documents.glyphs import all_printable
from adapters.evidence.verify import canonical
from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant
from projections.spelling import dump

STANDARDS: Any = ["a-3a", "ua-1"]
LATEST = 253_402_214_400
"""Unix seconds of the last day of the year 9999: what a PDF can be dated with."""


def rendered(document: dict[str, Any]) -> bytes:
    """The PDF of a document of ``projections.documents.kinds``. It is dated by what it speaks of, not by the clock."""
    import typst  # noqa: PLC0415 - 80 MB that only documents need

    data = canonical(document)
    at = min(max(parse_instant(document["at"]), 0) // MICROSECONDS_PER_SECOND, LATEST)
    link = document["verify"]["link"]
    frame = {
        "digest": sha256(data).hexdigest(),
        "code": _code(link) if link else "",
    }
    sources: Any = {  # the published types leave out what the documentation gives: files by name
        "main.typ": files("adapters.documents").joinpath("document.typ").read_bytes(),
        "document.json": data,
        "shown.json": dump(all_printable(document)).encode(),
        "frame.json": dump(frame).encode(),
    }
    made: bytes = typst.compile(sources, format="pdf", pdf_standards=STANDARDS, timestamp=at, ignore_system_fonts=True)
    return made


def _code(link: str) -> str:
    """The QR code of an address, as SVG."""
    import segno  # noqa: PLC0415 - only documents with an address need it

    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", xmldecl=False, nl=False, border=2)
    return out.getvalue().decode()
