"""Who is believed to be who: the identity provider, how often an address may fail, how long the access log is kept."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section

Algorithm = Literal["RS256", "ES256", "EdDSA"]
_PATH = " (JMESPath)"


def encrypted(address: str) -> bool:
    """Whether nobody on the way to an address can listen; the machine itself needs no encryption."""
    return address.startswith(("https://", "http://127.0.0.1:", "http://localhost:"))


class IdentitySettings(Section):
    """API keys always count; tokens of an identity provider count once its issuer and audience are named."""

    oidc_issuer: str = Field(
        "",
        description="The issuer of bearer tokens, exactly as it writes itself in them; empty: API keys alone.",
        json_schema_extra={
            "fr": "L'émetteur des jetons, tel qu'il s'y écrit lui-même ; vide : les clés d'API seulement."
        },
    )
    oidc_audience: str = Field(
        "",
        description="The audience a token must be for: this API, as the issuer names it.",
        json_schema_extra={
            "fr": "Le destinataire que doit nommer un jeton : cette API, telle que l'émetteur la nomme."
        },
    )
    oidc_jwks: str = Field(
        "",
        description="The address of the issuer's keys; empty: as its discovery document says.",
        json_schema_extra={
            "fr": "L'adresse des clés de l'émetteur ; vide : celle qu'annonce son document de découverte."
        },
    )
    oidc_algorithms: tuple[Algorithm, ...] = Field(
        ("RS256",),
        min_length=1,
        description="The signatures that are accepted; a token signed otherwise is refused.",
        json_schema_extra={"fr": "Les signatures acceptées ; un jeton signé autrement est refusé."},
    )
    oidc_leeway: int = Field(
        30,
        ge=0,
        le=300,
        description="By how many seconds the issuer's clock may differ from ours.",
        json_schema_extra={"fr": "De combien de secondes l'horloge de l'émetteur peut différer de la nôtre."},
    )
    oidc_role: str = Field(
        "greffe_role",
        min_length=1,
        description=f"Where a token says the role{_PATH}; of a list, the one role that we know.",
        json_schema_extra={"fr": f"Où un jeton dit le rôle{_PATH} ; d'une liste, le seul rôle que nous connaissons."},
    )
    oidc_providers: str = Field(
        "greffe_providers",
        min_length=1,
        description=f"Where a token names the providers it is limited to{_PATH}.",
        json_schema_extra={"fr": f"Où un jeton nomme les prestataires auxquels il se limite{_PATH}."},
    )
    oidc_clients: str = Field(
        "greffe_clients",
        min_length=1,
        description=f"Where a token names the client ids it is limited to{_PATH}.",
        json_schema_extra={"fr": f"Où un jeton nomme les identifiants de client auxquels il se limite{_PATH}."},
    )
    oidc_contracts: str = Field(
        "greffe_contracts",
        min_length=1,
        description=f"Where a token names the contracts it is limited to{_PATH}.",
        json_schema_extra={"fr": f"Où un jeton nomme les contrats auxquels il se limite{_PATH}."},
    )
    oidc_client: str = Field(
        "",
        description="Sign-in in the browser: the id of this application at the issuer; empty: no such sign-in. "
        "It takes server.public_address, and <public address>/sign-in/back among the application's redirect addresses.",
        json_schema_extra={
            "fr": "Connexion dans le navigateur : l'identifiant de cette application chez l'émetteur ; vide : pas de "
            "connexion de ce genre. Elle demande server.public_address, et <adresse publique>/sign-in/back parmi les "
            "adresses de retour de l'application."
        },
    )
    oidc_client_secret: SecretStr | None = Field(
        None,
        min_length=1,
        description="The application's secret at the issuer; none for a public client, which PKCE alone protects.",
        json_schema_extra={
            "fr": "Le secret de l'application chez l'émetteur ; aucun pour un client public, que PKCE seul protège."
        },
    )
    oidc_scopes: tuple[str, ...] = Field(
        ("openid", "profile", "email"),
        description="What sign-in in the browser asks the issuer for; openid must be among them.",
        json_schema_extra={
            "fr": "Ce que la connexion dans le navigateur demande à l'émetteur ; openid doit y figurer."
        },
    )
    oidc_name: str = Field(
        "",
        max_length=60,
        description="What people call the issuer, for the button that leads there; empty: its host.",
        json_schema_extra={
            "fr": "Comment on appelle l'émetteur, pour le bouton qui y mène ; vide : le nom de sa machine."
        },
    )
    failures_per_minute: int = Field(
        20,
        ge=1,
        le=1_000,
        description="How often one address may fail to identify itself in a minute; then it waits.",
        json_schema_extra={
            "fr": "Combien d'échecs d'identification par minute une adresse peut faire avant d'attendre."
        },
    )
    log_kept_days: int = Field(
        365,
        ge=180,
        description="For how many days an entry of the access log must be kept before `greffe access forget` may go.",
        json_schema_extra={
            "fr": "Pendant combien de jours une entrée du journal des accès est gardée avant que "
            "`greffe access forget` puisse l'effacer."
        },
    )

    @field_validator("oidc_issuer", "oidc_jwks")
    @classmethod
    def _encrypted(cls, address: str) -> str:
        """Keys fetched in clear could be anybody's; the machine itself needs no encryption."""
        if address and not encrypted(address):
            raise PydanticCustomError("https", "an address in https://")
        return address

    @field_validator("oidc_scopes")
    @classmethod
    def _open(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        """Without ``openid`` the issuer would not say who signed in."""
        if "openid" not in scopes or not all(scope.isprintable() and " " not in scope for scope in scopes):
            raise PydanticCustomError("scopes", "words, openid among them")
        return scopes

    @field_validator("oidc_role", "oidc_providers", "oidc_clients", "oidc_contracts")
    @classmethod
    def _readable(cls, path: str) -> str:
        import jmespath  # noqa: PLC0415 - most commands read settings and no token
        from jmespath.exceptions import JMESPathError  # noqa: PLC0415

        try:
            jmespath.compile(path)
        except JMESPathError as error:
            raise PydanticCustomError("path", "a JMESPath expression: {why}", {"why": str(error)}) from None
        return path

    @model_validator(mode="after")
    def _whole(self) -> "IdentitySettings":
        if self.oidc_issuer and not self.oidc_audience:
            raise PydanticCustomError("audience", "oidc_audience goes with oidc_issuer")
        if self.oidc_client and not self.oidc_issuer:
            raise PydanticCustomError("client", "oidc_client goes with oidc_issuer")
        if self.oidc_client_secret is not None and not self.oidc_client:
            raise PydanticCustomError("client", "oidc_client_secret goes with oidc_client")
        return self
