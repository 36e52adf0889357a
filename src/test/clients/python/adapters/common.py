"""What the adapters share."""


def text_of(result):
    """What a model reads of a result: its texts."""
    return "\n".join(getattr(item, "text", "") or "" for item in result.content)


class Trial:
    """A connected client; adapters set what theirs cannot do."""

    cancels = True
    asks = True
    reports = True

    def __init__(self, list, call, **flags):
        self.list = list
        self.call = call
        self.__dict__.update(flags)
