"""`python -m ttsqueue.cli` is `ttsqueue`."""

from __future__ import annotations

from ttsqueue.cli.program import main

if __name__ == "__main__":
    main(prog_name="ttsqueue")
