"""Who is believed to be who."""

from adapters.settings.section import Section


class IdentitySettings(Section):
    """Nothing to configure yet but what keys and grants hold."""
