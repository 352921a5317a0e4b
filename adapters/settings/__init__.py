"""What may be configured, one file per section; ``load`` reads it from the environment and a file."""
