"""Doctor: would the server start, where it is told to, and would it let in the right people?"""

from __future__ import annotations

import json
import stat
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ttsqueue.api.identity.claims import Expected
from ttsqueue.api.identity.jwks import Jwks
from ttsqueue.api.identity.loopback import check_loopback
from ttsqueue.api.identity.tokens import Tokens
from ttsqueue.api.listening import CannotListen, bind
from ttsqueue.cli.finding import Finding, fail, ok, warn
from ttsqueue.errors import SettingsError
from ttsqueue.server_settings import ServerSettings, load_server_settings

PATIENCE = 2.0
"""Seconds that a program on our port gets to say that it is a server of ours."""


def check_server(folder: Path) -> list[Finding]:
    """Its settings, its port, and its secret in the data folder."""
    try:
        settings = load_server_settings()
        identity = check_identity(settings)
    except SettingsError as error:
        return [fail("server", str(error))]
    return [identity, check_port(settings.host, settings.port), check_secret(folder, settings)]


def check_identity(settings: ServerSettings) -> Finding:
    """Who may do what? SettingsError where the server would not start."""
    if settings.auth == "jwt":
        jwks = Jwks(settings.jwks_url) if settings.jwks_url else None
        Tokens(Expected(settings.jwt_audience, settings.jwt_issuer), secret=settings.jwt_secret, jwks=jwks)
        return ok("server", "Everybody is who their token or key says (TTSQUEUE_AUTH=jwt).")
    check_loopback(settings.host)
    if settings.public_url:
        return warn(
            "server",
            f"Whoever reaches {settings.public_url} is admin (TTSQUEUE_AUTH=off); "
            "set TTSQUEUE_AUTH=jwt, unless a proxy in front of it asks for a password.",
        )
    return ok("server", "Whoever uses this computer is the one user (TTSQUEUE_AUTH=off).")


def check_port(host: str, port: int) -> Finding:
    """Can the server listen, or does it already?"""
    try:
        with bind(host, port):
            return ok("port", f"Port {port} of {host} is free." if port else "Any free one is taken.")
    except CannotListen as error:
        if _is_ours(host, port):
            return ok("port", f"A server of ttsqueue answers on port {port} of {host}.")
        return warn("port", str(error))


def check_secret(folder: Path, settings: ServerSettings) -> Finding:
    """What signs sessions and addresses of sound: can we read it, and nobody else?"""
    path = folder / "secret"
    if settings.secret:
        return ok("secret", "Taken from TTSQUEUE_SECRET.")
    try:
        path.read_bytes()
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return ok("secret", "Made when the server first starts.")
    except OSError as error:
        return fail("secret", f"Cannot read {path}: {error.strerror}. Make it readable for the user of the server.")
    if mode & 0o077:
        return warn("secret", f"Others may read {path}, and sign in with it. Close it with: chmod 600 {path}")
    return ok("secret", f"{path} can be read, and only by you.")


def _is_ours(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return bool(json.loads(connection.getresponse().read()) == {"success": True})
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
