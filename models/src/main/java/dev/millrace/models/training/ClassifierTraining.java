package dev.millrace.models.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/**
 * Trains a binary classifier: an ensemble of small feed-forward networks over standardised columns
 * and their logarithms, the probability being the mean of theirs.
 *
 * <p>Rare positives are neither repeated nor weighted: probabilities stay calibrated, and ranking
 * by them was no worse. Against learning few positives by heart there are the ensemble and a
 * learning rate that falls to 0 along half a cosine; dropout and weight decay found no more frauds.
 *
 * <p>One set, one seed and one kind of processor give the same weights, bit for bit: one thread, an
 * own optimiser ({@link Adam}), random numbers by seed alone.
 *
 * <pre>{@code
 * TrainedClassifier model = ClassifierTraining.on(set).withSeed(1).run();
 * }</pre>
 */
public final class ClassifierTraining {

  private final TrainingSet set;
  private final long seed;
  private final int epochs;
  private final int members;
  private final List<Integer> hidden;
  private final Progress progress;

  private ClassifierTraining(
      TrainingSet set,
      long seed,
      int epochs,
      int members,
      List<Integer> hidden,
      Progress progress) {
    this.set = set;
    this.seed = seed;
    this.epochs = epochs;
    this.members = members;
    this.hidden = hidden;
    this.progress = progress;
  }

  /** Hears of each epoch when it is over; epochs count from 1. */
  @FunctionalInterface
  public interface Progress {
    void epoch(int epoch, int of, double loss);
  }

  /** Trains on this set, which must have rows of both labels. */
  public static ClassifierTraining on(TrainingSet set) {
    if (set.positives() == 0 || set.positives() == set.size()) {
      throw new IllegalArgumentException(
          "training set: found "
              + set.size()
              + " rows, "
              + set.positives()
              + " of them positive, expected both kinds");
    }
    return new ClassifierTraining(set, 1, 15, 4, List.of(64, 32), (epoch, of, loss) -> {});
  }

  /** What all random numbers are made from; 1 by default. */
  public ClassifierTraining withSeed(long number) {
    return new ClassifierTraining(set, number, epochs, members, hidden, progress);
  }

  /** How often each row is seen; 15 by default. */
  public ClassifierTraining withEpochs(int number) {
    return new ClassifierTraining(
        set, seed, atLeastOne("epochs", number), members, hidden, progress);
  }

  /** How many networks vote; 4 by default. */
  public ClassifierTraining withMembers(int number) {
    return new ClassifierTraining(
        set, seed, epochs, atLeastOne("members", number), hidden, progress);
  }

  /** The units of each hidden layer; 64 and 32 by default, none for a logistic regression. */
  public ClassifierTraining withHidden(int... units) {
    Arrays.stream(units).forEach(number -> atLeastOne("hidden units", number));
    return new ClassifierTraining(
        set, seed, epochs, members, Arrays.stream(units).boxed().toList(), progress);
  }

  /** Tells of each epoch; by default nobody is told. */
  public ClassifierTraining withProgress(Progress listener) {
    return new ClassifierTraining(set, seed, epochs, members, hidden, listener);
  }

  /** Trains; 67,000 rows of 15 columns take seconds on one core. */
  public TrainedClassifier run() {
    Normalisation normalisation = Normalisation.of(set);
    // From the base rate on there is less to learn than from even odds, when positives are rare.
    double odds = (double) set.positives() / (set.size() - set.positives());
    float logit = (float) StrictMath.log(odds);
    List<Network> networks = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      networks.add(
          Network.random("member_" + i, normalisation.width(), hidden, logit, seed * 31 + i));
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph, oneThread())) {
      TrainingGraph training =
          TrainingGraph.build(graph, set.columns().size(), normalisation, networks);
      session.initialize();
      double loss = new Epochs(set, training, session, seed, epochs, progress).run();
      return new TrainedClassifier(set, seed, normalisation, training.trained(session), loss);
    }
  }

  private static int atLeastOne(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + ": found " + number + ", expected 1 or more");
    }
    return number;
  }

  private static ConfigProto oneThread() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(1)
        .setInterOpParallelismThreads(-1)
        .build();
  }
}
