"""What every store promises, as tests. A provider joins with one entry in `store.py`."""
