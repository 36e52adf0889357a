package dev.longhaul.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.gateway.config.Connection.HttpKind;
import dev.longhaul.gateway.config.Entry.State;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** Upstreams of settings and of files that other clients read. */
class ConfiguredUpstreamsTest {
  private static final int PORT = 8080;

  @TempDir private Path folder;
  private final StandardEnvironment environment = new StandardEnvironment();
  private final Map<String, String> variables = new HashMap<>(System.getenv());

  @BeforeEach
  void home() {
    variables.put("HOME", "/home/anna");
  }

  private void settings(String yaml) throws IOException {
    var source = new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml");
    new YamlPropertySourceLoader()
        .load("yaml", source)
        .forEach(environment.getPropertySources()::addLast);
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<Entry> read() {
    return new ConfiguredUpstreams(environment, variables::get, true).read(PORT);
  }

  private List<Entry> ofFile(String text) throws IOException {
    settings("longhaul.mcp-servers: " + file("mcp.json", text));
    return read();
  }

  private Entry only(String entry) throws IOException {
    List<Entry> entries = ofFile("{\"mcpServers\": {\"it\": " + entry + "}}");
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }

  private static UpstreamConfig config(@Nullable Entry entry) {
    return Objects.requireNonNull(Objects.requireNonNull(entry).config());
  }

  private static Connection.Command command(Entry entry) {
    assertThat(entry.state()).as(entry.reason()).isEqualTo(State.USED);
    return (Connection.Command) config(entry).connection();
  }

  private static Connection.Url url(Entry entry) {
    assertThat(entry.state()).as(entry.reason()).isEqualTo(State.USED);
    return (Connection.Url) config(entry).connection();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mcpServers\": {\"sh\": {\"command\": \"sh\"}}}",
        "{\"servers\": {\"sh\": {\"type\": \"stdio\", \"command\": \"sh\"}}, \"inputs\": []}",
        "{\"mcp\": {\"servers\": {\"sh\": {\"command\": \"sh\"}}}, \"editor.fontSize\": 12}",
        "{\"mcp.servers\": {\"sh\": {\"command\": \"sh\"}}}",
        "{ // of a client\n \"mcpServers\": { /* here */ \"sh\": {\"command\": \"sh\", \"args\": [],},},\n}",
        "{\"mcpServers\": {\"sh\": {\"command\": [\"sh\"], \"alwaysAllow\": [\"x\"], \"timeout\": 60}}}"
      })
  void theFilesOfClientsAreRead(String text) throws IOException {
    assertThat(command(ofFile(text).getFirst()).command()).containsExactly("sh");
  }

  @ParameterizedTest
  @CsvSource({
    "url,, DETECTED",
    "serverUrl,, DETECTED",
    "url, http, DETECTED",
    "url, streamable-http, STREAMABLE",
    "url, streamableHttp, STREAMABLE",
    "url, sse, SSE"
  })
  void anAddressHasATransport(String field, String type, HttpKind kind) throws IOException {
    Entry entry =
        only(
            "{\"%s\": \"https://mcp.example.com/mcp\"%s, \"headers\": {\"X-Key\": \"${KEY:-none}\"}}"
                .formatted(field, type == null ? "" : ", \"type\": \"" + type + "\""));
    Connection.Url url = url(entry);
    assertThat(url.url()).isEqualTo(URI.create("https://mcp.example.com/mcp"));
    assertThat(url.transport()).isEqualTo(kind);
    assertThat(url.headers()).containsExactly(Map.entry("X-Key", "none"));
    assertThat(entry.toString()).doesNotContain("none");
  }

