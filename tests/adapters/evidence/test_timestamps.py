import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from rfc3161_client import VerifierBuilder, decode_timestamp_response

from adapters.evidence.timestamps import TimestampError, Trust, ask, verified
from domain.time.instant import format_instant
from tests.support.authority import POLICY, Authority, authority

FIXTURES = Path(__file__).parents[2] / "vectors" / "rfc3161" / "fixtures.json"
FILES = {name: base64.b64decode(text) for name, text in json.loads(FIXTURES.read_text("utf-8"))["files"].items()}
REFUSED = {
    "sigstage/response-invalid-signature.tsr": "does not hold",
    "sigstage/response-no-embedded-cert.tsr": "Certificates neither found",
    "sigstore.mock/response-expired.tsr": "Certificates neither found",
    "test_tsa/other_response.tsr": "does not hold",
}
TOKENS = sorted(name for name in FILES if name.endswith(".tsr"))
CHECKPOINT = b"example.com/log\n7\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


def chain_of(token: str) -> list[x509.Certificate]:
    encoded = FILES[f"{token.partition('/')[0]}/ts_chain.pem"]
    if encoded.startswith(b"-----"):
        return x509.load_pem_x509_certificates(encoded)
    return [x509.load_der_x509_certificate(encoded)]


def trust_of(token: str, **more: Any) -> Trust:
    chain = chain_of(token)
    roots = tuple(one for one in chain if one.subject == one.issuer)
    return Trust(roots, tuple(one for one in chain if one not in roots), **more)


def holds(token: str, trust: Trust) -> bool:
    """Whether a token whose message is not among the fixtures holds for the digest that it names itself."""
    response = decode_timestamp_response(FILES[token])
    builder = VerifierBuilder(
        roots=list(trust.roots), intermediates=list(trust.intermediates), tsa_certificate=trust.authority
    )
    return builder.build().verify(response, response.tst_info.message_imprint.message)


@pytest.mark.parametrize("token", TOKENS)
def test_token_of_others_holds_or_is_refused_for_what_is_wrong_with_it(token: str) -> None:
    if token in REFUSED:
        with pytest.raises(TimestampError, match=REFUSED[token]):
            verified(FILES[token], b"any", trust_of(token))
    else:
        assert holds(token, trust_of(token))
        with pytest.raises(TimestampError, match="Mismatch between messages"):
            verified(FILES[token], b"another message", trust_of(token))


@pytest.mark.parametrize("token", ["sigstage/response-no-embedded-cert.tsr", "sigstore.mock/response-expired.tsr"])
def test_token_without_its_certificate_holds_with_the_one_we_know_at_the_instant_it_names(token: str) -> None:
    known = trust_of(token, authority=chain_of(token)[0])
    assert holds(token, known)


def test_a_token_of_one_authority_is_refused_under_the_root_of_another() -> None:
    with pytest.raises(TimestampError, match="does not hold"):
        verified(FILES["test_tsa/response.tsr"], b"any", trust_of("sigstage/response-sha256.tsr"))


@pytest.mark.parametrize("token", [b"", b"\x30\x00", b"not a token", FILES["test_tsa/response.tsr"][:-40]])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    with pytest.raises(TimestampError, match="not a timestamp"):
        verified(token, b"any", trust_of("test_tsa/response.tsr"))


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("authority")) as running:
        yield running


def test_a_local_authority_says_when_a_checkpoint_existed(local: Authority) -> None:
    trust = Trust((local.root,), policies=(POLICY,))
    with httpx.Client() as client:
        token = ask(client, local.url, CHECKPOINT, trust)
    said = verified(token, CHECKPOINT, trust)
    assert said.policy == POLICY
    assert format_instant(said.time) >= "2024"
    with pytest.raises(TimestampError, match="Mismatch between messages"):
        verified(token, CHECKPOINT + b" ", trust)
    with pytest.raises(TimestampError, match=r"policy 1\.2\.3\.4\.1, which is not accepted"):
        verified(token, CHECKPOINT, trust._replace(policies=("1.2.3.4.2",)))
    with pytest.raises(TimestampError, match="Nonce mismatch"):
        verified(token, CHECKPOINT, trust, nonce=1)


def test_an_authority_that_answers_nonsense_or_nothing_is_named(local: Authority) -> None:
    trust = Trust((local.root,))
    with httpx.Client() as client:
        with pytest.raises(TimestampError, match=r"http://127\.0\.0\.1.*gave no timestamp"):
            ask(client, f"{local.url}/elsewhere", CHECKPOINT, trust)
        with pytest.raises(TimestampError, match="something else than a timestamp"):
            ask(client, f"{local.url}/page", CHECKPOINT, trust)
    with httpx.Client() as client, pytest.raises(TimestampError, match="gave no timestamp"):
        ask(client, "http://127.0.0.1:1", CHECKPOINT, trust)


def test_a_bit_of_a_token_changed_is_never_taken_for_the_same_proof(local: Authority) -> None:
    trust = Trust((local.root,), policies=(POLICY,))
    with httpx.Client() as client:
        token = ask(client, local.url, CHECKPOINT, trust)
    right = verified(token, CHECKPOINT, trust)
    for place in range(len(token)):
        changed = bytearray(token)
        changed[place] ^= 1
        try:
            said = verified(bytes(changed), CHECKPOINT, trust)
        except TimestampError:
            continue
        assert said == right  # a byte that nothing rests on, such as an unused certificate's
