# Short names for what one does often. `make help` lists them all.
.DEFAULT_GOAL := help
SHELL := bash
MVN := ./mvnw
WORKERS ?= 2
SEEDS ?= 5
OPERATIONS ?= 20000

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

.PHONY: run
run: ## start Longhaul on http://localhost:8080 with its own Redis
	$(MVN) -q spring-boot:run

.PHONY: test
test: ## run the unit and contract tests
	$(MVN) test

.PHONY: verify
verify: ## run everything that must pass, the packaged jar included
	$(MVN) verify

.PHONY: package
package: ## build the jars without running tests
	$(MVN) -q -DskipTests package

.PHONY: reproducible
reproducible: ## build the jar twice from what is committed, in two directories, and compare the bytes
	.ci/reproducible

.PHONY: format
format: ## format the Java code (needs JAVA_HOME on a JDK 21 or later)
	$(MVN) -q spotless:apply

.PHONY: configuration
configuration: ## write the tables of settings and of requests in docs/ from the code
	$(MVN) -q test -Dtest=ConfigurationTableTest,RequestTablesTest,ChartValuesTest -Dlonghaul.configuration.write=true

.PHONY: contract
contract: ## run the queue's contract suite against a Redis in a container
	LONGHAUL_TEST_REDIS=testcontainers $(MVN) test -Dtest='*QueueContractTest'

.PHONY: hostile
hostile: ## attack the application as a process of its own (a few minutes)
	$(MVN) test -Dtest='dev/longhaul/hostile/*Attack'

.PHONY: chaos
chaos: ## break everything for minutes (SEEDS, OPERATIONS, ROUNDS) and write docs/reliability.md
	rm -rf target/chaos
	$(MVN) test -Dtest='QueueModelTest,KilledWorkersTest,KilledRedisTest,FrozenWorkerTest,MemoryFullTest,HalfOpenConnectionTest,WaitersThroughOutageTest' \
	  -Dlonghaul.chaos.long=true -Dlonghaul.chaos.seeds=$(SEEDS) -Dlonghaul.chaos.operations=$(OPERATIONS) $(if $(ROUNDS),-Dlonghaul.chaos.rounds=$(ROUNDS))
	$(MVN) test -Dtest=SentinelFailoverTest -Dgroups=topology -Dlonghaul.chaos.long=true
	src/test/chaos/report.sh

.PHONY: journeys
journeys: package ## run the official TypeScript clients and MCP Inspector against the packaged jar and a page in Chromium (needs node 22 and chromium)
	export LONGHAUL_JAR=$$(ls $(CURDIR)/target/longhaul-*-exec.jar); for clients in src/test/journeys/*/; do (cd $$clients && npm ci && npm test) || exit 1; done

.PHONY: clients
clients: package ## try everybody's MCP clients against the packaged jar (needs npm, python3, cargo) and print docs/clients.md's matrix
	LONGHAUL_JAR=$$(ls $(CURDIR)/target/longhaul-*-exec.jar) CLIENT_RUST=1 src/test/clients/run $(WRITE)

.PHONY: gateway-diff
gateway-diff: package ## call foreign MCP servers directly and through the packaged jar and write the table into docs/gateway.md (needs npm, git, python3)
	LONGHAUL_JAR=$$(ls $(CURDIR)/target/longhaul-*-exec.jar) src/test/gateway/run --write

.PHONY: openapi
openapi: package ## call the packaged jar with clients generated from its OpenAPI document, and try it with schemathesis (needs curl, python3)
	LONGHAUL_JAR=$$(ls $(CURDIR)/target/longhaul-*-exec.jar) src/test/openapi/run

.PHONY: conformance
conformance: ## run the public conformance suite against the fixture server (needs npm)
	src/test/conformance/run

.PHONY: conformance-gateway
conformance-gateway: ## run the same suite through a gateway in front of the fixture server, over HTTP and stdio (needs npm)
	src/test/conformance/run --gateway
	src/test/conformance/run --gateway=stdio

.PHONY: conformance-server
conformance-server: ## run the fixture server in the foreground on PORT (8090)
	src/test/conformance/server $(or $(PORT),8090)

.PHONY: ci
ci: ## run the whole gate, as on every change
	.ci/run

.PHONY: e2e-containers
e2e-containers: ## break docker-compose.yml while it works: kill, restart, scale, stop (needs Docker, a JDK 25; about five minutes)
	.ci/run containers

.PHONY: bench-container
bench-container: ## measure the image: size, start, memory (needs Docker)
	bench/container/run

.PHONY: docker
docker: ## build the image longhaul:local
	docker build -t longhaul:local .

.PHONY: up
up: docker ## start Redis, the api and WORKERS=2 workers in containers
	docker-compose up -d --scale worker=$(WORKERS)

.PHONY: down
down: ## stop the containers; the jobs stay in their volume
	docker-compose down

.PHONY: data
data: ## write a big data set to data/shipments.big.csv to try slow calls on
	java bench/GenerateDataset.java data/shipments.big.csv 400MB

.PHONY: bench-queue
bench-queue: ## compare the queue with BullMQ on one Redis (needs npm; QUICK=1 for a smoke run, BUSY=1 on a busy machine)
	bench/queue/run

.PHONY: bench-mcp
bench-mcp: ## compare the MCP endpoint with three others (needs npm, python3; QUICK=1 for a smoke run, BUSY=1 on a busy machine)
	bench/mcp/run

.PHONY: bench-streams
bench-streams: ## measure comments on 5,000 open streams and how soon a leave is noticed (needs npm; QUICK=1, BUSY=1 as above)
	bench/streams/run

.PHONY: bench-start
bench-start: package ## compare the start and the idle memory with FastMCP's (needs npm, python3; BUSY=1 as above)
	bench/start/run

.PHONY: bench-gateway
bench-gateway: ## measure what a call through the gateway costs beside the direct one and FastMCP's proxy (needs npm, python3; QUICK=1, BUSY=1 as above)
	bench/gateway/run

.PHONY: bench-publish
bench-publish: ## put the reports of the last bench-queue, -mcp, -streams, -start and -gateway into docs/performance.md and redraw the charts
	node bench/publish.mjs

.PHONY: profile-queue
profile-queue: ## record where the JVM's time goes for no-op jobs, with a flame graph (needs npm)
	bench/profile/run queue

.PHONY: profile-mcp
profile-mcp: ## the same for queued and for inline MCP calls (needs npm)
	bench/profile/run mcp

.PHONY: bench-jmh
bench-jmh: ## measure the hot pieces of code with JMH
	bench/jmh/run

.PHONY: script-costs
script-costs: ## print what the queue's scripts cost in Redis: commands, microseconds, bytes (needs redis-server)
	bench/jmh/script-costs

.PHONY: clean
clean: ## delete what was built
	$(MVN) -q clean
