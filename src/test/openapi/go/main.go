// Submits, follows and reads a job, a batch and a chain through the generated client: typed calls only.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"example.com/openapi/longhaul"
)

const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // SHA-256 of abc

var (
	wait   int32 = 60
	tool         = "compute_hash"
	data         = []string{"abc", "def"}
	inTurn       = []string{"abc", "{{RESULT_FROM_PREVIOUS}}"}
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	client, err := longhaul.NewClientWithResponses(os.Args[1])
	must(err)
	job(ctx, client)
	batch(ctx, client)
	chain(ctx, client)
	fmt.Println("job, batch, chain: as typed")
}

func job(ctx context.Context, client *longhaul.ClientWithResponses) {
	var body longhaul.SubmitRequest
	must(body.FromToolSubmitRequest(longhaul.ToolSubmitRequest{Tool: tool, Arguments: arguments("abc")}))
	key := "\"go-job\""
	stored, err := client.SubmitJobWithResponse(ctx, &longhaul.SubmitJobParams{IdempotencyKey: &key}, body)
	must(err)
	id := found(stored.JSON202, stored.Body).Id
	followed, err := client.FollowJobWithResponse(ctx, id)
	must(err)
	check(strings.Contains(string(followed.Body), "event: end"), followed.Body)
	shown, err := client.GetJobWithResponse(ctx, id, &longhaul.GetJobParams{WaitSeconds: &wait})
	must(err)
	done := found(shown.JSON200, shown.Body)
	check(done.State == longhaul.JobStateCompleted && done.FinishedAt != nil && done.DueAt == nil, shown.Body)
	result, err := client.GetJobResultWithResponse(ctx, id, nil)
	must(err)
	check(strings.Contains(fmt.Sprint(*found(result.JSON200, result.Body)), hash), result.Body)
}

func batch(ctx context.Context, client *longhaul.ClientWithResponses) {
	var jobs longhaul.JobsBatchRequest
	for _, text := range data {
		var one longhaul.FlowJobRequest
		must(one.FromToolFlowJobRequest(longhaul.ToolFlowJobRequest{Tool: tool, Arguments: arguments(text)}))
		jobs.Jobs = append(jobs.Jobs, one)
	}
	var body longhaul.BatchRequest
	must(body.FromJobsBatchRequest(jobs))
	stored, err := client.SubmitBatchWithResponse(ctx, nil, body)
	must(err)
	id := found(stored.JSON202, stored.Body).Id
	followed, err := client.FollowBatchWithResponse(ctx, id, nil)
	must(err)
	check(strings.Contains(string(followed.Body), "event: end"), followed.Body)
	shown, err := client.GetBatchWithResponse(ctx, id, &longhaul.GetBatchParams{WaitSeconds: &wait})
	must(err)
	done := found(shown.JSON200, shown.Body)
	check(done.State == longhaul.BatchStateCompleted && done.Total == 2 && done.Reason == nil, shown.Body)
	page, err := client.GetBatchResultsWithResponse(ctx, id, nil)
	must(err)
	results := found(page.JSON200, page.Body)
	check(strings.Contains(fmt.Sprint(results.Results[0].Result), hash) && results.NextOffset == nil, page.Body)
}

func chain(ctx context.Context, client *longhaul.ClientWithResponses) {
	var body longhaul.ChainRequest
	for _, text := range inTurn {
		var step longhaul.LaterJobRequest
		must(step.FromToolLaterJobRequest(longhaul.ToolLaterJobRequest{Tool: tool, Arguments: arguments(text)}))
		body.Steps = append(body.Steps, step)
	}
	stored, err := client.SubmitChainWithResponse(ctx, nil, body)
	must(err)
	id := found(stored.JSON202, stored.Body).Id
	followed, err := client.FollowChainWithResponse(ctx, id, nil)
	must(err)
	check(strings.Contains(string(followed.Body), "event: end"), followed.Body)
	shown, err := client.GetChainWithResponse(ctx, id, &longhaul.GetChainParams{WaitSeconds: &wait})
	must(err)
	done := found(shown.JSON200, shown.Body)
	check(done.State == longhaul.ChainStateCompleted && done.Failure == nil && done.Result != nil, shown.Body)
}

func arguments(text string) *map[string]interface{} {
	return &map[string]interface{}{"data": text}
}

func found[T any](answer *T, body []byte) *T {
	check(answer != nil, body)
	return answer
}

func check(holds bool, body []byte) {
	if !holds {
		panic("not as expected: " + string(body))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
