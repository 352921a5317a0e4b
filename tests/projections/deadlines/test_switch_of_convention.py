"""A client that moves from the 2023 agreement to the new convention leaves the old duties behind (000 art. 3)."""

from tests.support.dossier import Happening, outscale, rows, statement

FACTS: tuple[Happening, ...] = (
    ("2025-10-10T00:00:00+02:00", "contract.signed", outscale("outscale-snc-en-2023", "outscale-cgv-2019")),
    (
        "2026-06-15T00:00:00+02:00",
        "contract.document-signed",
        {"document": "outscale-snc-fr", "replaces": "outscale-snc-en-2023"},
    ),
    ("2026-08-20T18:00:00+02:00", "contract.ended", {"cause": "convenience", "on": "2026-08-20"}),
)


def test_art_3_the_month_of_reversibility_is_gone_with_the_text_that_gave_it() -> None:
    found = statement(*FACTS, at="2026-10-05T00:00:00+02:00")
    assert found["documents"] == ["outscale-cgv-2019", "outscale-snc-fr"]
    assert rows(found["deadlines"], rule="outscale-snc-en-2023/rev-one-month-access") == []
    assert rows(found["deadlines"], rule="outscale-snc-en-2023/rev-deletion-2w1d") == []


def test_art_3_a_reading_that_gives_everyone_the_month_still_gives_it() -> None:
    found = statement(*FACTS, at="2026-10-05T00:00:00+02:00", readings=["rev.governing=B"])
    access = rows(found["deadlines"], rule="outscale-snc-en-2023/rev-one-month-access")
    assert [row["last_day"] for row in access] == ["2026-09-20"]
