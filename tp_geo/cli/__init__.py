"""The command line ``tp-geo``: every page's work without a browser."""

from __future__ import annotations

from tp_geo.cli.app import main

__all__ = ["main"]
