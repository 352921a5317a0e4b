"""The command line: ``greffe``. One module per command, imported only when it runs."""
