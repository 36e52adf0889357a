package dev.longhaul.catalog.springai;

import dev.longhaul.catalog.PrimitiveCall;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.UriTemplate;
import dev.longhaul.tool.ResourceNotFoundException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.util.DefaultMcpUriTemplateManagerFactory;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.common.MetaUtils;
import org.springframework.ai.mcp.annotation.method.resource.AbstractMcpResourceMethodCallback;
import org.springframework.ai.mcp.annotation.method.resource.DefaultMcpReadResourceResultConverter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a resource with its {@code @McpResource} method. Spring AI converts the parameters and the
 * result, as in its own server; the call itself is made by {@link MethodCalls}.
 */
final class ResourceMethod extends AbstractMcpResourceMethodCallback implements PrimitiveHandler {
  private final UriTemplate template;
  private final boolean seesClient;
  private final JsonMapper json;

  ResourceMethod(Object bean, Method method, McpResource annotation, JsonMapper json) {
    super(
        method,
        bean,
        annotation.uri(),
        annotation.name(),
        annotation.description(),
        annotation.mimeType(),
        new DefaultMcpReadResourceResultConverter(),
        new DefaultMcpUriTemplateManagerFactory(),
        null,
        MetaUtils.getMeta(annotation.metaProvider()));
    this.template = UriTemplate.of(annotation.uri());
    this.seesClient = Exchanges.areSeenBy(method);
    this.json = json;
    validateMethod(method);
  }

  @Override
  public ObjectNode handle(PrimitiveCall call) throws Exception {
    String asked = call.params().path("uri").asString();
    Map<String, String> values =
        template
            .match(asked)
            .orElseThrow(
                () -> new ResourceNotFoundException("There is no resource at " + asked + "."));
    ReadResourceRequest request =
        new ReadResourceRequest(asked, MethodCalls.meta(call.meta(), call.context(), json));
    Object[] arguments =
        buildArgs(method, Exchanges.of(call.context(), seesClient, json), request, values);
    Object result = MethodCalls.invoke(method, bean, arguments, json);
    if (result == null) {
      // Empty contents would mean that the resource exists (server/resources.mdx).
      throw new ResourceNotFoundException("There is no resource at " + asked + ".");
    }
    return json.valueToTree(
        resultConverter.convertToReadResourceResult(result, asked, mimeType, contentType, meta));
  }

  @Override
  protected void validateReturnType(Method checked) {
    Class<?> type = checked.getReturnType();
    if (!ReadResourceResult.class.isAssignableFrom(type)
        && !List.class.isAssignableFrom(type)
        && !ResourceContents.class.isAssignableFrom(type)
        && !String.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "it returns "
              + type.getName()
              + "; return a ReadResourceResult, a ResourceContents, a String, or a list of either");
    }
  }

  @Override
  protected @Nullable Object assignExchangeType(Class<?> type, Object exchange) {
    var ours = (McpSyncServerExchange) exchange;
    return McpTransportContext.class.isAssignableFrom(type) ? ours.transportContext() : ours;
  }

  @Override
  protected boolean isExchangeOrContextType(Class<?> type) {
    return McpSyncServerExchange.class.isAssignableFrom(type)
        || McpTransportContext.class.isAssignableFrom(type);
  }
}
