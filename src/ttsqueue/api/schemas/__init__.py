"""What goes over the wire, as types: the source of the OpenAPI description."""
