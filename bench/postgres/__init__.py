"""PostgreSQL: ours beside others, on one server in one run, all with full durability."""
