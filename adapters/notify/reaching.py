"""Where recipients are reached: addresses and secrets that the rules name, and how each channel carries a letter."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Entry, Store
from adapters.notify.addresses import mail_fault, url_fault
from adapters.notify.delivery import HandOver, UndeliveredError
from adapters.notify.hooks import BODIES, Caller, signing_keys, webhook_headers
from adapters.notify.letter import Letter
from adapters.notify.mail import Mailer
from adapters.notify.rules import Channel, Recipient, Rules
from adapters.settings.notify import NotifySettings
from domain.events.person import ContactDesignated, ContactWithdrawn
from domain.events.registry import topic_of
from domain.time.instant import Instant

Clock = Callable[[], Instant]


class Reach:
    """Carries letters to recipients. Secrets are read when they are needed, and are in no message of an error."""

    def __init__(self, store: Store, rules: Rules, settings: NotifySettings, clock: Clock) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock
        self._environ: Mapping[str, str] = os.environ
        self._mailer = Mailer(settings)
        self._caller = Caller(settings.answer_seconds)

    def send(self, letter: Letter, recipient: str, contracts: set[str], hand_over: HandOver) -> None:
        """Sends a letter. Raises UndeliveredError, DoubtError, and what ``hand_over`` raises."""
        who = self._rules.recipients[recipient]
        channel = self._rules.channels[who.channel]
        if channel.kind == "email":
            addresses = self._addresses(recipient, who, contracts)
            self._mailer.send(letter, addresses, hand_over)
            return
        body = BODIES[channel.kind](letter)
        headers: dict[str, str] = {}
        if channel.kind == "webhook":
            headers = webhook_headers(letter, body, self._keys(who.channel, channel), self._clock())
        self._caller.send(self._url(who.channel, channel), body, headers, hand_over)

    def close(self) -> None:
        """Ends every connection."""
        self._mailer.close()
        self._caller.close()

    def _addresses(self, name: str, who: Recipient, contracts: set[str]) -> list[str]:
        if who.contact is not None:
            found = [one for contract in sorted(contracts) for one in self._contacts(contract, who.contact)]
            if not found:
                raise UndeliveredError(f"no address is known of who holds the role {who.contact!r}")
            return list(dict.fromkeys(found))
        address = who.address or self._named(f"recipients.{name}.address", who.address_env, who.address_file)
        if (wrong := mail_fault(address)) is not None:
            raise UndeliveredError(f"recipients.{name}: {wrong[0]}")
        return [address]

    def _contacts(self, contract: str, role: str) -> list[str]:
        """The addresses of the persons who hold a role, opened; of who was erased there is none."""
        from adapters.privacy.opening import Opening  # noqa: PLC0415 - only where a contract's contacts are told

        topics = {topic_of(ContactDesignated), topic_of(ContactWithdrawn)}
        entries = [entry for entry in self._store.entries_of(contract) if entry.topic in topics]
        persons: dict[str, Entry] = {}
        for entry, fact in sorted(((one, fact_of(one.state)) for one in entries), key=lambda pair: pair[1].order):
            if fact.data.role != role or fact.time > self._clock():
                continue
            if isinstance(fact.data, ContactDesignated):
                persons[fact.data.person.id] = entry
            else:
                persons.pop(fact.data.person_id, None)
        opened: list[dict[str, Any]] = [Opening(self._store).event(entry.state) for entry in persons.values()]
        addresses = [str(event["data"]["person"]["email"]) for event in opened]
        return [address for address in addresses if mail_fault(address) is None]

    def _url(self, name: str, channel: Channel) -> str:
        url = channel.url or self._named(f"channels.{name}.url", channel.url_env, channel.url_file)
        if (wrong := url_fault(url, insecure=channel.insecure)) is not None:
            raise UndeliveredError(f"channels.{name}.url: {wrong[0]}")
        return url

    def _keys(self, name: str, channel: Channel) -> list[bytes]:
        place = f"channels.{name}.secret"
        try:
            return signing_keys(self._named(place, channel.secret_env, channel.secret_file))
        except ValueError as error:
            raise UndeliveredError(f"{place}: {error}") from None

    def _named(self, place: str, variable: str | None, file: str | None) -> str:
        """What a variable or a file holds. Raises UndeliveredError, naming the place and never the value."""
        if variable is not None:
            if variable in self._environ:
                return self._environ[variable].strip()
            raise UndeliveredError(f"{place}_env: the variable {variable} is not set")
        with suppress(OSError, UnicodeDecodeError):
            return Path(str(file)).read_text(encoding="utf-8").strip()
        raise UndeliveredError(f"{place}_file: the file {file} cannot be read")
