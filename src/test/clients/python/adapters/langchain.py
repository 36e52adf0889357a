"""langchain-mcp-adapters: tools as LangChain calls them."""
import json
from contextlib import asynccontextmanager

from langchain_mcp_adapters.callbacks import Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient
from mcp.types import ElicitResult

from .common import Trial


@asynccontextmanager
async def connect(url, answer):
    heard = []

    async def hear(done, total, message, context):
        for each in heard:
            each(done)

    async def ask(mcp_context, params, context):
        return ElicitResult(action="accept", content=answer(params.message))

    client = MultiServerMCPClient(
        {"longhaul": {"transport": "streamable_http", "url": url}},
        callbacks=Callbacks(on_progress=hear, on_elicitation=ask),
    )
    tools = {tool.name: tool for tool in await client.get_tools()}

    async def names():
        return list(tools)

    async def call(name, arguments, progress=None):
        heard[:] = [progress] if progress else []
        result = await tools[name].ainvoke(arguments)
        return result if isinstance(result, str) else json.dumps(result, default=str)

    # A call that is abandoned ends its session, which cancels nothing.
    yield Trial(names, call, cancels=False)
