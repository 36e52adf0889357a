package dev.longhaul.relay;

import dev.longhaul.relay.EventStream.Event;
import dev.longhaul.relay.Http.Answer;
import dev.longhaul.relay.Http.NotReachedException;
import dev.longhaul.thread.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The session of a client of an earlier revision over streamable HTTP. One that the server no
 * longer knows is begun again with what the client sent when it began, and with the subscriptions
 * and the log level that it has set since.
 */
final class LegacySession {
  private static final String SET_LEVEL = "logging/setLevel";
  private static final String SUBSCRIBE = "resources/subscribe";
  private static final String UNSUBSCRIBE = "resources/unsubscribe";
  private static final int MOST_KEPT = 1000;
  private static final int MOST_SENDS = 3;
  private static final long SHORTEST_PAUSE = 100;
  private static final long USUAL_PAUSE = 1000;
  private static final long LONGEST_PAUSE = 30_000;

  /** How young a request is whose cancellation might overtake it. */
  private static final Duration YOUNG = Duration.ofMillis(300);

  private static final byte[] INITIALIZED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"
          .getBytes(StandardCharsets.UTF_8);

  private final Connection connection;
  private final Client client;
  private final Map<String, Message> kept = new LinkedHashMap<>();
  private @Nullable Message initialize;
  private volatile @Nullable State state;
  private volatile boolean initialized;
  private volatile boolean ended;

  /**
   * A session of the server.
   *
   * @param id null where the server has sessions without one
   * @param version the negotiated revision; null if the server refused
   */
  private record State(@Nullable String id, @Nullable String version) {
    Map<String, String> headers() {
      Map<String, String> headers = new HashMap<>();
      if (id != null) {
        headers.put(Http.SESSION, id);
      }
      if (version != null) {
        headers.put(Http.VERSION, version);
      }
      return headers;
    }
  }

  private static final State NONE = new State(null, null);

  /** From where a stream is resumed, and when. */
  private static final class Position {
    private @Nullable String id;
    private long pause = USUAL_PAUSE;

    void note(Event event) {
      if (event.id() != null) {
        id = event.id().isEmpty() ? null : event.id();
      }
      if (event.retryMillis() >= 0) {
        pause = Math.clamp(event.retryMillis(), SHORTEST_PAUSE, LONGEST_PAUSE);
      }
    }
  }

  LegacySession(Connection connection, Client client) {
    this.connection = connection;
    this.client = client;
  }

  /** Whether the client has begun a session. */
  boolean isBegun() {
    return state != null;
  }

  private State current() {
    State now = state;
    return now == null ? NONE : now;
  }

  /** Begins the session. */
  void begin(Message message) throws InterruptedException {
    try (Answer answer = connection.postLimited(message, Map.of())) {
      byte[] body = body(message, answer);
      if (body == null) {
        connection.answer(message, answer.status(), answer.body());
        return;
      }
      synchronized (this) {
        initialize = message;
        initialized = false;
        kept.clear();
        state = stateOf(answer, body);
      }
      client.write(body);
    } catch (IOException | UnreachableException e) {
      connection.refuse(message, e);
    }
  }

  private static State stateOf(Answer answer, byte[] body) throws IOException {
    Message response = Message.orNull(body, Message::withResult);
    if (response == null || response.kind() != Message.Kind.RESPONSE) {
      throw new Connection.NoMessageException();
    }
    return new State(answer.header(Http.SESSION), response.at("protocolVersion"));
  }

  /** The response to initialize; null if it is none, and the answer is not read then. */
  private static byte @Nullable [] body(Message request, Answer answer) throws IOException {
    if (answer.isStream()) {
      EventStream events = answer.events();
      for (Event event = events.next(); event != null; event = events.next()) {
        if (event.data().length > 0) {
          Message read = Message.orNull(event.data(), Message::ofServer);
          if (read == null) {
            throw new Connection.NoMessageException();
          }
          if (Objects.equals(read.id(), request.id())) {
            return event.data();
          }
        }
      }
      throw new IOException("The stream ended before the response");
    }
    String type = answer.header("Content-Type");
    return answer.status() == 200 && type != null && type.startsWith("application/json")
        ? answer.body()
        : null;
  }

