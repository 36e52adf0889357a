package dev.longhaul.gateway;

import dev.longhaul.gateway.auth.login.LoginState;
import dev.longhaul.gateway.catalog.ServedUpstream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of an upstream, as an operator sees it.
 *
 * @param name its name; the path of a file that could not be read
 * @param source where it is configured; empty if no process has it
 * @param reason why it is not used, or null
 * @param address its program, or its URL without secrets, or null
 * @param served what is known of it, or null
 * @param login whether a person is logged in for it; null if it has not asked for that
 */
public record UpstreamView(
    String name,
    String source,
    State state,
    @Nullable String reason,
    @Nullable String address,
    @Nullable Served served,
    Connected connected,
    @Nullable Login login) {

  /** What it does. */
  public enum State {
    CONNECTED,
    CONNECTING,
    /** It is connected when a call needs it. */
    IDLE,
    /** It could not be reached and is tried again. */
    FAILED,
    /** An operator has switched it off. */
    DISABLED,
    /** Its configuration is wrong. */
    INVALID,
    /** It is this server. */
    ITSELF,
    /** It is known from before, and no worker has it. */
    UNKNOWN
  }

  /**
   * What is served of it.
   *
   * @param era {@code modern} or {@code legacy}
   * @param version the version of the protocol
   * @param server its own name and version, or null
   * @param tools the names under which its tools are served
   * @param leftOut what is not served, and why
   * @param resources how many resources and templates it has
   * @param prompts how many prompts it has
   * @param changes which of its tools have changed since they were first known
   */
  public record Served(
      String era,
      String version,
      @Nullable String server,
      List<String> tools,
      List<NotServed> leftOut,
      int resources,
      int prompts,
      List<String> changes) {

    static Served of(ServedUpstream of) {
      return new Served(
          of.era(),
          of.version(),
          of.server(),
          of.tools(),
          of.leftOut().stream().map(each -> new NotServed(each.name(), each.reason())).toList(),
          of.resources(),
          of.prompts(),
          of.changes());
    }
  }

  /**
   * Something of it that is not served.
   *
   * @param name its own name or URI
   */
  public record NotServed(String name, String reason) {}

  /**
   * Its connections, in all processes.
   *
   * @param pid its process, or null
   * @param lastError its last failure without secrets, or null
   * @param restarts how often a connection was made again
   * @param callsInFlight how many calls run
   */
  public record Connected(
      @Nullable Long pid, @Nullable String lastError, int restarts, int callsInFlight) {}

  /**
   * Whether a person is logged in for it.
   *
   * @param state {@code needed}, {@code present} or {@code expired}
   * @param until until when the login holds; null if that is not known
   */
  public record Login(String state, @Nullable Instant until) {

    static Login of(LoginState of) {
      return new Login(of.state().name().toLowerCase(Locale.ROOT), of.until());
    }
  }
}
