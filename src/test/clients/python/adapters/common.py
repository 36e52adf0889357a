"""What the adapters share."""
import os


def relay(url):
    """The arguments of the command that clients start which only start commands."""
    home = os.environ.get("JAVA_HOME")
    return {
        "command": os.path.join(home, "bin", "java") if home else "java",
        "args": ["-XX:TieredStopAtLevel=1", "-Xmx64m", "-jar", os.environ["LONGHAUL_JAR"], "stdio", "--url", url],
        "env": dict(os.environ),
    }


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
