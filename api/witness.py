"""The witness over HTTP: ``POST /add-checkpoint`` (C2SP tlog-witness), and nothing else."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.clock import now
from adapters.evidence.witness import MOST_BYTES
from adapters.evidence.witnessed import Witness, WitnessError
from domain.time.instant import MICROSECONDS_PER_SECOND

TOO_LARGE, UNAVAILABLE, CONFLICT = 413, 503, 409


def application(witness: Witness) -> Starlette:
    """The application of one witness."""

    async def add_checkpoint(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response("the request is too large\n", TOO_LARGE, media_type="text/plain")
        try:
            answer = await run_in_threadpool(witness.add_checkpoint, body, now() // MICROSECONDS_PER_SECOND)
        except WitnessError as error:
            return Response(f"{error}\n", UNAVAILABLE, media_type="text/plain")
        kind = "text/x.tlog.size" if answer.status == CONFLICT else "text/plain"
        return Response(answer.body, answer.status, media_type=kind)

    return Starlette(routes=[Route("/add-checkpoint", add_checkpoint, methods=["POST"])])
