"""mcp 1.x: what most agent frameworks in Python stand on today."""
from contextlib import asynccontextmanager

from mcp import ClientSession, types
from mcp.client.streamable_http import streamablehttp_client

from .common import Trial, text_of


@asynccontextmanager
async def connect(url, answer):
    async with streamablehttp_client(url) as (read, write, _), trial(read, write, answer) as tried:
        yield tried


@asynccontextmanager
async def trial(read, write, answer):
    async def ask(context, params):
        return types.ElicitResult(action="accept", content=answer(params.message))

    async with ClientSession(read, write, elicitation_callback=ask) as session:
        await session.initialize()

        async def names():
            return [tool.name for tool in (await session.list_tools()).tools]

        async def call(name, arguments, progress=None):
            async def hear(done, total, message):
                progress(done)

            return text_of(await session.call_tool(name, arguments, progress_callback=hear if progress else None))

        # Its calls can be abandoned, but nothing tells the server.
        yield Trial(names, call, cancels=False)
