package dev.millrace.faults;

import java.util.List;

/**
 * What became of the records that a broker had acknowledged.
 *
 * @param ids payments and unreadable records, each counted once
 * @param lost ids that are in neither decisions nor dead letters
 * @param doubled ids that a reader who drops repeats would still see twice: decided in two ways, or
 *     decided and a dead letter
 * @param unknown decisions and dead letters of what nobody sent
 * @param rawDuplicates decisions and dead letters that repeat one before
 * @param strayDuplicates of these, decisions whose first was written when no fault explains it
 * @param featureMismatches decisions with a feature that a computation over the topic gives another
 *     value
 * @param scoreMismatches decisions whose score is not the model's for their features, or that are
 *     not what the rules make of it
 * @param examples some of what is wrong, in words
 */
record Findings(
    int ids,
    int lost,
    int doubled,
    int unknown,
    int rawDuplicates,
    int strayDuplicates,
    int featureMismatches,
    int scoreMismatches,
    List<String> examples) {

  /** Whether a reader who drops repeats sees each id once, as it should be. */
  boolean good() {
    return lost == 0
        && doubled == 0
        && unknown == 0
        && strayDuplicates == 0
        && featureMismatches == 0
        && scoreMismatches == 0;
  }
}
