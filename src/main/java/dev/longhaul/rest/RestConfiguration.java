package dev.longhaul.rest;

import dev.longhaul.intake.CallerResolver;
import dev.longhaul.job.Role;
import dev.longhaul.load.CallLimit;
import dev.longhaul.rest.compat.QueuemgrConfiguration;
import dev.longhaul.security.ServedPaths;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The REST front door, unless the role is worker. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnExpression(Role.IF_FRONT_DOORS)
@EnableConfigurationProperties(RestProperties.class)
@Import({
  JobFeeds.class,
  JobViews.class,
  FlowStreams.class,
  FlowViews.class,
  RequestBodies.class,
  RestErrors.class,
  JobsController.class,
  JobOutputController.class,
  JobQuestionsController.class,
  FlowsController.class,
  UpstreamsController.class,
  ToolsController.class,
  DeadLettersController.class,
  DeliveriesController.class,
  QueuesController.class,
  CacheController.class,
  ClientsController.class,
  StatisticsController.class,
  HealthController.class,
  KeysController.class,
  QueuemgrConfiguration.class,
  EmptyIsAbsent.class,
  RestApiDescription.class
})
public class RestConfiguration {

  /** Only in the application: a host keeps its own error pages. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TomcatServletWebServerFactory.class)
  @ConditionalOnBooleanProperty("longhaul.standalone")
  static class OnTomcat {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> longhaulUnreadableRequests(
        ServerProperties server) {
      long most = server.getMaxHttpRequestHeaderSize().toBytes();
      return tomcat ->
          tomcat.addContextCustomizers(
              context -> context.getParent().getPipeline().addValve(new UnreadableRequests(most)));
    }
  }

  @Bean
  WebMvcConfigurer longhaulRestMvc(
      RequestBodies bodies,
      CallLimit limit,
      CallerResolver callers,
      RestProperties properties,
      ServedPaths served) {
    List<String> patterns = Routes.patterns(properties.path(), served);
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        var calls = new CallLimitInterceptor(limit, callers);
        registry
            .addInterceptor(calls)
            .addPathPatterns(patterns)
            // Answered also while its caller has as many calls in progress as it may have.
            .excludePathPatterns(properties.path() + "/health");
        registry.addInterceptor(new StrictQuery(served)).addPathPatterns(patterns);
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new RequestArguments(bodies, callers, properties.path()));
      }
    };
  }
}
