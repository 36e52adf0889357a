"""Strands Agents with its tasks of 2025-11-25."""
from contextlib import asynccontextmanager

from strands.tools.mcp.mcp_tasks import TasksConfig

from . import strands


@asynccontextmanager
async def connect(url, answer):
    async with strands.connect(url, answer, tasks_config=TasksConfig()) as trial:
        trial.reports = False  # with tasks its callbacks for progress are not called
        yield trial
