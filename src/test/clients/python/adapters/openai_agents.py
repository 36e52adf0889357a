"""OpenAI Agents SDK: gives up after 5 s unless told otherwise, and its model repeats the call."""
from contextlib import asynccontextmanager

from agents.mcp import MCPServerStreamableHttp

from .common import Trial, text_of


@asynccontextmanager
async def connect(url, answer):
    async with MCPServerStreamableHttp(params={"url": url}) as server:

        async def names():
            return [tool.name for tool in await server.list_tools()]

        async def call(name, arguments, progress=None):
            return text_of(await server.call_tool(name, arguments))

        yield Trial(names, call, asks=False, reports=False, tries=5)
