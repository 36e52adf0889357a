package com.example.shop;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The shop's own routes: a page with a form, and an API of its own that is below /api/v1 too. */
@RestController
class OrdersController {
  private final List<String> orders = new CopyOnWriteArrayList<>();

  @GetMapping("/orders")
  String page(Principal customer) {
    return customer.getName() + " may order here.";
  }

  @PostMapping("/orders")
  void order(Principal customer) {
    orders.add(customer.getName());
  }

  @GetMapping("/api/v1/orders")
  List<String> orders() {
    return orders;
  }
}
