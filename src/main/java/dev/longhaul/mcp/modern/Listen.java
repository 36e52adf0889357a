package dev.longhaul.mcp.modern;

import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.primitive.JobUri;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.tool.Change;
import dev.longhaul.tool.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Serves subscriptions/listen: a stream of change notifications that ends with its connection. */
final class Listen implements ModernMethod {

  private final Operations operations;
  private final Changes changes;
  private final SubscribedResources resources;
  private final ListenStreams streams;
  private final Supplier<ObjectNode> capabilities;
  private final BiFunction<Caller, JobId, ObjectNode> taskView;
  private final int maxEntries;

  /**
   * @param capabilities the declared capabilities, which limit what is honoured
   * @param taskView what tasks/get returns for a task of a caller
   * @param maxEntries how many resources and tasks together one stream may name
   */
  Listen(
      Operations operations,
      Changes changes,
      SubscribedResources resources,
      ListenStreams streams,
      Supplier<ObjectNode> capabilities,
      BiFunction<Caller, JobId, ObjectNode> taskView,
      int maxEntries) {
    this.operations = operations;
    this.changes = changes;
    this.resources = resources;
    this.streams = streams;
    this.capabilities = capabilities;
    this.taskView = taskView;
    this.maxEntries = maxEntries;
  }

  @Override
  public String name() {
    return "subscriptions/listen";
  }

  @Override
  public boolean waitsOnly() {
    return true;
  }

  @Override
  public void handle(ModernRequest request) throws InterruptedException {
    ListenFilter wanted = ListenFilter.read(request.params(), maxEntries);
    if (!wanted.taskIds().isEmpty()) {
      Envelope.requireTasks(request);
    }
    if (!request.exchange().reply().canStream()) {
      throw new RpcException(
          406,
          ErrorCode.INVALID_REQUEST,
          "A subscription is a stream; the Accept header must name text/event-stream.");
    }
    Caller caller = request.exchange().caller();
    streams.enter(caller);
    List<Runnable> atEnd = new ArrayList<>(List.of(() -> streams.leave(caller)));
    boolean goesOn = false;
    try {
      goesOn = serve(request, caller, wanted, atEnd);
    } finally {
      if (!goesOn) {
        atEnd.forEach(Runnable::run);
      }
    }
  }

  /**
   * Serves the stream.
   *
   * @param atEnd takes what is to be done when the stream has ended
   * @return whether it goes on without this thread
   */
  private boolean serve(
      ModernRequest request, Caller caller, ListenFilter wanted, List<Runnable> atEnd)
      throws InterruptedException {
    // Followed before the stream is opened, because its acknowledgement lists what can be followed.
    AtomicReference<@Nullable ListenStream> opened = new AtomicReference<>();
    List<String> taskIds = new ArrayList<>();
    for (String taskId : wanted.taskIds()) {
      Optional.of(taskId)
          .filter(JobId::isValid)
          .map(JobId::new)
          .flatMap(
              id -> follow(caller, id, task -> withStream(opened, stream -> stream.note(task))))
          .ifPresent(watch -> {
            atEnd.add(watch::close);
            taskIds.add(taskId);
          });
    }
    List<String> uris = new ArrayList<>();
    for (String uri : wanted.uris()) {
      followResource(caller, uri, opened, atEnd, uris);
    }
    ListenFilter honoured = wanted.covered(capabilities.get(), uris, taskIds);
    var stream =
        new ListenStream(
            request.id(), honoured, request.exchange().reply(), id -> taskView.apply(caller, id));
    opened.set(stream);
    // Sends the current state of each task, because changes before this line were not sent.
    taskIds.forEach(taskId -> stream.note(new JobId(taskId)));
    var listening = changes.listen(stream::note);
    atEnd.add(listening::close);
    subscribe(honoured, atEnd);
    streams.add(stream);
    atEnd.add(() -> streams.remove(stream));
    return stream.serve(() -> atEnd.forEach(Runnable::run));
  }

  // The acknowledgement follows when the upstreams of these resources announce their updates.
  private void subscribe(ListenFilter honoured, List<Runnable> atEnd) throws InterruptedException {
    if (!honoured.uris().isEmpty()) {
      var subscribed = resources.subscribe(Set.copyOf(honoured.uris()));
      atEnd.add(subscribed::close);
      resources.await(honoured.uris());
    }
  }

  /**
   * A job's resource changes with the job; changes of other resources are reported by {@link
   * Changes}.
   */
  private void followResource(
      Caller caller,
      String uri,
      AtomicReference<@Nullable ListenStream> opened,
      List<Runnable> atEnd,
      List<String> uris) {
    if (!JobUri.is(uri)) {
      uris.add(uri);
      return;
    }
    var updated = new Change.Resource(uri);
    JobUri.job(uri)
        .flatMap(id -> follow(caller, id, _ -> withStream(opened, stream -> stream.note(updated))))
        .ifPresent(watch -> {
          atEnd.add(watch::close);
          uris.add(uri);
        });
  }

  private Optional<Watch> follow(Caller caller, JobId id, Consumer<JobId> listener) {
    try {
      return Optional.of(operations.follow(caller, id, _ -> listener.accept(id)));
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      // Unknown, expired or of another owner: the caller cannot tell these apart.
      return Optional.empty();
    }
  }

  private static void withStream(
      AtomicReference<@Nullable ListenStream> opened, Consumer<ListenStream> action) {
    ListenStream stream = opened.get();
    if (stream != null) {
      action.accept(stream);
    }
  }
}
