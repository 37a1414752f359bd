"""What `up --lan` tells a household: where the site is, and how its phones get in."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.home_network import home_address
from ttsqueue.cli.output import say
from ttsqueue.cli.qr_code import qr_code
from ttsqueue.errors import SettingsError

if TYPE_CHECKING:
    from ttsqueue.api.site import Site
    from ttsqueue.server_settings import ServerSettings


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code, and where to enter it."""

    code: str
    host: str
    """As other devices call this computer."""
    public_url: str | None
    """Where a proxy of this home shows us, if there is one."""

    def show(self, _site: Site, _host: str, port: int) -> None:
        """Print it."""
        from ttsqueue.cli.serving import url

        address = self.public_url or url(self.host, port)
        # Behind #: browsers send that part to nobody, so that the code is in no log.
        door = f"{address}/pair#{self.code}"
        say(f"ttsqueue listens on {address}")
        say(f"Pairing code: {self.code}")
        say(f"Scan this with a phone, or open {door}")
        click.echo(qr_code(door, sys.stdout))
        say("Only devices that entered the code get in; they stay in for 30 days.")


def invite(settings: ServerSettings) -> Invitation:
    """SettingsError where phones cannot come in by a code, or cannot find us."""
    from ttsqueue.api.identity.pairing import new_code

    if settings.auth != "off":
        raise SettingsError(
            f"--lan lets devices in by a code, TTSQUEUE_AUTH={settings.auth} by tokens: "
            "leave out --lan, or set TTSQUEUE_AUTH=off."
        )
    return Invitation(new_code(), _reachable(settings.host), settings.public_url)


def _reachable(host: str) -> str:
    if not _means_all(host):
        return host
    address = home_address()
    if address is None:
        raise SettingsError(
            "This computer is in no home network that could be found; connect it, or name its address with --host."
        )
    return address


def _means_all(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False
