"""The addresses of the console."""

from fastapi import APIRouter, Depends

from api.console.pages import contract, entry, figure, obligations, portfolio, service_levels
from api.limits import paced

router = APIRouter(generate_unique_id_function=lambda route: f"console-{route.name}")
router.include_router(entry.router)
for subject in (portfolio, contract, service_levels, obligations, figure):
    router.include_router(subject.router, dependencies=[Depends(paced)])
