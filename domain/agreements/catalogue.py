"""The catalogue: the agreements that are known, by document id and version."""

import difflib
from collections.abc import Callable, Mapping

from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.errors import UnknownDocumentError


class Catalogue:
    """Agreements by document id. Documents are read when first asked for.

    ``readers`` maps a document id to functions that each read one version, the oldest text first.
    """

    def __init__(self, readers: Mapping[str, tuple[Callable[[], Agreement], ...]]) -> None:
        self._readers = dict(readers)
        self._read: dict[str, tuple[Agreement, ...]] = {}

    @property
    def documents(self) -> tuple[str, ...]:
        """Every known document id, sorted."""
        return tuple(sorted(self._readers))

    @property
    def providers(self) -> tuple[str, ...]:
        """Every provider that has an agreement here, sorted."""
        return tuple(sorted({self.agreement(document).provider for document in self._readers}))

    def versions(self, document: str) -> tuple[Agreement, ...]:
        """Every known version of a document. Raises UnknownDocumentError, naming the nearest id."""
        if document not in self._read:
            if document not in self._readers:
                near = difflib.get_close_matches(document, self._readers, n=1, cutoff=0)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                indice = f" ; vouliez-vous dire « {near[0]} » ?" if near else ""
                raise UnknownDocumentError(
                    f"unknown document {document!r}{hint}", f"document inconnu : « {document} »{indice}"
                )
            self._read[document] = tuple(read() for read in self._readers[document])
        return self._read[document]

    def agreement(self, document: str, version: str | None = None) -> Agreement:
        """The document, in its first known version or in the one named."""
        known = self.versions(document)
        if version is None:
            return known[0]
        for agreement in known:
            if agreement.version == version:
                return agreement
        raise UnknownDocumentError(
            f"the catalogue has no version {version!r} of {document!r}",
            f"le catalogue n'a pas de version « {version} » de « {document} »",
        )

    def of_provider(self, provider: str) -> tuple[Agreement, ...]:
        """Every agreement of a provider, the prevailing one first."""
        every = (self.agreement(document) for document in self.documents)
        return tuple(sorted((a for a in every if a.provider == provider), key=lambda a: (a.precedence.rank, a.id)))

    def rule(self, full_id: str) -> Rule:
        """The rule ``<document>/<rule>``. Raises KeyError where no agreement file has it."""
        document, _, short = full_id.partition("/")
        for agreement in self.versions(document):
            if short in agreement.rules_by_id:
                return agreement.rules_by_id[short]
        raise KeyError(full_id)

    def clause(self, full_id: str) -> str:
        """The clause of the rule ``<document>/<rule>``."""
        return self.rule(full_id).clause
