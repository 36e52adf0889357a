package dev.longhaul.catalog.springai;

import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.LonghaulTool;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Stops the start at a method with one of Spring AI's annotations that cannot be served, which
 * Spring AI itself only logs. Checks each bean when it is created, when its name is known and
 * before Spring AI reads its methods.
 */
public final class AnnotatedMethodCheck implements BeanPostProcessor {
  private static final List<Class<? extends Annotation>> ANNOTATIONS =
      List.of(McpTool.class, McpResource.class, McpPrompt.class, McpComplete.class);
  private static final List<Class<? extends Annotation>> ALL =
      Stream.concat(ANNOTATIONS.stream(), Stream.of(LonghaulTool.class, InputRules.class)).toList();

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    Class<?> type = ClassUtils.getUserClass(bean);
    if (AnnotationUtils.isCandidateClass(type, ALL)) {
      for (Method method : methods(type)) {
        check(beanName, method);
      }
    }
    return bean;
  }

  private static Method[] methods(Class<?> type) {
    try {
      return ReflectionUtils.getUniqueDeclaredMethods(type);
    } catch (IllegalStateException e) {
      // The class refers to classes that are missing; Spring AI cannot read it either.
      return new Method[0];
    }
  }

  private static void check(String beanName, Method method) {
    if (method.isAnnotationPresent(InputRules.class)
        && !method.isAnnotationPresent(McpTool.class)) {
      throw new IllegalStateException(
          "Cannot serve "
              + where(beanName, method, InputRules.class)
              + ": the method is not a tool, so the annotation has no effect. Add @McpTool, or"
              + " remove it.");
    }
    if (method.isAnnotationPresent(LonghaulTool.class)
        && !method.isAnnotationPresent(McpTool.class)) {
      throw new IllegalStateException(
          "Cannot serve "
              + where(beanName, method, LonghaulTool.class)
              + ": the method is not a tool, so the annotation has no effect. Add @McpTool; for a"
              + " tool that is made in another way set longhaul.tools.<name>.* instead.");
    }
    for (Class<? extends Annotation> annotation : ANNOTATIONS) {
      String reason = method.isAnnotationPresent(annotation) ? unserved(method) : null;
      if (reason != null) {
        throw new IllegalStateException(
            "Cannot serve "
                + where(beanName, method, annotation)
                + ": "
                + reason
                + " Change the method, or leave the bean out.");
      }
    }
  }

  /** The names of a method, its class and its bean, for messages. */
  static String where(String beanName, Method method, Class<? extends Annotation> annotation) {
    return "bean '%s', method %s.%s (@%s)"
        .formatted(
            beanName,
            method.getDeclaringClass().getSimpleName(),
            method.getName(),
            annotation.getSimpleName());
  }

  /** Why the method cannot be served and what to do, or null if it can. */
  private static @Nullable String unserved(Method method) {
    Class<?> returned = method.getReturnType();
    if (Publisher.class.isAssignableFrom(returned)) {
      return "it returns a reactive "
          + returned.getSimpleName()
          + ", and only synchronous methods are run; return the value itself, for instance with"
          + " block().";
    }
    if (Future.class.isAssignableFrom(returned)
        || CompletionStage.class.isAssignableFrom(returned)) {
      return "it returns a "
          + returned.getSimpleName()
          + ", which is not awaited; return the value itself, for instance with join().";
    }
    for (Class<?> parameter : method.getParameterTypes()) {
      if (McpAsyncRequestContext.class.isAssignableFrom(parameter)) {
        return "it takes a McpAsyncRequestContext; take a McpSyncRequestContext.";
      }
      if (McpAsyncServerExchange.class.isAssignableFrom(parameter)) {
        return "it takes a McpAsyncServerExchange; take a McpSyncServerExchange or a"
            + " McpSyncRequestContext.";
      }
    }
    return null;
  }
}
