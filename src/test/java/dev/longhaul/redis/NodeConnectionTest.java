package dev.longhaul.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.TestRedis;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class NodeConnectionTest {

  @Test
  void closingWhatIsClosedAlreadyIsNoWarning(CapturedOutput output) {
    RedisClient client = RedisClient.create(TestRedis.url());
    var connection = client.connect();
    var node = new NodeConnection(connection, connection, null);
    var stoppedBefore = client.connect();
    client.shutdown();

    node.close();
    node.close();
    new NodeConnection(stoppedBefore, stoppedBefore, null).close();

    assertThat(node.isOpen()).isFalse();
    assertThat(output.getAll()).doesNotContain("already closed");
  }

  @Test
  void itIsClosedOnceWhereItIsItsOwnWhole(CapturedOutput output) {
    RedisClient client = RedisClient.create(TestRedis.url());
    var connection = client.connect();

    new NodeConnection(connection, connection, null).close();

    assertThat(connection.isOpen()).isFalse();
    assertThat(output.getAll()).doesNotContain("already closed");
    client.shutdown();
  }
}