  @Test
  void referencesAreFilledIn() throws IOException {
    variables.put("TOKEN", "s3cret$1");
    variables.put("LONGHAUL_INPUT_API_KEY", "typed");
    Files.createDirectory(folder.resolve("work"));
    file("work/.env", "# mine\nexport A=1\nB = \"two words\" # not this\nC='$x'\nTOKEN2=low\n");
    settings(
        "longhaul.mcp-servers: "
            + file(
                "work/.vscode/mcp.json",
                """
                {"servers": {"My files!": {
                  "command": "sh",
                  "args": ["${workspaceFolder}/src", "${userHome}", "${input:api-key}", "${NO:-d}e", "$TOKEN"],
                  "env": {"T": "${TOKEN}", "U": "${env:TOKEN}", "TOKEN2": "high", "N": 3, "NONE": null},
                  "envFile": "${workspaceFolder}/.env",
                  "cwd": "${workspaceFolder}"}}}
                """));
    Entry entry = read().getFirst();
    assertThat(entry.name()).isEqualTo("My-files-");
    Connection.Command command = command(entry);
    Path work = folder.resolve("work");
    assertThat(command.command())
        .containsExactly("sh", work + "/src", "/home/anna", "typed", "de", "$TOKEN");
    assertThat(command.environment())
        .isEqualTo(
            Map.of(
                "A",
                "1",
                "B",
                "two words",
                "C",
                "$x",
                "T",
                "s3cret$1",
                "U",
                "s3cret$1",
                "TOKEN2",
                "high",
                "N",
                "3"));
    assertThat(command.directory()).isEqualTo(work);
    assertThat(entry.toString()).doesNotContain("s3cret", "typed", "two words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"command\": \"sh\", \"env\": {\"K\": \"${NOT_SET}\"}} | the variable K of env needs the environment variable NOT_SET, which is not set",
        "{\"command\": \"sh\", \"args\": [\"${input:key}\"]} | args needs ${input:key}; set the environment variable LONGHAUL_INPUT_KEY",
        "{\"command\": \"sh\", \"args\": [\"${command:pick}\"]} | unknown reference ${command:pick}",
        "{\"command\": \"no-such-program\"} | command no-such-program is not on the PATH of this server; install it",
        "{\"command\": \"./no/such\"} | command is no program that can be run",
        "{\"command\": \"sh -c x\"} | command has blanks; put what follows the program into args",
        "{\"command\": \"sh\", \"cwd\": \"/no/such\"} | cwd is no directory",
        "{\"command\": \"sh\", \"envFile\": \"no.env\"} | envFile",
        "{\"command\": 7} | command is no list of texts",
        "{\"command\": \"sh\", \"args\": {\"a\": 1}} | args is no list of texts",
        "{\"command\": \"sh\", \"env\": {\"A\": [1]}} | the value of A in env is no text",
        "{} | it has neither command nor url; add one of them",
        "[] | the entry is no object",
        "{\"url\": \"ftp://a.example\"} | url must be http://host or https://host",
        "{\"url\": \"https://user:pw@a.example/\"} | url must be",
        "{\"url\": \"https://a.example/\", \"headers\": {\"A\": \"a\\nb\"}} | the header A has a control character",
        "{\"url\": \"https://a.example/\", \"type\": \"grpc\"} | type is 'grpc'; it must be stdio, http",
        "{\"url\": \"https://a.example/\", \"command\": \"sh\"} | both command and url",
        "{\"type\": \"http\", \"command\": \"sh\"} | url is missing"
      })
  void aBadEntryIsDisabledAlone(String entry, String reason) throws IOException {
    List<Entry> entries =
        ofFile("{\"mcpServers\": {\"bad\": " + entry + ", \"good\": {\"command\": \"sh\"}}}");
    assertThat(entries).extracting(Entry::name).containsExactly("bad", "good");
    assertThat(entries.get(0).state()).isEqualTo(State.INVALID);
    assertThat(entries.get(0).reason()).contains(reason);
    assertThat(entries.get(1).state()).isEqualTo(State.USED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"mcpServers\": | the file is no valid JSON at line 1",
        "[] | the file is no JSON object",
        "{\"other\": {}} | the file has neither mcpServers nor servers",
        "{\"mcpServers\": {}} x | the file is no valid JSON"
      })
  void aBadFileDisablesItsUpstreamsAlone(String text, String reason) throws IOException {
    Path bad = file("bad.json", text);
    Path good = file("good.json", "{\"mcpServers\": {\"good\": {\"command\": \"sh\"}}}");
    settings("longhaul.mcp-servers: " + bad + ", " + good + ", " + folder.resolve("none.json"));
    List<Entry> entries = read();
    assertThat(entries)
        .extracting(Entry::state)
        .containsExactly(State.INVALID, State.USED, State.INVALID);
    assertThat(entries.getFirst().reason()).contains(reason);
    assertThat(entries.getLast().reason()).contains("the file cannot be read");
  }

