"""What each kind says, field by field in both languages, and what it says where something is missing or late."""

from fractions import Fraction
from typing import get_args

import pytest

from domain.money import to_cents
from projections.documents.drawing import NotDrawnError
from projections.figures import Lang
from tests.support.dossier import Happening, cloud_temple, outscale
from tests.support.paper import paper, usual, values_of
from tests.support.paperwork import ACCOUNT_EMAIL, ADDRESSEE, SIGNATORY, TITLE, paperwork_story
from tests.support.story import penalty_story

LANGS = get_args(Lang)
languages = pytest.mark.parametrize("lang", LANGS)
MISSING = {"en": "[missing: nobody recorded it]", "fr": "[manquant : personne ne l'a enregistré]"}


def both(lang: Lang, english: str, french: str) -> str:
    return french if lang == "fr" else english


@languages
def test_certificate_states_every_field_of_the_annexed_model(lang: Lang) -> None:
    made = usual("deletion-certificate", lang)
    labels = both(
        lang,
        "Account acc-1 Closing ticket received on 1 Jun 2026 Instances checked deleted, as certified Storage volumes"
        " checked deleted, as certified Snapshots checked deleted, as certified Objects checked deleted, as certified",
        "Compte acc-1 Ticket de fermeture reçu le 1er juin 2026 Instances vérifiées supprimés, selon l'attestation"
        " Volumes de stockage vérifiés supprimés, selon l'attestation Snapshots vérifiés supprimés, selon l'attestation"
        " Objets vérifiés supprimés, selon l'attestation",
    )
    signed = both(
        lang,
        f"Done at Paris Date 18 Jun 2026 Name of the signatory {SIGNATORY} Title of the signatory {TITLE} Signature"
        " yes, on the original Company stamp yes, on the original",
        f"Fait à Paris Le 18 juin 2026 Nom du signataire {SIGNATORY} Titre du signataire {TITLE} Signature oui, sur"
        " l'original Cachet de l'entreprise oui, sur l'original",
    )
    assert made.says(labels, signed)
    assert made.says(both(lang, "Complete: every field", "Complète : tous les champs"), "Annex A", "overwritten twice")
    assert MISSING[lang].replace(" ", "") not in made.text


@languages
def test_certificate_shows_what_nobody_recorded_as_missing_and_invents_nothing(lang: Lang) -> None:
    made = paper("deletion-certificate", lang, paperwork_story(place=None, signatory=None, stamped=None, signed=False))
    assert made.text.count(MISSING[lang].replace(" ", "")) == 3
    assert made.says(
        both(
            lang,
            "4 of the fields that the text asks for are missing: done at, name of the signatory, signature, company"
            " stamp",
            "4 des champs exigés par le texte manquent : fait à, nom du signataire, signature, cachet de l'entreprise",
        )
    )
    assert made.says(both(lang, "Signature no, as recorded", "Signature non, selon l'enregistrement"))


@languages
def test_certificate_that_nobody_recorded_certifies_nothing(lang: Lang) -> None:
    story = [one for one in paperwork_story() if one[1] != "deletion.certified"]
    made = paper("deletion-certificate", lang, story)
    assert made.says(both(lang, "it certifies nothing", "elle n'atteste rien"))
    assert made.text.count(MISSING[lang].replace(" ", "")) == 12
    assert SIGNATORY.replace(" ", "") not in made.text


def test_certificate_of_a_text_without_a_model_is_neither_complete_nor_not() -> None:
    story: list[Happening] = [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        ("2026-03-01T00:00:00+01:00", "deletion.performed", {"scopes": ["instances", "backups"]}),
        ("2026-03-02T00:00:00+01:00", "deletion.certified", {"scopes": ["all"], "on": "2026-03-02"}),
    ]
    made = paper("deletion-certificate", "en", story)
    assert made.says("No text in force annexes a model", "Instances checked deleted, as certified", "9.7, 12")
    assert not made.says("Complete:")
    one = [*story[:2], ("2026-03-02T00:00:00+01:00", "deletion.certified", {"scopes": ["backups", "technical-data"]})]
    assert paper("deletion-certificate", "en", one).says("Backups checked deleted", "Technical data checked deleted")


def test_certificate_is_that_of_the_deletion_asked_for() -> None:
    story = paperwork_story()
    story[-1:-1] = [
        ("2026-06-11T10:00:00+02:00", "deletion.performed", {"deletion": "D-2", "scopes": ["instances"]}),
        ("2026-06-12T10:00:00+02:00", "deletion.certified", {"deletion": "D-2", "scopes": ["all"], "place": "Lyon"}),
    ]
    assert paper("deletion-certificate", "en", story, about="D-2").says("Lyon")
    assert paper("deletion-certificate", "en", story).says("Paris", SIGNATORY)
    with pytest.raises(NotDrawnError, match="No deletion is called 'D-9'; there is D-1, D-2") as refused:
        values_of("deletion-certificate", "fr", story, about="D-9")
    assert refused.value.french == "Aucune suppression ne s'appelle 'D-9' ; il y a D-1, D-2."


