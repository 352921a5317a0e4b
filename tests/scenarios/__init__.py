"""Stories of facts whose dates and sums were worked out by hand from the five texts; each says its clause and how."""
