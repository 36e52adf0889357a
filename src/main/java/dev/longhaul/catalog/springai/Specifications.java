package dev.longhaul.catalog.springai;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;

/** Finds the beans that are SDK specifications of one kind, or lists of them. */
final class Specifications {
  private Specifications() {}

  static <S> List<S> of(ApplicationContext context, Class<S> kind) {
    List<S> found = new ArrayList<>();
    for (String name : namesOfLists(context, kind)) {
      for (Object each : (List<?>) context.getBean(name)) {
        found.add(kind.cast(each));
      }
    }
    found.addAll(context.getBeansOfType(kind).values());
    return found;
  }

  /** The beans that are lists of them. */
  static String[] namesOfLists(ApplicationContext context, Class<?> kind) {
    return context.getBeanNamesForType(ResolvableType.forClassWithGenerics(List.class, kind));
  }
}
