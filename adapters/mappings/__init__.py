"""Messages of operations tools as they are, turned into facts by mapping files that a user edits."""