  @Test
  void ofTwoWithOneNameTheFirstIsUsed() throws IOException {
    List<Entry> entries =
        ofFile(
            "{\"mcpServers\": {\"a\": {\"command\": \"sh\"}, \"a\": {\"command\": \"ls\"}, \"b c\": {\"command\": \"sh\"},"
                + " \"b-c\": {\"command\": \"ls\"}}}");
    assertThat(entries).extracting(Entry::name).containsExactly("a", "a", "b-c", "b-c");
    assertThat(entries)
        .extracting(Entry::state)
        .containsExactly(State.USED, State.INVALID, State.USED, State.INVALID);
    assertThat(entries.get(1).reason()).contains("name");
    assertThat(command(entries.get(0)).command()).containsExactly("sh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"url\": \"http://localhost:8080/mcp\"}",
        "{\"url\": \"http://127.0.0.1:8080/mcp\"}",
        "{\"url\": \"http://[::1]:8080/sse\", \"type\": \"sse\"}",
        "{\"command\": \"sh\", \"args\": [\"-jar\", \"/opt/longhaul-1.0.jar\", \"stdio\"]}"
      })
  void thisServerItselfIsSkipped(String entry) throws IOException {
    assertThat(only(entry).state()).isEqualTo(State.ITSELF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"url\": \"http://localhost:9090/mcp\"}",
        "{\"url\": \"http://mcp.example.com:8080/mcp\"}",
        "{\"command\": \"sh\", \"args\": [\"stdio\"]}"
      })
  void anotherServerIsNotTakenForThisOne(String entry) throws IOException {
    assertThat(only(entry).state()).isEqualTo(State.USED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"command\": \"sh\", \"disabled\": true}",
        "{\"command\": \"no-such\", \"enabled\": false}"
      })
  void aDisabledEntryIsOff(String entry) throws IOException {
    assertThat(only(entry).state()).isEqualTo(State.OFF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"files", "my-files", "my_files", "MyFiles", "'[my.files]'", "'[My-Files]'"})
  void settingsOfANameCountHoweverItIsSpelt(String name) throws IOException {
    settings(
        """
        longhaul.upstreams:
          %s:
            url: http://127.0.0.1:1/mcp
            session: caller
        """
            .formatted(name));
    assertThat(read())
        .singleElement()
        .satisfies(entry ->
            assertThat(Objects.requireNonNull(entry.config()).session())
                .isEqualTo(UpstreamConfig.SessionScope.CALLER));
  }

  @Test
  void settingsComeFirstAndAddToFiles() throws IOException {
    settings(
        """
        longhaul:
          mcp-servers: %s
          upstreams:
            files:
              trust-annotations: true
              session: caller
              tools: {allow: ["read_*"], deny: [read_all], rename: {read_file: cat}, pin: true}
            own:
              command: sh
              args: [-c, "true"]
              env: {"[API_KEY]": k, "[lower.case]": l}
              start-timeout: 5s
              instances: 2
              spread: true
            lost:
              session: caller
            wrong:
              command: sh
              instances: many
            many: {command: sh, instances: 0}
        """
            .formatted(file("mcp.json", "{\"mcpServers\": {\"files\": {\"command\": \"sh\"}}}")));
    Map<String, Entry> entries = new HashMap<>();
    read().forEach(entry -> entries.put(entry.name(), entry));
    assertThat(read()).extracting(Entry::name).startsWith("own").contains("files");
    UpstreamConfig own = config(entries.get("own"));
    assertThat(command(Objects.requireNonNull(entries.get("own"))).environment())
        .isEqualTo(Map.of("API_KEY", "k", "lower.case", "l"));
    assertThat(own.startTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(own.instances()).isEqualTo(2);
    assertThat(own.queue()).isNull();
    UpstreamConfig files = config(entries.get("files"));
    assertThat(files.trustAnnotations()).isTrue();
    assertThat(files.session()).isEqualTo(UpstreamConfig.SessionScope.CALLER);
    assertThat(files.queue()).isEqualTo("upstream.files");
    assertThat(files.tools().serve("read_file")).isTrue();
    assertThat(files.tools().serve("read_all")).isFalse();
    assertThat(files.tools().serve("write")).isFalse();
    assertThat(files.tools().rename()).containsEntry("read_file", "cat");
    assertThat(Objects.requireNonNull(entries.get("lost")).reason())
        .contains("neither command nor url");
    assertThat(Objects.requireNonNull(entries.get("wrong")).reason())
        .contains("instances")
        .doesNotContain("many");
    assertThat(Objects.requireNonNull(entries.get("many")).reason())
        .contains("instances is 0; it must be from 1 to 100");
  }

  @Test
  void whatMayBeSecretOfArgumentsIsKnown() throws IOException {
    variables.put("TOKEN", "s3cret");
    Connection.Command command =
        command(
            only(
                """
                {"command": "sh", "args": ["-y", "${workspaceFolder}/src", "--mode=fast",
                  "--header=X-It: Bearer ${TOKEN}", "--password", "literal", "--verbose",
                  "--api-key=k1", "Authorization: Basic abc"]}
                """));
    assertThat(command.secrets())
        .containsExactlyInAnyOrder(
            "s3cret",
            "--header=X-It: Bearer s3cret",
            "X-It: Bearer s3cret",
            "Bearer s3cret",
            "literal",
            "k1",
            "Basic abc",
            "abc");
    assertThat(command.limited(1).secrets()).isEqualTo(command.secrets());
  }

  @Test
  void theMemoryOfACommandCanBeLimited() throws IOException {
    settings(
        """
        longhaul.upstreams:
          small: {command: sh, max-memory: 512MB}
          none: {command: sh, max-memory: 1KB}
          far: {url: "http://example.com/mcp", max-memory: 512MB}
        """);
    Map<String, Entry> entries = new HashMap<>();
    read().forEach(entry -> entries.put(entry.name(), entry));
    assertThat(command(Objects.requireNonNull(entries.get("small"))).maxMemory())
        .isEqualTo(512 << 20);
    assertThat(Objects.requireNonNull(entries.get("none")).reason())
        .contains("max-memory is 1024B; it must be 16MB");
    assertThat(Objects.requireNonNull(entries.get("far")).reason())
        .contains("max-memory is for command only");
  }

  @Test
  void theDigestIsThatOfTheWayToIt() throws IOException {
    String first =
        config(only("{\"command\": \"sh\", \"env\": {\"A\": \"1\", \"B\": \"2\"}}")).digest();
    environment.getPropertySources().remove("yaml");
    String same =
        config(only("{\"env\": {\"B\": \"2\", \"A\": \"1\"}, \"command\": \"sh\"}")).digest();
    environment.getPropertySources().remove("yaml");
    String other =
        config(only("{\"command\": \"sh\", \"env\": {\"A\": \"1\", \"B\": \"3\"}}")).digest();
    assertThat(same).isEqualTo(first).hasSize(32);
    assertThat(other).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "*, abc, true", "a*, abc, true", "*c, abc, true", "a*c, abc, true", "a*b, abc, false",
    "abc, abc, true", "ab, abc, false", "*b*, abc, true", "a**c, ac, true", "a.c, abc, false"
  })
  void patternsHaveStars(String pattern, String tool, boolean matches) {
    assertThat(new ToolRules(List.of(pattern), List.of(), Map.of()).serve(tool)).isEqualTo(matches);
  }

