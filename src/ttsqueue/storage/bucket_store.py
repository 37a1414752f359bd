"""From the address of a bucket to obstore's handle of it."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from ttsqueue.errors import SettingsError
from ttsqueue.settings import ENV_FILE

BucketStore = S3Store | GCSStore | AzureStore

_KINDS: dict[str, type[BucketStore]] = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
_FROM_ENV_FILE = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_CONDITIONAL_PUT",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ENDPOINT",
)
"""obstore reads the environment, and our settings also come from `.env`: these may stand there too."""

_LONGEST_REQUEST = timedelta(minutes=5)
"""Long enough for the parts of a book that are under way at once, at 1 Mbit/s."""
_CONNECT = timedelta(seconds=5)
_RETRIES: Any = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=3), "base": 2},
}
"""For a hiccup; what lasts longer is for the retries of the job."""


def open_bucket(url: str) -> BucketStore:
    """Asks nothing of the store yet. SettingsError."""
    asked = urlsplit(url)
    kind = _KINDS.get(asked.scheme)
    if kind is None or not asked.netloc or "@" in asked.netloc or asked.query or asked.fragment:
        raise SettingsError(
            "TTSQUEUE_STORAGE must be s3://bucket/prefix, gs://bucket/prefix or az://container/prefix; "
            "keys and endpoint have settings of their own."
        )
    config: Any = _env_file_of(asked.scheme)
    # http:// is used only when whoever runs this names such an endpoint.
    client: Any = {"allow_http": True, "timeout": _LONGEST_REQUEST, "connect_timeout": _CONNECT}
    try:
        return kind.from_url(url, config=config, client_options=client, retry_config=_RETRIES)
    except (BaseError, ValueError, FileNotFoundError):  # the message may hold what the settings hold
        raise SettingsError(
            f"The storage {url} cannot be used with these settings; check its keys, region and endpoint."
        ) from None


def _env_file_of(scheme: str) -> dict[str, str]:
    prefix = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_"}[scheme]
    named = dotenv_values(ENV_FILE)
    return {
        name.lower(): value
        for name in _FROM_ENV_FILE
        if name.startswith(prefix) and name not in os.environ and (value := named.get(name))
    }
