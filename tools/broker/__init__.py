"""A real Apache Kafka broker on this machine: one node in KRaft mode, on loopback alone, gone at the end.

The tests, the benches and the demo start it; ``python -m tools.broker`` starts one to develop against. It needs Java 17
or later, and Maven once, to fetch the jars that ``jars.sha256`` names; they are kept in the user's cache.
"""

from tools.broker.jars import BrokerUnavailableError
from tools.broker.server import Broker, broker_server

__all__ = ["Broker", "BrokerUnavailableError", "broker_server"]
