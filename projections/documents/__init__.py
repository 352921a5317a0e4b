"""Documents to print, send and keep: each kind as blocks of plain values in one language, nothing of how they look."""
