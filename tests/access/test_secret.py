"""The secret of a key: a shape that scanners know, a checksum, and nothing of it at rest."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.access.secret import PREFIX, digest_of, secret_from, well_formed


@given(st.binary(min_size=32, max_size=32))
def test_every_secret_is_well_formed_and_of_one_length(random: bytes) -> None:
    secret = secret_from(random)
    assert secret.startswith(PREFIX)
    assert len(secret) == 56
    assert well_formed(secret)


@given(st.binary(min_size=32, max_size=32), st.integers(min_value=len(PREFIX), max_value=55), st.sampled_from("0aZ"))
def test_one_mistyped_character_is_found(random: bytes, place: int, typed: str) -> None:
    secret = secret_from(random)
    mistyped = secret[:place] + typed + secret[place + 1 :]
    assert well_formed(mistyped) is (mistyped == secret)


def test_secret_is_the_same_for_ever() -> None:
    assert secret_from(bytes(range(32))) == "greffe_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0O77Q5"
    assert digest_of("greffe_x").hex() == "cf97076870fdc33467a72ed9f30ee7c3d53f1c5a9939a84f500164a8be2ab5f5"
    assert not well_formed("greffe_" + "٠" * 49)
