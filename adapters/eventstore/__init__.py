"""The ledger's stores: SQLite and PostgreSQL behind one contract, on the recorders of ``eventsourcing``."""
