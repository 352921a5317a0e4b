"""A bundle of a ledger as it was last signed."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adapters.catalogue import agreement_files, load_catalogue, readings_file
from adapters.eventstore.store import Store
from adapters.evidence.bundle import Asked, Signed, Texts, bundle
from adapters.evidence.bundled import BundleError
from adapters.privacy.opening import Opening, withheld


class NotSignedError(BundleError):
    """Nothing of the ledger was signed yet; the text says what to run."""


class Made(NamedTuple):
    """A bundle, and how many facts of its subjects were recorded since the checkpoint that it speaks of."""

    data: bytes
    later: int


def texts_of(folders: Sequence[Path] = ()) -> Texts:
    """The agreements that come with greffe and those of the folders, and the readings."""
    return Texts(load_catalogue(folders), agreement_files(folders), readings_file())


def bundle_now(store: Store, asked: Asked, texts: Texts, *, opens: bool = True) -> Made:
    """The bundle at the newest checkpoint; unless it ``opens`` them, the values of persons are withheld.

    Raises NotSignedError where there is no checkpoint, and what ``bundle`` raises.
    """
    newest = store.checkpoint()
    if newest is None:
        raise NotSignedError(
            "the ledger's log was never signed: greffe sign init makes its key, greffe sign once signs",
            "le journal du registre n'a jamais été signé : greffe sign init fait sa clé, greffe sign once signe",
        )
    lines = "".join(one.line for one in store.cosignatures(newest.size))
    signed = Signed(
        newest.note + lines.encode(),
        [(one.authority, one.token) for one in store.timestamps(newest.size)],
        [one.note for one in store.signing_keys() if one.note is not None],
    )
    data = bundle(store, signed, asked, texts, Opening(store).fields if opens else withheld)
    size = store.log_size()
    own = store.leaves_of(asked.contract, size)
    return Made(data, sum(leaf.idx >= newest.size for leaf in own))
