package dev.longhaul.catalog.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.io.support.SpringFactoriesLoader;

class StockServerFilterTest {
  private final ClassLoader loader = StockServerFilterTest.class.getClassLoader();

  @Test
  void springBootAsksTheFilter() {
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation(loader)
                .load(AutoConfigurationImportFilter.class))
        .hasAtLeastOneElementOfType(StockServerFilter.class);
  }

  @Test
  void springAisOwnServersAreLeftOutAndNothingElse() {
    List<String> all = new ArrayList<>();
    ImportCandidates.load(AutoConfiguration.class, loader).forEach(all::add);
    boolean[] keep =
        new StockServerFilter()
            .match(all.toArray(new String[0]), mock(AutoConfigurationMetadata.class));

    List<String> left = new ArrayList<>();
    for (int i = 0; i < keep.length; i++) {
      if (!keep[i]) {
        left.add(all.get(i).substring(all.get(i).lastIndexOf('.') + 1));
      }
    }
    assertThat(left)
        .containsExactlyInAnyOrder(
            "McpServerAutoConfiguration",
            "McpServerStatelessAutoConfiguration",
            "McpServerSseWebMvcAutoConfiguration",
            "McpServerStreamableHttpWebMvcAutoConfiguration",
            "McpServerStatelessWebMvcAutoConfiguration");
  }

  @Test
  void whatRunsToolsStays() {
    List<String> all = new ArrayList<>();
    ImportCandidates.load(AutoConfiguration.class, loader).forEach(all::add);
    assertThat(all)
        .anyMatch(name -> name.endsWith("McpServerAnnotationScannerAutoConfiguration"))
        .anyMatch(name -> name.endsWith("McpServerSpecificationFactoryAutoConfiguration"))
        .anyMatch(name -> name.endsWith("McpServerJsonMapperAutoConfiguration"));
  }
}
