# Sourced by the benchmarks, in the project's directory: a JDK 25, compiled classes, and their class path.
say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }

jdk_25() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    "$home/bin/java" -version 2>&1 | grep -q 'version "25' && echo "$home" && return
  done
  echo "There is no JDK 25: set JAVA_HOME to one, or install one under /usr/lib/jvm." >&2
  exit 1
}
JAVA_HOME=$(jdk_25)
export JAVA_HOME JAVA=$JAVA_HOME/bin/java

root=$PWD
# Before the compiler raises it.
LOAD_BEFORE=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo 0)
COMMIT=$(git rev-parse --short HEAD 2>/dev/null || true)
export LOAD_BEFORE COMMIT
mkdir -p target/bench
# PREPARED=1 where that was done a moment ago, so that two benchmarks can run at the same time.
if [ "${PREPARED:-}" != 1 ]; then
  say "compiling"
  ./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench/classpath >target/bench/maven.log 2>&1 ||
    { tail -n 40 target/bench/maven.log >&2; exit 1; }
fi
CLASS_PATH=$root/target/test-classes:$root/target/classes:$(cat target/bench/classpath)
export CLASS_PATH
