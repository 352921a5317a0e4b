"""Addresses that notifications go to: what is wrong with one, in both languages, or nothing."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

Fault = tuple[str, str]
_MAIL = re.compile(r"[^@\s<>\x00-\x1f]{1,64}@[^@\s<>\x00-\x1f]{1,255}")
LOOPBACK = {"localhost", "ip6-localhost"}


def mail_fault(address: str) -> Fault | None:
    """What is wrong with an e-mail address: it has one ``@``, no space and nothing that could end a header."""
    if _MAIL.fullmatch(address) and address.isprintable():
        return None
    return "expected an e-mail address", "attendu : une adresse e-mail"


def url_fault(url: str, *, insecure: bool) -> Fault | None:
    """What is wrong with an address of a webhook. ``insecure``: clear text and link-local addresses are allowed.

    In clear only to this machine: what is sent names contracts. Link-local addresses serve the secrets of machines.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"} or not url.isprintable() or " " in url:
        return "expected an address that starts with https://", "attendu : une adresse qui commence par https://"
    if parts.username is not None:
        return "give no password in an address", "pas de mot de passe dans une adresse"
    if insecure:
        return None
    if parts.scheme == "http" and not is_loopback(host):
        return (
            "not encrypted: use https://, or say insecure = true",
            "non chiffrée : prenez https://, ou dites insecure = true",
        )
    if _is_link_local(host):
        return (
            "a link-local address: say insecure = true if it is meant",
            "une adresse de lien local : dites insecure = true si elle est voulue",
        )
    return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() in LOOPBACK


def _is_link_local(host: str) -> bool:
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return found.is_link_local or found.is_multicast or found.is_unspecified
