package dev.longhaul.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The allowed dependencies of the test-support jar. */
class TestSupportJarTest {
  private static final JavaClasses PACKED =
      new ClassFileImporter().importPackages("dev.longhaul.testsupport");

  @Test
  void itNeedsNoOtherClassOfTheTests() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "lie among the tests and outside of it", TestSupportJarTest::isOtherTestClass))
        .because("those are not in the jar")
        .check(PACKED);
  }

  @Test
  void itForcesNoAssertionLibraryUponUsers() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.longhaul..",
            "org.springframework..",
            "org.jspecify..",
            "org.slf4j..",
            "tools.jackson..",
            "com.fasterxml.jackson.annotation..")
        .because("Longhaul brings these, and Spring's test support is all that a user adds")
        .check(PACKED);
  }

  private static boolean isOtherTestClass(JavaClass type) {
    return type.getPackageName().startsWith("dev.longhaul")
        && !type.getPackageName().startsWith("dev.longhaul.testsupport")
        && type.getSource().stream()
            .anyMatch(source ->
                source.getUri().toString().contains("test-classes")
                    || source.getUri().toString().contains("/hj/test/"));
  }
}
