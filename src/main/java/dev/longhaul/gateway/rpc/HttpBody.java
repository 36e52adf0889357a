package dev.longhaul.gateway.rpc;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import tools.jackson.databind.node.ObjectNode;

/** A message as the body of a request, which knows whether the upstream may have got it. */
final class HttpBody extends HttpEntityWrapper {
  private static final ContentType JSON = ContentType.create("application/json");

  private volatile boolean sent;

  HttpBody(ObjectNode message) {
    super(new ByteArrayEntity(Wire.write(message), JSON));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    sent = true;
    super.writeTo(out);
  }

  /** Whether sending it has begun. */
  boolean sent() {
    return sent;
  }
}
