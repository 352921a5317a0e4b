"""Agreements: what each contract document promises, as dated data with a clause for every value."""