  /** Sends a request and passes on what comes until its response. */
  void call(OpenRequest request) throws InterruptedException {
    Message message = request.message();
    try {
      for (int sends = 1; !answered(request, sends == MOST_SENDS); sends++) {
        // It has to be sent again.
      }
    } catch (IOException | UnreachableException e) {
      if (!request.isCancelled()) {
        connection.refuse(message, e);
      }
    }
  }

  /**
   * Sends a request once.
   *
   * @param last whether it is not sent again in any case
   * @return false if it has to be sent again
   */
  private boolean answered(OpenRequest request, boolean last)
      throws IOException, InterruptedException {
    Message message = request.message();
    State sent = current();
    try (Answer answer = request.during(() -> connection.post(message, sent.headers()))) {
      if (answer.isStream()) {
        if (relayed(request, sent, answer)) {
          keep(message);
          return true;
        }
        if (last || !Connection.mayRepeat(message)) {
          throw new IOException("The stream ended before the response");
        }
        return false;
      }
      if (last || !isGone(answer, sent)) {
        connection.answer(message, answer.status(), answer.body());
        keep(message);
        return true;
      }
    }
    renew(sent);
    return false;
  }

  /** Whether the server does not know the session, so that it has done nothing. */
  private static boolean isGone(Answer answer, State sent) {
    return answer.status() == 404 && sent.id() != null;
  }

  /**
   * Passes on what comes on the stream of a request, and resumes it until the response has come.
   *
   * @return false if it cannot be resumed
   * @throws Lines.TooLongException if an event is too long
   */
  private boolean relayed(OpenRequest request, State session, Answer first)
      throws IOException, InterruptedException {
    Position position = new Position();
    Answer stream = first;
    while (stream != null) {
      try (Answer open = stream) {
        EventStream events = open.events();
        for (Event event = events.next(); event != null; event = events.next()) {
          position.note(event);
          if (event.data().length > 0 && client.pass(event.data(), request)) {
            return true;
          }
        }
      } catch (Lines.TooLongException e) {
        throw e; // it would be as long when it is fetched again
      } catch (IOException e) {
        // Resumed below.
      }
      if (request.isCancelled() || ended) {
        return true;
      }
      stream = position.id == null ? null : resumed(session, position);
    }
    return false;
  }

  /** The continuation of a stream; null if the server does not have it any more. */
  private @Nullable Answer resumed(State session, Position position) throws InterruptedException {
    Thread.sleep(position.pause);
    long began = System.nanoTime();
    Address to = connection.server().address();
    while (true) {
      try {
        Answer answer = listen(to, session, position.id);
        if (answer.isStream()) {
          return answer;
        }
        answer.close();
        if (answer.status() < 500) {
          return null;
        }
      } catch (IOException e) {
        // Tried again, because a stream may be resumed as often as one likes.
      }
      try {
        Connection.giveUpLate(began, to);
        Address next = connection.server().after(to);
        began = next.equals(to) ? began : System.nanoTime();
        to = next;
      } catch (UnreachableException e) {
        client.log(String.valueOf(e.getMessage()));
        return null;
      }
    }
  }

  private Answer listen(Address to, State session, @Nullable String lastEventId)
      throws IOException, InterruptedException {
    Map<String, String> headers = session.headers();
    if (lastEventId != null) {
      headers.put("Last-Event-ID", lastEventId);
    }
    return connection.http().listen(to, headers);
  }

  /** Sends a notification, a response or a batch. */
  void tell(Message message) throws InterruptedException {
    try {
      State sent = current();
      try (Answer answer = post(message, sent)) {
        if (!isGone(answer, sent)) {
          told(message, answer);
          return;
        }
      }
      renew(sent);
      if (message.kind() != Message.Kind.RESPONSE) { // which is to a question of the one before
        try (Answer answer = post(message, current())) {
          told(message, answer);
        }
      }
    } catch (IOException | UnreachableException e) {
      client.log(message.method() + " did not arrive: " + e.getMessage());
    }
  }

  /** Sends what is answered at once, except a batch, which may have calls. */
  private Answer post(Message message, State session) throws IOException, InterruptedException {
    return message.kind() == Message.Kind.BATCH
        ? connection.post(message, session.headers())
        : connection.postLimited(message, session.headers());
  }

