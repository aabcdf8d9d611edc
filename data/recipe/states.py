"""Census divisions and regions of the states; suffixes of county names."""

from __future__ import annotations

DIVISIONS = {
    "New England": ("Northeast", "CT MA ME NH RI VT"),
    "Middle Atlantic": ("Northeast", "NJ NY PA"),
    "East North Central": ("Midwest", "IL IN MI OH WI"),
    "West North Central": ("Midwest", "IA KS MN MO ND NE SD"),
    "South Atlantic": ("South", "DC DE FL GA MD NC SC VA WV"),
    "East South Central": ("South", "AL KY MS TN"),
    "West South Central": ("South", "AR LA OK TX"),
    "Mountain": ("West", "AZ CO ID MT NM NV UT WY"),
    "Pacific": ("West", "AK CA HI OR WA"),
}
"""Source: Census Bureau, Census Regions and Divisions of the United States."""

DIVISION_OF = {s: name for name, (_, states) in DIVISIONS.items() for s in states.split()}
REGION_OF = {s: region for region, states in DIVISIONS.values() for s in states.split()}

COUNTY_SUFFIX = {
    "00": "",
    "03": " City and Borough",
    "04": " Borough",
    "05": " Census Area",
    "06": " County",
    "12": " Municipality",
    "15": " Parish",
    "25": " city",
}
"""By legal/statistical area description code (LSAD)."""
