package main

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

// mcp-go: it too begins with 2026-07-28.
type mcpGo struct {
	client *client.Client
	heard  *atomic.Pointer[func()]
}

type user struct{}

func (user) Elicit(context.Context, mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	return &mcp.ElicitationResult{
		ElicitationResponse: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionAccept, Content: answer},
	}, nil
}

func connectMCPGo(ctx context.Context, url string) (Trial, error) {
	http, err := transport.NewStreamableHTTP(url)
	if err != nil {
		return nil, err
	}
	c := client.NewClient(http, client.WithElicitationHandler(user{}))
	heard := &atomic.Pointer[func()]{}
	c.OnNotification(func(notification mcp.JSONRPCNotification) {
		if progress := heard.Load(); progress != nil && notification.Method == "notifications/progress" {
			(*progress)()
		}
	})
	if err := c.Start(ctx); err != nil {
		return nil, err
	}
	request := mcp.InitializeRequest{}
	request.Params.ClientInfo = mcp.Implementation{Name: "mcp-go-trial", Version: "1.0.0"}
	if _, err := c.Initialize(ctx, request); err != nil {
		_ = c.Close()
		return nil, err
	}
	return &mcpGo{c, heard}, nil
}

func (c *mcpGo) List(ctx context.Context) ([]string, error) {
	result, err := c.client.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, tool := range result.Tools {
		names = append(names, tool.Name)
	}
	return names, nil
}

func (c *mcpGo) Call(ctx context.Context, name string, arguments map[string]any, progress func()) (string, error) {
	request := mcp.CallToolRequest{}
	request.Params.Name = name
	request.Params.Arguments = arguments
	if progress != nil {
		c.heard.Store(&progress)
		request.Params.Meta = &mcp.Meta{ProgressToken: name}
	}
	result, err := c.client.CallTool(ctx, request)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, content := range result.Content {
		if text, ok := content.(mcp.TextContent); ok {
			texts = append(texts, text.Text)
		}
	}
	return strings.Join(texts, "\n"), nil
}

func (c *mcpGo) Close() { _ = c.client.Close() }
