"""The domain: facts, terms, readings and time under contracts. Pure: no I/O, no clock, no random ids."""
