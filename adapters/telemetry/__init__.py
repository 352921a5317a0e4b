"""What the processes say of themselves: logs, traces, metrics. Never a secret, never what a fact says."""
