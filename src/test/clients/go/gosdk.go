package main

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// The official SDK for Go: it begins with 2026-07-28.
type goSDK struct {
	session *mcp.ClientSession
	heard   *atomic.Pointer[func()]
}

func connectGoSDK(ctx context.Context, url string) (Trial, error) {
	heard := &atomic.Pointer[func()]{}
	client := mcp.NewClient(&mcp.Implementation{Name: "go-sdk-trial", Version: "1.0.0"}, &mcp.ClientOptions{
		ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept", Content: answer}, nil
		},
		ProgressNotificationHandler: func(context.Context, *mcp.ProgressNotificationClientRequest) {
			if progress := heard.Load(); progress != nil {
				(*progress)()
			}
		},
	})
	session, err := client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: url}, nil)
	if err != nil {
		return nil, err
	}
	return &goSDK{session, heard}, nil
}

func (c *goSDK) List(ctx context.Context) ([]string, error) {
	var names []string
	for tool, err := range c.session.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		names = append(names, tool.Name)
	}
	return names, nil
}

func (c *goSDK) Call(ctx context.Context, name string, arguments map[string]any, progress func()) (string, error) {
	params := &mcp.CallToolParams{Name: name, Arguments: arguments}
	if progress != nil {
		c.heard.Store(&progress)
		params.Meta = mcp.Meta{}
		params.SetProgressToken(name)
	}
	result, err := c.session.CallTool(ctx, params)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, content := range result.Content {
		if text, ok := content.(*mcp.TextContent); ok {
			texts = append(texts, text.Text)
		}
	}
	return strings.Join(texts, "\n"), nil
}

func (c *goSDK) Close() { _ = c.session.Close() }
