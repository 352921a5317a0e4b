"""Deadlines that reach people: what is due to whom, when, by which channel, and that it is sent once."""
