package dev.longhaul.catalog.springai;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.springframework.ai.mcp.annotation.spring.AnnotationProviderUtil;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/** Finds the methods with one of Spring AI's annotations. */
final class AnnotatedMethods {
  private final ObjectProvider<ServerMcpAnnotatedBeans> annotated;
  private final ApplicationContext context;

  AnnotatedMethods(ObjectProvider<ServerMcpAnnotatedBeans> annotated, ApplicationContext context) {
    this.annotated = annotated;
    this.context = context;
  }

  /**
   * A method with the annotation.
   *
   * @param where the names of its bean, class and method, for messages
   */
  record Found<A extends Annotation>(Object bean, Method method, A annotation, String where) {}

  /** All such methods, bean by bean, ordered by name. */
  <A extends Annotation> List<Found<A>> find(Class<A> annotation) {
    List<Found<A>> found = new ArrayList<>();
    ServerMcpAnnotatedBeans all = annotated.getIfAvailable();
    for (Object bean : all == null ? List.of() : all.getBeansByAnnotation(annotation)) {
      String name = nameOf(bean);
      Arrays.stream(AnnotationProviderUtil.beanMethods(bean))
          .filter(method -> method.isAnnotationPresent(annotation))
          .sorted(Comparator.comparing(Method::getName))
          .forEach(method ->
              found.add(
                  new Found<>(
                      bean,
                      method,
                      method.getAnnotation(annotation),
                      AnnotatedMethodCheck.where(name, method, annotation))));
    }
    return found;
  }

  @SuppressWarnings("ReferenceEquality")
  private String nameOf(Object bean) {
    Class<?> type = ClassUtils.getUserClass(bean);
    for (String name : context.getBeanNamesForType(type, false, false)) {
      if (context.getBean(name) == bean) {
        return name;
      }
    }
    return type.getName();
  }
}
