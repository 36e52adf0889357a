"""mcp 2.x by the command stdio: 2026-07-28, without the tasks extension."""
from mcp.client.stdio import StdioServerParameters, stdio_client

from . import mcp2
from .common import relay


def connect(url, answer):
    return mcp2.connect(stdio_client(StdioServerParameters(**relay(url))), answer)
