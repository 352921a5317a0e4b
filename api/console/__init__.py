"""The console: pages for people, over the same identity, roles and journal as the API."""
