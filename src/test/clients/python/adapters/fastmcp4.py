"""FastMCP 4; with `fastmcp_tasks` imported its client takes tasks by itself."""
from contextlib import asynccontextmanager

from fastmcp import Client

from .common import Trial, text_of


@asynccontextmanager
async def connect(url, answer):
    async def ask(message, response_type, params, context):
        return response_type(**answer(message))

    async with Client(url, elicitation_handler=ask) as client:

        async def names():
            return [tool.name for tool in await client.list_tools()]

        async def call(name, arguments, progress=None):
            async def hear(done, total, message):
                progress(done)

            return text_of(
                await client.call_tool(
                    name, arguments, progress_handler=hear if progress else None, raise_on_error=False
                )
            )

        yield Trial(names, call)
