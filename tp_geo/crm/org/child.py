"""The demo org as a child process: it tells where it answers, and ends with who started it.

``python -m tp_geo.crm.org.child FILE``; the file keeps the org's records.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.server import listen, serve
from tp_geo.crm.org.service import Org


def main(path: str) -> None:
    """Serve the org on a free port of the loopback address until standard input ends."""
    org = Org(path)
    try:
        plant(org, demo_seed())
        listener = listen("127.0.0.1", 0)
        threading.Thread(target=_end_with_parent, daemon=True).start()

        def ready() -> None:
            told = {
                "url": listener.url,
                "client_id": org.auth.client_id,
                "client_secret": org.auth.client_secret,
            }
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

        serve(org, [listener], ready)
    finally:
        org.close()


def _end_with_parent() -> None:
    """Stop once nobody holds the other end of standard input: also when the parent was killed."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1])
