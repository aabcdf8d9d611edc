"""The only place where the core and the outside meet."""
