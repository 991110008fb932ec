package dev.millrace.models.training;

import java.util.Map;

/**
 * What a published model says about where it comes from.
 *
 * @param model the model's name
 * @param data what it was trained on, for people to read
 * @param createdBy the command that makes it again
 * @param metrics how good it was found to be, by name; may be empty
 */
public record Provenance(String model, String data, String createdBy, Map<String, Double> metrics) {

  public Provenance {
    metrics = Map.copyOf(metrics);
  }
}
