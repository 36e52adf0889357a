package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.Template.Previous;
import dev.longhaul.catalog.Template.Reference;
import dev.longhaul.catalog.Template.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "/a", "/~0", "/~1b", "/\n"})
  void aPointerOfAnyLengthIsRead(String repeated) {
    String pointer = "/" + repeated.repeat(1_000_000);

    Template template = Template.parse("{{previous#" + pointer + "}}");

    var reference = (Reference) template.parts().getFirst();
    assertThat(reference.source()).isEqualTo(new Previous());
    assertThat(reference.pointer().toString()).isEqualTo(pointer.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "/~", "/a~2", "/a/~/b", "/~0~"})
  void whatIsNoPointerIsRefused(String pointer) {
    assertThatThrownBy(() -> Template.parse("{{previous#" + pointer + "}}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("RFC 6901");
  }

  @Test
  void stepsHaveNumbersOfUpToSixDigits() {
    assertThat(((Reference) Template.parse("{{steps.000017#/a}}").parts().getFirst()).source())
        .isEqualTo(new Step(17));
    assertThatThrownBy(() -> Template.parse("{{steps.0}}")).hasMessageContaining("from 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"steps.", "steps", "steps.1000000", "steps.-1", "steps.١", "steps.1.2", ""})
  void otherSourcesAreUnknown(String source) {
    assertThatThrownBy(() -> Template.parse("{{" + source + "}}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("unknown");
  }
}
