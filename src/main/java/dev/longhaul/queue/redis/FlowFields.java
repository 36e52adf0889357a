package dev.longhaul.queue.redis;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.FlowChild;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import dev.longhaul.queue.FlowView.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a batch's or chain's hash.
 *
 * <p>{@code st} state, {@code k} kind, {@code nm} name, {@code o} owner, {@code oi} the owner's
 * index name, {@code af} 1 if failures are allowed, {@code wy} why it starts no more children
 * (child, cancelled, unsealed), {@code s} children staged, {@code mx} highest staged index plus
 * one, {@code n} number of children, once sealed, {@code c f x} completed, failed, cancelled
 * children, {@code m:INDEX} one of these letters for a child that ended, {@code cu sc} up to where
 * children were started, cancelled, {@code qs} children per queue while it is staged, {@code it}
 * how long an index outlives a child's start, {@code tt tr} TTL of status and result, {@code then
 * catch finally} held or started, and {@code then:1} and so on for more of a kind, {@code en e:N}
 * how many ended and which one as the N-th, {@code wn} number of its jobs at gates, {@code wr wu
 * wt} reason, expected time and gate of the latest of them, {@code w} channels to notify of
 * changes, {@code ho} 1 if handed out, {@code u} digest of the idempotency key, {@code nt}
 * notifications of its end ({@link NotificationFields}); times in ms: {@code cr} created, {@code
 * se} sealed, {@code up} updated, {@code fi} finished, {@code ex} when it expires.
 */
final class FlowFields {
  /**
   * The fields that {@link #read} needs; without the ends of children, of which there can be many.
   */
  static final String[] VIEW =
      Stream.concat(
              Stream.of(
                  "st", "k", "nm", "o", "af", "wy", "s", "n", "c", "f", "x", "cr", "se", "fi", "ex",
                  "ho", "wn", "wr", "wu", "wt"),
              Stream.of(FlowCallback.values())
                  .flatMap(kind ->
                      IntStream.range(0, FlowCallback.MOST).mapToObj(n -> callback(kind, n))))
          .toArray(String[]::new);

  private FlowFields() {}

  /** The field of a callback. */
  static String callback(FlowCallback kind, int number) {
    return number == 0 ? kind.wire() : kind.wire() + ":" + number;
  }

  static List<String> write(FlowRequest request) {
    return List.of("nm", request.name(), "o", request.owner());
  }

  /**
   * @param stored the values of those of {@link #VIEW} that there are
   */
  static FlowView read(JobId id, Map<String, String> stored) {
    FlowState state = FlowState.valueOf(upper(stored, "st"));
    boolean allowFailures = "1".equals(stored.get("af"));
    int failed = number(stored, "f");
    int cancelled = number(stored, "x");
    Instant finished = time(stored, "fi");
    boolean shortOf = !allowFailures && (finished != null || stored.containsKey("wy"));
    return new FlowView(
        id,
        FlowKind.valueOf(upper(stored, "k")),
        text(stored, "nm"),
        text(stored, "o"),
        state,
        reason(stored.get("wy"), shortOf && failed > 0, shortOf && cancelled > 0),
        allowFailures,
        new FlowView.Counts(
            number(stored, "s"),
            stored.containsKey("n") ? Integer.valueOf(number(stored, "n")) : null,
            number(stored, "c"),
            failed,
            cancelled,
            heldBack(stored)),
        new FlowView.Times(
            Objects.requireNonNull(time(stored, "cr")),
            time(stored, "se"),
            finished,
            finished == null ? null : time(stored, "ex")),
        started(id, stored),
        heldBack(stored) == 0 || finished != null ? null : waiting(stored),
        "1".equals(stored.get("ho")));
  }

  // The count is updated with each job that is held back or released.
  private static int heldBack(Map<String, String> stored) {
    return Math.max(0, Integer.parseInt(stored.getOrDefault("wn", "0")));
  }

  private static Waiting waiting(Map<String, String> stored) {
    String until = stored.getOrDefault("wu", "");
    return new Waiting(
        Waiting.Reason.valueOf(text(stored, "wr")),
        until.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(until)),
        null);
  }

  private static @Nullable Reason reason(@Nullable String why, boolean failed, boolean cancelled) {
    if ("cancelled".equals(why)) {
      return Reason.CANCELLED;
    }
    if ("unsealed".equals(why)) {
      return Reason.NEVER_SEALED;
    }
    if (failed) {
      return Reason.CHILD_FAILED;
    }
    return cancelled ? Reason.CHILD_CANCELLED : null;
  }

  private static Map<FlowCallback, List<JobId>> started(JobId id, Map<String, String> stored) {
    Map<FlowCallback, List<JobId>> started = new EnumMap<>(FlowCallback.class);
    for (FlowCallback kind : FlowCallback.values()) {
      for (int n = 0; n < FlowCallback.MOST; n++) {
        if ("started".equals(stored.get(callback(kind, n)))) {
          started.computeIfAbsent(kind, k -> new ArrayList<>()).add(FlowRef.of(id, kind, n).job());
        }
      }
    }
    return started;
  }

  /**
   * @param answer the reply of flow-children.lua
   */
  static List<FlowChild> children(JobId flow, int first, List<?> answer) {
    List<FlowChild> children = new ArrayList<>(answer.size() / 2);
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      int index = first + i / 2;
      children.add(
          new FlowChild(
              index,
              new FlowRef(flow, index).job(),
              JobState.fromWire((String) answer.get(i)).orElse(null),
              end((String) answer.get(i + 1))));
    }
    return children;
  }

  private static FlowChild.@Nullable End end(String mark) {
    return switch (mark) {
      case "c" -> FlowChild.End.COMPLETED;
      case "f" -> FlowChild.End.FAILED;
      case "x" -> FlowChild.End.CANCELLED;
      default -> null;
    };
  }

  private static String upper(Map<String, String> stored, String name) {
    return text(stored, name).toUpperCase(Locale.ROOT);
  }

  private static int number(Map<String, String> stored, String name) {
    return Integer.parseInt(text(stored, name));
  }

  private static String text(Map<String, String> stored, String name) {
    return Objects.requireNonNull(stored.get(name), () -> "batch or chain without field " + name);
  }

  private static @Nullable Instant time(Map<String, String> stored, String name) {
    String text = stored.get(name);
    return text == null ? null : Instant.ofEpochMilli(Long.parseLong(text));
  }
}
