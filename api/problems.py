"""Every kind of error the API answers with, as RFC 9457 problem details: its status, its title and what to do."""

from dataclasses import dataclass

Pair = tuple[str, str]
"""The same words in English and in French."""

BASE = "/problems/"
"""``type`` of a problem is this and its code: an address of the API itself, which says more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. ``status`` is the HTTP status; ``retry`` says that the same request may succeed later."""

    code: str
    status: int
    title: Pair
    meaning: Pair
    retry: bool = False

    @property
    def type(self) -> str:
        """The address of its page."""
        return f"{BASE}{self.code}"


_KINDS = (
    Kind(
        "invalid-parameter",
        400,
        ("A parameter cannot be read", "Un paramètre est illisible"),
        (
            "The value of a query or path parameter is not of its kind; `errors` names each one.",
            "La valeur d'un paramètre de requête ou de chemin n'est pas de son genre ; `errors` nomme chacun.",
        ),
    ),
    Kind(
        "unknown-parameter",
        400,
        ("A parameter is not known", "Un paramètre est inconnu"),
        (
            "The route has no query parameter of that name. Nothing is ignored: a misspelt filter would be no filter.",
            "La route n'a aucun paramètre de ce nom. Rien n'est ignoré : un filtre mal écrit n'en serait plus un.",
        ),
    ),
    Kind(
        "unknown-reading",
        400,
        ("There is no such reading", "Cette lecture n'existe pas"),
        (
            "A reading is PARAM=VALUE; `GET /v1/readings` lists every parameter with its values.",
            "Une lecture s'écrit PARAM=VALEUR ; `GET /v1/readings` donne chaque paramètre et ses valeurs.",
        ),
    ),
    Kind(
        "unknown-figure",
        400,
        ("The path names no figure", "Le chemin ne désigne aucun chiffre"),
        (
            "A path starts with a section of the statement: `penalties.0.payable`, `deadlines[rule=…]`.",
            "Un chemin commence par une section du relevé : `penalties.0.payable`, `deadlines[rule=…]`.",
        ),
    ),
    Kind(
        "unauthenticated",
        401,
        ("Who is asking is not known", "Le demandeur n'est pas identifié"),
        (
            "Send an API key or a bearer token. One that expired or was revoked is not known either.",
            "Joignez une clé d'API ou un jeton. Une clé expirée ou révoquée n'est pas reconnue non plus.",
        ),
    ),
    Kind(
        "forbidden",
        403,
        ("This role may not do that", "Ce rôle ne le permet pas"),
        (
            "The caller is known, but its role does not give access to this route.",
            "Le demandeur est identifié, mais son rôle ne donne pas accès à cette route.",
        ),
    ),
    Kind(
        "not-found",
        404,
        ("There is nothing here", "Il n'y a rien ici"),
        (
            "No such address, or no such thing for this caller: both are answered alike.",
            "Pas de telle adresse, ou rien de tel pour ce demandeur : la réponse est la même.",
        ),
    ),
    Kind(
        "unknown-document",
        404,
        ("There is no such document", "Ce document n'existe pas"),
        (
            "`GET /v1/agreements` lists every document the catalogue knows.",
            "`GET /v1/agreements` donne chaque document que le catalogue connaît.",
        ),
    ),
    Kind(
        "not-signed",
        404,
        ("It is not signed yet", "Ce n'est pas encore signé"),
        (
            "Nothing of it is under a checkpoint of the log yet; one is made within the interval of the signer.",
            "Rien n'en figure encore sous un point de contrôle du journal ; il s'en fait un à chaque intervalle.",
        ),
        retry=True,
    ),
    Kind(
        "method-not-allowed",
        405,
        ("The method is not allowed here", "La méthode n'est pas permise ici"),
        ("The header Allow lists the methods of this address.", "L'en-tête Allow donne les méthodes de cette adresse."),
    ),
    Kind(
        "conflict",
        409,
        ("It is settled already", "C'est déjà réglé"),
        (
            "The thing is no longer in a state that allows the request, such as an entry that was discarded.",
            "La chose n'est plus dans un état qui permet la demande, par exemple une entrée abandonnée.",
        ),
    ),
    Kind(
        "no-bundle",
        409,
        ("There is no such bundle to be made", "Il n'y a pas de tel dossier à faire"),
        (
            "Nothing was signed yet, or what is asked for rests on what is withheld; `detail` says which.",
            "Rien n'est encore signé, ou ce qui est demandé dépend de ce qui est occulté ; `detail` dit lequel.",
        ),
    ),
    Kind(
        "no-document",
        409,
        ("There is nothing to draw up", "Il n'y a rien à établir"),
        (
            "The facts give nothing that such a document could say; `detail` says what is missing.",
            "Les faits ne donnent rien qu'un tel document puisse dire ; `detail` dit ce qui manque.",
        ),
    ),
    Kind(
        "too-large",
        413,
        ("The request is too large", "La requête est trop volumineuse"),
        (
            "The body is longer than the server accepts, or the batch has too many events: send it in parts.",
            "Le corps dépasse ce que le serveur accepte, ou le lot compte trop d'événements : envoyez-le en parties.",
        ),
    ),
    Kind(
        "unsupported-media-type",
        415,
        ("The content type is not one of these", "Le type de contenu n'est pas accepté"),
        (
            "`detail` names the content types that the route reads.",
            "`detail` nomme les types de contenu que la route lit.",
        ),
    ),
    Kind(
        "malformed",
        422,
        ("The body cannot be read", "Le corps est illisible"),
        (
            "The payload is not what its content type says, or lacks a field; nothing of it was kept.",
            "Le contenu n'est pas celui qu'annonce son type, ou il manque un champ ; rien n'en a été conservé.",
        ),
    ),
    Kind(
        "too-many-requests",
        429,
        ("Too many requests", "Trop de requêtes"),
        (
            "This caller is over its rate; Retry-After says after how many seconds to come back.",
            "Ce demandeur dépasse son débit ; Retry-After dit après combien de secondes revenir.",
        ),
        retry=True,
    ),
    Kind(
        "internal",
        500,
        ("The server failed", "Le serveur a échoué"),
        ("A fault of ours; it is in the server's log.", "Une faute de notre part ; elle est au journal du serveur."),
    ),
    Kind(
        "unavailable",
        503,
        ("The server cannot answer now", "Le serveur ne peut pas répondre"),
        (
            "The ledger cannot be reached, or the server is at its limit; Retry-After says when to come back.",
            "Le registre est injoignable, ou le serveur est à sa limite ; Retry-After dit quand revenir.",
        ),
        retry=True,
    ),
    Kind(
        "too-slow",
        503,
        ("The answer took too long", "La réponse a pris trop de temps"),
        (
            "The request went over its time limit; a narrower question may be within it.",
            "La requête a dépassé son temps ; une question plus étroite peut y tenir.",
        ),
        retry=True,
    ),
)
KINDS = {kind.code: kind for kind in _KINDS}
