// Driver is what every client written in Go is put through; see suite.mjs for what it prints.
//
//	driver ADAPTER steps|crash
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Trial is a connected client. A call's progress function is told of each report, if there is one.
type Trial interface {
	List(ctx context.Context) ([]string, error)
	Call(ctx context.Context, name string, arguments map[string]any, progress func()) (string, error)
	Close()
}

// What the user says to a question.
var answer = map[string]any{"color": "blue"}

var adapters = map[string]func(ctx context.Context, url string) (Trial, error){
	"go-sdk": connectGoSDK,
	"mcp-go": connectMCPGo,
}

var label = os.Getenv("LABEL")

func say(step, status, note string) {
	if len(note) > 400 {
		note = note[:400]
	}
	line, err := json.Marshal(struct {
		Step   string `json:"step"`
		Status string `json:"status"`
		Note   string `json:"note"`
	}{step, status, note})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func contains(text, wanted string) error {
	if strings.Contains(text, wanted) {
		return nil
	}
	if len(text) > 300 {
		text = text[:300]
	}
	return fmt.Errorf("no %q in: %s", wanted, text)
}

var next = regexp.MustCompile(`(?i)call the tool (\w+) with (\{[^}]*\})`)

// follow does what a model does with an operation that was handed over: it calls the tool that the answer names.
func follow(ctx context.Context, client Trial, name string, arguments map[string]any) (text string, handed bool, err error) {
	text, err = client.Call(ctx, name, arguments, nil)
	for i := 0; err == nil && i < 40; i++ {
		named := next.FindStringSubmatch(text)
		if named == nil {
			return text, handed, nil
		}
		handed = true
		arguments := map[string]any{}
		if err = json.Unmarshal([]byte(named[2]), &arguments); err == nil {
			text, err = client.Call(ctx, named[1], arguments, nil)
		}
	}
	return text, handed, err
}

// nap is a long call, continued until it has its answer.
func nap(ctx context.Context, client Trial, seconds int, label string) (status string, err error) {
	text, handed, err := follow(ctx, client, "nap", map[string]any{"seconds": seconds, "label": label})
	if err == nil {
		err = contains(text, fmt.Sprintf("Slept %d", seconds))
	}
	if handed {
		return "handed-over", err
	}
	return "ok", err
}

type step func(ctx context.Context, client Trial) (status, note string, err error)

var steps = []struct {
	name string
	try  step
}{
	{"list", func(ctx context.Context, client Trial) (string, string, error) {
		names, err := client.List(ctx)
		if err == nil {
			err = contains(strings.Join(names, " "), "nap")
		}
		return "ok", fmt.Sprintf("%d tools", len(names)), err
	}},
	{"quick", func(ctx context.Context, client Trial) (string, string, error) {
		text, err := client.Call(ctx, "echo", map[string]any{"text": "hello"}, nil)
		if err == nil {
			err = contains(text, "Echo: hello")
		}
		return "ok", "", err
	}},
	{"progress", func(ctx context.Context, client Trial) (string, string, error) {
		var heard atomic.Int32
		arguments := map[string]any{"seconds": 4, "label": label + "-progress"}
		text, err := client.Call(ctx, "nap", arguments, func() { heard.Add(1) })
		if err == nil {
			err = contains(text, "Slept 4")
		}
		if err == nil && heard.Load() == 0 {
			err = fmt.Errorf("no progress was heard")
		}
		return "ok", fmt.Sprintf("%d reports", heard.Load()), err
	}},
	{"cancel", func(ctx context.Context, client Trial) (string, string, error) {
		stop, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		text, err := client.Call(stop, "nap", map[string]any{"seconds": 40, "label": label + "-cancel"}, nil)
		if err == nil {
			return "", "", fmt.Errorf("it was answered: %s", text)
		}
		time.Sleep(24 * time.Second) // a client of 2026-07-28 that left may come back; only then is the work stopped
		return "ok", "", nil
	}},
	{"question", func(ctx context.Context, client Trial) (string, string, error) {
		text, err := client.Call(ctx, "ask_color", map[string]any{"label": label}, nil)
		if err == nil {
			err = contains(text, "blue")
		}
		return "ok", "", err
	}},
	{"large", func(ctx context.Context, client Trial) (string, string, error) {
		text, err := client.Call(ctx, "large", map[string]any{"kilobytes": 2048}, nil)
		if err == nil {
			err = contains(text, "0123456789abcdef")
		}
		return "ok", fmt.Sprintf("%d characters", len(text)), err
	}},
	{"slow", func(ctx context.Context, client Trial) (string, string, error) {
		status, err := nap(ctx, client, 70, label+"-slow")
		return status, "", err
	}},
}

func trySteps(ctx context.Context, connect func() (Trial, error)) {
	client, err := connect()
	if err != nil {
		say("list", "failed", err.Error())
		return
	}
	defer client.Close()
	for _, step := range steps {
		status, note, err := step.try(ctx, client)
		if err != nil {
			status, note = "failed", err.Error()
		}
		say(step.name, status, note)
	}
}

func tryCrash(ctx context.Context, connect func() (Trial, error)) {
	client, err := connect()
	if err == nil {
		_, err = client.List(ctx)
	}
	if err != nil {
		say("crash", "failed", err.Error())
		return
	}
	fmt.Println("READY")
	if _, err = bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		say("crash", "failed", err.Error())
		return
	}
	status, err := nap(ctx, client, 20, label)
	if err == nil {
		say("crash", status, "")
		say("repeat", "ok", "not needed")
		return
	}
	say("crash", "failed", err.Error())
	for i := 1; i <= 40; i++ {
		if err == nil {
			if status, err = nap(ctx, client, 20, label); err == nil {
				say("repeat", status, fmt.Sprintf("at try %d", i))
				return
			}
			client.Close()
		}
		time.Sleep(3 * time.Second)
		var again Trial
		if again, err = connect(); err == nil {
			client = again
		}
	}
	say("repeat", "failed", err.Error())
}

func main() {
	ctx := context.Background()
	connect := func() (Trial, error) { return adapters[os.Args[1]](ctx, os.Getenv("URL")) }
	if os.Args[2] == "crash" {
		tryCrash(ctx, connect)
	} else {
		trySteps(ctx, connect)
	}
}
