"""Semantic Kernel's plugin for MCP servers."""
from contextlib import asynccontextmanager

from semantic_kernel.connectors.mcp import MCPStreamableHttpPlugin

from .common import Trial


@asynccontextmanager
async def connect(url, answer):
    async with MCPStreamableHttpPlugin(name="longhaul", url=url, load_prompts=False) as plugin:

        async def names():
            return [tool.name for tool in (await plugin.session.list_tools()).tools]

        async def call(name, arguments, progress=None):
            contents = await plugin.call_tool(name, **arguments)
            return contents if isinstance(contents, str) else "\n".join(str(content) for content in contents)

        yield Trial(names, call, asks=False, reports=False, cancels=False)
