"""One example for each answer, for the OpenAPI document."""

from typing import Any

from api.problems import KINDS

REF = "urn:example:operations#outage-17"
AT = "2026-05-04T10:00:00+02:00"
WHEN = {"contract": "C-2026-0042", "at": AT, "known_at": AT}
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "outage-17",
    "source": "urn:example:operations",
    "type": "greffe.outage.recorded.v1",
    "subject": "C-2026-0042",
    "time": "2026-03-01T10:00:00+01:00",
    "data": {
        "outage": "o-17",
        "service": "vm",
        "started_at": "2026-03-01T07:00:00+01:00",
        "ended_at": "2026-03-01T09:00:00+01:00",
        "extent": "total",
    },
}
_INDICATOR = {
    "indicator": "outscale-cgv-2019/sla4-vm-availability",
    "resource": None,
    "period": {"from": "2026-03-01T00:00:00+01:00", "to": "2026-04-01T00:00:00+02:00"},
    "target": "99.8",
    "reference_seconds": "2674800",
    "unavailable_seconds": "7200",
    "excluded_seconds": "0",
    "unmeasured_seconds": "0",
    "counted_seconds": "7200",
    "allowed_seconds": "5349.6",
    "availability": "741/743",
    "state": "breached",
    "claimable": False,
    "exclusions": [],
    "clause": "Annex A SLA4",
    "events": [REF],
}
_SUPPORT = {
    "ticket": "t-1",
    "commitment": "outscale-cgv-2019/support-gtr-sev1",
    "priority": "1",
    "from": "2026-03-01T07:05:00+01:00",
    "due": "2026-03-01T11:05:00+01:00",
    "settled_at": "2026-03-01T08:35:00+01:00",
    "allowed_seconds": "14400",
    "elapsed_seconds": "5400",
    "state": "met",
    "clause": "Annex A SLA9",
    "events": ["urn:example:desk#t-1"],
}
_PENALTY = {
    "period_end": "2026-03-31",
    "lines": [
        {
            "indicator": "outscale-cgv-2019/sla4-vm-availability",
            "resource": None,
            "target": "99.8",
            "availability": "741/743",
            "counted_seconds": "7200",
            "amount": "690",
            "clause": "Annex A SLA4",
        }
    ],
    "gross": "690",
    "average_monthly_revenue": "10000",
    "caps": [],
    "payable": "690",
    "credit_note": "690",
    "state": "claimed",
    "claim_by": "2026-04-06T00:00:00+02:00",
    "claims": ["urn:example:client#claim-3"],
    "rule": "outscale-cgv-2019/pen-formula",
    "clause": "Annex B",
    "events": [REF],
}
_DEADLINE = {
    "rule": "outscale-cgv-2019/claim-5-clear-days",
    "owed_by": "client",
    "opened_by": None,
    "from": "2026-04-01T00:00:00+02:00",
    "due": "2026-04-07T00:00:00+02:00",
    "last_day": "2026-04-06",
    "earliest": None,
    "state": "pending",
    "settled_by": None,
    "settled_at": None,
    "clause": "art. 11",
    "events": [REF],
}
_AMOUNT = {
    "rule": "outscale-cgv-2019/pay-late-40eur",
    "amount": "40",
    "unit": "EUR",
    "invoice": "i-2026-02",
    "clause": "15.3",
    "events": ["urn:example:billing#i-2026-02"],
}
_QUALIFICATION: dict[str, Any] = {
    "state": "unknown",
    "decision": None,
    "valid_until": None,
    "clause": None,
    "events": [],
}
_FINDING = {
    "code": "waiting-fact",
    "rule": None,
    "clause": None,
    "message": "The ticket t-9 is not known yet.",
    "message_fr": "Le ticket t-9 n'est pas encore connu.",
    "events": ["urn:example:desk#t-9-answer"],
}
STATEMENT = {
    "at": AT,
    "known_at": AT,
    "readings": {"maintenance.mode": "A"},
    "contracts": {
        "C-2026-0042": {
            "documents": ["outscale-cgv-2019"],
            "indicators": [_INDICATOR],
            "support": [_SUPPORT],
            "support_objectives": [],
            "penalties": [_PENALTY],
            "deadlines": [_DEADLINE],
            "amounts": [_AMOUNT],
            "qualification": _QUALIFICATION,
            "findings": [_FINDING],
        }
    },
}
INDICATORS = {**WHEN, "indicators": [_INDICATOR]}
SUPPORT = {**WHEN, "support": [_SUPPORT], "support_objectives": []}
PENALTIES = {**WHEN, "penalties": [_PENALTY]}
AMOUNTS = {**WHEN, "amounts": [_AMOUNT]}
QUALIFICATION = {**WHEN, "qualification": _QUALIFICATION}
FINDINGS = {**WHEN, "findings": [_FINDING]}
DEADLINES = {**WHEN, "deadlines": [_DEADLINE]}
ALL_DEADLINES = {"at": AT, "deadlines": [{"contract": "C-2026-0042", **_DEADLINE}], "next": None}
CONTRACT = {
    "contract": "C-2026-0042",
    "provider": "outscale",
    "client": "Example SAS",
    "documents": ["outscale-cgv-2019"],
    "state": "in-force",
    "at": AT,
    "breached": 1,
    "missed": 0,
    "pending": 2,
    "findings": 1,
}
CONTRACTS = {"contracts": [CONTRACT], "next": None}
FACT = {"position": 17, "event": {**EVENT, "recordedtime": "2026-03-01T10:00:02+01:00"}}
FACTS = {"facts": [FACT], "cursor": 17, "more": False}
ITEM = {
    "source": EVENT["source"],
    "id": EVENT["id"],
    "state": "recorded",
    "entry": None,
    "reason": None,
    "receipt": None,
}
OUTCOME = {"recorded": 1, "duplicates": 0, "waiting": 0, "quarantined": 0, "items": [ITEM]}
COUNTS = {"recorded": 1, "duplicates": 0, "waiting": 0, "quarantined": 0}
_ENTRY = {
    "number": 12,
    "status": "open",
    "reason": "data.ended_at: the outage ends before it starts",
    "reason_fr": "data.ended_at : l'indisponibilité finit avant de commencer",
    "source": None,
    "id": None,
    "subject": None,
    "type": None,
    "origin": "api:key-3",
    "received": AT,
}
ENTRIES = {"entries": [_ENTRY], "next": None}
ENTRY = {**_ENTRY, "event": "{…}"}
READINGS = {
    "readings": [
        {
            "parameter": "maintenance.mode",
            "clause": "art. 11",
            "values": {"A": {"en": "leaves the reference", "fr": "sort de la référence"}},
            "default": "A",
            "default_by_document": {},
            "touches": ["indicators"],
            "why": {"en": "the text says so", "fr": "le texte le dit"},
        }
    ]
}
_TITLE = {"en": "General terms", "fr": "Conditions générales"}
AGREEMENTS = {
    "agreements": [
        {
            "document": "outscale-cgv-2019",
            "version": "2019-12",
            "provider": "outscale",
            "language": "fr",
            "rank": 3,
            "rules": 120,
            "title": _TITLE,
        }
    ]
}
PROMISES = {
    "document": "outscale-cgv-2019",
    "version": "2019-12",
    "provider": "outscale",
    "title": _TITLE,
    "incorporates": [],
    "replaces": [],
    "sections": {"indicator": [{"id": "sla4-vm-availability", "clause": "Annex A SLA4", "target": "99.8"}]},
}
EXPLANATIONS = {
    "explanations": [
        {
            "contract": "C-2026-0042",
            "section": "penalties",
            "figure": "penalties.0.payable",
            "value": "690",
            "rule": "outscale-cgv-2019/pen-formula",
            "title": "Penalty = (promised rate - observed rate) x 10 x average monthly revenue",
            "clause": "Annex B",
            "document": {"id": "outscale-cgv-2019", "version": "2019-12", "title": "General terms"},
            "steps": ["Average monthly revenue: 10000.00 EUR."],
            "readings": [],
            "events": [],
            "row": _PENALTY,
        }
    ]
}
_EUROS = {"before": "690", "after": "0", "difference": "-690"}
COMPARISON = {
    "reading": {"readings": [], "at": None, "known_at": None, "documents": None},
    "against": {"readings": ["maintenance.mode=B"], "at": None, "known_at": None, "documents": None},
    "readings": [],
    "total": _EUROS,
    "contracts": {"C-2026-0042": {"euros": {"penalties_payable": _EUROS, "amounts": {}}, "changes": []}},
}
PROBLEM = {
    "type": KINDS["not-found"].type,
    "status": KINDS["not-found"].status,
    "title": KINDS["not-found"].title[0],
    "meaning": KINDS["not-found"].meaning[0],
}
PROBLEMS = {"problems": [PROBLEM]}
METRICS = "# TYPE greffe_facts_recorded counter\ngreffe_facts_recorded_total 17.0\n"
STREAM = f'id: 17\nevent: fact\ndata: {{"position":17,"event":{{"id":"{EVENT["id"]}"}}}}\n\n'

