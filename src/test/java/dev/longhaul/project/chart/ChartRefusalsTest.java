package dev.longhaul.project.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.TemplateCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that contradict each other, or do not exist, are refused with what to do about it. */
class ChartRefusalsTest {

  @Test
  void withoutAuthenticationNothingIsRenderedUnlessTheValuesAllowIt() {
    assertThatThrownBy(() -> Chart.template().set("redis.url", "redis://redis:6379").call())
        .hasMessageContaining("callers are not authenticated: set security.oauth.issuer");
  }

  @Test
  void withoutRedisNothingIsRendered() {
    assertThatThrownBy(() -> Chart.template().set("security.apiKeys.enabled", true).call())
        .hasMessageContaining("the api and worker roles share one Redis: set redis.url");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minimal | security.apiKeys.enabled=true | allowUnauthenticated=true contradicts
          minimal | ingress.enabled=true,ingress.hosts[0]=a.example.com | callers from outside the cluster
          minimal | httpRoute.enabled=true | callers from outside the cluster would not be authenticated
          minimal | service.type=NodePort | or security.exposeUnauthenticated=true
          minimal | service.type=LoadBalancer | or security.exposeUnauthenticated=true
          gateway | security.exposeUnauthenticated=true | only for security.allowUnauthenticated=true
          gateway | publicUrl= | set publicUrl, or security.oauth.audiences
          minimal | security.oauth.scopes[0]=call | without effect as long as security.oauth.issuer is not set
          minimal | security.apiKeys.keys.bob.scopes[0]=mcp:call | as long as security.apiKeys.enabled is not true
          operators | security.apiKeys.keys.bob.scopes[0]=mcp:call | keys needs security.apiKeys.existingSecret
          api-keys-tls-redis | security.apiKeys.keys.enabled.scopes[0]=mcp:call | no key can be called enabled
          minimal | security.exposeUnauthenticated=true,ingress.enabled=true | ingress.enabled needs ingress.hosts
          minimal | security.exposeUnauthenticated=true,httpRoute.enabled=true | httpRoute.enabled needs httpRoute.parentRefs
          minimal | security.exposeUnauthenticated=true,httpRoute.enabled=true,httpRoute.parentRefs[0].name=a | httpRoute.enabled needs httpRoute.hostnames
          minimal | webhooks.allowedHosts[0]=a.example.com | webhooks.allowedHosts needs webhooks.existingSecret
          operators | security.apiKeys.existingSecret=keys | is without effect without security.apiKeys.keys
          minimal | redis.local.enabled=true | in several ways where Redis is (url local)
          sentinel | redis.url=redis://redis | in several ways where Redis is (url sentinel)
          sentinel | redis.sentinel.master= | needs redis.sentinel.master
          minimal | redis.sentinel.master=jobs | redis.sentinel is without effect
          gateway | redis.passwordSecret.name=redis | redis.passwordSecret is without effect
          oauth-ingress | redis.passwordSecret.name=redis | redis.passwordSecret is without effect
          gateway | redis.username=jobs | redis.username is without effect here
          local-redis | redis.tls.enabled=true | redis.local has a password of its own and no TLS
          minimal | redis.tls.caSecret.name=ca | redis.tls.caSecret is without effect without TLS
          minimal | redis.tls.enabled=true | write rediss://
          operators | metrics.credentialsSecret.name= | set metrics.credentialsSecret.name to a secret
          gateway | metrics.credentialsSecret.name= | that has the scope metrics:read
          operators | autoscaling.prometheus.url= | autoscaling needs autoscaling.prometheus.url
          operators | autoscaling.worker.minReplicas=30 | autoscaling.worker.minReplicas is more than maxReplicas
          operators | autoscaling.api.minReplicas=0 | autoscaling.api.minReplicas must be at least 1
          gateway | api.replicas=0 | api.replicas must not be 0
          operators | config.longhaul.tools.slow.timeout=forever | write it as 90s, 10m or 2h
          """)
  void contradictions(String values, String change, String message) {
    assertThatThrownBy(() -> Chart.render(values, chart -> set(chart, change)))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          worker.replcas=3 | replcas
          redis.sentinel.nodez[0]=a:1 | nodez
          security.oauth.isuer=https://id.example.com | isuer
          security.apiKeys.keys.bob.scope=mcp:call | scope
          security.apiKeys.keys.bob.scopes[0]=mcp:calls | scopes
          security.apiKeys.keys.Bob.scopes[0]=mcp:call | Bob
          metrics.serviceMonitor.lables.a=b | lables
          worker.replicas=two | replicas
          logFormat=xml | logFormat
          service.type=ExternalName | type
          redis.url=http://redis | url
          redis.cluster.nodes[0]=redis | nodes
          autoscaling.worker.trigger=redis | trigger
          httpRoute.timeout=forever | timeout
          networkPolicy.apiFrom[0].pods=all | pods
          security.oauth.issuer=id.example.com | issuer
          """)
  void valuesThatTheSchemaDoesNotKnow(String change, String message) {
    assertThatThrownBy(() -> Chart.render("minimal", chart -> set(chart, change)))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(message);
  }

  private static void set(TemplateCommand chart, String changes) {
    for (String change : changes.split(",", -1)) {
      String[] parts = change.split("=", 2);
      chart.set(parts[0], parts[1]);
    }
  }
}
