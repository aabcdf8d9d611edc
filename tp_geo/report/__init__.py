"""Reports: what a plan looks like on paper and what each owner is handed over."""
