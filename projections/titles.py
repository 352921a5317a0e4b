"""What a rule or a document is called."""

from domain.agreements.catalogue import Catalogue
from domain.errors import UnknownDocumentError
from projections.text import Titles


def titles_of(catalogue: Catalogue) -> Titles:
    """The title of a rule or of a document of the catalogue, in both languages; None for anything else."""

    def title(name: str) -> tuple[str, str] | None:
        try:
            words = catalogue.rule(name).title if "/" in name else catalogue.agreement(name).title
        except (KeyError, UnknownDocumentError):
            return None
        return words.en, words.fr

    return title
