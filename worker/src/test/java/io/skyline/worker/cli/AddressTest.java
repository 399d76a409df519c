package io.skyline.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Test
  void readsNamesAndAddresses() {
    assertThat(Address.parse("localhost:7447")).contains(new Address("localhost", 7447));
    assertThat(Address.parse("10.0.0.7:1")).contains(new Address("10.0.0.7", 1));
    assertThat(Address.parse("[::1]:65535")).contains(new Address("[::1]", 65535));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":80", "host:0", "host:65536", "::1:80", "a b:80"})
  void refusesTheRest(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }
}
