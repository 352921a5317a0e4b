"""The map of heads against a definition of it written plainly, and against those who would bend it."""

import hashlib
from functools import cache

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from adapters.evidence.headmap import Head, HeadMap
from adapters.evidence.verify import NotProvenError, check_absent, check_head, head_digest, head_key

tenants = st.one_of(st.integers(0, 1 << 128).map("{:032x}".format), st.text(st.characters(codec="utf-8"), max_size=9))
heads = st.tuples(st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32))
maps = st.dictionaries(tenants, heads, max_size=40)
occupied = st.dictionaries(tenants, heads, min_size=1, max_size=40)


def plainly(map_: dict[str, Head]) -> bytes:
    """The root as the definition words it, bit by bit, values by the library for canonical JSON."""
    leaves = {}
    for tenant, (tseq, leaf) in map_.items():
        value = hashlib.sha256(rfc8785.dumps([tenant, tseq, leaf.hex()])).digest()
        key = hashlib.sha256(tenant.encode()).digest()
        leaves[f"{int.from_bytes(key, 'big'):0256b}"] = hashlib.sha256(b"\x00" + key + value).digest()

    def subtree(prefix: str) -> bytes:
        inside = [leaf for key, leaf in leaves.items() if key.startswith(prefix)]
        if len(inside) < 2:
            return inside[0] if inside else bytes(32)
        return hashlib.sha256(b"\x01" + subtree(f"{prefix}0") + subtree(f"{prefix}1")).digest()

    return subtree("")


@cache
def crowded() -> dict[str, Head]:
    """Tenants whose keys begin with the same bits, more of them than any other choice makes."""
    found = [name for name in map("tenant {}".format, range(200_000)) if head_key(name)[:2] == b"\x12\x34"]
    assert len(found) > 1
    return {name: (7, hashlib.sha256(name.encode()).digest()) for name in found}


@given(maps)
def test_root_is_that_of_the_definition(map_: dict[str, Head]) -> None:
    assert HeadMap(map_).root() == plainly(map_)


@given(maps, maps)
def test_a_map_brought_forward_is_the_map_made_anew(before: dict[str, Head], moved: dict[str, Head]) -> None:
    grown = HeadMap(before)
    grown.root()
    grown.update(moved.items())
    assert grown.root() == HeadMap(before | moved).root()
    assert len(grown) == len(before | moved)


@given(occupied)
def test_every_tenant_is_proven_at_its_head(map_: dict[str, Head]) -> None:
    made = HeadMap(map_)
    for tenant, (tseq, leaf) in map_.items():
        check_head(tenant, tseq, leaf, proof=made.proof(tenant), root=made.root())


def test_tenants_whose_keys_begin_alike_are_proven_too() -> None:
    map_ = crowded() | {"another": (1, bytes(32))}
    made = HeadMap(map_)
    assert made.root() == plainly(map_)
    for tenant, (tseq, leaf) in map_.items():
        proof = made.proof(tenant)
        check_head(tenant, tseq, leaf, proof=proof, root=made.root())
        refused(tenant, tseq - 1, leaf, proof, made.root())


@given(occupied, heads, tenants, st.data())
def test_no_other_head_has_the_place(map_: dict[str, Head], other: Head, stranger: str, data: st.DataObject) -> None:
    made = HeadMap(map_)
    root = made.root()
    tenant = data.draw(st.sampled_from(sorted(map_)))
    tseq, leaf = map_[tenant]
    proof = made.proof(tenant)
    if other != (tseq, leaf):
        refused(tenant, *other, proof, root)
    if stranger != tenant:
        refused(stranger, tseq, leaf, proof, root)
    for wrong in (proof[1:], [*proof, bytes(32)], [bytes(32), *proof], proof[::-1]):
        if wrong != proof:
            refused(tenant, tseq, leaf, wrong, root)
    refused(tenant, tseq, leaf, [*proof, b"short"], root)
    refused(tenant, tseq, leaf, [bytes(32)] * 257, root)


@given(occupied, st.data())
def test_a_tenant_left_out_of_the_map_cannot_be_proven_in_it(map_: dict[str, Head], data: st.DataObject) -> None:
    tenant = data.draw(st.sampled_from(sorted(map_)))
    without = HeadMap({name: head for name, head in map_.items() if name != tenant})
    refused(tenant, *map_[tenant], HeadMap(map_).proof(tenant), without.root())
    with pytest.raises(KeyError):
        without.proof(tenant)


@given(maps, tenants)
def test_a_tenant_that_is_not_in_the_map_is_proven_absent(map_: dict[str, Head], tenant: str) -> None:
    for heads_ in (map_, crowded()):
        absent(HeadMap({name: head for name, head in heads_.items() if name != tenant}), tenant)


def absent(map_: HeadMap, tenant: str) -> None:
    other, proof = map_.absence(tenant)
    check_absent(tenant, other=other, proof=proof, root=map_.root())
    with pytest.raises(NotProvenError):
        check_absent(tenant, other=other, proof=[*proof, bytes(32)], root=map_.root())
    with pytest.raises(NotProvenError):
        check_absent(tenant, other=other[1:] or bytes(64), proof=proof, root=map_.root())


@given(occupied, st.data())
def test_a_tenant_of_the_map_cannot_be_proven_absent(map_: dict[str, Head], data: st.DataObject) -> None:
    made = HeadMap(map_)
    tenant = data.draw(st.sampled_from(sorted(map_)))
    proof = made.proof(tenant)
    own = head_key(tenant) + head_digest(tenant, *map_[tenant])
    for other in (b"", own, bytes(64)):
        for shown in (proof, proof[1:], [*proof, bytes(32)]):
            with pytest.raises(NotProvenError):
                check_absent(tenant, other=other, proof=shown, root=made.root())
    with pytest.raises(ValueError, match="is in the map"):
        made.absence(tenant)


def refused(tenant: str, tseq: int, leaf: bytes, proof: list[bytes], root: bytes) -> None:
    with pytest.raises(NotProvenError, match=r"head|hash"):
        check_head(tenant, tseq, leaf, proof=proof, root=root)
