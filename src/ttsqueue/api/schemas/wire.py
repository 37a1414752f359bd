"""How names are spelled: camelCase outside, snake_case inside."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """Requests may have members that we do not know; answers have exactly these."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)
