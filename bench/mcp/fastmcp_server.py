"""FastMCP with tasks on Docket, with what BenchThings.java and BusyThings.java serve, as its documentation builds one.

Usage: python fastmcp_server.py PORT REDIS_PORT

PORT 0 starts a worker alone, which serves the tasks of the same Redis.
"""

import asyncio
import sys
from datetime import timedelta

import uvicorn
from fastmcp import Context, FastMCP
from fastmcp_tasks import TasksExtension

port, redis_port = int(sys.argv[1]), int(sys.argv[2])
mcp = FastMCP("bench")
mcp.add_extension(
    TasksExtension(
        # Its default of 100 connections is used up by 32 callers.
        url=f"redis://127.0.0.1:{redis_port}/0?max_connections=500",
        concurrency=50,  # as many slots as Longhaul has by default; its own default is 10
        redelivery_timeout=timedelta(seconds=12),  # as long as Longhaul's lease; its own default is 300 s
    )
)


@mcp.tool
async def echo(text: str) -> str:
    """Gives back a text"""
    return text


@mcp.tool(task=True)
async def queued_echo(text: str) -> str:
    """Gives back a text"""
    return text


@mcp.tool(task=True)
async def slow_echo(text: str, seconds: int) -> str:
    """Gives back a text after some seconds"""
    await asyncio.sleep(seconds)
    return text


@mcp.tool(task=True)
async def report(count: int, ctx: Context) -> str:
    """Reports progress that many times"""
    for i in range(1, count + 1):
        await ctx.report_progress(i, count, f"step {i}")
    return f"reported {count}"


async def work() -> None:
    async with mcp._lifespan_manager():  # as python -m fastmcp_tasks.worker_cli does it
        print("ready", flush=True)
        await asyncio.Event().wait()


if port == 0:
    import uvloop

    uvloop.run(work())
else:
    app = mcp.http_app(path="/mcp", stateless_http=True)
    uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)
