package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request with some headers hidden from later filters and handlers. */
public class WithoutHeaders extends HttpServletRequestWrapper {
  private final Set<String> hidden;

  /** * @param hidden the names of the headers in lower case */
  protected WithoutHeaders(HttpServletRequest request, Set<String> hidden) {
    super(request);
    this.hidden = Set.copyOf(hidden);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isHidden(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        Collections.list(super.getHeaderNames()).stream().filter(name -> !isHidden(name)).toList());
  }

  private boolean isHidden(String name) {
    return hidden.contains(name.toLowerCase(Locale.ROOT));
  }
}
