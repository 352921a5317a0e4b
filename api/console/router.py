"""The routes of pages, passed by at once by whoever asks for something else."""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope

from api.console.browser import ours


class Pages(APIRouter):
    """Routes of the console: a request for the API is not compared with each of them."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """How far a request is for one of them."""
        return super().matches(scope) if ours(scope["path"]) else (Match.NONE, {})
