from __future__ import annotations

import pytest

from ttsqueue.cli.home_network import choose_address

WIFI = {"wlan0": ["192.168.1.20"]}
DOCKER = {"docker0": ["172.17.0.1"], "br-5c1e": ["172.18.0.1"]}
LOOPBACK = {"lo": ["127.0.0.1"]}


@pytest.mark.parametrize(
    ("known", "towards_router", "chosen"),
    [
        ({**LOOPBACK, **DOCKER, **WIFI}, "192.168.1.20", "192.168.1.20"),
        ({**DOCKER, **WIFI}, None, "192.168.1.20"),
        ({"eth0": ["10.0.0.5"], **WIFI}, "192.168.1.20", "192.168.1.20"),
        ({"tun0": ["10.8.0.2"], **WIFI}, "10.8.0.2", "192.168.1.20"),
        ({"eth0": ["93.184.216.34"], **WIFI}, None, "192.168.1.20"),
        ({"eth0": ["93.184.216.34"]}, "93.184.216.34", "93.184.216.34"),
        ({"wlan0": ["169.254.7.7"], **LOOPBACK, **DOCKER}, "169.254.7.7", None),
        ({}, None, None),
    ],
)
def test_phones_are_sent_where_they_find_us(
    known: dict[str, list[str]], towards_router: str | None, chosen: str | None
) -> None:
    assert choose_address(known, towards_router) == chosen
