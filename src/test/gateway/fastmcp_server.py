"""A FastMCP server with tasks, progress, log messages, questions, errors, resources and prompts.

Usage: python fastmcp_server.py [PORT]; without a port it speaks on stdin and stdout.
"""

import sys
from dataclasses import dataclass

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp_tasks import TasksExtension

mcp = FastMCP("fixture", version="1.0.0", instructions="A fixture.")
mcp.add_extension(TasksExtension())


@dataclass
class Size:
    width: float
    height: int


@mcp.tool(title="Numbers", annotations={"readOnlyHint": True}, meta={"shop": {"shelf": 1.0}}, tags={"a", "b"})
def numbers() -> dict:
    """Numbers that are easily changed on their way"""
    return {"whole": 1, "fraction": 1.0, "small": 0.1, "big": 12345678901234567890, "unicode": "ä ☃ 𝄞", "nothing": None, "empty": {}}


@mcp.tool
def area(size: Size) -> float:
    """The area of a size"""
    return size.width * size.height


@mcp.tool
def fails(how: str) -> str:
    """Ends as an error"""
    if how == "tool":
        raise ToolError("the tool says no")
    raise ValueError("an error of the code")


@mcp.tool
async def steps(count: int, ctx: Context) -> str:
    """Reports progress and logs"""
    for step in range(1, count + 1):
        await ctx.report_progress(step, count, f"step {step}")
        await ctx.info(f"logged {step}")
    return f"{count} steps"


@mcp.tool
async def asks(ctx: Context) -> str:
    """Asks its user"""
    answer = await ctx.elicit("Which colour?", response_type=str)
    return f"{answer.action}: {getattr(answer, 'data', None)}"


@mcp.tool(task=True)
async def durable(text: str) -> str:
    """Gives back a text, as a task if the client wants one"""
    return text


@mcp.tool(task=True)
async def durable_failure() -> str:
    """Fails, as a task if the client wants one"""
    raise ToolError("the task says no")


@mcp.resource("fixture://text", title="A text", mime_type="text/plain", meta={"k": 2.50})
def text() -> str:
    return "some text"


@mcp.resource("fixture://bytes", mime_type="application/octet-stream")
def bytes_() -> bytes:
    return b"\x00\x01\xff"


@mcp.resource("fixture://greeting/{name}")
def greeting(name: str) -> str:
    return f"hello {name}"


@mcp.prompt(title="Ask")
def ask(topic: str, depth: int = 1) -> str:
    """Asks about a topic"""
    return f"What is {topic}, in {depth} sentences?"


if len(sys.argv) > 1:
    mcp.run(transport="http", host="127.0.0.1", port=int(sys.argv[1]), path="/mcp", show_banner=False, log_level="WARNING")
else:
    mcp.run(show_banner=False, log_level="WARNING")
