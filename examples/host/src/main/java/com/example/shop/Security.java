package com.example.shop;

import static org.springframework.security.config.Customizer.withDefaults;

import dev.longhaul.security.FrontDoorRequestMatcher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Longhaul's recipe (docs/library.md), and for everything else what Spring Boot does by itself. */
@Configuration(proxyBeanMethods = false)
class Security {

  @Bean
  @Order(1)
  SecurityFilterChain longhaul(HttpSecurity http, FrontDoorRequestMatcher frontDoors) {
    return http.securityMatcher(frontDoors)
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .httpBasic(withDefaults())
        .csrf(AbstractHttpConfigurer::disable)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
  }

  // With a chain of your own Spring Boot's default one is gone: say what holds for all other paths.
  @Bean
  @Order(2)
  SecurityFilterChain application(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .formLogin(withDefaults())
        .httpBasic(withDefaults())
        .build();
  }
}
