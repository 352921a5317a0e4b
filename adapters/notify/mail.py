"""Letters as e-mails (RFC 5322), text and HTML, by SMTP; the end of each is sent once that is written down."""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from html import escape

from adapters.notify.delivery import DoubtError, HandOver, UndeliveredError
from adapters.notify.letter import Letter, Part
from adapters.settings.notify import NotifySettings
from domain.time.instant import MICROSECONDS_PER_SECOND

PERMANENT, OK, GO_ON = 500, 250, 354
MOST_IDS = 50
MOST_SAID = 300
_ADDRESS = re.compile(r"\S+@\S+")
_LINE_OF_DOT = re.compile(rb"(?m)^\.")
_POLICY = compat32.clone(linesep="\r\n")
_STYLE = "font-family:system-ui,sans-serif;max-width:44em;line-height:1.45"


def mail_of(letter: Letter, sender: str, to: str, unsubscribe: str | None = None) -> Message:
    """The e-mail of a letter. The same letter has the same ``Message-ID``, whenever and however often it is made."""
    domain = sender.rpartition("@")[2]
    made = MIMEMultipart("alternative", boundary=f"=={letter.id}==")
    made["Subject"] = Header(letter.subject, "utf-8", header_name="Subject").encode()
    made["From"] = f"Greffe <{sender}>"
    made["To"] = to
    made["Date"] = format_datetime(datetime.fromtimestamp(letter.made // MICROSECONDS_PER_SECOND, UTC))
    made["Message-ID"] = f"<{letter.id}@{domain}>"
    made["References"] = f"<{hashlib.sha256(letter.series.encode()).hexdigest()[:32]}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made["List-Id"] = f"Greffe <notifications.{domain}>"
    if unsubscribe is not None:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
    if letter.severity == "high":
        made["Importance"] = "high"
    ids = [one["notification"] for one in letter.data["notifications"][:MOST_IDS]]
    made["X-Greffe-Notifications"] = " ".join(ids)
    made["Content-Language"] = ", ".join(part.lang for part in letter.parts)
    made.attach(_mime("\n\n-- \n\n".join(map(_text, letter.parts)) + "\n", "plain"))
    made.attach(_mime(_html(letter), "html"))
    return made


def _mime(text: str, kind: str) -> MIMEText:
    """A part as quoted-printable: what is ASCII stays legible on the wire."""
    quoted = Charset("utf-8")
    quoted.body_encoding = QP
    return MIMEText(text, kind, quoted)  # type: ignore[arg-type] # it takes a Charset, as its documentation says


class Mailer:
    """A connection to the mail server, kept from one message to the next; ``close`` ends it."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def send(self, letter: Letter, addresses: Sequence[str], hand_over: HandOver) -> None:
        """Sends a letter to some addresses. Raises UndeliveredError, DoubtError, and what ``hand_over`` raises."""
        sender = self._settings.sender
        if sender is None or self._settings.smtp_host is None:
            raise UndeliveredError("notify.sender and notify.smtp_host are not set")
        made = mail_of(letter, sender, ", ".join(addresses), self._settings.unsubscribe)
        body = _LINE_OF_DOT.sub(b"..", made.as_bytes(policy=_POLICY))
        handed = False
        try:
            smtp = self._ready()
            self._envelope(smtp, sender, addresses)
            smtp.send(body if body.endswith(b"\r\n") else body + b"\r\n")
            hand_over()
            handed = True
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if handed:
                raise DoubtError(f"no answer of the mail server: {_words(error)}") from None
            raise UndeliveredError(_words(error)) from None
        except BaseException:
            self.close()
            raise
        if code != OK:
            self.close()
            raise UndeliveredError(f"{code} {_plain(said)}", final=code >= PERMANENT)

    def close(self) -> None:
        """Ends the connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.close()

    def _ready(self) -> smtplib.SMTP:
        """The connection as it is, if it still answers; else a new one."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.rset()[0] == OK:
                    return self._smtp
            self.close()
        chosen = self._settings
        host, port, seconds = chosen.smtp_host or "", chosen.smtp_port, chosen.answer_seconds
        if chosen.smtp_security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=self._context())
        else:
            smtp = smtplib.SMTP(host, port, timeout=seconds)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if chosen.smtp_security == "starttls":
            smtp.starttls(context=self._context())
            smtp.ehlo()
        if chosen.smtp_user is not None and chosen.smtp_password is not None:
            smtp.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
        return smtp

    def _context(self) -> ssl.SSLContext:
        authorities = self._settings.smtp_authorities
        return ssl.create_default_context(cafile=None if authorities is None else str(authorities))

    def _envelope(self, smtp: smtplib.SMTP, sender: str, addresses: Sequence[str]) -> None:
        code, said = smtp.mail(sender)
        if code != OK:
            raise UndeliveredError(f"{code} {_plain(said)}")
        answers = [smtp.rcpt(address) for address in addresses]
        if not any(code in {OK, OK + 1} for code, _ in answers):
            code, said = answers[0]
            raise UndeliveredError(f"{code} {_plain(said)}", final=code >= PERMANENT)
        code, said = smtp.docmd("DATA")
        if code != GO_ON:
            raise UndeliveredError(f"{code} {_plain(said)}", final=code >= PERMANENT)


def _words(error: Exception) -> str:
    """What went wrong, without what was sent: a server may quote credentials."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code}: the mail server refuses the user or the password"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return _plain(str(error)) or type(error).__name__


def _plain(said: bytes | str) -> str:
    """What a server says, without the addresses it quotes."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _ADDRESS.sub("[address]", "".join(letter if letter.isprintable() else " " for letter in text))[:MOST_SAID]


def _text(part: Part) -> str:
    blocks = [part.intro] if part.intro else []
    for section in part.sections:
        link = [section.link] if section.link else []
        blocks.append("\n".join([section.headline, *(f"  {line}" for line in [*section.lines, *link])]))
    blocks += [part.more] if part.more else []
    return "\n\n".join([*blocks, part.why])


def _html(letter: Letter) -> str:
    parts = "<hr>".join(map(_html_part, letter.parts))
    lang = letter.parts[0].lang
    title = escape(letter.subject)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body style="{_STYLE}">{parts}</body></html>\n'
    )


def _html_part(part: Part) -> str:
    made = [f"<p>{escape(part.intro)}</p>"] if part.intro else []
    for section in part.sections:
        headline = escape(section.headline)
        if section.link:
            headline = f'<a href="{escape(section.link)}">{headline}</a>'
        lines = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
        made.append(f'<h2 style="font-size:1.1em;margin-bottom:.2em">{headline}</h2><ul>{lines}</ul>')
    made += [f"<p>{escape(part.more)}</p>"] if part.more else []
    made.append(f'<p style="color:#595959;font-size:.85em">{escape(part.why)}</p>')
    return f'<div lang="{part.lang}">{"".join(made)}</div>'
