"""The core: alignments, edits, rules. Pure; standard library and numpy only."""
