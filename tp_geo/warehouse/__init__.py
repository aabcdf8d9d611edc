"""Accounts where they are, in a warehouse or in Parquet files, rolled up there by container."""
