package dev.longhaul.queue.redis.embedded;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when no property has the address of a Redis. */
final class OnNoRedisSettings extends SpringBootCondition {
  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    var message = ConditionMessage.forCondition("No Redis settings");
    return RedisSettings.name(context.getEnvironment())
        ? ConditionOutcome.noMatch(message.because("spring.data.redis.* names a Redis"))
        : ConditionOutcome.match(message.because("spring.data.redis.* names no Redis"));
  }
}
