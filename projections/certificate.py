"""Whether a deletion certificate states all the annexed model asks for. An incomplete one still settles its duty."""

from domain.agreements.certificate import Certificate
from domain.events.deletion import DeletionCertified
from projections.basis import Basis
from projections.findings import Finding, refs

EVERYTHING = "all"


def certificate_findings(basis: Basis) -> list[Finding]:
    """One finding for each certificate that leaves out fields a text in force asks for; it names them."""
    found: list[Finding] = []
    for fact in basis.facts.own(DeletionCertified):
        for agreement in basis.terms.governing(fact.time):
            model = agreement.certificate
            missing = () if model is None else missing_fields(model, fact.data)
            if model is None or not missing:
                continue
            names = ", ".join(missing)
            found.append(
                Finding(
                    "certificate-incomplete", agreement.full_id(model.id), model.clause,
                    f"The deletion certificate leaves out {len(missing)} of the fields the text asks for: {names}.",
                    f"L'attestation de suppression omet {len(missing)} des champs exigés par le texte : {names}.",
                    refs([fact]),
                )
            )  # fmt: skip
    return found


def missing_fields(model: Certificate, certificate: DeletionCertified) -> tuple[str, ...]:
    """The fields of the model that a certificate leaves out, in the model's order; an unsigned one lacks ``signed``."""
    fields = tuple(name for name in model.fields if not getattr(certificate, name))
    if EVERYTHING in certificate.scopes:
        return fields
    return fields + tuple(scope for scope in model.scopes if scope not in certificate.scopes)
