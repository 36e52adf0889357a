package dev.longhaul.catalog;

import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.ToolRefusedException;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Validates the result of a resource's handler. */
final class ResourceContents {
  private static final int INTERNAL_ERROR = -32603;

  private ResourceContents() {}

  /**
   * Returns the result if it is valid.
   *
   * @throws ToolRefusedException if it has no contents, which would mean that an unknown resource
   *     exists (server/resources.mdx, Error Handling), or binary contents that are not Base64
   */
  static ObjectNode checked(String uri, ObjectNode result) {
    JsonNode contents = result.path("contents");
    if (contents.isEmpty()) {
      throw new ResourceNotFoundException(ResourceUri.unknown(uri), ResourceUri.data(uri));
    }
    for (JsonNode content : contents) {
      String blob = content.path("blob").stringValue(null);
      if (blob != null && !isBase64(blob)) {
        throw new ToolRefusedException(
            INTERNAL_ERROR,
            "The resource "
                + uri
                + " returned binary contents that are not Base64; its author must encode them.");
      }
    }
    return result;
  }

  private static boolean isBase64(String blob) {
    try {
      var _ = Base64.getDecoder().decode(blob);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