@languages
@pytest.mark.parametrize("kind", ["deletion-certificate", "qualification-loss", "formal-notice"])
def test_erased_person_is_said_to_be_erased(kind: str, lang: Lang) -> None:
    story = paperwork_story()
    persons = {
        "deletion-certificate": f"fact:urn:test#e-{len(story):03}",
        "qualification-loss": "fact:urn:test#e-034",
        "formal-notice": "account:acc-1",
    }
    erasure = {"person_id": persons[kind], "basis": "request"}
    made = paper(kind, lang, [*story, ("2026-06-19T10:00:00+02:00", "person.erased", erasure)])
    assert made.says(both(lang, "[erased: this person's data were deleted]", "[effacé : les données de cette personne"))
    value = {"deletion-certificate": SIGNATORY, "qualification-loss": ADDRESSEE, "formal-notice": ACCOUNT_EMAIL}[kind]
    assert value.replace(" ", "") not in made.text
    assert value.encode() not in made.attached
    assert usual(kind, lang).says(value)


@languages
def test_claim_has_its_computation_its_reserves_and_its_window(lang: Lang) -> None:
    made = usual("penalty-claim", lang)
    gross = Fraction(1772600, 1437)
    assert to_cents(gross) == Fraction("1233.54")
    assert made.says(both(lang, "€1,233.54", "1 233,54 €"), "1772600/1437", "r-1", "urn:test#e-031", "o-1", "Annex B")
    assert made.says(both(lang, "10 h 18 min", "10 h 18 min"), both(lang, "98.566%", "98,566 %"))
    assert made.says("120000 / 12", both(lang, "months = 10000 EUR", "mois = 10000 EUR"), "INV-2025-05", "INV-2026-04")
    assert made.says(
        both(
            lang,
            "Admissible under the reading used: the claim can be filed until 7 May 2026, 00:00",
            "Recevable selon la lecture retenue : la demande peut être déposée jusqu'au 7 mai 2026 00:00",
        )
    )
    assert made.says(ACCOUNT_EMAIL, both(lang, "[postal address: to be filled in]", "[adresse postale : à compléter]"))


@languages
def test_claim_that_is_late_says_so(lang: Lang) -> None:
    made = paper("penalty-claim", lang)
    assert made.says(
        both(lang, "Late: the window of the text closed on 7 May", "Tardive : le délai du texte a pris fin")
    )
    assert made.says(both(lang, "nothing can be asked for", "rien ne peut être demandé"))


def claimed(state: str | None) -> list[Happening]:
    filed = {
        "claim": "c-1", "period_end": "2026-04-30", "indicators": [], "reserves": ["r-1"], "computation_attached": True,
    }  # fmt: skip
    told: list[Happening] = [*penalty_story(), ("2026-05-03T10:00:00+02:00", "penalty.claimed", filed)]
    if state == "accepted":
        told.append(("2026-05-10T10:00:00+02:00", "penalty.accepted", {"claim": "c-1", "amount": "1233.54"}))
    elif state == "rejected":
        told.append(("2026-05-10T10:00:00+02:00", "penalty.rejected", {"claim": "c-1", "reason": "zone"}))
    return told


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "Filed in time: claim c-1."),
        ("accepted", "Accepted: claim c-1."),
        ("rejected", "Rejected by the provider: claim c-1."),
    ],
)
def test_claim_says_what_became_of_it(state: str | None, said: str) -> None:
    assert paper("penalty-claim", "en", claimed(state)).says(said)


def test_claim_that_cannot_be_filed_says_why() -> None:
    unpaid = [one for one in penalty_story() if one[1] != "invoice.paid"]
    at = "2026-05-04T10:00:00+02:00"
    assert paper("penalty-claim", "en", unpaid, at=at).says("Suspended: while invoices are late")
    unreserved = [one for one in penalty_story() if one[1] != "reserve.notified"]
    made = paper("penalty-claim", "en", unreserved)
    assert made.says("No reserve is recorded over these periods", "Not admissible") or made.says("Late:")
    unbilled = [one for one in penalty_story() if one[2].get("invoice") != "INV-2026-04"]
    assert paper("penalty-claim", "en", unbilled, at=at).says(
        "Not known yet: an invoice that the cap rests on is missing"
    )


