"""What the columns of a roll-up are called: one row for each code, figures added up."""

from __future__ import annotations

from typing import Final

CODE: Final = "tp_code"
COUNTRY: Final = "tp_country"
COUNT: Final = "tp_accounts"
"""How many accounts a row stands for. Figures are called as their column."""
