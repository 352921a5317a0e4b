"""Legal notices: facts on which a delay or a right turns, for which the log is signed at once."""

NOTICES = frozenset(
    f"greffe.{name}"
    for name in (
        *("notice.sent", "formal-notice.sent", "termination.notified", "deletion.certified", "penalty.claimed"),
        "contract.ended",
    )
)
"""Their types, whatever their version."""
_SPELLED = tuple(f'"type":"{name}.v'.encode() for name in sorted(NOTICES))


def is_notice(topic: str) -> bool:
    """Whether facts of this type (``greffe.notice.sent.v1``) are legal notices."""
    return topic.rpartition(".v")[0] in NOTICES


def notes_one(entry: bytes) -> bool:
    """Whether an entry of the log is that of a legal notice."""
    return any(spelled in entry for spelled in _SPELLED)
