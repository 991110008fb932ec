package dev.millrace.pipelines.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The customers with their habits, and the terminals in reach of each. */
final class Population {
  private static final double SIDE = 100;
  private static final double REACH = 5;
  private static final double TERMINALS_OF_REACH = 10_000;

  private final String[] customerIds;
  private final String[] terminalIds;
  private final double[] meanAmount;
  private final double[] paymentsPerDay;
  private final int[][] inReach;

  private Population(int customers, int terminals) {
    customerIds = ids("customer-", customers);
    terminalIds = ids("terminal-", terminals);
    meanAmount = new double[customers];
    paymentsPerDay = new double[customers];
    inReach = new int[customers][];
  }

  static Population of(CardSimulation settings) {
    Random random = settings.random("population");
    Population population = new Population(settings.customers(), settings.terminals());
    Sites terminals = Sites.scattered(settings.terminals(), random);
    double reach = reach(settings.terminals());
    for (int customer = 0; customer < settings.customers(); customer++) {
      population.meanAmount[customer] = 5 + 95 * random.nextDouble();
      population.paymentsPerDay[customer] = 4 * random.nextDouble();
      double x = SIDE * random.nextDouble();
      double y = SIDE * random.nextDouble();
      population.inReach[customer] = terminals.closerThan(reach, x, y);
    }
    return population;
  }

  /** The distance within which any number of terminals on the square is as many on average. */
  static double reach(int terminals) {
    return REACH * Math.sqrt(TERMINALS_OF_REACH / terminals);
  }

  int customers() {
    return customerIds.length;
  }

  int terminals() {
    return terminalIds.length;
  }

  String customerId(int customer) {
    return customerIds[customer];
  }

  String terminalId(int terminal) {
    return terminalIds[terminal];
  }

  double meanAmount(int customer) {
    return meanAmount[customer];
  }

  double paymentsPerDay(int customer) {
    return paymentsPerDay[customer];
  }

  /** The terminals that a customer uses, at least one. */
  int[] inReach(int customer) {
    return inReach[customer];
  }

  private static String[] ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> Ids.of(prefix, i, 5)).toArray(String[]::new);
  }

  /** Points on the square, sorted by x so that only a band of them is looked at. */
  private record Sites(List<Site> byX) {

    static Sites scattered(int count, Random random) {
      List<Site> sites = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        sites.add(new Site(i, SIDE * random.nextDouble(), SIDE * random.nextDouble()));
      }
      sites.sort(Comparator.comparingDouble(Site::x));
      return new Sites(sites);
    }

    int[] closerThan(double reach, double x, double y) {
      int[] close =
          byX.subList(firstFrom(x - reach), firstFrom(x + reach)).stream()
              .filter(site -> site.distance(x, y) < reach)
              .mapToInt(Site::number)
              .toArray();
      return close.length > 0 ? close : new int[] {nearest(x, y)};
    }

    private int nearest(double x, double y) {
      return Collections.min(byX, Comparator.comparingDouble(site -> site.distance(x, y))).number;
    }

    private int firstFrom(double bound) {
      int low = 0;
      int high = byX.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (byX.get(middle).x < bound) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  private record Site(int number, double x, double y) {
    double distance(double toX, double toY) {
      return Math.sqrt((x - toX) * (x - toX) + (y - toY) * (y - toY));
    }
  }
}
