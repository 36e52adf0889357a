"""Submits, follows and reads a job, a batch and a chain through the generated client: typed calls only."""

import sys

from longhaul_client import Client
from longhaul_client.api.flows import follow_batch, follow_chain, get_batch, get_batch_results, get_chain
from longhaul_client.api.flows import submit_batch, submit_chain
from longhaul_client.api.jobs import follow_job, get_job, get_job_result, list_jobs, submit_job
from longhaul_client.models import (
    Batch,
    BatchState,
    Chain,
    ChainRequest,
    ChainState,
    FlowResults,
    Job,
    JobList,
    JobsBatchRequest,
    JobState,
    Problem,
    ToolFlowJobRequest,
    ToolLaterJobRequest,
    ToolSubmitRequest,
)
from longhaul_client.models.tool_flow_job_request_arguments_type_0 import ToolFlowJobRequestArgumentsType0
from longhaul_client.models.tool_later_job_request_arguments_type_0 import ToolLaterJobRequestArgumentsType0
from longhaul_client.models.tool_submit_request_arguments_type_0 import ToolSubmitRequestArgumentsType0

HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # SHA-256 of abc


def expect(kind, answer):
    assert isinstance(answer, kind), answer
    return answer


def arguments(kind, data):
    value = kind()
    value["data"] = data
    return value


def job(client):
    request = ToolSubmitRequest(tool="compute_hash", arguments=arguments(ToolSubmitRequestArgumentsType0, "abc"))
    stored = expect(Job, submit_job.sync(client=client, body=request, idempotency_key='"python-job"'))
    again = expect(Job, submit_job.sync(client=client, body=request, idempotency_key='"python-job"'))
    assert again.id == stored.id
    assert "event: end" in expect(str, follow_job.sync(stored.id, client=client))
    done = expect(Job, get_job.sync(stored.id, client=client, wait_seconds=60))
    assert done.state == JobState.COMPLETED and done.finished_at is not None and done.due_at is None, done
    result = get_job_result.sync(stored.id, client=client)
    assert HASH in str(result.to_dict()), result
    listed = expect(JobList, list_jobs.sync(client=client, tool="compute_hash"))
    assert stored.id in [one.id for one in listed.jobs]


def batch(client):
    request = JobsBatchRequest(
        jobs=[
            ToolFlowJobRequest(tool="compute_hash", arguments=arguments(ToolFlowJobRequestArgumentsType0, data))
            for data in ("abc", "def")
        ]
    )
    stored = expect(Batch, submit_batch.sync(client=client, body=request))
    assert "event: end" in expect(str, follow_batch.sync(stored.id, client=client))
    done = expect(Batch, get_batch.sync(stored.id, client=client, wait_seconds=60))
    assert done.state == BatchState.COMPLETED and done.total == 2 and done.reason is None, done
    page = expect(FlowResults, get_batch_results.sync(stored.id, client=client))
    assert HASH in str(page.results[0].result) and page.next_offset is None, page


def chain(client):
    request = ChainRequest(
        steps=[
            ToolLaterJobRequest(tool="compute_hash", arguments=arguments(ToolLaterJobRequestArgumentsType0, data))
            for data in ("abc", "{{RESULT_FROM_PREVIOUS}}")
        ]
    )
    stored = expect(Chain, submit_chain.sync(client=client, body=request))
    assert "event: end" in expect(str, follow_chain.sync(stored.id, client=client))
    done = expect(Chain, get_chain.sync(stored.id, client=client, wait_seconds=60))
    assert done.state == ChainState.COMPLETED and done.failure is None, done
    assert "content" in done.result and len(done.steps) == 2, done


def refused(client):
    problem = expect(Problem, submit_job.sync(client=client, body=ToolSubmitRequest(tool="no_such_tool")))
    assert problem.type_.endswith("unknown-tool") and problem.status == 422, problem


if __name__ == "__main__":
    longhaul = Client(base_url=sys.argv[1], timeout=90)
    for journey in (job, batch, chain, refused):
        journey(longhaul)
        print(f"{journey.__name__}: as typed")