def test_claim_is_for_the_period_asked() -> None:
    assert paper("penalty-claim", "en", about="2026-04-30").says("30 Apr 2026")
    with pytest.raises(NotDrawnError, match="No penalty is for periods that ended on 2026-03-31; there are 2026-04-30"):
        values_of("penalty-claim", about="2026-03-31")
    with pytest.raises(NotDrawnError, match="No period with a breached line has ended"):
        values_of("penalty-claim", at="2026-04-02T00:00:00+02:00")


def test_claim_of_a_text_without_a_rule_is_refused_since_the_amount_does_not_exist() -> None:
    down = {
        "outage": "o-1", "service": "compute", "started_at": "2026-03-02T00:00:00+01:00",
        "detected_at": "2026-03-02T00:00:00+01:00", "ended_at": "2026-03-03T00:00:00+01:00", "extent": "total",
    }  # fmt: skip
    story: list[Happening] = [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        ("2026-03-03T00:00:00+01:00", "outage.recorded", down),
    ]
    for asked in ({}, {"about": "2026-03-31"}):
        with pytest.raises(NotDrawnError, match="the amount does not exist"):
            values_of("penalty-claim", "en", story, **asked)
    assert paper("sla-statement", "en", story, at="2026-04-02T00:00:00+02:00").says("Mar 2026", "no rule in the texts")


@languages
def test_statement_has_every_line_its_charts_its_exclusions_and_its_penalties(lang: Lang) -> None:
    made = paper("sla-statement", lang, at="2026-05-04T10:00:00+02:00")
    assert made.says(both(lang, "Lines not kept: 1 of 16 judged", "Lignes non tenues : 1 sur 16 jugées"))
    assert made.says(both(lang, "98.566% 10 h 18 min 1 h 26 min 13 s", "98,566 % 10 h 18 min 1 h 26 min 13 s"))
    assert made.says(both(lang, "breached", "non tenu"), both(lang, "€1,233.54", "1 233,54 €"))
    assert made.says(both(lang, "longest: 10 h 18 min on 22 Apr 2026", "le plus long : 10 h 18 min, 22 avr. 2026"))
    assert made.says("urn:test#e-028", both(lang, "30 min", "30 min"), "art. 11")


def test_statement_of_a_longer_time_counts_by_month_and_of_an_open_month_says_so() -> None:
    start, end = 1_767_222_000_000_000, 1_777_586_400_000_000  # 2026-01-01 and 2026-05-01, Paris
    made = paper("sla-statement", "en", start=start, end=end)
    assert made.says("1 Jan 2026 to 30 Apr 2026", "month by month", "Apr 2026")
    late = paper("sla-statement", "en", at="2026-04-23T00:00:00+02:00", start=start + 7_772_400_000_000, end=end)
    assert late.says("The period is not over")
    running = paper("sla-statement", "en", [("2026-03-05T00:00:00+01:00", "contract.signed", outscale())],
                    at="2026-03-20T00:00:00+01:00")  # fmt: skip
    assert running.says("No line could be judged", "No downtime was counted", "Nothing to point out")
    with pytest.raises(NotDrawnError, match="No line has a period that ends in this time"):
        values_of("sla-statement", start=0, end=1)


def test_statement_tells_support_objectives() -> None:
    story: list[Happening] = [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        (
            "2026-03-06T10:00:00+01:00",
            "ticket.opened",
            {"ticket": "T", "kind": "incident", "complete": True, "impact": "I1", "criticality": "C1",
             "service": "compute"},
        ),
        ("2026-03-06T10:10:00+01:00", "ticket.answered", {"ticket": "T", "automatic": False}),
    ]  # fmt: skip
    made = paper("sla-statement", "en", story, at="2026-04-02T00:00:00+02:00")
    assert made.says("Support objectives", "1/1", "reached")


@languages
def test_formal_notice_gives_the_delay_of_the_text_from_its_date(lang: Lang) -> None:
    made = usual("formal-notice", lang)
    assert made.says(
        both(lang, "within 7 clear days (art. 7). For a notice given on 20 Jun 2026, the last day is 28 Jun 2026",
             "dans un délai de 7 jours francs (art. 7). Pour une mise en demeure du 20 juin 2026, le dernier jour"
             " est le 28 juin 2026")
    )  # fmt: skip
    assert made.says(
        both(lang, "By registered letter with acknowledgment", "Lettre recommandée avec avis de réception")
    )
    assert made.says(both(lang, "Termination for breach, effective 10 clear days", "Résiliation pour manquement"))
    sent = paper("formal-notice", lang, about="FN-1")
    assert sent.says(
        "The credit of April was not granted.", "FN-1", both(lang, "sent on 12 May 2026", "envoyée le 12 mai")
    )
    assert sent.says(both(lang, "no act in time, 20 May 2026", "aucun acte à temps, 20 mai 2026"))


