#!/bin/bash
# Makes docs/reliability.md from what the chaos tests have measured (target/chaos/*.md). Called by: make chaos.
set -euo pipefail
cd "$(dirname "$0")/../../.."
figures=target/chaos

table() { # title, files…
  local title=$1
  shift
  printf '\n### %s\n\n| | |\n| --- | --- |\n' "$title"
  for name in "$@"; do
    if [ -f "$figures/$name.md" ]; then cat "$figures/$name.md"; else echo "| $name | not run |"; fi
  done
}

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1)
redis=$(redis-server --version 2>/dev/null | sed 's/.*v=\([^ ]*\).*/redis-server \1/' || true)

{
  cat src/test/chaos/reliability-head.md
  printf '\n## Figures\n\n'
  printf 'Made by `make chaos` on %s, commit %s: %s, %s cores, %s, %s, JDK %s.\n' \
    "$(date -u +%F)" "$(git rev-parse --short HEAD)" "${cpu:-unknown processor}" "$(nproc)" "$(uname -sr)" \
    "${redis:-the bundled Redis 6.2}" "$("${JAVA_HOME:-/usr}/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')"
  table 'Random operations against the model' model
  table 'Worker processes killed with jobs in flight' killed-workers
  table 'A worker is killed: its job is back in work' back-in-work
  table 'Redis killed, `appendfsync always`' killed-redis-always
  table 'Power cuts, `appendfsync everysec`' killed-redis-everysec
  table 'Failover: the master killed under load, Sentinel' failover
  table 'Outages, frozen and busy workers' killed-redis-outage frozen-worker
  table 'Redis killed, and back after 20 s, while clients wait: what they wait for ended meanwhile' waiters-killed
  table 'Redis frozen (SIGSTOP) for 20 s while clients wait' waiters-frozen
  table 'Memory full' memory-full
  table 'Half-open connections: time until the work goes on' half-open
} >docs/reliability.md
echo "docs/reliability.md is written"
