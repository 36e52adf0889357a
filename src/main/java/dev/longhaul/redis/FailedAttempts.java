package dev.longhaul.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Ends the handshake of an attempt to connect that failed. Lettuce 7.5 leaves it open when the
 * connection is refused: its time limit ({@code spring.data.redis.timeout}, a minute by default)
 * keeps running and then closes the channel once more. If the client was stopped meanwhile, Netty
 * logs an error for each attempt of the last minute, since the channel's event loop has ended.
 */
final class FailedAttempts implements NettyCustomizer {
  @Override
  public void afterChannelInitialized(Channel channel) {
    channel.pipeline().addLast(new Ended());
  }

  private static final class Ended extends ChannelInboundHandlerAdapter {
    // Comes after the channel was closed and Lettuce has reported its own cause, if it has one.
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
      RedisHandshakeHandler handshake = context.pipeline().get(RedisHandshakeHandler.class);
      if (handshake != null) {
        var _ =
            handshake
                .channelInitialized()
                .toCompletableFuture()
                .completeExceptionally(new RedisConnectionException("Could not connect"));
      }
      context.fireChannelUnregistered();
    }
  }
}
