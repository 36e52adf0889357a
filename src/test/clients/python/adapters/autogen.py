"""AutoGen's workbench."""
from contextlib import asynccontextmanager

from autogen_ext.tools.mcp import McpWorkbench, StreamableHttpServerParams

from .common import Trial


@asynccontextmanager
async def connect(url, answer):
    async with McpWorkbench(StreamableHttpServerParams(url=url)) as workbench:

        async def names():
            return [tool["name"] for tool in await workbench.list_tools()]

        async def call(name, arguments, progress=None):
            result = await workbench.call_tool(name, arguments)
            return result.to_text()

        yield Trial(names, call, asks=False, reports=False, cancels=False)
