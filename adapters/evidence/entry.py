"""The entries of the log: RFC 8785 bytes, written here, stored and shown as they are, and never written again.

An entry says of one stored event when it was recorded, what type it has, and what its fields commit to
(``adapters.evidence.fields``); and of its tenant, the random name that stands for a subject, which entry this is and
which one came before. No personal value and no name of a client is in it. A heads entry says where every tenant stands.
"""

import json
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

VERSION = 1
HEADS = "greffe.heads.v1"
NO_LEAF = "0" * 64
"""Stands for the previous leaf of a tenant's first entry."""


def fact_entry(
    *, at: str, log: str, fields: int, commitment: bytes, tenant: str, previous: str, number: int, topic: str
) -> bytes:
    """The entry of one stored event.

    ``at`` is the recorded instant as stored, ``log`` the origin of the log, ``fields`` their number, ``previous`` the
    leaf of the tenant's previous entry in hexadecimal, ``number`` counts the tenant's entries from 1.
    """
    return (
        f'{{"at":"{at}","log":"{log}","nf":{fields},"pc":"{commitment.hex()}","tenant":"{tenant}","tprev":"{previous}"'
        f',"tseq":{number},"type":{_quoted(topic)},"v":{VERSION}}}'
    ).encode()


def heads_entry(*, at: str, log: str, heads: bytes, size: int, tenants: int) -> bytes:
    """The entry that commits to the heads of so many tenants when the log had ``size`` leaves; it is the next."""
    return (
        f'{{"at":"{at}","heads":"{heads.hex()}","log":"{log}","size":{size},"tenants":{tenants}'
        f',"type":"{HEADS}","v":{VERSION}}}'
    ).encode()


def leaf_of(entry: bytes) -> bytes:
    """The hash of an entry as a leaf of the tree (RFC 6962)."""
    return sha256(b"\x00" + entry).digest()


def parse_entry(entry: bytes) -> dict[str, Any]:
    """The members of an entry of ours."""
    found: dict[str, Any] = json.loads(entry)
    return found


@lru_cache(maxsize=1_000)
def _quoted(topic: str) -> str:
    return encode_basestring(topic)
