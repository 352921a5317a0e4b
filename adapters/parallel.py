"""Statements on every core: contracts are dealt out to forked workers and come back in their order, the same bytes.

A contract's statement needs no other contract's, so nothing is shared but the facts, which the workers inherit unread.
Short input, one core, or a system that cannot fork: the work is done here, one contract after the other.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.agreements.catalogue import Catalogue
from domain.errors import GreffeError
from projections.intake import Intake
from projections.replay import Question, replay
from projections.statement import contract_text

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WORTH_IT = 50_000
"""Facts from which on starting workers takes less time than it saves."""
DONE = b""


class WorkerLostError(GreffeError):
    """A worker stopped before its share was done, for want of memory perhaps; there is no statement."""


def contract_texts(
    intake: Intake, question: Question, catalogue: Catalogue, processes: int | None = None
) -> Iterator[str]:
    """Each contract's member of the statement, by contract; from ``processes`` workers (by default, as is best)."""
    if processes is None:
        processes = _cores() if len(intake.facts) >= WORTH_IT and question.contract is None else 1
    if processes == 1 or not hasattr(os, "fork"):
        return (contract_text(*one) for one in replay(intake, question, catalogue))
    return _dealt(intake, question, catalogue, processes)


def _dealt(intake: Intake, question: Question, catalogue: Catalogue, processes: int) -> Iterator[str]:
    from multiprocessing import get_context  # noqa: PLC0415 - only where there is more than a few facts

    fork = get_context("fork")
    receivers: list[Connection] = []
    workers = []
    for number in range(processes):
        receiver, sender = fork.Pipe(duplex=False)
        worker = fork.Process(
            target=_work, args=(sender, intake, question, catalogue, (number, processes)), daemon=True
        )
        worker.start()
        sender.close()
        receivers.append(receiver)
        workers.append(worker)
    turn = 0
    try:
        while (text := _received(receivers[turn % processes])) != DONE:
            yield text.decode()
            turn += 1
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _received(receiver: "Connection") -> bytes:
    """The next text of a worker, DONE after its last. Contracts are dealt in turn: one that is done says all are."""
    try:
        return receiver.recv_bytes()
    except EOFError:
        raise WorkerLostError(
            "a worker stopped before its share of the contracts was derived",
            "un processus s'est arrêté avant d'avoir dérivé sa part des contrats",
        ) from None


def _work(
    sender: "Connection", intake: Intake, question: Question, catalogue: Catalogue, share: tuple[int, int]
) -> None:
    for one in replay(intake, question, catalogue, share):
        sender.send_bytes(contract_text(*one).encode())
    sender.send_bytes(DONE)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
