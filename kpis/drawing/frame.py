"""One picture drawn for wide and for narrow places."""


def either(wide: str, narrow: str) -> str:
    """Both pictures in a frame of which the style sheet shows the one that fits its width."""
    return f'<div class="trend-frame">{wide}{narrow}</div>'