LOG = "greffe/0f1e2d3c4b5a69788796a5b4c3d2e1f0"
_HASH = "9fba51f4350abf372a15a2e6b28130203f68e9ea35cee1130c84039b9377779f"
_LEAF = "4b1c9fd4c4f4a4b7e0c76d2b8a4f2b1d6c0e9a8f7b6c5d4e3f2a1b0c9d8e7f60"
_NOTE = (
    f"{LOG}\n6\nn7pR9DUKvzcqFaLmsoEwID9o6eo1zuETDIQDm5N3d58=\n\n\u2014 {LOG} gfxJq+5taWTp5x3qGNYpZaqmaIo3uTuzItB2…\n"
)
_CHECKPOINT = {"size": 6, "root": _HASH, "note": _NOTE, "made": AT}
NEWEST = {
    "log": LOG,
    **_CHECKPOINT,
    "timestamps": [{"authority": "https://tsa.example/tsr", "token": "MIIDvTADAgEA…", "made": AT}],
    "keys": [{"key": f"{LOG}+81fc49ab+ASSOxnSkzb//J+/y7sLrNcC6bSpTHvnG8v14ziEGIm4T", "since": 0, "handover": None}],
}
CHECKPOINTS = {"checkpoints": [_CHECKPOINT], "next": None}
CONSISTENCY = {"log": LOG, "from": 4, "to": 6, "proof": [_HASH]}
_TENANT = "5d41402abc4b2a76b9719d911017c592"
_AT_ENTRY = f'"at":"{AT}"'
RECEIPT = {
    "v": 1,
    "log": LOG,
    "contract": "C-2026-0042",
    "tenant": _TENANT,
    "tseq": 3,
    "leaf": _LEAF,
    "index": 4,
    "size": 6,
    "checkpoint": _NOTE,
    "inclusion": [_HASH],
    "heads": {
        "entry": f'{{{_AT_ENTRY},"heads":"{_HASH}","log":"{LOG}","size":5,"tenants":1,"type":"greffe.heads.v1","v":1}}',
        "index": 5,
        "inclusion": [_HASH],
        "proof": [],
    },
    "handovers": [],
}
DOCUMENTS = {
    "contract": "C-2026-0042",
    "documents": [
        {
            "kind": "sla-statement",
            "title": "Service level statement",
            "purpose": "Each line of a month against its promise, with exclusions, penalties and findings.",
            "why_not": None,
        },
        {
            "kind": "qualification-loss",
            "title": "Notice of the loss of a qualification",
            "purpose": "The letter by which the provider tells the client that a qualification is lost.",
            "why_not": "No loss of a qualification that the contract rests on is recorded by this date.",
        },
    ],
}
_NOTIFICATION = "9f2c1d7be0a34c55b1d0a7e6f4c3b2a1"
NOTIFICATIONS = {
    "notifications": [
        {
            "id": _NOTIFICATION,
            "contract": "C-2026-0042",
            "kind": "deadline",
            "thing": f'["deadline", "outscale-cgv-2019/reserve-48h", "{REF}"]',
            "rule": "outscale-cgv-2019/reserve-48h",
            "title": {"en": "Reasoned reserve to be notified", "fr": "Réserve motivée à notifier"},
            "threshold": "1d",
            "passed": "2026-03-02T09:10:00+01:00",
            "due": "2026-03-03T09:10:00+01:00",
            "recipient": "duty",
            "told_by": "rights that lapse",
            "severity": "high",
            "state": "sent",
            "message": {"id": "4af5c0de9b7a6d5e4f3c2b1a09182736", "state": "sent", "attempts": 1, "error": None},
            "repeats": None,
            "release": "2026-03-02T09:10:20+01:00",
            "sent": "2026-03-02T09:10:21+01:00",
            "acknowledged": None,
        }
    ],
    "next": None,
}
ACKNOWLEDGED = {"notification": _NOTIFICATION, "acknowledged": 2, "at": "2026-03-02T09:31:00+01:00"}
