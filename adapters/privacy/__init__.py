"""Values of persons: sealed when they come in, opened for who may read them, unreadable once a person is erased."""
