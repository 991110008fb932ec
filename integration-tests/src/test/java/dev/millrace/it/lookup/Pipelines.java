package dev.millrace.it.lookup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;

/** All that is sent to workers. */
final class Pipelines {

  private Pipelines() {}

  /** Display data, options, and the serialized functions. */
  static String described(Pipeline pipeline) {
    StringBuilder all = new StringBuilder(pipeline.getOptions().toString());
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            all.append(node.getFullName());
            if (node.getTransform() != null) {
              all.append(DisplayData.from(node.getTransform()));
            }
            if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo) {
              all.append(serialized(parDo.getFn()));
            }
          }
        });
    return all.toString();
  }

  private static String serialized(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException("a function that cannot be sent", e);
    }
    return bytes.toString(ISO_8859_1);
  }
}
