"""mcp 1.x by the command stdio."""
from contextlib import asynccontextmanager

from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client

from .common import relay
from .mcp1 import trial


@asynccontextmanager
async def connect(url, answer):
    async with stdio_client(StdioServerParameters(**relay(url))) as (read, write), trial(read, write, answer) as tried:
        yield tried
