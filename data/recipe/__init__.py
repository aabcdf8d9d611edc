"""The steps of data/build.py, one module each."""
