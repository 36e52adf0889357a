package dev.longhaul.gateway.call;

import dev.longhaul.catalog.RemoteCalls;
import dev.longhaul.gateway.catalog.UpstreamHandlers;
import dev.longhaul.gateway.session.Sessions;
import dev.longhaul.job.LocalPools;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connections with upstreams, and what runs their calls. */
@Configuration(proxyBeanMethods = false)
public class CallConfiguration {

  // The pools are asked for late, because the worker itself needs the catalogue of upstreams;
  // sessions too, since most installations have no upstreams.
  @Bean
  Connections longhaulUpstreamConnections(
      ObjectProvider<Sessions> sessions, UpstreamLeases leases, ObjectProvider<LocalPools> pools) {
    return new Connections(
        (config, listener, capabilities, behalf) ->
            sessions.getObject().open(config, listener, capabilities, behalf),
        leases,
        pools::getIfAvailable);
  }

  @Bean
  UpstreamHandlers longhaulUpstreamHandlers(
      Connections connections, CallMarks marks, RemoteCalls remote, Clock clock) {
    return new CallHandlers(new UpstreamCalls(connections, marks, clock), connections, remote);
  }
}
