"""Strands Agents; its client is a thread of its own behind synchronous calls."""
import asyncio
from contextlib import asynccontextmanager

from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult
from strands.tools.mcp import MCPClient

from .common import Trial


@asynccontextmanager
async def connect(url, answer, **options):
    async def ask(context, params):
        return ElicitResult(action="accept", content=answer(params.message))

    client = MCPClient(lambda: streamable_http_client(url), elicitation_callback=ask, **options)
    await asyncio.to_thread(client.__enter__)
    try:

        async def names():
            return [tool.tool_name for tool in await asyncio.to_thread(client.list_tools_sync)]

        async def call(name, arguments, progress=None):
            async def hear(done, total, message):
                progress(done)

            result = await client.call_tool_async(
                tool_use_id="1", name=name, arguments=arguments, progress_callback=hear if progress else None
            )
            return "\n".join(content.get("text", "") for content in result["content"])

        yield Trial(names, call)
    finally:
        await asyncio.to_thread(client.__exit__, None, None, None)
