package dev.millrace.benchmark.handwritten;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class that is no POJO to Flink goes through Kryo, and the comparison would be unfair. */
final class DerivedSerializersTest {

  @ParameterizedTest
  @ValueSource(classes = {Payment.class, CustomerHistory.class, Decision.class})
  void flink_derives_its_own_serializer(Class<?> type) {
    assertThat(TypeInformation.of(type)).isInstanceOf(PojoTypeInfo.class);
  }
}
