package dev.longhaul.rest;

import java.beans.PropertyEditorSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/** Lets our controllers treat an empty query parameter as a missing one. */
@ControllerAdvice(basePackageClasses = EmptyIsAbsent.class)
final class EmptyIsAbsent {

  @InitBinder
  void bind(WebDataBinder binder) {
    binder.registerCustomEditor(
        String.class,
        new PropertyEditorSupport() {
          @Override
          public void setAsText(@Nullable String text) {
            setValue(text == null || text.isEmpty() ? null : text);
          }
        });
  }
}
