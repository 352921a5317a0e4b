"""What ``greffe notify`` works with: the file of rules, the mail server, how often and for how long it tries."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from adapters.notify.addresses import is_loopback
from adapters.settings.section import Section


class NotifySettings(Section):
    """Who is told is in the file of rules; what is secret is here."""

    rules: Path | None = Field(
        None,
        description="The file of rules: who is told what, when and by which channel (docs/notifications.md).",
        json_schema_extra={
            "fr": "Le fichier de règles : qui est averti de quoi, quand et par quel canal (docs/notifications.fr.md)."
        },
    )
    look_seconds: float = Field(
        30,
        gt=0,
        le=3_600,
        description="How often it looks for what is to be told, in seconds.",
        json_schema_extra={"fr": "L'intervalle auquel on cherche ce qui est à dire, en secondes."},
    )
    lease_seconds: int = Field(
        120,
        ge=1,
        le=3_600,
        description="For how long others wait, in seconds, for a notifier that took a message and is not heard of.",
        json_schema_extra={
            "fr": "Le temps, en secondes, pendant lequel on attend un notificateur qui a pris un message et dont on "
            "n'a plus de nouvelles."
        },
    )
    answer_seconds: float = Field(
        30,
        gt=0,
        le=600,
        description="How long a mail server or a webhook may take for each answer, in seconds; less than the lease.",
        json_schema_extra={
            "fr": "Le temps laissé à un serveur de courrier ou à un webhook pour chaque réponse, en secondes ; moins "
            "que le bail (lease_seconds)."
        },
    )
    retry_seconds: float = Field(
        30,
        gt=0,
        le=86_400,
        description="How long to wait before the second try, in seconds; twice as long before each next, at most 4 "
        "hours.",
        json_schema_extra={
            "fr": "L'attente avant le deuxième essai, en secondes ; le double avant chaque suivant, 4 heures au plus."
        },
    )
    attempts: int = Field(
        20,
        ge=1,
        le=1_000,
        description="How often a message is tried before it is given up, and said to have failed.",
        json_schema_extra={"fr": "Le nombre d'essais d'un message avant qu'il soit abandonné et signalé comme tel."},
    )
    sender: str | None = Field(
        None,
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="The address that mails come from; needed where a recipient is told by e-mail.",
        json_schema_extra={"fr": "L'adresse d'expédition des e-mails ; nécessaire si un destinataire en reçoit."},
    )
    unsubscribe: str | None = Field(
        None,
        pattern=r"^(mailto:|https://)\S+$",
        description="Where people ask to be told no more, in the header List-Unsubscribe: mailto:… or https://….",
        json_schema_extra={
            "fr": "Où demander à ne plus être averti, dans l'en-tête List-Unsubscribe : mailto:… ou https://…."
        },
    )
    smtp_host: str | None = Field(
        None,
        min_length=1,
        description="The mail server.",
        json_schema_extra={"fr": "Le serveur de courrier."},
    )
    smtp_port: int = Field(
        587,
        ge=1,
        le=65535,
        description="Its port.",
        json_schema_extra={"fr": "Son port."},
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the mail server is spoken to: STARTTLS, TLS from the first byte, or in clear; with a user and "
        "a password, in clear to this machine alone.",
        json_schema_extra={
            "fr": "Comment parler au serveur de courrier : STARTTLS, TLS dès le premier octet, ou en clair ; avec un "
            "utilisateur et un mot de passe, en clair vers cette seule machine."
        },
    )
    smtp_authorities: Path | None = Field(
        None,
        description="The certificates (PEM) that the mail server's must lead to; by default those of the system.",
        json_schema_extra={
            "fr": "Les certificats (PEM) auxquels celui du serveur de courrier doit remonter ; par défaut ceux du "
            "système."
        },
    )
    smtp_user: str | None = Field(
        None,
        min_length=1,
        description="The user at the mail server, where it asks for one.",
        json_schema_extra={"fr": "L'utilisateur auprès du serveur de courrier, s'il en demande un."},
    )
    smtp_password: SecretStr | None = Field(
        None,
        description="The user's password.",
        json_schema_extra={"fr": "Le mot de passe de l'utilisateur."},
    )

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if self.answer_seconds >= self.lease_seconds:
            raise ValueError("answer_seconds must be less than lease_seconds: who waits for an answer is not gone")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("smtp_user and smtp_password go together")
        in_clear = self.smtp_security == "none" and not is_loopback(self.smtp_host or "localhost")
        if in_clear and self.smtp_password is not None:
            raise ValueError("a password is not sent in clear: smtp_security must be starttls or tls")
        return self
