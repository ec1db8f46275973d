// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.cli.CommandLineInterface;
import dev.redrive.config.Settings;
import dev.redrive.config.TlsSettings;
import dev.redrive.topology.topics.WrongTopicsException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;

/** The command {@code serve}: an instance until a signal, or until it can't go on. */
final class Serve {
  private static final long LOOK_MS = 500;

  private Serve() {}

  static int run(Settings settings, PrintStream out, PrintStream err) {
    Optional<String> problem = ReadingRules.problem(settings);
    if (problem.isPresent()) {
      err.println(problem.get());
      return CommandLineInterface.WRONG_USE;
    }
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (Redrive redrive = Redrive.start(settings, Clock.systemUTC())) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stopNow(stop, stopped), "redrive-stop"));
      out.println("Redrive listens on " + address(settings, redrive.httpPort()));
      boolean signalled = false;
      while (!signalled && redrive.alive()) {
        signalled = stop.await(LOOK_MS, TimeUnit.MILLISECONDS);
      }
      if (!signalled) {
        err.println("The stream failed too often, so this instance stops; the log says why.");
        return CommandLineInterface.FAILED;
      }
      return CommandLineInterface.DONE;
    } catch (WrongTopicsException | KafkaException e) {
      err.println(e.getMessage());
      return CommandLineInterface.FAILED;
    } catch (BindException e) {
      err.println(e.getMessage() + "; choose another with --set http.port=…");
      return CommandLineInterface.FAILED;
    } catch (IOException e) {
      err.println(e.getMessage());
      return CommandLineInterface.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLineInterface.FAILED;
    } finally {
      stopped.countDown();
    }
  }

  private static String address(Settings settings, int port) {
    TlsSettings tls = settings.http().tls();
    boolean secure = tls.certificate().isPresent() || tls.keystore().isPresent();
    return (secure ? "https://" : "http://") + settings.http().host() + ":" + port;
  }

  /** The JVM ends when its hooks have, so the hook waits for everything to be closed. */
  private static void stopNow(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
