package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void whatWouldBeTooMuchIsRefusedAndTakesNothing() {
    var one = budget.lease();
    var other = budget.lease();
    one.take(60);
    assertThatThrownBy(() -> other.take(41))
        .isInstanceOfSatisfying(
            OverloadedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(503);
              assertThat(e.retryAfter()).isPositive();
            });
    assertThat(budget.used()).isEqualTo(60);
    other.take(40);
    assertThat(budget.used()).isEqualTo(100);
  }

  @Test
  void whatNeverFitsIsNoMatterOfWaiting() {
    assertThatThrownBy(() -> budget.lease().take(101))
        .isInstanceOfSatisfying(
            OverloadedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(413);
              assertThat(e.retryAfter()).isNull();
            });
  }

  @Test
  void aLeaseIsGivenBackOnceHoweverOftenItIsClosed() {
    var lease = budget.lease();
    lease.take(30);
    lease.force(90);
    lease.give(20);
    assertThat(budget.used()).isEqualTo(100);
    lease.close();
    lease.close();
    lease.take(10);
    lease.force(10);
    assertThat(budget.used()).isZero();
  }

  @Test
  void manyThreadsLeaveNothingBehind() {
    var shared = new ByteBudget(1_000);
    IntStream.range(0, 10_000)
        .parallel()
        .forEach(_ -> {
          try (var lease = shared.lease()) {
            lease.take(7);
            lease.take(600);
          } catch (OverloadedException e) {
            // expected at times
          }
        });
    assertThat(shared.used()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"a":[1,2]}'     | 1 | 2 | 1
          '"a{[:,\\"{"'     | 0 | 0 | 0
          '[{},{},{}]'      | 0 | 4 | 2
          """)
  void structureWeighsMoreThanTextAndTextInStringsIsNoStructure(
      String json, int names, int containers, int commas) {
    long expected =
        (long) json.length() * JsonWeight.BYTE
            + (long) names * JsonWeight.NAME
            + (long) containers * JsonWeight.CONTAINER
            + (long) commas * JsonWeight.VALUE;
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThat(new JsonWeight().of(bytes, 0, bytes.length)).isEqualTo(expected);
    var piecewise = new JsonWeight();
    long sum = IntStream.range(0, bytes.length).mapToLong(i -> piecewise.of(bytes, i, 1)).sum();
    assertThat(sum).isEqualTo(expected);
  }

  @Test
  void aCallerHasNoMoreCallsThanItMayAndIsForgottenAfterwards() {
    var limit = new CallLimit(2);
    var first = limit.enter("a");
    var second = limit.enter("a");
    assertThatThrownBy(() -> limit.enter("a"))
        .isInstanceOfSatisfying(
            OverloadedException.class, e -> assertThat(e.status()).isEqualTo(429));
    var other = limit.enter("b");
    first.close();
    limit.enter("a").close();
    List.of(second, other).forEach(CallLimit.Permit::close);
    assertThat(limit.callers()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.9 | 198.51.100.1            | 203.0.113.9
          10.1.2.3    |                         | 10.1.2.3
          10.1.2.3    | 198.51.100.1            | 198.51.100.1
          10.1.2.3    | 6.6.6.6, 198.51.100.1   | 198.51.100.1
          10.1.2.3    | 198.51.100.1, 10.9.9.9  | 198.51.100.1
          10.1.2.3    | 198.51.100.1, localhost | 10.1.2.3
          ::1         | 2001:db8::7             | 2001:db8::7
          """)
  void aForwardedAddressCountsBehindATrustedProxyOnly(
      String remote, String forwarded, String client) {
    var addresses = new ClientAddress(List.of("10.0.0.0/8", "::1"));
    assertThat(addresses.of(remote, forwarded == null ? List.of() : List.of(forwarded)))
        .isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource({"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "300.1.1.1"})
  void whatIsNoAddressOfAProxyStopsTheStart(String proxy) {
    assertThatThrownBy(() -> new ClientAddress(List.of(proxy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longhaul.http.in-flight.trusted-proxies");
  }
}
