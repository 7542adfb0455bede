"""A worker that only claims, in a process of its own: `python -m tests.loads.claiming RUN FILE`.

It begins when the file appears, and prints the unit of every claim until there is none left.
"""

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only once Django is set up.
from collections_app import leases  # noqa: E402


def main() -> int:
    run_id, signal = int(sys.argv[1]), Path(sys.argv[2])
    print("Waiting", flush=True)
    while not signal.exists():
        time.sleep(0.001)
    while (hold := leases.claim(run_id)) is not None:
        print(f"Unit {hold.unit.pk}")
    print("Finished", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