  private void told(Message message, Answer answer) throws IOException {
    if (message.method().equals("notifications/initialized")) {
      synchronized (this) {
        if (!initialized) {
          initialized = true;
          follow(current());
        }
      }
    }
    if (message.kind() != Message.Kind.BATCH) {
      return;
    }
    if (answer.isStream()) {
      EventStream events = answer.events();
      for (Event event = events.next(); event != null; event = events.next()) {
        if (event.data().length > 0) {
          client.pass(event.data());
        }
      }
    } else {
      byte[] body = answer.body();
      if (body.length > 0) {
        client.pass(body);
      }
    }
  }

  /** Cancels a request. */
  void cancel(Message notification, OpenRequest request) throws InterruptedException {
    request.cancel();
    long young = YOUNG.toNanos() - request.nanosOpen();
    if (young > 0) {
      Thread.sleep(Duration.ofNanos(young)); // it may not have arrived yet
    }
    tell(notification);
  }

  private synchronized void keep(Message message) {
    String uri = message.at("uri");
    switch (message.method()) {
      case SET_LEVEL -> kept.put("", message);
      case SUBSCRIBE -> {
        if (uri != null && kept.size() < MOST_KEPT) {
          kept.put(uri, message);
        }
      }
      case UNSUBSCRIBE -> {
        if (uri != null) {
          kept.remove(uri);
        }
      }
      default -> {
        // changes nothing of the session
      }
    }
  }

  /** Begins the session again, unless another thread has done that. */
  private synchronized void renew(State gone) throws IOException, InterruptedException {
    Message first = initialize;
    if (!gone.equals(state) || first == null || ended) {
      return;
    }
    State begun;
    try (Answer answer = connection.postLimited(first, Map.of())) {
      byte[] body = body(first, answer);
      if (body == null) {
        throw new IOException("Longhaul does not begin the session again");
      }
      begun = stateOf(answer, body);
    }
    state = begun;
    client.log("Longhaul did not know the session any more; it was begun again.");
    connection
        .postLimited(
            new Message(INITIALIZED, Message.Kind.NOTIFICATION, null, "", Map.of()),
            begun.headers())
        .close();
    for (Message message : List.copyOf(kept.values())) {
      connection.postLimited(message, begun.headers()).close();
    }
    if (initialized) {
      follow(begun);
    }
  }

  /** Passes on what the server sends outside of requests, as long as the session is this one. */
  private void follow(State session) {
    var _ =
        Threads.loop(
            "longhaul-relay-listen",
            () -> {
              try {
                listen(session);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void listen(State session) throws InterruptedException {
    Position position = new Position();
    long pause = 0;
    while (session.equals(state) && !ended) {
      Thread.sleep(pause);
      Address to = connection.running();
      pause = to == null ? LONGEST_PAUSE / 10 : position.pause;
      if (to != null && !listened(to, session, position)) {
        return;
      }
    }
  }

  /**
   * Passes on one stream until it ends.
   *
   * @return false if there will be none for this session
   */
  private boolean listened(Address to, State session, Position position)
      throws InterruptedException {
    try (Answer answer = listen(to, session, position.id)) {
      if (answer.isStream()) {
        EventStream events = answer.events();
        for (Event event = events.next(); event != null; event = events.next()) {
          position.note(event);
          if (event.data().length > 0) {
            client.pass(event.data());
          }
        }
        return true;
      }
      if (answer.status() == 404 && session.id() != null) {
        renew(session);
        return false;
      }
      boolean resumed = position.id != null;
      position.id = null; // the stream has expired; a new one is opened
      return resumed || answer.status() >= 500;
    } catch (Lines.TooLongException e) {
      client.log("A message outside of requests is left out: " + e.getMessage());
      position.id = null; // it would be as long when it is fetched again
      return true;
    } catch (NotReachedException e) {
      position.pause = Math.min(2 * position.pause, LONGEST_PAUSE);
      return true;
    } catch (IOException | UnreachableException e) {
      return true;
    }
  }

  /** Ends the session at the server; its jobs go on. */
  void end() throws InterruptedException {
    ended = true;
    State last = state;
    Address to = connection.running();
    if (last != null && last.id() != null && to != null) {
      connection.http().delete(to, last.headers());
    }
  }
}
