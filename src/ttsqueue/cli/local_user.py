"""Whose books are those that were handed in at this computer's command line?"""

from __future__ import annotations

LOCAL_USER_ID = "3f0c1a52-7c5e-4b0e-9d55-2f7c6f0b8a10"
"""The one user of the command line; the same everywhere, so that a later command finds its books again."""
