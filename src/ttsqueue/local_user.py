"""Whose books are those of somebody who has this computer to themselves?"""

from __future__ import annotations

LOCAL_USER_ID = "3f0c1a52-7c5e-4b0e-9d55-2f7c6f0b8a10"
"""The one user of the command line and of a server without sign-in; always the same, so that books are found again."""
