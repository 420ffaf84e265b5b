"""The shape of what people type; what depends on the state of things is checked by the actions."""