  @Test
  void clientCredentialsAreForAUrlAndTheirSecretMayBeInAFile() throws IOException {
    Path secret = file("secret", "of the file\n");
    settings(
        """
        longhaul.upstreams:
          a:
            url: https://a.example/mcp?key=1
            auth: {token-url: "https://login.example/token", client-id: lh, client-secret: s3cret}
          b:
            url: https://b.example/mcp
            auth:
              token-url: https://login.example/token
              client-id: lh
              client-secret-file: %s
              scopes: read, write
              resource: https://b.example
          c: {url: "https://c.example/mcp", auth: {token-url: "https://login.example", client-secret: x}}
          d: {command: sh, auth: {token-url: "https://login.example", client-id: lh, client-secret: x}}
        """
            .formatted(secret));
    List<Entry> all = read();
    assertThat(credentials(all.get(0)))
        .isEqualTo(
            new ClientCredentials(
                URI.create("https://login.example/token"),
                "lh",
                "s3cret",
                List.of(),
                "https://a.example/mcp"));
    assertThat(credentials(all.get(1)))
        .isEqualTo(
            new ClientCredentials(
                URI.create("https://login.example/token"),
                "lh",
                "of the file",
                List.of("read", "write"),
                "https://b.example"));
    assertThat(all.get(2).reason()).contains("auth.client-id is missing");
    assertThat(all.get(3).reason()).contains("auth is only for a url");
  }

  @Test
  void aPersonMayLogInForAUrlWithoutATokenOfItsOwn() throws IOException {
    settings(
        """
        longhaul.upstreams:
          a: {url: "https://a.example/mcp"}
          b:
            url: https://b.example/mcp
            auth: {client-id: lh, client-secret: x, scopes: read, redirect-port: 7777}
          c: {url: "https://c.example/mcp", auth: {client-secret: x}}
          d: {url: "https://d.example/mcp", auth: {client-id: lh, redirect-port: 70000}}
          e: {url: "https://e.example/mcp", headers: {Authorization: "Bearer x"}}
          f:
            url: https://f.example/mcp
            auth: {token-url: "https://login.example", client-id: lh, client-secret: x, redirect-port: 7}
        """);
    List<Entry> all = read();
    assertThat(login(all.get(0))).isEqualTo(LoginClient.UNNAMED);
    assertThat(login(all.get(1)))
        .isEqualTo(new LoginClient("lh", "x", List.of("read"), null, 7777));
    assertThat(all.get(2).reason()).contains("auth.client-id is missing");
    assertThat(all.get(3).reason()).contains("auth.redirect-port is 70000");
    assertThat(all.get(4).state()).isEqualTo(Entry.State.USED);
    assertThat(login(all.get(4))).isNull();
    assertThat(all.get(5).reason()).contains("auth.token-url", "auth.redirect-port");
  }

  private static @Nullable LoginClient login(Entry entry) {
    return entry.config() != null && entry.config().connection() instanceof Connection.Url url
        ? url.login()
        : null;
  }

  private static @Nullable ClientCredentials credentials(Entry entry) {
    return entry.config() != null && entry.config().connection() instanceof Connection.Url url
        ? url.credentials()
        : null;
  }
}
