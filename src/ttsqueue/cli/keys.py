"""`ttsqueue keys`: which servers may use the API."""

from __future__ import annotations

import click

from ttsqueue.cli.failure import FAILED, complain
from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.session import with_app
from ttsqueue.contract import iso
from ttsqueue.server_keys import ServerKey

_LONGEST_NAME = 100


@click.group()
def keys() -> None:
    """Let servers of applications use the API, each with a key of its own."""


def _check_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"a name has 1 to {_LONGEST_NAME} printable letters.")
    return name.strip()


_name = click.argument("name", metavar="NAME", callback=_check_name)


@keys.command()
@_name
@click.option("--admin", is_flag=True, help="The key may do what an admin may.")
@as_json
def create(name: str, admin: bool, as_json: bool) -> None:
    """Make a key and show it, this one time."""
    from ttsqueue.api.identity.key_text import digest_of, new_key

    key = new_key()
    with_app(lambda app: app.queue.provider.add_key(ServerKey(name, digest_of(key), admin)))
    if as_json:
        print_json({"name": name, "key": key, "isAdmin": admin})
    else:
        say(key)
        complain("Keep it: it is not shown again. Send it as 'Authorization: Bearer KEY'.")


@keys.command("list")
@as_json
def list_keys(as_json: bool) -> None:
    """Show the names of the keys, never the keys."""
    known = with_app(lambda app: app.queue.provider.keys())
    if as_json:
        print_json({"keys": [_view(key) for key in known]})
    elif known:
        rows = ((iso(key.created_at) or "", "admin" if key.is_admin else "server", key.name) for key in known)
        print_table(("CREATED", "RIGHTS", "NAME"), rows)
    else:
        say("No keys. Make one with: ttsqueue keys create NAME")


@keys.command()
@_name
@as_json
def revoke(name: str, as_json: bool) -> None:
    """Let a key in no more, from this moment on."""
    if not with_app(lambda app: app.queue.provider.remove_key(name)):
        complain(f"There is no key named {name}; see: ttsqueue keys list")
        raise click.exceptions.Exit(FAILED)
    if as_json:
        print_json({"name": name, "revoked": True})
    else:
        say(f"The key {name} is revoked.")


def _view(key: ServerKey) -> dict[str, object]:
    return {"name": key.name, "isAdmin": key.is_admin, "createdAt": iso(key.created_at)}
