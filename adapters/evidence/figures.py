"""What the signer says of itself to Prometheus."""

from prometheus_client import Counter, Gauge

SIGNED = Gauge("greffe_sign_size", "Entries of the log under the newest checkpoint.")
SIGNED_AT = Gauge("greffe_sign_checkpoint_seconds", "When the newest checkpoint was made, in seconds since 1970.")
CHECKPOINTS = Counter("greffe_sign_checkpoints", "Checkpoints signed.")
FAILURES = Counter("greffe_sign_failures", "What did not succeed and is tried again, by what it was.", ["what"])
