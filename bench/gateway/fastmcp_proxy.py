"""FastMCP's proxy, as its documentation builds one.

Usage: python fastmcp_proxy.py PORT URL | PORT COMMAND ARGUMENT...
"""

import sys

import uvicorn
from fastmcp.client.transports import StdioTransport
from fastmcp.server import create_proxy

port, target, *arguments = sys.argv[1:]
proxy = create_proxy(StdioTransport(target, arguments) if arguments else target, name="proxy")
app = proxy.http_app(path="/mcp", stateless_http=True)
uvicorn.run(app, host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", log_level="warning", access_log=False)
