"""TP Geo: plan sales territories from the top down on a map."""
