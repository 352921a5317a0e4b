"""What the notifier says of itself to Prometheus."""

from prometheus_client import Gauge

MESSAGES = Gauge("greffe_notify_messages", "Messages in the outbox, by how far they have come.", ["state"])
LOOKED_AT = Gauge("greffe_notify_looked_seconds", "When it last looked for what is to be told, in seconds since 1970.")
