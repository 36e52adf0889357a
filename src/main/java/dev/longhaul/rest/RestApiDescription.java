package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springdoc.api.AbstractOpenApiResource;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sets up the API description, where springdoc is among the dependencies. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(SpringDocConfigProperties.class)
class RestApiDescription {
  /** The names of the ways to authenticate. */
  static final String BEARER = "bearer";

  static final String API_KEY = "X-API-Key";

  /**
   * A host application's document contains our API only if longhaul.rest.openapi.enabled is set.
   */
  @Bean
  @ConditionalOnBooleanProperty(
      name = "longhaul.rest.openapi.enabled",
      havingValue = false,
      matchIfMissing = true)
  SmartInitializingSingleton longhaulUndescribed(SpringDocConfigProperties springdoc) {
    return () -> {
      List<String> excluded = new ArrayList<>();
      if (springdoc.getPackagesToExclude() != null) {
        excluded.addAll(springdoc.getPackagesToExclude());
      }
      excluded.add(RestApiDescription.class.getPackageName());
      springdoc.setPackagesToExclude(excluded);
    };
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty("longhaul.rest.openapi.enabled")
  static class Described {

    static {
      SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, Routes.class);
      SpringDocUtils.getConfig().addAnnotationsToIgnore(JsonBody.class);
    }

    @Bean
    @ConditionalOnMissingBean
    OpenAPI longhaulOpenApi() {
      return new OpenAPI()
          .info(
              new Info()
                  .title("Longhaul")
                  .version("v1")
                  .description("Tool calls that take minutes, as durable jobs.")
                  .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }

    @Bean
    AnswerSchemas longhaulAnswerSchemas() {
      return new AnswerSchemas();
    }

    private final RequestBodyDescription bodies = new RequestBodyDescription();

    @Bean
    GlobalOperationCustomizer longhaulOperations() {
      return new DescribedOperations(bodies);
    }

    /** Only in the application; a host has settings of springdoc for that. */
    @Bean
    @ConditionalOnBooleanProperty("longhaul.standalone")
    DescriptionAhead longhaulDescriptionAhead(
        ObjectProvider<AbstractOpenApiResource> descriptions) {
      return new DescriptionAhead(descriptions, Duration.ofSeconds(5));
    }

    private static void credentials(OpenAPI api) {
      api.getComponents()
          .addSecuritySchemes(
              BEARER,
              new SecurityScheme()
                  .type(SecurityScheme.Type.HTTP)
                  .scheme("bearer")
                  .description("An access token of the authorization server, or an API key."))
          .addSecuritySchemes(
              API_KEY,
              new SecurityScheme()
                  .type(SecurityScheme.Type.APIKEY)
                  .in(SecurityScheme.In.HEADER)
                  .name(API_KEY)
                  .description("An API key."));
    }

    /** The components that the operations refer to. */
    @Bean
    GlobalOpenApiCustomizer longhaulProblems() {
      return api -> {
        if (api.getComponents() == null) {
          api.setComponents(new Components());
        }
        ModelConverters.getInstance(true)
            .resolveAsResolvedSchema(new AnnotatedType(Problem.class))
            .referencedSchemas
            .forEach(api.getComponents()::addSchemas);
        bodies.components().forEach(api.getComponents()::addSchemas);
        credentials(api);
        for (ProblemType type : ProblemType.values()) {
          api.getComponents().addExamples(type.wire(), DescribedOperations.example(type));
        }
      };
    }
  }
}
