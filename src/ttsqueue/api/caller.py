"""Whoever sent a request, and what they may do. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ttsqueue.errors import Forbidden, JobNotFound
from ttsqueue.jobs import Job
from ttsqueue.priority import LATEST, get_priority_for_user


@dataclass(frozen=True, slots=True)
class Caller:
    """Made by an identity from a token, a key or a cookie; never from what the request says about itself."""

    user_id: str | None
    """UUID; None for a server that acts for others and is no user itself."""
    is_premium: bool = False
    is_admin: bool = False
    """May see and do everything."""
    is_service: bool = False
    """An application's server: may name the user it acts for, and their tier. It runs the queue only if an admin."""
    is_anonymous: bool = False
    """Signed in without an account; tighter limits."""
    expires_at: datetime | None = None
    """When the identity ends by itself; live connections end then too."""

    @property
    def acts_for_all(self) -> bool:
        return self.is_admin or self.is_service

    def check_sees(self, job: Job) -> None:
        """JobNotFound for somebody else's job: a stranger learns no more than of a job that is not there."""
        if not self.acts_for_all and job.user_id != self.user_id:
            raise JobNotFound(job.id)

    def check_admin(self) -> None:
        """Forbidden."""
        if self.is_admin:
            return
        if self.is_service:
            raise Forbidden("This takes a server's key with admin rights; make one: ttsqueue keys create NAME --admin")
        raise Forbidden("Only an admin may do this.")

    def on_behalf_of(self, user_id: str | None) -> str:
        """The user that a request is for: the caller, unless somebody who may names another. Forbidden."""
        if user_id is not None and user_id != self.user_id:
            if not self.acts_for_all:
                raise Forbidden("You may only act for yourself; leave userId out.")
            return user_id
        if self.user_id is None:
            raise Forbidden("A server's key must name the userId it acts for.")
        return self.user_id

    def priority(self, wish: int | None, is_premium: bool | None = None) -> int:
        """The priority of a new job. `is_premium` is the tier that a server named. Forbidden for more than the tier."""
        if is_premium is not None and not self.acts_for_all:
            raise Forbidden("Only a server's key may name a tier.")
        premium = self.is_premium if is_premium is None else is_premium
        usual = get_priority_for_user(premium)
        best = 1 if self.acts_for_all else get_priority_for_user(premium, "urgent")
        if wish is not None and wish < best:
            raise Forbidden(f"Your jobs may have a priority from {best} to {LATEST}, not {wish}.")
        return usual if wish is None else wish
