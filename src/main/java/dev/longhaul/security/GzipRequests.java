package dev.longhaul.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/**
 * Accepts requests with a gzip-compressed body (RFC 9110, section 8.4). The body is decompressed
 * while it is read, and every endpoint reads at most its own limit, so a decompression bomb costs
 * no more than the largest allowed body.
 */
final class GzipRequests implements HttpRequestFilter {
  private static final String HEADER = "Content-Encoding";

  private final RefusalWriter refusals;

  GzipRequests(RefusalWriter refusals) {
    this.refusals = refusals;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String encoding = request.getHeader(HEADER);
    if (encoding == null || encoding.isBlank() || encoding.strip().equals("identity")) {
      chain.doFilter(request, response);
      return;
    }
    switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> chain.doFilter(new InflatedRequest(request), response);
      default -> {
        // RFC 9110, section 15.5.16: names the accepted encoding.
        response.setHeader("Accept-Encoding", "gzip");
        refusals.write(request, response, Refusal.unknownEncoding());
      }
    }
  }
}
