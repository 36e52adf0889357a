"""mcp 2.x: 2026-07-28, without the tasks extension."""
from contextlib import asynccontextmanager

from mcp.client import Client
from mcp.types import ElicitResult

from .common import Trial, text_of


@asynccontextmanager
async def connect(server, answer):
    """server is a URL, or a transport."""

    async def ask(context, params):
        return ElicitResult(action="accept", content=answer(params.message))

    async with Client(server, elicitation_callback=ask) as client:

        async def names():
            return [tool.name for tool in (await client.list_tools()).tools]

        async def call(name, arguments, progress=None):
            async def hear(done, total, message):
                progress(done)

            return text_of(await client.call_tool(name, arguments, progress_callback=hear if progress else None))

        yield Trial(names, call)
