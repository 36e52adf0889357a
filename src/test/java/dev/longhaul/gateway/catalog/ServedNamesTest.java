package dev.longhaul.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.gateway.catalog.ServedNames.Named;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names under which tools of upstreams are served. */
class ServedNamesTest {

  private static Named named(String upstream, String name) {
    return new Named(upstream, name, ServedNames.id(upstream, name));
  }

  private static ServedNames names(Set<String> own, Named... all) {
    return new ServedNames(own::contains).add(List.of(all));
  }

  @Test
  void theFirstOfANameKeepsItAndEachHasALongOne() {
    Named files = named("files", "search");
    Named web = named("web", "search");
    ServedNames names = names(Set.of(), files, web);
    assertThat(names.served(files)).isEqualTo("search");
    assertThat(names.served(web)).isEqualTo("web_search");
    assertThat(names.byName())
        .containsEntry("search", files)
        .containsEntry("files_search", files)
        .containsEntry("web_search", web)
        .hasSize(3);
  }

  @Test
  void ownToolsKeepTheirNames() {
    Named files = named("files", "search");
    ServedNames names = names(Set.of("search"), files);
    assertThat(names.served(files)).isEqualTo("files_search");
    assertThat(names.byName()).doesNotContainKey("search");
    ServedNames both = names(Set.of("search", "files_search"), files);
    assertThat(both.served(files)).startsWith("files_search_").hasSize(21);
    assertThat(both.byName()).containsOnlyKeys(both.served(files));
  }

  @Test
  void theLongNameOfAToolIsNotTakenByAnother() {
    Named other = named("x", "a_b");
    Named tool = named("a", "b");
    ServedNames names = names(Set.of(), other, tool);
    assertThat(names.byName()).containsEntry("a_b", tool);
    assertThat(names.served(other)).isEqualTo("x_a_b");
    assertThat(names.served(tool)).isEqualTo("b");
  }

  @Test
  void namesThatClientsWouldRefuseAreShortenedAndStayTheSame() {
    Named strange = named("u", "look up/it");
    Named longest = named("u", "n".repeat(100));
    ServedNames names = names(Set.of(), strange, longest);
    assertThat(names.served(strange)).matches("look_up_it_[0-9a-f]{8}");
    assertThat(names.served(longest)).hasSize(64).matches("n{55}_[0-9a-f]{8}");
    assertThat(names(Set.of(), longest, strange).served(strange)).isEqualTo(names.served(strange));
    assertThat(names.byName().keySet()).allMatch(name -> name.matches("[A-Za-z0-9_.-]{1,64}"));
  }

  @ParameterizedTest
  @CsvSource({
    "search, files/search",
    "a b, files/a%20b",
    "ä, files/%C3%A4",
    "a/b, files/a/b",
    "a%20b, files/a%2520b"
  })
  void anIdentityHasNoOtherCharacters(String tool, String id) {
    assertThat(ServedNames.id("files", tool)).isEqualTo(id);
  }

  @Test
  void aLongIdentityIsShortened() {
    String one = ServedNames.id("files", "a".repeat(300) + "1");
    assertThat(one).hasSize(200).isNotEqualTo(ServedNames.id("files", "a".repeat(300) + "2"));
  }
}
