"""The routes and their documentation, worked out once for all the tests of a process."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from api import openapi
from api.app import routed


@cache
def application() -> FastAPI:
    """The routes, with nothing behind them."""
    return routed()


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, not to be changed."""
    return openapi.document(application())
