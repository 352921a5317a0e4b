"""The addresses of the console."""

from fastapi import APIRouter, Depends

from api.console.pages import (
    agreements,
    bundle,
    calendar,
    contract,
    dispute,
    disputes,
    documents,
    entry,
    evidence,
    facts,
    figure,
    notifications,
    obligations,
    portfolio,
    provider,
    quarantine,
    service_levels,
    timeline,
    verify,
)
from api.limits import paced

router = APIRouter(generate_unique_id_function=lambda route: f"console-{route.name}")
router.include_router(entry.router)
router.include_router(provider.router)
arrivals = APIRouter(generate_unique_id_function=lambda route: f"console-{route.name}")
arrivals.include_router(provider.arrivals)
SUBJECTS = (
    portfolio,
    contract,
    service_levels,
    obligations,
    timeline,
    figure,
    dispute,
    disputes,
    documents,
    facts,
    quarantine,
    agreements,
    verify,
    bundle,
    calendar,
    notifications,
    evidence,
)
for subject in SUBJECTS:
    router.include_router(subject.router, dependencies=[Depends(paced)])
