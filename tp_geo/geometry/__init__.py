"""Polygons and what follows from them: neighbors, parts, outlines. Pure; no files."""
