"""Documents as PDF: what ``projections.documents`` says, laid out by Typst, and how it is drawn up from facts."""
