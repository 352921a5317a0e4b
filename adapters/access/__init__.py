"""Who calls, what they may see, and what they saw: API keys, tokens of an identity provider, grants, the access log."""
