"""Strands Agents; its client is a thread of its own behind synchronous calls."""
import asyncio
from contextlib import asynccontextmanager

from mcp.client.streamable_http import streamablehttp_client
from mcp.types import ElicitResult
from strands.tools.mcp import MCPClient

from .common import Trial


@asynccontextmanager
async def connect(url, answer, **options):
    async def ask(context, params):
        return ElicitResult(action="accept", content=answer(params.message))

    client = MCPClient(lambda: streamablehttp_client(url), elicitation_callback=ask, **options)
    await asyncio.to_thread(client.__enter__)
    try:

        async def names():
            return [tool.tool_name for tool in await asyncio.to_thread(client.list_tools_sync)]

        async def call(name, arguments, progress=None):
            result = await client.call_tool_async(tool_use_id="1", name=name, arguments=arguments)
            return "\n".join(content.get("text", "") for content in result["content"])

        yield Trial(names, call, reports=False, cancels=False)
    finally:
        await asyncio.to_thread(client.__exit__, None, None, None)
