"""Make what is in this folder, the project's masked language model.

```
nice -n 19 python -m assets.masked.make train --data DATA --work WORK --minutes 100
python -m assets.masked.make publish --work WORK --occupations winogender-occupations-stats.tsv
python -m assets.masked.make figures --work WORK --occupations winogender-occupations-stats.tsv
```

`train` goes on where the last sitting stopped. `publish` takes the newest weights of a training and
writes this folder; it can be run while the training goes on. `figures` prints the figures of the
card; what needs the work folder (for its held-out text) or the table of occupations is left out
without them, and said to be.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

FOLDER = Path(__file__).parent


def train(options: argparse.Namespace) -> None:
    """Train for one sitting."""
    # Before torch is imported: threads that wait in a busy loop cost others their core.
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    os.environ["OMP_NUM_THREADS"] = "1"
    import torch

    from assets.masked.sittings import SETTINGS, Sitting
    from assets.masked.texts import prepare

    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
    rows = prepare(options.data, options.work)
    last = Sitting(rows, options.work, SETTINGS, options.minutes, options.decay).run()
    print(f"The last weights are in {last}.")


def publish(options: argparse.Namespace) -> None:
    """Write the folder."""
    import torch

    from assets.masked.publish import publish as write

    torch.set_num_threads(1)
    write(options.work, options.occupations, options.to, options.snapshot)
    size = sum(path.stat().st_size for path in options.to.iterdir() if path.is_file())
    print(f"{options.to}: {size / 1e6:.1f} MB")


def figures(options: argparse.Namespace) -> None:
    """Print the figures of the card."""
    from assets.masked.figures import lines
    from lab.masked.export import load
    from lab.masked.probes import read_occupations
    from lab.masked.rows import Rows

    model, tokens = load(options.model)
    rows = Rows.load(options.work / "rows.npz") if options.work else None
    men = read_occupations(options.occupations) if options.occupations else None
    for line in lines(model, tokens, rows, men):
        print(line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m assets.masked.make",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("train", help="one sitting of the pre-training")
    one.set_defaults(run=train)
    one.add_argument("--data", type=Path, required=True, help="folder of the .txt.xz files")
    one.add_argument("--work", type=Path, required=True, help="folder outside the repository")
    one.add_argument("--minutes", type=float, default=100.0, help="of CPU time in this sitting")
    one.add_argument("--decay", type=float, default=12.0, help="of them with a falling rate")
    one = commands.add_parser("publish", help="write this folder")
    one.set_defaults(run=publish)
    one.add_argument("--work", type=Path, required=True, help="folder of the pre-training")
    one.add_argument("--occupations", type=Path, required=True, help="Winogender's table")
    one.add_argument("--to", type=Path, default=FOLDER, help="folder to write")
    one.add_argument("--snapshot", default="latest", help="name in WORK/snapshots")
    one = commands.add_parser("figures", help="print the figures of the card")
    one.set_defaults(run=figures)
    one.add_argument("--model", type=Path, default=FOLDER, help="an exported folder")
    one.add_argument("--work", type=Path, help="folder of the pre-training")
    one.add_argument("--occupations", type=Path, help="Winogender's table")
    return parser.parse_args()


if __name__ == "__main__":
    given = _options()
    given.run(given)
