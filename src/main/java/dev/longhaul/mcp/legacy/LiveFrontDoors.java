package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.mcp.delivery.FrontDoors;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Asks other processes over the channel of {@link Signals} whether they live. */
final class LiveFrontDoors implements FrontDoors {
  private static final Logger log = LoggerFactory.getLogger(LiveFrontDoors.class);

  /** A living process answers within a few round trips to Redis. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** After a start requests come before this process hears signals. */
  private static final Duration UNTIL_HEARD = Duration.ofSeconds(5);

  private static final char JOB = ':';

  private final Signals signals;
  private final String own = RandomText.hex(8);
  private volatile Consumer<JobId> looks = _ -> {};

  LiveFrontDoors(Signals signals) {
    this.signals = signals;
    signals.answersFor(own, this::asked);
  }

  @Override
  public String own() {
    return own;
  }

  @Override
  public boolean lives(String process) {
    return process.equals(own) || answersOf(process, null);
  }

  @Override
  public void onLook(Consumer<JobId> looks) {
    this.looks = looks;
  }

  @Override
  public boolean look(String process, JobId job) {
    if (process.equals(own)) {
      looks.accept(job);
      return true;
    }
    return answersOf(process, job);
  }

  // A question may end with the job whose clients are to be looked after first.
  private void asked(String question) {
    int job = question.indexOf(JOB);
    if (job < 0) {
      signals.answer(question);
      return;
    }
    // This is the thread in which all signals arrive.
    var _ =
        Threads.virtual(
            "longhaul-mcp-look",
            () -> {
              try {
                looks.accept(new JobId(question.substring(job + 1)));
                signals.answer(question);
              } catch (RuntimeException e) {
                log.debug("A question of another process could not be answered", e);
              }
            });
  }

  private boolean answersOf(String process, @Nullable JobId job) {
    try {
      return !signals.awaitSubscribed(UNTIL_HEARD) || answers(process, job);
    } catch (DataAccessException e) {
      log.debug("Whether process {} lives could not be asked", process, e);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean answers(String process, @Nullable JobId job) throws InterruptedException {
    String id = job == null ? RandomText.hex(8) : RandomText.hex(8) + JOB + job.value();
    Question question = new Question(process, id);
    try (var _ = signals.onAnswer(question.id(), question)) {
      question.ask();
      return question.answer().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private final class Question implements Signals.Asking {
    private final String process;
    private final String id;
    private final CountDownLatch answer = new CountDownLatch(1);

    Question(String process, String id) {
      this.process = process;
      this.id = id;
    }

    String id() {
      return id;
    }

    CountDownLatch answer() {
      return answer;
    }

    @Override
    public void answered() {
      answer.countDown();
    }

    void ask() {
      signals.publish(Signals.asksWhetherLives(process, id));
    }

    @Override
    public void again() {
      try {
        ask();
      } catch (DataAccessException e) {
        log.debug("Whether process {} lives could not be asked again", process, e);
      }
    }
  }
}
