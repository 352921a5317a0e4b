"""Asks the brokers whether they refuse the user and the password.

The client cannot say it: a broker closes the connection right behind its refusal, and the client drops what it
received together with the end of a connection, so that a wrong password looks like a broker that is down.
"""

import socket
import ssl
from typing import Any

from kafka.errors import KafkaError, NoError, UnsupportedSaslMechanismError, for_code
from kafka.net.sasl import get_sasl_mechanism
from kafka.protocol.parser import KafkaProtocol
from kafka.protocol.sasl import SaslAuthenticateRequest, SaslHandshakeRequest

from adapters.settings.kafka import KafkaSettings

SECONDS = 10.0


def refusal_of(settings: KafkaSettings, connection: dict[str, Any]) -> str | None:
    """What the first broker that refuses the credentials says; None where none does, or none answers.

    ``connection`` is how the client was told to connect; a broker behind a proxy is not asked.
    """
    if not settings.security_protocol.startswith("SASL") or "proxy_url" in connection:
        return None
    for address in settings.bootstrap:
        host, _, port = address.rpartition(":")
        try:
            with _opened(host.strip("[]"), int(port), connection) as stream:
                refused = _authenticate(stream, host, connection)
        except (OSError, ValueError, KafkaError):
            continue
        if refused is not None:
            return refused
    return None


def _opened(host: str, port: int, connection: dict[str, Any]) -> socket.socket:
    if connection["security_protocol"] != "SASL_SSL":
        return socket.create_connection((host, port), SECONDS)
    context = ssl.create_default_context(cafile=connection.get("ssl_cafile"))
    context.check_hostname = connection.get("ssl_check_hostname", True)
    if "ssl_certfile" in connection:
        context.load_cert_chain(
            connection["ssl_certfile"], connection.get("ssl_keyfile"), connection.get("ssl_password")
        )
    if "ssl_crlfile" in connection:
        context.load_verify_locations(connection["ssl_crlfile"])
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context.wrap_socket(socket.create_connection((host, port), SECONDS), server_hostname=host)


def _authenticate(stream: socket.socket, host: str, connection: dict[str, Any]) -> str | None:
    """What the broker says against the credentials. Raises OSError where it ends without a word."""
    protocol = KafkaProtocol()
    name = connection["sasl_mechanism"]
    offered = _asked(stream, protocol, SaslHandshakeRequest(mechanism=name, version=1))
    if for_code(offered.error_code) is UnsupportedSaslMechanismError:
        return f"it takes {', '.join(offered.mechanisms)}"
    mechanism = get_sasl_mechanism(name)(host=host, **connection)
    while not mechanism.is_done():
        answer = _asked(stream, protocol, SaslAuthenticateRequest(mechanism.auth_bytes(), version=1))
        if for_code(answer.error_code) is not NoError:
            return str(answer.error_message)
        mechanism.receive(answer.auth_bytes)
    return None


def _asked(stream: socket.socket, protocol: KafkaProtocol, request: Any) -> Any:
    protocol.send_request(request)
    stream.sendall(protocol.send_bytes())
    while received := stream.recv(4096):
        for _, response in protocol.receive_bytes(received):
            return response
    raise ConnectionError
