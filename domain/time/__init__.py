"""Exact time under contracts: instants, half-open intervals, calendars and delays."""
