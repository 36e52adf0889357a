"""Pydantic AI's toolset, as an agent uses it."""
import json
from contextlib import asynccontextmanager

from pydantic_ai.mcp import MCPToolset

from .common import Trial


@asynccontextmanager
async def connect(url, answer):
    async def ask(message, response_type, params, context):
        return response_type(**answer(message))

    heard = []

    async def hear(done, total, message):
        for each in heard:
            each(done)

    async with MCPToolset(url, elicitation_handler=ask, progress_handler=hear) as tools:

        async def names():
            return [tool.name for tool in await tools.list_tools()]

        async def call(name, arguments, progress=None):
            heard[:] = [progress] if progress else []
            result = await tools.direct_call_tool(name, arguments)
            return result if isinstance(result, str) else json.dumps(result, default=str)

        yield Trial(names, call)
