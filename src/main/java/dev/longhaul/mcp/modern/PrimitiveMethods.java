package dev.longhaul.mcp.modern;

import dev.longhaul.catalog.MethodParams;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.ServedPrimitives;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Wait;
import dev.longhaul.mcp.primitive.PrimitiveCalls;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.tools.ToolCallParams;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves the methods of resources, prompts and completion. */
final class PrimitiveMethods {
  private final ServedPrimitives served;
  private final PrimitiveCalls calls;
  private final ModernDialect dialect;
  private final ClientInput input;
  private final Duration listTtl;

  /**
   * @param listTtl how long a client may cache a list
   */
  PrimitiveMethods(
      ServedPrimitives served,
      PrimitiveCalls calls,
      ModernDialect dialect,
      ClientInput input,
      Duration listTtl) {
    this.input = input;
    this.served = served;
    this.calls = calls;
    this.dialect = dialect;
    this.listTtl = listTtl;
  }

  public List<ModernMethod> all() {
    return List.of(
        new Listing(ServedMethods.RESOURCES, served::resources),
        new Listing(ServedMethods.TEMPLATES, served::templates),
        new Listing(ServedMethods.PROMPTS, served::prompts),
        new Calling(ServedMethods.READ, "uri", MethodParams::read, calls::read),
        new Calling(ServedMethods.PROMPT, "name", MethodParams::prompt, calls::prompt),
        new Calling(ServedMethods.COMPLETE, null, MethodParams::complete, calls::complete));
  }

  private final class Listing implements ModernMethod {
    private final String name;
    private final Function<@Nullable JsonNode, ObjectNode> page;

    Listing(String name, Function<@Nullable JsonNode, ObjectNode> page) {
      this.name = name;
      this.page = page;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void handle(ModernRequest request) {
      ObjectNode result =
          dialect.cacheable(page.apply(request.params().get("cursor")), listTtl, true);
      request
          .exchange()
          .reply()
          .finish(200, Replies.result(request.id(), dialect.complete(result)));
    }
  }

  private final class Calling implements ModernMethod {
    private final String name;
    private final @Nullable String nameField;
    private final UnaryOperator<ObjectNode> params;
    private final Consumer<Call> action;

    Calling(
        String name,
        @Nullable String nameField,
        UnaryOperator<ObjectNode> params,
        Consumer<Call> action) {
      this.name = name;
      this.nameField = nameField;
      this.params = params;
      this.action = action;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<String> nameField() {
      return Optional.ofNullable(nameField);
    }

    @Override
    public void handle(ModernRequest request) {
      Exchange exchange = request.exchange();
      ObjectNode cleaned = params.apply(request.params());
      action.accept(
          new Call(
              name,
              exchange.caller(),
              request.id(),
              cleaned,
              ToolCallParams.progressToken(request.meta()),
              false,
              new Call.Sender(request.client(), null, exchange.connection(), exchange.baseUrl()),
              dialect,
              new Wait(),
              exchange.reply(),
              null,
              input.of(name, request, cleaned)));
    }
  }
}
