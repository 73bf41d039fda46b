"""`glasshouse`, or `python -m lab`: start the lab from any folder."""

from __future__ import annotations

import runpy
import sys

from lab.places import ENTRY

USAGE = """Usage: glasshouse [OPTIONS]

Starts the lab and opens it in a browser; runs are kept in .glasshouse below the folder where it
is started, or in GLASSHOUSE_DATA. The options are those of `streamlit run`, such as
--server.port 8502, --server.address 0.0.0.0 (for a class) or --server.headless true:
"""


def main() -> None:
    """Hand the command's arguments to Streamlit."""
    if "--help" in sys.argv[1:]:
        print(USAGE, flush=True)
    sys.argv = ["streamlit", "run", str(ENTRY), *sys.argv[1:]]
    runpy.run_module("streamlit", run_name="__main__")


if __name__ == "__main__":
    main()
