"""FastMCP 4 with fastmcp-tasks: importing it is what turns on the tasks of its client."""
from contextlib import asynccontextmanager

import fastmcp_tasks  # noqa: F401

from . import fastmcp4


@asynccontextmanager
async def connect(url, answer):
    async with fastmcp4.connect(url, answer) as trial:
        trial.reports = False  # it polls its tasks and tells no handler of their progress
        trial.cancels = False  # nor does it cancel a task whose call is abandoned
        yield trial