def test_formal_notice_of_a_text_that_sets_no_delay_leaves_it_to_be_filled_in() -> None:
    story: list[Happening] = [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        ("2026-03-01T00:00:00+01:00", "formal-notice.sent", {"notice": "N", "by": "provider", "ground": "g"}),
    ]
    made = paper("formal-notice", "en", story, by="provider")
    assert made.says("[delay: to be filled in]", "The texts in force set no delay for it")


def test_formal_notice_of_the_provider_names_unpaid_invoices() -> None:
    unpaid = [one for one in penalty_story() if one[1] != "invoice.paid" or one[2]["invoice"] != "INV-2026-03"]
    made = paper("formal-notice", "en", unpaid, by="provider")
    assert made.says("Invoice INV-2026-03", "due 28 Apr 2026, not paid by 20 Jun 2026", "For the provider:")


def test_formal_notice_of_the_client_names_lines_of_the_last_month_that_was_over() -> None:
    made = paper("formal-notice", "en", penalty_story(), at="2026-05-04T10:00:00+02:00")
    assert made.says("98.566% for 99.8%, periods ended 30 Apr 2026", "Annex A SLA8")
    with pytest.raises(NotDrawnError, match="Nothing is found that the provider failed to do"):
        values_of("formal-notice", "en", penalty_story()[:1], at="2025-02-01T00:00:00+01:00")
    with pytest.raises(NotDrawnError, match="No formal notice is called 'X'; there is FN-1"):
        values_of("formal-notice", about="X")


@languages
def test_loss_of_a_qualification_is_notified_to_whom_the_facts_name(lang: Lang) -> None:
    made = usual("qualification-loss", lang)
    assert made.says("iaas-cloud-on-demand", "ANSSI-2026-17", ADDRESSEE, "art. 5", "n-7")
    assert made.says(both(lang, "lost its qualification on 20 May 2026", "a perdu sa qualification le 20 mai 2026"))
    assert made.says(both(lang, "21 May 2026, by registered letter", "21 mai 2026, par lettre recommandée"))
    unsent = [one for one in paperwork_story() if one[1] != "notice.sent"]
    bare = [
        (time, name, {"service": "iaas-cloud-on-demand"} if name == "qualification.lost" else data)
        for time, name, data, *_ in unsent
    ]
    draft = paper("qualification-loss", lang, bare)
    assert draft.says(both(lang, "[decision: not recorded]", "[décision : non enregistrée]"))
    assert draft.says(both(lang, "No sending is recorded", "Aucun envoi n'est enregistré"))
    with pytest.raises(NotDrawnError, match="No loss of a qualification"):
        values_of("qualification-loss", "en", penalty_story())
    with pytest.raises(NotDrawnError):
        values_of("qualification-loss", about="another-service")


@languages
def test_dossier_says_what_two_readings_change_in_euros_with_the_arithmetic_of_each(lang: Lang) -> None:
    made = paper("dispute-dossier", lang, at="2026-05-04T10:00:00+02:00")
    assert made.says(
        both(lang, "Penalties payable: €1,233.54 on the first side, €1,232.55 on the second, -€1.00",
             "Pénalités à payer : 1 233,54 € d'un côté, 1 232,55 € de l'autre, -1,00 €")
    )  # fmt: skip
    assert made.says("1772600/1437", "886200/719", "2586600", "maintenance.mode", "cap.example", "urn:test#e-029")
    assert made.says(both(lang, "chosen", "choisie"))


def test_dossier_of_dates_or_documents_names_both_sides_and_needs_two() -> None:
    sides = ("at=2026-05-04T10:00:00+02:00", "documents=outscale-cgv-2019"), ("known-at=2026-04-22T13:00:00+02:00",)
    made = paper("dispute-dossier", "en", sides=sides)
    assert made.says("at 4 May 2026, 10:00", "outscale-cgv-2019", "known_at", "days")
    same = paper("dispute-dossier", "en", sides=(("maintenance.mode=A",), ("cap.example=A",)))
    assert same.says("Both sides give the same figures")
    for nothing in (((), ()), (("maintenance.mode=B",), ("maintenance.mode=B",))):
        with pytest.raises(NotDrawnError, match="needs two sides"):
            values_of("dispute-dossier", sides=nothing)


def test_contract_that_was_not_signed_yet_has_no_document() -> None:
    with pytest.raises(NotDrawnError, match="No known fact says that contract C-1 was signed by then"):
        values_of("sla-statement", at="2024-01-01T00:00:00+01:00")


def test_letters_stand_on_pages_of_their_own() -> None:
    for kind in ("formal-notice", "qualification-loss", "penalty-claim"):
        found = usual(kind, "en").pages
        assert "Annex: what the ledger says" not in found[0]
        assert "Annex: what the ledger says" in "".join(found[1:])
