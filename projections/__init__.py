"""Pure folds from facts, terms and readings to the rows of a statement. One module per question."""
