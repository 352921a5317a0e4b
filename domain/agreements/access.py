"""What must come before somebody may access the client's tenant or data: ``[[access]]`` of an agreement file."""

from typing import Annotated, Literal

from pydantic import Field

from domain.agreements.indicator import Varying


class Access(Varying):
    """Access by the provider's own staff, by a third party, or both is forbidden until what it ``needs`` is there.

    The recorded request is the notice. ``diagnosis`` is true where the investigation of an open incident implies the
    consent.
    """

    by: Annotated[tuple[Literal["provider", "third-party"], ...], Field(min_length=1)]
    needs: Annotated[tuple[Literal["justification", "consent", "written-consent"], ...], Field(min_length=1)]
    diagnosis: bool = False
