"""Facts from Kafka: the consumer that records them, and the producer that tells what was refused."""
