package dev.longhaul.project.chart;

import static dev.longhaul.project.chart.Chart.at;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * What the process in a rendered pod finds: its environment, its settings and its secrets, in
 * directories instead of at the paths of the pod. The application can be started with it.
 *
 * @param environment the variables whose value stands in the pod
 * @param settings application.yml
 * @param secrets the directory with a file for each secret setting
 */
record MountedPod(Map<String, Object> environment, Path settings, Path secrets) {

  /**
   * Writes the files.
   *
   * @param rendered the objects of the chart
   * @param deployment the name of the pod's deployment
   * @param existing the content of secrets that are not the chart's, by {@code name/key}
   */
  static MountedPod of(
      Map<String, Map<?, ?>> rendered,
      String deployment,
      Map<String, String> existing,
      Path directory)
      throws IOException {
    Path config = Files.createDirectories(directory.resolve("config"));
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    Path settings = config.resolve("application.yml");
    Map<?, ?> pod = Chart.podOf(rendered.get("Deployment/" + deployment));
    for (Object volume : (List<?>) at(pod, "volumes")) {
      if ("config".equals(at(volume, "name"))) {
        Object key = at(volume, "configMap", "items", 0, "key");
        var map = rendered.get("ConfigMap/" + at(volume, "configMap", "name"));
        Files.writeString(
            settings,
            String.valueOf(at(map, "data", key)).replace("/certificates/", directory + "/"));
      } else if ("certificates".equals(at(volume, "name"))) {
        Object item = at(volume, "secret", "items", 0);
        Files.writeString(
            directory.resolve(String.valueOf(at(item, "path"))),
            content(rendered, existing, at(volume, "secret", "secretName"), at(item, "key")));
      } else if ("secrets".equals(at(volume, "name"))) {
        for (Object source : (List<?>) at(volume, "projected", "sources")) {
          Object name = at(source, "secret", "name");
          Object item = at(source, "secret", "items", 0);
          Files.writeString(
              secrets.resolve(String.valueOf(at(item, "path"))),
              content(rendered, existing, name, at(item, "key")));
        }
      }
    }
    return new MountedPod(environment(pod, config, secrets), settings, secrets);
  }

  /**
   * Starts the application as in the pod, but on a free port and in a namespace of its own.
   *
   * @param more arguments, which go before the settings
   */
  ConfigurableApplicationContext start(String... more) {
    var surroundings = new StandardServletEnvironment();
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    surroundings
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, environment));
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--longhaul.standalone=true");
    arguments.add("--server.port=0");
    arguments.add("--longhaul.namespace=" + TestRedis.namespace());
    return new SpringApplicationBuilder(LonghaulApplication.class)
        .environment(surroundings)
        .run(arguments.toArray(String[]::new));
  }

  static int port(ConfigurableApplicationContext application) {
    return ((WebServerApplicationContext) application).getWebServer().getPort();
  }

  /** The body of an answer of the started application. */
  static String get(ConfigurableApplicationContext application, String path) throws Exception {
    return get(application, path, null);
  }

  /** The body of an answer to a request with a bearer token, if there is one. */
  static String get(ConfigurableApplicationContext application, String path, @Nullable String token)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var server = URI.create("http://localhost:" + port(application));
      var request = HttpRequest.newBuilder(server.resolve(path));
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  private static String content(
      Map<String, Map<?, ?>> rendered, Map<String, String> existing, Object name, Object key) {
    Map<?, ?> own = rendered.get("Secret/" + name);
    return own == null
        ? existing.getOrDefault(name + "/" + key, "of the secret " + name)
        : String.valueOf(at(own, "stringData", key));
  }

  private static Map<String, Object> environment(Map<?, ?> pod, Path config, Path secrets) {
    Map<String, Object> environment = new HashMap<>();
    for (Object variable : (List<?>) at(pod, "containers", 0, "env")) {
      if (at(variable, "value") instanceof String value) {
        environment.put(
            String.valueOf(at(variable, "name")),
            value.replace("/config/", config + "/").replace("/secrets/", secrets + "/"));
      }
    }
    environment.put("POD_IP", "10.1.2.3");
    return environment;
  }
}
