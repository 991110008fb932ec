package dev.millrace.pipelines.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code millrace bench}, with picocli's {@code @Command} and options of its own.
 * Benchmarks live outside this module, since they measure beside it what it does not depend on;
 * they are found on the class path by {@link java.util.ServiceLoader}.
 *
 * <pre>{@code
 * @Command(name = "decode", mixinStandardHelpOptions = true)
 * public final class DecodeBenchmark implements Benchmark { ... }
 * }</pre>
 */
public interface Benchmark extends Callable<Integer> {

  /** Measures, and gives the exit code: 0 when all of it could be measured. */
  @Override
  Integer call() throws Exception;
}
