package com.example.transport;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Brings the tools into whichever application this jar is put beside. */
@AutoConfiguration
public class TransportTools {

  @Bean
  RoutePlanner routePlanner() {
    return new RoutePlanner();
  }

  @Bean
  Bookings bookings() {
    return new Bookings();
  }

  @Bean
  AddressCheck addressCheck() {
    return new AddressCheck();
  }
}
