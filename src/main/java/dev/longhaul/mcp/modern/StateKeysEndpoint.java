package dev.longhaul.mcp.modern;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@code POST /actuator/statekeys}: another key signs {@code requestState} from now on, in every
 * process; what is signed already stays valid. Not exposed unless {@code
 * management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "statekeys")
public final class StateKeysEndpoint {
  private final StateKeys keys;

  StateKeysEndpoint(StateKeys keys) {
    this.keys = keys;
  }

  /**
   * Rotates the key that all processes share through Redis.
   *
   * @return how many keys are accepted now
   * @throws org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException if the keys
   *     are configured, which is where they are rotated then
   */
  @WriteOperation
  public Rotated rotate() {
    return new Rotated(keys.rotate());
  }

  /**
   * The answer.
   *
   * @param accepted how many keys are accepted, with the new one
   */
  public record Rotated(int accepted) {}
}
