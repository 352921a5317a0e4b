"""A contract from its breach to its end, told in facts: everything that the documents speak of happens to it."""

from tests.support.dossier import Happening, outscale
from tests.support.story import penalty_story

AT = "2026-06-20T09:00:00+02:00"
NAME = "Client One"
SIGNATORY, TITLE, ADDRESSEE = "Dominique Lefort", "Directrice des opérations", "Camille Würtz"
ACCOUNT_EMAIL = "ops@client-one.example"
ODD = '#panic("x") *b* _i_ $x$ <l> @r \\ `c` [u] // c {1} 中文 "q" \u202eevil & co'
"""A name that would be markup, with letters that no font here has."""


def paperwork_story(name: str = NAME, **certificate: object) -> list[Happening]:
    """The penalty story under the French convention, then a notice, a lost qualification, an end and a deletion."""
    told = penalty_story()
    signed = outscale("outscale-snc-fr", "outscale-cgv-2019", client={"id": "client-1", "name": name})
    told[0] = ("2025-01-01T00:00:00+01:00", "contract.signed", signed)
    stated = {
        "deletion": "D-1", "account": "acc-1", "place": "Paris", "on": "2026-06-18", "signatory": SIGNATORY,
        "title": TITLE, "scopes": ["instances", "volumes", "snapshots", "objects"], "ticket_on": "2026-06-01",
        "signed": True, "stamped": True,
    } | certificate  # fmt: skip
    lost = {"notice": "n-7", "topic": "qualification-loss", "channel": "registered-letter", "to": ADDRESSEE}
    return [
        *told,
        (
            "2026-05-12T10:00:00+02:00",
            "formal-notice.sent",
            {"notice": "FN-1", "by": "client", "ground": "The credit of April was not granted."},
        ),
        (
            "2026-05-20T10:00:00+02:00",
            "qualification.lost",
            {"service": "iaas-cloud-on-demand", "decision": "ANSSI-2026-17"},
        ),
        ("2026-05-21T10:00:00+02:00", "notice.sent", lost),
        ("2026-06-02T10:00:00+02:00", "deletion.requested", {"deletion": "D-1", "via": "api", "scopes": ["all"]}),
        (
            "2026-06-10T10:00:00+02:00",
            "deletion.performed",
            {"deletion": "D-1", "scopes": ["all"], "method": "overwritten twice"},
        ),
        (
            "2026-06-18T10:00:00+02:00",
            "deletion.certified",
            {name: value for name, value in stated.items() if value is not None},
        ),
    ]
