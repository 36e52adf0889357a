package dev.longhaul.gateway.auth.login;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationGrantAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientRegistrationAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientRegistrationAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.converter.OAuth2ClientRegistrationRegisteredClientConverter;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Spring Authorization Server with a login form, consent, registration of clients by anybody, and
 * refresh tokens that are good for one use. Its tokens are for the resource that was asked for.
 */
final class TestAuthorizationServer implements AutoCloseable {
  static final String USER = "alice";
  static final String PASSWORD = "wonderland";

  /** A client that the operator has registered. */
  static final String CLIENT = "known-client";

  static final String CLIENT_SECRET = "known-secret";

  private final AnnotationConfigServletWebServerApplicationContext context;

  TestAuthorizationServer(boolean registersClients, int redirectPort) {
    context = new AnnotationConfigServletWebServerApplicationContext();
    context.registerBean(Settings.class, () -> new Settings(registersClients, redirectPort));
    context.register(Beans.class);
    context.refresh();
  }

  record Settings(boolean registersClients, int redirectPort) {}

  String issuer() {
    return "http://127.0.0.1:" + Objects.requireNonNull(context.getWebServer()).getPort();
  }

  /** Reads its access tokens. */
  JwtDecoder decoder() {
    return context.getBean(JwtDecoder.class);
  }

  /** How often a refresh token was offered. */
  int refreshes() {
    return context.getBean(Counted.class).refreshes.get();
  }

  /** Forgets whom this refresh token is for, as when somebody takes the consent back. */
  void forget(String refreshToken) {
    var service = context.getBean(OAuth2AuthorizationService.class);
    var found = service.findByToken(refreshToken, OAuth2TokenType.REFRESH_TOKEN);
    service.remove(Objects.requireNonNull(found));
  }

  boolean knows(String refreshToken) {
    var service = context.getBean(OAuth2AuthorizationService.class);
    var found = service.findByToken(refreshToken, OAuth2TokenType.REFRESH_TOKEN);
    return found != null && Objects.requireNonNull(found.getRefreshToken()).isActive();
  }

  @Override
  public void close() {
    context.close();
  }

  static final class Counted {
    private final AtomicInteger refreshes = new AtomicInteger();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebSecurity
  static class Beans {

    @Bean
    TomcatServletWebServerFactory webServer() {
      return new TomcatServletWebServerFactory(0);
    }

    @Bean
    DispatcherServlet dispatcherServlet() {
      return new DispatcherServlet();
    }

    @Bean
    Counted counted() {
      return new Counted();
    }

    @Bean
    FilterRegistrationBean<Filter> counting(Counted counted) {
      Filter filter =
          (request, response, chain) -> {
            if (request instanceof HttpServletRequest http
                && http.getRequestURI().equals("/oauth2/token")
                && "refresh_token".equals(http.getParameter("grant_type"))) {
              counted.refreshes.incrementAndGet();
            }
            chain.doFilter(request, response);
          };
      var registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return registration;
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, Settings settings) {
      return http.oauth2AuthorizationServer(
              server -> {
                if (settings.registersClients()) {
                  server.clientRegistrationEndpoint(endpoint ->
                      endpoint
                          .openRegistrationAllowed(true)
                          .authenticationProviders(providers ->
                              providers.forEach(each -> {
                                if (each
                                    instanceof
                                    OAuth2ClientRegistrationAuthenticationProvider registering) {
                                  open(registering);
                                }
                              })));
                }
              })
          .authorizeHttpRequests(requests ->
              requests.requestMatchers("/oauth2/register").permitAll().anyRequest().authenticated())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    private static void open(OAuth2ClientRegistrationAuthenticationProvider registering) {
      var converter = new OAuth2ClientRegistrationRegisteredClientConverter();
      registering.setRegisteredClientConverter(registration -> {
        RegisteredClient client = converter.convert(registration);
        return settled(RegisteredClient.from(Objects.requireNonNull(client)));
      });
      registering.setAuthenticationValidator(
          OAuth2ClientRegistrationAuthenticationValidator.DEFAULT_REDIRECT_URI_VALIDATOR.andThen(
              OAuth2ClientRegistrationAuthenticationValidator.SIMPLE_SCOPE_VALIDATOR));
    }

    private static RegisteredClient settled(RegisteredClient.Builder client) {
      return client
          .clientSettings(
              ClientSettings.builder()
                  .requireProofKey(true)
                  .requireAuthorizationConsent(true)
                  .build())
          .tokenSettings(
              TokenSettings.builder()
                  .accessTokenTimeToLive(Duration.ofMinutes(5))
                  .reuseRefreshTokens(false)
                  .build())
          .build();
    }

    @Bean
    RegisteredClientRepository clients(Settings settings) {
      return new InMemoryRegisteredClientRepository(
          settled(
              RegisteredClient.withId(UUID.randomUUID().toString())
                  .clientId(CLIENT)
                  .clientSecret("{noop}" + CLIENT_SECRET)
                  .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                  .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                  .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                  .redirectUri("http://127.0.0.1:" + settings.redirectPort() + "/callback")
                  .scope("notes")));
    }

    @Bean
    OAuth2AuthorizationService authorizations() {
      return new InMemoryOAuth2AuthorizationService();
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings() {
      return AuthorizationServerSettings.builder().build();
    }

    @Bean
    UserDetailsService users() {
      return new InMemoryUserDetailsManager(
          User.withUsername(USER).password("{noop}" + PASSWORD).roles("USER").build());
    }

    @Bean
    JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var pair = generator.generateKeyPair();
      return new ImmutableJWKSet<>(
          new JWKSet(
              new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                  .privateKey((RSAPrivateKey) pair.getPrivate())
                  .keyID("test")
                  .build()));
    }

    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
      return org.springframework.security.config.annotation.web.configuration
          .OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    // RFC 8707: tokens are for the resource that the client has named.
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> audience() {
      return token -> {
        if (token.getAuthorizationGrant()
                instanceof OAuth2AuthorizationGrantAuthenticationToken grant
            && grant.getAdditionalParameters().get("resource") instanceof String resource) {
          token.getClaims().audience(List.of(resource));
        }
      };
    }
  }
}
