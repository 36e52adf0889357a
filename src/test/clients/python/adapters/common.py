"""What the adapters share."""


def text_of(result):
    """What a model reads of a result: its texts."""
    return "\n".join(getattr(item, "text", "") or "" for item in result.content)


class Trial:
    """A connected client; adapters set what theirs cannot do, and how often a model repeats a call that failed."""

    cancels = True
    asks = True
    reports = True
    tries = 1

    def __init__(self, list, call, **flags):
        self.list = list
        self.call = call
        self.__dict__.update(flags)
