package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar says what is in it (CycloneDX), where Actuator's endpoint {@code sbom} looks for it. */
class BillOfMaterialsIT {
  private static final String BILL = "META-INF/sbom/application.cdx.json";
  private static final String LIBRARIES = "BOOT-INF/lib/";

  /** Put in by what makes the jar, which is no dependency. */
  private static final String JAR_MODE = "spring-boot-jarmode-tools-";

  @Test
  void everyLibraryInTheJarIsNamed() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("longhaul.exec-jar"));
        InputStream content = jar.getInputStream(jar.getJarEntry(BILL))) {
      JsonNode bill = JsonMapper.shared().readTree(content);
      Set<String> named =
          bill.path("components")
              .valueStream()
              .map(each -> each.path("name").asString() + "-" + each.path("version").asString())
              .collect(Collectors.toSet());
      List<String> libraries =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
              .map(name -> name.substring(LIBRARIES.length(), name.length() - ".jar".length()))
              .toList();

      assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
      assertThat(libraries).hasSizeGreaterThan(50).allMatch(library -> isNamed(library, named));
    }
  }

  // A library for one kind of machine has that in its name, behind the version.
  private static boolean isNamed(String library, Set<String> named) {
    return named.contains(library)
        || library.startsWith(JAR_MODE)
        || named.stream().anyMatch(each -> library.startsWith(each + "-"));
  }
}
