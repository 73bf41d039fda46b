"""Start Dask for a class: `python -m lab.runs.cluster start`, on more machines `... join ADDRESS`.

Dask's nanny sets MALLOC_TRIM_THRESHOLD_=65536 for its workers, which halves torch's speed on a CPU
(85 against 175 steps per second, measured), and leaves the threads of OpenMP alone. Both are put
right here; workers started by the plain `dask worker` command run at half speed.

The scheduler executes what it is sent. Bind it to a network only with TLS (Dask's own settings,
`distributed.comm.tls`), never to an open one.
"""

from __future__ import annotations

import argparse
import asyncio

from lab.runs.limits import cores
from lab.runs.pools import THREADS

# Above any block that torch frees in a step, so that memory is not handed back and forth.
ENVIRON = {**THREADS, "MALLOC_TRIM_THRESHOLD_": str(2**30)}


def configure() -> None:
    """Set the environment that nannies started from this process give to their workers."""
    import dask

    dask.config.set({"distributed.nanny.pre-spawn-environ": ENVIRON})


async def _serve(address: str | None, host: str, port: int, workers: int, gpus: int) -> None:
    from distributed import Nanny, Scheduler

    scheduler = None
    if address is None:
        scheduler = await Scheduler(host=host, port=port, dashboard=False)
        address = scheduler.address
    resources = [{"GPU": 1} if index < gpus else {} for index in range(workers)]
    nannies = [
        await Nanny(address, nthreads=1, resources=has, memory_limit=None, dashboard=False)
        for has in resources
    ]
    if scheduler is not None:
        # Only now: a server that connects at once finds the workers.
        print(f"GLASSHOUSE_CLUSTER={address}", flush=True)
    try:
        if scheduler is not None:
            await scheduler.finished()
        else:
            await asyncio.gather(*(nanny.finished() for nanny in nannies))
    finally:
        for nanny in nannies:
            await nanny.close()


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["start", "join"])
    parser.add_argument("address", nargs="?", help="scheduler to join, such as tcp://host:8786")
    parser.add_argument("--host", default="127.0.0.1", help="interface of the scheduler")
    parser.add_argument("--port", type=int, default=8786)
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--gpus", type=int, default=0, help="workers that hold a GPU each")
    chosen = parser.parse_args(arguments)
    if (chosen.action == "join") != bool(chosen.address):
        parser.error("`join` needs an address, `start` takes none")
    configure()
    asyncio.run(_serve(chosen.address, chosen.host, chosen.port, chosen.workers, chosen.gpus))


if __name__ == "__main__":
    main()
