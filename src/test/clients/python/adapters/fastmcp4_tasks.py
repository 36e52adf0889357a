"""FastMCP 4 with fastmcp-tasks: importing it is what turns on the tasks of its client."""
import fastmcp_tasks  # noqa: F401

from .fastmcp4 import connect  # noqa: F401
