package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The warning at the start about CSRF protection in a host's filter chains. */
@ExtendWith(OutputCaptureExtension.class)
class CsrfCheckTest {
  private static final ServedPaths DOORS = ServedPaths.of(new MockEnvironment());
  private static final RequestMatcher OURS = new FrontDoorRequestMatcher(DOORS);

  @Test
  void aChainThatWantsATokenAtTheFrontDoorsIsNamedInOneLine(CapturedOutput log) {
    for (CsrfTokenRepository tokens :
        List.of(new HttpSessionCsrfTokenRepository(), new CookieCsrfTokenRepository())) {
      int before = log.getAll().lines().toList().size();
      check(chain(AnyRequestMatcher.INSTANCE, new CsrfFilter(tokens)));
      assertThat(log.getAll().lines().skip(before))
          .singleElement()
          .asString()
          .contains("WARN", "every POST to /mcp and /api/v1/jobs", "docs/library.md");
    }
  }

  @Test
  void onlyThePathsThatAreCoveredAreNamed(CapturedOutput log) {
    check(chain(PathPatternRequestMatcher.pathPattern("/api/**"), csrf(null)));
    assertThat(log).contains("every POST to /api/v1/jobs that");
  }

  @Test
  void nothingIsSaidOfAChainThatSparesThem(CapturedOutput log) {
    check(chain(OURS), chain(AnyRequestMatcher.INSTANCE, csrf(null)));
    check(chain(AnyRequestMatcher.INSTANCE, csrf(new NegatedRequestMatcher(OURS))));
    check(chain(PathPatternRequestMatcher.pathPattern("/shop/**"), csrf(null)));
    // As in oauth2ResourceServer(): a request with a token cannot be a forged one of a browser.
    var bearer = new RequestHeaderRequestMatcher("Authorization", "Bearer a");
    check(
        chain(
            AnyRequestMatcher.INSTANCE,
            csrf(
                new AndRequestMatcher(
                    CsrfFilter.DEFAULT_CSRF_MATCHER, new NegatedRequestMatcher(bearer)))));
    check();
    assertThat(log.getAll()).doesNotContain("Spring Security");
  }

  @Test
  void theMatcherIsTrueOfOurRequestsAndOfNoOthers() {
    for (String path :
        List.of("/mcp", "/sse", "/messages", "/api/v1/jobs", "/api/v1/jobs/1/result")) {
      assertThat(OURS.matches(request(path))).as(path).isTrue();
    }
    for (String path :
        List.of("/", "/mcp/setup", "/mcpx", "/api/v1", "/api/v1/orders", "/api/v1/jobsite")) {
      assertThat(OURS.matches(request(path))).as(path).isFalse();
    }
  }

  private static void check(SecurityFilterChain... chains) {
    var beans = new StaticListableBeanFactory();
    beans.addBean("springSecurityFilterChain", new FilterChainProxy(List.of(chains)));
    var context = new MockServletContext();
    context.setContextPath("/app");
    new CsrfCheck(beans.getBeanProvider(FilterChainProxy.class), DOORS, context)
        .afterSingletonsInstantiated();
  }

  private static SecurityFilterChain chain(RequestMatcher matcher, CsrfFilter... filters) {
    return new DefaultSecurityFilterChain(matcher, List.of(filters));
  }

  private static CsrfFilter csrf(@Nullable RequestMatcher wanted) {
    CsrfFilter filter = new CsrfFilter(new HttpSessionCsrfTokenRepository());
    if (wanted != null) {
      filter.setRequireCsrfProtectionMatcher(wanted);
    }
    return filter;
  }

  private static MockHttpServletRequest request(String path) {
    var request = new MockHttpServletRequest("POST", path);
    request.setServletPath(path);
    return request;
  }
}
