"""What an ingest worker says of itself to Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

from adapters.eventstore.batch import Outcome

_SIZES = (1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

LAG = Gauge("greffe_kafka_lag", "Messages of a partition that are not in the ledger yet.", ["topic", "partition"])
FACTS = Counter("greffe_facts", "Facts taken in, by what became of them.", ["outcome"])
BATCHES = Histogram("greffe_batch_facts", "Messages in one transaction.", buckets=_SIZES)
COMMITS = Histogram("greffe_commit_seconds", "Time one transaction took, in seconds.", buckets=_SECONDS)
FAILURES = Counter("greffe_commit_failures", "Transactions that the ledger could not take; each was tried again.")
FENCED = Counter("greffe_batches_fenced", "Batches given up because another worker had recorded from the partition.")
WRONG_KEYS = Counter("greffe_kafka_wrong_keys", "Messages whose key is not the subject of their fact.", ["topic"])
REBALANCES = Counter("greffe_kafka_rebalances", "Times that the group gave partitions to this worker.")
ANNOUNCED = Counter("greffe_quarantine_announced", "Entries of the quarantine copied to its topic.")
UNSETTLED = Gauge("greffe_quarantine_unsettled", "Entries of the quarantine that nobody has settled.", ["status"])


def note(outcome: Outcome, size: int, seconds: float) -> None:
    """Counts one transaction."""
    BATCHES.observe(size)
    COMMITS.observe(seconds)
    for name, count in outcome.counts().items():
        FACTS.labels(name).inc(count)
