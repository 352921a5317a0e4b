"""One figure in words: its clause, its events and its arithmetic, in English or French."""
