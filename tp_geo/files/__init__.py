"""Files: what comes in from outside, checked and understood, and what goes out."""
