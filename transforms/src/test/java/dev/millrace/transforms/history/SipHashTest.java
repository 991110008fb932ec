package dev.millrace.transforms.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.hash.Hashing;
import org.junit.jupiter.api.Test;

class SipHashTest {

  /** Of the paper's appendix A. */
  @Test
  void hashes_as_the_paper_does() {
    byte[] bytes = new byte[15];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(SipHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, bytes))
        .isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void hashes_as_guava_does() {
    Random random = new Random(3);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      long k0 = random.nextLong();
      long k1 = random.nextLong();
      assertThat(SipHash.hash(k0, k1, bytes))
          .as("%d bytes", length)
          .isEqualTo(Hashing.sipHash24(k0, k1).hashBytes(bytes).asLong());
    }
  }
}
