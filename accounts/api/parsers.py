"""Reading JSON: strictly, so that nothing is stored that is not what was sent."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JsonParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return decode_json((parser_context or {})["request"].content)


def decode_json(body: bytes) -> Any:
    """JSON as the standard has it: UTF-8, no NaN, no number beyond 1.8e308."""
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise ParseError("The body is nested too deeply.") from None
    except msgspec.MsgspecError as error:
        raise ParseError(f"The body is not valid JSON: {error}.") from None
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 text: {error.reason} at byte {error.start}.") from None
