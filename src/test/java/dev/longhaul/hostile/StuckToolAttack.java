package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A tool that ignores its interrupt, and a claimed job that no thread starts. */
@Hostile(
    settings = {
      "longhaul.worker.stuck-after=1s",
      "longhaul.worker.pools.io.concurrency=2",
      "longhaul.tools.spin.timeout=1s"
    },
    tools = DeafTools.class,
    jvm = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0")
class StuckToolAttack {
  private static final Pattern DEBUGGER = Pattern.compile("dt_socket at address: (\\d+)");

  @Test
  void aToolThatSpinsOnIsNamedAndItsJobsAreLeftToOtherWorkers(Target target) throws Exception {
    try {
      String spinning = target.submit("spin", "{\"name\":\"first\"}");
      JsonNode end = target.awaitEnd(spinning);
      // The tool is repeatable, so any other time-out would be retried.
      assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("failed");
      assertThat(end.at("/error/code").asString()).isEqualTo("TIMEOUT");
      assertThat(end.path("attempt").asInt()).isEqualTo(1);
      assertThat(target.log()).contains("Tool spin ignores its interrupt: job " + spinning);
      assertThat(stuckTools(target)).isEqualTo("[\"spin\"]");
      assertThat(metrics(target)).contains("longhaul_tools_stuck{tool=\"spin\"} 1");

      String next = target.submit("spin", "{\"name\":\"next\"}");
      assertThat(target.awaitState(next, "scheduled").path("attempt").asInt()).isZero();
      assertThat(target.log())
          .contains("Job " + next + " calls tool spin, which ignores its interrupt in this worker");
      target.assertServes(); // the pool's other slot is still used for other tools
      assertThat(runs(target)).doesNotContain("next");

      release(target);
      JsonNode ended = target.awaitEnd(next);
      assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("completed");
      assertThat(ended.path("attempt").asInt()).isEqualTo(1);
      assertThat(target.log()).contains("The stuck tool spin has returned from job " + spinning);
      assertThat(stuckTools(target)).isEmpty();
      assertThat(metrics(target)).contains("longhaul_tools_stuck{tool=\"spin\"} 0");
      assertThat(runs(target)).containsOnlyOnce("first").containsOnlyOnce("next");
    } finally {
      release(target);
    }
  }

  // A debugger suspends the only thread, which has the effect of a fully used processor.
  @Test
  void aJobThatNoThreadBeginsIsGivenBackAndRunsOnce(Target target) throws Exception {
    Files.writeString(target.data().resolve("gate"), "");
    target.awaitEnd(target.submit("wait_at_gate", "{\"name\":\"loads the classes\"}"));
    VirtualMachine debugged = debug(target);
    try {
      var type = debugged.classesByName("dev.longhaul.worker.RunningJob").getFirst();
      var begin = type.methodsByName("begin").getFirst().location();
      BreakpointRequest first = debugged.eventRequestManager().createBreakpointRequest(begin);
      first.setSuspendPolicy(BreakpointRequest.SUSPEND_EVENT_THREAD);
      first.addCountFilter(1);
      first.enable();

      String job = target.submit("wait_at_gate", "{\"name\":\"held\"}");
      EventSet held = awaitBreakpoint(debugged);
      JsonNode end = target.awaitEnd(job);

      assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("completed");
      assertThat(end.path("attempt").asInt()).isEqualTo(1);
      assertThat(target.log())
          .contains("Job " + job + " was claimed but no thread of this process began it");
      held.resume();
      Awaitility.await()
          .atMost(Target.LIMIT)
          .until(() ->
              target.log().contains("Job " + job + " was given back before its thread began it"));
      assertThat(runs(target)).containsOnlyOnce("held");
    } finally {
      debugged.dispose(); // resumes the suspended thread
      Files.delete(target.data().resolve("gate"));
    }
  }

  private static void release(Target target) throws IOException {
    Files.writeString(target.data().resolve("release"), "");
  }

  private static VirtualMachine debug(Target target) throws Exception {
    Matcher said = DEBUGGER.matcher(target.log());
    assertThat(said.find()).as("the JVM says where it takes debuggers").isTrue();
    AttachingConnector sockets =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    var arguments = sockets.defaultArguments();
    Objects.requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
    Objects.requireNonNull(arguments.get("port")).setValue(said.group(1));
    return sockets.attach(arguments);
  }

  private static EventSet awaitBreakpoint(VirtualMachine debugged) throws InterruptedException {
    while (true) {
      EventSet events = debugged.eventQueue().remove(Target.LIMIT.toMillis());
      assertThat(events).as("a thread comes for the job").isNotNull();
      if (events.stream().anyMatch(BreakpointEvent.class::isInstance)) {
        return events;
      }
      events.resume();
    }
  }

  private static String stuckTools(Target target) {
    JsonNode health = Target.JSON.readTree(target.get("/actuator/health").body());
    JsonNode found = health.findValue("stuckTools");
    return found == null ? "" : found.toString();
  }

  private static String metrics(Target target) {
    return target.get("/actuator/prometheus", "Accept", "text/plain").body();
  }

  private static String runs(Target target) throws IOException {
    return Files.readString(target.data().resolve("runs"));
  }
}
